"""行表: a scrolling column of rows of one kind, with one Tab stop and arrows.

Rules kept here: the ring of the selected row is strong while the list has the focus and pale otherwise; the
selected row is scrolled fully into view; rows are reused.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, Pool, on_enter
from yichuang_client.ui.widgets.scrolling import ScrollColumn

M = TypeVar("M")
PALE_RING = "#7FB0E6"


class ListRow(Part[M], Generic[M]):
    """One row; ``ring`` is drawn by the list."""

    def key_of(self, model: M) -> str:
        """The row's stable key."""
        raise NotImplementedError

    def is_chosen(self, model: M) -> bool:
        """Whether the row is the selected one."""
        raise NotImplementedError

    def fill_of(self, model: M) -> str:
        """The row's colour."""
        raise NotImplementedError

    def ring(self, *, is_focused: bool) -> None:
        """Draw the edge: strong, pale or none."""
        if self.model is None:
            return
        edge = self.fill
        if self.is_chosen(self.model):
            edge = t.PRIMARY if is_focused else PALE_RING
        surface = getattr(self.master, "fill", t.PANEL)
        self.configure(style=self.kit.look.rounded_frame(Rounded(self.fill, edge, surface, 5, 2)))


class RowList(ScrollColumn, Generic[M]):
    """行表."""

    def __init__(
        self,
        parent: Box,
        name: str,
        make: Callable[[Box, int], ListRow[M]],
        *,
        chosen: Callable[[str], None],
        opened: Callable[[str], None] | None = None,
        gap: int = 0,
    ) -> None:
        super().__init__(parent)
        self._make, self._chosen, self._opened = make, chosen, opened
        self._gap = self.px(gap)
        self.pool: Pool[M] = Pool(self._new, self._put)
        self._models: tuple[M, ...] = ()
        self._focused = False
        self.configure(takefocus=True)
        self.kit.focus.name(self, name)
        self.bind("<FocusIn>", lambda _event: self._focus_changed(True), add="+")
        self.bind("<FocusOut>", lambda _event: self._focus_changed(False), add="+")
        self.bind("<Configure>", lambda _event: self.after_idle(self._reveal_chosen), add="+")
        self.bind("<Up>", lambda _event: self._step(-1))
        self.bind("<Down>", lambda _event: self._step(1))
        on_enter(self, self._open)

    def show_rows(self, models: tuple[M, ...]) -> None:
        """Draw these rows."""
        if models == self._models:
            return
        self._models = models
        self.pool.show(models)
        for row in self._rows()[: len(models)]:
            row.ring(is_focused=self._focused)
        self.after_idle(self._reveal_chosen)

    def _rows(self) -> list[ListRow[M]]:
        return [part for part in self.pool.parts if isinstance(part, ListRow)]

    def _new(self, index: int) -> Part[M]:
        return self._make(self.inside, index)

    def _put(self, part: Part[M], _index: int) -> None:
        part.pack(fill="x", pady=(0, self._gap))

    def _index(self) -> int | None:
        rows = self._rows()
        found = (i for i, model in enumerate(self._models) if rows[i].is_chosen(model))
        return next(found, None)

    def _reveal_chosen(self) -> None:
        if (index := self._index()) is not None and self.winfo_exists():
            self.reveal(self._rows()[index])

    def _focus_changed(self, is_focused: bool) -> None:
        self._focused = is_focused
        for row in self._rows()[: len(self._models)]:
            row.ring(is_focused=is_focused)

    def _step(self, step: int) -> str:
        now = self._index()
        target = 0 if now is None else now + step
        if 0 <= target < len(self._models):
            self._chosen(self._rows()[target].key_of(self._models[target]))
        return "break"

    def _open(self, _event: tk.Event[Any]) -> str | None:
        now = self._index()
        if self._opened is None or now is None:
            return None
        self._opened(self._rows()[now].key_of(self._models[now]))
        return "break"

    def press(self, key: str) -> None:
        """A row was clicked."""
        self.focus_set()
        self._chosen(key)
