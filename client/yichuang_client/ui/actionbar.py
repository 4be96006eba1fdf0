"""操作栏: the sentence, the buttons with their keys, the confirmation strip above.

Rules kept here: always visible, never scrolled; the strip lies over the work and moves nothing; while it asks, the
bar's own buttons rest; a disabled act that is pressed moves the focus to what blocks it and flashes it; nothing
beeps.
"""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk
from typing import Any

from yichuang_client.presenters.models.common import Act, Bar, Sentence, Tone
from yichuang_client.trace import trace
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.widgets.base import Box, Part, clear, icon, label, muted, rule
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.strips import ConfirmStrip


class ActionBar(Part[Bar]):
    """The bar of the screen that is seen."""

    def __init__(self, parent: Box, overlay: Box) -> None:
        super().__init__(parent, fill=t.PANEL)
        self._overlay = overlay
        self._events: Any = None
        self._screen = ""
        self._strip: ConfirmStrip | None = None
        rule(self, t.BORDER).pack(fill="x")
        line = Box(self, size=(10, t.ACTION_BAR - 1))
        line.pack(fill="x")
        self._right = Box(line)
        self._right.pack(side="right", fill="y", padx=(0, self.px(16)))
        self._left = Box(line)
        self._left.pack(side="left", fill="both", expand=True, padx=(self.px(16), self.px(8)))
        self._left.bind("<Configure>", lambda _event: self._lay_sentence(), add="+")
        self._hint: ttk.Label | None = None
        self._buttons: dict[str, KeyButton] = {}
        self._shape: list[tuple[str, bool]] | None = None
        self._came_from = ""

    def serve(self, screen: str, events: Any, bar: Bar) -> None:
        """Show another screen's bar, or a changed one."""
        if screen != self._screen:
            self._screen, self._events = screen, events
            self.model = None
            self._shape = None
            self._draw_strip(Bar(), None)
        self.show(bar)

    @property
    def is_asking(self) -> bool:
        """Whether the strip is open."""
        return self._strip is not None

    def key_map(self) -> Keys:
        """The keys of the acts; while the strip asks, Ctrl+Enter alone: it is yes, and nobody presses it by chance."""
        if self._strip is not None:
            return {"Ctrl+Enter": self._strip.press}
        if self.model is None:
            return {}
        keys: dict[str, Callable[[], None]] = {}
        for act in self.model.acts:
            if act.key:
                keys[act.key] = lambda act=act: self._press(act)  # type: ignore[misc]
        primary = next((act for act in self.model.acts if act.kind.value == "primary"), None)
        if primary is not None:
            keys["Ctrl+Enter"] = lambda: self._press(primary)
        return keys

    def draw(self, model: Bar, before: Bar | None) -> None:
        """Draw sentence, buttons and strip."""
        if before is None or model.sentence != before.sentence:
            self._draw_sentence(model.sentence)
        was_asking = before is not None and before.confirm is not None
        if before is None or model.acts != before.acts or was_asking != (model.confirm is not None):
            self._draw_acts(model.acts, is_asking=model.confirm is not None)
        self._draw_strip(model, before)

    def _draw_sentence(self, sentence: Sentence) -> None:
        clear(self._left)
        self._hint = None
        if sentence.lead == "" and sentence.hint == "":
            return
        colour = t.TONES[sentence.tone].text
        lead = t.FG if sentence.tone in (Tone.PRIMARY, Tone.NEUTRAL) else colour
        icon(self._left, icons.MARKS[sentence.mark], 18, colour).pack(side="left", padx=(0, self.px(12)))
        words = Box(self._left)
        words.pack(side="left")
        label(words, sentence.lead, 16, bold=True, colour=lead).grid(row=0, column=0, sticky="w")
        if sentence.subject:
            label(words, sentence.subject, 16, bold=True).grid(row=0, column=1, padx=(self.px(4), 0), sticky="w")
        self._hint = muted(words, sentence.hint, 15)
        self._lay_sentence()

    def _lay_sentence(self) -> None:
        """The hint stands beside the rest, or below it where the buttons leave no room."""
        if self._hint is None or not str(self._hint.cget("text")):
            return
        before = [part for part in self._hint.master.winfo_children() if part is not self._hint]
        wide = self.px(18 + 12 + 12) + sum(part.winfo_reqwidth() for part in (*before, self._hint))
        if 1 < self._left.winfo_width() < wide:
            self._hint.grid(row=1, column=0, columnspan=3, sticky="w", padx=0)
        else:
            self._hint.grid(row=0, column=2, columnspan=1, padx=(self.px(12), 0))

    def _draw_acts(self, acts: tuple[Act, ...], *, is_asking: bool) -> None:
        shown = [act for act in acts if not act.is_hidden]
        if [(act.id, act.starts_group) for act in shown] != self._shape:
            clear(self._right)
            self._buttons = {}
            self._shape = [(act.id, act.starts_group) for act in shown]
            for index, act in enumerate(shown):
                self._add(act, is_first=index == 0)
        for act in shown:
            button = self._buttons[act.id]
            button.dress(act.label, act.key, act.kind)
            button.configure(command=lambda act=act: self._press(act))  # type: ignore[misc]
            button.enable(act.is_enabled and not is_asking)

    def _add(self, act: Act, *, is_first: bool) -> None:
        if act.starts_group and not is_first:
            line = rule(self._right, vertical=True)
            line.configure(height=self.px(28))
            line.pack(side="left", padx=self.px(10))
        button = KeyButton(self._right, act.label, act.key, act.kind)
        gap = 0 if is_first or act.starts_group else self.px(6)
        button.pack(side="left", padx=(gap, 0))
        self._buttons[act.id] = button
        self.kit.focus.name(button, f"{self._screen}.act.{act.id}")

    def _draw_strip(self, model: Bar, before: Bar | None) -> None:
        asked = model.confirm
        was = before.confirm if before else None
        if asked is None:
            self._close_strip()
            return
        if self._strip is None or was is None or was.act != asked.act:
            if self._strip is not None:
                self._strip.destroy()
            else:
                self._came_from = self.kit.focus.current
            self._strip = ConfirmStrip(self._overlay, confirmed=self._confirm, back=self.back, told=self._type_in)
            self._strip.show(asked)
            y = -self.px(t.ACTION_BAR)
            self._strip.place(relx=0, rely=1.0, y=y, anchor="sw", relwidth=1.0)
            self._strip.lift()
            self._strip.after_idle(self._strip.open)
        self._strip.show(asked)

    def _close_strip(self) -> None:
        if self._strip is None:
            return
        had_focus = self.kit.focus.current.startswith("confirm.")
        self._strip.destroy()
        self._strip = None
        if had_focus:
            self.kit.focus.move(self._came_from)

    def back(self) -> None:
        """返回 or Esc."""
        self._events.cancel()

    def _confirm(self, act: str) -> None:
        self._events.confirm(act)

    def _type_in(self, key: str, text: str) -> None:
        self._events.type_in(key, text)

    def _press(self, act: Act) -> None:
        if act.is_enabled:
            self._events.act(act.id)
            return
        trace("act blocked", act=act.id, reason=act.reason)
        if act.blocked_by:
            self.kit.focus.flash(f"{self._screen}.{act.blocked_by}")
