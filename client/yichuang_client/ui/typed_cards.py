"""键盘口读卡器的按键: hears a window's keys before its widgets do, and takes Enter only after a card.

Rules kept here: no key of a person's is kept back; when a card was typed, every field that its keys went into gets back
what it held before; the time of a key is the window system's, not that of its hearing.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from yichuang_client.presenters.typed_card import KeyRun, TypedCard
from yichuang_client.ui.widgets.fields import Entry

_TAG = "TypedCard"
_SHIFTS = frozenset({"Shift_L", "Shift_R", "Caps_Lock", "Num_Lock"})


class TypedCards:
    """Keyboard readers at one window."""

    def __init__(self, window: tk.Misc, is_wanted: Callable[[], bool], told: Callable[[TypedCard], None]) -> None:
        """``is_wanted``: whether a card has a place to go to now."""
        self._is_wanted = is_wanted
        self._told = told
        self._run = KeyRun()
        self._before: dict[Entry, str] = {}
        window.bind_class(_TAG, "<KeyPress>", self._pressed)
        window.bind_all("<FocusIn>", self._listen, add="+")

    def _listen(self, event: tk.Event[Any]) -> None:
        widget = event.widget
        if isinstance(widget, tk.Misc) and _TAG not in widget.bindtags():
            widget.bindtags((_TAG, *widget.bindtags()))

    def _pressed(self, event: tk.Event[Any]) -> str | None:
        if event.keysym in ("Return", "KP_Enter"):
            return self._ended(event.time)
        if event.keysym in _SHIFTS:
            return None
        character = "\t" if event.keysym == "Tab" else event.char
        if not character or not (character.isprintable() or character == "\t"):
            self._run.clear()
            return None
        if self._run.add(character, event.time):
            self._before = {}
        if isinstance(event.widget, Entry):
            self._before.setdefault(event.widget, event.widget.text.get())
        return None

    def _ended(self, at_ms: int) -> str | None:
        card = self._run.end(at_ms)
        if card is None or not self._is_wanted():
            return None
        for entry, text in self._before.items():
            entry.text.set(text)
        self._before = {}
        self._told(card)
        return "break"
