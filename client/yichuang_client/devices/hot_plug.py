"""热插拔: tells when something is plugged in or out, or when a permission comes, on the bus of this machine.

Rules kept here: nothing is opened; a device that leaves and returns within a moment (some do when their firmware is
loaded) is no change; what is told is only that something changed, not what: whoever hears it looks anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from yichuang_client.devices.usb_files import USBFiles, usb_entries
from yichuang_client.devices.windows_bus import plugged_in

LOOK_SECONDS = 1.0


class BusWatch:
    """总线监视: one thread, from start to close."""

    def __init__(
        self,
        changed: Callable[[], None],
        *,
        files: USBFiles | None = None,
        cameras: Path = Path("/dev"),
        on_windows: Callable[[], frozenset[str]] = plugged_in,
        seconds: float = LOOK_SECONDS,
    ) -> None:
        """``changed`` is called from that thread."""
        self._changed = changed
        self._files = files or USBFiles()
        self._cameras = cameras
        self._on_windows = on_windows
        self._seconds = seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bus-watch", daemon=True)
        self._told = self._state()

    def start(self) -> None:
        """Begin; what is there now is known."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._is_over.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _state(self) -> frozenset[tuple[str, ...]]:
        entries = {(row.port, row.ids, str(row.is_open)) for row in usb_entries(self._files)}
        nodes = {(node.name,) for node in self._cameras.glob("video*")}
        return frozenset(entries | nodes | {(name,) for name in self._on_windows()})

    def _watch(self) -> None:
        before = self._told
        while not self._is_over.wait(self._seconds):
            now = self._state()
            if now == before and now != self._told:
                self._told = now
                self._changed()
            before = now
