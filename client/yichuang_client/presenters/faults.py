"""From an error to the one sentence that a person reads: what happened, what is safe, what to do.

Rules kept here: the one place where a client's error becomes words; unexpected text never reaches a person.
"""

from __future__ import annotations

from yichuang_client.devices.errors import DeviceError
from yichuang_client.documents.paper import PaperError
from yichuang_client.presenters.models.common import Text, msg
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.desk_session import SignInError
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.trace import trace
from yichuang_domain.errors import Refused


def sentence(error: Exception) -> Text:
    """The sentence of an error of store, line, device, paper or state machine; a plain one for what nobody foresaw."""
    trace("error shown", kind=type(error).__name__, reason=str(error))
    if isinstance(error, StoreError):
        if error.reason is StoreReason.LOCKED_FOR:
            return msg("store.LOCKED_FOR", seconds=error.seconds)
        return msg(f"store.{error.reason.value}")
    if isinstance(error, TransportError):
        if error.reason is TransportReason.LOCKED:
            return msg("transport.LOCKED", seconds=error.seconds)
        return msg(f"transport.{error.reason.value}")
    if isinstance(error, SignInError):
        return msg(f"start.{error.reason.value}")
    if isinstance(error, DeviceError):
        return msg(f"device.{error.trouble.name}")
    if isinstance(error, PaperError):
        return msg(f"paper.{error.trouble.name}")
    if isinstance(error, Refused):
        return msg(f"reason.{error.reason.value}")
    return msg("start.unexpected")
