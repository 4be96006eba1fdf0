"""表格: one Treeview with chips as row images.

Rules kept here: thousands of rows in one native widget; one image a row, a second state becomes text; a row that
did not change is not touched; of many rows the first are there at once, the others between one key and the next; the
selection follows the row's key.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import Chip, Row, Table, Tone
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.lines import shortened
from yichuang_client.ui.widgets.base import Box, Part, muted, on_enter
from yichuang_client.ui.widgets.scrolling import Scrollbar

_CHIP = "#0"
_ROW = 38
_AT_ONCE = 50
"""Rows that are drawn without giving the control back: more than a screen."""
_LETTER, _GAP = 15, 10
"""Size of the rows' letters, none of which is wider; what stays free before the next column."""


class ChipTable(Part[Table]):
    """带状态签的表."""

    def __init__(
        self, parent: Box, name: str, *, selected: Callable[[str], None], opened: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._selected, self._opened = selected, opened
        self._rows: dict[str, Row] = {}
        self._last = ""
        self._filling: str | None = None
        style = self.kit.look.once("Y.Treeview", self._make)
        self.tree = ttk.Treeview(self, style=style, show="tree headings", selectmode="browse", height=1)
        bar = Scrollbar(self, self.tree.yview)
        self.tree.configure(yscrollcommand=bar.follow(self.tree))
        self.tree.pack(side="left", fill="both", expand=True)
        self._empty = muted(self, "", 16)
        self.kit.focus.name(self.tree, name)
        self.tree.bind("<<TreeviewSelect>>", self._on_select)
        on_enter(self.tree, lambda _event: self._open())
        self.tree.bind("<Double-Button-1>", lambda _event: self._open())
        self._tags()

    def draw(self, model: Table, before: Table | None) -> None:
        """Draw columns, rows and selection."""
        if before is None or model.columns != before.columns:
            self._columns(model)
        if before is None or model.rows != before.rows:
            self._fill(model.rows)
        self._empty.configure(text=self.say(model.empty))
        if model.rows:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.4, anchor="center")
        self._select(model.selected)

    def _columns(self, model: Table) -> None:
        self.tree.configure(columns=[column.key for column in model.columns])
        chip = self.px(model.chip_width)
        self.tree.heading(_CHIP, text="  " + self.say(model.chip_title), anchor="w")
        self.tree.column(_CHIP, width=chip, minwidth=chip, anchor="w", stretch=False)
        for column in model.columns:
            anchor: Any = column.align.value
            width = self.px(column.width)
            self.tree.heading(column.key, text=self.say(column.title), anchor=anchor)
            self.tree.column(column.key, width=width, minwidth=width // 2, anchor=anchor, stretch=column.stretches)

    def _fill(self, rows: tuple[Row, ...]) -> None:
        wanted = {row.key: row for row in rows}
        self.tree.delete(*(key for key in self._rows if key not in wanted))
        in_place = iter([key for key in self._rows if key in wanted])
        here, moved = next(in_place, None), set[str]()
        shown: dict[str, Row] = {}
        left = _AT_ONCE
        for index, (key, row) in enumerate(wanted.items()):
            before = self._rows.get(key)
            if row is not before and row != before:
                if not left:
                    self._fill_soon()
                    break
                left -= 1
            shown[key] = row
            if before is None:
                self.tree.insert("", index, iid=key, **self._item(row))
                continue
            if row is not before and row != before:
                self.tree.item(key, **self._item(row))
            if key != here:
                self.tree.move(key, "", index)
                moved.add(key)
            while here is not None and (here == key or here in moved):
                here = next(in_place, None)
        rest = {key: row for key, row in self._rows.items() if key in wanted and key not in shown}
        self._rows = shown | rest

    def _fill_soon(self) -> None:
        """Go on with the newest lines once keys have been heard."""
        if self._filling is None:
            self._filling = self.after(1, self._fill_on)

    def _fill_on(self) -> None:
        self._filling = None
        if self.model is not None:
            self._fill(self.model.rows)
            self._select(self.model.selected)

    def _item(self, row: Row) -> Any:
        if row.is_group:
            words = [self.say(cell) for cell in row.cells]
            return {"text": "  " + words[0], "values": tuple(words[1:]), "image": "", "tags": ("group",)}
        tags = [name for name, holds in (("muted", row.is_muted), ("strong", row.is_strong)) if holds]
        if row.tone is not None:
            tags.append(row.tone.value)
        return {
            "text": "",
            "image": self._image(row.chip, row.tone) if row.chip else "",
            "values": tuple(self._fitting(index, self.say(cell)) for index, cell in enumerate(row.cells)),
            "tags": tuple(tags),
        }

    def _fitting(self, index: int, text: str) -> str:
        """What fits into a column of fixed width: Tk would cut through a character, against the next column."""
        column = self.model.columns[index] if self.model is not None else None
        if column is None or column.stretches or len(text) * self.px(_LETTER) <= self.px(column.width):
            return text
        if text.isascii() and len(text) * self.px(_LETTER) * 3 <= self.px(column.width) * 5:
            return text  # numbers and codes are not measured one by one
        return shortened(text, self.px(column.width - _GAP), self.kit.look.font(_LETTER).measure)

    def _image(self, chip: Chip, row_tone: Tone | None) -> Any:
        glyph = icons.MARKS[chip.mark] if chip.mark else ""
        surface = t.TONES[row_tone].tint if row_tone else t.PANEL
        return self.kit.look.chip_image(self.say(chip.text), chip.tone, glyph, surface, chip.is_bold)

    def _select(self, key: str | None) -> None:
        now = self.tree.selection()
        if key is None or key not in self._rows or now == (key,):
            return
        self._last = key
        self.tree.selection_set(key)  # told later, when it is the model's and no news
        self.tree.focus(key)
        self.tree.see(key)

    def _on_select(self, _event: tk.Event[Any]) -> None:
        chosen = self.tree.selection()
        if not chosen or (self.model is not None and chosen[0] == self.model.selected):
            return
        if self._rows[chosen[0]].is_group:
            self._pass_over(chosen[0])
            return
        self._last = chosen[0]
        self._selected(chosen[0])

    def _pass_over(self, group: str) -> None:
        """A heading cannot be chosen: go on in the same direction."""
        keys = list(self._rows)
        here = keys.index(group)
        step = 1 if self._last not in self._rows or keys.index(self._last) < here else -1
        if 0 <= here + step < len(keys):
            self.tree.selection_set(keys[here + step])
            self.tree.focus(keys[here + step])
            self.tree.see(keys[here + step])

    def _open(self) -> str:
        chosen = self.tree.selection()
        if chosen and not self._rows[chosen[0]].is_group:
            self._opened(chosen[0])
        return "break"

    def _tags(self) -> None:
        look = self.kit.look
        self.tree.tag_configure("muted", foreground=t.MUTED)
        self.tree.tag_configure("strong", font=look.font(15, True))
        self.tree.tag_configure("group", background=t.HEAD, foreground=t.MUTED, font=look.font(14, True))
        for tone, shades in t.TONES.items():
            self.tree.tag_configure(tone.value, background=shades.tint, font=look.font(15, True))

    def _make(self, name: str) -> None:
        look = self.kit.look
        look.layout(name, [("Treeview.treearea", {"sticky": "nsew"})])
        look.layout(
            name + ".Item",
            [
                (
                    "Treeitem.padding",
                    {
                        "sticky": "nsew",
                        "children": [
                            ("Treeitem.image", {"side": "left", "sticky": ""}),
                            ("Treeitem.text", {"side": "left", "sticky": ""}),
                        ],
                    },
                )
            ],
        )
        look.configure(
            name,
            rowheight=look.px(_ROW),
            font=look.font(15),
            background=t.PANEL,
            fieldbackground=t.PANEL,
            foreground=t.FG,
            borderwidth=0,
            relief="flat",
        )
        look.configure(name + ".Item", padding=look.pad(10, 0, 4, 0))
        look.style.map(
            name,
            background=[("selected focus", t.SELECTED), ("selected", "#E7F0FA")],
            foreground=[("selected", t.FG)],
        )
        look.configure(
            name + ".Heading",
            font=look.font(14),
            foreground=t.MUTED,
            background=t.HEAD,
            relief="flat",
            padding=look.pad(4, 6),
            borderwidth=0,
        )
        look.style.map(name + ".Heading", background=[("active", t.HEAD)], foreground=[("active", t.MUTED)])
