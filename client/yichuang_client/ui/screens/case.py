"""办件画面: facts, pages by material, the page, the events with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from yichuang_client.presenters.models.queues import CaseEvents, CaseModel, MaterialPages
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, card, clear, forget, label, muted, rule
from yichuang_client.ui.widgets.casework import CaseHeadPane, EventList, FactList, PageStrip
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import PagePane
from yichuang_client.ui.widgets.strips import BannerLine

_LEFT, _STRIP = 420, 100


class CaseScreen(Screen[CaseModel]):
    """One case, read at a counter."""

    name = "case"

    def __init__(self, parent: Box, frame: Frame, events: CaseEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._head_card = card(work)
        self._head_card.pack(fill="x")
        self._head = CaseHeadPane(self._head_card)
        self._head.pack(fill="x")
        lower = Box(work)
        lower.pack(fill="both", expand=True, pady=(gap, 0))
        left = card(lower)
        left.configure(width=self.px(_LEFT + 32))
        left.pack_propagate(False)
        left.pack(side="left", fill="y")
        column = ScrollColumn(left)
        column.pack(fill="both", expand=True)
        self._column = column
        self._lay_left(column.inside)
        desk = Box(lower, fill=t.PAGE_DESK)
        desk.pack(side="left", fill="both", expand=True, padx=(gap, 0))
        self._page_bar = Box(desk, fill=t.PANEL, size=(10, 40))
        self._page_title = label(self._page_bar, "", 15, bold=True)
        self._page_title.pack(side="left", padx=self.px(14))
        self._page_detail = muted(self._page_bar)
        self._page_detail.pack(side="left")
        self._strip_place = Box(desk, fill=t.CANVAS, size=(_STRIP, 10))
        self._strip = PageStrip(self._strip_place, events.select_page)
        self._strip.pack(fill="both", expand=True)
        self._page = PagePane(desk, events.page_area)
        self._page.pack(side="left", fill="both", expand=True)

    def _lay_left(self, inside: Box) -> None:
        say = self.kit.words.key
        label(inside, say("case.events"), 16, bold=True).pack(anchor="w", pady=(0, self.px(4)))
        self._steps = EventList(inside)
        self._steps.pack(fill="x")
        rule(inside).pack(fill="x", pady=self.px(10))
        label(inside, say("case.facts"), 16, bold=True).pack(anchor="w", pady=(0, self.px(4)))
        self._facts = FactList(inside)
        self._facts.pack(fill="x")
        rule(inside).pack(fill="x", pady=self.px(10))
        label(inside, say("case.materials"), 16, bold=True).pack(anchor="w", pady=(0, self.px(4)))
        self._materials = Box(inside)
        self._materials.pack(fill="x")

    def draw(self, model: CaseModel, before: CaseModel | None) -> Iterator[None]:
        """Draw what changed; another case in three steps."""
        is_other = before is None or before.head != model.head
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._head_card)
        self._head.show(model.head)
        self._steps.show(model.events)
        if is_other:
            yield
        self._facts.show(model.facts)
        if before is None or without_pages(model.materials) != without_pages(before.materials):
            draw_materials(self._materials, model.materials)
        if is_other:
            yield
        self._strip.show(model.materials, model.selected_page)
        self._lay_pages(has_pages=any(row.pages for row in model.materials))
        self._page_title.configure(text=self.say(model.page.title))
        self._page_detail.configure(text=self.say(model.page.detail))
        self._page.show(model.page)
        self.draw_bar(model.bar)

    def _lay_pages(self, *, has_pages: bool) -> None:
        """Title and thumbnails stand beside a page, and take no room where there is none."""
        if not has_pages:
            forget(self._page_bar)
            forget(self._strip_place)
        elif not self._page_bar.winfo_manager():
            self._page_bar.pack(fill="x", before=self._page)
            self._strip_place.pack(side="left", fill="y", before=self._page)

    def key_map(self) -> Keys:
        """PgUp and PgDn page."""
        return {"PgUp": lambda: self._events.move(-1), "PgDn": lambda: self._events.move(1)}

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events


def without_pages(materials: tuple[MaterialPages, ...]) -> list[MaterialPages]:
    """The materials as their list shows them: a thumbnail that arrives changes nothing of it."""
    return [replace(row, pages=()) for row in materials]


def draw_materials(parent: Box, materials: tuple[MaterialPages, ...]) -> None:
    """材料清单: ordinal, name, state, evidence of each."""
    clear(parent)
    ordinals = parent.kit.words.key("intake.ordinals")
    for material in materials:
        row = Box(parent)
        row.pack(fill="x", pady=parent.px(4))
        figure = ordinals[material.ordinal - 1] if 0 < material.ordinal <= len(ordinals) else ""
        label(row, figure, 17, colour=t.MUTED).pack(side="left", anchor="n", padx=(0, parent.px(8)))
        ChipLabel(row, material.state).pack(side="right", anchor="n")
        words = Box(row)
        words.pack(side="left", fill="x", expand=True)
        label(words, material.name, 15).pack(anchor="w")
        muted(words, material.evidence).pack(anchor="w")
