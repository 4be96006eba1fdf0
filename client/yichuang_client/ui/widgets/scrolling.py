"""滚动: a slim bar that hides when all is seen, and a column of widgets that scrolls.

Rules kept here: at most about 60 rows of widgets in one column (longer lists are tables); the focused row is
always scrolled fully into view; a bar whose own width decides whether it is needed stays.
"""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any

from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box

_THICKNESS = 9
_AT_ONCE_S = 0.5
_WHEEL = 3
"""Lines of a notch of the wheel."""


class Scrollbar(ttk.Scrollbar):
    """细滚动条."""

    def __init__(self, parent: Box, command: Callable[..., Any]) -> None:
        look = parent.kit.look
        fill = parent.fill
        self._gap = look.px(3)
        self._hidden_at = 0.0
        self._stays = False
        style = look.once(f"{fill[1:]}.Y.Vertical.TScrollbar", lambda name: self._make(parent, name))
        super().__init__(parent, orient="vertical", command=command, style=style, takefocus=False)

    def follow(self, beside: tk.Misc) -> Callable[[float, float], None]:
        """The scroll command of a widget: sets the bar, and shows it only while not all is seen."""

        def scrolled(first: float, last: float) -> None:
            self.set(first, last)
            is_needed = float(first) > 0.0 or float(last) < 0.999
            if is_needed and not self.winfo_manager():
                # needed again as soon as it was gone: its width moves the breaks of the lines, back and forth for ever
                self._stays = self._stays or time.monotonic() - self._hidden_at < _AT_ONCE_S
                self.pack(side="right", fill="y", padx=(self._gap, 0), before=beside)
            elif not is_needed and self.winfo_manager() and not self._stays:
                self._hidden_at = time.monotonic()
                self.pack_forget()

        return scrolled

    def _make(self, parent: Box, name: str) -> None:
        look, fill = parent.kit.look, parent.fill
        side = _THICKNESS
        look.element(
            name + ".thumb",
            look.box_image(Rounded("#C3CBD4", "#C3CBD4", fill, 3), side),
            ("disabled", look.box_image(Rounded(fill, fill, fill, 3), side)),
            ("pressed", look.box_image(Rounded("#8A95A3", "#8A95A3", fill, 3), side)),
            ("hover", look.box_image(Rounded("#A9B4C0", "#A9B4C0", fill, 3), side)),
            border=look.px(4),
            size=look.px(side),
        )
        trough = ("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [(name + ".thumb", {"expand": "1"})]})
        look.layout(name, [trough])
        look.configure(
            name, troughcolor=fill, background=fill, borderwidth=0, relief="flat", width=look.px(side), arrowsize=0
        )


class ScrollColumn(Box):
    """滚动列: put widgets into ``inside``."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        self._canvas = tk.Canvas(
            self, background=self.fill, borderwidth=0, highlightthickness=0, takefocus=False, width=1, height=1
        )
        self._bar = Scrollbar(self, self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._bar.follow(self._canvas))
        self._canvas.pack(side="left", fill="both", expand=True)
        # The sheet is as high as its content asks for, at least as the strut, so that growing and shrinking are seen.
        self._sheet = Box(self, fill=self.fill)
        self._strut = Box(self._sheet, fill=self.fill)
        self._strut.pack(side="left")
        self.inside = Box(self._sheet, fill=self.fill)
        self.inside.pack(side="left", fill="both", expand=True)
        self._window = self._canvas.create_window(0, 0, window=self._sheet, anchor="nw")
        self._sheet.lift(self._canvas)
        self._sheet.bind("<Configure>", self._resized)
        self._canvas.bind("<Configure>", self._resized)
        self.kit.look.once("ScrollColumn", lambda _name: _listen(self))

    def reveal(self, widget: tk.Misc) -> None:
        """Scroll so that the widget is fully seen, once everything has its place."""
        self.after_idle(lambda: self.after(1, self._reveal, widget))

    def _reveal(self, widget: tk.Misc) -> None:
        if not widget.winfo_exists():
            return
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + widget.winfo_height()
        height, total = self._canvas.winfo_height(), max(1, self.inside.winfo_height())
        first = self._canvas.canvasy(0)
        if top < first:
            self._canvas.yview_moveto(top / total)
        elif bottom > first + height:
            self._canvas.yview_moveto((bottom - height) / total)

    def follow_focus(self, widget: tk.Misc) -> None:
        """Scroll so that what has got the focus is seen, where it lies in this column."""
        if widget.winfo_exists() and str(widget).startswith(str(self.inside) + "."):
            self.reveal(widget)

    def page(self, step: int) -> None:
        """Scroll by a page."""
        self._canvas.yview_scroll(step, "pages")

    def wheel(self, step: int) -> None:
        """Scroll by steps of the wheel."""
        if self.inside.winfo_reqheight() > self._canvas.winfo_height():
            self._canvas.yview_scroll(step, "units")

    def _resized(self, _event: tk.Event[Any]) -> None:
        width, height = self._canvas.winfo_width(), self._canvas.winfo_height()
        self._strut.configure(height=height)
        self._canvas.itemconfigure(self._window, width=width)
        needed = max(self._sheet.winfo_reqheight(), height)
        self._canvas.configure(scrollregion=(0, 0, width, needed), yscrollincrement=self.px(16))


def _listen(window: tk.Misc) -> None:
    """Let wheel and focus scroll the column that a widget lies in, once a window, whatever comes later."""

    def scroll(event: tk.Event[Any], step: int) -> None:
        column = _column_of(event.widget)
        if column is not None:
            column.wheel(step)

    def follow(event: tk.Event[Any]) -> None:
        column = _column_of(event.widget)
        if column is not None:
            column.after_idle(column.follow_focus, event.widget)

    window.bind_all("<Button-4>", lambda event: scroll(event, -_WHEEL), add="+")
    window.bind_all("<Button-5>", lambda event: scroll(event, _WHEEL), add="+")
    window.bind_all("<MouseWheel>", lambda event: scroll(event, -_WHEEL if event.delta > 0 else _WHEEL), add="+")
    window.bind_all("<FocusIn>", follow, add="+")


def _column_of(widget: object) -> ScrollColumn | None:
    """The innermost column that a widget lies in; Tk names a widget that it made itself by a string."""
    while widget is not None and not isinstance(widget, ScrollColumn):
        widget = getattr(widget, "master", None)
    return widget
