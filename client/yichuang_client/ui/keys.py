"""按键: what each key does now, bound once on the window.

Rules kept here: F-keys and Alt keys are taken before the menu traversal of Tk (F10, Alt); single letters and Space
belong to a field that is being typed in; the screen's keys come before the frame's; Space presses a focused
button, which the theme library had taken away.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Any

from yichuang_client.ui.focus import Focus

Deed = Callable[[], None]
Keys = Mapping[str, Deed]
"""Key as printed in the keycap (``F9``, ``Ctrl+D``, ``Alt+1``, ``Space``, ``PgUp``, ``M``) to what it does."""

_SHIFT, _CONTROL, _ALT = 0x1, 0x4, 0x8
_WINDOWS_ALT = 0x20000
_NAMES = {
    "Return": "Enter",
    "KP_Enter": "Enter",
    "Escape": "Esc",
    "Prior": "PgUp",
    "Next": "PgDn",
    "space": "Space",
    "Insert": "Ins",
    "Delete": "Del",
    "bracketleft": "[",
    "bracketright": "]",
}
_IN_FIELD = frozenset({"Enter", "Space", "Ins", "Del", "Home", "End", "Left", "Right", "[", "]"})
"""Keys that a field needs for itself, besides letters and digits."""
_IN_TEXT = frozenset({"Ctrl+Z"})
"""Keys that only a text of several lines needs: it can take its own steps back, a field of one line cannot."""
_EMACS = (
    "<Control-d>",
    "<Control-h>",
    "<Control-e>",
    "<Control-w>",
    "<Control-l>",
    "<Control-k>",
    "<Control-o>",
    "<Control-n>",
)


class KeyBoard:
    """One window's keys."""

    def __init__(self, window: tk.Tk, focus: Focus) -> None:
        self._window = window
        self._focus = focus
        self._frame: Keys = {}
        self._screen: Keys = {}
        self._covered = False
        window.bind("<Key>", self._pressed)
        for kind in ("TEntry", "Text"):
            for sequence in _EMACS:
                window.bind_class(kind, sequence, lambda _event: None)
        for kind in ("TButton", "TRadiobutton", "TCheckbutton"):
            window.bind_class(kind, "<KeyPress-space>", _press)
            window.bind_class(kind, "<KeyRelease-space>", _release)
        for enter in ("Return", "KP_Enter"):  # numbers are typed on the keypad, and ended on it
            window.bind_class("TEntry", f"<{enter}>", lambda event: self._next(event))
            for kind in ("TEntry", "Text", "TButton"):  # Ctrl+Enter is the blue button, wherever the focus is
                window.bind_class(kind, f"<Control-{enter}>", lambda _event: None)
        window.bind_class("Text", "<Tab>", lambda event: self._next(event))

    def frame(self, keys: Keys) -> None:
        """Keys that hold on every screen."""
        self._frame = keys

    def screen(self, keys: Keys) -> None:
        """Keys of the screen that is seen now."""
        self._screen = keys

    def cover(self, is_covered: bool) -> None:
        """While covered (locked), only the cover's own widgets hear keys."""
        self._covered = is_covered

    def _next(self, event: tk.Event[Any]) -> str:
        following = event.widget.tk_focusNext()
        if following is not None:
            following.focus_set()
        return "break"

    def _pressed(self, event: tk.Event[Any]) -> str | None:
        name = key_name(event)
        if not name:
            return None
        if self._covered:
            return "break" if name.startswith(("F", "Alt+", "Ctrl+")) and len(name) > 1 else None
        deed = self._screen.get(name) or self._frame.get(name)
        is_plain = len(name) == 1 or name in _IN_FIELD or (name in _IN_TEXT and self._is_in_text())
        if deed is not None and not (is_plain and self._focus.is_typing()):
            if name == "Space" and self._presses_button():
                return None
            deed()
            return "break"
        return "break" if name == "F10" or name.startswith("Alt+") else None

    def _is_in_text(self) -> bool:
        widget = self._window.focus_get()
        return widget is not None and widget.winfo_class() == "Text"

    def _presses_button(self) -> bool:
        widget = self._window.focus_get()
        return widget is not None and widget.winfo_class() in ("TButton", "TRadiobutton", "TCheckbutton")


def key_name(event: tk.Event[Any]) -> str:
    """The key as printed: ``Ctrl+D``; empty for a modifier alone."""
    symbol = event.keysym
    if symbol.endswith(("_L", "_R")) or symbol in ("Caps_Lock", "Num_Lock", "??"):
        return ""
    state = event.state if isinstance(event.state, int) else 0
    name = _NAMES.get(symbol, symbol)
    if name.startswith("KP_") and name[3:].isdigit():
        name = name[3:]
    if len(name) == 1:
        name = name.upper()
    if state & _CONTROL:
        name = "Ctrl+" + name
    if state & _ALT or state & _WINDOWS_ALT:
        name = "Alt+" + name
    if state & _SHIFT and name in ("Tab", "F6"):
        name = "Shift+" + name
    return name


def _press(event: tk.Event[Any]) -> str:
    event.widget.state(["pressed"])
    return "break"


def _release(event: tk.Event[Any]) -> str:
    widget = event.widget
    if widget.instate(["pressed"]):
        widget.state(["!pressed"])
        if not widget.instate(["disabled"]):
            widget.invoke()
    return "break"
