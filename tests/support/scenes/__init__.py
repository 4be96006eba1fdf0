"""Scenes for the pictures: every screen as its own presenter shows it, on real stores with invented people.

Rules kept here: the words are the client's own, so that a scene can be shown in any language; a scene stands still, so
that it is the same picture tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.support.scenes import counter, door, helping, intake, lists, machines, results
from tests.support.scenes.stage import Scene, Stage

PARTS: tuple[Callable[[Stage], Iterator[Scene]], ...] = (
    door.scenes,
    intake.scenes,
    counter.scenes,
    results.scenes,
    lists.scenes,
    machines.scenes,
    helping.scenes,
)


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them; each is made when it is asked for."""
    for part in PARTS:
        yield from part(stage)
