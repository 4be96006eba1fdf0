"""同步医生的数据: what waits, what was refused and what has arrived, read off the Tk thread.

Rules kept here: one row a case, its first waiting act in front and the number of those behind it; names are masked
here already; delivered means a receipt of the district; the state of a row is said by the outbox and the line alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework import row_name
from yichuang_client.presenters.models.common import Text, joined, msg
from yichuang_client.store.outbox import OutboxDeed, Sending
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.mirror import MirrorStatus
from yichuang_client.sync.status import Line, SyncStatus
from yichuang_client.update.status import UpdateStatus
from yichuang_domain.actions import AttachPage
from yichuang_domain.deed import local_day
from yichuang_domain.ids import CaseId, DeedId

LIMIT = 200
"""Rows of the outbox that are read."""


class RowState(Enum):
    """How far a row has come, in the order in which rows are shown."""

    NEEDS_YOU = "NEEDS_YOU"
    """要您处理: the district did not record it."""
    WAITING = "WAITING"
    """等线路."""
    SENDING = "SENDING"
    """正在送."""
    DELIVERED = "DELIVERED"
    """已送达: with its receipt."""


@dataclass(frozen=True, kw_only=True)
class SentRow:
    """One case's first waiting act, one refused deed, or one delivered deed."""

    key: str
    deed: DeedId
    case: CaseId
    is_here: bool
    """Whether the case can be opened on this desk."""
    state: RowState
    act: str
    """Class name of the action."""
    subject: Text
    """Item and masked applicant."""
    more: int
    """Acts behind it that wait too; pages do not count."""
    saved_time: datetime
    answered_time: datetime | None
    reason: str
    """Member of ``Reason`` where the district refused, NOT_YET where it does not know the act."""


@dataclass(frozen=True, kw_only=True)
class SyncSeen:
    """What the page was read from, at one moment."""

    now: datetime
    status: SyncStatus
    rows: tuple[SentRow, ...]
    skew: timedelta | None
    """How far this desk's clock stands before (+) the district's; None before it was measured."""
    mirror: MirrorStatus
    update: UpdateStatus | None = None

    def count(self, *states: RowState) -> int:
        """Rows in these states."""
        return sum(row.state in states for row in self.rows)

    @property
    def unsent(self) -> int:
        """没送达: the sync loop's own number, as everywhere in the window."""
        return self.status.unsent


def read_sync(work: Work, session: DeskSession, update: UpdateStatus | None) -> SyncSeen:
    """Everything that the page shows. Raises StoreError."""
    now, status = work.clock(), session.sync.status
    listed = work.store.outbox.list(LIMIT)
    rows = [*_refused(work, listed), *_waiting(work, listed, status.line), *_delivered(work, listed)]
    skew = work.store.meta.text("skew_ms")
    return SyncSeen(
        now=now,
        status=status,
        rows=tuple(rows),
        mirror=session.mirror.status,
        update=update,
        skew=timedelta(milliseconds=int(skew)) if skew else None,
    )


def _refused(work: Work, listed: Iterable[OutboxDeed]) -> Iterator[SentRow]:
    for row in listed:
        if row.state is Sending.REFUSED and not row.is_seen:
            act = row.deed.acts[min(row.refused_act, len(row.deed.acts) - 1)]
            yield _row(work, row, act.case, RowState.NEEDS_YOU, type(act.action).__name__, 0)


def _waiting(work: Work, listed: Iterable[OutboxDeed], line: Line) -> Iterator[SentRow]:
    first: dict[CaseId, OutboxDeed] = {}
    acts: dict[CaseId, list[str]] = {}
    for row in listed:
        if row.state is Sending.PENDING:
            for act in row.deed.acts:
                first.setdefault(act.case, row)
                acts.setdefault(act.case, []).append(type(act.action).__name__)
    state = RowState.SENDING if line is Line.ONLINE else RowState.WAITING
    for case, row in first.items():
        steps = [name for name in acts[case] if name != AttachPage.__name__] or [AttachPage.__name__]
        yield _row(work, row, case, state, steps[0], len(steps) - 1)


def _delivered(work: Work, listed: Iterable[OutboxDeed]) -> Iterator[SentRow]:
    """Of today, the last answer first."""
    done = [
        row
        for row in listed
        if row.state is Sending.RECORDED and row.answered_time and local_day(row.answered_time) == work.today
    ]
    for row in sorted(done, key=lambda row: row.answered_time or row.saved_time, reverse=True):
        act = next((act for act in row.deed.acts if not isinstance(act.action, AttachPage)), row.deed.acts[0])
        yield _row(work, row, act.case, RowState.DELIVERED, type(act.action).__name__, 0)


def _row(work: Work, row: OutboxDeed, case: CaseId, state: RowState, act: str, more: int) -> SentRow:
    line = work.store.rows.find(case)
    subject: Text = msg("sync.elsewhere")
    if line is not None:
        subject = joined(line.item_name or msg("case.item_coming", code=line.item_code), row_name(line))
    return SentRow(
        key=f"{row.deed.deed}:{case}",
        deed=row.deed.deed,
        case=case,
        is_here=line is not None and line.is_here,
        state=state,
        act=act,
        subject=subject,
        more=more,
        saved_time=row.saved_time,
        answered_time=row.answered_time,
        reason=row.reason,
    )
