"""事项搜索: the query, its hits, the chosen item's facts (band 1 of the intake screen).

Rules kept here: what is typed goes out as committed text, debounced by 60 ms; a digit picks a hit once the query
starts with a letter or a Hanzi; letters never pick.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from yichuang_client.presenters.models.common import ActKind
from yichuang_client.presenters.models.intake import Hit, IntakeAct, IntakeEvents, ItemFacts, SearchBox
from yichuang_client.ui import tokens as t
from yichuang_client.ui.widgets.base import Box, Part, clear, forget, label, muted, on_click, on_enter
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel, keycap
from yichuang_client.ui.widgets.fields import Entry
from yichuang_client.ui.widgets.strips import SectionHead

_DEBOUNCE_MS = 60
_HITS = 3
_BROAD, _NARROW = 496, 380


class SearchEntry(Box):
    """The query's field with its keys; one in the start page, one in the form."""

    def __init__(self, parent: Box, events: IntakeEvents, *, px: int) -> None:
        super().__init__(parent)
        self._events = events
        self._search = SearchBox()
        self._pending: str | None = None
        self.entry = Entry(self, self._typed, px=px)
        self.entry.pack(fill="x")
        for sequence, step in (("<Up>", -1), ("<Down>", 1)):
            self.entry.bind(sequence, lambda _event, step=step: self._move(step))  # type: ignore[misc]
        on_enter(self.entry, self._choose)
        self.entry.bind("<Key>", self._digit)

    def show(self, search: SearchBox) -> None:
        """Draw the query if the presenter changed it."""
        before, self._search = self._search, search
        if search.query != before.query and self._pending is None:
            self.entry.put(search.query)
        self.entry.placeholder(self.say(search.placeholder))

    def take_name(self) -> None:
        """Be the field that ``intake.search`` means."""
        self.kit.focus.name(self.entry, "intake.search")

    def _typed(self, _text: str) -> None:
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._pending = self.after(_DEBOUNCE_MS, self._tell)

    def _tell(self) -> None:
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._pending = None
        self._events.search(self.entry.text.get())

    def _move(self, step: int) -> str:
        self._events.move_hit(step)
        return "break"

    def _choose(self, _event: tk.Event[Any]) -> str:
        if self._pending is not None:
            self._tell()
        hit = next((hit for hit in self._search.hits if hit.is_selected), None)
        self._events.choose_hit(hit.code if hit is not None else "")
        return "break"

    def _digit(self, event: tk.Event[Any]) -> str | None:
        text = self.entry.text.get()
        if len(event.char) != 1 or event.char not in "123456789" or not text or text[0].isdigit():
            return None
        if self._pending is not None:
            self._tell()
        index = int(event.char) - 1
        if index >= len(self._search.hits):
            return None
        self._events.choose_hit(self._search.hits[index].code)
        return "break"


class HitLine(Part[Hit]):
    """One hit: digit, name with what matched, why it ranks here."""

    def __init__(self, parent: Box, ordinal: int, events: IntakeEvents) -> None:
        super().__init__(parent, size=(_NARROW, 29))
        self._ordinal, self._events = ordinal, events

    def draw(self, model: Hit, before: Hit | None) -> None:
        """Draw the line."""
        clear(self)
        fill = "#E7F0FA" if model.is_selected else t.PANEL
        self.fill = fill
        self.configure(style=self.kit.look.plain(fill))
        Box(self, fill=t.PRIMARY if model.is_selected else fill, size=(3, 10)).pack(side="left", fill="y")
        keycap(self, str(self._ordinal)).pack(side="left", padx=(self.px(9), self.px(8)))
        muted(self, model.reason).pack(side="right", padx=(self.px(8), self.px(8)))
        for text, is_match in model.name_parts:
            bold = is_match or model.is_selected
            label(self, text, 15, bold=bold, colour=t.PRIMARY if is_match else t.FG).pack(side="left")
        on_click(self, lambda: self._events.choose_hit(model.code))


