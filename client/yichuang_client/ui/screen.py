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
_DRAWN = object()


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
        self._drawing: Iterator[None] | None = None
        self._is_at_step = False
        self._next_step = ""
        self._newest: M | None = None
        self._then: list[Callable[[], None]] = []

    def show(self, model: M) -> None:
        """Draw the model if it differs from the one drawn before."""
        if self._is_at_step:  # told by what the step itself moved
            self._newest = model
            return
        self.complete()
        if model == self.model:
            return
        before, self.model = self.model, model
        self._drawing = self.draw(model, before)
        self._draw_on()

    def draw(self, model: M, before: M | None) -> Iterator[None] | None:
        """Draw at once, or a step at a time: keys that are pressed meanwhile are heard between two steps."""
        raise NotImplementedError

    def complete(self) -> None:
        """Draw at once what is left to be drawn."""
        while self._drawing is not None and not self._is_at_step:
            self.after_cancel(self._next_step)
            self._draw_on()

    def when_drawn(self, call: Callable[[], None]) -> None:
        """Call once the model is drawn, now if it is."""
        if self._drawing is None:
            call()
        else:
            self._then.append(call)

    def _draw_on(self) -> None:
        """The next step of the drawing, if any; then what had to wait for it."""
        self._next_step = ""
        self._is_at_step = self._drawing is not None
        try:
            is_drawn = self._drawing is None or next(self._drawing, _DRAWN) is _DRAWN
        except BaseException:
            self._drawing = None  # the next model is drawn all the same
            raise
        finally:
            self._is_at_step = False
        if not is_drawn:
            self._next_step = self.after(1, self._lay_out)
            return
        self._drawing = None
        newest, self._newest = self._newest, None
        if newest is not None:
            self.show(newest)
        if self._drawing is None:
            then, self._then = self._then, []
            for call in then:
                call()

    def _lay_out(self) -> None:
        """Let Tk lay out and paint what a step has drawn, before the next one."""
        drawing, ticket = self._drawing, self._next_step
        self.update_idletasks()
        if self._drawing is drawing and self._next_step == ticket:
            self._next_step = self.after(1, self._draw_on)

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
        """Move the focus to a field of the screen once it is drawn, or when the screen is raised."""

        def move() -> None:
            if self._frame.is_seen(self.name):
                self._frame.kit.focus.move(f"{self.name}.{field}")
            else:
                self._frame.focus_later(self.name, field)

        self._when_drawn(move)

    def flash(self, field: str) -> None:
        """Move the focus there and flash its ring."""

        def flash() -> None:
            if self._frame.is_seen(self.name):
                self._frame.kit.focus.flash(f"{self.name}.{field}")

        self._when_drawn(flash)

    def _when_drawn(self, call: Callable[[], None]) -> None:
        if self.screen is not None:
            self.screen.when_drawn(call)
        else:
            call()

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
        self.screen.complete()
        return self.screen
