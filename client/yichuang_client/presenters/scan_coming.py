"""来页: the pages of a batch on their way from the page processes to the store, in the groups in which they are kept.

Rules kept here: pages come out in the order in which they went in; those that are ready together form a group, which
costs one sync of the disk; a page that is ready never waits for one that is not.
"""

from __future__ import annotations

import contextlib
import queue
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # image libraries are loaded by the first page, not by the first window
    from yichuang_client.documents.pages import PreparedPage


@dataclass(frozen=True, kw_only=True)
class OnItsWay:
    """在途: a page that is being prepared."""

    future: Future[PreparedPage]
    waited: float
    """Seconds that the scanner let wait for it."""
    view_size: tuple[int, int]


class Coming:
    """What comes out of a queue that one thread fills, for one thread that keeps it."""

    def __init__(self, taken: queue.Queue[OnItsWay | Exception | None]) -> None:
        """Pages, and at the end what ended the batch too early, or None."""
        self._taken = taken
        self._ahead: list[OnItsWay | Exception | None] = []
        """The one that was taken and was not ready."""
        self.end: Exception | None = None
        """After the last group: what ended the batch too early."""

    def next_group(self) -> list[OnItsWay]:
        """Wait for the next page, be it good or not, and add those good ones that are ready; empty at the end."""
        first = self._ahead.pop() if self._ahead else self._taken.get()
        if not isinstance(first, OnItsWay):
            self.end = first
            return []
        wait([first.future])
        group = [first]
        with contextlib.suppress(queue.Empty):
            while isinstance(more := self._taken.get_nowait(), OnItsWay) and _is_ready(more):
                group.append(more)
            self._ahead.append(more)
        return group


def _is_ready(page: OnItsWay) -> bool:
    return page.future.done() and page.future.exception() is None
