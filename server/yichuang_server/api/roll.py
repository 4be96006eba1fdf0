"""What every stream must know at its heartbeat, asked once for all of them: ten thousand streams cost one query.

Rules kept here: an answer is believed for a few seconds only, so that the stream of a revoked desk ends in time where
no bell told it.
"""

from __future__ import annotations

import asyncio
import time

from yichuang_server.services import desk_work
from yichuang_server.services.desk_work import Standing
from yichuang_server.services.house import House

_LASTS_S = 5.0


class Roll:
    """How the district stands, for the streams of one event loop."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: asyncio.Task[Standing] | None = None
        self._asked_at = 0.0

    async def look(self) -> Standing:
        """How the district stood a few seconds ago, at the earliest. Raises an error of the database."""
        if self._asked is None or self._has_aged(self._asked):
            self._asked_at = time.monotonic()
            self._asked = asyncio.create_task(asyncio.to_thread(desk_work.standing, self._house))
        return await asyncio.shield(self._asked)

    def _has_aged(self, asked: asyncio.Task[Standing]) -> bool:
        if not asked.done():
            return False
        return asked.cancelled() or asked.exception() is not None or time.monotonic() > self._asked_at + _LASTS_S
