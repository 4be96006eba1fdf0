"""Wake-ups: tells the streams of this process whose slices have grown.

Rules kept here: a wake-up carries no data; whoever is woken asks the feed, so push and poll cannot disagree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


class Wakeups:
    """Bells that streams wait for, by audience; ``ring`` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say on which loop the streams run."""
        self._loop = loop

    def ring(self, audiences: Iterable[str] | None = None) -> None:
        """Wake the streams of some audiences, or all of them."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, None if audiences is None else tuple(audiences))

    def _wake(self, audiences: tuple[str, ...] | None) -> None:
        for name in tuple(self._waiting) if audiences is None else audiences:
            for bell in self._waiting.get(name, ()):
                bell.set()

    def listen(self, audiences: Iterable[str]) -> Listening:
        """Begin to listen; what rings from now on is not missed. Use as a context manager."""
        return Listening(self._waiting, tuple(audiences))


class Listening:
    """One stream that listens."""

    def __init__(self, waiting: dict[str, set[asyncio.Event]], audiences: tuple[str, ...]) -> None:
        self._waiting = waiting
        self._audiences = audiences
        self._bell = asyncio.Event()

    def __enter__(self) -> Listening:
        for name in self._audiences:
            self._waiting.setdefault(name, set()).add(self._bell)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._audiences:
            bells = self._waiting[name]
            bells.discard(self._bell)
            if not bells:
                del self._waiting[name]

    async def wait(self, seconds: float) -> bool:
        """Wait for the bell, at most ``seconds``. Returns whether it rang."""
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return False
        self._bell.clear()
        return True
