"""锁屏: the cover over the work of one person.

Rules kept here: it is taken off by that person's password alone, looked at on this machine, so that it opens without a
line; a password is passed on once and kept nowhere; sync, scans and prints go on under it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import (
    Background,
    Chip,
    Mark,
    Text,
    TimeStyle,
    Tone,
    View,
    When,
    msg,
)
from yichuang_client.presenters.models.session import LockModel
from yichuang_client.store.errors import StoreError, StoreReason


def going_on(*, is_scanning: bool, is_printing: bool, unsent: int) -> tuple[Chip, ...]:
    """What goes on meanwhile, in the cover's words."""
    chips = []
    if is_scanning:
        chips.append(Chip(text=msg("session.scanning"), tone=Tone.PRIMARY, mark=Mark.CLOCK))
    if is_printing:
        chips.append(Chip(text=msg("session.printing"), tone=Tone.PRIMARY, mark=Mark.CLOCK))
    if unsent:
        chips.append(Chip(text=msg("start.unsent", n=unsent), tone=Tone.WARNING, mark=Mark.UNSENT))
    return tuple(chips)


class LockPresenter:
    """The lock cover."""

    def __init__(
        self,
        view: View[LockModel],
        background: Background,
        unlock: Callable[[str], None],
        done: Callable[[], None],
        sign_out: Callable[[], None],
    ) -> None:
        """``unlock`` raises where the password is not the person's; ``done`` takes the cover off."""
        self._view = view
        self._background = background
        self._unlock = unlock
        self._done = done
        self._sign_out = sign_out
        self._covered = 0
        self._model = LockModel(person="", since="")

    def open(self, person: Text, since: datetime, running: Sequence[Chip] = ()) -> None:
        """Cover the work of that person."""
        self._covered += 1
        at = When(value=since, style=TimeStyle.CLOCK)
        self._show(LockModel(person=person, since=at, running=tuple(running), clear_secrets=self._next()))

    def show_running(self, running: Sequence[Chip]) -> None:
        """What goes on under the cover has changed."""
        self._show(replace(self._model, running=tuple(running)))

    def unlock(self, password: str) -> None:
        """As ``LockEvents.unlock``."""
        if not self._model.is_enabled or not password:
            return
        cover = self._covered
        self._show(replace(self._model, is_enabled=False, error=""))

        def opened(_nothing: None) -> None:
            if cover == self._covered:
                self._show(replace(self._model, is_enabled=True, clear_secrets=self._next()))
                self._done()

        def failed(error: Exception) -> None:
            if cover == self._covered:
                self._show(replace(self._model, is_enabled=True, error=_why(error), clear_secrets=self._next()))

        self._background.run(lambda: self._unlock(password), opened, failed)

    def sign_out(self) -> None:
        """As ``LockEvents.sign_out``."""
        self._covered += 1
        self._show(replace(self._model, is_enabled=True, clear_secrets=self._next()))
        self._sign_out()

    def _next(self) -> int:
        return self._model.clear_secrets + 1

    def _show(self, model: LockModel) -> None:
        self._model = model
        self._view.show(model)


def _why(error: Exception) -> Text:
    said = sentence(error)
    no_slot = isinstance(error, StoreError) and error.reason is StoreReason.NO_SLOT
    return msg("session.no_slot") if no_slot else said
