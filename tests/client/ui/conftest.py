"""One window a test module, driven by real X events."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.display import display
from tests.support.screens import Shot, Studio

__all__ = ["display"]


class Person:
    """Somebody at the keyboard of a studio's window."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.errors: list[str] = []
        studio.bench.window.report_callback_exception = self._failed  # type: ignore[method-assign]

    def _failed(self, kind: type[BaseException], error: BaseException, _trace: object) -> None:
        self.errors.append(f"{kind.__name__}: {error}")

    def pose(self, shot: Shot) -> None:
        """Show a screen and give the window the focus."""
        self.studio.listener(shot.screen).heard.clear()
        self.studio.pose(shot, shot.sizes[0])
        window = self.studio.bench.window
        (window.focus_lastfor() or window).focus_force()
        self.wait(lambda: self.studio.bench.window.focus_get() is not None)
        self.studio.listener(shot.screen).heard.clear()

    def press(self, *keys: str) -> None:
        """Press keys as X knows them, through the X server."""
        subprocess.run(["xdotool", "key", "--delay", "1", *keys], check=True)
        self.studio.settle(60)

    def type(self, text: str) -> None:
        """Type text through the X server."""
        subprocess.run(["xdotool", "type", "--delay", "1", text], check=True)
        self.studio.settle(120)

    def wait(self, holds: Callable[[], bool], seconds: float = 5) -> None:
        """Serve the window until something holds; raises AssertionError."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            self.studio.settle(10)

    @property
    def focus(self) -> str:
        """Stable name of what has the focus."""
        return self.studio.bench.kit.focus.current


@pytest.fixture(scope="module")
def studio(display: str) -> Iterator[Studio]:
    """A workbench with all its outlets."""
    made = Studio(patience=10)
    yield made
    made.close()


@pytest.fixture
def person(studio: Studio) -> Iterator[Person]:
    """A person at the window; no callback may fail."""
    made = Person(studio)
    yield made
    assert made.errors == []
