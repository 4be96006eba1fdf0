"""公开投影: a case as the public may see it.

Rules kept here: pure; a field is public only because a line here copies it; a date that was told to the citizen on
paper stands, unless the clock was stopped or extended since, which was told on paper too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.clocks import promised_clock, statutory_clock
from yichuang_domain.deadline import derive
from yichuang_domain.deed import local_day
from yichuang_domain.workdays import Calendar
from yichuang_server.web.public import (
    TAIL_LENGTH,
    DueDate,
    DueKind,
    Situation,
    Stage,
    StageKey,
    StageState,
    TrackingView,
)

_SITUATIONS: Mapping[State, Situation] = {
    State.DRAFT: Situation.AWAITING_ACCEPTANCE,
    State.RECEIVED: Situation.AWAITING_ACCEPTANCE,
    State.SUPPLEMENT_ASKED: Situation.SUPPLEMENT_ASKED,
    State.ACCEPTED: Situation.UNDER_REVIEW,
    State.DECLINED: Situation.DECLINED,
    State.WITHDRAWN: Situation.WITHDRAWN,
    State.IN_REVIEW: Situation.UNDER_REVIEW,
    State.SUSPENDED: Situation.SUSPENDED,
    State.DECIDED: Situation.DECIDED,
    State.READY_TO_ISSUE: Situation.READY_TO_ISSUE,
    State.CONCLUDED: Situation.CONCLUDED,
    State.ARCHIVED: Situation.CONCLUDED,
}
_NOW: Mapping[Situation, StageKey] = {
    Situation.UNDER_REVIEW: StageKey.REVIEW,
    Situation.SUSPENDED: StageKey.REVIEW,
    Situation.DECIDED: StageKey.ISSUE,
    Situation.READY_TO_ISSUE: StageKey.ISSUE,
    Situation.CONCLUDED: StageKey.ISSUE,
}
"""The stage at which a situation stands; acceptance where none is named."""


def follow(
    case: Case, *, item: ItemVersion | None, item_name: str | None, section_alias: str | None, calendar: Calendar
) -> TrackingView:
    """The public view of a case, as its log alone tells it: it may be kept; ``as_of`` brings it to a day.

    ``item`` is its pinned version, for the clocks; ``item_name`` is what may be said of it, None for a sensitive one.
    """
    situation = _situation(case)
    return TrackingView(
        situation=situation,
        stages=_stages(case, situation),
        dues=_dues(case, situation, item, calendar),
        section_alias=section_alias or None,
        item=item_name or None,
        number_tail=tail(case.number),
    )


def tail(number: str) -> str | None:
    """The end of a number that a public page may show."""
    return "".join(filter(str.isalnum, number))[-TAIL_LENGTH:] or None


def as_of(view: TrackingView, today: date) -> TrackingView:
    """The view on a day: after the last day for a notice the case counts as accepted, unless one is on its way."""
    late = any(due.kind is DueKind.NOTICE and due.on < today for due in view.dues)
    if view.situation is Situation.AWAITING_ACCEPTANCE and late:
        return replace(view, situation=Situation.NOTICE_OVERDUE)
    return view


def _situation(case: Case) -> Situation:
    situation = _SITUATIONS[case.state]
    if situation is Situation.CONCLUDED and case.declination is not None:
        return Situation.DECLINED
    if situation is Situation.CONCLUDED and _time(case, "Withdrawn") is not None:
        return Situation.WITHDRAWN
    if situation is Situation.AWAITING_ACCEPTANCE and case.supplement is not None:
        return Situation.SUPPLEMENT_BROUGHT
    return situation


def _stages(case: Case, situation: Situation) -> tuple[Stage, ...]:
    if situation in (Situation.DECLINED, Situation.WITHDRAWN):
        return _stopped(case, situation)
    now = _NOW.get(situation, StageKey.ACCEPT)
    stages: list[Stage] = []
    for key in StageKey:
        if key is now:
            done = situation is Situation.CONCLUDED
            time = _done_time(case, key) if done else _since(case, key)
            stages.append(Stage(key=key, state=StageState.DONE if done else StageState.CURRENT, time=time))
        elif stages and stages[-1].state in (StageState.CURRENT, StageState.FUTURE):
            stages.append(Stage(key=key, state=StageState.FUTURE))
        else:
            on = _accepted_on(case) if key is StageKey.ACCEPT else None
            stages.append(Stage(key=key, state=StageState.DONE, time=_done_time(case, key), on=on))
    return tuple(stages)


def _stopped(case: Case, situation: Situation) -> tuple[Stage, ...]:
    time = _time(case, "Declined" if situation is Situation.DECLINED else "Withdrawn")
    stages = [Stage(key=StageKey.RECEIVE, state=StageState.DONE, time=case.received_time)]
    if case.acceptance is not None:
        stages.append(
            Stage(
                key=StageKey.ACCEPT,
                state=StageState.DONE,
                time=_done_time(case, StageKey.ACCEPT),
                on=_accepted_on(case),
            )
        )
        stages.append(Stage(key=StageKey.REVIEW, state=StageState.STOPPED, time=time))
    else:
        stages.append(Stage(key=StageKey.ACCEPT, state=StageState.STOPPED, time=time))
    return tuple(stages)


def _accepted_on(case: Case) -> date | None:
    """The day of acceptance where it is another than that of the act: it dates back to the last hand-in."""
    accepted, time = case.acceptance, _time(case, "Accepted")
    if accepted is None or (time is not None and local_day(time) == accepted.accepted_on):
        return None
    return accepted.accepted_on


def _done_time(case: Case, key: StageKey) -> datetime | None:
    names = {
        StageKey.RECEIVE: ("Received",),
        StageKey.ACCEPT: ("Accepted",),
        StageKey.REVIEW: ("OpinionSigned",),
        StageKey.DECIDE: ("Granted", "PermitRefused"),
        StageKey.ISSUE: ("Delivered", "Concluded"),
    }
    return _time(case, *names[key])


def _since(case: Case, key: StageKey) -> datetime | None:
    if key is StageKey.ACCEPT:
        return _time(case, "SupplementTold", "SupplementBrought")
    if key is StageKey.REVIEW:
        return _time(case, "Suspended") if case.state is State.SUSPENDED else _time(case, "Claimed", after="Accepted")
    return _time(case, "MadeReady")


def _time(case: Case, *names: str, after: str = "") -> datetime | None:
    """When the last event of one of the names was done; the first one after the last ``after`` if that is given."""
    if after:
        last = max((n for n, step in enumerate(case.steps) if step.name == after), default=-1)
        return next((step.occurred_time for step in case.steps[last + 1 :] if step.name in names), None)
    return next((step.occurred_time for step in reversed(case.steps) if step.name in names), None)


def _dues(case: Case, situation: Situation, item: ItemVersion | None, calendar: Calendar) -> tuple[DueDate, ...]:
    dues: list[DueDate] = []
    if case.deferrals:
        dues.append(DueDate(kind=DueKind.DEFERRED, on=min(owed.due_on for owed in case.deferrals)))
    if situation is Situation.AWAITING_ACCEPTANCE:
        dues.append(DueDate(kind=DueKind.NOTICE, on=case.notice_due_on, is_provisional=case.is_provisional))
    elif situation is Situation.SUPPLEMENT_ASKED and case.supplement is not None:
        dues.append(DueDate(kind=DueKind.SUPPLEMENT, on=case.supplement.until))
    elif situation is Situation.UNDER_REVIEW:
        dues.extend(_decision_due(case, item, calendar))
    elif situation in (Situation.DECIDED, Situation.READY_TO_ISSUE) and case.decision is not None:
        dues.append(DueDate(kind=DueKind.DELIVERY, on=case.decision.deliver_by))
    ended = situation in (Situation.DECLINED, Situation.WITHDRAWN, Situation.CONCLUDED)
    return () if ended else tuple(sorted(dues, key=lambda due: due.on))


def _decision_due(case: Case, item: ItemVersion | None, calendar: Calendar) -> tuple[DueDate, ...]:
    if case.acceptance is None:
        return ()
    clock = None
    if item is not None and (case.suspensions or case.extension):
        clock = promised_clock(case, item) or statutory_clock(case, item)
    if clock is not None:
        moved = derive(clock, calendar)
        due = (
            None if moved.on is None else DueDate(kind=DueKind.DECISION, on=moved.on, is_provisional=moved.provisional)
        )
    else:
        told = case.acceptance.promised_due_on or case.acceptance.statutory_due_on
        due = (
            None
            if told is None
            else DueDate(kind=DueKind.DECISION, on=told, is_provisional=case.acceptance.is_provisional)
        )
    return () if due is None else (due,)
