"""发件箱的行: state, act, case, age, reason and next step of each row.

Rules kept here: pure; an undelivered row always has a next step; the time of an automatic try is the loop's own.
"""

from __future__ import annotations

from yichuang_client.presenters.models.common import (
    Chip,
    Column,
    Mark,
    Row,
    Span,
    Table,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.sync_reading import RowState, SentRow, SyncSeen
from yichuang_client.sync.status import Line
from yichuang_domain.errors import Reason

COLUMNS = (
    Column(key="act", title=msg("sync.col_act"), width=150),
    Column(key="case", title=msg("sync.col_case"), width=330, stretches=True),
    Column(key="age", title=msg("sync.col_age"), width=104),
    Column(key="why", title=msg("sync.col_why"), width=250, stretches=True),
    Column(key="next", title=msg("sync.col_next"), width=190),
)
_CHIPS = {
    RowState.NEEDS_YOU: Chip(text=msg("sync.chip_mine"), tone=Tone.DANGER, mark=Mark.WARN, is_bold=True),
    RowState.WAITING: Chip(text=msg("sync.chip_waiting"), tone=Tone.WARNING, mark=Mark.WAIT),
    RowState.SENDING: Chip(text=msg("sync.chip_sending"), tone=Tone.PRIMARY, mark=Mark.UNSENT),
    RowState.DELIVERED: Chip(text=msg("sync.chip_delivered"), tone=Tone.SUCCESS, mark=Mark.OK),
}
_NOT_YET = "NOT_YET"
DELIVERED_HEAD = "delivered"
"""Key of the heading above what has arrived."""


def table(rows: tuple[SentRow, ...], seen: SyncSeen | None, selected: str | None) -> Table:
    """The outbox."""
    drawn: list[Row] = []
    for row in rows:
        if seen is None:
            break
        if row.state is RowState.DELIVERED and not any(line.is_group for line in drawn):
            drawn.append(_heading(seen))
        drawn.append(_row(row, seen))
    return Table(
        chip_title=msg("sync.col_state"),
        columns=COLUMNS,
        rows=tuple(drawn),
        selected=selected,
        empty=msg("sync.empty") if seen is not None else "",
    )


def _heading(seen: SyncSeen) -> Row:
    cells = (msg("sync.delivered_today", n=seen.count(RowState.DELIVERED)), "", msg("sync.newest_first"))
    return Row(key=DELIVERED_HEAD, cells=cells, is_group=True)


def _row(row: SentRow, seen: SyncSeen) -> Row:
    act: Text = msg(f"sync.act_{row.act}")
    if row.more:
        act = joined(act, msg("sync.more", n=row.more), separator="sync.space")
    needs_you = row.state is RowState.NEEDS_YOU
    return Row(
        key=row.key,
        chip=_CHIPS[row.state],
        cells=(act, row.subject, _age(row, seen), reason_of(row, seen), _next(row, seen)),
        tone=Tone.DANGER if needs_you else None,
        is_muted=row.state is RowState.DELIVERED,
    )


def _age(row: SentRow, seen: SyncSeen) -> Text:
    if row.state is RowState.DELIVERED:
        return When(value=row.saved_time, style=TimeStyle.CLOCK)
    return Span(minutes=max(0, int((seen.now - row.saved_time).total_seconds() // 60)))


def reason_of(row: SentRow, seen: SyncSeen) -> Text:
    """Why the row stands where it stands: one sentence."""
    if row.state is RowState.NEEDS_YOU:
        return msg(f"reason.{row.reason}") if row.reason in Reason.__members__ else msg("sync.refused")
    if row.state is RowState.DELIVERED and row.answered_time is not None:
        return msg("sync.receipt", time=When(value=row.answered_time, style=TimeStyle.SECONDS))
    if row.reason == _NOT_YET:
        return msg("sync.not_yet")
    if seen.status.is_forked:
        return msg("sync.stopped")
    if seen.status.line is Line.ONLINE:
        return msg("sync.on_its_way")
    return msg("sync.district_says_no") if seen.status.line is Line.BLOCKED else msg("sync.why_offline")


def _next(row: SentRow, seen: SyncSeen) -> Text:
    if row.state is RowState.DELIVERED:
        return msg("common.none")
    if row.state is RowState.NEEDS_YOU:
        return msg("sync.next_look") if row.is_here else msg("sync.next_put_away")
    if seen.status.is_forked:
        return msg("sync.next_renew")
    if row.reason == _NOT_YET:
        return msg("sync.next_upgrade")
    at = seen.status.next_try_time
    if at is None or seen.status.line is Line.ONLINE:
        return msg("sync.next_now")
    return msg("sync.next_try", time=When(value=at, style=TimeStyle.SECONDS))
