"""输入部件: entry with its mark and sentence, long text, segmented choice, check box.

Rules kept here: what the clerk typed is never cleared by a redraw; a field is set only when the presenter's text
changed; a masked field shows its full value only while it has the focus, and says so once.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import Field, FieldInput, FieldMark, Mark, Option, Text, Tone
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, label, mark, on_enter


class Entry(ttk.Entry):
    """单行输入: reports what a person types, not what is set by the program."""

    def __init__(self, parent: Box, told: Callable[[str], None], *, px: int = 15, secret: bool = False) -> None:
        self._look = parent.kit.look
        self._told = told
        self._setting = False
        self.text = tk.StringVar(parent)
        tall = 5 if px <= 15 else 11
        style = self._look.once(f"{parent.fill[1:]}{px}.Y.TEntry", lambda name: self._make(name, parent.fill, tall))
        options: dict[str, Any] = {"show": "•"} if secret else {}
        super().__init__(parent, textvariable=self.text, style=style, font=self._look.font(px), width=1, **options)
        self.text.trace_add("write", self._changed)
        self._hint: ttk.Label | None = None
        self._surface = parent

    def put(self, text: str) -> None:
        """Set the text without telling."""
        if text == self.text.get():
            return
        self._setting = True
        self.text.set(text)
        self._setting = False
        self.icursor("end")

    def placeholder(self, words: str) -> None:
        """What stands in the empty field."""
        if self._hint is None:
            self._hint = ttk.Label(
                self, foreground=t.PLACEHOLDER, background=t.PANEL, font=str(self.cget("font")), cursor="xterm"
            )
            self._hint.bind("<Button-1>", lambda _event: self.focus_set())
        self._hint.configure(text=words)
        self._place_hint()

    def _place_hint(self) -> None:
        if self._hint is None:
            return
        if self.text.get():
            self._hint.place_forget()
        else:
            self._hint.place(x=self._look.px(12), rely=0.5, anchor="w")

    def _changed(self, *_args: str) -> None:
        self._place_hint()
        if not self._setting:
            self._told(self.text.get())

    def _make(self, name: str, surface: str, tall: int) -> None:
        look = self._look

        def box(border: str, width: int, fill: str = t.PANEL) -> object:
            return look.box_image(Rounded(fill, border, surface, 4, width), 40)

        look.element(
            name + ".bd",
            box(t.BORDER, 1),
            ("disabled", box(t.LINE, 1, t.HEAD)),
            ("alternate", box(t.WARNING, 3)),
            ("invalid", box(t.DANGER, 2)),
            ("focus", box(t.PRIMARY, 2)),
            border=look.px(6),
        )
        inner = ("Entry.padding", {"sticky": "nsew", "children": [("Entry.textarea", {"sticky": "nsew"})]})
        look.layout(name, [(name + ".bd", {"sticky": "nsew", "children": [inner]})])
        look.configure(
            name, padding=look.pad(9, tall, 9, tall), foreground=t.FG, fieldbackground=t.PANEL, insertwidth=look.px(2)
        )
        look.style.map(
            name, foreground=[("disabled", t.MUTED)], fieldbackground=[("disabled", t.HEAD)], selectbackground=[]
        )
        look.configure(name, selectbackground=t.SELECTED, selectforeground=t.FG)


class EntryField(Box):
    """输入项: entry with its mark inside; ``note`` is for the form to place."""

    def __init__(
        self,
        parent: Box,
        field: Field,
        name: str,
        told: Callable[[str, str], None],
        *,
        left: Callable[[str], None] | None = None,
        unmasked: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = replace(field, text="", mark=FieldMark.NONE, is_enabled=True, masked=None)
        self._told, self._left, self._unmasked = told, left, unmasked
        self._value = ""
        self.entry = Entry(self, self._typed, secret=field.input is FieldInput.SECRET)
        self.entry.pack(fill="x")
        self.kit.focus.name(self.entry, name)
        self._mark: ttk.Label | None = None
        self.entry.bind("<FocusIn>", self._entered, add="+")
        self.entry.bind("<FocusOut>", self._left_field, add="+")
        self.show(field)

    def show(self, field: Field) -> None:
        """Draw the field; the text only if the presenter's text changed."""
        before, self._field = self._field, field
        if field.text != before.text or field.masked != before.masked:
            if field.text != before.text:
                self._value = field.text
            self._draw_text()
        if field.mark is not before.mark:
            self._draw_mark(field.mark)
        if field.is_enabled != before.is_enabled:
            self.entry.state(["!disabled" if field.is_enabled else "disabled"])
        if field.placeholder:
            self.entry.placeholder(self.say(field.placeholder))

    def _has_focus(self) -> bool:
        return self.entry.instate(["focus"])

    def _draw_text(self) -> None:
        masked = self._field.masked
        self.entry.put(masked if masked is not None and not self._has_focus() else self._value)

    def _draw_mark(self, which: FieldMark) -> None:
        if self._mark is not None:
            self._mark.destroy()
            self._mark = None
        self.entry.state(["invalid" if which is FieldMark.BAD else "!invalid"])
        if which is not FieldMark.NONE:
            shown = (Mark.OK, Tone.SUCCESS) if which is FieldMark.GOOD else (Mark.MISSING, Tone.DANGER)
            self._mark = mark(self, *shown, px=16)
            self._mark.place(relx=1.0, x=-self.px(10), rely=0.5, anchor="e")

    def _typed(self, text: str) -> None:
        self._value = text
        self._told(self._field.key, text)

    def _entered(self, _event: tk.Event[Any]) -> None:
        if self._field.masked is not None and self.entry.text.get() != self._value:
            self.entry.put(self._value)
            if self._unmasked is not None:
                self._unmasked(self._field.key)

    def _left_field(self, _event: tk.Event[Any]) -> None:
        if self._field.masked is not None:
            self.entry.put(self._field.masked)
        if self._left is not None:
            self._left(self._field.key)


