"""登录: who sits down at the desk, on line or not.

Rules kept here: a password is passed on once and kept nowhere; the second factor is asked for when the district asks
for it; why nobody was signed in is one sentence, and the fields are emptied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Background, Chip, Mark, Progress, Text, Tone, View, msg
from yichuang_client.presenters.models.session import SignInModel
from yichuang_client.sync.desk_session import SignedIn
from yichuang_client.sync.errors import TransportError, TransportReason

ONLINE = Chip(text=msg("start.online"), tone=Tone.SUCCESS, mark=Mark.OK)
OFFLINE = Chip(text=msg("start.offline"), tone=Tone.WARNING, mark=Mark.OFFLINE)


class SignInPresenter:
    """The sign-in screen."""

    def __init__(
        self,
        view: View[SignInModel],
        background: Background,
        sign_in: Callable[[str, str, str], SignedIn],
        done: Callable[[SignedIn], None],
    ) -> None:
        self._view = view
        self._background = background
        self._sign_in = sign_in
        self._done = done
        self._model = SignInModel(office="")

    def open(self, office: Text, note: Text = "") -> None:
        """Show the screen; ``note`` says e.g. that the machine has no protected place for its secret."""
        self._show(replace(self._model, office=office, note=note, clear_secrets=self._model.clear_secrets + 1))

    def stop(self, error: Exception) -> None:
        """Say why nobody can sign in here now; nothing can be typed."""
        self._show(replace(self._model, progress=None, is_enabled=False, error=sentence(error)))

    def choose_account(self, account: str) -> None:
        """As ``SignInEvents.choose_account``."""
        self._model = replace(self._model, account=account, error="")

    def sign_in(self, account: str, password: str, code: str) -> None:
        """As ``SignInEvents.sign_in``."""
        if self._model.progress is not None or not account.strip() or not password:
            return
        progress = Progress(text=msg("start.signing_in"))
        self._show(replace(self._model, account=account, progress=progress, error="", is_enabled=False))
        self._background.run(lambda: self._sign_in(account.strip(), password, code.strip()), self._in, self._failed)

    def _in(self, signed_in: SignedIn) -> None:
        line = ONLINE if signed_in.is_online else OFFLINE
        self._model = replace(
            self._model,
            progress=None,
            is_enabled=True,
            line=line,
            needs_code=False,
            clear_secrets=self._model.clear_secrets + 1,
        )
        self._done(signed_in)

    def _failed(self, error: Exception) -> None:
        asks = isinstance(error, TransportError) and error.reason is TransportReason.SECOND_FACTOR
        self._show(
            replace(
                self._model,
                progress=None,
                is_enabled=True,
                error=sentence(error),
                needs_code=self._model.needs_code or asks,
                clear_secrets=self._model.clear_secrets + 1,
            )
        )

    def _show(self, model: SignInModel) -> None:
        self._model = model
        self._view.show(model)
