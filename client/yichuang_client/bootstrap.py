"""Puts a desk together: the only place that names concrete classes.

Rules kept here: one worker thread for the store and the line, the Tk thread only draws; the sync loop's events are
looked at by ``after``; closing the window ends loop, store and keys.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from yichuang_client.config import Config
from yichuang_client.presenters.enrolment import EnrolPresenter
from yichuang_client.presenters.home import home_model, shell_model
from yichuang_client.presenters.models.common import Text, joined
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.sign_in import SignInPresenter
from yichuang_client.sync.desk_session import DeskSession, DeskState, SignedIn
from yichuang_client.trace import trace
from yichuang_client.ui.loop import Worker
from yichuang_client.ui.workbench import Workbench

LOOK_MS = 200
"""How often the sync loop's events are looked at."""


def _now() -> datetime:
    return datetime.now(UTC)


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
        if self._session.state is DeskState.NOT_ENROLLED:
            self._enrolment.open()
            self._bench.raise_screen(ScreenName.ENROL)
        else:
            self._to_sign_in()
        try:
            self._bench.run()
        finally:
            self._worker.close()
            self._session.close()
            trace("closed")

    def _to_sign_in(self) -> None:
        self._sign_in.open("")
        self._bench.raise_screen(ScreenName.SIGN_IN)

    def _to_work(self, signed_in: SignedIn) -> None:
        self._signed_in = signed_in
        self._look()
        self._bench.raise_screen(ScreenName.HOME)

    def _look(self) -> None:
        """Draw what the sync loop has told; again soon."""
        self._drain()
        signed_in = self._signed_in
        if signed_in is not None:
            status = self._session.sync.status
            self._show_frame(shell_model(self._office(), signed_in.person.name, status, _now()))
            self._home.show(home_model(status, self._session.store.catalogue.count()))
        self._bench.loop.after(LOOK_MS, self._look)

    def _drain(self) -> None:
        try:
            while True:
                self._session.sync.events.get_nowait()
        except queue.Empty:
            return

    def _office(self) -> Text:
        desk = self._session.store.desk
        district = self._session.store.people.district
        names = [place.name for place in district.places if place.place == desk.place] if district else []
        return joined(*names, desk.replica)
