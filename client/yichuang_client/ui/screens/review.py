"""审批工作台: queue, pages, form and events, opinion.

Rules kept here: the clock's sentence and who may act come in the model; opinion drafts are never touched by a
redraw; the queue keeps its place when another case comes in.
"""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.queues import MaterialPages
from yichuang_client.presenters.models.review import ReviewAct, ReviewCase, ReviewEvents, ReviewModel, ReviewTab
from yichuang_client.presenters.models.scan import Fit
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.screens.case import draw_materials
from yichuang_client.ui.screens.review_opinion import OpinionPane
from yichuang_client.ui.screens.review_queue import QueuePane
from yichuang_client.ui.widgets.base import Box, card, clear, forget, label, muted, rule
from yichuang_client.ui.widgets.casework import CaseHeadPane, EventList, FactList, PageStrip
from yichuang_client.ui.widgets.chips import keycap
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import PagePane
from yichuang_client.ui.widgets.strips import BannerLine

_QUEUE, _STRIP, _SIDE = 272, 96, 412
_TABS = ((ReviewTab.FORM, "Alt+B"), (ReviewTab.MATERIALS, "Alt+C"), (ReviewTab.EVENTS, "Alt+J"))


class ReviewScreen(Screen[ReviewModel]):
    """审批工作台."""

    name = "review"
    first_field = "queue"

    def __init__(self, parent: Box, frame: Frame, events: ReviewEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._body = Box(work)
        self._body.pack(fill="both", expand=True)
        queue = card(self._body, pad=(2, 8))
        queue.configure(width=self.px(_QUEUE))
        queue.pack_propagate(False)
        queue.pack(side="left", fill="y")
        self._queue = QueuePane(queue, events)
        self._queue.pack(fill="both", expand=True)
        self._side = Box(self._body, size=(_SIDE, 10))
        self._side.pack(side="right", fill="y")
        self._lay_side()
        self._middle = Box(self._body)
        self._middle.pack(side="left", fill="both", expand=True, padx=gap)
        self._lay_middle()

    def _lay_middle(self) -> None:
        head = card(self._middle)
        head.pack(fill="x")
        self._head = CaseHeadPane(head)
        self._head.pack(fill="x")
        desk = Box(self._middle, fill=t.PAGE_DESK)
        desk.pack(fill="both", expand=True, pady=(self.px(t.GUTTER), 0))
        bar = Box(desk, fill=t.PANEL, size=(10, 40))
        bar.pack(fill="x")
        self._position = label(bar, "", 15, bold=True)
        self._position.pack(side="left", padx=self.px(14))
        self._overall = muted(bar)
        self._overall.pack(side="left")
        for key, words in (("N", "review.note"), ("P", "scan.fit_page"), ("W", "scan.fit_width")):
            label(bar, self.kit.words.key(words), 15).pack(side="right", padx=(self.px(6), self.px(12)))
            keycap(bar, key).pack(side="right")
        strip_place = Box(desk, fill=t.CANVAS, size=(_STRIP, 10))
        strip_place.pack(side="left", fill="y")
        self._strip = PageStrip(strip_place, self._events.select_page)
        self._strip.pack(fill="both", expand=True)
        self._page = PagePane(desk, self._events.page_area)
        self._page.pack(side="left", fill="both", expand=True)

    def _lay_side(self) -> None:
        opinion = card(self._side, pad=(14, 10))
        opinion.pack(side="bottom", fill="x")
        self._opinion = OpinionPane(opinion, self._events)
        self._opinion.pack(fill="x")
        panel = card(self._side, pad=(14, 6))
        panel.pack(fill="both", expand=True, pady=(0, self.px(t.GUTTER)))
        self._tabs = Box(panel)
        self._tabs.pack(fill="x")
        rule(panel).pack(fill="x", pady=(0, self.px(6)))
        self._column = ScrollColumn(panel)
        self._column.pack(fill="both", expand=True)
        inside = self._column.inside
        self._form = FactList(inside)
        self._rule = Box(inside)
        rule(self._rule).pack(fill="x", pady=self.px(8))
        label(self._rule, self.kit.words.key("review.events"), 16, bold=True).pack(anchor="w", pady=(0, self.px(2)))
        self._steps = EventList(inside)
        self._materials = Box(inside)
        self._listed: tuple[MaterialPages, ...] = ()

    def draw(self, model: ReviewModel, before: ReviewModel | None) -> None:
        """Draw what changed."""
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._body)
        self._queue.show(model)
        was = before.case if before else None
        if model.case is None:
            forget(self._middle)
            forget(self._side)
        else:
            if not self._middle.winfo_manager():
                self._side.pack(side="right", fill="y")
                self._middle.pack(side="left", fill="both", expand=True, padx=self.px(t.GUTTER))
            self._draw_case(model.case, was)
            if before is None or before.tab != model.tab or _tab_parts(was) != _tab_parts(model.case):
                self._draw_tab(model.case, model.tab)
        if before is None or before.bar != model.bar:
            self.draw_bar(model.bar)
        if _templates(was) != _templates(model.case):
            self.window.keys_changed(self.name)

    def _draw_case(self, case: ReviewCase, before: ReviewCase | None) -> None:
        self._head.show(case.head)
        if before is None or (before.materials, before.selected_page) != (case.materials, case.selected_page):
            self._strip.show(case.materials, case.selected_page)
        self._position.configure(text=self.say(case.position))
        self._overall.configure(text=self.say(case.overall))
        self._page.show(case.page)
        self._opinion.show((case.key, case.opinion))

    def _draw_tab(self, case: ReviewCase, tab: str) -> None:
        self._draw_tabs(case, tab)
        self._form.show(case.form)
        self._steps.show(case.events)
        if self._listed != case.materials:
            self._listed = case.materials
            draw_materials(self._materials, case.materials)
        parts: dict[str, tuple[Box, ...]] = {
            ReviewTab.FORM: (self._form, self._rule, self._steps),
            ReviewTab.MATERIALS: (self._materials,),
            ReviewTab.EVENTS: (self._steps,),
        }
        for part in (self._form, self._rule, self._steps, self._materials):
            forget(part)
        for part in parts[tab]:
            part.pack(fill="x")

    def _draw_tabs(self, case: ReviewCase, tab: str) -> None:
        clear(self._tabs)
        words = self.kit.words
        titles = {
            ReviewTab.FORM: words.key("review.form"),
            ReviewTab.MATERIALS: words.key("review.materials", n=len(case.materials)),
            ReviewTab.EVENTS: words.key("review.events"),
        }
        for name, key in _TABS:
            is_here = name == tab
            holder = Box(self._tabs)
            holder.pack(side="left", padx=(0, self.px(14)))
            line = Box(holder)
            line.pack(pady=(self.px(4), self.px(6)))
            title = label(line, titles[name], 16, bold=is_here, colour=t.PRIMARY if is_here else t.FG)
            title.pack(side="left", padx=(self.px(2), self.px(6)))
            cap = keycap(line, key)
            cap.pack(side="left")
            Box(holder, fill=t.PRIMARY if is_here else t.PANEL, size=(10, 3)).pack(fill="x")
            for widget in (title, cap):
                widget.bind("<Button-1>", lambda _event, name=name: self._events.tab(name))  # type: ignore[misc]

    def _focus_queue(self) -> None:
        self._events.act(ReviewAct.QUEUE)
        self.kit.focus.move("review.queue")

    def key_map(self) -> Keys:
        """Pages, materials, tabs, templates, the queue."""
        events = self._events
        keys: dict[str, Deed] = {
            "F2": self._focus_queue,
            "F3": self._focus_queue,
            "PgUp": lambda: events.move(-1),
            "PgDn": lambda: events.move(1),
            "Alt+PgUp": lambda: events.move_material(-1),
            "Alt+PgDn": lambda: events.move_material(1),
            "W": lambda: events.fit(Fit.WIDTH),
            "P": lambda: events.fit(Fit.PAGE),
            "N": lambda: events.act(ReviewAct.NOTE),
        }
        for name, key in _TABS:
            keys[key] = lambda name=name: events.tab(name)  # type: ignore[misc]
        for index, (key, _words) in enumerate(_templates(self.model.case if self.model else None)[:9]):
            keys[f"Alt+{index + 1}"] = lambda key=key: self._opinion.insert(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events


def _templates(case: ReviewCase | None) -> tuple[tuple[str, Text], ...]:
    return case.opinion.templates if case is not None else ()


def _tab_parts(case: ReviewCase | None) -> object:
    """What the tabs show, less the thumbnails, which stand in the strip."""
    if case is None:
        return None
    listed = tuple((row.key, row.ordinal, row.name, row.state, row.evidence) for row in case.materials)
    return (case.key, listed, case.form, case.events)
