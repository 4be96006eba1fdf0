"""案头的办件: all that one look at the store says of the case on the desk, read off the Tk thread.

Rules kept here: read in one go, so that head, acts and events are of one moment; what the person was typing belongs to
the person and the case, and is given up only once the district has recorded the decision that it led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework import (
    case_facts,
    case_head,
    event_lines,
    item_or_none,
    material_names,
    material_pages,
    ordered_pages,
)
from yichuang_client.presenters.models.common import Fact
from yichuang_client.presenters.models.queues import CaseHead, EventLine, MaterialPages
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_barred import UNANSWERED, Barred, barred, offered
from yichuang_client.store.drafts import Draft, DraftKind
from yichuang_client.store.outbox import OutboxDeed, Sending
from yichuang_domain import actions as a
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.approval import following_level
from yichuang_domain.case import Case, Opinion
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import Deed
from yichuang_domain.ids import CaseId, DeedId, PersonId
from yichuang_domain.organisation import Person, Role
from yichuang_domain.party import Page


@dataclass(frozen=True, kw_only=True)
class Typed:
    """写了的: what a person has typed for a case: the opinion, and the fields of each strip."""

    text: str = field(default="", repr=False)
    strips: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Act to field to text."""


@dataclass(frozen=True, kw_only=True)
class Returned:
    """区里没收下: a decision that the district refused and nobody has put away."""

    deed: DeedId
    act: ReviewAct
    """What was to be done."""
    reason: str
    """Member of ``Reason``."""


@dataclass(frozen=True, kw_only=True)
class CaseSeen:
    """One look at the case."""

    case: Case
    item: ItemVersion | None
    me: PersonId
    is_held_here: bool
    head: CaseHead
    facts: tuple[Fact, ...]
    events: tuple[EventLine, ...]
    materials: tuple[MaterialPages, ...]
    pages: tuple[Page, ...]
    names: Mapping[str, str]
    """Names of the materials."""
    people: Mapping[PersonId, str]
    """Names of everybody who has to do with the case."""
    colleagues: tuple[Person, ...]
    """Who works in the section."""
    barred: Mapping[ReviewAct, Barred]
    is_pending: bool
    """Whether a decision of this desk waits for the district's answer."""
    returned: Returned | None
    typed: Typed

    @property
    def is_elsewhere(self) -> bool:
        """Whether another desk has it."""
        return self.case.holder is not None and not self.is_held_here

    @property
    def has_signed(self) -> bool:
        """Whether one of the opinions is this person's."""
        return any(opinion.person == self.me for opinion in self.case.opinions)

    @property
    def last_opinion(self) -> Opinion | None:
        """What the level before said."""
        return self.case.opinions[-1] if self.case.opinions else None

    def signers(self, ahead: int = 0) -> tuple[str, ...]:
        """Names of who may sign the level that is due, or so many further on; never one who has signed."""
        role = self.level(ahead)
        signed = {opinion.person for opinion in self.case.opinions} | ({self.me} if ahead else set())
        return tuple(p.name for p in self.colleagues if role in p.roles and p.person not in signed)

    def level(self, ahead: int = 0) -> Role | None:
        """The role that signs next, or so many levels further on; None after the last."""
        return following_level(self.item.grade if self.item else None, len(self.case.opinions) + ahead)


def read_case(work: Work, name: CaseId) -> CaseSeen | None:
    """The case as it is now, None when it has left this desk. Raises StoreError."""
    case = work.store.find(name)
    if case is None:
        return None
    item = item_or_none(work, case)
    waiting = [row for row in work.store.outbox.waiting(name) if row.state is Sending.PENDING and _decides(row, name)]
    why = dict.fromkeys((ReviewAct.CLAIM, *offered(case)), UNANSWERED) if waiting else barred(work, case, item)
    return CaseSeen(
        case=case,
        item=item,
        me=work.person.person,
        is_held_here=case.holder == work.store.desk.replica,
        head=case_head(work, case),
        facts=case_facts(work, case),
        events=event_lines(work, case),
        materials=material_pages(work, case),
        pages=ordered_pages(work, case),
        names=material_names(item),
        people=_names(work, case),
        colleagues=work.store.people.of_section(case.section) if case.section is not None else (),
        barred=why,
        is_pending=bool(waiting),
        returned=_returned(work, name),
        typed=read_typed(work, case, is_pending=bool(waiting)),
    )


def _decides(row: OutboxDeed, name: CaseId) -> bool:
    return any(act.case == name and ACTS[type(act.action)].kind is not Kind.FACT for act in row.deed.acts)


