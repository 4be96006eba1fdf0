"""带看: the first-run guide: what matters at this desk, in a few steps, for whoever works here for the first time.

Rules kept here: shown once a person, as the encrypted store remembers, and again only when asked for; it takes no
focus and no key but its own; what is typed meanwhile goes where it always goes.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Text, View, msg
from yichuang_client.trace import trace

COUNTER = ("search", "rail", "missing", "scan", "print", "sync", "help")
SECTION = ("queue", "rail", "opinion", "decide", "sync", "help")
"""Names of the steps, in their order."""


@dataclass(frozen=True, kw_only=True)
class TourModel:
    """One step of the guide."""

    title: Text
    text: Text
    count: Text
    """3 / 7."""
    is_last: bool = False


class Tour:
    """带看."""

    def __init__(self, view: View[TourModel | None], desk: Desk, *, is_section: bool) -> None:
        self._view, self._desk = view, desk
        self._steps = SECTION if is_section else COUNTER
        self._role = "section" if is_section else "counter"
        self._at: int | None = None

    @property
    def is_shown(self) -> bool:
        """Whether a step is to be seen."""
        return self._at is not None

    def greet(self) -> None:
        """Begin, if this person has not seen it at this desk. A store that cannot say begins nothing."""

        def told(is_new: bool) -> None:
            if is_new and self._at is None:
                self.begin()

        self._desk.background.run(self._note_seen, told, lambda _: None)

    def begin(self) -> None:
        """Show the first step."""
        self._go(0)

    def next(self) -> None:
        """The step after; behind the last one it is over."""
        if self._at is not None:
            self._go(self._at + 1)

    def end(self) -> None:
        """Take it away."""
        self._go(len(self._steps))

    def _note_seen(self) -> bool:
        """Remember that the person has been shown around. Returns whether that is new. Raises StoreError."""
        work: Work = self._desk.work()
        key = f"toured.{work.person.person}"
        if work.store.meta.text(key):
            return False
        work.store.meta.keep(key, self._role)
        return True

    def _go(self, step: int) -> None:
        was = self._at
        self._at = step if step < len(self._steps) else None
        if self._at is None:
            if was is not None:
                trace("tour ended", step=was + 1)
            self._view.show(None)
            return
        name = self._steps[self._at]
        last = self._at == len(self._steps) - 1
        count = msg("tour.count", n=self._at + 1, of=len(self._steps))
        trace("tour", step=name)
        self._view.show(TourModel(title=msg(f"tour.{name}"), text=msg(f"tour.{name}_how"), count=count, is_last=last))
