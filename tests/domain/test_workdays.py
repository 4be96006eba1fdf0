"""The working-day calendar on the real notices of 2007 to 2027."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from yichuang_domain.workdays import Calendar, ClosedDay, DayKind, Notice, NoticeError, Skip

FOLDER = Path(__file__).parents[2] / "data" / "calendar"
NOTICES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
CALENDAR = Calendar.from_notices(NOTICES)
days = st.dates(min_value=date(2007, 1, 1), max_value=date(2029, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2026-01-01", 1, "2026-01-04"),
    ],
)
def test_the_dated_examples(start: str, n: int, due: str) -> None:
    """The day after the event is day 1; holidays do not count, made-up weekend days do."""
    counted = CALENDAR.add_workdays(date.fromisoformat(start), n)
    assert counted.on == date.fromisoformat(due)
    assert not counted.provisional


def test_skips_carry_their_names() -> None:
    """A count says what it passed over and why."""
    assert CALENDAR.add_workdays(date(2025, 9, 26), 5).skipped == (
        Skip(first=date(2025, 9, 27), last=date(2025, 9, 27), name="", kind=DayKind.WEEKEND),
        Skip(first=date(2025, 10, 1), last=date(2025, 10, 8), name="国庆节、中秋节", kind=DayKind.HOLIDAY),
    )
    assert CALENDAR.kind(date(2026, 9, 20)) is DayKind.MADE_UP


def test_trap_9_a_year_without_a_notice_is_provisional() -> None:
    """2027 is not announced: festivals are expected, weekends are weekends, every date is provisional."""
    due = CALENDAR.add_workdays(date(2027, 2, 3), 3)
    assert due.provisional
    assert due.on == date(2027, 2, 10)
    assert [(skip.name, skip.kind) for skip in due.skipped] == [("春节", DayKind.EXPECTED_HOLIDAY)]
    bare = Calendar.from_notices([notice for notice in NOTICES if notice["papers"]])
    assert not bare.is_workday(date(2027, 10, 1))
    assert not bare.is_workday(date(2027, 5, 1))
    assert bare.is_workday(date(2027, 2, 5))


def test_trap_9_the_end_of_the_last_announced_year_is_provisional() -> None:
    """Notices have moved 29 to 31 December of the year before."""
    assert not CALENDAR.is_provisional(date(2026, 12, 28))
    assert CALENDAR.is_provisional(date(2026, 12, 29))
    assert not CALENDAR.is_provisional(date(2025, 12, 31))


def test_a_count_settles_when_the_notice_is_loaded() -> None:
    """A notice takes the place of what was expected."""
    notice = {"year": 2027, "papers": ["x"], "days": [{"name": "春节", "date": "2027-02-09", "isOffDay": True}]}
    settled = Calendar.from_notices([*NOTICES, notice])
    assert settled.version != CALENDAR.version
    assert settled.add_workdays(date(2027, 2, 8), 1).on == date(2027, 2, 10)
    assert not settled.add_workdays(date(2027, 2, 8), 1).provisional


def test_a_notice_changed_in_mid_year() -> None:
    """The last notice given for a year counts, whatever the order of an expected one."""
    first: dict[str, Any] = {
        "year": 2019,
        "papers": ["a"],
        "days": [{"name": "劳动节", "date": "2019-05-01", "isOffDay": True}],
    }
    changed = {**first, "days": [*first["days"], {"name": "劳动节", "date": "2019-05-02", "isOffDay": True}]}
    expected = {**first, "papers": []}
    calendar = Calendar.from_notices([first, changed, expected])
    assert calendar.add_workdays(date(2019, 4, 30), 1).on == date(2019, 5, 3)


def test_local_closed_day() -> None:
    """A typhoon closes a day that the notice left open."""
    closed = CALENDAR.with_closed_day(ClosedDay(on=date(2026, 7, 8), name="台风"))
    due = closed.add_workdays(date(2026, 7, 7), 1)
    assert due.on == date(2026, 7, 9)
    assert due.skipped == (Skip(first=date(2026, 7, 8), last=date(2026, 7, 8), name="台风", kind=DayKind.CLOSED),)
    assert closed.version != CALENDAR.version


def test_same_rules_same_version() -> None:
    """The order of the notices and an empty one change nothing."""
    assert Calendar.from_notices(reversed(NOTICES)).version == CALENDAR.version
    assert Calendar.from_notices([*NOTICES, {"year": 2040, "papers": [], "days": []}]).version == CALENDAR.version


@pytest.mark.parametrize(
    "notice",
    [
        {},
        {"year": 2026, "papers": []},
        {"year": 2026, "papers": [], "days": [{"name": "x", "date": "2026-13-01", "isOffDay": True}]},
        {"year": 2026, "papers": [], "days": [{"name": "x", "date": "2026-01-01", "isOffDay": "yes"}]},
    ],
)
def test_a_bad_notice_is_refused(notice: dict[str, object]) -> None:
    """A notice in another format raises, it is not half read."""
    with pytest.raises(NoticeError):
        Notice.read(notice)


def test_a_negative_count_is_refused() -> None:
    """Working days are counted forward."""
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(date(2026, 1, 5), -1)


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_counts_add_up(start: date, n: int, m: int) -> None:
    """n days and then m days are n + m days; the last day is a working day; skips and working days fill the time."""
    first = CALENDAR.add_workdays(start, n)
    second = CALENDAR.add_workdays(first.on, m)
    whole = CALENDAR.add_workdays(start, n + m)
    assert whole.on == second.on >= start
    assert whole.provisional == (first.provisional or second.provisional)
    assert CALENDAR.workdays_between(start, whole.on) == n + m
    skipped = sum((skip.last - skip.first).days + 1 for skip in whole.skipped)
    assert (whole.on - start).days == n + m + skipped
    assert n + m == 0 or CALENDAR.is_workday(whole.on)


@given(days, days)
def test_between_is_antisymmetric(a: date, b: date) -> None:
    """Late by n working days is -n working days left."""
    assert CALENDAR.workdays_between(a, b) == -CALENDAR.workdays_between(b, a)


@given(days, st.integers(1, 20))
def test_a_closed_day_never_makes_it_earlier(start: date, n: int) -> None:
    """Closing a day only lengthens a count."""
    closed = CALENDAR.with_closed_day(ClosedDay(on=start + timedelta(days=2), name="台风"))
    assert closed.add_workdays(start, n).on >= CALENDAR.add_workdays(start, n).on
