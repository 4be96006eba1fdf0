"""改密码: old, new, again; the district keeps it, and this desk's key slot follows.

Rules kept here: the rules are said in words before anything is refused; a password stays in its field and travels once
as an argument; without a line nothing is changed and that is said; what is half done says what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Background, Chip, Mark, Progress, Text, Tone, View, msg
from yichuang_client.presenters.models.session import PasswordModel
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.errors import TransportError, TransportReason

SHORTEST = 10
"""As a district asks for by itself; the district judges, and says so where it asks for more."""
_RULES = frozenset({"SHORT", "KINDS", "BANNED", "FORMER"})
"""Those of the district that have a sentence of their own."""
_SENTENCES = {
    TransportReason.WRONG_LOGIN: "password.wrong_old",
    TransportReason.WEAK_PASSWORD: "password.weak",
    TransportReason.OFFLINE: "password.needs_line",
    TransportReason.NO_SESSION: "password.needs_session",
}


class PasswordPresenter:
    """The screen on which a person chooses a password."""

    def __init__(
        self,
        view: View[PasswordModel],
        background: Background,
        change: Callable[[str, str], None],
        done: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        """``change`` takes the old and the new password; ``leave`` goes back, or signs out where one must choose."""
        self._view = view
        self._background = background
        self._change = change
        self._done = done
        self._leave = leave
        self._login = ""
        self._model = PasswordModel(rules=_rules("", "", "", ""))

    def open(self, login: str, *, is_forced: bool = False, is_online: bool = True) -> None:
        """Show the screen empty; ``is_forced`` where the person has the password that the machine gave."""
        self._login = login
        note: Text = msg("password.forced") if is_forced else ""
        self._show(
            PasswordModel(
                rules=_rules(login, "", "", ""),
                note=note if is_online else msg("password.needs_line"),
                leave=msg("password.sign_out") if is_forced else msg("common.back"),
                is_enabled=is_online,
                clear_secrets=self._model.clear_secrets + 1,
            )
        )

    def type_in(self, old: str, new: str, again: str) -> None:
        """As ``PasswordEvents.type_in``."""
        rules = _rules(self._login, old, new, again)
        can_change = bool(old) and all(rule.mark is Mark.OK for rule in rules)
        self._show(replace(self._model, rules=rules, can_change=can_change, error=""))

    def change(self, old: str, new: str, again: str) -> None:
        """As ``PasswordEvents.change``."""
        self.type_in(old, new, again)
        if not self._model.can_change or not self._model.is_enabled:
            return
        self._show(replace(self._model, is_enabled=False, progress=Progress(text=msg("password.changing"))))
        self._background.run(lambda: self._change(old, new), self._changed, self._failed)

    def cancel(self) -> None:
        """As ``PasswordEvents.cancel``."""
        if self._model.progress is None:
            self._clear()
            self._leave()

    def _changed(self, _nothing: None) -> None:
        self._clear()
        self._done()

    def _failed(self, error: Exception) -> None:
        said = sentence(error)
        if isinstance(error, TransportError) and error.reason in _SENTENCES:
            said = _weak(error.detail) or msg(_SENTENCES[error.reason])
        elif isinstance(error, StoreError):
            said = msg("password.half", why=said)
        self._show(replace(self._model, is_enabled=True, progress=None, error=said))

    def _clear(self) -> None:
        count = self._model.clear_secrets + 1
        rules = _rules(self._login, "", "", "")
        model = replace(self._model, is_enabled=True, progress=None, rules=rules, can_change=False)
        self._show(replace(model, clear_secrets=count))

    def _show(self, model: PasswordModel) -> None:
        self._model = model
        self._view.show(model)


def _weak(detail: str) -> Text:
    """Which rule of the district a password breaks, and its number; empty for none that has a sentence."""
    rule, _, number = detail.partition(" ")
    return msg(f"password.weak.{rule}", n=number) if rule in _RULES else ""


def _rules(login: str, old: str, new: str, again: str) -> tuple[Chip, ...]:
    """What a password must be, each with its mark; quiet while nothing was typed."""
    is_other = new != old and (not login or login not in new)
    return (
        _rule(msg("password.long_enough", n=SHORTEST), len(new) >= SHORTEST, is_open=not new),
        _rule(msg("password.another"), is_other, is_open=not new),
        _rule(msg("password.twice"), new == again, is_open=not again),
    )


def _rule(text: Text, holds: bool, *, is_open: bool) -> Chip:
    if is_open:
        return Chip(text=text, mark=Mark.NEXT_STEP)
    return Chip(text=text, mark=Mark.OK, tone=Tone.SUCCESS) if holds else Chip(text=text, mark=Mark.MISSING)
