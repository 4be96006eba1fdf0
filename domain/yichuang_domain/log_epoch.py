"""日志纪元: how the district's log goes on after a restore.

Rules kept here (security: sync, rule 10): an opening names the epoch before it, the head that was restored and the
reason; it counts with the signatures of two administrators; what a desk has seen above the restored head is offered
again.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

SIGNERS = 2
"""Administrators who sign an opening."""


class EpochReason(Enum):
    """Why the district was restored."""

    LOST = "LOST"
    """The machine or its disk is gone."""
    DAMAGED = "DAMAGED"
    """The database or its pages are broken."""
    ATTACKED = "ATTACKED"
    """Somebody was in it."""
    MOVED = "MOVED"
    """To another machine."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """纪元开启: the first leaf of a log epoch."""

    district: str
    epoch: str
    previous: str
    """The epoch whose log was restored."""
    size: int
    """Leaves of the restored log; the opening is the next one."""
    root: str
    """Head of the restored log, hex."""
    backup_time: datetime
    """Of what was restored."""
    opened_time: datetime
    reason: EpochReason


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a desk has to do to follow its district."""

    epoch: str
    size: int
    """Up to here its log is the district's; what lies above is offered again."""


def follow(epoch: str, known: Sequence[Opening], told: Sequence[Opening]) -> Step | None:
    """How a desk in ``epoch``, which has followed the openings ``known``, gets to the epoch that was told last.

    None where no way leads there: the log is another one.
    """
    sizes = {epoch: None} | _behind(epoch, known)
    for start in range(len(told) - 1, -1, -1):
        if told[start].previous in sizes:
            chain = told[start:]
            if any(after.previous != before.epoch for before, after in itertools.pairwise(chain)):
                return None
            own = sizes[chain[0].previous]
            limits = [opening.size for opening in chain] + ([] if own is None else [own])
            return Step(epoch=chain[-1].epoch, size=min(limits))
    return None


def _behind(epoch: str, known: Sequence[Opening]) -> dict[str, int | None]:
    """The epochs before a desk's own, each with the size up to which its log is still the desk's."""
    by_epoch = {opening.epoch: opening for opening in known}
    found: dict[str, int | None] = {}
    size: int | None = None
    while epoch in by_epoch and by_epoch[epoch].previous not in found:
        opening = by_epoch[epoch]
        size = opening.size if size is None else min(size, opening.size)
        epoch = opening.previous
        found[epoch] = size
    return found


def is_signed(people: Collection[str]) -> bool:
    """Whether enough different administrators have signed."""
    return len(set(people)) >= SIGNERS
