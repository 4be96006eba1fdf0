"""Wake-ups: tells the streams of this process whose slices have grown.

Rules kept here: a wake-up carries no data; whoever is woken asks the feed, so push and poll cannot disagree. That
pages have arrived stands in no log, so the bell says it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from enum import Enum


class Rung(Enum):
    """Why a stream goes on."""

    QUIET = "QUIET"
    """Nothing rang."""
    NEWS = "NEWS"
    PAGES = "PAGES"
    """Pages have arrived, and there may be news."""


class Wakeups:
    """Bells that streams wait for, by audience; ``ring`` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[Listening]] = {}
        self.is_draining = False
        """Whether the streams shall end."""

    def drain(self) -> None:
        """Let every stream end now; on the loop's thread."""
        self.is_draining = True
        self._wake(None, False)

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say on which loop the streams run."""
        self._loop = loop

    def ring(self, audiences: Iterable[str] | None = None, *, has_pages: bool = False) -> None:
        """Wake the streams of some audiences, or all of them."""
        if self._loop is not None and not self._loop.is_closed():
            names = None if audiences is None else tuple(audiences)
            self._loop.call_soon_threadsafe(self._wake, names, has_pages)

    def _wake(self, audiences: tuple[str, ...] | None, has_pages: bool) -> None:
        for name in tuple(self._waiting) if audiences is None else audiences:
            for listening in self._waiting.get(name, ()):
                listening.hear(has_pages=has_pages)

    def listen(self, audiences: Iterable[str]) -> Listening:
        """Begin to listen; what rings from now on is not missed. Use as a context manager."""
        return Listening(self._waiting, tuple(audiences))


class Listening:
    """One stream that listens."""

    def __init__(self, waiting: dict[str, set[Listening]], audiences: tuple[str, ...]) -> None:
        self._waiting = waiting
        self._audiences = audiences
        self._bell = asyncio.Event()
        self._has_pages = False

    def __enter__(self) -> Listening:
        for name in self._audiences:
            self._waiting.setdefault(name, set()).add(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._audiences:
            others = self._waiting[name]
            others.discard(self)
            if not others:
                del self._waiting[name]

    def hear(self, *, has_pages: bool) -> None:
        """The bell rings; on the loop's thread."""
        self._has_pages |= has_pages
        self._bell.set()

    async def wait(self, seconds: float) -> Rung:
        """Wait for the bell, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            return Rung.QUIET
        self._bell.clear()
        has_pages, self._has_pages = self._has_pages, False
        return Rung.PAGES if has_pages else Rung.NEWS
