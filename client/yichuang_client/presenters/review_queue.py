"""待审批: the section's cases in one list, what runs out first comes first.

Rules kept here: sorted by the working time that is left, a stopped clock last within its day; people are masked; what
waits for somebody else says for whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework import due_chip, month_day, row_name
from yichuang_client.presenters.models.common import Chip, Mark, Text, Tone, joined, msg
from yichuang_client.presenters.models.review import QueueRow
from yichuang_client.store.case_rows import CaseRow, Queue, Viewer
from yichuang_domain.case import Case, State
from yichuang_domain.clocks import promised_clock, statutory_clock
from yichuang_domain.deadline import derive
from yichuang_domain.ids import CaseId
from yichuang_domain.workdays import Calendar

QUEUES = (Queue.TO_ACCEPT, Queue.TO_CLAIM, Queue.MINE, Queue.RETURNED, Queue.PAUSED, Queue.WAITING)
"""The lists that a section sees as one."""
LONGEST = 60
"""Rows of a list of widgets: more would make every stroke slow."""
_ALL_IN = Chip(text=msg("review.row_all_in"), tone=Tone.WARNING, mark=Mark.OK)
_OTHERS = frozenset({State.SUPPLEMENT_ASKED, State.SUSPENDED})
"""States in which somebody else is waited for."""


@dataclass(frozen=True, kw_only=True)
class Queued:
    """One case of the queue, as the store tells it."""

    row: CaseRow
    left_workdays: int | None
    """Working days that are left, negative when overdue; None where no limit is stated."""
    on: date | None
    """The last day, of a stopped clock as if it went on today."""
    waits_for: Text = ""
    """Whom or what it waits for, where that is not the section."""
    is_all_in: bool = False
    """Whether its supplement has come: it is to be accepted now."""

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands."""
        return self.row.state is State.SUSPENDED


@dataclass(frozen=True, kw_only=True)
class QueueSeen:
    """The whole queue at one moment."""

    cases: tuple[Queued, ...]
    today: date
    calendar: Calendar


def read_queue(work: Work) -> QueueSeen:
    """The section's cases, sorted. Raises StoreError."""
    desk, calendar = work.store.desk, work.store.people.calendar
    viewer = Viewer(replica=desk.replica, place=desk.place, section=desk.section or work.person.section, on=work.today)
    rows: dict[CaseId, CaseRow] = {}
    for queue in QUEUES:
        rows.update((row.case_id, row) for row in work.store.queue(queue, viewer))
    cases = sorted((_queued(work, row, calendar) for row in rows.values()), key=_order)
    return QueueSeen(cases=tuple(cases), today=work.today, calendar=calendar)


def _queued(work: Work, row: CaseRow, calendar: Calendar) -> Queued:
    on, waits_for = row.due_on, msg("review.row_waiting") if row.state is State.SUPPLEMENT_ASKED else ""
    if row.state is State.SUSPENDED:
        case = work.store.view(row.case_id)
        on = _if_it_went_on(work, case, calendar)
        waits_for = msg("review.row_paused", name=msg(f"case.procedure_{case.suspensions[-1].procedure.name}"))
    is_all_in = row.state is State.RECEIVED and work.store.view(row.case_id).supplement is not None
    if is_all_in:
        on = work.today
    left = calendar.workdays_between(work.today, on) if on is not None else None
    return Queued(row=row, left_workdays=left, on=on, waits_for=waits_for, is_all_in=is_all_in)


def _if_it_went_on(work: Work, case: Case, calendar: Calendar) -> date | None:
    """The last day if the clock that stands went on today."""
    item = work.store.catalogue.find(case.item, case.item_version)
    clock = (promised_clock(case, item) or statutory_clock(case, item)) if item is not None else None
    return calendar.add_workdays(work.today, derive(clock, calendar).left).on if clock is not None else None


def _order(case: Queued) -> tuple[bool, date, bool, datetime, str]:
    row = case.row
    return (case.on is None, case.on or date.max, row.state in _OTHERS, row.received_time, row.number)


def queue_rows(seen: QueueSeen, selected: str | None) -> tuple[QueueRow, ...]:
    """The rows of the screen: what runs out first, and the selected case wherever it stands."""
    shown = [case for n, case in enumerate(seen.cases) if n < LONGEST or case.row.case_id == selected]
    return tuple(_row(seen, case, is_selected=case.row.case_id == selected) for case in shown)


def _row(seen: QueueSeen, case: Queued, *, is_selected: bool) -> QueueRow:
    row = case.row
    is_ours = row.state not in _OTHERS
    return QueueRow(
        key=row.case_id,
        item=row.item_name or msg("case.item_coming", code=row.item_code),
        chip=_ALL_IN if case.is_all_in else due_chip(row.due_on, seen.today, seen.calendar, case.is_paused),
        applicant=row_name(row),
        due=_due(case),
        is_urgent=is_ours and case.left_workdays is not None and case.left_workdays <= 1,
        is_selected=is_selected,
    )


def _due(case: Queued) -> Text:
    row = case.row
    if row.unsent:
        return msg("review.row_unsent")
    if row.is_returned:
        return msg("review.row_returned")
    if case.is_paused:
        return case.waits_for
    if case.is_all_in:
        return msg("review.row_accept")
    if case.on is None:
        return msg("review.row_open")
    if case.waits_for != "":
        return joined(case.waits_for, month_day(case.on), separator="common.space")
    key = "review.row_received" if row.state is State.RECEIVED else "review.row_due"
    return msg(key, day=month_day(case.on))


def waiting_for_us(seen: QueueSeen) -> int:
    """How many of the cases wait for the section, not for somebody else."""
    return sum(case.row.state not in _OTHERS for case in seen.cases)


def queue_hint(seen: QueueSeen) -> Text:
    """How it is sorted; while all of it waits for others, which of them ends first."""
    if len(seen.cases) > LONGEST:
        return msg("review.queue_first", n=LONGEST)
    if not seen.cases or waiting_for_us(seen):
        return msg("review.queue_hint")
    first = next((case.on for case in seen.cases if case.on is not None), None)
    return msg("review.queue_next", day=month_day(first)) if first is not None else msg("review.queue_hint")


def first_case(seen: QueueSeen) -> CaseId | None:
    """The case to begin with."""
    return seen.cases[0].row.case_id if seen.cases else None
