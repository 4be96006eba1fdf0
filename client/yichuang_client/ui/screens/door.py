"""门厅: what the screens before the work have in common: a quiet left side and a form on the right.

Rules kept here: the form is 400 wide in the upper middle, whatever the window's size; an error stands below the
fields and names what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk
from typing import Generic, TypeVar

from yichuang_client.presenters.models.common import ActKind, Mark, Progress, Text, Tone
from yichuang_client.ui import tokens as t
from yichuang_client.ui.screen import Frame, Screen
from yichuang_client.ui.widgets.base import Box, Part, clear, label, mark, muted, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.strips import ProgressLine

M = TypeVar("M")
_SIDE, _FORM = 440, 400


class ErrorLine(Part[Text]):
    """错误句: nothing while there is none."""

    def draw(self, model: Text, before: Text | None) -> None:
        """Draw the sentence."""
        clear(self)
        if model == "":
            Box(self).pack()
            self.configure(height=1)
            return
        mark(self, Mark.WARN, Tone.DANGER, 16).pack(side="left", anchor="n", padx=(0, self.px(8)), pady=self.px(3))
        wrapping(self, model, 15, colour=t.DANGER).pack(side="left", fill="x", expand=True)


class DoorScreen(Screen[M], Generic[M]):
    """A screen before the work."""

    def __init__(self, parent: Box, frame: Frame, cancelled: Callable[[], None] | None = None) -> None:
        super().__init__(parent, frame)
        say = self.kit.words.key
        self.side = Box(self, fill=self.kit.accent, size=(_SIDE, 100))
        self.side.pack(side="left", fill="y")
        inner = Box(self.side)
        inner.place(relx=0.0, x=self.px(56), rely=0.36, anchor="w")
        label(inner, say("shell.brand"), 56, bold=True, colour="#FFFFFF").pack(anchor="w")
        label(inner, say("session.slogan"), 20, colour="#DCE9F7").pack(anchor="w", pady=(self.px(8), 0))
        self.side_head = Box(self.side)
        self.side_head.place(relx=0.0, x=self.px(56), y=self.px(48), anchor="nw")
        self.side_lines = Box(self.side)
        self.side_lines.place(relx=0.0, x=self.px(56), rely=0.92, anchor="sw")
        right = Box(self, fill=t.PANEL)
        right.pack(side="left", fill="both", expand=True)
        self.form = Box(right)
        self.form.place(relx=0.5, rely=0.46, anchor="center", width=self.px(_FORM))
        muted(right, say("help.key")).place(relx=1.0, x=-self.px(20), rely=1.0, y=-self.px(14), anchor="se")
        self._other = Box(right)
        self._other.place(relx=0.5, rely=0.95, anchor="s")
        self.error = ErrorLine(self.form)
        self.progress = ProgressLine(self.form, cancelled)

    def heading(self, title: Text) -> None:
        """Title of the form."""
        label(self.form, title, 22, bold=True).pack(anchor="w", pady=(0, self.px(14)))

    def caption(self, text: Text) -> ttk.Label:
        """Label above a field."""
        made = muted(self.form, text, 15)
        made.pack(anchor="w", pady=(self.px(8), self.px(3)))
        return made

    def finish(self) -> None:
        """Place error and progress below what was packed so far."""
        self.error.pack(fill="x", pady=(self.px(10), 0))
        self.progress.pack(fill="x", pady=(self.px(4), 0))

    def draw_other(self, text: Text, act: Callable[[], None]) -> None:
        """The way to practice, or back, apart from the form; F8."""
        clear(self._other)
        if text != "":
            KeyButton(self._other, self.say(text), "F8", ActKind.NORMAL, act).pack()

    def show_outcome(self, error: Text, progress: Progress | None) -> None:
        """Draw error and progress."""
        self.error.show(error)
        self.progress.show(progress)
