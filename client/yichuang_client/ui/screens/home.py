"""空工作台: before the catalogue has come, or for a role without a counter."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.common import ActEvents
from yichuang_client.presenters.models.session import HomeModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, label, wrapping
from yichuang_client.ui.widgets.strips import ProgressLine


class HomeScreen(Screen[HomeModel]):
    """A title and what comes next."""

    name = "home"

    def __init__(self, parent: Box, frame: Frame, events: ActEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        panel = card(self, pad=(24, 20))
        panel.pack(fill="x", padx=self.px(t.GUTTER), pady=self.px(t.GUTTER))
        self._title = label(panel, "", 22, bold=True)
        self._title.pack(anchor="w", pady=(0, self.px(8)))
        self._lines = Box(panel)
        self._lines.pack(fill="x")
        self._progress = ProgressLine(panel)
        self._progress.pack(fill="x", pady=(self.px(12), 0))

    def draw(self, model: HomeModel, before: HomeModel | None) -> None:
        """Draw title, lines, progress."""
        self._title.configure(text=self.say(model.title))
        if before is None or model.lines != before.lines:
            clear(self._lines)
            for line in model.lines:
                wrapping(self._lines, line, 16).pack(fill="x", pady=self.px(3))
        self._progress.show(model.progress)
        self.draw_bar(model.bar)

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