class TextBox(Box):
    """多行输入: a text with a ring."""

    def __init__(self, parent: Box, name: str, told: Callable[[str], None], *, lines: int = 3) -> None:
        self._off = Rounded(t.PANEL, t.BORDER, parent.fill, 5, 1)
        self._on = Rounded(t.PANEL, t.PRIMARY, parent.fill, 5, 2)
        self._marked = Rounded(t.PANEL, t.WARNING, parent.fill, 5, 3)
        super().__init__(parent, border=self._off, pad=(8, 5))
        look = self.kit.look
        self.text = tk.Text(
            self,
            height=lines,
            width=10,
            wrap="char",
            font=look.font(15),
            foreground=t.FG,
            background=t.PANEL,
            borderwidth=0,
            highlightthickness=0,
            undo=True,
            maxundo=20,
            insertwidth=look.px(2),
            selectbackground=t.SELECTED,
            selectforeground=t.FG,
            spacing3=look.px(2),
        )
        self.text.pack(fill="both", expand=True)
        self.kit.focus.name(self.text, name, flash=self._flash)
        self._told = told
        self.text.bind("<<Modified>>", self._changed)
        self.text.bind("<FocusIn>", lambda _event: self._ring(self._on), add="+")
        self.text.bind("<FocusOut>", lambda _event: self._ring(self._off), add="+")

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.text.get("1.0", "end-1c")

    def put(self, text: str) -> None:
        """Set the text without telling."""
        if text != self.value:
            state = str(self.text.cget("state"))
            self.text.configure(state="normal")
            self.text.replace("1.0", "end", text)
            self.text.edit_modified(False)
            self.text.configure(state="disabled" if state == "disabled" else "normal")

    def insert(self, text: str) -> None:
        """Insert at the cursor, as if typed; never overwrites."""
        self.text.insert("insert", text)
        self.text.focus_set()

    def enable(self, is_enabled: bool) -> None:
        """Let it be written, or only read and copied."""
        self.text.configure(state="normal" if is_enabled else "disabled", foreground=t.FG if is_enabled else t.MUTED)

    def _ring(self, box: Rounded) -> None:
        self.configure(style=self.kit.look.rounded_frame(box))

    def _flash(self, milliseconds: int) -> None:
        self._ring(self._marked)
        self.after(milliseconds, self._unmark)

    def _unmark(self) -> None:
        if self.winfo_exists():
            self._ring(self._on if self.focus_get() is self.text else self._off)

    def _changed(self, _event: tk.Event[Any]) -> None:
        if self.text.edit_modified():
            self.text.edit_modified(False)
            self._told(self.value)


