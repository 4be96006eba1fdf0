"""办件列表: 我的办件, 待补正, 待出件, 查询, 交接 and 班次 are one screen with other rows."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from yichuang_client.presenters.models.common import Option, Table
from yichuang_client.presenters.models.queues import Filter, QueueEvents, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys, key_name
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, forget, label, muted, on_enter, wrapping
from yichuang_client.ui.widgets.fields import Entry, Segments
from yichuang_client.ui.widgets.strips import BannerLine, ProgressLine
from yichuang_client.ui.widgets.tables import ChipTable

_DEBOUNCE_MS = 200


class QueueScreen(Screen[QueueModel]):
    """Title, query, filters, table."""

    first_field = "table"

    def __init__(self, parent: Box, frame: Frame, events: QueueEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        self._pending: str | None = None
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        panel = card(work, pad=(4, 12))
        self._panel = panel
        panel.pack(fill="both", expand=True)
        head = Box(panel)
        head.pack(fill="x", padx=self.px(14), pady=(self.px(2), self.px(10)))
        self._title = label(head, "", 18, bold=True)
        self._title.pack(side="left")
        self._filters = Segments(head, f"{self.name}.filters", self._filter)
        self._query = Entry(head, self._typed)
        self.kit.focus.name(self._query, f"{self.name}.query", lambda: self._query.select_range(0, "end"))
        on_enter(self._query, self._submit)
        self._query.bind("<Down>", lambda _event: self.kit.focus.move(f"{self.name}.table"))
        self._hint = muted(head)
        self._hint.pack(side="right")
        self._progress = ProgressLine(panel)
        self._table = ChipTable(panel, f"{self.name}.table", selected=events.select, opened=events.open)
        self._reason = wrapping(panel, "", 14, colour=t.MUTED)
        self._reason.pack(side="bottom", fill="x", padx=self.px(14), pady=(self.px(8), 0))
        self._table.pack(fill="both", expand=True)

    def draw(self, model: QueueModel, before: QueueModel | None) -> None:
        """Draw head, table, bar."""
        self._title.configure(text=self.say(model.title))
        self._hint.configure(text=self.say(model.hint))
        self._draw_query(model, before)
        self._draw_filters(model.filters, model.filter)
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(side="top", fill="x", before=self._panel)
        self._progress.show(model.progress)
        if model.progress is None:
            forget(self._progress)
        elif not self._progress.winfo_manager():
            self._progress.pack(fill="x", padx=self.px(14), pady=(0, self.px(8)), before=self._table)
        self._table.show(model.table)
        self._reason.put(model.reason)
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)
        if before is not None and model.exports != before.exports:
            self._events.export(self._words(model.table))

    def _words(self, table: Table) -> list[list[str]]:
        """The table as it is read: titles, then the lines, the chip first."""
        titles = [self.say(table.chip_title), *(self.say(column.title) for column in table.columns)]
        lines = ([self.say(row.chip.text) if row.chip else "", *map(self.say, row.cells)] for row in table.rows)
        return [titles, *lines]

    def _draw_query(self, model: QueueModel, before: QueueModel | None) -> None:
        query = model.query
        if query is None:
            forget(self._query)
            return
        if not self._query.winfo_manager():
            self._query.pack(side="left", fill="x", expand=True, padx=self.px(16), after=self._title)
        self._query.placeholder(self.say(query.placeholder))
        if before is not None and model.clear_query != before.clear_query:
            self._query.put("")

    def _draw_filters(self, filters: tuple[Filter, ...], chosen: str) -> None:
        self._filters.show(tuple(Option(key=f.key, text=f.text) for f in filters), chosen)
        if not filters:
            forget(self._filters)
        elif not self._filters.winfo_manager():
            self._filters.pack(side="left", padx=self.px(16), after=self._title)

    def _typed(self, _text: str) -> None:
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._pending = self.after(_DEBOUNCE_MS, self._tell)

    def _tell(self) -> None:
        self._pending = None
        self._events.search(self._query.text.get())

    def _filter(self, key: str) -> None:
        """Another list, or another place to search in: for all that was typed, however short ago."""
        if self._pending is not None:
            self.after_cancel(self._pending)
            self._tell()
        self._events.filter(key)

    def _submit(self, _event: object) -> str:
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._tell()
        self.kit.focus.move(f"{self.name}.table")
        return "break"

    def key_map(self) -> Keys:
        """Alt+n filters."""
        keys: dict[str, Deed] = {}
        for index, choice in enumerate(self.model.filters[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=choice.key: self._filter(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events


class CasesScreen(QueueScreen):
    """我的办件."""

    name = ScreenName.CASES


class SupplementsScreen(QueueScreen):
    """待补正."""

    name = ScreenName.SUPPLEMENTS


class IssuesScreen(QueueScreen):
    """待出件."""

    name = ScreenName.ISSUES


class SearchScreen(QueueScreen):
    """查询."""

    name = ScreenName.SEARCH
    first_field = "query"

    def __init__(self, parent: Box, frame: Frame, events: QueueEvents) -> None:
        super().__init__(parent, frame, events)
        self._table.tree.bind("<Key>", self._begin_anew)

    def _begin_anew(self, event: tk.Event[Any]) -> str | None:
        """A character typed, or read by a code reader, in the list begins another search."""
        is_plain = len(event.char) == 1 and event.char.isprintable() and event.char != " "
        if not is_plain or key_name(event).startswith(("Ctrl+", "Alt+")):
            return None
        self._query.text.set(event.char)
        self._query.icursor("end")
        self._query.focus_set()
        return "break"


class HandoverScreen(QueueScreen):
    """交接."""

    name = ScreenName.HANDOVER


class ShiftScreen(QueueScreen):
    """班次."""

    name = ScreenName.SHIFT
