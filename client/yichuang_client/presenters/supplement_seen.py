"""补正登记所见: what was told to be missing, or deferred, and how far it has come, read off the Tk thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from yichuang_client.actions.papers import Bringer
from yichuang_client.actions.work import Work
from yichuang_client.presenters import casework
from yichuang_client.presenters.casework_chips import personal_text
from yichuang_client.presenters.models.common import Chip, Text, joined, msg
from yichuang_client.presenters.models.queues import CaseHead
from yichuang_client.presenters.supplement_draft import Brought, brought_of
from yichuang_client.store.drafts import DraftKind
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.ids import CaseId
from yichuang_domain.material import Material


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that is to come."""

    key: str
    ordinal: int
    """As in the checklist of the case."""
    name: str
    why: Text
    """What was told about it, or until when it was deferred."""
    material: Material | None
    is_outstanding: bool


@dataclass(frozen=True, kw_only=True)
class SupplementSeen:
    """What is to come for one case."""

    case: Case
    item: ItemVersion | None
    head: CaseHead
    is_deferral: bool
    """容缺 and not 补正."""
    points: tuple[Point, ...]
    told_time: datetime | None
    until: date | None
    left: Chip | None
    """The time left until then."""
    expected: Bringer
    """Whom the case names as the one who hands in."""
    draft: Brought = field(repr=False)
    accepts_here: bool
    """Whether a counter accepts the case once everything is in."""

    @property
    def outstanding(self) -> tuple[Point, ...]:
        """What has not come."""
        return tuple(point for point in self.points if point.is_outstanding)

    @property
    def is_open(self) -> bool:
        """Whether anything is awaited."""
        return bool(self.outstanding)


def read(work: Work, name: CaseId) -> SupplementSeen:
    """Read what a case waits for. Raises StoreError."""
    case = work.store.view(name)
    item = casework.item_or_none(work, case)
    rows = casework.material_pages(work, case)
    is_deferral = bool(case.deferrals) and case.state is not State.SUPPLEMENT_ASKED
    told = case.supplement
    until = min(d.due_on for d in case.deferrals) if is_deferral else told.until if told is not None else None
    draft = work.store.drafts.find(name, DraftKind.BROUGHT)
    calendar = work.store.people.calendar
    return SupplementSeen(
        case=case,
        item=item,
        head=casework.case_head(work, case),
        is_deferral=is_deferral,
        points=_points(case, item, {row.key: row.ordinal for row in rows}, is_deferral=is_deferral),
        told_time=None if told is None or is_deferral else told.told_time,
        until=until,
        left=casework.due_chip(until, work.today, calendar) if until is not None else None,
        expected=_expected(case),
        draft=brought_of(draft.body) if draft is not None else Brought(),
        accepts_here=item is not None and item.accept_by is AcceptBy.COUNTER,
    )


def _points(case: Case, item: ItemVersion | None, ordinals: dict[str, int], *, is_deferral: bool) -> tuple[Point, ...]:
    materials = {m.key: m for m in item.materials} if item is not None else {}
    told = case.supplement
    whys: dict[str, tuple[Text, bool]] = {}
    if is_deferral:
        for d in case.deferrals:
            whys[d.material] = (msg("case.deferred_until", day=casework.month_day(d.due_on)), True)
    elif told is not None:
        is_waiting = case.state is State.SUPPLEMENT_ASKED
        for p in told.points:
            why = joined(personal_text(p.reason), personal_text(p.remedy), separator="supplement.then")
            whys[p.material] = (why, is_waiting and p.material in told.outstanding)
    return tuple(
        Point(
            key=key,
            ordinal=ordinals.get(key, 0),
            name=materials[key].name if key in materials else key,
            why=why,
            material=materials.get(key),
            is_outstanding=is_outstanding,
        )
        for key, (why, is_outstanding) in whys.items()
    )


def _expected(case: Case) -> Bringer:
    """The agent, else who speaks for a body, else the applicant."""
    agent, who = case.agent, case.applicant
    name = agent.name if agent is not None else who.operator or who.name
    phone = agent.phone if agent is not None else who.phone
    return Bringer(name=name.value or "", phone=phone.value or "")