class Segments(Box):
    """分段选择: all options in a row, the chosen one with tick, ring and bold; one stop of the Tab ring."""

    def __init__(self, parent: Box, name: str, chosen: Callable[[str], None], *, wraps: bool = False) -> None:
        """With ``wraps`` it takes the width that it is given, in as many rows as that needs."""
        super().__init__(parent)
        self._field_name, self._chosen, self._wraps = name, chosen, wraps
        if wraps:
            self.bind("<Configure>", lambda _event: self._flow(), add="+")
        self._variable = tk.StringVar(self)
        self._shown: tuple[Option, ...] = ()
        self._buttons: dict[str, ttk.Radiobutton] = {}
        self._style = self.kit.look.once(f"{self.fill[1:]}.Seg.TRadiobutton", self._make)

    def show(self, options: tuple[Option, ...], chosen: str | None) -> None:
        """Draw these options."""
        if options != self._shown:
            self._shown = options
            for child in self.winfo_children():
                child.destroy()
            self._buttons = {}
            for index, option in enumerate(options):
                self._add(index, option)
        self._variable.set(chosen or "")
        self._dress(chosen)

    def _press(self, chosen: str) -> None:
        self._dress(chosen)
        self._chosen(chosen)

    def _dress(self, chosen: str | None) -> None:
        """Tick the chosen one; a state alone would not make Tk measure the bold word anew."""
        tick = self.kit.look.icon(icons.CHECK, 13, t.PRIMARY)
        keys = [option.key for option in self._shown]
        stop = chosen if chosen in keys else next(iter(keys), None)
        for option in self._shown:
            is_chosen = option.key == chosen
            words = self.say(option.text)
            self._buttons[option.key].configure(
                image=tick if is_chosen else "", text=f" {words}" if is_chosen else words, takefocus=option.key == stop
            )
        if self._wraps:
            self._flow()

    def _flow(self) -> None:
        """Place the options in rows."""
        gap, across, down, high = self.px(6), 0, 0, 0
        for button in self._buttons.values():
            wide, high = button.winfo_reqwidth(), button.winfo_reqheight()
            if across and across + wide > self.winfo_width():
                across, down = 0, down + high + gap
            button.place(x=across, y=down)
            across += wide + gap
        self.configure(height=down + high)

    def _add(self, index: int, option: Option) -> None:
        button = ttk.Radiobutton(
            self,
            text=self.say(option.text),
            value=option.key,
            variable=self._variable,
            style=self._style,
            command=lambda: self._press(option.key),
            compound="left",
        )
        self._buttons[option.key] = button
        if not self._wraps:
            button.pack(side="left", padx=(0, self.px(6)))
        on_enter(button, lambda _event: button.invoke())
        for key, step in (("<Left>", -1), ("<Up>", -1), ("<Right>", 1), ("<Down>", 1)):
            button.bind(key, lambda _event, step=step: self._step(index, step))  # type: ignore[misc]
        name = self._field_name if index == 0 else f"{self._field_name}.{option.key}"
        self.kit.focus.name(button, name, stop=self._stop if index == 0 else None)

    def _stop(self) -> tk.Misc:
        """The chosen one, else the first."""
        return self._buttons.get(self._variable.get()) or next(iter(self._buttons.values()))

    def _step(self, index: int, step: int) -> str:
        """An arrow goes to the neighbour and chooses it; one Tab leaves the whole row."""
        neighbour = self._buttons[self._shown[(index + step) % len(self._shown)].key]
        neighbour.focus_set()
        neighbour.invoke()
        return "break"

    def _make(self, name: str) -> None:
        look = self.kit.look

        def box(fill: str, border: str, width: int) -> object:
            return look.box_image(Rounded(fill, border, self.fill, 4, width), 40)

        look.element(
            name + ".bd",
            box(t.PANEL, t.BORDER, 1),
            ("alternate", box(t.PANEL, t.WARNING, 3)),
            ("selected focus", box("#D5E5F6", t.PRIMARY, 2)),
            ("selected", box("#E7F0FA", t.PRIMARY, 2)),
            ("focus", box(t.PANEL, t.PRIMARY, 2)),
            ("hover", box("#F1F5F9", t.BORDER, 1)),
            border=look.px(6),
        )
        inner = (
            "Radiobutton.padding",
            {"sticky": "nsew", "children": [("Radiobutton.label", {"sticky": "nsew"})]},
        )
        look.layout(name, [(name + ".bd", {"sticky": "nsew", "children": [inner]})])
        look.configure(name, padding=look.pad(9, 6, 10, 5), font=look.font(15), foreground=t.FG, background=t.PANEL)
        look.style.map(
            name,
            font=[("selected", look.font(15, True))],
            foreground=[("disabled", t.DISABLED), ("selected", t.PRIMARY)],
            background=[("selected focus", "#D5E5F6"), ("selected", "#E7F0FA"), ("hover", "#F1F5F9")],
        )


class Check(ttk.Checkbutton):
    """勾选."""

    def __init__(self, parent: Box, text: Text, name: str, toggled: Callable[[bool], None]) -> None:
        look = parent.kit.look
        self._on = tk.BooleanVar(parent)
        style = look.once(f"{parent.fill[1:]}.Y.TCheckbutton", lambda made: self._make(parent, made))
        boxes: Any = (look.icon(icons.BOX_OFF, 17, t.MUTED), "selected", look.icon(icons.BOX_ON, 17, t.PRIMARY))
        super().__init__(
            parent,
            text="  " + parent.kit.words.say(text),
            variable=self._on,
            style=style,
            command=lambda: toggled(self._on.get()),
            image=boxes,
            compound="left",
        )
        parent.kit.focus.name(self, name)

    def put(self, is_on: bool) -> None:
        """Set it without telling."""
        self._on.set(is_on)

    def _make(self, parent: Box, name: str) -> None:
        look = parent.kit.look
        look.element(
            name + ".bd",
            look.box_image(Rounded(parent.fill, parent.fill, parent.fill, 4, 1), 40),
            ("focus", look.box_image(Rounded(parent.fill, t.PRIMARY, parent.fill, 4, 2), 40)),
            border=look.px(4),
        )
        look.layout(name, [(name + ".bd", {"sticky": "nsew", "children": [("Checkbutton.label", {"sticky": "nsew"})]})])
        look.configure(name, font=look.font(15), background=parent.fill, foreground=t.FG, padding=look.pad(2, 2))


def note_line(parent: Box, field: Field) -> ttk.Label:
    """The sentence below a field."""
    colour = t.DANGER if field.mark is FieldMark.BAD else t.MUTED
    return label(parent, field.note, colour=colour)
