"""锁屏: covers everything; what runs goes on."""

from __future__ import annotations

from yichuang_client.presenters.models.common import ActKind, Field, FieldInput, Mark, Tone
from yichuang_client.presenters.models.session import LockEvents, LockModel
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.screen import Frame
from yichuang_client.ui.screens.door import DoorScreen
from yichuang_client.ui.widgets.base import Box, clear, label, mark, muted, on_enter
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.chips import ChipLabel
from yichuang_client.ui.widgets.fields import EntryField


class LockScreen(DoorScreen[LockModel]):
    """Password or another person."""

    name = "lock"
    first_field = "password"

    def __init__(self, parent: Box, frame: Frame, events: LockEvents) -> None:
        super().__init__(parent, frame)
        self._events = events
        self._password = ""
        say = self.kit.words.key
        head = Box(self.form)
        head.pack(fill="x", pady=(0, self.px(6)))
        mark(head, Mark.LOCK, Tone.PRIMARY, 20).pack(side="left", padx=(0, self.px(10)))
        label(head, say("session.locked"), 22, bold=True).pack(side="left")
        self._since = muted(head, "", 15)
        self._since.pack(side="left", padx=(self.px(12), 0))
        self._person = label(self.form, "", 18, bold=True)
        self._person.pack(anchor="w", pady=(self.px(10), 0))
        self.caption(say("session.password"))
        field = Field(key="password", label="", input=FieldInput.SECRET)
        self._field = EntryField(self.form, field, "lock.password", self._type)
        self._field.pack(fill="x")
        on_enter(self._field.entry, self._enter)
        buttons = Box(self.form)
        buttons.pack(anchor="w", pady=(self.px(18), 0))
        self._button = KeyButton(buttons, say("session.unlock"), "Enter", ActKind.PRIMARY, self._submit)
        self._button.pack(side="left", padx=(0, self.px(8)))
        other = KeyButton(buttons, say("session.sign_out"), "", command=events.sign_out)
        other.pack(side="left")
        self.name_field(self._button, "submit")
        self.name_field(other, "sign_out")
        self.finish()
        muted(self.form, say("session.locked_running")).pack(anchor="w", pady=(self.px(22), self.px(6)))
        self._running = Box(self.form)
        self._running.pack(anchor="w")

    def draw(self, model: LockModel, before: LockModel | None) -> None:
        """Draw person, outcome, what runs."""
        self._person.configure(text=self.say(model.person))
        self._since.configure(text=self.kit.words.key("session.locked_since", since=model.since))
        if before is not None and model.clear_secrets != before.clear_secrets:
            self._field.entry.put("")
            self._password = ""
            self._field.entry.focus_set()
        self._field.entry.state(["!disabled" if model.is_enabled else "disabled"])
        self._button.enable(model.is_enabled)
        self.show_outcome(model.error, None)
        clear(self._running)
        for chip in model.running:
            ChipLabel(self._running, chip).pack(side="left", padx=(0, self.px(6)))

    def _type(self, _key: str, text: str) -> None:
        self._password = text

    def _enter(self, _event: object) -> str:
        self._submit()
        return "break"

    def _submit(self) -> None:
        if self.model is not None and self.model.is_enabled and self._password:
            self._events.unlock(self._password)

    def key_map(self) -> Keys:
        """Nothing of the workbench works here."""
        return {"Ctrl+Enter": self._submit}
