"""设备: one card a device, its state in the operator's words, what helps."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.sync import DeviceCard, DevicesEvents, DevicesModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, Part, Pool, card, clear, label, muted, on_click, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Segments
from yichuang_client.ui.widgets.scrolling import ScrollColumn
from yichuang_client.ui.widgets.strips import ProgressLine


class _Card(Part[DeviceCard]):
    """One device."""

    def __init__(self, parent: Box, index: int, events: DevicesEvents) -> None:
        super().__init__(parent, border=Rounded(t.PANEL, t.LINE, parent.fill, 6), pad=(18, 12))
        self._index, self._events = index, events

    def draw(self, model: DeviceCard, before: DeviceCard | None) -> None:
        """Draw the card."""
        clear(self)
        edge = t.PRIMARY if model.is_selected else t.LINE
        surface = getattr(self.master, "fill", t.CANVAS)
        width = 2 if model.is_selected else 1
        self.configure(style=self.kit.look.rounded_frame(Rounded(t.PANEL, edge, surface, 6, width)))
        top = Box(self)
        top.pack(fill="x")
        muted(top, model.kind, 15).pack(side="left", padx=(0, self.px(12)))
        label(top, model.name, 18, bold=True).pack(side="left", padx=(0, self.px(12)))
        ChipLabel(top, model.state).pack(side="left")
        keycap(top, f"Alt+{self._index + 1}").pack(side="right")
        if model.advice != "":
            wrapping(self, model.advice, 15).pack(fill="x", pady=(self.px(6), 0))
        facts = Box(self)
        facts.pack(fill="x", pady=(self.px(6), 0))
        for fact in model.facts:
            muted(facts, fact.label).pack(side="left", padx=(0, self.px(6)))
            label(facts, fact.value, 14, bold=fact.is_strong).pack(side="left", padx=(0, self.px(24)))
        if model.choices:
            choices = Segments(
                facts, f"devices.choice.{model.key}", lambda choice: self._events.choose(model.key, choice)
            )
            choices.show(model.choices, model.choice)
            choices.pack(side="left")
        for act in reversed(model.acts):
            button = KeyButton(
                facts,
                act.label,
                act.key,
                act.kind,
                lambda act=act: self._press(model.key, act.id),  # type: ignore[misc]
                is_small=True,
            )
            button.enable(act.is_enabled)
            button.pack(side="right", padx=(self.px(8), 0))
        on_click(top, lambda: self._events.select(model.key))

    def _press(self, key: str, act: str) -> None:
        self._events.select(key)
        self._events.act(act)


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
        self._empty = Box(self._column.inside)

    def draw(self, model: DevicesModel, before: DevicesModel | None) -> None:
        """Draw the cards."""
        self._title.configure(text=self.say(model.title))
        self._hint.configure(text=self.say(model.hint))
        self._progress.show(model.progress)
        self._cards.show(model.devices)
        self._column.wheel_over(self._column.inside)
        if before is None or model.empty != before.empty:
            self._empty.destroy()
            self._empty = card(self._column.inside, pad=(24, 20))
            if model.empty:
                self._empty.pack(fill="x")
            for index, line in enumerate(model.empty):
                label(self._empty, line, 18 if index == 0 else 15, bold=index == 0).pack(anchor="w", pady=self.px(2))
        self.draw_bar(model.bar)
        self.window.keys_changed(self.name)

    def _step(self, step: int) -> str:
        devices = self.model.devices if self.model else ()
        now = next((i for i, device in enumerate(devices) if device.is_selected), -1)
        if 0 <= now + step < len(devices):
            self._events.select(devices[now + step].key)
        return "break"

    def key_map(self) -> Keys:
        """Alt+n chooses a device."""
        keys: dict[str, Deed] = {}
        for index, device in enumerate(self.model.devices[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda key=device.key: self._events.select(key)  # type: ignore[misc]
        return keys

    def bar_events(self) -> Any:
        """Who is told."""
        return self._events
