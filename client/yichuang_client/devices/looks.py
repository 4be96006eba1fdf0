"""找设备: looks on every way to a device at the same time, with an end and with progress.

Rules kept here: one way that hangs delays no other one and no answer; that a late one ended is told; a way is never
looked at twice at the same time.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble

LOOK_SECONDS = 2.8
"""All looks together; a way that needs longer is told later."""


class Way(enum.Enum):
    """途径: how devices are found."""

    DRIVERS = "drivers"
    """The system's scanner drivers (SANE)."""
    NAMED = "named"
    """What an administrator named, asked whether it is there."""
    NETWORK = "network"
    """What announces itself."""
    CABLE = "cable"
    """Driverless devices on a cable, through ipp-usb."""
    USB = "usb"
    """The USB bus."""
    IDLE = "idle"
    """Scanners on the USB bus that no driver can reach."""
    QUEUES = "queues"
    """The system's print service."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """看过一种途径."""

    way: Way
    count: int
    """Devices found."""
    seconds: float
    trouble: Trouble | None = None
    """Why nothing could be seen; TIMEOUT: it still looks."""


class Looks:
    """The looks of one desk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[Way, Future[Any]] = {}
        self._since: dict[Way, float] = {}
        self._last: dict[Way, Looked] = {}
        self.on_looked: Callable[[Looked], None] | None = None
        """Called for each way when it was looked at, from another thread."""
        self.on_late: Callable[[], None] | None = None
        """Called, from another thread, when a way ended that nobody waited for any more."""
        self._late: set[Way] = set()
        self._ended_late: dict[Way, Future[Any]] = {}
        """What nobody waited for any more: the next look begins with it."""

    @property
    def last(self) -> tuple[Looked, ...]:
        """How the last look on each way went."""
        with self._lock:
            return tuple(self._last.values())

    def _start(self, way: Way, look: Callable[[], Any]) -> Future[Any]:
        """Look on a way, unless that is being done."""
        with self._lock:
            if way in self._ended_late:
                return self._ended_late.pop(way)
            if way in self._running:
                return self._running[way]
            future: Future[Any] = Future()
            self._running[way], self._since[way] = future, time.monotonic()
            self._last.pop(way, None)
        threading.Thread(target=self._look, args=(way, look, future), name=f"look-{way.value}", daemon=True).start()
        return future

    def _look(self, way: Way, look: Callable[[], Any], future: Future[Any]) -> None:
        value: Any = ()
        error: Exception | None = None
        try:
            value = look()
        except Exception as caught:  # told to whoever collects
            error = caught
        trouble = error.trouble if isinstance(error, DeviceError) else Trouble.DRIVER_CRASH if error else None
        with self._lock:
            seconds = time.monotonic() - self._since[way]
            looked = Looked(way=way, count=0 if error else len(value), seconds=seconds, trouble=trouble)
            self._last[way] = looked
            self._running.pop(way)
            is_late = way in self._late
            self._late.discard(way)
            if is_late:
                self._ended_late[way] = future
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
        if self.on_looked is not None:
            self.on_looked(looked)
        if is_late and self.on_late is not None:
            self.on_late()

    def collect(self, looks: dict[Way, Callable[[], Any]], seconds: float = LOOK_SECONDS) -> dict[Way, Any]:
        """Look on these ways at once; what was found, or the DeviceError that stood in the way; no longer than that."""
        waited = {way: self._start(way, look) for way, look in looks.items()}
        return self._results(waited, time.monotonic() + seconds)

    def _results(self, waited: dict[Way, Future[Any]], until: float) -> dict[Way, Any]:
        found: dict[Way, Any] = {}
        for way, future in waited.items():
            try:
                found[way] = future.result(max(0.0, until - time.monotonic()))
            except TimeoutError:
                with self._lock:
                    if way in self._running:
                        self._late.add(way)
                        waited_for = time.monotonic() - self._since[way]
                        self._last[way] = Looked(way=way, count=0, seconds=waited_for, trouble=Trouble.TIMEOUT)
                found[way] = DeviceError(Trouble.TIMEOUT, way.value)
            except DeviceError as error:
                found[way] = error
            if future.done():
                with self._lock:
                    self._ended_late.pop(way, None)  # somebody waited for it after all
        return found

    def is_late(self, way: Way) -> bool:
        """Whether the last look on a way did not end in time, or nobody has seen yet what it found."""
        with self._lock:
            return way in self._late or way in self._ended_late

    def settle(self, way: Way) -> None:
        """Wait until nobody looks on this way."""
        with self._lock:
            running = self._running.get(way)
        if running is not None:
            running.exception()
