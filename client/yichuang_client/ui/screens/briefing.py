"""一口清: everything that the applicant must know, in two columns."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.intake import BriefingEvents, BriefingModel, BriefingSection
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, label, muted, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.scrolling import ScrollColumn


class BriefingScreen(Screen[BriefingModel]):
    """Read out to the applicant, or printed."""

    name = "briefing"

    def __init__(self, parent: Box, frame: Frame, events: BriefingEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        self._head = card(self, pad=(20, 12))
        self._head.pack(fill="x", padx=gap, pady=(gap, 0))
        self._scroll = ScrollColumn(self)
        self._scroll.pack(fill="both", expand=True, padx=gap, pady=gap)

    def draw(self, model: BriefingModel, before: BriefingModel | None) -> None:
        """Draw facts and sections."""
        if before is None or model.item != before.item:
            self._draw_head(model)
        if before is None or model.sections != before.sections:
            self._draw_sections(model.sections)
        self.draw_bar(model.bar)

    def _draw_head(self, model: BriefingModel) -> None:
        clear(self._head)
        top = Box(self._head)
        top.pack(fill="x", pady=(0, self.px(8)))
        label(top, model.item.name, 22, bold=True).pack(side="left", padx=(0, self.px(12)))
        for chip in model.item.chips:
            ChipLabel(top, chip).pack(side="left", padx=(0, self.px(6)))
        grid = Box(self._head)
        grid.pack(fill="x")
        for index, fact in enumerate(model.item.facts):
            grid.columnconfigure(index % 4, weight=1, uniform="facts")
            cell = Box(grid)
            cell.grid(row=index // 4, column=index % 4, sticky="w", pady=self.px(3))
            muted(cell, fact.label, 15).pack(side="left", padx=(0, self.px(8)))
            label(cell, fact.value, 16, bold=fact.is_strong).pack(side="left")

    def _draw_sections(self, sections: tuple[BriefingSection, ...]) -> None:
        inside = self._scroll.inside
        clear(inside)
        heights = [0, 0]
        for column in range(2):
            inside.columnconfigure(column, weight=1, uniform="halves")
        columns = [Box(inside) for _ in heights]
        for column, side in enumerate(columns):
            side.grid(row=0, column=column, sticky="new", padx=(self.px(t.GUTTER) if column else 0, 0))
        for section in sections:
            shorter = 0 if heights[0] <= heights[1] else 1
            heights[shorter] += 2 + max(1, len(section.lines))
            self._draw_section(columns[shorter], section)

    def _draw_section(self, parent: Box, section: BriefingSection) -> None:
        panel = card(parent, pad=(20, 12))
        panel.pack(fill="x", pady=(0, self.px(t.GUTTER)))
        label(panel, section.title, 16, bold=True).pack(anchor="w", pady=(0, self.px(4)))
        if not section.lines:
            muted(panel, self.kit.words.key("briefing.not_stated"), 15).pack(anchor="w")
        ordinals = self.kit.words.key("intake.ordinals")
        for index, line in enumerate(section.lines):
            row = Box(panel)
            row.pack(fill="x", pady=self.px(3))
            if section.is_numbered and index < len(ordinals):
                label(row, ordinals[index], 16, colour=t.MUTED).pack(side="left", anchor="n", padx=(0, self.px(8)))
            wrapping(row, line, 16).pack(side="left", fill="x", expand=True)

    def key_map(self) -> Keys:
        """F7 and Esc go back through the bar."""
        return {"PgDn": lambda: self._scroll.page(1), "PgUp": lambda: self._scroll.page(-1)}

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
