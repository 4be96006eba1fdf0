"""工作台外框: top bar, rail with places and devices, the space for the screens.

Rules kept here: the rail is not in the Tab ring (Ctrl+digit, F2); counts are repeated from the model, never
computed; a citizen is never named in the frame.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from yichuang_client.presenters.models.common import Chip
from yichuang_client.presenters.models.session import DeviceLine, NavItem, ShellEvents, ShellModel
from yichuang_client.presenters.tour import TourModel
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.tourline import TourLine
from yichuang_client.ui.widgets.base import Box, Kit, Part, clear, forget, icon, label, mark, muted, on_click, rule
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.strips import BannerLine


class TopBar(Part[ShellModel]):
    """顶栏: office, line, unsent, person, clock."""

    def __init__(self, parent: Box, events: ShellEvents) -> None:
        super().__init__(parent, fill=t.PANEL)
        line = Box(self, size=(10, t.TOP_BAR - 1))
        line.pack(fill="x")
        rule(self).pack(fill="x")
        self._brand = label(line, self.kit.words.key("shell.brand"), 20, bold=True, colour=self.kit.accent)
        self._brand.pack(side="left", padx=self.px(16))
        self._office = label(line, "", 15, bold=True)
        self._clock = label(line, "", 15)
        self._clock.pack(side="right", padx=(self.px(12), self.px(16)))
        self._rule(line)
        self._person = label(line, "", 15)
        self._person.pack(side="right", padx=self.px(12))
        self._person.bind("<Button-1>", lambda _event: events.choose_password())
        self._rule(line)
        self._unsent = ChipLabel(line)
        self._online = ChipLabel(line)
        for chip in (self._unsent, self._online):
            chip.bind("<Button-1>", lambda _event: events.open_sync())
        self._online.pack(side="right", padx=(0, self.px(12)))
        self._office_place: int = -1

    def _rule(self, line: Box) -> None:
        made = rule(line, vertical=True)
        made.configure(height=self.px(20))
        made.pack(side="right")

    def draw(self, model: ShellModel, before: ShellModel | None) -> None:
        """Draw what changed."""
        if before is None or model.is_slim != before.is_slim:
            after_brand = self._brand.winfo_reqwidth() + self.px(16 + 14)
            x = max(after_brand, self.px(82 if model.is_slim else 186))
            self._office.place(x=x, rely=0.5, anchor="w")
        self._office.configure(text=self.say(model.office))
        self._person.configure(text=self.say(model.person))
        self._clock.configure(text=self.say(model.clock))
        self._online.show(model.online)
        self._draw_unsent(model.unsent)

    def _draw_unsent(self, chip: Chip | None) -> None:
        if chip is None:
            forget(self._unsent)
            return
        self._unsent.show(chip)
        if not self._unsent.winfo_manager():
            self._unsent.pack(side="right", padx=(0, self.px(12)), before=self._online)
            self._online.pack_configure(padx=(0, self.px(6)))


class _Place(Box):
    """One place of the rail."""

    def __init__(self, parent: Box, item: NavItem, *, is_active: bool, is_slim: bool, events: ShellEvents) -> None:
        fill = "#E7F0FA" if is_active else t.PANEL
        super().__init__(parent, fill=fill, size=(10, 62 if is_slim else 42))
        self._colour = t.PRIMARY if is_active else t.MUTED
        Box(self, fill=t.PRIMARY if is_active else fill, size=(4, 10)).pack(side="left", fill="y")
        glyph = icons.NAV[item.icon]
        if is_active:
            glyph = icons.NAV_ACTIVE.get(glyph, glyph)
        (self._slim if is_slim else self._broad)(item, glyph, is_active)
        on_click(self, lambda: events.go(item.screen))

    def _broad(self, item: NavItem, glyph: str, is_active: bool) -> None:
        icon(self, glyph, 18, self._colour).pack(side="left", padx=(self.px(11), self.px(9)))
        colour = t.PRIMARY if is_active else t.FG
        label(self, item.label, 15, bold=is_active, colour=colour).pack(side="left")
        keycap(self, item.key).pack(side="right", padx=(self.px(4), self.px(8)))
        if item.count:
            label(self, f"{item.count:,}", 14, bold=True, colour=self._colour).pack(side="right", padx=(0, self.px(3)))

    def _slim(self, item: NavItem, glyph: str, is_active: bool) -> None:
        middle = Box(self)
        middle.pack(expand=True)
        top = Box(middle)
        top.pack()
        icon(top, glyph, 20, self._colour).pack(side="left")
        if item.count:
            label(top, f"{item.count:,}", 14, bold=True, colour=self._colour).pack(side="left", padx=(self.px(4), 0))
        colour = t.PRIMARY if is_active else t.FG
        label(middle, item.label, 14, bold=is_active, colour=colour).pack(pady=(self.px(2), 0))


class Rail(Part[ShellModel]):
    """导航栏."""

    def __init__(self, parent: Box, events: ShellEvents) -> None:
        super().__init__(parent, fill=t.PANEL)
        self._events = events

    def draw(self, model: ShellModel, before: ShellModel | None) -> None:
        """Draw the rail anew when places, counts, devices or the lit place changed."""
        if before is not None and _rail_part(model) == _rail_part(before):
            return
        clear(self)
        self.configure(width=self.px(t.SLIM_RAIL if model.is_slim else t.RAIL))
        self.pack_propagate(False)
        rule(self, vertical=True).pack(side="right", fill="y")
        Box(self, size=(10, 6 if model.is_slim else 8)).pack(fill="x")
        for item in model.nav:
            place = _Place(
                self, item, is_active=item.screen == model.active, is_slim=model.is_slim, events=self._events
            )
            place.pack(fill="x")
        if model.is_slim:
            muted(self, self.kit.words.key("shell.keys_short")).pack(side="bottom", pady=self.px(10))
        else:
            self._foot(model.devices)

    def _foot(self, devices: tuple[DeviceLine, ...]) -> None:
        foot = Box(self)
        foot.pack(side="bottom", fill="x", padx=self.px(17), pady=(0, self.px(10)))
        rule(self).pack(side="bottom", fill="x", pady=(0, self.px(10)))
        for device in devices:
            line = Box(foot)
            line.pack(fill="x", pady=self.px(2))
            mark(line, device.mark, device.tone).pack(side="left", padx=(0, self.px(9)))
            label(line, device.label).pack(side="left")
            is_fine = device.tone.value == "success"
            colour = t.MUTED if is_fine else t.TONES[device.tone].text
            label(line, device.state, bold=not is_fine, colour=colour).pack(side="right")
        muted(foot, self.kit.words.key("shell.switch_keys")).pack(anchor="w", pady=(self.px(8), self.px(2)))
        muted(foot, self.kit.words.key("shell.page_keys")).pack(anchor="w")


def _rail_part(model: ShellModel) -> tuple[Any, ...]:
    return (model.nav, model.active, model.devices, model.is_slim)


class Shell(Part[ShellModel]):
    """The frame around the screens; screens are put into ``stage``, the action bar below it."""

    def __init__(self, parent: tk.Misc, kit: Kit, events: ShellEvents) -> None:
        super().__init__(parent, kit, fill=t.CANVAS)
        self._events = events
        self._top = TopBar(self, events)
        self._top.pack(fill="x")
        self.foot = Box(self, fill=t.PANEL)
        self.foot.pack(side="bottom", fill="x")
        self._rail = Rail(self, events)
        self._rail.pack(side="left", fill="y")
        work = Box(self)
        work.pack(side="left", fill="both", expand=True)
        self._banner = BannerLine(work)
        self.stage = Box(work)
        self.stage.pack(fill="both", expand=True)
        self._work = work
        self._tour: TourLine | None = None
        self._is_narrow = False
        self.bind("<Configure>", self._resized)

    def _resized(self, event: tk.Event[Any]) -> None:
        is_narrow = event.width < self.px(t.NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            if self.model is not None:
                self._draw_sides(self.model)

    def _draw_sides(self, model: ShellModel) -> None:
        """A narrow window has the slim rail, whatever the role."""
        shown = replace(model, is_slim=model.is_slim or self._is_narrow)
        self._top.show(shown)
        self._rail.show(shown)

    def draw(self, model: ShellModel, before: ShellModel | None) -> None:
        """Draw what changed."""
        self._draw_sides(model)
        if model.banner is None:
            forget(self._banner)
        elif not self._banner.winfo_manager():
            gap = self.px(t.GUTTER)
            self._banner.pack(fill="x", padx=gap, pady=(gap, 0), before=self.stage)
        self._banner.show(model.banner)

    def show_tour(self, model: TourModel | None, following: Callable[[], None], ended: Callable[[], None]) -> None:
        """Draw a step of the first-run guide above the page, or take it away."""
        if model is None:
            if self._tour is not None:
                self._tour.destroy()
            self._tour = None
            return
        if self._tour is None:
            gap = self.px(t.GUTTER)
            self._tour = TourLine(self._work, following, ended)
            self._tour.pack(fill="x", padx=gap, pady=(gap, 0), before=self.stage)
        self._tour.show(model)

    def key_map(self) -> Keys:
        """The frame's keys: places, lock, help, password."""
        keys = {"Ctrl+L": self._events.lock, "F1": self._events.help, "Ctrl+U": lambda: self._events.choose_password()}
        for item in self.model.nav if self.model else ():
            key = item.key if item.key.startswith("F") else f"Ctrl+{item.key}"
            keys[key] = lambda screen=item.screen: self._events.go(screen)  # type: ignore[misc]
            if item.key == "F2":
                keys["Ctrl+1"] = keys[key]
        return keys
