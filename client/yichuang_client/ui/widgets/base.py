"""底层部件: a surface that knows its window, and labels on it.

Rules kept here: a widget finds the look and the words through its surface, never through a global; its colours
follow the surface that it lies on; nothing is transparent.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Any, Generic, TypeVar

from yichuang_client.presenters.models.common import Mark, Text, Tone
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.focus import Focus
from yichuang_client.ui.i18n.catalogue import Catalogue
from yichuang_client.ui.lines import broken, shortened
from yichuang_client.ui.look import Look
from yichuang_client.ui.pictures import Rounded

M = TypeVar("M")


@dataclass(frozen=True)
class Kit:
    """What every widget of one window shares."""

    look: Look
    words: Catalogue
    focus: Focus
    accent: str = t.PRIMARY
    """Colour of the brand and of the door: another one in practice."""


class Box(ttk.Frame):
    """A surface: a frame of one colour, or a rounded one."""

    def __init__(
        self,
        parent: tk.Misc,
        kit: Kit | None = None,
        *,
        fill: str | None = None,
        style: str | None = None,
        pad: tuple[int, ...] = (),
        size: tuple[int, int] | None = None,
        border: Rounded | None = None,
    ) -> None:
        if kit is None:
            assert isinstance(parent, Box)
            kit = parent.kit
        self.kit: Kit = kit
        self.fill: str = fill or (border.fill if border else "") or str(getattr(parent, "fill", t.CANVAS))
        if style is None:
            style = kit.look.rounded_frame(border) if border else kit.look.plain(self.fill)
        options: dict[str, Any] = {"padding": kit.look.pad(*pad)} if pad else {}
        super().__init__(parent, style=style, takefocus=False, **options)
        if size is not None:
            self.configure(width=kit.look.px(size[0]), height=kit.look.px(size[1]))
            self.pack_propagate(False)
            self.grid_propagate(False)

    def px(self, logical: float) -> int:
        """Device pixels."""
        return self.kit.look.px(logical)

    def say(self, text: Text) -> str:
        """The words of a text."""
        return self.kit.words.say(text)


class Part(Box, Generic[M]):
    """A surface that draws one value and redraws only when the value has changed."""

    model: M | None = None

    def show(self, model: M) -> None:
        """Draw the value if it differs from the one drawn before."""
        if model != self.model:
            before, self.model = self.model, model
            self.draw(model, before)

    def draw(self, model: M, before: M | None) -> None:
        """Draw; ``before`` is what was drawn last, None the first time."""
        raise NotImplementedError


class Pool(Generic[M]):
    """Rows of one kind that are made when needed, reused, and hidden when there are fewer."""

    def __init__(self, make: Callable[[int], Part[M]], place: Callable[[Part[M], int], None]) -> None:
        self._make = make
        self._place = place
        self.parts: list[Part[M]] = []
        self._shown = 0

    def show(self, models: tuple[M, ...]) -> None:
        """Show one part a model, in order."""
        while len(self.parts) < len(models):
            self.parts.append(self._make(len(self.parts)))
        for index, model in enumerate(models):
            self.parts[index].show(model)
            if index >= self._shown:
                self._place(self.parts[index], index)
        for part in self.parts[len(models) : self._shown]:
            forget(part)
        self._shown = len(models)


def forget(widget: tk.Misc) -> None:
    """Take a widget off its parent, whichever way it was placed; it lives on."""
    manager = widget.winfo_manager()
    if manager:
        widget.tk.call(manager, "forget", str(widget))


def card(parent: Box, pad: tuple[int, ...] = (16, 10)) -> Box:
    """A white panel with rounded corners on the canvas."""
    return Box(parent, border=Rounded(t.PANEL, t.LINE, parent.fill, 6), pad=pad)


def label(
    parent: Box, text: Text = "", px: int = 14, *, bold: bool = False, colour: str = t.FG, **options: Any
) -> ttk.Label:
    """Words on a surface."""
    kit = parent.kit
    return ttk.Label(
        parent,
        text=kit.words.say(text),
        font=kit.look.font(px, bold),
        foreground=colour,
        background=parent.fill,
        style=kit.look.bare_label(),
        padding=0,
        **options,
    )


def muted(parent: Box, text: Text = "", px: int = 14, **options: Any) -> ttk.Label:
    """Secondary words."""
    return label(parent, text, px, colour=t.MUTED, **options)


class Wrapping(ttk.Label):
    """Words that are broken into lines at the label's own width; place it so that it fills its row."""

    def __init__(self, parent: Box, text: Text, px: int, colour: str, bold: bool) -> None:
        kit = parent.kit
        self._words = kit.words
        self._measure = kit.look.font(px, bold).measure
        self._text = ""
        super().__init__(
            parent,
            font=kit.look.font(px, bold),
            foreground=colour,
            background=parent.fill,
            style=kit.look.bare_label(),
            padding=0,
            justify="left",
            anchor="nw",
            width=1,
        )
        self._broken_at = 0
        self.bind("<Configure>", lambda event: self._fit(event.width))
        self.put(text)

    def put(self, text: Text) -> None:
        """Say something else."""
        words = self._words.say(text)
        if words != self._text:
            self._text = words
            self._broken_at = 0
            self._fit(self.winfo_width())

    def _fit(self, width: int) -> None:
        if width > 1 and width == self._broken_at:
            return
        self._broken_at = width
        self.configure(text=broken(self._text, width, self._measure) if width > 1 else self._text)


