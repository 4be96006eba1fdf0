"""条: section head, banner, progress, the confirmation strip above the action bar.

Rules kept here: no modal dialog; the strip starts on 返回, or in its first field; its confirm button repeats verb
and object; a progress says what is awaited.
"""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk

from yichuang_client.presenters.models.common import Banner, Confirm, Mark, Progress, Text, Tone
from yichuang_client.trace import trace
from yichuang_client.ui import icons, tokens as t
from yichuang_client.ui.pictures import Rounded
from yichuang_client.ui.widgets.base import Box, Part, clear, icon, label, muted, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.forms import FieldForm


class SectionHead(Box):
    """区头: number, title, quiet hint; more can be packed to its right."""

    def __init__(self, parent: Box, title: Text, number: str = "") -> None:
        super().__init__(parent)
        if number:
            badge = Box(self, border=Rounded(t.PRIMARY, t.PRIMARY, self.fill, 4))
            label(badge, number, 14, bold=True, colour="#FFFFFF").pack(padx=self.px(7), pady=self.px(1))
            badge.pack(side="left", padx=(0, self.px(8)))
        self._title = label(self, title, 16, bold=True)
        self._title.pack(side="left")
        self._hint: ttk.Label = muted(self)
        self._hint.pack(side="left", padx=(self.px(10), 0))

    def title(self, text: Text) -> None:
        """Change the title."""
        self._title.configure(text=self.say(text))

    def hint(self, text: Text) -> None:
        """Change the hint."""
        self._hint.configure(text=self.say(text))


class BannerLine(Part["Banner | None"]):
    """横幅: 50 high, higher where its words need two lines, gone when there is none."""

    def __init__(self, parent: Box) -> None:
        super().__init__(parent)
        self._inside: Box | None = None
        self.draw(None, None)

    def draw(self, model: Banner | None, before: Banner | None) -> None:
        """Draw the banner, or close the gap."""
        clear(self)
        if model is None:
            Box(self).pack()
            self.configure(height=1)
            return
        shades = t.TONES[model.tone]
        fill, line, colour = (shades.text, shades.text, "#FFFFFF")
        if not model.is_solid:
            fill, line, colour = shades.tint, shades.line, shades.text
        bar = Box(self, border=Rounded(fill, line, self.fill, 6), pad=(16, 10))
        bar.pack(fill="x", pady=(0, self.px(t.GUTTER)))
        icon(bar, icons.MARKS[model.mark], 20, colour).pack(side="left", padx=(0, self.px(14)))
        label(bar, model.at, 15, colour=colour).pack(side="right")
        quiet = colour if model.is_solid else t.FG
        if self._fits(model):
            label(bar, model.text, 18, bold=True, colour=colour).pack(side="left")
            label(bar, model.hint, 15, colour=quiet).pack(side="right", padx=self.px(20))
        else:
            words = Box(bar)
            words.pack(side="left", fill="x", expand=True)
            wrapping(words, model.text, 18, bold=True, colour=colour).pack(fill="x")
            if model.hint:
                wrapping(words, model.hint, 15, colour=quiet).pack(fill="x")
        if before is None or before.kind != model.kind or before.at != model.at:
            trace("banner", kind=model.kind)

    def _fits(self, model: Banner) -> bool:
        """Whether all of it stands in one line of this window beside the rail."""
        say, font = self.kit.words.say, self.kit.look.font
        needs = font(18, True).measure(say(model.text)) + sum(font(15).measure(say(x)) for x in (model.hint, model.at))
        window = self.winfo_toplevel()
        width = window.winfo_width() if window.winfo_width() > 1 else window.winfo_screenwidth()
        return needs <= width - self.px(t.RAIL + 140)


class ProgressLine(Part["Progress | None"]):
    """进度条."""

    def __init__(self, parent: Box, cancelled: Callable[[], None] | None = None) -> None:
        super().__init__(parent)
        self._cancelled = cancelled

    def draw(self, model: Progress | None, before: Progress | None) -> None:
        """Draw what is awaited."""
        clear(self)
        if model is None:
            Box(self).pack()
            self.configure(height=1)
            return
        line = Box(self)
        line.pack(fill="x")
        icon(line, icons.MARKS[Mark.WAIT], 14, t.PRIMARY).pack(side="left", padx=(0, self.px(6)))
        label(line, model.text, 15).pack(side="left")
        muted(line, model.detail).pack(side="left", padx=self.px(10))
        if model.can_cancel and self._cancelled is not None:
            button = KeyButton(line, self.kit.words.key("common.cancel"), command=self._cancelled, is_small=True)
            button.pack(side="right")
        if model.fraction is not None:
            track = Box(self, fill=t.TONES[Tone.NEUTRAL].tint, size=(10, 6))
            track.pack(fill="x", pady=(self.px(6), 0))
            Box(track, fill=t.PRIMARY).place(relwidth=min(1.0, max(0.0, model.fraction)), relheight=1.0)


class ConfirmStrip(Part[Confirm]):
    """确认条."""

    def __init__(
        self,
        parent: Box,
        *,
        confirmed: Callable[[str], None],
        back: Callable[[], None],
        told: Callable[[str, str], None],
    ) -> None:
        super().__init__(parent, fill=t.PANEL)
        self._confirmed, self._back, self._told = confirmed, back, told
        Box(self, fill=t.PRIMARY, size=(10, 2)).pack(fill="x")
        body = Box(self, pad=(16, 10))
        body.pack(fill="x")
        right = Box(body)
        right.pack(side="right", anchor="s")
        self._text = Box(body)
        self._text.pack(side="left", fill="x", expand=True, padx=(0, self.px(24)))
        right.lift()  # Tab goes from the last field to the buttons, as the eye does
        self._lines = Box(self._text)
        self._lines.pack(fill="x")
        self._form = FieldForm(self._text, "confirm", self._told, label_width=96)
        self._form.pack(fill="x")
        self._blocked = label(right, "", colour=t.DANGER)
        self._blocked.pack(anchor="e", pady=(0, self.px(4)))
        buttons = Box(right)
        buttons.pack(anchor="e")
        self._return = KeyButton(buttons, self.kit.words.key("common.back"), "Esc", command=self._back)
        self._return.pack(side="left", padx=(0, self.px(8)))
        self._yes = KeyButton(buttons, command=self.press)
        self._yes.pack(side="left")
        self.kit.focus.name(self._return, "confirm.back")
        self.kit.focus.name(self._yes, "confirm.yes")

    def draw(self, model: Confirm, before: Confirm | None) -> None:
        """Draw the question."""
        is_new = before is None or before.act != model.act
        if is_new or before is None or (before.title, before.lines) != (model.title, model.lines):
            clear(self._lines)
            label(self._lines, model.title, 18, bold=True).pack(anchor="w")
            for line in model.lines:
                wrapping(self._lines, line, 15).pack(fill="x", pady=(self.px(2), 0))
        self._form.show(model.fields)
        self._yes.dress(model.confirm_label, "", model.kind)
        self._yes.enable(model.can_confirm)
        self._blocked.configure(text="" if model.can_confirm else self.say(model.blocked_text))

    def open(self) -> None:
        """Take the focus: the first field, or 返回."""
        if self.model is not None and self.model.fields:
            self.kit.focus.move(f"confirm.{self.model.fields[0].key}")
        else:
            self._return.focus_set()

    def press(self) -> None:
        """Yes, where it can be said."""
        if self.model is not None and self.model.can_confirm:
            self._confirmed(self.model.act)