class SearchPane(Part[SearchBox]):
    """Left half of band 1."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        self._events = events
        top = Box(self, size=(_BROAD, 36))
        top.pack(fill="x")
        self._top = top
        SectionHead(top, self.kit.words.key("intake.item"), "1").pack(side="left", padx=(0, self.px(2)))
        self._count = muted(top)
        self._count.pack(side="right", padx=(self.px(10), 0))
        self.entry = SearchEntry(top, events, px=15)
        self.entry.pack(side="left", fill="x", expand=True)
        self._note = ChipLabel(self)
        self._hits: list[HitLine] = []
        self._lines = Box(self)
        self._lines.pack(fill="x", pady=(self.px(6), 0))
        self._hint = muted(self)
        self._folded = Box(self)
        keycap(self._folded, "F2").pack(side="left", padx=(0, self.px(8)))
        self._fold_text = muted(self._folded)
        self._fold_text.pack(side="left")

    def narrow(self, is_narrow: bool) -> None:
        """Take less room."""
        width = self.px(_NARROW if is_narrow else _BROAD)
        self._top.configure(width=width)
        for line in self._hits:
            line.configure(width=width)

    def draw(self, model: SearchBox, before: SearchBox | None) -> None:
        """Draw query, hits or their fold."""
        self.entry.show(model)
        self._count.configure(text=self.say(model.count))
        for index, hit in enumerate(model.hits[:_HITS]):
            if index == len(self._hits):
                self._hits.append(HitLine(self._lines, index + 1, self._events))
            self._hits[index].show(hit)
            self._hits[index].pack(fill="x", pady=self.px(1))
        for line in self._hits[len(model.hits) :]:
            forget(line)
        _switch(
            self._lines, bool(model.hits), lambda: self._lines.pack(fill="x", pady=(self.px(6), 0), after=self._top)
        )
        self._hint.configure(text=self.say(model.hint))
        self._fold_text.configure(text=self.say(model.folded))
        is_folded = not model.hits and model.folded != ""
        _switch(self._folded, is_folded, lambda: self._folded.pack(anchor="w", pady=(self.px(10), 0)))
        _switch(self._hint, not is_folded, lambda: self._hint.pack(anchor="w", pady=(self.px(3), 0)))
        if model.note is None:
            forget(self._note)
        else:
            self._note.show(model.note)
            self._note.pack(anchor="w", side="bottom")


def _switch(widget: Any, is_on: bool, place: Callable[[], None]) -> None:
    if not is_on:
        forget(widget)
    elif not widget.winfo_manager():
        place()


class FactsPane(Part[ItemFacts]):
    """Right half of band 1: name, chips, facts in four columns."""

    def __init__(self, parent: Box, events: IntakeEvents) -> None:
        super().__init__(parent)
        top = Box(self)
        top.pack(fill="x", pady=(self.px(3), 0))
        button = KeyButton(
            top,
            self.kit.words.key("intake.brief"),
            "F7",
            ActKind.SOFT,
            lambda: events.act(IntakeAct.BRIEF),
            is_small=True,
        )
        button.configure(takefocus=False)
        button.pack(side="right")
        self._title = label(top, "", 20, bold=True)
        self._title.pack(side="left")
        self._chips = Box(top)
        self._chips.pack(side="left", padx=(self.px(10), 0))
        self._grid = Box(self)
        self._grid.pack(fill="x", pady=(self.px(8), 0))
        self._is_low = False
        self._across = 4

    def low(self, is_low: bool, *, columns: int = 4) -> None:
        """Show four facts only, or all."""
        if (is_low, columns) != (self._is_low, self._across):
            self._is_low, self._across = is_low, columns
            if self.model is not None:
                self._draw_facts(self.model)

    def draw(self, model: ItemFacts, before: ItemFacts | None) -> None:
        """Draw name, chips, facts."""
        self._title.configure(text=model.name)
        clear(self._chips)
        for chip in model.chips:
            ChipLabel(self._chips, chip).pack(side="left", padx=(0, self.px(6)))
        if before is None or before.facts != model.facts:
            self._draw_facts(model)

    def _draw_facts(self, model: ItemFacts) -> None:
        clear(self._grid)
        for column in range(4):
            is_used = column < self._across
            self._grid.columnconfigure(column, weight=int(is_used), uniform="facts" if is_used else "")
        for index, fact in enumerate(model.facts[: 4 if self._is_low else 8]):
            cell = Box(self._grid)
            cell.grid(row=index // self._across, column=index % self._across, sticky="w", pady=(0, self.px(5)))
            muted(cell, fact.label).pack(anchor="w")
            colour = t.TONES[fact.tone].text if fact.tone else t.FG
            label(cell, fact.value, 15, bold=fact.is_strong, colour=colour).pack(anchor="w", pady=(self.px(2), 0))
