"""登记: what the clerk types from the slip, and what the district said.

Rules kept here: the code goes to a district whose root has the printed fingerprint and to no other; on a failure
everything typed stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Background, Field, Progress, View, msg
from yichuang_client.presenters.models.session import EnrolModel
from yichuang_client.presenters.worlds import OtherWorld
from yichuang_client.sync.enrol import Slip
from yichuang_client.sync.errors import TransportError, TransportReason

PORT = 8444
"""Enrolment port where the slip names none."""


class EnrolPresenter:
    """The first-run screen."""

    def __init__(
        self,
        view: View[EnrolModel],
        background: Background,
        enrol: Callable[[Slip], None],
        done: Callable[[], None],
        other: OtherWorld | None = None,
    ) -> None:
        """``other`` leads to practice or back."""
        self._other = other
        self._view = view
        self._background = background
        self._enrol = enrol
        self._done = done
        self._model = EnrolModel(
            address=Field(key="address", label=msg("start.address"), placeholder=msg("start.line", n=1)),
            code=Field(key="code", label=msg("start.code"), placeholder=msg("start.line", n=2)),
            fingerprint=Field(key="fingerprint", label=msg("start.fingerprint"), placeholder=msg("start.line", n=3)),
            other=other.label if other is not None else "",
        )

    def open(self) -> None:
        """Show the screen."""
        self._view.show(self._model)

    def type_in(self, key: str, text: str) -> None:
        """As ``EnrolEvents.type_in``."""
        field = replace(getattr(self._model, key), text=text)
        model = replace(self._model, **{key: field}, error="")
        ready = all(part.text.strip() for part in (model.address, model.code, model.fingerprint))
        self._show(replace(model, can_enrol=ready))

    def enrol(self) -> None:
        """As ``EnrolEvents.enrol``."""
        if not self._model.can_enrol or self._model.progress is not None:
            return
        slip = self._slip()
        busy = replace(self._enabled(False), progress=Progress(text=msg("start.enrolling")), error="")
        self._show(replace(busy, can_enrol=False))
        self._background.run(lambda: self._enrol(slip), lambda _: self._done(), self._failed)

    def cancel(self) -> None:
        """As ``EnrolEvents.cancel``: the call ends by its own deadline, nothing typed is lost."""

    def change_world(self) -> None:
        """As ``EnrolEvents.change_world``: a desk that is not enrolled has nothing to send."""
        if self._other is not None and self._model.progress is None:
            self._other.go()

    def _slip(self) -> Slip:
        host, _, port = self._model.address.text.strip().rpartition(":")
        if not port.isdigit():
            host, port = self._model.address.text.strip(), str(PORT)
        return Slip(
            host=host,
            port=int(port),
            root_fingerprint=self._model.fingerprint.text.replace(":", "").replace(" ", "").lower(),
            code=self._model.code.text.strip(),
        )

    def _failed(self, error: Exception) -> None:
        is_away = isinstance(error, TransportError) and error.reason is TransportReason.OFFLINE
        said = msg("start.district_away") if is_away else sentence(error)
        self._show(replace(self._enabled(True), progress=None, error=said, can_enrol=True))

    def _enabled(self, is_enabled: bool) -> EnrolModel:
        """With fields that can be typed into, or not while the district is asked."""
        model = self._model
        return replace(
            model,
            address=replace(model.address, is_enabled=is_enabled),
            code=replace(model.code, is_enabled=is_enabled),
            fingerprint=replace(model.fingerprint, is_enabled=is_enabled),
        )

    def _show(self, model: EnrolModel) -> None:
        self._model = model
        self._view.show(model)
