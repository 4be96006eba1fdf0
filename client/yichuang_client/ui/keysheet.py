"""按键一览: what the keys of the page in front do, over it, until F1 or Esc.

Rules kept here: the acts are read off the action bar and the places off the rail, so that the sheet cannot say
anything else than they do; it changes nothing and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from yichuang_client.presenters.models.common import Bar, Text
from yichuang_client.presenters.models.session import ShellModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, label, rule, wrapping
from yichuang_client.ui.widgets.chips import keycap

_WIDTH = 760
_KEY_WIDTH = 84


class KeySheet(Box):
    """One page's keys."""

    def __init__(self, parent: Box, screen: str, bar: Bar, frame: ShellModel | None) -> None:
        super().__init__(parent, border=Rounded(t.PANEL, t.BORDER, t.CANVAS, 6, 2), pad=(28, 22))
        say = self.kit.words.key
        label(self, say("shell.keys_title"), 20, bold=True).pack(anchor="w", pady=(0, self.px(12)))
        columns = Box(self)
        columns.pack(fill="x")
        acts = [(act.key, act.label) for act in bar.acts if act.key]
        places = [
            (place.key if place.key.startswith("F") else f"Ctrl+{place.key}", place.label)
            for place in (frame.nav if frame is not None else ())
        ]
        names = (("Ctrl+L", "lock"), ("Ctrl+U", "password"), ("Esc", "back"), ("F1", "close"))
        always = [(key, say(f"shell.keys_{name}")) for key, name in names]
        self._column(columns, acts)
        self._column(columns, [*places, *always])
        more = f"shell.more_{screen}"
        if self.kit.words.has(more):
            rule(self).pack(fill="x", pady=(self.px(14), self.px(10)))
            wrapping(self, say(more), 15, colour=t.MUTED).pack(fill="x")
        self.configure(takefocus=True)

    def open(self) -> None:
        """Lie over the page and take the keyboard."""
        self.place(relx=0.5, rely=0.48, anchor="center", width=self.px(_WIDTH))
        self.lift()
        self.focus_set()

    def _column(self, parent: Box, rows: Iterable[tuple[str, Text]]) -> None:
        column = Box(parent)
        column.pack(side="left", fill="both", expand=True, anchor="n")
        for key, words in rows:
            line = Box(column)
            line.pack(fill="x", pady=self.px(4))
            holder = Box(line, size=(_KEY_WIDTH, 26))
            holder.pack(side="left")
            keycap(holder, key).pack(side="left")
            label(line, words, 15).pack(side="left")