def is_answered(work: Work, name: CaseId) -> bool:
    """Whether no decision of this desk on the case waits for the district. Raises StoreError."""
    rows = work.store.outbox.waiting(name)
    return not any(row.state is Sending.PENDING and _decides(row, name) for row in rows)


_ACTS: Mapping[type, ReviewAct] = {
    a.Claim: ReviewAct.CLAIM,
    a.Accept: ReviewAct.ACCEPT,
    a.TellSupplement: ReviewAct.TELL_SUPPLEMENT,
    a.Decline: ReviewAct.DECLINE,
    a.ReturnInternally: ReviewAct.RETURN,
    a.Suspend: ReviewAct.PROCEDURE,
    a.Resume: ReviewAct.PROCEDURE,
    a.Extend: ReviewAct.PROCEDURE,
    a.MakeReady: ReviewAct.MAKE_READY,
}


def _act_of(deed: Deed) -> ReviewAct | None:
    """The act of this screen that made the deed; None for another screen's."""
    first = deed.acts[0].action
    if isinstance(first, a.SignOpinion | a.Verify):
        return ReviewAct.AGREE if first.verdict is a.Verdict.GRANT else ReviewAct.REFUSE
    return _ACTS.get(type(first))


def _returned(work: Work, name: CaseId) -> Returned | None:
    """The newest decision of the person on this case that the district refused."""
    for row in reversed(_refused(work, name)):
        act = _act_of(row.deed)
        if act is not None:
            return Returned(deed=row.deed.deed, act=act, reason=row.reason)
    return None


def _refused(work: Work, name: CaseId) -> list[OutboxDeed]:
    rows = work.store.outbox.refused()
    return [row for row in rows if row.deed.person == work.person.person and _decides(row, name)]


def put_away(work: Work, name: CaseId) -> None:
    """The person has seen what the district refused on this case. Raises StoreError."""
    for row in _refused(work, name):
        work.store.outbox.put_away(row.deed.deed)


def _names(work: Work, case: Case) -> dict[PersonId, str]:
    known = {step.person for step in case.steps} | {opinion.person for opinion in case.opinions}
    known |= {case.assignee} if case.assignee is not None else set()
    known |= {case.late.person} if case.late is not None else set()
    found = {person: work.store.people.person(person) for person in known}
    return {person: who.name if who is not None else person for person, who in found.items()}


# ---- what was typed -------------------------------------------------------------------------------------------


def read_typed(work: Work, case: Case, *, is_pending: bool = False) -> Typed:
    """What the person has typed for the case; nothing once the decision made of it is recorded. Raises StoreError."""
    body = _bodies(work, case.case).get(work.person.person)
    if body is None:
        return Typed()
    has_signed = any(opinion.person == work.person.person for opinion in case.opinions)
    if has_signed and not is_pending:
        return Typed()
    return _typed(body)


def _typed(body: Mapping[str, Any]) -> Typed:
    return Typed(text=str(body.get("text", "")), strips=body.get("strips", {}))


def without(typed: Typed, act: ReviewAct) -> Typed:
    """What is left once an act is done for good: its strip goes, and the opinion where it was signed."""
    strips = {key: fields for key, fields in typed.strips.items() if key != act}
    signs = act in (ReviewAct.AGREE, ReviewAct.REFUSE)
    return Typed(text="" if signs else typed.text, strips=strips)


def give_up(work: Work, case: CaseId, act: ReviewAct) -> None:
    """The same for a case that is not on the desk now. Raises StoreError."""
    body = _bodies(work, case).get(work.person.person)
    if body is not None:
        keep_typed(work, case, without(_typed(body), act))


def keep_typed(work: Work, case: CaseId, typed: Typed) -> None:
    """Keep what the person has typed, durable when this returns; a colleague's text stays. Raises StoreError."""
    bodies, person = _bodies(work, case), work.person.person
    bodies.pop(person, None)
    if typed != Typed():
        bodies[person] = {"text": typed.text, "strips": {act: dict(fields) for act, fields in typed.strips.items()}}
    if not bodies:
        work.store.drafts.delete(case, DraftKind.OPINION)
        return
    kept = Draft(case=case, kind=DraftKind.OPINION, person=person, body={"by": bodies}, changed_time=work.clock())
    work.store.drafts.save(kept)


def _bodies(work: Work, case: CaseId) -> dict[PersonId, dict[str, Any]]:
    draft = work.store.drafts.find(case, DraftKind.OPINION)
    return dict(draft.body.get("by", {})) if draft is not None else {}
