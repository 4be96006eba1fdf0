"""工作日历: working days under the State Council's holiday notices, and what a count skipped.

Rules kept here:

* The authority's periods are working days (行政许可法 art. 82); the day after the event is day 1.
* A year is CONFIRMED when its notice was published; its days override the week (调休: a Sunday may be a working day).
* A year without a notice is PROVISIONAL (暂定): Monday to Friday less the statutory festivals that are known in
  advance. The last three days of a confirmed year are provisional too while the next year is: notices of the past moved
  28 December's followers (29–31 December of 2007, 2011, 2018, 2022), never an earlier day.
* A notice may be changed in mid-year: the last one given for a year counts, a real one before an expected one.
* A local closed day (台风) is not a working day, whatever the notice says.
* Two calendars with the same rules have the same ``version``; a count is explained by data, never by text.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

__all__ = ["Calendar", "ClosedDay", "DayKind", "Due", "Notice", "NoticeDay", "NoticeError", "Skip"]

_MOST_DUE = 1000
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

FIXED_FESTIVALS: frozenset[tuple[int, int]] = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""法定节日 with a solar date as (month, day), by the State Council's decree 795 of 2024 (元旦, 劳动节, 国庆节)."""

FIRST_UNSETTLED_DAY: tuple[int, int] = (12, 29)
"""First (month, day) of a year that the next year's notice has ever moved."""


class NoticeError(ValueError):
    """A holiday notice is not in the format of ``data/calendar``."""


class DayKind(enum.StrEnum):
    """日类: why a day is a working day or none."""

    WORKDAY = "WORKDAY"
    """工作日: an ordinary working day."""
    MADE_UP = "MADE_UP"
    """调休上班: a weekend day that a notice made a working day."""
    WEEKEND = "WEEKEND"
    """休息日: Saturday or Sunday."""
    HOLIDAY = "HOLIDAY"
    """节假日: off by a published notice."""
    EXPECTED_HOLIDAY = "EXPECTED_HOLIDAY"
    """暂定节日: a statutory festival of a year without a notice."""
    CLOSED = "CLOSED"
    """本地停办: a local closed day."""


_WORKING = frozenset({DayKind.WORKDAY, DayKind.MADE_UP})


@dataclass(frozen=True, kw_only=True)
class NoticeDay:
    """放假通知中的一天: one day named by a notice."""

    on: date
    """The day; may lie in the year before the notice's."""
    name: str
    """Festival as the notice names it."""
    is_off: bool
    """Off (true) or made a working day (false)."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """放假通知: what one notice, or the expectation before it, says about a year."""

    year: int
    """The year it is for."""
    days: tuple[NoticeDay, ...] = ()
    """The days it names, in order."""
    papers: tuple[str, ...] = ()
    """Addresses of the published papers; none means that nothing was published yet."""

    @property
    def is_published(self) -> bool:
        """Whether the State Council has published it; otherwise the days are only expected."""
        return bool(self.papers) and bool(self.days)

    @classmethod
    def read(cls, notice: Mapping[str, Any]) -> Notice:
        """Read a notice of the format of ``data/calendar``.

        Raises:
            NoticeError: a part is missing or of another type.
        """
        try:
            days = tuple(
                NoticeDay(on=date.fromisoformat(day["date"]), name=str(day["name"]), is_off=_boolean(day["isOffDay"]))
                for day in notice["days"]
            )
            year, papers = int(notice["year"]), tuple(str(paper) for paper in notice["papers"])
        except (KeyError, TypeError, ValueError) as error:
            raise NoticeError(str(error)) from error
        return cls(year=year, days=tuple(sorted(days, key=lambda day: day.on)), papers=papers)


@dataclass(frozen=True, kw_only=True)
class ClosedDay:
    """本地停办日: a day on which the district's offices were closed."""

    on: date
    """The day."""
    name: str
    """Reason as announced, such as a typhoon's name."""


