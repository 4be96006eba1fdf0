"""Puts a desk together: the only place that names concrete classes.

Rules kept here: one worker thread for the store and the line, the Tk thread only draws; the sync loop's events are
looked at by ``after``; a store that does not open says why in one sentence; a revoked desk loses its keys at once;
closing the window ends loop, store and keys.
"""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yichuang_client.config import Config
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.home import home_model, shell_model
from yichuang_client.presenters.models.common import Text, joined
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.desk_session import DeskSession, DeskState, SignedIn
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import StatusChanged, SyncEvent, SyncStatus
from yichuang_client.trace import trace
from yichuang_client.ui.loop import Worker
from yichuang_client.ui.workbench import Workbench

LOOK_MS = 200
"""How often the sync loop's events are looked at."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was read for the frame and the home page."""

    office: Text
    status: SyncStatus
    items: int


class Late:
    """Events of a screen whose presenter is made after its view: told to it once it is there."""

    def __init__(self) -> None:
        self.presenter: Any = None

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *values: getattr(self.presenter, name)(*values) if self.presenter is not None else None


class Client:
    """One running client."""

    def __init__(self, config: Config) -> None:
        self._session = DeskSession(config.data, _now)
        self._bench = Workbench(config.language)
        self._worker = Worker("desk", self._bench.loop)
        self._signed_in: SignedIn | None = None
        self._minute = -1
        enrol, sign_in, frame = Late(), Late(), Late()
        enrol_view = self._bench.screen(ScreenName.ENROL, enrol)
        sign_in_view = self._bench.screen(ScreenName.SIGN_IN, sign_in)
        self._show_frame = self._bench.frame(frame)
        self._home = self._bench.screen(ScreenName.HOME, Late())
        self._enrolment = EnrolPresenter(enrol_view, self._worker, self._session.enrol, self._to_sign_in)
        self._sign_in = SignInPresenter(sign_in_view, self._worker, self._session.sign_in, self._to_work)
        enrol.presenter, sign_in.presenter = self._enrolment, self._sign_in

    def run(self) -> None:
        """Serve the window until it is closed."""
        self._bench.window.protocol("WM_DELETE_WINDOW", self._bench.window.quit)
        self._begin()
        self._look()
        try:
            self._bench.run()
        finally:
            self._worker.close()
            self._session.close()
            trace("closed")

    def _begin(self) -> None:
        try:
            state = self._session.state
        except StoreError as error:
            self._stop_work(error)
            return
        if state is DeskState.NOT_ENROLLED:
            self._enrolment.open()
            self._bench.raise_screen(ScreenName.ENROL)
        else:
            self._to_sign_in()

    def _to_sign_in(self) -> None:
        self._sign_in.open("")
        self._bench.raise_screen(ScreenName.SIGN_IN, "account")

    def _stop_work(self, error: Exception) -> None:
        """Nobody can work here until somebody helps: say why."""
        self._signed_in = None
        self._sign_in.stop(error)
        self._bench.raise_screen(ScreenName.SIGN_IN)

    def _to_work(self, signed_in: SignedIn) -> None:
        self._signed_in = signed_in
        self._worker.run(self._gather, self._first, self._stop_work)

    def _first(self, seen: Seen) -> None:
        self._show(seen)
        self._bench.raise_screen(ScreenName.HOME)

    def _look(self) -> None:
        """See what the sync loop has told, and whether the minute has changed; again soon."""
        minute = _now().minute
        told = self._drain() if self._session.is_running else []
        problems = {event.status.problem for event in told if isinstance(event, StatusChanged)}
        if TransportReason.REVOKED in problems:
            revoked = TransportError(TransportReason.REVOKED)
            self._worker.run(self._session.shut_out, lambda _: self._stop_work(revoked), self._stop_work)
        elif self._signed_in is not None and (told or minute != self._minute):
            self._worker.run(self._gather, self._show, self._stop_work)
        self._minute = minute
        self._bench.loop.after(LOOK_MS, self._look)

    def _drain(self) -> list[SyncEvent]:
        told: list[SyncEvent] = []
        with contextlib.suppress(queue.Empty):
            while True:
                told.append(self._session.sync.events.get_nowait())
        return told

    def _gather(self) -> Seen:
        """What the frame and the home page say; on the worker's thread. Raises StoreError."""
        store = self._session.store
        desk, district = store.desk, store.people.district
        names = [place.name for place in district.places if place.place == desk.place] if district else []
        return Seen(
            office=joined(*names, desk.replica), status=self._session.sync.status, items=store.catalogue.count()
        )

    def _show(self, seen: Seen) -> None:
        if self._signed_in is None:
            return
        self._show_frame(shell_model(seen.office, self._signed_in.person.name, seen.status, _now()))
        self._home.show(home_model(seen.status, seen.items))
