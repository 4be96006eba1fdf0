"""画面: what all views share, and the outlet through which a presenter pushes its models.

Rules kept here: a view is built when it is first shown and then only raised; a model pushed to a screen that is not
seen waits there, the newest one only; a view decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from yichuang_client.presenters.models.common import Bar
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.widgets.base import Box, Kit

M = TypeVar("M")


class Frame(Protocol):
    """What a screen needs of the window around it."""

    kit: Kit

    def is_seen(self, screen: str) -> bool:
        """Whether this screen is the one in front."""

    def focus_later(self, screen: str, field: str) -> None:
        """Where the focus is to go when this screen, which is not in front, is raised."""

    def bar_changed(self, screen: str, bar: Bar) -> None:
        """The screen's action bar has changed."""

    def keys_changed(self, screen: str) -> None:
        """The screen's keys have changed."""


class Screen(Box, Generic[M]):
    """一个画面: built once, fed with models."""

    name = ""
    first_field = ""
    """Name of what gets the focus when the screen is first shown."""

    def __init__(self, parent: Box, frame: Frame) -> None:
        super().__init__(parent)
        self.window = frame
        self.model: M | None = None
        self.bar = Bar()

    def show(self, model: M) -> None:
        """Draw the model if it differs from the one drawn before."""
        if model == self.model:
            return
        before, self.model = self.model, model
        self.draw(model, before)

    def draw(self, model: M, before: M | None) -> None:
        """Draw."""
        raise NotImplementedError

    def build_on(self) -> Iterator[None]:
        """Build, a step at a time, what the first model would have to build."""
        return iter(())

    def draw_bar(self, bar: Bar) -> None:
        """Hand the action bar to the frame."""
        self.bar = bar
        self.window.bar_changed(self.name, bar)

    def key_map(self) -> Keys:
        """The screen's keys besides those of its action bar."""
        return {}

    def bar_events(self) -> Any:
        """Who is told about the action bar."""
        raise NotImplementedError

    def name_field(self, widget: Any, field: str) -> None:
        """Give a widget its stable name."""
        self.kit.focus.name(widget, f"{self.name}.{field}")


class Outlet(Generic[M]):
    """出口: a presenter's way to its screen, whether it is built and seen or not."""

    def __init__(self, name: str, frame: Frame, build: Callable[[], Screen[M]]) -> None:
        self.name = name
        self._frame = frame
        self._build = build
        self._waiting: M | None = None
        self.screen: Screen[M] | None = None
        self.last_field = ""

    def show(self, model: M) -> None:
        """Draw the model now, or when the screen is raised."""
        self._waiting = model
        if self.screen is not None and self._frame.is_seen(self.name):
            self.screen.show(model)

    def focus(self, field: str) -> None:
        """Move the focus to a field of the screen, or when the screen is raised."""
        if self._frame.is_seen(self.name):
            self._frame.kit.focus.move(f"{self.name}.{field}")
        else:
            self._frame.focus_later(self.name, field)

    def flash(self, field: str) -> None:
        """Move the focus there and flash its ring."""
        if self._frame.is_seen(self.name):
            self._frame.kit.focus.flash(f"{self.name}.{field}")

    def build(self) -> Iterator[None]:
        """Build the screen ahead of its first showing, a step at a time."""
        if self.screen is None:
            self.screen = self._build()
            yield
        yield from self.screen.build_on()

    def ready(self) -> Screen[M]:
        """The screen, built if need be, with the newest model drawn."""
        if self.screen is None:
            self.screen = self._build()
        if self._waiting is not None:
            self.screen.show(self._waiting)
        return self.screen
