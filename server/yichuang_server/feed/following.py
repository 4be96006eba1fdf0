"""Following what other processes write to the district's database: a command, or a second server.

Rules kept here: on PostgreSQL every process is signalled at the commit; on SQLite one process writes the log and
commands change catalogue and profile, which is looked for once a second and costs one PRAGMA when nothing was
written; a follower that lost its connection rings for everybody once it has another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from yichuang_server.feed.wakeups import Wakeups
from yichuang_server.store import catalogue, profile, signals
from yichuang_server.store.database import read

LOG = logging.getLogger("yichuang.server")
_PERIOD_S = 1.0
_PAUSE_S = 5.0
"""Before another try where the database is away."""


class Follower:
    """Rings the bells of this process for others; a thread between ``start`` and ``close``."""

    def __init__(self, engine: Engine, district: str, wakeups: Wakeups) -> None:
        self._engine = engine
        self._district = district
        self._wakeups = wakeups
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follow", daemon=True)

    def start(self) -> None:
        """Follow from now on: what is committed after this returns is not missed."""
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Stop, and wait for the end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        follow: Callable[[], None] = self._look if self._engine.dialect.name == "sqlite" else self._listen
        while not self._stop.is_set():
            try:
                follow()
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
                LOG.warning("follower: %s", type(error).__name__)
                self._stop.wait(_PAUSE_S)
            finally:
                self._ready.set()

    def _listen(self) -> None:
        listener = signals.Listener(self._engine, self._district)
        try:
            if self._ready.is_set():
                self._ring(signals.EVERYBODY)
            self._ready.set()
            while not self._stop.is_set():
                for signal in listener.hear(_PERIOD_S):
                    self._ring(signal)
        finally:
            listener.close()

    def _ring(self, signal: signals.Signal) -> None:
        self._wakeups.ring(signal.audiences, has_pages=signal.has_pages)

    def _look(self) -> None:
        mark = signals.ChangeMark(self._engine)
        try:
            known = read(self._engine, self._versions)
            if self._ready.is_set():
                self._ring(signals.EVERYBODY)
            self._ready.set()
            while not self._stop.wait(_PERIOD_S):
                if mark.has_moved():
                    before, known = known, read(self._engine, self._versions)
                    if known != before:
                        self._wakeups.ring()
        finally:
            mark.close()

    def _versions(self, connection: Connection) -> tuple[int, int]:
        return catalogue.newest_version(connection, self._district), profile.version(connection, self._district)