@dataclass(frozen=True, kw_only=True)
class Skip:
    """跳过的日期: a run of days that a count passed over for one reason."""

    first: date
    """First day passed over."""
    last: date
    """Last day passed over; the same as ``first`` for a single day."""
    name: str
    """Festival or reason as the notice names it; empty for a weekend."""
    kind: DayKind
    """Why the days do not count."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """到期日: the last day of a count, and how it came about."""

    on: date
    """The last day that counts."""
    provisional: bool
    """暂定: a day of the count lies in a time whose notice is not published."""
    skipped: tuple[Skip, ...] = ()
    """What was passed over, in order."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """工作日历: all notices that are known, and the district's closed days."""

    notices: tuple[Notice, ...]
    """One for each year, in order."""
    closed_days: tuple[ClosedDay, ...] = ()
    """In order."""

    @classmethod
    def from_notices(cls, notices: Iterable[Mapping[str, Any]], closed_days: Iterable[ClosedDay] = ()) -> Calendar:
        """Make a calendar from notices of the format of ``data/calendar``.

        Of several notices for a year the last published one counts, else the last expected one.

        Raises:
            NoticeError: a notice is not in that format.
        """
        chosen: dict[int, Notice] = {}
        for mapping in notices:
            notice = Notice.read(mapping)
            known = chosen.get(notice.year)
            if known is None or notice.is_published or (not known.is_published and notice.days):
                chosen[notice.year] = notice
        return cls(
            notices=tuple(chosen[year] for year in sorted(chosen)),
            closed_days=tuple(sorted(closed_days, key=lambda day: (day.on, day.name))),
        )

    def with_closed_day(self, closed: ClosedDay) -> Calendar:
        """停办: the same calendar with one more closed day (or the same day with another reason)."""
        others = [day for day in self.closed_days if day.on != closed.on]
        return replace(self, closed_days=tuple(sorted([*others, closed], key=lambda day: (day.on, day.name))))

    @cached_property
    def version(self) -> str:
        """历版本: 16 hex characters that are the same exactly for the same rules."""
        parts = [
            f"{n.year}|{n.is_published:d}|" + ",".join(f"{d.on}:{d.name}:{d.is_off:d}" for d in n.days)
            for n in self.notices
            if n.days
        ]
        parts += [f"closed|{day.on}|{day.name}" for day in self.closed_days]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def kind(self, on: date) -> DayKind:
        """日类: why that day is a working day or none."""
        return self._look_up(on)[0]

    def name(self, on: date) -> str:
        """日名: festival or reason of that day as its notice names it; empty when it has none."""
        return self._look_up(on)[1]

    def is_workday(self, on: date) -> bool:
        """是否工作日: whether that day counts."""
        return self.kind(on) in _WORKING

    def is_provisional(self, on: date) -> bool:
        """是否暂定: whether a notice that is still to come may change that day."""
        if on.year not in self._published_years:
            return True
        return (on.month, on.day) >= FIRST_UNSETTLED_DAY and on.year + 1 not in self._published_years

    def add_workdays(self, start: date, n: int) -> Due:
        """推算到期日: the ``n``-th working day after ``start``; day 1 is the first working day after it.

        ``n`` = 0 gives ``start`` itself, whatever kind of day it is.

        Raises:
            ValueError: ``n`` is negative.
        """
        if n < 0:
            raise ValueError("n must not be negative")
        found = self._due.get((start, n))
        if found is None:
            if len(self._due) >= _MOST_DUE:
                self._due.clear()
            found = self._due[start, n] = self._count(start, n)
        return found

    def _count(self, start: date, n: int) -> Due:
        on, provisional, skipped, counted = start, False, list[Skip](), 0
        while counted < n:
            on += _ONE_DAY
            provisional = provisional or self.is_provisional(on)
            kind, name = self._look_up(on)
            if kind in _WORKING:
                counted += 1
            else:
                _skip(skipped, on, kind, name)
        return Due(on=on, provisional=provisional, skipped=tuple(skipped))

    def workdays_between(self, after: date, until: date) -> int:
        """相隔工作日数: the working days after ``after`` up to and including ``until``.

        Negative when ``until`` lies before ``after``, so that it also tells by how many days something is late.
        """
        if until < after:
            return -self.workdays_between(until, after)
        days = (until - after).days
        return sum(self.is_workday(after + timedelta(days=n)) for n in range(1, days + 1))

    @cached_property
    def _due(self) -> dict[tuple[date, int], Due]:
        """What was counted before: most deeds of a day ask for the same few dates."""
        return {}

    @cached_property
    def _published_years(self) -> frozenset[int]:
        return frozenset(notice.year for notice in self.notices if notice.is_published)

    @cached_property
    def _named(self) -> dict[date, tuple[DayKind, str]]:
        named: dict[date, tuple[DayKind, str]] = {}
        for notice in sorted(self.notices, key=lambda n: (n.is_published, n.year)):
            for day in notice.days:
                named[day.on] = (_kind_of(day, notice.is_published), day.name)
        for closed in self.closed_days:
            named[closed.on] = (DayKind.CLOSED, closed.name)
        return named

    def _look_up(self, on: date) -> tuple[DayKind, str]:
        if on in self._named:
            return self._named[on]
        if on.weekday() >= _SATURDAY:
            return DayKind.WEEKEND, ""
        if on.year not in self._published_years and (on.month, on.day) in FIXED_FESTIVALS:
            return DayKind.EXPECTED_HOLIDAY, ""
        return DayKind.WORKDAY, ""


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("isOffDay must be a boolean")
    return value


def _kind_of(day: NoticeDay, is_published: bool) -> DayKind:
    if day.is_off:
        return DayKind.HOLIDAY if is_published else DayKind.EXPECTED_HOLIDAY
    return DayKind.MADE_UP if day.on.weekday() >= _SATURDAY else DayKind.WORKDAY


def _skip(skipped: list[Skip], on: date, kind: DayKind, name: str) -> None:
    if skipped and (last := skipped[-1]).last + _ONE_DAY == on and (last.kind, last.name) == (kind, name):
        skipped[-1] = replace(last, last=on)
    else:
        skipped.append(Skip(first=on, last=on, name=name, kind=kind))
