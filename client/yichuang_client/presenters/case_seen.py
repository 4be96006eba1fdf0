"""办件画面所见: everything that the case screen says of one case, read in one go off the Tk thread.

Rules kept here: what may be done now is asked of the state machine, never worked out a second time; an act that is
barred keeps its reason, so that the screen can say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang_client.actions import deciding
from yichuang_client.actions.deciding import Point
from yichuang_client.actions.matters import siblings
from yichuang_client.actions.work import Work
from yichuang_client.presenters import casework
from yichuang_client.presenters.issue_seen import following_serial
from yichuang_client.presenters.jotting import jotted
from yichuang_client.presenters.models.common import Fact, Text, msg
from yichuang_client.presenters.models.queues import CaseAct, CaseHead, EventLine, MaterialPages
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.outbox import OutboxDeed
from yichuang_domain import actions as a
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.errors import Reason
from yichuang_domain.ids import CaseId, PersonId
from yichuang_domain.material import Material, required
from yichuang_domain.organisation import Role
from yichuang_domain.party import Page
from yichuang_domain.personal import Personal

_WITHDRAWABLE = frozenset({State.RECEIVED, State.SUPPLEMENT_ASKED, State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED})
_CORRECTABLE = frozenset({State.RECEIVED, State.SUPPLEMENT_ASKED})
_ABOUT_THE_CASE = frozenset({StoreReason.ITEM_MISSING, StoreReason.UPGRADE_NEEDED, StoreReason.FORKED})
_PROBE = "?"
"""Stands for a text that the clerk has not typed yet when the state machine is asked."""


Obstacle = Reason | StoreReason
"""What stands against an act."""


@dataclass(frozen=True, kw_only=True)
class CaseSeen:
    """One case as it stands on this desk."""

    case: Case
    item: ItemVersion | None
    head: CaseHead
    facts: tuple[Fact, ...]
    events: tuple[EventLine, ...]
    materials: tuple[MaterialPages, ...]
    pages: tuple[Page, ...]
    names: Mapping[str, str]
    """Material key to name."""
    section: str
    """Name of the section that decides; empty where the item has none."""
    barred: Mapping[CaseAct, Obstacle | None]
    """Every act that belongs to the state; None where nothing stands against it."""
    missing: tuple[Material, ...]
    """What the answers ask for and what did not come."""
    deferred: tuple[tuple[Material, date], ...]
    """What would be deferred by an acceptance now, and by when."""
    until: date
    """By when the applicant would be asked to bring a supplement that is told now."""
    ends: bool
    """Whether a withdrawal ends the case at once, or is noted for who holds it."""
    refused: OutboxDeed | None
    """The newest act on it that the district refused and nobody has put away."""
    late_by: str
    """Who made the decision that came late; empty where none did."""
    is_read_only: bool
    serial: str
    """The next number of the numbered stock; empty before the first."""
    typed: Mapping[CaseAct, Mapping[str, str]] = field(repr=False)
    """What was being written in the strips."""
    is_told: bool
    """Whether the district has recorded the notice: what was written has done its service."""

    def may(self, act: CaseAct) -> bool:
        """Whether the act is possible now."""
        return act in self.barred and self.barred[act] is None


def read(work: Work, name: CaseId) -> CaseSeen:
    """Read a case. Raises StoreError (CASE_MISSING…)."""
    case = work.store.view(name)
    item = casework.item_or_none(work, case)
    answers = {answer.question: answer.option for answer in case.answers}
    missing = tuple(m for m in required(item, answers) if not case.has(m.key)) if item is not None else ()
    later = [m.key for m in missing if m.deferrable]
    accept = deciding.acceptance(work, item, answers, later) if item is not None else a.Accept(docno="")
    due = {d.material: d.due_on for d in accept.deferred}
    section = work.section_of(case)
    typed = jotted(work, name, DraftKind.CASE)
    refused = [row for row in work.store.outbox.refused() if name in {act.case for act in row.deed.acts}]
    return CaseSeen(
        case=case,
        item=item,
        head=casework.case_head(work, case),
        facts=casework.case_facts(work, case),
        events=casework.event_lines(work, case),
        materials=casework.material_pages(work, case),
        pages=casework.ordered_pages(work, case),
        names=casework.material_names(item),
        section=section.name if section is not None else "",
        barred=barred(work, case, accept),
        missing=missing,
        deferred=tuple((m, due[m.key]) for m in missing if m.key in due),
        until=work.store.people.calendar.add_workdays(work.today, deciding.DAYS_TO_BRING).on,
        ends=_ends(work, case),
        refused=refused[-1] if refused else None,
        late_by=_name(work, case.late.person) if case.late is not None else "",
        is_read_only=work.store.is_read_only(name),
        serial=following_serial(work.store.prints.last_serial(a.PaperKind.CERTIFICATE)),
        typed={act: typed[act] for act in CaseAct if act in typed},
        is_told=any(step.name == "SupplementTold" and step.recorded_time is not None for step in case.steps),
    )


def _name(work: Work, person: PersonId) -> str:
    found = work.store.people.person(person)
    return found.name if found is not None else person


def barred(work: Work, case: Case, accept: a.Accept) -> dict[CaseAct, Obstacle | None]:
    """Each act that belongs to the state, with what stands against it now. Raises StoreError."""
    found: dict[CaseAct, Obstacle | None] = {}
    probe = work.seal(_PROBE)
    late = deciding.adoptable(case)
    if late is not None:
        found[CaseAct.ADOPT] = _refusal(work, case, late.action)
    if case.state is State.RECEIVED:
        found[CaseAct.ACCEPT] = _refusal(work, case, accept)
        points = [Point(material=_PROBE, reason=_PROBE, remedy=_PROBE)]
        found[CaseAct.TELL_SUPPLEMENT] = _refusal(work, case, deciding.supplement(work, points))
        found[CaseAct.DECLINE] = _refusal(work, case, deciding.declination(work, a.DeclineGround.NOT_REQUIRED, _PROBE))
    if case.state is State.SUPPLEMENT_ASKED:
        found[CaseAct.BRING] = _refusal(work, case, a.BringSupplement(materials=()))
        ground = a.DeclineGround.NOT_SUPPLEMENTED
        claim = () if case.holder is not None else (a.Claim(),)
        found[CaseAct.DECLINE] = _refusal(work, case, *claim, deciding.declination(work, ground, _PROBE))
    if case.deferrals and case.state in _WITHDRAWABLE:
        found[CaseAct.BRING] = _refusal(work, case, a.BringDeferred(materials=()))
    if case.state is State.READY_TO_ISSUE:
        found[CaseAct.ISSUE] = _issue_refusal(work, case, probe)
    if case.state in _CORRECTABLE:
        found[CaseAct.CORRECT] = _refusal(work, case, a.Correct(phone=probe))
    if case.state in _WITHDRAWABLE:
        found[CaseAct.WITHDRAW] = _refusal(work, case, a.WishWithdraw(reason=probe))
    if case.is_ended and case.state is not State.ARCHIVED:
        found[CaseAct.ARCHIVE] = _refusal(work, case, a.Archive())
    if case.decision is not None and case.deliveries:
        found[CaseAct.REOPEN] = None if Role.CLERK in work.person.roles else Reason.NEEDS_ROLE
    if case.holder is None and found.get(CaseAct.ACCEPT) is Reason.NOT_HOLDER:
        found[CaseAct.CLAIM] = _refusal(work, case, a.Claim())
    is_elsewhere = case.holder is not None and case.holder != work.store.desk.replica
    if is_elsewhere and case.state in _CORRECTABLE and Role.SUPERVISOR in work.person.roles:
        found[CaseAct.TAKE_OVER] = _refusal(work, case, a.TakeOver(reason=probe))
    return found


def _refusal(work: Work, case: Case, *actions: a.Action) -> Obstacle | None:
    try:
        return work.refusal(*((case.case, action) for action in actions))
    except StoreError as error:
        if error.reason not in _ABOUT_THE_CASE:
            raise
        return error.reason


def _issue_refusal(work: Work, case: Case, probe: Personal) -> Obstacle | None:
    """What stands against handing the result out, with what is ready of its matter."""
    deliver = a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=probe, ahead=True)
    ready = [one.case for one in siblings(work, case) if one.state is State.READY_TO_ISSUE]
    try:
        return work.refusal(*((name, deliver) for name in ready))
    except StoreError as error:
        if error.reason not in _ABOUT_THE_CASE:
            raise
        return error.reason


def _ends(work: Work, case: Case) -> bool:
    """Whether the withdrawal can be decided here and now, after the wish."""
    if case.state not in _WITHDRAWABLE:
        return False
    try:
        wish = () if case.withdrawal_wished else ((case.case, a.WishWithdraw(reason=work.seal(_PROBE))),)
        return work.refusal(*wish, (case.case, a.Withdraw())) is None
    except StoreError:
        return False


def why(bar: Obstacle) -> Text:
    """What stands against an act, and what to do about it."""
    return msg(f"reason.{bar.name}") if isinstance(bar, Reason) else msg(f"store.{bar.name}")
