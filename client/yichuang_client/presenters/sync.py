"""同步医生: how much is unsent, whether it is safe, where it breaks, and what to do about each row.

Rules kept here: a try answers in words within five seconds, whatever the line does; nothing on this page waits for
the district; what is copied has no personal datum; a row that is gone takes its selection along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Progress, Text, View, msg
from yichuang_client.presenters.models.sync import SyncAct, SyncModel
from yichuang_client.presenters.sync_carry import PLACE, Asked, ask, carry, strip
from yichuang_client.presenters.sync_diagnosis import diagnosis
from yichuang_client.presenters.sync_model import ALL, Standing, sync_model
from yichuang_client.presenters.sync_reading import RowState, SyncSeen, read_sync
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.status import Line, SyncEvent, SyncStatus
from yichuang_client.trace import trace

ANSWER_MS = 5_000
"""A try says something within this time."""
_LOOK_MS = 200


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One press of F5."""

    before: SyncStatus
    at: datetime
    left_ms: int


class SyncPresenter:
    """The sync page."""

    def __init__(self, view: View[SyncModel], desk: Desk, clock: Callable[[], datetime] = _now) -> None:
        self._view = view
        self._desk = desk
        self._clock = clock
        self._standing = Standing()
        self._is_reading = self._again = False

    def open(self) -> None:
        """Show the page as it is now."""
        self._show(replace(self._standing, filter=ALL, is_whole=False, said="", fault=""))
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """Something came in or went out: read anew."""
        self._read()

    # ---- what a person does -----------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """As ``SyncEvents.select``."""
        self._show(replace(self._standing, selected=key, is_whole=False, said=""))

    def open_row(self, key: str) -> None:
        """As ``SyncEvents.open_row``: the case of the row, where it is on this desk."""
        self._show(replace(self._standing, selected=key))
        row = self._standing.row
        if row is not None and row.is_here:
            self._desk.way.case(row.case)

    def expand(self, key: str) -> None:
        """As ``SyncEvents.expand``."""
        self._show(replace(self._standing, selected=key, is_whole=not self._standing.is_whole, said=""))

    def filter(self, key: str) -> None:
        """As ``SyncEvents.filter``."""
        self._show(_selected_in(replace(self._standing, filter=key, said="")))

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        if act == SyncAct.RETRY:
            self._retry()
        elif act == SyncAct.COPY_DIAGNOSIS:
            self._copy()
        elif act == SyncAct.PUT_AWAY:
            self._put_away()
        elif act in (SyncAct.CARRY, SyncAct.TAKE, SyncAct.MIRROR, SyncAct.RENEW):
            self._ask(SyncAct(act))
        elif act == SyncAct.DO and self._standing.selected is not None:
            self.open_row(self._standing.selected)

    def confirm(self, act: str) -> None:
        """As ``ActEvents.confirm``: to write to a medium, to take from one, to keep a second copy."""
        asked, work, session = self._standing.asked, self._desk.work, self._desk.session
        if asked is None or asked.act != act or self._standing.progress is not None or not strip(asked).can_confirm:
            return

        def done(said: Text) -> None:
            self._show(replace(self._standing, progress=None, said=said))
            self._read()

        def failed(error: Exception) -> None:
            self._show(replace(self._standing, progress=None, said=sentence(error)))

        doing = msg("start.enrolling") if act == SyncAct.RENEW else msg("sync.carrying")
        self._show(replace(self._standing, asked=None, progress=Progress(text=doing), said="", fault=""))
        self._desk.background.run(lambda: carry(asked, work(), session), done, failed)

    def cancel(self) -> None:
        """As ``ActEvents.cancel``: takes the question back, then goes back."""
        if self._standing.asked is not None:
            self._show(replace(self._standing, asked=None))
        else:
            self._desk.way.back()

    def type_in(self, key: str, text: str) -> None:
        """As ``ActEvents.type_in``: the place of a medium."""
        if self._standing.asked is not None and key == PLACE:
            self._show(replace(self._standing, asked=replace(self._standing.asked, place=text)))

    def _ask(self, act: SyncAct) -> None:
        work = self._desk.work

        def asked(question: Asked) -> None:
            self._show(replace(self._standing, asked=question, said="", fault=""))

        self._desk.background.run(lambda: ask(act, work()), asked, self._failed)

    # ---- a try ------------------------------------------------------------------------------------------------

    def _retry(self) -> None:
        if self._standing.progress is not None:
            return
        at = self._clock()
        try:
            before = self._desk.session.sync.status
            self._desk.session.sync.wake()
        except StoreError as error:
            self._show(replace(self._standing, fault=sentence(error)))
            return
        self._show(replace(self._standing, progress=Progress(text=msg("sync.trying")), said=""))
        self._look(_Try(before=before, at=at, left_ms=ANSWER_MS))

    def _look(self, tried: _Try) -> None:
        """Whether the try has ended; once more after a moment, and not for ever."""
        try:
            status = self._desk.session.sync.status
        except StoreError as error:
            self._show(replace(self._standing, progress=None, fault=sentence(error)))
            return
        said = _answer(tried, status)
        if said is None and tried.left_ms > 0:
            following = replace(tried, left_ms=tried.left_ms - _LOOK_MS)
            self._desk.later.after(_LOOK_MS, lambda: self._look(following))
            return
        trace("retry answered", line=status.line.value, unsent=status.unsent, in_time=said is not None)
        self._show(replace(self._standing, progress=None, said=said or msg("sync.no_answer")))
        self._read()

    # ---- diagnosis, the tray ----------------------------------------------------------------------------------

    def _copy(self) -> None:
        work, session = self._desk.work, self._desk.session

        def copied(text: str) -> None:
            trace("diagnosis copied", lines=text.count("\n"))
            self._show(
                replace(self._standing, clipboard=text, copied=self._standing.copied + 1, said=msg("sync.copied"))
            )

        self._desk.background.run(lambda: diagnosis(work(), session), copied, self._failed)

    def _put_away(self) -> None:
        row, work = self._standing.row, self._desk.work
        if row is None or row.state is not RowState.NEEDS_YOU:
            return
        deed = row.deed

        def away(_nothing: None) -> None:
            trace("refusal put away", deed=deed)
            self._read()

        self._desk.background.run(lambda: work().store.outbox.put_away(deed), away, self._failed)

    # ---- reading ----------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the page's data; what is asked for during a reading is one more reading after it."""
        if self._is_reading:
            self._again = True
            return
        self._is_reading, self._again = True, False
        work, session, updates = self._desk.work, self._desk.session, self._desk.updates
        self._desk.background.run(lambda: read_sync(work(), session, updates()), self._arrived, self._unread)

    def _arrived(self, seen: SyncSeen) -> None:
        self._is_reading = False
        self._show(_selected_in(replace(self._standing, seen=seen, fault="")))
        trace(
            "sync shown",
            unsent=seen.unsent,
            mine=seen.count(RowState.NEEDS_YOU),
            waiting=seen.count(RowState.WAITING, RowState.SENDING),
            line=seen.status.line.value,
        )
        if self._again:
            self._read()

    def _unread(self, error: Exception) -> None:
        self._is_reading = False
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._show(replace(self._standing, fault=sentence(error)))

    def _show(self, now: Standing) -> None:
        self._standing = now
        self._view.show(sync_model(now))


def _answer(tried: _Try, status: SyncStatus) -> Text | None:
    """What came of a try, None while nothing has."""
    if status is tried.before:
        return None
    if status.line is Line.ONLINE:
        # The store keeps milliseconds.
        if status.exchange_time is None or status.exchange_time <= tried.at - timedelta(milliseconds=1):
            return None
        return msg("sync.through_now") if tried.before.line is not Line.ONLINE else msg("sync.still_through")
    same = status.line is tried.before.line and status.problem is tried.before.problem
    return msg("sync.still_broken") if same else msg("sync.broken_otherwise")


def _selected_in(now: Standing) -> Standing:
    """The selection stays where its row is still shown, else it goes to the first row."""
    keys = [row.key for row in now.rows]
    if now.selected in keys:
        return now
    return replace(now, selected=keys[0] if keys else None, is_whole=False)
