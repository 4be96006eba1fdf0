"""The source manager of ours, compiled and set up for a test; no maker's."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

from yichuang_client.devices.twain_driver import TwainDriver
from yichuang_client.devices.window_messages import Seen

_SOURCE = Path(__file__).with_name("twain_manager.c")
WIDTH, HEIGHT = 83, 61
"""Of a page."""


def build_manager(folder: Path) -> str:
    """Compile the manager; returns its file. Under wine it was compiled beforehand (`tests/wine/run.sh`)."""
    if sys.platform == "win32":
        return str(_SOURCE.parents[2] / "build" / "wine" / "TWAINDSM.dll")
    made = folder / "libtwaindsm.so"
    command = ["cc", "-shared", "-fPIC", "-fvisibility=hidden", "-o", str(made), str(_SOURCE)]
    subprocess.run(command, check=True)
    return str(made)


class OneMessage:
    """A thread that always finds one message, which it asks the source about."""

    window: int | None = 77

    def look(self, seen: Seen) -> None:
        """As `Messages.look`."""
        seen(1)

    def wait(self, seconds: float) -> None:
        """As `Messages.wait`."""

    def close(self) -> None:
        """As `Messages.close`."""


class Variables:
    """The variables of a manager that is loaded in this process."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._library = ctypes.CDLL(file)

    def set(self, **values: int) -> None:
        """Set them."""
        for name, value in values.items():
            ctypes.c_int.in_dll(self._library, name).value = value

    def get(self, *names: str) -> tuple[int, ...]:
        """Their values."""
        return tuple(ctypes.c_int.in_dll(self._library, name).value for name in names)

    def is_left_clean(self) -> bool:
        """Whether nothing was called out of order, all memory was given back and all states were left."""
        return self.get("wrong_calls", "handles", "state") == (0, 0, 2)

    def driver(self, **settings: float) -> TwainDriver:
        """A driver that uses it."""
        return TwainDriver(manager=self.file, **settings)  # type: ignore[arg-type]
