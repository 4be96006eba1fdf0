"""The desk's own look for a newer program: one thread, at idle, on a part of the line.

Rules kept here: nothing is read while an act or a page waits to be sent; between two pieces the line is free for as
long as the last one took; a failure waits for the next look; what is known is one value for the screen.
"""

from __future__ import annotations

import platform
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from yichuang_client.trace import trace
from yichuang_client.update.releases import Read, find_release
from yichuang_client.update.slots import read_slots
from yichuang_client.update.staging import stage
from yichuang_client.update.status import UpdateError, UpdateReason, UpdateState, UpdateStatus, running_version

LOOK_SECONDS, IDLE_SECONDS = 1800.0, 5.0
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where versions lie, and who this desk is to the rings."""

    folder: Path
    root: Path | None
    """The pinned root, where one was installed."""
    desk: str
    ring: int = 1


def platform_name() -> str:
    """As releases name it: ``linux-x86_64``, ``windows-amd64``."""
    return f"{platform.system()}-{platform.machine()}".lower()


class Updating:
    """Looks and fetches until it is stopped."""

    def __init__(self, place: Place, read: Read, is_free: Callable[[], bool]) -> None:
        self._place, self._read, self._is_free = place, read, is_free
        given_up = read_slots(place.folder).bad[-1:]
        state = UpdateState.OFF if place.root is None else UpdateState.NEWEST
        self._status = UpdateStatus(running=running_version(), state=state, given_up="".join(given_up))
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="update", daemon=True)

    @property
    def status(self) -> UpdateStatus:
        """As of now. From any thread."""
        return self._status

    def start(self) -> None:
        """Begin; nothing where no root was installed."""
        if self._place.root is not None:
            self._thread.start()

    def stop(self) -> None:
        """End; what was fetched stays for the next time."""
        self._end.set()

    def look(self) -> None:
        """Take what this desk shall run next. Raises UpdateError."""
        place = self._place
        if place.root is None:
            return
        try:
            root = place.root.read_bytes()
        except OSError as error:
            raise UpdateError(UpdateReason.DISK) from error
        named = platform_name()
        release = find_release(self._politely, place.folder, root, desk=place.desk, ring=place.ring, platform=named)
        slots = read_slots(place.folder)
        running = self._status.running
        if release is None or release.version in (running, *slots.bad):
            self._tell(state=UpdateState.NEWEST, version="")
            return
        if slots.current != release.version:
            self._fetch(
                release.version,
                lambda told: stage(
                    release, place.folder, self._politely, have=_own_folder(), progress=lambda n: told(n, release.size)
                ),
            )
        self._tell(state=UpdateState.READY, version=release.version)

    def _fetch(self, new: str, work: Callable[[Callable[[int, int], None]], None]) -> None:
        self._tell(state=UpdateState.COMING, version=new, percent=0)
        work(lambda done, size: self._tell(percent=100 * done // max(1, size)))
        trace("update ready", version=new)

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self.look()
            except UpdateError as error:
                if self._end.is_set():
                    return
                trace("no update", reason=error.reason.value)
                is_failure = error.reason not in (UpdateReason.OFFLINE, UpdateReason.NOT_FOUND)
                self._tell(state=UpdateState.FAILED if is_failure else self._status.state, reason=error.reason)
            self._end.wait(LOOK_SECONDS)

    def _politely(self, path: str, offset: int) -> bytes:
        while not self._is_free() and not self._end.is_set():
            self._end.wait(IDLE_SECONDS)
        if self._end.is_set():
            raise UpdateError(UpdateReason.OFFLINE)
        began = time.monotonic()
        piece = self._read(path, offset)
        self._end.wait(min(_LONGEST_PAUSE, time.monotonic() - began))
        return piece

    def _tell(self, **changes: object) -> None:
        self._status = replace(self._status, **({"reason": None} | changes))  # type: ignore[arg-type]


def _own_folder() -> Path | None:
    """The running program's folder, where it is a packaged one."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None
