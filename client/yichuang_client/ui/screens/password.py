"""改密码画面."""

from __future__ import annotations

from tkinter import ttk

from yichuang_client.presenters.models.common import ActKind, Chip, Field, FieldInput, Mark
from yichuang_client.presenters.models.session import PasswordEvents, PasswordModel
from yichuang_client.ui import tokens as t
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.screen import Frame
from yichuang_client.ui.screens.door import DoorScreen
from yichuang_client.ui.widgets.base import Box, Part, clear, forget, label, mark, on_enter, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.fields import EntryField

_FIELDS = ("old", "new", "again")


class _Rules(Part[tuple[Chip, ...]]):
    """What a password must be, one line each."""

    def draw(self, model: tuple[Chip, ...], before: tuple[Chip, ...] | None) -> None:
        """Draw the lines."""
        clear(self)
        for rule in model:
            line = Box(self)
            line.pack(fill="x", pady=self.px(2))
            mark(line, rule.mark or Mark.NEXT_STEP, rule.tone, 14).pack(side="left", padx=(0, self.px(8)))
            label(line, rule.text, 14, colour=t.MUTED).pack(side="left")


class PasswordScreen(DoorScreen[PasswordModel]):
    """Old, new, again."""

    name = "password"
    first_field = "old"

    def __init__(self, parent: Box, frame: Frame, events: PasswordEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        self._typed = dict.fromkeys(_FIELDS, "")
        say = self.kit.words.key
        self.heading(say("password.title"))
        self._note = wrapping(self.form, "", 14, colour=t.MUTED)
        self._captions: list[ttk.Label] = []
        self._fields = {}
        for key in _FIELDS:
            self._captions.append(self.caption(say(f"password.{key}")))
            field = Field(key=key, label="", input=FieldInput.SECRET)
            self._fields[key] = EntryField(self.form, field, f"password.{key}", self._type)
            self._fields[key].pack(fill="x")
            on_enter(self._fields[key].entry, lambda _event: self._enter())
        self._rules = _Rules(self.form)
        self._rules.pack(fill="x", pady=(self.px(10), 0))
        buttons = Box(self.form)
        buttons.pack(anchor="w", pady=(self.px(18), 0))
        self._button = KeyButton(buttons, say("password.change"), "Enter", ActKind.PRIMARY, self._submit)
        self._button.pack(side="left", padx=(0, self.px(8)))
        self._leave = KeyButton(buttons, "", "Esc", command=events.cancel)
        self._leave.pack(side="left")
        self.name_field(self._button, "submit")
        self.name_field(self._leave, "leave")
        self.finish()

    def draw(self, model: PasswordModel, before: PasswordModel | None) -> None:
        """Draw note, rules, outcome."""
        self._note.put(model.note)
        if model.note == "":
            forget(self._note)
        elif not self._note.winfo_manager():
            self._note.pack(fill="x", pady=(0, self.px(6)), before=self._captions[0])
        if before is None or model.leave != before.leave:
            self._leave.dress(model.leave, "Esc", ActKind.NORMAL)
        if before is not None and model.clear_secrets != before.clear_secrets:
            self._typed = dict.fromkeys(_FIELDS, "")
            for field in self._fields.values():
                field.entry.put("")
            self._fields["old"].entry.focus_set()
        for field in self._fields.values():
            field.entry.state(["!disabled" if model.is_enabled else "disabled"])
        self._rules.show(model.rules)
        self._button.enable(model.can_change and model.is_enabled)
        self.show_outcome(model.error, model.progress)

    def _type(self, key: str, text: str) -> None:
        self._typed[key] = text
        self._events.type_in(*self._typed.values())

    def _enter(self) -> str:
        empty = next((key for key in _FIELDS if not self._typed[key]), None)
        if empty is not None:
            self._fields[empty].entry.focus_set()
        else:
            self._submit()
        return "break"

    def _submit(self) -> None:
        if self.model is not None and self.model.is_enabled and self.model.can_change:
            self._events.change(*self._typed.values())

    def key_map(self) -> Keys:
        """Esc leaves; Ctrl+Enter changes from anywhere."""
        return {"Esc": self._events.cancel, "Ctrl+Enter": self._submit}
