"""设备: one card a device, its state in the operator's words, what helps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from yichuang_client.presenters.models.sync import DeviceCard, DevicesEvents, DevicesModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, Part, Pool, card, clear, label, muted, on_click, wrapping
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Segments
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.sheets import Thumbnail
from yichuang_client.ui.widgets.strips import BannerLine, ProgressLine

_DIGITS = 9


class _Card(Part[DeviceCard]):
    """One device."""

    def __init__(self, parent: Box, index: int, events: DevicesEvents) -> None:
        super().__init__(parent, border=Rounded(t.PANEL, t.LINE, parent.fill, 6), pad=(18, 12))
        self._index, self._events = index, events
        self._segments: dict[str, Segments] = {}
        self._top, self._facts = Box(self), Box(self)

    def draw(self, model: DeviceCard, before: DeviceCard | None) -> None:
        """Draw the card; only the edge, when nothing but the selection changed: a setting may have the focus."""
        edge, width = (t.PRIMARY, 2) if model.is_selected else (t.LINE, 1)
        surface = getattr(self.master, "fill", t.CANVAS)
        self.configure(style=self.kit.look.rounded_frame(Rounded(t.PANEL, edge, surface, 6, width)))
        if before is not None and replace(before, is_selected=model.is_selected) == model:
            return
        shape = [(setting.key, setting.options) for setting in model.settings]
        if shape != [(setting.key, setting.options) for setting in before.settings] if before else True:
            self._lay(model)
        for setting in model.settings:
            self._segments[setting.key].show(setting.options, setting.chosen)
        self._draw_words(model)

    def _lay(self, model: DeviceCard) -> None:
        clear(self)
        self._top = Box(self)
        self._top.pack(fill="x")
        line = Box(self)
        line.pack(fill="x", pady=(self.px(6), 0))
        self._segments = {}
        for setting in model.settings:
            muted(line, setting.label).pack(side="left", padx=(0, self.px(8)))
            made = Segments(
                line,
                f"devices.{setting.key}.{self._index + 1}",
                lambda option, key=setting.key: self._choose(key, option),  # type: ignore[misc]
            )
            made.pack(side="left", padx=(0, self.px(20)))
            self._segments[setting.key] = made
        self._facts = Box(line)
        self._facts.pack(side="right" if model.settings else "left")

    def _choose(self, setting: str, option: str) -> None:
        if self.model is not None:
            self._events.choose(self.model.key, setting, option)

    def _draw_words(self, model: DeviceCard) -> None:
        clear(self._top)
        clear(self._facts)
        line = Box(self._top)
        line.pack(fill="x")
        muted(line, model.kind, 15).pack(side="left", padx=(0, self.px(12)))
        label(line, model.name, 18, bold=True).pack(side="left", padx=(0, self.px(12)))
        ChipLabel(line, model.state).pack(side="left", padx=(0, self.px(6)))
        if model.in_use is not None:
            ChipLabel(line, model.in_use).pack(side="left")
        if self._index < _DIGITS:
            keycap(line, f"Alt+{self._index + 1}").pack(side="right")
        if model.advice != "":
            wrapping(self._top, model.advice, 15).pack(fill="x", pady=(self.px(6), 0))
        Box(self._facts, size=(1, 1)).pack(side="left")
        for fact in model.facts:
            muted(self._facts, fact.label).pack(side="left", padx=(0, self.px(6)))
            colour = t.TONES[fact.tone].text if fact.tone else t.FG
            value = label(self._facts, fact.value, 14, bold=fact.is_strong, colour=colour)
            value.pack(side="left", padx=(0, self.px(20)))
        if model.picture is not None:
            Thumbnail(self._facts, model.picture).pack(side="left")
        for part in (self._top, self._facts):
            on_click(part, lambda: self._events.select(model.key))


class DevicesScreen(Screen[DevicesModel]):
    """设备."""

    name = "devices"
    first_field = "list"

    def __init__(self, parent: Box, frame: Frame, events: DevicesEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        gap = self.px(t.GUTTER)
        work = Box(self)
        work.pack(fill="both", expand=True, padx=gap, pady=gap)
        head = card(work, pad=(20, 12))
        head.pack(fill="x")
        self._title = label(head, "", 22, bold=True)
        self._title.pack(side="left")
        self._hint = muted(head, "", 15)
        self._hint.pack(side="left", padx=self.px(16))
        self._progress = ProgressLine(head, events.cancel)
        self._progress.pack(side="right")
        self._banner = BannerLine(work)
        self._banner.pack(fill="x", pady=(gap, 0))
        self._column = ScrollColumn(work)
        self._column.pack(fill="both", expand=True, pady=(gap, 0))
        self._column.configure(takefocus=True)
        self.name_field(self._column, "list")
        for sequence, step in (("<Up>", -1), ("<Down>", 1)):
            self._column.bind(sequence, lambda _event, step=step: self._step(step))  # type: ignore[misc]
        self._cards: Pool[DeviceCard] = Pool(
            lambda index: _Card(self._column.inside, index, events),
            lambda part, _index: part.pack(fill="x", pady=(0, gap)),
        )

    def draw(self, model: DevicesModel, before: DevicesModel | None) -> None:
        """Draw the cards."""
        self._title.configure(text=self.say(model.title))
        self._hint.configure(text=self.say(model.hint))
        self._progress.show(model.progress)
        self._banner.show(model.banner)
        self._cards.show(model.devices)
        if before is None or before.devices != model.devices:
            self.after_idle(self._reveal)
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def _reveal(self) -> None:
        chosen = [part for part in self._cards.parts if part.model is not None and part.model.is_selected]
        if chosen and self.winfo_exists() and chosen[0].winfo_manager():
            self._column.reveal(chosen[0])

    def _step(self, step: int) -> str:
        devices, now = (self.model.devices, _chosen(self.model)) if self.model else ((), -1)
        if 0 <= now + step < len(devices):
            self._events.select(devices[now + step].key)
        return "break"

    def key_map(self) -> Keys:
        """Alt+n chooses a device."""
        keys: dict[str, Deed] = {}
        for index, device in enumerate(self.model.devices[:_DIGITS] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=device.key: self._events.select(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events


def _chosen(model: DevicesModel) -> int:
    return next((index for index, device in enumerate(model.devices) if device.is_selected), -1)
