"""期限说明: which clock of a case runs now, when it ends, and how that came about, in one sentence.

Rules kept here: every day comes from the domain's clocks and the calendar engine, nothing is counted here; each range
that was passed over is named with its reason; a date that rests on an unpublished notice says 暂定.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from yichuang_client.presenters.models.common import Text, TimeStyle, When, joined, msg
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion, Limit, LimitUnit
from yichuang_domain.clocks import delivery_clock, notice_clock, promised_clock, statutory_clock
from yichuang_domain.deadline import Deadline, deemed_acceptance, derive
from yichuang_domain.deed import local_day
from yichuang_domain.workdays import Calendar, DayKind, Skip

_UNDER_LIMIT = frozenset({State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED})
_TO_DELIVER = frozenset({State.DECIDED, State.READY_TO_ISSUE})


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What runs now."""

    on: date | None = None
    """Its last day; None while paused or where nothing runs."""
    is_paused: bool = False
    due: Text = ""
    clock: Text = ""


def month_day(on: date) -> When:
    """A day as sentences write it."""
    return When(value=on, style=TimeStyle.MONTH_DAY)


def weekday(on: date) -> When:
    """A day with its weekday and year."""
    return When(value=on, style=TimeStyle.DAY_WEEKDAY)


def limit_text(limit: Limit) -> Text:
    """An amount with its unit; nothing at all means on the spot."""
    return msg(f"case.unit_{limit.unit.name}", n=limit.amount) if limit.amount else msg("case.at_once")


def explain(case: Case, item: ItemVersion | None, calendar: Calendar, today: date) -> Explained:
    """The clock that runs now; empty for a case that has ended or whose limits nobody states."""
    if case.state is State.RECEIVED:
        return _notice(case, calendar, today)
    if case.state is State.SUPPLEMENT_ASKED and case.supplement is not None:
        told = case.supplement
        day = month_day(local_day(told.told_time))
        return Explained(
            on=told.until,
            due=msg("case.due_supplement", day=weekday(told.until)),
            clock=msg("case.clock_supplement", day=day, n=len(told.points)),
        )
    if case.state in _UNDER_LIMIT:
        return _limit(case, item, calendar)
    if case.state in _TO_DELIVER:
        return _delivery(case, calendar)
    return Explained()


def _notice(case: Case, calendar: Calendar, today: date) -> Explained:
    told = case.supplement
    if told is not None:
        day = told.all_in_on or case.received_on
        return Explained(clock=msg("case.clock_all_in", day=month_day(day)))
    ends = derive(notice_clock(case), calendar)
    if deemed_acceptance(case.received_on, None, today, calendar) is not None:
        text: Text = msg("case.clock_deemed", day=month_day(case.received_on))
    else:
        start = msg("case.clock_received", day=month_day(case.received_on), n=ends.total)
        text = joined(start, _skips(ends), separator="case.semicolon")
    return Explained(on=ends.on, due=_due("case.due_notice", ends), clock=text)


def _limit(case: Case, item: ItemVersion | None, calendar: Calendar) -> Explained:
    clock = (promised_clock(case, item) or statutory_clock(case, item)) if item is not None else None
    if clock is None or case.acceptance is None:
        return Explained(clock=msg("case.clock_not_stated"))
    ends = derive(clock, calendar)
    start = msg("case.clock_accepted", day=month_day(clock.start), limit=limit_text(clock.budget))
    extension = msg("case.clock_extended", n=case.extension.workdays) if case.extension else ""
    text = joined(start, extension, _skips(ends), *_pauses(case, ends), separator="case.semicolon")
    if ends.on is None:
        return Explained(is_paused=True, due=msg("case.due_paused", n=ends.left), clock=text)
    return Explained(on=ends.on, due=_due("case.due", ends), clock=text)


def _delivery(case: Case, calendar: Calendar) -> Explained:
    clock = delivery_clock(case)
    if clock is None or case.decision is None:
        return Explained()
    ends = derive(clock, calendar)
    key = "case.clock_granted" if case.decision.granted else "case.clock_refused"
    start = msg(key, day=month_day(clock.start), n=ends.total)
    text = joined(start, _skips(ends), separator="case.semicolon")
    return Explained(on=ends.on, due=_due("case.due_delivery", ends), clock=text)


def _due(key: str, ends: Deadline) -> Text:
    if ends.on is None:
        return ""
    due = msg(key, day=weekday(ends.on))
    return msg("case.provisional", due=due) if ends.provisional else due


def _skips(ends: Deadline) -> Text:
    if not ends.skipped:
        return ""
    days = sum((skip.last - skip.first).days + 1 for skip in ends.skipped)
    ranges = joined(*(part for skip in ends.skipped for part in _ranges(skip)), separator="case.and")
    return msg("case.clock_skipped", ranges=ranges, n=days)


def _ranges(skip: Skip) -> tuple[Text, ...]:
    """Weekends day by day with their weekday, everything else as one range with its name."""
    if skip.kind is DayKind.WEEKEND:
        days = ((skip.first + timedelta(days=n)) for n in range((skip.last - skip.first).days + 1))
        return tuple(_weekend_day(day) for day in days)
    name: Text = skip.name or msg("case.holiday")
    if skip.first == skip.last:
        return (msg("case.skip_day", day=month_day(skip.first), name=name),)
    return (msg("case.skip_range", first=month_day(skip.first), last=month_day(skip.last), name=name),)


def _weekend_day(day: date) -> Text:
    saturday = 5
    if day.weekday() == saturday:
        return msg("case.saturday", day=month_day(day))
    return msg("case.sunday", day=month_day(day))


def _pauses(case: Case, ends: Deadline) -> tuple[Text, ...]:
    """Each special procedure with its days; the one that lasts says how much is left."""
    found: list[Text] = []
    for stop in case.suspensions:
        name = msg(f"case.procedure_{stop.procedure.name}")
        if stop.to_on is None:
            # A budget of hours is counted in days by the calendar engine.
            unit = LimitUnit.CALENDAR_DAYS if ends.unit is LimitUnit.HOURS else ends.unit
            left = msg(f"case.unit_{unit.name}", n=ends.left)
            found.append(msg("case.clock_paused", day=month_day(stop.from_on), name=name, left=left))
        else:
            first, last = month_day(stop.from_on), month_day(stop.to_on)
            found.append(msg("case.clock_was_paused", first=first, last=last, name=name))
    return tuple(found)
