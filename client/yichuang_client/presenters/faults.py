"""From an error to the one sentence that a person reads: what happened, what is safe, what to do.

Rules kept here: the one place where a client's error becomes words; unexpected text never reaches a person.
"""

from __future__ import annotations

from yichuang.bundle import BundleError
from yichuang_client.devices.card_reading import CardReaderError
from yichuang_client.devices.errors import DeviceError
from yichuang_client.documents.paper import PaperError
from yichuang_client.presenters.models.common import Joined, Text, msg
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.door import SignInError, SignInReason
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.trace import trace
from yichuang_domain.errors import Refused


def sentence(error: Exception) -> Text:
    """The sentence of an error of store, line, device, paper or state machine; a plain one for what nobody foresaw."""
    is_ours = isinstance(error, StoreError | TransportError | BundleError | SignInError | DeviceError | Refused)
    # What nobody foresaw may carry what somebody typed: only its kind is traced.
    trace("error shown", kind=type(error).__name__, reason=str(error) if is_ours else "")
    if isinstance(error, StoreError):
        return _of_store(error)
    if isinstance(error, TransportError):
        seconds = {"seconds": error.seconds} if error.reason is TransportReason.LOCKED else {}
        return msg(f"transport.{error.reason.value}", **seconds)
    if isinstance(error, BundleError):
        return msg(f"bundle.{error.flaw.value}")
    if isinstance(error, SignInError):
        return _of_sign_in(error)
    if isinstance(error, CardReaderError):
        return msg(f"card.{error.fault.name}")
    if isinstance(error, DeviceError):
        return msg(f"device.{error.trouble.name}")
    if isinstance(error, PaperError):
        return msg(f"paper.{error.trouble.name}")
    if isinstance(error, Refused):
        return msg(f"reason.{error.reason.value}")
    return msg("start.unexpected")


def _of_store(error: StoreError) -> Text:
    if error.reason is StoreReason.LOCKED_FOR:
        return msg("store.LOCKED_FOR", seconds=error.seconds)
    if error.reason is StoreReason.WRONG_PASSWORD and error.seconds:
        return msg("start.wrong_wait", seconds=error.seconds)
    return msg(f"store.{error.reason.value}")


def _of_sign_in(error: SignInError) -> Text:
    if error.reason is SignInReason.NEEDS_COLLEAGUE:
        if not error.people:
            return msg("start.needs_anybody")
        return msg("start.NEEDS_COLLEAGUE", people=Joined(error.people, "start.list"))
    return msg(f"start.{error.reason.value}")
