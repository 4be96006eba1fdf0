"""办件列表的行: what one line of a list says of a case.

Rules kept here: people are masked, bodies named; the countdown stands beside the due date; a second state becomes a
word; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from yichuang_client.presenters.casework import due_chip, month_day, row_name
from yichuang_client.presenters.models.common import Chip, Column, Row, Text, TimeStyle, Tone, When, joined, msg
from yichuang_client.store.case_rows import CaseRow
from yichuang_domain.case import ENDED, State
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import SectionId
from yichuang_domain.workdays import Calendar

COLUMNS = (
    Column(key="item", title=msg("queue.item"), width=210, stretches=True),
    Column(key="who", title=msg("queue.who"), width=150),
    Column(key="state", title=msg("queue.state"), width=290, stretches=True),
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
    is_about_deferred: bool = False
    """Whether the dates are those of the materials that are still to come."""

    def due_on(self, row: CaseRow) -> date | None:
        """The date that the list is about."""
        return row.deferred_due_on if self.is_about_deferred else row.due_on


def rows(found: Sequence[CaseRow], today: Today) -> tuple[Row, ...]:
    """The lines of these cases, in their order."""

    @cache
    def chip(due_on: date | None, is_paused: bool) -> Chip:
        return due_chip(due_on, today.on, today.calendar, is_paused)

    return tuple(_row(row, today, chip) for row in found)


def is_overdue(row: CaseRow, today: Today) -> bool:
    """Whether what runs has ended without an answer."""
    due_on = today.due_on(row)
    return due_on is not None and today.on > due_on and row.state is not State.SUSPENDED


def _row(row: CaseRow, today: Today, chip: Callable[[date | None, bool], Chip]) -> Row:
    is_paused = row.state is State.SUSPENDED
    return Row(
        key=row.case_id,
        chip=chip(today.due_on(row), is_paused and not today.is_about_deferred),
        cells=(
            _item(row),
            row_name(row),
            _where(row, today),
            _due(row, today),
            row.number,
        ),
        tone=Tone.DANGER if is_overdue(row, today) else None,
        is_muted=is_paused or row.state in ENDED,
    )


def _item(row: CaseRow) -> Text:
    """The item; of a matter, which of how many it is and what the whole is called."""
    name: Text = row.item_name or msg("case.item_coming", code=row.item_code)
    if row.matter is None:
        return name
    return joined(name, msg("queue.of_matter", n=row.matter_ordinal, of=row.matter_size, name=row.matter_name))


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


def _due(row: CaseRow, today: Today) -> Text:
    on = today.due_on(row)
    if on is None:
        return msg("common.none")
    if on == today.on:
        return msg("queue.today")
    due = month_day(on) if on.year == today.on.year else When(value=on, style=TimeStyle.DAY)
    return msg("queue.provisional", due=due) if row.is_provisional else due
