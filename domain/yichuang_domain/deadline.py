"""期限: the law's clock as a budget and a ledger of running and suspended time.

Rules kept here (行政许可法 32, 42, 44, 45, 82):

* A clock starts with an event; the day after it is day 1. The due date is derived from budget and ledger, never stored
  as truth, and every derivation carries its explanation as data.
* A suspension (特别程序) from day F to day T stops the days after F up to and including T. So a suspension that is
  split in two equals the whole one, one that ends on its first day costs nothing, and none makes a due date earlier.
  Two that overlap stop the clock once. While one is open, there is no due date, only what is left of the budget.
* An extension (延长审批) adds to the budget once, at most 10 working days (15 for joint handling).
* Five working days from the receipt to tell what is missing; after the end of the fifth, untold, the case counts as
  accepted from the day of the RECEIPT (deemed acceptance). Ten working days from the decision to delivery.
* When a notice changes a date that a paper had named, the one that favours the citizen stands.
* Natural days are counted as they come. Hours run on the clock of the wall: 1 working day is not 24 hours.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from yichuang_domain.catalog import Limit, LimitUnit
from yichuang_domain.workdays import Calendar, DayKind, Skip

__all__ = [
    "DELIVERY_LIMIT",
    "EXTENSION_LIMIT",
    "JOINT_EXTENSION_LIMIT",
    "NOTICE_LIMIT",
    "Clock",
    "ClockError",
    "ClockFault",
    "Deadline",
    "DeemedAcceptance",
    "HourClock",
    "HourPause",
    "Move",
    "Pause",
    "Span",
    "SpanKind",
    "deemed_acceptance",
    "derive",
    "due_time",
    "explain_move",
    "extended",
    "standing_date",
]

NOTICE_LIMIT = Limit(amount=5)
"""补正告知期限: 行政许可法 art. 32(1)(4)."""
DELIVERY_LIMIT = Limit(amount=10)
"""送达期限: 行政许可法 art. 44."""
EXTENSION_LIMIT = Limit(amount=10)
"""延长期限 at most: 行政许可法 art. 42."""
JOINT_EXTENSION_LIMIT = Limit(amount=15)
"""联合办理的延长期限 at most: 行政许可法 art. 42."""

_ONE_DAY = timedelta(days=1)


class ClockFault(enum.StrEnum):
    """计时错误: why a clock cannot be changed so."""

    EXTENDED_ALREADY = "EXTENDED_ALREADY"
    """延长 is allowed once."""
    EXTENSION_TOO_LONG = "EXTENSION_TOO_LONG"
    """More than the law allows, or nothing at all."""
    OTHER_UNIT = "OTHER_UNIT"
    """The extension counts in another unit than the budget."""


class ClockError(ValueError):
    """A clock cannot be changed so; ``fault`` says why."""

    def __init__(self, fault: ClockFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Pause:
    """暂停: one interval of the ledger in which the clock does not run."""

    from_on: date
    """Day of the suspension; it still counts."""
    to_on: date | None = None
    """Day of the resumption, the last that does not count; ``None`` while it lasts."""
    name: str = ""
    """What the time is for, as data of the case (kind of procedure)."""

    def stops(self, on: date) -> bool:
        """Tell whether that day does not count."""
        return self.from_on < on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """计时: the budget and the ledger of one limit."""

    start: date
    """Day of the event; the day after is day 1."""
    budget: Limit
    """Statutory or promised limit. Hours are rounded up to days here; ``HourClock`` is exact."""
    pauses: tuple[Pause, ...] = ()
    """Suspensions; everything else runs."""
    extension: Limit | None = None
    """延长: added once."""

    @property
    def total_days(self) -> int:
        """Days of the budget with its extension."""
        return _days(self.budget) + (_days(self.extension) if self.extension is not None else 0)


class SpanKind(enum.StrEnum):
    """计时区段: what a run of days did to the clock."""

    COUNTED = "COUNTED"
    """计入."""
    SKIPPED = "SKIPPED"
    """不计入: no working days."""
    SUSPENDED = "SUSPENDED"
    """暂停."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """计时区段: a run of days of one kind."""

    first: date
    """First day."""
    last: date
    """Last day; the end of the count for a suspension that lasts."""
    kind: SpanKind
    """What they did to the clock."""
    name: str = ""
    """Festival, closed day or procedure."""
    day_kind: DayKind | None = None
    """For skipped days: why they are no working days."""

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """到期日及计算说明: when a clock ends, and how that came about."""

    start: date
    """Day of the event."""
    unit: LimitUnit
    """What was counted."""
    total: int
    """Days of the budget with its extension."""
    counted: int
    """Days counted; less than ``total`` only while suspended."""
    on: date | None
    """The last day; ``None`` while the clock is suspended."""
    provisional: bool
    """暂定: a notice that is still to come may change it."""
    first_counted_on: date | None
    """Day 1; ``None`` when nothing was counted."""
    spans: tuple[Span, ...]
    """All days from the day after ``start``, in order, without gaps."""

    @property
    def left(self) -> int:
        """剩余预算: days of the budget that are not used when a lasting suspension began, else 0."""
        return self.total - self.counted

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """跳过的日期, with their names."""
        return tuple(
            Skip(first=span.first, last=span.last, name=span.name, kind=span.day_kind)
            for span in self.spans
            if span.day_kind is not None
        )

    @property
    def suspended(self) -> tuple[Span, ...]:
        """暂停的区段."""
        return tuple(span for span in self.spans if span.kind is SpanKind.SUSPENDED)

    def is_overdue(self, today: date) -> bool:
        """是否逾期: whether that day lies after the last one."""
        return self.on is not None and today > self.on


def derive(clock: Clock, calendar: Calendar) -> Deadline:
    """推算期限: the due date of a clock and its explanation."""
    spans: list[Span] = []
    counted, provisional, first_counted_on, on = 0, False, None, clock.start
    while counted < clock.total_days:
        on += _ONE_DAY
        span = _classify(clock, calendar, on)
        if span.kind is SpanKind.SUSPENDED and _lasts(clock, on):
            _append(spans, span)
            return _result(clock, spans, counted, provisional, first_counted_on, None)
        if clock.budget.unit is LimitUnit.WORKDAYS and span.kind is not SpanKind.SUSPENDED:
            provisional = provisional or calendar.is_provisional(on)
        if span.kind is SpanKind.COUNTED:
            counted += 1
            first_counted_on = first_counted_on or on
        _append(spans, span)
    return _result(clock, spans, counted, provisional, first_counted_on, on)


def extended(clock: Clock, by: Limit, most: Limit = EXTENSION_LIMIT) -> Clock:
    """延长审批: the clock with its one extension.

    Raises:
        ClockError: it was extended before, the unit differs, or ``by`` is not between 1 and ``most``.
    """
    if clock.extension is not None:
        raise ClockError(ClockFault.EXTENDED_ALREADY)
    if by.unit is not clock.budget.unit:
        raise ClockError(ClockFault.OTHER_UNIT)
    if not 1 <= by.amount <= most.amount:
        raise ClockError(ClockFault.EXTENSION_TOO_LONG)
    return replace(clock, extension=by)


@dataclass(frozen=True, kw_only=True)
class DeemedAcceptance:
    """逾期视为受理: what follows when nothing was told within five working days."""

    accepted_on: date
    """The day of the receipt, from which the case counts as accepted."""
    since: date
    """The last of the five days; deemed from its end."""
    provisional: bool
    """暂定: a notice that is still to come may change ``since``."""


def deemed_acceptance(
    received_on: date, answered_on: date | None, today: date, calendar: Calendar
) -> DeemedAcceptance | None:
    """推定受理: derive whether a case counts as accepted on ``today``.

    ``answered_on`` is the day on which the applicant was told anything that ends the five days (supplement, acceptance
    or declination), judged by the day on which it was DONE: a notice given in time but arriving late overturns it.
    """
    last = calendar.add_workdays(received_on, NOTICE_LIMIT.amount)
    if today <= last.on or (answered_on is not None and answered_on <= last.on):
        return None
    return DeemedAcceptance(accepted_on=received_on, since=last.on, provisional=last.provisional)


def standing_date(told_on: date, recomputed_on: date, *, owed_by_office: bool) -> date:
    """有利日期: of the date that a provisional paper named and the one recomputed, the one that favours the citizen.

    What the office owes is due on the earlier, what the citizen owes on the later of the two.
    """
    return min(told_on, recomputed_on) if owed_by_office else max(told_on, recomputed_on)


@dataclass(frozen=True, kw_only=True)
class Move:
    """期限变动: why a due date is another than it was."""

    from_on: date | None
    """The due date before; ``None`` while suspended."""
    to_on: date | None
    """The due date now."""
    added: int
    """Days that the budget grew by an extension; 0 mostly."""
    causes: tuple[Span, ...]
    """Skipped or suspended days that did not stop the clock before."""
    restored: tuple[Span, ...]
    """Days that did stop it before and do no longer (a notice was changed)."""


def explain_move(before: Deadline, after: Deadline) -> Move:
    """说明期限变动: compare two derivations of the same clock."""
    return Move(
        from_on=before.on,
        to_on=after.on,
        added=after.total - before.total,
        causes=_only_in(after, before),
        restored=_only_in(before, after),
    )


@dataclass(frozen=True, kw_only=True)
class HourPause:
    """暂停 (小时): one interval in which an hour clock does not run."""

    from_time: datetime
    """Aware."""
    to_time: datetime | None = None
    """Aware; ``None`` while it lasts."""


@dataclass(frozen=True, kw_only=True)
class HourClock:
    """小时计时: a budget of hours; night and holidays count."""

    start_time: datetime
    """Aware."""
    hours: int
    """0 or more."""
    pauses: tuple[HourPause, ...] = ()
    """Suspensions; overlapping ones stop the clock once."""


def due_time(clock: HourClock) -> datetime | None:
    """推算到期时刻: when the hours are used up; ``None`` while a suspension lasts before that."""
    end = clock.start_time + timedelta(hours=clock.hours)
    begin = clock.start_time
    for pause in sorted(clock.pauses, key=lambda p: p.from_time):
        stopped = max(pause.from_time, begin)
        if stopped >= end:
            break
        if pause.to_time is None:
            return None
        if pause.to_time > stopped:
            end += pause.to_time - stopped
            begin = pause.to_time
    return end


def _days(limit: Limit) -> int:
    return -(-limit.amount // 24) if limit.unit is LimitUnit.HOURS else limit.amount


def _lasts(clock: Clock, on: date) -> bool:
    return any(pause.to_on is None and pause.stops(on) for pause in clock.pauses)


def _classify(clock: Clock, calendar: Calendar, on: date) -> Span:
    for pause in clock.pauses:
        if pause.stops(on):
            return Span(first=on, last=on, kind=SpanKind.SUSPENDED, name=pause.name)
    if clock.budget.unit is not LimitUnit.WORKDAYS or calendar.is_workday(on):
        return Span(first=on, last=on, kind=SpanKind.COUNTED)
    return Span(first=on, last=on, kind=SpanKind.SKIPPED, name=calendar.name(on), day_kind=calendar.kind(on))


def _append(spans: list[Span], span: Span) -> None:
    follows = bool(spans) and spans[-1].last + _ONE_DAY == span.first
    if follows and replace(spans[-1], first=span.first, last=span.last) == span:
        spans[-1] = replace(spans[-1], last=span.last)
    else:
        spans.append(span)


def _result(
    clock: Clock, spans: Iterable[Span], counted: int, provisional: bool, first_counted_on: date | None, on: date | None
) -> Deadline:
    return Deadline(
        start=clock.start,
        unit=clock.budget.unit,
        total=clock.total_days,
        counted=counted,
        on=on,
        provisional=provisional,
        first_counted_on=first_counted_on,
        spans=tuple(spans),
    )


def _stopped_days(of: Deadline) -> Iterator[date]:
    for span in of.spans:
        if span.kind is not SpanKind.COUNTED:
            yield from (span.first + timedelta(days=n) for n in range(span.days))


def _only_in(one: Deadline, other: Deadline) -> tuple[Span, ...]:
    known = set(_stopped_days(other))
    found: list[Span] = []
    for span in one.spans:
        if span.kind is not SpanKind.COUNTED:
            for n in range(span.days):
                on = span.first + timedelta(days=n)
                if on not in known:
                    _append(found, replace(span, first=on, last=on))
    return tuple(found)
