"""循环: how work off the Tk thread comes back to it.

Rules kept here: only the Tk thread touches Tk; a worker posts to a queue that ``after`` drains, a few milliseconds at
a time so that keys are never late; store work has one thread; a Tk thread that was held is traced.
"""

from __future__ import annotations

import queue
import threading
import time
import tkinter as tk
from collections.abc import Callable
from typing import TypeVar

from yichuang_client.trace import trace

T = TypeVar("T")
_POLL_MS = 15
_SLICE = 0.008
"""Seconds of one draining: half a frame."""
_HELD_MS = 30
"""A key that waits so long is not felt yet; whatever holds the window longer is traced."""


class TkLoop:
    """One window's way back to its thread."""

    def __init__(self, window: tk.Tk) -> None:
        self._window = window
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._beat, self._spent = time.monotonic(), time.thread_time()
        self._pending: str | None = window.after(_POLL_MS, self._drain)

    def post(self, call: Callable[[], None]) -> None:
        """From any thread: call soon on the Tk thread, in the order of posting."""
        self._calls.put(call)

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """On the Tk thread: call once after that time; the result cancels it."""
        ticket = self._window.after(milliseconds, call)
        return lambda: self._window.after_cancel(ticket)

    def close(self) -> None:
        """Stop draining."""
        if self._pending is not None:
            self._window.after_cancel(self._pending)
            self._pending = None

    def _drain(self) -> None:
        now, spent = time.monotonic(), time.thread_time()
        held = (now - self._beat) * 1000 - _POLL_MS
        if held > _HELD_MS:
            trace("window held", milliseconds=round(held), worked=round((spent - self._spent) * 1000))
        self._beat, self._spent = now, spent
        end = now + _SLICE
        # Planned again first, so that an error in one call does not end the draining.
        self._pending = self._window.after(_POLL_MS, self._drain)
        while time.monotonic() < end:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            call()


class Worker:
    """后台线程: one thread that does one thing after the other and answers on the Tk thread."""

    def __init__(self, name: str, loop: TkLoop) -> None:
        self._loop = loop
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._guard, self._asked = threading.Lock(), 0
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Do ``work`` here, then call ``done`` or ``failed`` on the Tk thread."""

        def job() -> None:
            try:
                result = work()
            except Exception as error:
                caught = error
                self._loop.post(lambda: failed(caught))
            else:
                self._loop.post(lambda: done(result))

        with self._guard:
            self._asked += 1
        self._jobs.put(job)

    @property
    def is_idle(self) -> bool:
        """Whether everything that was asked for has been done."""
        return self._asked == 0

    def close(self, seconds: float = 5) -> None:
        """Finish what was asked for, then end."""
        self._jobs.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._guard:
                self._asked -= 1
