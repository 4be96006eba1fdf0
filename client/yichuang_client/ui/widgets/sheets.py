"""页面: thumbnails, and the view of one page.

Rules kept here: pixels come ready from the presenter; the view draws them and tells its size; while there are none
a grey sheet says what is awaited.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import Picture, Text
from yichuang_client.presenters.models.scan import PageView
from yichuang_client.ui import tokens as t
from yichuang_client.ui.widgets.base import Box, Part
from yichuang_client.ui.widgets.scrolling import Scrollbar

_SETTLE_MS = 80
_EDGE = 2
_SIDE = 12
"""Desk seen on each side of a page fitted to the width; the scroll mark lies on it."""


class Thumbnail(ttk.Label):
    """缩略图."""

    def __init__(self, parent: Box, picture: Picture | None = None) -> None:
        self._kit = parent.kit
        super().__init__(parent, background=parent.fill, borderwidth=0)
        self._drawn: Picture | None = None
        if picture is not None:
            self.show(picture)

    def show(self, picture: Picture | None) -> None:
        """Draw it; without a picture nothing is seen."""
        if picture == self._drawn:
            return
        self._drawn = picture
        self.configure(image=self._kit.look.picture(picture) if picture else "")


class PagePane(Part[PageView]):
    """页面视图: the page on its grey desk, scrolled when it is longer than the view."""

    def __init__(self, parent: Box, told_area: Callable[[int, int], None], *, desk: str = t.PAGE_DESK) -> None:
        super().__init__(parent, fill=desk)
        self._told_area = told_area
        self._pending: str | None = None
        self._area = (0, 0)
        self._canvas = tk.Canvas(
            self, background=desk, borderwidth=0, highlightthickness=0, takefocus=False, width=1, height=1
        )
        self._bar = Scrollbar(self, self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._scrolled, yscrollincrement=self.px(24))
        self._canvas.pack(fill="both", expand=True)
        self._canvas.bind("<Configure>", self._resized)
        self._canvas.bind("<Button-4>", lambda _event: self.scroll(-3))
        self._canvas.bind("<Button-5>", lambda _event: self.scroll(3))
        self._canvas.bind("<MouseWheel>", lambda event: self.scroll(-3 if event.delta > 0 else 3))

    def scroll(self, units: int) -> None:
        """Scroll by a few lines."""
        self._canvas.yview_scroll(units, "units")

    def _scrolled(self, first: float, last: float) -> None:
        """The bar lies over the desk: the page's room is the same with and without it."""
        self._bar.set(first, last)
        is_needed = float(first) > 0.0 or float(last) < 0.999
        if is_needed and not self._bar.winfo_manager():
            self._bar.place(relx=1.0, rely=0.0, relheight=1.0, anchor="ne")
        elif not is_needed and self._bar.winfo_manager():
            self._bar.place_forget()

    def draw(self, model: PageView, before: PageView | None) -> None:
        """Draw the page, or what is awaited."""
        self._paint(model, top=before is None or before.picture != model.picture)

    def _paint(self, model: PageView, *, top: bool) -> None:
        canvas, (width, height) = self._canvas, self._area
        canvas.delete("all")
        if model.picture is None:
            self._paint_waiting(model.waiting)
            return
        shown = model.picture
        x, edge = max(width, shown.width) // 2, self.px(_EDGE)
        y = max(edge, (height - shown.height) // 2)
        canvas.create_image(x, y, image=self.kit.look.picture(shown), anchor="n")
        if model.frame is not None:
            self._paint_frame(model.frame, x - shown.width // 2, y, shown)
        canvas.configure(scrollregion=(0, 0, width, max(height, shown.height + 2 * edge)))
        if top:
            canvas.yview_moveto(0)

    def _paint_frame(self, frame: tuple[int, int, int, int], left: int, top: int, shown: Picture) -> None:
        """The frame, and a veil over what would be cut away."""
        width, height = shown.width, shown.height
        x1, y1 = left + width * frame[0] // 100, top + height * frame[1] // 100
        x2, y2 = left + width - width * frame[2] // 100, top + height - height * frame[3] // 100
        right, bottom = left + width, top + height
        veils = ((left, top, right, y1), (left, y2, right, bottom), (left, y1, x1, y2), (x2, y1, right, y2))
        for box in veils:
            self._canvas.create_rectangle(*box, fill=t.PAGE_DESK, outline="", stipple="gray50")
        self._canvas.create_rectangle(x1, y1, x2, y2, outline=t.PRIMARY, width=self.px(3))

    def _paint_waiting(self, text: Text) -> None:
        width, height = self._area
        words = self.say(text)
        self._canvas.configure(scrollregion=(0, 0, width, height))
        if words:
            sheet = min(width * 0.6, height * 0.7)
            x, y = (width - sheet) / 2, height * 0.06
            self._canvas.create_rectangle(x, y, x + sheet, height * 0.94, fill="#D9DEE4", outline="")
            self._canvas.create_text(
                width / 2, height / 2, text=words, font=self.kit.look.font(16), fill=t.FG, width=sheet * 0.8
            )

    def _resized(self, event: tk.Event[Any]) -> None:
        self._area = (event.width, event.height)
        if self.model is not None:
            self._paint(self.model, top=False)
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._pending = self.after(_SETTLE_MS, self._tell)

    def _tell(self) -> None:
        self._pending = None
        width, height = self._area
        self._told_area(max(1, width - 2 * self.px(_SIDE)), height)
