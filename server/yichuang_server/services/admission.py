"""放行: how many desks may fetch at once what a whole district fetches on a Monday, over a line that they share.

Rules kept here: what is needed to work (the catalogue) comes before the rest: while it is waited for, pages wait, and
the rest of a log comes a little at a time, to a new desk not at all; who is sent away is told when to come again, the
later the more wait, so that the asking itself costs the line next to nothing; a stream that does not move gives up its
place; an exchange is never refused, for it carries what people did.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from yichuang_server.services.errors import DistrictError, Fault

ASKED_PER_SECOND = 3.0
"""How many of those who wait shall ask in a second, together."""
LONGEST_S = 60
REST_S = 20
"""At least, before more of a log is asked for while catalogues are waited for."""
STALLED_S = 20.0
"""After so long without a part that went out, a stream has no place any more."""
LITTLE_BYTES = 8 * 1024
"""Texts of an answer while catalogues are waited for."""


class Admission:
    """The places of one server; used from one event loop only."""

    def __init__(self, places: int = 8, now: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._now = now
        self._inside: dict[str, float] = {}
        """When a part last went out, by desk."""
        self._waiting: dict[str, float] = {}
        """Until when a desk that was sent away counts as waiting."""

    @property
    def waiting(self) -> int:
        """Desks that were sent away and are expected again."""
        now = self._now()
        self._waiting = {desk: until for desk, until in self._waiting.items() if until > now}
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether somebody waits for what is needed, or would have to."""
        return self.waiting > 0 or len(self._moving()) >= self._places

    def come_again_s(self) -> int:
        """When who is sent away now shall come again, in seconds, before the desk's own jitter."""
        return min(LONGEST_S, max(1, math.ceil(self.waiting / ASKED_PER_SECOND)))

    def rest_again_s(self) -> int:
        """When more of a log shall be asked for, in seconds, before the desk's own jitter."""
        return max(REST_S, self.come_again_s())

    @contextmanager
    def inside(self, desk: str) -> Iterator[Callable[[], None]]:
        """A place for a desk while it fetches what it needs; what is yielded is called after each part.

        Raises DistrictError (BUSY, with ``retry_s``) where there is none.
        """
        moving = self._moving()
        if desk not in moving and len(moving) >= self._places:
            again = self.come_again_s()
            self._waiting[desk] = self._now() + 2 * again + 2
            raise DistrictError(Fault.BUSY, retry_s=str(again))
        self._waiting.pop(desk, None)
        self._inside = moving

        def moved() -> None:
            self._inside[desk] = self._now()

        moved()
        try:
            yield moved
        finally:
            self._inside.pop(desk, None)

    def after_what_is_needed(self) -> None:
        """Before what can wait. Raises DistrictError (BUSY, with ``retry_s``) while catalogues are waited for."""
        if self.is_full:
            raise DistrictError(Fault.BUSY, retry_s=str(self.come_again_s()))

    def _moving(self) -> dict[str, float]:
        return {desk: at for desk, at in self._inside.items() if self._now() - at < STALLED_S}
