"""表单: fields in rows with their labels and sentences.

Rules kept here: label column 80, fields 34 high; two half fields share a row; a field that stays keeps its widget
and its focus when others come or go.
"""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk

from yichuang_client.presenters.models.common import Field, FieldInput, FieldMark
from yichuang_client.ui import tokens as t
from yichuang_client.ui.widgets.base import Box, Part, Wrapping, forget, label, muted, wrapping
from yichuang_client.ui.widgets.fields import EntryField, Segments, TextBox

Fields = tuple[Field, ...]


class _Cell(Box):
    """One field with its label and the sentence below it."""

    def __init__(self, parent: FieldForm, field: Field) -> None:
        super().__init__(parent)
        name = f"{parent.prefix}.{field.key}"
        self._note: Wrapping | None = None
        self._entry: EntryField | None = None
        self._segments: Segments | None = None
        self._text: TextBox | None = None
        self._last_text = ""
        line = Box(self)
        line.pack(fill="x")
        if field.input is FieldInput.CHOICE:
            self._segments = Segments(line, name, lambda chosen: parent.told(field.key, chosen), wraps=True)
            self._segments.pack(fill="x", expand=True)
        elif field.input is FieldInput.LONG_TEXT:
            self._text = TextBox(line, name, lambda text: parent.told(field.key, text))
            self._text.pack(fill="x", expand=True)
        else:
            self._entry = EntryField(line, field, name, parent.told, left=parent.left, unmasked=parent.unmasked)
            self._entry.pack(side="left", fill="x", expand=True)
            if field.unit:
                muted(line, field.unit).pack(side="left", padx=(self.px(8), 0))
        if field.suggested and not field.text and self._entry is not None:
            self.after_idle(self._suggest, self.say(field.suggested))

    def _suggest(self, words: str) -> None:
        if self.winfo_exists() and self._entry is not None and not self._entry.entry.text.get():
            self._entry.entry.text.set(words)

    def show(self, field: Field) -> None:
        """Draw the field."""
        if self._entry is not None:
            self._entry.show(field)
        elif self._segments is not None:
            self._segments.show(field.options, field.text)
        elif self._text is not None:
            if field.text != self._last_text:
                self._text.put(field.text)
            self._last_text = field.text
            self._text.enable(field.is_enabled)
        self._show_note(field)

    def _show_note(self, field: Field) -> None:
        if not field.note:
            if self._note is not None:
                forget(self._note)
            return
        if self._note is None:
            self._note = wrapping(self)
        colour = t.DANGER if field.mark is FieldMark.BAD else t.MUTED
        self._note.configure(foreground=colour)
        self._note.put(field.note)
        if not self._note.winfo_manager():
            self._note.pack(fill="x")


class FieldForm(Part[Fields]):
    """表单块."""

    def __init__(
        self,
        parent: Box,
        prefix: str,
        told: Callable[[str, str], None],
        *,
        left: Callable[[str], None] | None = None,
        unmasked: Callable[[str], None] | None = None,
        label_width: int = 80,
        gap: int = 3,
    ) -> None:
        super().__init__(parent)
        self.prefix, self.told, self.left, self.unmasked = prefix, told, left, unmasked
        self._gap = self.px(gap)
        self._is_half_open = False
        self._cells: dict[tuple[str, FieldInput], _Cell] = {}
        self._labels: dict[str, ttk.Label] = {}
        self.columnconfigure(0, minsize=self.px(label_width))
        self.columnconfigure(1, weight=10, uniform="field")
        self.columnconfigure(3, weight=7, uniform="field")

    def draw(self, model: Fields, before: Fields | None) -> None:
        """Draw the fields; rows are laid anew only when the set of fields changed."""
        shape = [(field.key, field.input, field.label, field.is_half) for field in model]
        known = [(field.key, field.input, field.label, field.is_half) for field in before or ()]
        if shape != known or before is None:
            self._lay(model)
        for field in model:
            self._cells[field.key, field.input].show(field)

    def _lay(self, model: Fields) -> None:
        wanted = {(field.key, field.input) for field in model}
        for key in [key for key in self._cells if key not in wanted]:
            self._cells.pop(key).destroy()
        for shown in self._labels.values():
            shown.destroy()
        self._labels = {}
        row, column = -1, 3
        for field in model:
            column = 3 if field.is_half and column == 1 and self._is_half_open else 1
            row += column == 1
            self._is_half_open = field.is_half and column == 1
            self._place(field, row, column)

    def _place(self, field: Field, row: int, column: int) -> None:
        key = (field.key, field.input)
        if key not in self._cells:
            self._cells[key] = _Cell(self, field)
        cell = self._cells[key]
        cell.lift()
        heading = label(self, field.label, 15)
        self._labels[field.key] = heading
        inner = (self.px(12), self.px(8)) if column == 3 else (0, self.px(8))
        heading.grid(row=row, column=column - 1, sticky="nw", padx=inner, pady=(self._gap + self.px(5), 0))
        span = 1 if field.is_half else 3
        cell.grid(row=row, column=column, columnspan=span, sticky="new", pady=self._gap)
        self.rowconfigure(row, weight=1)
