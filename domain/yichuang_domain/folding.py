"""How a record changes a case: one small function an event type.

Rules kept here: total over the event types; no event is ignored, none decides anything (that was ``decide``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from yichuang_domain import events as e
from yichuang_domain.case import (
    Acceptance,
    Case,
    DecisionMade,
    Declination,
    Delivery,
    Extension,
    LateDecision,
    Opinion,
    PrintRun,
    PrintState,
    State,
    Step,
    Supplement,
    Suspension,
)
from yichuang_domain.deed import Record
from yichuang_domain.party import HandedIn


def fold(records: Iterable[Record]) -> Case | None:
    """Fold records of one case in their order; None for no record.

    Raises ValueError where the first is not a ``Received`` or a record is of another case.
    """
    case: Case | None = None
    for record in records:
        case = apply(case, record)
    return case


def apply(case: Case | None, record: Record) -> Case:
    """The case after one more record.

    Raises ValueError for a record that cannot be the next one: of another case, or first without ``Received``.
    """
    event = record.event
    if case is None:
        if not isinstance(event, e.Received):
            raise ValueError("a case begins with Received")
        case = _received(event, record)
    elif isinstance(event, e.Received) or record.case != case.case:
        raise ValueError("a record of another case")
    else:
        case = _FOLDS[type(event)](case, event, record)
    step = Step(
        name=type(event).__name__,
        occurred_time=record.occurred_time,
        recorded_time=record.recorded_time,
        person=record.person,
        place=record.place,
        replica=record.replica,
    )
    return replace(case, n=record.n, steps=(*case.steps, step), irregular=case.irregular | frozenset(record.irregular))


def _received(event: e.Received, record: Record) -> Case:
    return Case(
        case=record.case,
        state=State.RECEIVED,
        number=event.number,
        token=event.token,
        token_digest=event.token_digest,
        item=event.item,
        item_version=event.item_version,
        section=event.section,
        place=record.place,
        received_time=record.occurred_time,
        received_on=event.received_on,
        notice_due_on=event.notice_due_on,
        is_provisional=event.is_provisional,
        applicant=event.applicant,
        agent=event.agent,
        corrects=event.corrects,
        matter=event.matter,
        answers=event.answers,
        fields=event.fields,
        materials=event.materials,
        holder=event.holder,
        assignee=record.person if event.holder else None,
    )


def _page(case: Case, event: e.PageAttached, record: Record) -> Case:
    kept = tuple(p for p in case.pages if (p.material, p.ordinal) != (event.page.material, event.page.ordinal))
    return replace(case, pages=(*kept, event.page))


def _corrected(case: Case, event: e.Corrected, record: Record) -> Case:
    now = {f.key: f for f in event.fields}
    kept = tuple(now.pop(f.key, f) for f in case.fields)
    phone = event.phone or case.applicant.phone
    return replace(case, fields=(*kept, *now.values()), applicant=replace(case.applicant, phone=phone))


def _supplement_told(case: Case, event: e.SupplementTold, record: Record) -> Case:
    told = Supplement(
        docno=event.docno,
        points=event.points,
        until=event.until,
        told_time=record.occurred_time,
        outstanding=tuple(point.material for point in event.points),
    )
    return replace(case, state=State.SUPPLEMENT_ASKED, supplement=told, holder=None, assignee=None)


def _supplement_brought(case: Case, event: e.SupplementBrought, record: Record) -> Case:
    case = replace(case, materials=_merge(case.materials, event.materials))
    if case.supplement is None:
        return case
    came = {m.material for m in event.materials}
    left = tuple(key for key in case.supplement.outstanding if key not in came)
    told = replace(case.supplement, outstanding=left, all_in_on=event.all_in_on or case.supplement.all_in_on)
    returns = case.state is State.SUPPLEMENT_ASKED and told.all_in_on is not None
    return replace(case, supplement=told, state=State.RECEIVED if returns else case.state)


def _deferred_brought(case: Case, event: e.DeferredBrought, record: Record) -> Case:
    came = {m.material for m in event.materials}
    left = tuple(d for d in case.deferrals if d.material not in came)
    return replace(case, materials=_merge(case.materials, event.materials), deferrals=left)


def _merge(before: tuple[HandedIn, ...], came: tuple[HandedIn, ...]) -> tuple[HandedIn, ...]:
    new = {m.material: m for m in came}
    kept = tuple(new.pop(m.material, m) for m in before)
    return (*kept, *new.values())


def _accepted(case: Case, event: e.Accepted, record: Record) -> Case:
    acceptance = Acceptance(
        docno=event.docno,
        accepted_on=event.accepted_on,
        statutory_due_on=event.statutory_due_on,
        promised_due_on=event.promised_due_on,
        is_provisional=event.is_provisional,
    )
    case = replace(case, state=State.ACCEPTED, acceptance=acceptance, deferrals=event.deferred)
    return case if event.stays else replace(case, holder=None, assignee=None)


def _declined(case: Case, event: e.Declined, record: Record) -> Case:
    told = Declination(docno=event.docno, ground=event.ground, reason=event.reason, right_office=event.right_office)
    return replace(case, state=State.DECLINED, declination=told, holder=None, assignee=None)


def _claimed(case: Case, event: e.Claimed, record: Record) -> Case:
    state = State.IN_REVIEW if case.state is State.ACCEPTED else case.state
    return replace(case, state=state, holder=record.replica, assignee=record.person, epoch=case.epoch + 1)


def _handed_over(case: Case, event: e.HandedOver, record: Record) -> Case:
    return replace(case, holder=event.to, assignee=None, epoch=case.epoch + 1)


def _taken_over(case: Case, event: e.TakenOver, record: Record) -> Case:
    return replace(case, holder=record.replica, assignee=record.person, epoch=case.epoch + 1)


def _came_late(case: Case, event: e.CameLate, record: Record) -> Case:
    return replace(case, late=LateDecision(action=event.action, person=record.person, replica=record.replica))


def _opinion(case: Case, event: e.OpinionSigned, record: Record) -> Case:
    opinion = Opinion(
        level=event.level,
        person=record.person,
        verdict=event.verdict,
        text=event.text,
        time=record.occurred_time,
    )
    case = replace(case, opinions=(*case.opinions, opinion), returned=None)
    return replace(case, holder=None, assignee=None) if event.releases else case


def _granted(case: Case, event: e.Granted, record: Record) -> Case:
    made = DecisionMade(
        granted=True,
        docno=event.docno,
        person=record.person,
        decided_on=event.decided_on,
        deliver_by=event.deliver_by,
    )
    return replace(case, state=State.DECIDED, decision=made)


def _refused(case: Case, event: e.PermitRefused, record: Record) -> Case:
    made = DecisionMade(
        granted=False,
        docno=event.docno,
        person=record.person,
        decided_on=event.decided_on,
        deliver_by=event.deliver_by,
        facts=event.facts,
        articles=event.articles,
    )
    return replace(case, state=State.DECIDED, decision=made)


def _made_ready(case: Case, event: e.MadeReady, record: Record) -> Case:
    return replace(case, state=State.READY_TO_ISSUE, certificates=event.certificates, holder=None, assignee=None)


def _suspended(case: Case, event: e.Suspended, record: Record) -> Case:
    stop = Suspension(
        procedure=event.procedure, by=event.by, docno=event.docno, workdays=event.workdays, from_on=event.from_on
    )
    return replace(case, state=State.SUSPENDED, suspensions=(*case.suspensions, stop))


def _resumed(case: Case, event: e.Resumed, record: Record) -> Case:
    last = replace(case.suspensions[-1], to_on=event.on)
    return replace(case, state=State.IN_REVIEW, suspensions=(*case.suspensions[:-1], last))


def _extended(case: Case, event: e.Extended, record: Record) -> Case:
    longer = Extension(docno=event.docno, workdays=event.workdays, reason=event.reason, approved_by=event.approved_by)
    return replace(case, extension=longer)


def _returned(case: Case, event: e.ReturnedInternally, record: Record) -> Case:
    return replace(case, returned=event.reason, opinions=(), holder=None, assignee=None)


def _print_started(case: Case, event: e.PrintStarted, record: Record) -> Case:
    run = PrintRun(
        run=event.run,
        paper=event.paper,
        serial=event.serial,
        state=PrintState.STARTED,
        time=record.occurred_time,
        ordinal=event.ordinal,
        reason=event.reason,
    )
    return replace(case, prints=(*case.prints, run))


def _print_ended(state: PrintState) -> Callable[[Case, Any, Record], Case]:
    def ended(case: Case, event: e.PrintConfirmed | e.PrintVoided, record: Record) -> Case:
        runs = tuple(replace(r, state=state) if r.run == event.run else r for r in case.prints)
        return replace(case, prints=runs)

    return ended


def _delivered(case: Case, event: e.Delivered, record: Record) -> Case:
    out = Delivery(method=event.method, recipient=event.recipient, on=event.on)
    return replace(case, deliveries=(*case.deliveries, out))


def _state(state: State) -> Callable[[Case, Any, Record], Case]:
    return lambda case, event, record: replace(case, state=state, holder=None, assignee=None)


def _nothing(case: Case, event: object, record: Record) -> Case:
    return case


_FOLDS: dict[type, Callable[[Case, Any, Record], Case]] = {
    e.PageAttached: _page,
    e.Corrected: _corrected,
    e.SupplementTold: _supplement_told,
    e.SupplementBrought: _supplement_brought,
    e.DeferredBrought: _deferred_brought,
    e.WithdrawalWished: lambda case, event, record: replace(case, withdrawal_wished=True),
    e.Withdrawn: _state(State.WITHDRAWN),
    e.Noted: lambda case, event, record: replace(case, notes=(*case.notes, event.text)),
    e.Accepted: _accepted,
    e.Declined: _declined,
    e.Claimed: _claimed,
    e.HandedOver: _handed_over,
    e.TakenOver: _taken_over,
    e.CameLate: _came_late,
    e.Opened: lambda case, event, record: replace(case, opened_by=case.opened_by | {event.place}),
    e.OpinionSigned: _opinion,
    e.Granted: _granted,
    e.PermitRefused: _refused,
    e.MadeReady: _made_ready,
    e.Suspended: _suspended,
    e.Resumed: _resumed,
    e.Extended: _extended,
    e.ReturnedInternally: _returned,
    e.Enquired: _nothing,
    e.PrintStarted: _print_started,
    e.PrintConfirmed: _print_ended(PrintState.CONFIRMED),
    e.PrintVoided: _print_ended(PrintState.VOIDED),
    e.Delivered: _delivered,
    e.Concluded: _state(State.CONCLUDED),
    e.Archived: _state(State.ARCHIVED),
    e.Rated: lambda case, event, record: replace(case, rating=event.score),
}
