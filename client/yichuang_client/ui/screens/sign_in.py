"""登录画面."""

from __future__ import annotations

from typing import Any

from yichuang_client.presenters.models.common import ActKind, Field, FieldInput
from yichuang_client.presenters.models.session import SignInEvents, SignInModel
from yichuang_client.ui.keys import Deed, Keys
from yichuang_client.ui.screen import Frame
from yichuang_client.ui.screens.door import DoorScreen
from yichuang_client.ui.widgets.base import Box, clear, forget, label, muted, on_enter, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.fields import EntryField, Segments


class SignInScreen(DoorScreen[SignInModel]):
    """Who, password, second factor."""

    name = "sign_in"
    first_field = "password"

    def __init__(self, parent: Box, frame: Frame, events: SignInEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        self._typed = {"account": "", "password": "", "code": ""}
        say = self.kit.words.key
        self.heading(say("session.sign_in"))
        self._people = Segments(self.form, "sign_in.people", self._choose, wraps=True)
        self._first_caption = self.caption(say("session.account"))
        self._account = self._field("account")
        self.caption(say("session.password"))
        self._password = self._field("password", FieldInput.SECRET)
        self._code_block = Box(self.form)
        caption = Box(self._code_block)
        caption.pack(fill="x", pady=(self.px(8), self.px(3)))
        muted(caption, say("session.code"), 15).pack(side="left")
        self._code_note = label(caption, "", 15)
        self._code_note.pack(side="left", padx=(self.px(10), 0))
        self._code = EntryField(
            self._code_block,
            Field(key="code", label="", placeholder=say("session.code_hint")),
            "sign_in.code",
            self._type,
        )
        self._code.pack(fill="x")
        self._button = KeyButton(self.form, say("session.sign_in"), "Enter", ActKind.PRIMARY, self._submit)
        self._button.pack(anchor="w", pady=(self.px(18), 0))
        self.name_field(self._button, "submit")
        self.finish()
        self._chip = ChipLabel(self.form)
        self._note = wrapping(self.form, "", 14)
        for field in (self._account, self._password, self._code):
            on_enter(field.entry, self._enter)

    def _field(self, key: str, kind: FieldInput = FieldInput.TEXT) -> EntryField:
        field = EntryField(self.form, Field(key=key, label="", input=kind), f"sign_in.{key}", self._type)
        field.pack(fill="x")
        return field

    def draw(self, model: SignInModel, before: SignInModel | None) -> None:
        """Draw people, fields, outcome."""
        if before is None or model.office != before.office:
            clear(self.side_head)
            label(self.side_head, model.office, 16, bold=True, colour="#FFFFFF").pack(anchor="w")
        if model.people:
            self._people.show(model.people, model.account)
            if not self._people.winfo_manager():
                self._people.pack(fill="x", before=self._first_caption)
        else:
            forget(self._people)
        if before is None or model.account != before.account:
            self._typed["account"] = model.account
            self._account.entry.put(model.account)
        self._draw_code(model.needs_code)
        self._code_note.configure(text=self.say(model.code_note))
        if before is not None and model.clear_secrets != before.clear_secrets:
            self._password.entry.put("")
            self._code.entry.put("")
            self._typed.update(password="", code="")
            self._password.entry.focus_set()
        self._enable(model.is_enabled)
        if before is not None and model.clear_code != before.clear_code:
            self._code.entry.put("")
            self._typed["code"] = ""
            self._code.entry.focus_set()
        self.show_outcome(model.error, model.progress)
        self._draw_foot(model)
        if before is None or model.other != before.other:
            self.draw_other(model.other, self._events.change_world)
        if before is None or model.people != before.people:
            self.window.keys_changed(self.name)

    def _draw_code(self, is_needed: bool) -> None:
        if not is_needed:
            forget(self._code_block)
        elif not self._code_block.winfo_manager():
            self._code_block.pack(fill="x", before=self._button)

    def _draw_foot(self, model: SignInModel) -> None:
        if model.line.text == "":
            forget(self._chip)
        else:
            self._chip.show(model.line)
            self._chip.pack(anchor="w", pady=(self.px(22), 0))
        self._note.put(model.note)
        if model.note == "":
            forget(self._note)
        else:
            self._note.pack(fill="x", pady=(self.px(8), 0))

    def _enable(self, is_enabled: bool) -> None:
        for field in (self._account, self._password, self._code):
            field.entry.state(["!disabled" if is_enabled else "disabled"])
        self._button.enable(is_enabled)

    def _choose(self, account: str) -> None:
        self._account.entry.put(account)
        self._typed["account"] = account
        self._events.choose_account(account)
        self._password.entry.focus_set()

    def _type(self, key: str, text: str) -> None:
        self._typed[key] = text
        if key == "account":
            self._events.choose_account(text)

    def _enter(self, event: Any) -> str:
        fields = [self._account, self._password]
        if self._code_block.winfo_manager():
            fields.append(self._code)
        empty = next((field for field in fields if not field.entry.text.get()), None)
        if empty is not None:
            empty.entry.focus_set()
        else:
            self._submit()
        return "break"

    def _submit(self) -> None:
        if self.model is not None and self.model.is_enabled:
            self._events.sign_in(self._typed["account"], self._typed["password"], self._typed["code"])

    def key_map(self) -> Keys:
        """Ctrl+Enter submits from anywhere; Alt+n is a person, F8 leads to practice or back."""
        keys: dict[str, Deed] = {"Ctrl+Enter": self._submit, "F8": self._events.change_world}
        for index, person in enumerate(self.model.people[:9] if self.model else ()):
            keys[f"Alt+{index + 1}"] = lambda account=person.key: self._choose(account)  # type: ignore[misc]
        return keys
