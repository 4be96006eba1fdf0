"""登录: who sits down at the desk, on line or not.

Rules kept here: a password is passed on once and kept nowhere; the second factor is asked for when the district asks
for it, and then only the six digits are to be typed; why nobody was signed in is one sentence; what is said before
anybody has signed in is what this machine may tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import (
    Background,
    Chip,
    Mark,
    Option,
    Progress,
    Text,
    TimeStyle,
    Tone,
    View,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.session import SignInModel
from yichuang_client.presenters.typed_text import fault_of, narrow
from yichuang_client.presenters.worlds import OtherWorld
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.desk_session import SignedIn
from yichuang_client.sync.door import Door
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import Line
from yichuang_client.trace import trace

ONLINE = Chip(text=msg("start.online"), tone=Tone.SUCCESS, mark=Mark.OK)
OFFLINE = Chip(text=msg("start.offline"), tone=Tone.WARNING, mark=Mark.OFFLINE)
LEASE_NOTICE = timedelta(days=3)
"""From when on the end of the offline lease is shown (security: offline lease)."""
SHOWN_PEOPLE = 6
_LONGEST_LOGIN, _LONGEST_PASSWORD = 64, 1000


def _now() -> datetime:
    return datetime.now(UTC)


class SignInPresenter:
    """The sign-in screen."""

    def __init__(
        self,
        view: View[SignInModel],
        background: Background,
        sign_in: Callable[[str, str, str], SignedIn],
        done: Callable[[SignedIn], None],
        door: Callable[[], Door] = Door,
        clock: Callable[[], datetime] = _now,
        other: OtherWorld | None = None,
    ) -> None:
        """``door`` says what may be shown before anybody has signed in, ``other`` leads to practice or back."""
        self._view = view
        self._background = background
        self._sign_in = sign_in
        self._done = done
        self._read_door = door
        self._clock = clock
        self._door = Door()
        self._other = other
        self._model = SignInModel(office="", other=other.label if other is not None else "")

    def open(self, office: Text = "", note: Text = "") -> None:
        """Show the screen for whoever comes; ``note`` says what has just happened."""
        count = self._model.clear_secrets + 1
        office, other = office or self._model.office, self._model.other
        self._show(SignInModel(office=office, note=note, other=other, clear_secrets=count))
        self._background.run(self._read_door, self._at_door, self._failed)

    def stop(self, error: Exception) -> None:
        """Say why nobody can sign in here now; nothing can be typed."""
        self._show(replace(self._model, progress=None, is_enabled=False, error=sentence(error)))

    def choose_account(self, account: str) -> None:
        """As ``SignInEvents.choose_account``."""
        if account == self._model.account:
            return
        model = replace(self._model, account=account, error="", needs_code=False)
        self._show(replace(model, note=self._note(account)))

    def sign_in(self, account: str, password: str, code: str) -> None:
        """As ``SignInEvents.sign_in``."""
        account = narrow(account)
        if not self._model.is_enabled or not account.strip() or not password:
            return
        fault = fault_of(account.strip(), _LONGEST_LOGIN) or fault_of(password, _LONGEST_PASSWORD)
        if fault != "":
            self._show(replace(self._model, error=fault))
            return
        progress = Progress(text=msg("start.signing_in"))
        self._show(replace(self._model, account=account, progress=progress, error="", is_enabled=False))
        given = narrow(code).strip() if self._model.needs_code else ""

        def failed(error: Exception) -> None:
            if isinstance(error, TransportError) and error.reason is TransportReason.SECOND_FACTOR:
                self._ask_for_code(is_wrong=bool(given))
            else:
                self._failed(error)

        self._background.run(lambda: self._sign_in(account.strip(), password, given), self._in, failed)

    def change_world(self) -> None:
        """As ``SignInEvents.change_world``: not while something would wait unsent."""
        other = self._other
        if other is None or self._model.progress is not None:
            return

        def counted(unsent: int) -> None:
            if unsent:
                self._show(replace(self._model, error=msg("start.unsent_first", n=unsent)))
            else:
                other.go()

        self._background.run(other.unsent, counted, self._failed)

    def _at_door(self, door: Door) -> None:
        self._door = door
        people = tuple(Option(key=who.login, text=who.name) for who in door.people[:SHOWN_PEOPLE])
        line = self._model.line
        if door.line is not None:
            line = ONLINE if door.line is Line.ONLINE else OFFLINE if door.line is Line.OFFLINE else line
        office = joined(*door.office) if door.office else self._model.office
        note = self._model.note or self._note(self._model.account)
        self._show(replace(self._model, office=office, people=people, line=line, note=note))
        trace("door shown", people=len(people), is_protected=door.is_protected)

    def _note(self, account: str) -> Text:
        """What the person who signs in should know: where the secret lies, when the lease ends, what needs a line."""
        parts: list[Text] = []
        login = account.strip().casefold()
        ends = next((who.lease_ends for who in self._door.people if who.login.casefold() == login), None)
        if ends is not None and ends - self._clock() <= LEASE_NOTICE:
            parts.append(msg("start.lease_ends", time=When(value=ends, style=TimeStyle.SHORT)))
        if self._door.is_first:
            parts.append(msg("start.first_needs_line"))
        if not self._door.is_protected:
            parts.append(msg("start.unprotected"))
        return joined(*parts, separator="start.next_sentence") if parts else ""

    def _in(self, signed_in: SignedIn) -> None:
        self._show(
            replace(
                self._model,
                progress=None,
                is_enabled=True,
                line=ONLINE if signed_in.is_online else OFFLINE,
                needs_code=False,
                clear_secrets=self._model.clear_secrets + 1,
            )
        )
        self._done(signed_in)

    def _ask_for_code(self, *, is_wrong: bool) -> None:
        """Only the digits are missing: the password stays in its field, in the view alone."""
        trace("second factor asked", again=is_wrong)
        said: Text = msg("start.code_wrong") if is_wrong else ""
        model = replace(self._model, progress=None, is_enabled=True, needs_code=True, error=said)
        self._show(replace(model, code_note=msg("start.code_wanted"), clear_code=self._model.clear_code + 1))

    def _failed(self, error: Exception) -> None:
        said = sentence(error)
        if isinstance(error, StoreError) and error.reason is StoreReason.WRONG_PASSWORD and not error.seconds:
            said = msg("start.wrong_here")
        count = self._model.clear_secrets + 1
        model = replace(self._model, progress=None, is_enabled=True, needs_code=False, error=said)
        self._show(replace(model, clear_secrets=count))

    def _show(self, model: SignInModel) -> None:
        self._model = model
        self._view.show(model)
