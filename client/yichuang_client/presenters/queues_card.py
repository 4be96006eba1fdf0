"""凭身份证查件: F3 reads the card of who stands at the counter, and lists that person's cases of the district.

Rules kept here (ADR 12): only a card that a reader brought through its driver asks the district, never a typed number;
without a line the cases on this desk are listed, and that is said; what can be handed out stands first; a case of
another place is opened by the card, and nothing of the card is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yichuang_client.actions import receiving
from yichuang_client.actions.work import Work
from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters.card_desk import CardDesk
from yichuang_client.presenters.models.common import Banner, Text
from yichuang_client.presenters.queues_district import row_of
from yichuang_client.presenters.queues_reading import LIMIT, Listed
from yichuang_client.store.case_rows import CaseRow
from yichuang_client.sync.case_search import FoundCase, FoundCases
from yichuang_client.sync.desk_session import DeskSession
from yichuang_domain.actions import OpenMeans
from yichuang_domain.case import ENDED, State
from yichuang_domain.identity import mask_name
from yichuang_domain.ids import CaseId
from yichuang_domain.party import ApplicantKind


class QueueCard(CardDesk):
    """The card reader at a list."""

    @property
    def banner(self) -> Banner | None:
        """Why no card was read."""
        return Banner(kind="CARD", text=self.fault) if self.fault != "" else None


@dataclass(frozen=True, kw_only=True)
class ByCard:
    """What a card led to."""

    listed: Listed
    only: str
    """Key of the one line that the list is about: the only one, or the only one that can be handed out; else empty."""


def by_card(work: Work, session: DeskSession, card: IdentityCard) -> ByCard:
    """The cases of who holds the card. Raises TransportError, StoreError."""
    local = {row.case_id: row for row in work.store.rows.of_person(card.number, LIMIT)}
    is_asked = work.has_session()
    answer = FoundCases(rows=(), has_more=False)
    if is_asked:
        answer = session.cases_by_card(work.person.person, card.number, card.name)
    known = {**local, **_here(work, answer)}
    away = tuple(one for one in answer.rows if one.case is not None and one.case not in known)
    found = sorted((*map(_as_found, known.values()), *away), key=lambda one: (_rank(one), one.number))
    places: Mapping[str, Text] = {place.place: place.name for place in work.district.places}
    listed = Listed(
        queue=None,
        cases={str(case): row for case, row in known.items()},
        rows=tuple(row_of(one, known, places.get(one.place, one.place)) for one in found),
        counts={},
        overdue=(),
        is_of_district=True,
        is_whole=is_asked,
        has_more=answer.has_more,
        holder=mask_name(card.name),
        away={one.number: _together(one, away) for one in away},
    )
    ready = [one for one in found if one.state is State.READY_TO_ISSUE]
    only = next((group[0] for group in (found, ready) if len(group) == 1), None)
    key = ""
    if only is not None:
        key = str(only.case) if only.case in known else only.number
    return ByCard(listed=listed, only=key)


def open_by_card(work: Work, cases: tuple[CaseId, ...]) -> CaseId:
    """Ask the district for cases that are not here, with the means. Raises Refused, StoreError."""
    receiving.open_elsewhere(work, cases, OpenMeans.CARD)
    return cases[0]


def _here(work: Work, answer: FoundCases) -> dict[CaseId, CaseRow]:
    """What the district named and this desk has, also where the person is the agent."""
    rows = ((one.case, work.store.rows.find(one.case)) for one in answer.rows if one.case is not None)
    return {case: row for case, row in rows if row is not None}


def _together(one: FoundCase, away: tuple[FoundCase, ...]) -> tuple[CaseId, ...]:
    """The case, and the others of its matter that are not here either: a matter is opened as a whole."""
    others = (o.case for o in away if one.matter is not None and o.matter == one.matter and o.case != one.case)
    return tuple(case for case in (one.case, *others) if case is not None)


def _rank(one: FoundCase) -> int:
    """What can be handed out first, then what runs, then what has ended."""
    return 0 if one.state is State.READY_TO_ISSUE else 2 if one.state in ENDED else 1


def _as_found(row: CaseRow) -> FoundCase:
    is_person = row.applicant_kind is ApplicantKind.PERSON
    return FoundCase(
        case=row.case_id,
        number=row.number,
        item=row.item_code,
        item_name=row.item_name,
        state=row.state,
        place=row.place,
        masked_name=mask_name(row.applicant) if is_person and row.applicant else row.applicant,
        matter=row.matter,
    )
