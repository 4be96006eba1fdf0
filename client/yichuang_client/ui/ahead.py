"""先备: what will soon be gone to is made while nobody waits for the window, one short step at a time.

Rules kept here: every step gives the control back; none is taken while somebody types or the window is behind with
drawing; whoever needs a thing earlier makes it there and then, so a step must not mind that it is made already.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator

from yichuang_client.trace import trace

_PAUSE_MS = 20
_QUIET_S = 0.3
"""So long nobody may have pressed a key before a step is taken."""


class Ahead:
    """One window's steps that can wait."""

    def __init__(self, window: tk.Tk, quiet_seconds: Callable[[], float]) -> None:
        """``quiet_seconds``: how long nobody has used the window."""
        self._window, self._quiet_seconds = window, quiet_seconds
        self._steps: Iterator[None] | None = None
        self._ticket: str | None = None

    def take(self, steps: Iterator[None]) -> None:
        """Take these steps, and no more of the earlier ones."""
        self.close()
        self._steps = steps
        self._ticket = self._window.after(_PAUSE_MS, self._step)

    def close(self) -> None:
        """Take no more steps."""
        if self._ticket is not None:
            self._window.after_cancel(self._ticket)
        self._steps = self._ticket = None

    def _step(self) -> None:
        """The next step, planned first so that it comes after what else waits."""
        steps = self._steps
        if steps is None:
            return
        self._ticket = self._window.after(_PAUSE_MS, self._step)
        if self._quiet_seconds() < _QUIET_S:
            return
        try:
            next(steps)
        except StopIteration:
            self.close()
            trace("all made")
