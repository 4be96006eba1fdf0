"""Wake-ups: tells the streams of this process that the log has grown.

Rules kept here: a wake-up carries no data; whoever is woken asks the feed, so push and poll cannot disagree.
"""

from __future__ import annotations

import asyncio


class Wakeups:
    """A bell that many streams wait for; ``ring`` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say on which loop the streams run."""
        self._loop = loop

    def ring(self) -> None:
        """Wake every stream."""
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for waiting in self._waiting:
            waiting.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for the bell, at most ``seconds``. Returns whether it rang."""
        waiting = asyncio.Event()
        self._waiting.add(waiting)
        try:
            await asyncio.wait_for(waiting.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
        return True
