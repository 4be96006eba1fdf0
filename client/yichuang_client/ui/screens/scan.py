"""扫描工作台: strip, page, targets, speed.

Rules kept here: Space continues, but belongs to a field while one is typed in; single letters too; the jam banner is
on top of the work and its number comes from the model.
"""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.common import ActKind
from yichuang_client.presenters.models.scan import Fit, PageView, ScanAct, ScanEvents, ScanModel
from yichuang_client.trace import trace
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.screens.scan_side import FactsPane, SpeedPane, StripPane, TargetsPane
from yichuang_client.ui.widgets.base import Box, Shortened, card, forget, label
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import keycap
from yichuang_client.ui.widgets.sheets import PagePane
from yichuang_client.ui.widgets.strips import BannerLine, ProgressLine

_STRIP, _SIDE = 240, 308
_TOOLS = (
    ("W", "scan.fit_width"),
    ("P", "scan.fit_page"),
    ("[", "scan.turn_left"),
    ("]", "scan.turn_right"),
    ("C", "scan.crop"),
    ("Del", "scan.drop"),
)
_EDGES = (("Left", "right"), ("Right", "left"), ("Up", "bottom"), ("Down", "top"))
"""An arrow pushes the edge behind it: Left takes the right one with it."""
_SHIFTS = (
    ("Ctrl+Left", ScanAct.SHIFT_BACK),
    ("Ctrl+Up", ScanAct.SHIFT_BACK),
    ("Ctrl+Right", ScanAct.SHIFT_ON),
    ("Ctrl+Down", ScanAct.SHIFT_ON),
)


