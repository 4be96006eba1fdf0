"""焦点: stable names of what can have the focus, and its movement.

Rules kept here: the focus is traced by name and restored by name, never by widget; a move scrolls its target into
view; a flash marks the blocking field once, for 150 ms; timers are the window's: Tk gives the name of a dead widget's
timer to somebody else.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from yichuang_client.trace import trace

_FLASH_MS = 150
_TYPING = frozenset({"TEntry", "Entry", "Text", "TCombobox", "TSpinbox"})


class Focus:
    """The names of one window."""

    def __init__(self, app: tk.Tk) -> None:
        self._app = app
        self._names: dict[str, str] = {}
        self._widgets: dict[str, tk.Misc] = {}
        self._reveal: dict[str, Callable[[], None]] = {}
        self._flash: dict[str, Callable[[int], None]] = {}
        self._stops: dict[str, Callable[[], tk.Misc]] = {}
        self._told: dict[str, Callable[[str], None]] = {}
        self._last = ""
        app.bind_all("<FocusIn>", self._moved, add="+")

    def name(
        self,
        widget: tk.Misc,
        name: str,
        reveal: Callable[[], None] | None = None,
        flash: Callable[[int], None] | None = None,
        stop: Callable[[], tk.Misc] | None = None,
    ) -> None:
        """Give a widget its stable name ``<screen>.<field>``.

        ``reveal`` scrolls it into view; ``flash`` marks it for some milliseconds where it has no state of its own;
        ``stop`` tells which of several widgets the focus goes to now.
        """
        self._names[str(widget)] = name
        self._widgets[name] = widget
        if reveal is not None:
            self._reveal[name] = reveal
        if flash is not None:
            self._flash[name] = flash
        self._stops[name] = stop or (lambda: widget)

    def listen(self, screen: str, told: Callable[[str], None]) -> None:
        """Tell a screen where on it the focus goes, by the name without the screen's; its newest listener hears."""
        self._told[screen] = told

    @property
    def current(self) -> str:
        """Name of what has the focus, empty if it has none."""
        return self._last

    def has(self, name: str) -> bool:
        """Whether something of that name exists now."""
        widget = self._widgets.get(name)
        return widget is not None and bool(widget.winfo_exists())

    def move(self, name: str) -> bool:
        """Move the focus; tells whether the name exists."""
        widget = self._widgets.get(name)
        if widget is None or not widget.winfo_exists():
            return False
        if not widget.winfo_viewable():
            self._app.update_idletasks()  # lay out what was just built before the next key is heard
        self._stops[name]().focus_set()
        if name in self._reveal:
            self._reveal[name]()
        return True

    def flash(self, name: str) -> None:
        """Move the focus and let its ring flash once."""
        if not self.move(name):
            return
        widget: Any = self._widgets[name]
        if name in self._flash:
            self._flash[name](_FLASH_MS)
        elif hasattr(widget, "state"):
            widget.state(["alternate"])
            self._app.after(_FLASH_MS, lambda: widget.winfo_exists() and widget.state(["!alternate"]))
        else:
            return
        trace("flash", field=name)

    def is_typing(self) -> bool:
        """Whether single letters belong to a field now."""
        try:
            widget = self._app.focus_get()
        except KeyError:
            return True
        return widget is not None and widget.winfo_class() in _TYPING

    def _moved(self, event: tk.Event[Any]) -> None:
        name = self._names.get(str(event.widget), "")
        if name and name != self._last:
            trace("focus", field=name)
        self._last = name or self._last
        screen, _, field = name.partition(".")
        if field and screen in self._told:
            self._told[screen](field)
