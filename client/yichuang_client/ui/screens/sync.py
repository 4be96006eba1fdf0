"""同步医生: how many, am I safe, since when and why, where it breaks, then the table."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.common import Option
from yichuang_client.presenters.models.sync import SyncEvents, SyncModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, forget, label, mark, muted
from yichuang_client.ui.widgets.fields import Segments
from yichuang_client.ui.widgets.strips import BannerLine, ProgressLine
from yichuang_client.ui.widgets.tables import ChipTable

_HOPS = 330


class SyncScreen(Screen[SyncModel]):
    """同步医生."""

    name = "sync"
    first_field = "table"

    def __init__(self, parent: Box, frame: Frame, events: SyncEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._top = card(work, pad=(26, 18))
        self._top.pack(fill="x")
        panel = card(work, pad=(4, 10))
        panel.pack(fill="both", expand=True, pady=(gap, 0))
        head = Box(panel)
        head.pack(fill="x", padx=self.px(14), pady=(0, self.px(8)))
        self._title = label(head, "", 18, bold=True)
        self._title.pack(side="left", padx=(0, self.px(16)))
        self._filters = Segments(head, "sync.filters", events.filter)
        self._filters.pack(side="left")
        self._hint = muted(head)
        self._hint.pack(side="right")
        self._progress = ProgressLine(head)
        self._table = ChipTable(panel, "sync.table", selected=events.select, opened=events.open_row)
        self._table.pack(fill="both", expand=True)

    def draw(self, model: SyncModel, before: SyncModel | None) -> None:
        """Draw answer, hops, table."""
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._top)
        if before is None or _answer(model) != _answer(before):
            self._draw_answer(model)
        self._title.configure(text=self.say(model.table_title))
        self._hint.configure(text=self.say(model.hint))
        self._filters.show(tuple(Option(key=f.key, text=f.text) for f in model.filters), model.filter)
        self._progress.show(model.progress)
        if model.progress is None:
            forget(self._progress)
        elif not self._progress.winfo_manager():
            self._progress.pack(side="left", padx=(self.px(12), 0))
        self._table.show(model.table)
        if before is not None and model.copied != before.copied:
            self.clipboard_clear()
            self.clipboard_append(model.clipboard)
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def _draw_answer(self, model: SyncModel) -> None:
        clear(self._top)
        hops = Box(self._top, size=(_HOPS, 10))
        hops.pack(side="right", fill="y")
        words = Box(self._top)
        words.pack(side="left", fill="both", expand=True)
        label(words, model.headline, 32, bold=True).pack(anchor="w")
        colour = t.TONES[model.safe_tone].text if model.safe_tone.value == "danger" else t.FG
        label(words, model.safe, 18, colour=colour).pack(anchor="w", pady=(self.px(4), self.px(14)))
        facts = Box(words)
        facts.pack(anchor="w")
        for fact in model.facts:
            cell = Box(facts)
            cell.pack(side="left", padx=(0, self.px(36)))
            muted(cell, fact.label).pack(anchor="w")
            label(cell, fact.value, 16, bold=True).pack(anchor="w", pady=(self.px(3), 0))
        muted(hops, model.hops_title).pack(anchor="w", pady=(0, self.px(6)))
        for hop in model.hops:
            line = Box(hops)
            line.pack(fill="x", pady=self.px(2))
            is_bad = hop.tone.value in ("danger", "warning")
            mark(line, hop.mark, hop.tone, 16).pack(side="left", padx=(0, self.px(14)))
            tint = t.TONES[hop.tone].text
            label(line, hop.name, 15, bold=is_bad, colour=tint if is_bad else t.FG).pack(side="left")
            label(line, hop.state, 15, bold=is_bad, colour=tint if is_bad else t.MUTED).pack(side="right")

    def key_map(self) -> Keys:
        """Alt+n filters, Space expands."""
        keys: dict[str, Deed] = {"Space": self._expand}
        for index, choice in enumerate(self.model.filters[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=choice.key: self._events.filter(key)  # type: ignore[misc]
        return keys

    def _expand(self) -> None:
        if self.model is not None and self.model.table.selected is not None:
            self._events.expand(self.model.table.selected)

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events


def _answer(model: SyncModel) -> tuple[Any, ...]:
    return (model.headline, model.safe, model.safe_tone, model.facts, model.hops, model.hops_title)