class ScanScreen(Screen[ScanModel]):
    """扫描工作台."""

    name = "scan"
    first_field = "page"

    def __init__(self, parent: Box, frame: Frame, events: ScanEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._banner = BannerLine(work)
        self._body = Box(work)
        self._body.pack(fill="both", expand=True)
        strip = card(self._body, pad=(8, 10))
        strip.configure(width=self.px(_STRIP))
        strip.pack_propagate(False)
        strip.pack(side="left", fill="y")
        self._strip = StripPane(strip, events)
        self._strip.pack(fill="both", expand=True)
        side = Box(self._body, size=(_SIDE, 10))
        side.pack(side="right", fill="y")
        self._lay_side(side)
        desk = Box(self._body, fill=t.PAGE_DESK)
        desk.pack(side="left", fill="both", expand=True, padx=gap)
        desk.configure(takefocus=True)
        self.name_field(desk, "page")
        self._lay_tools(desk)
        self._page = PagePane(desk, events.page_area)
        self._page.pack(fill="both", expand=True)
        self._empty = Box(desk, fill=t.PANEL)

    def _lay_side(self, side: Box) -> None:
        gap = self.px(t.GUTTER)
        self._facts_card = card(side, pad=(14, 6))
        self._facts_card.pack(side="bottom", fill="x", pady=(gap, 0))
        self._facts = FactsPane(self._facts_card)
        self._facts.pack(fill="x")
        self._speed_card = card(side, pad=(14, 10))
        self._speed_card.pack(side="bottom", fill="x", pady=(gap, 0))
        self._speed = SpeedPane(self._speed_card)
        self._speed.pack(fill="x")
        targets = card(side, pad=(10, 10))
        targets.pack(fill="both", expand=True)
        self._targets = TargetsPane(targets, self._events)
        self._targets.pack(fill="both", expand=True)

    def _lay_tools(self, desk: Box) -> None:
        bar = Box(desk, fill=t.PANEL, size=(10, 40))
        bar.pack(fill="x")
        for key, words in reversed(_TOOLS):
            caption = label(bar, self.kit.words.key(words), 15)
            caption.pack(side="right", padx=(self.px(4), self.px(9)))
            cap = keycap(bar, key)
            cap.pack(side="right")
            for widget in (cap, caption):
                widget.bind("<Button-1>", lambda _event, key=key: self._tool(key))  # type: ignore[misc]
        self._title = label(bar, "", 15, bold=True)
        self._title.pack(side="left", padx=self.px(14))
        self._detail = Shortened(bar, "")
        self._detail.pack(side="left", fill="x", expand=True, padx=(0, self.px(10)))

    def draw(self, model: ScanModel, before: ScanModel | None) -> None:
        """Draw what changed."""
        self._banner.show(model.banner)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            self._banner.pack(fill="x", before=self._body)
        self._strip.show(model)
        self._title.configure(text=self.say(model.page.title))
        self._detail.put(model.page.detail)
        self._page.show(PageView() if model.empty else model.page)
        self._trace_when_drawn(model.page, before.page if before else PageView())
        self._draw_empty(model, before)
        self._targets.show(model.targets)
        if model.speed is None:
            forget(self._speed_card)
        else:
            self._speed.show(model.speed)
            if not self._speed_card.winfo_manager():
                self._speed_card.pack(side="bottom", fill="x", pady=(self.px(t.GUTTER), 0), after=self._facts_card)
        self._facts.show(model.facts)
        self.draw_bar(model.bar)

    def _trace_when_drawn(self, page: PageView, before: PageView) -> None:
        if page.picture is not None and (page.picture, page.number) != (before.picture, before.number):
            self.after_idle(lambda: self.after(1, lambda: trace("page drawn", n=page.number)))

    def _draw_empty(self, model: ScanModel, before: ScanModel | None) -> None:
        if before is not None and (before.empty, before.progress) == (model.empty, model.progress):
            return
        self._empty.destroy()
        if not model.empty:
            return
        self._empty = Box(self._page, fill=t.PANEL, pad=(28, 20))
        self._empty.place(relx=0.5, rely=0.42, anchor="center")
        for index, line in enumerate(model.empty):
            made = label(self._empty, line, 18 if index == 0 else 15, bold=index == 0)
            made.pack(pady=self.px(3))
        if model.progress is not None:
            waiting = ProgressLine(self._empty, lambda: self._events.act(ScanAct.STOP))
            waiting.pack(fill="x", pady=(self.px(10), 0))
            waiting.show(model.progress)
        if model.progress is None and any(act.id == ScanAct.START for act in model.bar.acts if act.is_enabled):
            start = next(act for act in model.bar.acts if act.id == ScanAct.START)
            button = KeyButton(
                self._empty, start.label, start.key, ActKind.SOFT, lambda: self._events.act(ScanAct.START)
            )
            button.configure(takefocus=False)
            button.pack(pady=(self.px(12), 0))

    def _tool(self, key: str) -> None:
        events = self._events
        deeds: dict[str, Deed] = {
            "W": lambda: events.fit(Fit.WIDTH),
            "P": lambda: events.fit(Fit.PAGE),
            "[": lambda: events.rotate(-1),
            "]": lambda: events.rotate(1),
            "C": lambda: events.act(ScanAct.CROP),
            "Del": lambda: events.act(ScanAct.DROP),
        }
        deeds[key]()

    def _arrow(self, edge: str, move: Deed) -> None:
        """An arrow moves from page to page, or pushes the edge at which it points from inwards."""
        if self.model is not None and self.model.page.frame is not None:
            self._events.crop_edge(edge, 1)
        else:
            move()

    def _digit(self, ordinal: int) -> None:
        """The digit of a material counts after M."""
        if self.model is None or not self.model.is_assigning:
            return
        found = next((target for target in self.model.targets if target.ordinal == ordinal), None)
        if found is not None:
            self._events.choose_target(found.key)

    def key_map(self) -> Keys:
        """Page keys, tools, the digits after M."""
        far = 1_000_000
        keys: dict[str, Deed] = {
            key: lambda step=step: self._events.move(step)  # type: ignore[misc]
            for key, step in (
                ("PgUp", -1),
                ("PgDn", 1),
                ("Left", -1),
                ("Right", 1),
                ("Up", -2),
                ("Down", 2),
                ("Home", -far),
                ("End", far),
            )
        }
        for key, edge in _EDGES:
            move = keys[key]
            keys[key] = lambda edge=edge, move=move: self._arrow(edge, move)  # type: ignore[misc]
            keys[f"Alt+{key}"] = lambda edge=edge: self._events.crop_edge(edge, -1)  # type: ignore[misc]
        for key, act in _SHIFTS:
            keys[key] = lambda act=act: self._events.act(act)  # type: ignore[misc]
        for key, _words in _TOOLS:
            keys[key] = lambda key=key: self._tool(key)  # type: ignore[misc]
        for ordinal in range(10):
            keys[str(ordinal)] = lambda ordinal=ordinal: self._digit(ordinal)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