def wrapping(parent: Box, text: Text = "", px: int = 14, *, colour: str = t.FG, bold: bool = False) -> Wrapping:
    """Words that wrap."""
    return Wrapping(parent, text, px, colour, bold)


class Shortened(ttk.Label):
    """Words that are cut with an ellipsis at the label's own width; place it so that it fills what is left."""

    def __init__(self, parent: Box, text: Text, px: int = 14, colour: str = t.MUTED, *, bold: bool = False) -> None:
        font, self._say = parent.kit.look.font(px, bold), parent.kit.words.say
        style = parent.kit.look.bare_label()
        super().__init__(parent, font=font, foreground=colour, background=parent.fill, style=style, padding=0, width=1)
        self._measure = font.measure
        self._words = self._say(text)
        self.bind("<Configure>", lambda event: self._fit(event.width))

    def put(self, text: Text) -> None:
        """Say something else."""
        self._words = self._say(text)
        self._fit(self.winfo_width())

    def _fit(self, width: int) -> None:
        self.configure(text=shortened(self._words, width, self._measure))


def icon(parent: Box, glyph: str, px: int = 16, colour: str = t.MUTED) -> ttk.Label:
    """A glyph on a surface."""
    look = parent.kit.look
    picture = look.icon(glyph, px, colour)
    return ttk.Label(parent, image=picture, background=parent.fill, style=look.bare_label(), padding=0)


def mark(parent: Box, which: Mark, tone: Tone, px: int = 14) -> ttk.Label:
    """A state's icon."""
    return icon(parent, icons.MARKS[which], px, t.TONES[tone].text)


def rule(parent: Box, colour: str = t.LINE, *, vertical: bool = False) -> Box:
    """A hairline; the caller places it so that it fills."""
    line = Box(parent, fill=colour)
    if vertical:
        line.configure(width=1)
    else:
        line.configure(height=1)
    return line


def clear(box: tk.Misc) -> None:
    """Destroy what lies on a surface."""
    for child in box.winfo_children():
        child.destroy()


def on_click(widget: tk.Misc, call: Callable[[], None]) -> None:
    """Call on a click on the widget or on anything that lies on it now."""
    widget.bind("<Button-1>", lambda _event: call(), add="+")
    for child in widget.winfo_children():
        on_click(child, call)


def on_enter(widget: tk.Misc, call: Callable[[tk.Event[Any]], str | None]) -> None:
    """Call on Enter alone: Ctrl+Enter stays the screen's primary button."""
    for sequence in ("<Return>", "<KP_Enter>"):
        widget.bind(sequence, call)
    for sequence in ("<Control-Return>", "<Control-KP_Enter>"):
        widget.bind(sequence, lambda _event: None)
