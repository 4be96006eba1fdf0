"""扫描速度: pages a minute, and who is the bottleneck.

Rules kept here: the number is the median of the last minute, so that one pause or one hiccup does not move it; the
bottleneck is whoever took the most time, measured, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import median

WINDOW_SECONDS = 60.0


class Bottleneck(Enum):
    """瓶颈: what the other two wait for."""

    MACHINE = "MACHINE"
    """机器: the scanner."""
    DESK = "DESK"
    """本机处理."""
    DISK = "DISK"
    """磁盘."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """用时: where the time of one page went, in seconds."""

    at: float
    """When it was kept, on a clock that never goes back."""
    interval: float
    """Since the page before it was kept; several pages are under way at the same time."""
    waited: float
    """For the scanner."""
    prepared: float
    """By one of the processes, divided by how many there are."""
    stored: float


class SpeedMeter:
    """速度表 of the batches of one case."""

    def __init__(self) -> None:
        self._spent: list[Spent] = []

    def note(self, spent: Spent) -> None:
        """One more page."""
        self._spent = [row for row in self._spent if spent.at - row.at < WINDOW_SECONDS]
        self._spent.append(spent)

    def begin(self, at: float) -> None:
        """A batch begins: what is older than the window says nothing about it."""
        self._spent = [row for row in self._spent if at - row.at < WINDOW_SECONDS]

    @property
    def pages_a_minute(self) -> int:
        """Median of the last minute before the newest page; 0 while there is no page."""
        if not self._spent:
            return 0
        return round(60.0 / max(0.001, median(row.interval for row in self._spent)))

    @property
    def bottleneck(self) -> Bottleneck:
        """Who took the most time."""
        sums = {
            Bottleneck.MACHINE: sum(row.waited for row in self._spent),
            Bottleneck.DESK: sum(row.prepared for row in self._spent),
            Bottleneck.DISK: sum(row.stored for row in self._spent),
        }
        return max(sums, key=lambda which: sums[which])
