"""The law's clock: budget, ledger, explanation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from tests.domain.test_workdays import CALENDAR
from yichuang_domain.catalog import Limit, LimitUnit
from yichuang_domain.deadline import (
    DELIVERY_LIMIT,
    JOINT_EXTENSION_LIMIT,
    NOTICE_LIMIT,
    Clock,
    ClockError,
    ClockFault,
    HourClock,
    HourPause,
    Pause,
    SpanKind,
    deemed_acceptance,
    derive,
    due_time,
    explain_move,
    extended,
    standing_date,
)
from yichuang_domain.workdays import ClosedDay, DayKind

starts = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 6, 30))
budgets = st.builds(Limit, amount=st.integers(0, 30), unit=st.sampled_from(LimitUnit))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """A clock with up to three closed pauses, which may overlap."""
    start = draw(starts)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        from_on = start + timedelta(days=draw(st.integers(0, 40)))
        pauses.append(Pause(from_on=from_on, to_on=from_on + timedelta(days=draw(st.integers(0, 15)))))
    return Clock(start=start, budget=draw(budgets), pauses=tuple(pauses))


def _on(clock: Clock) -> date:
    on = derive(clock, CALENDAR).on
    assert on is not None
    return on


def test_five_days_from_the_receipt() -> None:
    """24 November 2026 is a Tuesday: 25, 26, 27, 30 November, 1 December."""
    due = derive(Clock(start=date(2026, 11, 24), budget=NOTICE_LIMIT), CALENDAR)
    assert due.on == date(2026, 12, 1)
    assert due.first_counted_on == date(2026, 11, 25)
    assert [(skip.first, skip.last, skip.kind) for skip in due.skipped] == [
        (date(2026, 11, 28), date(2026, 11, 29), DayKind.WEEKEND)
    ]


def test_ten_days_to_deliver() -> None:
    """28–30 September, 8–10 (a working Saturday) and 12–15 October; 25–27 September are the Mid-Autumn holidays."""
    due = derive(Clock(start=date(2026, 9, 24), budget=DELIVERY_LIMIT), CALENDAR)
    assert due.on == date(2026, 10, 15)
    assert "国庆节" in {skip.name for skip in due.skipped}


def test_natural_days_and_hours() -> None:
    """Natural days count weekends; hours are rounded up to days, or run exactly on the wall's clock."""
    friday = date(2026, 11, 27)
    assert _on(Clock(start=friday, budget=Limit(amount=3, unit=LimitUnit.CALENDAR_DAYS))) == date(2026, 11, 30)
    assert _on(Clock(start=friday, budget=Limit(amount=25, unit=LimitUnit.HOURS))) == date(2026, 11, 29)
    start = datetime(2026, 11, 27, 8, tzinfo=UTC)
    pauses = (
        HourPause(from_time=start + timedelta(hours=1), to_time=start + timedelta(hours=3)),
        HourPause(from_time=start + timedelta(hours=2), to_time=start + timedelta(hours=4)),
    )
    assert due_time(HourClock(start_time=start, hours=4)) == start + timedelta(hours=4)
    assert due_time(HourClock(start_time=start, hours=4, pauses=pauses)) == start + timedelta(hours=7)
    lasting = HourPause(from_time=start + timedelta(hours=3))
    assert due_time(HourClock(start_time=start, hours=4, pauses=(lasting,))) is None
    assert due_time(HourClock(start_time=start, hours=2, pauses=(lasting,))) == start + timedelta(hours=2)


def test_on_the_spot() -> None:
    """A limit of nothing is due on the day itself, with nothing to explain."""
    due = derive(Clock(start=date(2026, 11, 28), budget=Limit(amount=0)), CALENDAR)
    assert (due.on, due.spans, due.first_counted_on) == (date(2026, 11, 28), (), None)


def test_a_lasting_suspension_has_no_due_date() -> None:
    """While a special procedure lasts only the rest of the budget is known."""
    clock = Clock(
        start=date(2026, 11, 2), budget=Limit(amount=10), pauses=(Pause(from_on=date(2026, 11, 5), name="TESTING"),)
    )
    due = derive(clock, CALENDAR)
    assert (due.on, due.counted, due.left) == (None, 3, 7)
    assert due.suspended[0].name == "TESTING"
    assert not due.is_overdue(date(2027, 1, 1))
    resumed = derive(replace(clock, pauses=(Pause(from_on=date(2026, 11, 5), to_on=date(2026, 11, 12)),)), CALENDAR)
    assert resumed.on == date(2026, 11, 23)
    assert resumed.is_overdue(date(2026, 11, 24)) and not resumed.is_overdue(date(2026, 11, 23))


