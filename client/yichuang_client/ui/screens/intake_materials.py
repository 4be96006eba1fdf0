"""材料块: fixed order, exactly one state a row, the missing row tinted (block 4 of the intake screen)."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from yichuang_client.presenters.models.intake import IntakeAct, IntakeEvents, MaterialRow, Materials
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, Shortened, clear, label, muted, on_click, rule
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.lists import ListRow, RowList
from yichuang_client.ui.widgets.sheets import Thumbnail
from yichuang_client.ui.widgets.strips import SectionHead

_LOW_ROW, _ROW, _TALL_ROW = 62, 64, 98
_STATE_WIDTH, _WIDEST_STATE = 200, 290
_NARROW = 480
"""A list narrower than this shows neither thumbnails nor keycaps."""


class _MaterialLine(ListRow[MaterialRow]):
    """One material."""

    def __init__(self, parent: Box, pressed: RowListPress) -> None:
        super().__init__(parent, size=(10, _ROW), border=Rounded(t.PANEL, t.PANEL, parent.fill, 5, 2))
        self._pressed = pressed
        self._is_narrow = False
        self._state_width = parent.px(_STATE_WIDTH)

    def state_width(self, width: int) -> None:
        """Give state and evidence so many pixels."""
        if width != self._state_width:
            self._state_width = width
            if self.model is not None:
                self.draw(self.model, None)

    def narrow(self, is_narrow: bool) -> None:
        """Leave out what is seen elsewhere."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            if self.model is not None:
                self.draw(self.model, None)

    def key_of(self, model: MaterialRow) -> str:
        """The material's key."""
        return model.key

    def is_chosen(self, model: MaterialRow) -> bool:
        """Whether it is the target of scanning."""
        return model.is_selected

    def fill_of(self, model: MaterialRow) -> str:
        """Tinted where the model says so."""
        return t.TONES[model.tone].tint if model.tone else t.PANEL

    def draw(self, model: MaterialRow, before: MaterialRow | None) -> None:
        """Draw the row."""
        clear(self)
        self.fill = self.fill_of(model)
        colour = t.TONES[model.tone].text if model.tone else t.MUTED
        ordinal = self.kit.words.key("intake.ordinals")
        figure = ordinal[model.ordinal - 1] if 0 < model.ordinal <= len(ordinal) else str(model.ordinal)
        if model.tone is None:
            rule(self).place(relx=0, rely=1.0, y=-1, relwidth=1.0)
        label(self, figure, 18, bold=model.tone is not None, colour=colour).pack(
            side="left", padx=(self.px(9), self.px(11))
        )
        if model.ordinal < 10 and not self._is_narrow:
            keycap(self, f"Alt+{model.ordinal}").pack(side="right", padx=(0, self.px(8)))
        self._draw_state(model, colour)
        if not self._is_narrow:
            self._draw_pages(model)
        words = Box(self)
        words.pack(side="left", fill="x", expand=True)
        label(words, model.name, 15, bold=True).pack(anchor="w")
        Shortened(words, model.requirement).pack(fill="x", pady=(self.px(2), 0))
        on_click(self, lambda: self._pressed(model.key))

    def _draw_state(self, model: MaterialRow, colour: str) -> None:
        state = Box(self, size=(150, 50))
        if not self._is_narrow:
            state.configure(width=self._state_width)
        state.pack(side="right")
        ChipLabel(state, model.state).pack(anchor="w")
        bold = model.tone is not None
        evidence = Shortened(state, model.evidence, colour=colour, bold=bold)
        evidence.pack(fill="x", padx=(self.px(2), 0))

    def _draw_pages(self, model: MaterialRow) -> None:
        pages = Box(self)
        pages.pack(side="right", padx=self.px(10))
        for picture in model.thumbnails[:3]:
            Thumbnail(pages, picture).pack(side="left", padx=self.px(3))
        if model.more_pages:
            muted(pages, self.kit.words.key("intake.more", n=model.more_pages)).pack(side="left", padx=self.px(3))


class RowListPress:
    """What a row calls when it is clicked; set after the list exists."""

    def __init__(self) -> None:
        self.list: RowList[MaterialRow] | None = None

    def __call__(self, key: str) -> None:
        if self.list is not None:
            self.list.press(key)


class MaterialsPane(Part[Materials]):
    """材料块."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        say = self.kit.words.key
        head = Box(self)
        head.pack(fill="x", pady=(0, self.px(4)))
        self._head = SectionHead(head, say("intake.materials"), "4")
        self._head.pack(side="left")
        self._counts = Box(head)
        self._counts.pack(side="left", padx=(self.px(12), 0))
        key = keycap(head, "A")
        key.pack(side="right")
        words = muted(head, say("intake.all_originals"))
        words.pack(side="right", padx=(0, self.px(8)))
        for widget in (key, words):
            widget.bind("<Button-1>", lambda _event: events.act(IntakeAct.SEE_ALL_ORIGINALS))
        pressed = RowListPress()
        self.rows: RowList[MaterialRow] = RowList(
            self,
            "intake.materials",
            lambda inside, _index: _MaterialLine(inside, pressed),
            chosen=events.select_material,
            opened=events.material_states,
        )
        pressed.list = self.rows
        self.rows.pack(fill="both", expand=True)
        self._empty = muted(self, "", 16)
        self._height = 0
        self.rows.bind("<Configure>", self._resized, add="+")

    def draw(self, model: Materials, before: Materials | None) -> None:
        """Draw summary, counts, rows."""
        self._head.hint(model.summary)
        if before is None or model.counts != before.counts:
            clear(self._counts)
            for key, chip in model.counts:
                made = ChipLabel(self._counts, chip)
                made.pack(side="left", padx=(0, self.px(6)))
                made.bind("<Button-1>", lambda _event, key=key: self._events.select_material(key))  # type: ignore[misc]
        self.rows.show_rows((*model.rows, *model.no_longer))
        self._give_room((*model.rows, *model.no_longer))
        self._empty.configure(text=self.say(model.empty))
        if model.rows or model.no_longer:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.5, anchor="center")
        self._fit(self._height)

    def _give_room(self, rows: tuple[MaterialRow, ...]) -> None:
        """Room for the longest evidence, the same in all rows."""
        say, px = self.kit.words.say, self.px
        needs = (self.kit.look.font(14, row.tone is not None).measure(say(row.evidence)) for row in rows)
        width = min(px(_WIDEST_STATE), max(px(_STATE_WIDTH), max(needs, default=0) + px(12)))
        for part in self.rows.pool.parts:
            if isinstance(part, _MaterialLine):
                part.state_width(width)

    def _resized(self, event: tk.Event[Any]) -> None:
        is_narrow = event.width < self.px(_NARROW)
        for part in self.rows.pool.parts:
            if isinstance(part, _MaterialLine):
                part.narrow(is_narrow)
        self._fit(event.height)

    def _fit(self, height: int) -> None:
        """Rows are 64 high, 62 to fit more of them, 98 where there is room."""
        self._height = height
        count = len(self.model.rows) if self.model else 0
        if not count or not height:
            return
        room = height / count
        row = _TALL_ROW if room >= self.px(_TALL_ROW) else _ROW if room >= self.px(_ROW) else _LOW_ROW
        for part in self.rows.pool.parts:
            part.configure(height=self.px(row))
