"""首次登记画面: address, one-time code, fingerprint, from the printed slip."""

from __future__ import annotations

from yichuang_client.presenters.models.common import ActKind, Field
from yichuang_client.presenters.models.session import EnrolEvents, EnrolModel
from yichuang_client.ui.keys import Keys
from yichuang_client.ui.lines import broken
from yichuang_client.ui.screen import Frame
from yichuang_client.ui.screens.door import DoorScreen
from yichuang_client.ui.widgets.base import Box, forget, label, muted, on_enter, wrapping
from yichuang_client.ui.widgets.buttons import KeyButton
from yichuang_client.ui.widgets.fields import EntryField


class EnrolScreen(DoorScreen[EnrolModel]):
    """Three fields and one button."""

    name = "enrol"
    first_field = "address"

    def __init__(self, parent: Box, frame: Frame, events: EnrolEvents) -> None:
        super().__init__(parent, frame, events.cancel)
        self._events = events
        say = self.kit.words.key
        for key in ("session.enrol_why", "session.enrol_slip"):
            words = broken(say(key), self.px(330), self.kit.look.font(15).measure)
            line = label(self.side_lines, words, 15, colour="#DCE9F7", justify="left")
            line.pack(anchor="w", pady=(self.px(8), 0))
        self.heading(say("session.enrol"))
        wrapping(self.form, say("session.enrol_steps"), 15).pack(fill="x")
        self._fields: dict[str, EntryField] = {}
        self._notes = {}
        for key in ("address", "code", "fingerprint"):
            caption = muted(self.form, "", 15)
            caption.pack(anchor="w", pady=(self.px(10), self.px(3)))
            field = EntryField(self.form, Field(key=key, label=""), f"enrol.{key}", events.type_in)
            field.pack(fill="x")
            on_enter(field.entry, lambda _event, key=key: self._enter(key))  # type: ignore[misc]
            note = muted(self.form)
            self._fields[key] = field
            self._notes[key] = (caption, note)
        self._button = KeyButton(self.form, say("session.enrol_act"), "Enter", ActKind.PRIMARY, self._submit)
        self._button.pack(anchor="w", pady=(self.px(12), 0))
        self.name_field(self._button, "submit")
        self.finish()

    def draw(self, model: EnrolModel, before: EnrolModel | None) -> None:
        """Draw fields and outcome."""
        for field in (model.address, model.code, model.fingerprint):
            caption, note = self._notes[field.key]
            caption.configure(text=self.say(field.label))
            note.configure(text=self.say(field.note))
            if field.note == "":
                forget(note)
            elif not note.winfo_manager():
                note.pack(anchor="w", after=self._fields[field.key])
            self._fields[field.key].show(field)
        self._button.enable(model.can_enrol)
        if before is None or model.other != before.other:
            self.draw_other(model.other, self._events.change_world)
        self.show_outcome(model.error, model.progress)

    def _enter(self, key: str) -> str:
        following = {"address": "code", "code": "fingerprint"}.get(key)
        if following is None or (self.model is not None and self.model.can_enrol):
            self._submit()
        else:
            self._fields[following].entry.focus_set()
        return "break"

    def _submit(self) -> None:
        if self.model is not None and self.model.can_enrol:
            self._events.enrol()

    def key_map(self) -> Keys:
        """Esc stops asking, F8 leads to practice or back."""
        return {"Esc": self._events.cancel, "Ctrl+Enter": self._submit, "F8": self._events.change_world}