def test_extension_once() -> None:
    """延长 adds at most ten working days, once, fifteen for joint handling."""
    clock = Clock(start=date(2026, 11, 2), budget=Limit(amount=20))
    longer = extended(clock, Limit(amount=10))
    assert _on(longer) == CALENDAR.add_workdays(date(2026, 11, 2), 30).on
    extended(clock, Limit(amount=15), JOINT_EXTENSION_LIMIT)
    for refused, by, fault in (
        (longer, Limit(amount=1), ClockFault.EXTENDED_ALREADY),
        (clock, Limit(amount=11), ClockFault.EXTENSION_TOO_LONG),
        (clock, Limit(amount=0), ClockFault.EXTENSION_TOO_LONG),
        (clock, Limit(amount=5, unit=LimitUnit.HOURS), ClockFault.OTHER_UNIT),
    ):
        with pytest.raises(ClockError) as caught:
            extended(refused, by)
        assert caught.value.fault is fault


def test_deemed_acceptance() -> None:
    """Untold after the end of the fifth day: accepted from the day of the receipt; a timely notice overturns it."""
    received, last = date(2026, 11, 24), date(2026, 12, 1)
    assert deemed_acceptance(received, None, last, CALENDAR) is None
    deemed = deemed_acceptance(received, None, last + timedelta(days=1), CALENDAR)
    assert deemed is not None
    assert (deemed.accepted_on, deemed.since, deemed.provisional) == (received, last, False)
    assert deemed_acceptance(received, last, date(2026, 12, 20), CALENDAR) is None
    assert deemed_acceptance(received, date(2026, 12, 2), date(2026, 12, 20), CALENDAR) == deemed


def test_the_date_that_favours_the_citizen_stands() -> None:
    """The office owes the earlier, the citizen the later date."""
    told, now = date(2027, 2, 9), date(2027, 2, 12)
    assert standing_date(told, now, owed_by_office=True) == told
    assert standing_date(told, now, owed_by_office=False) == now


def test_a_move_is_explained() -> None:
    """Moved from Wednesday to Thursday, because of a typhoon; and longer by an extension."""
    clock = Clock(start=date(2026, 7, 6), budget=Limit(amount=2))
    before = derive(clock, CALENDAR)
    after = derive(clock, CALENDAR.with_closed_day(ClosedDay(on=date(2026, 7, 8), name="台风")))
    move = explain_move(before, after)
    assert (move.from_on, move.to_on, move.added) == (date(2026, 7, 8), date(2026, 7, 9), 0)
    assert [(span.name, span.day_kind) for span in move.causes] == [("台风", DayKind.CLOSED)]
    assert explain_move(after, before).restored == move.causes
    assert explain_move(before, derive(extended(clock, Limit(amount=1)), CALENDAR)).added == 1


@given(clocks())
def test_never_backwards_and_fully_explained(clock: Clock) -> None:
    """The due date is never before the start, and the spans fill the time without gaps."""
    due = derive(clock, CALENDAR)
    assert due.on is not None and due.on >= clock.start
    days = [span.first + timedelta(days=n) for span in due.spans for n in range(span.days)]
    assert days == [clock.start + timedelta(days=n) for n in range(1, len(days) + 1)]
    assert due.on == (days[-1] if days else clock.start)
    assert sum(span.days for span in due.spans if span.kind is SpanKind.COUNTED) == due.total == due.counted
    assert due.first_counted_on is None or due.first_counted_on > clock.start


@given(clocks(), st.integers(0, 40), st.integers(0, 15))
def test_a_suspension_only_lengthens(clock: Clock, begin: int, length: int) -> None:
    """One more pause never makes a due date earlier."""
    from_on = clock.start + timedelta(days=begin)
    pause = Pause(from_on=from_on, to_on=from_on + timedelta(days=length))
    assert _on(replace(clock, pauses=(*clock.pauses, pause))) >= _on(clock)


@given(clocks(), st.integers(0, 40), st.integers(0, 15), st.integers(0, 15))
def test_split_intervals_equal_the_whole(clock: Clock, begin: int, first: int, second: int) -> None:
    """A suspension that is ended and begun again on the same day equals one that lasts."""
    from_on = clock.start + timedelta(days=begin)
    middle, to_on = from_on + timedelta(days=first), from_on + timedelta(days=first + second)
    whole = replace(clock, pauses=(*clock.pauses, Pause(from_on=from_on, to_on=to_on)))
    halves = (Pause(from_on=from_on, to_on=middle), Pause(from_on=middle, to_on=to_on))
    assert derive(replace(clock, pauses=(*clock.pauses, *halves)), CALENDAR) == derive(whole, CALENDAR)


@given(clocks(), st.integers(0, 20))
def test_a_longer_budget_is_never_due_earlier(clock: Clock, more: int) -> None:
    """Budget grows, due date does not shrink."""
    budget = replace(clock.budget, amount=clock.budget.amount + more)
    assert _on(replace(clock, budget=budget)) >= _on(clock)
