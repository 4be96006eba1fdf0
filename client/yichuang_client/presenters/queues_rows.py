"""办件列表的行: what one line of a list says of a case.

Rules kept here: names are masked; the countdown stands beside the due date; a second state becomes a word; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from yichuang_client.presenters.casework import due_chip, masked, month_day
from yichuang_client.presenters.models.common import Chip, Column, Row, Text, TimeStyle, Tone, When, joined, msg
from yichuang_client.store.case_rows import CaseRow
from yichuang_domain.case import ENDED, State
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import SectionId
from yichuang_domain.workdays import Calendar

COLUMNS = (
    Column(key="item", title=msg("queue.item"), width=230, stretches=True),
    Column(key="who", title=msg("queue.who"), width=84),
    Column(key="state", title=msg("queue.state"), width=270, stretches=True),
    Column(key="due", title=msg("queue.due"), width=100),
    Column(key="number", title=msg("queue.number"), width=246),
)
CHIP_WIDTH = 120


@dataclass(frozen=True, kw_only=True)
class Today:
    """What a line depends on besides its case."""

    on: date
    calendar: Calendar
    sections: Mapping[SectionId, str]


def rows(found: Sequence[CaseRow], today: Today) -> tuple[Row, ...]:
    """The lines of these cases, in their order."""

    @cache
    def chip(due_on: date | None, is_paused: bool) -> Chip:
        return due_chip(due_on, today.on, today.calendar, is_paused)

    return tuple(_row(row, today, chip) for row in found)


def is_overdue(row: CaseRow, on: date) -> bool:
    """Whether what runs has ended without an answer."""
    return row.due_on is not None and on > row.due_on and row.state is not State.SUSPENDED


def _row(row: CaseRow, today: Today, chip: Callable[[date | None, bool], Chip]) -> Row:
    is_paused = row.state is State.SUSPENDED
    return Row(
        key=row.case_id,
        chip=chip(row.due_on, is_paused),
        cells=(
            row.item_name or msg("case.item_coming", code=row.item_code),
            masked(row.applicant),
            _where(row, today),
            _due(row, today.on),
            row.number,
        ),
        tone=Tone.DANGER if is_overdue(row, today.on) else None,
        is_muted=is_paused or row.state in ENDED,
    )


def _where(row: CaseRow, today: Today) -> Text:
    """到哪一步, who is at it, and whatever must not be overlooked."""
    flags: list[Text] = []
    flags += [msg("case.unsent")] if row.unsent else []
    flags += [msg("case.irregular")] if row.is_irregular else []
    flags += [msg("case.returned")] if row.is_returned else []
    flags += [msg("queue.deferred")] if row.is_deferred else []
    flags += [msg("case.read_only")] if row.is_read_only else []
    return joined(*flags, _step(row, today))


def _step(row: CaseRow, today: Today) -> Text:
    named = today.sections.get(row.section) if row.section is not None else None
    section: Text = named or msg("step.section")
    if row.state is State.RECEIVED:
        by_section = row.accept_by is AcceptBy.SECTION
        return msg("queue.section_accepts", section=section) if by_section else msg("queue.to_accept")
    if row.state in (State.ACCEPTED, State.IN_REVIEW):
        key = "queue.section_verifies" if row.opinions else "queue.section_reviews"
        return msg(key, section=section)
    return msg(f"case.state_{row.state.name}")


def _due(row: CaseRow, on: date) -> Text:
    if row.due_on is None:
        return msg("common.none")
    if row.due_on == on:
        return msg("queue.today")
    style = TimeStyle.MONTH_DAY if row.due_on.year == on.year else TimeStyle.DAY
    due: Text = month_day(row.due_on) if style is TimeStyle.MONTH_DAY else When(value=row.due_on, style=style)
    return msg("queue.provisional", due=due) if row.is_provisional else due
