"""Channels to the district, and what their failures mean.

Rules kept here (security: sync, learned the hard way): every keep-alive is set by hand, for the defaults do not
notice a black hole; our own root certificate always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from yichuang_client.sync.errors import TransportError, TransportReason

OPTIONS = (
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.http2.ping_timeout_ms", 20_000),  # behind a full buffer of a thin line an answer takes seconds
    ("grpc.http2.bdp_probe", 0),  # what the district may have on its way to a desk stays 64 KB: others share the line
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", 16 << 20),
    ("grpc.initial_reconnect_backoff_ms", 500),
    ("grpc.min_reconnect_backoff_ms", 10_000),  # how long a connection may take: a full line has seconds of it
    ("grpc.max_reconnect_backoff_ms", 5_000),
)
_DETAILS = "grpc-status-details-bin"
_RENAMED = {
    "DRAINING": TransportReason.OFFLINE,
    "PAGES_AWAY": TransportReason.NOT_STORED,
    "PAGE_DAMAGED": TransportReason.NOT_STORED,
    "REVOKED_DESK": TransportReason.REVOKED,
    "STORE_AWAY": TransportReason.OFFLINE,
    "UNKNOWN": TransportReason.NOT_FOUND,
}
_KNOWN = {reason.value: reason for reason in TransportReason} | _RENAMED
_OFFLINE = frozenset(
    {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN}
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the district is, and with which identity it is spoken to."""

    host: str
    port: int
    root_certificate: bytes
    """PEM of the district's root, as pinned."""
    certificate_chain: bytes | None = None
    """PEM of this desk's certificate; None on the enrolment port."""
    private_key: bytes | None = field(default=None, repr=False)


def open_channel(address: Address) -> Any:
    """A channel of the running asyncio loop."""
    return grpc.aio.secure_channel(_target(address), _credentials(address), options=OPTIONS)


def open_blocking_channel(address: Address) -> Any:
    """A channel for one blocking call."""
    return grpc.secure_channel(_target(address), _credentials(address), options=OPTIONS)


def _target(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


def _credentials(address: Address) -> Any:
    return grpc.ssl_channel_credentials(
        root_certificates=address.root_certificate,
        private_key=address.private_key,
        certificate_chain=address.certificate_chain,
    )


def translate(error: grpc.RpcError) -> TransportError:
    """What a failed call means."""
    info = _info(error)
    if info is not None:
        return TransportError(
            _KNOWN.get(info.reason, TransportReason.REFUSED),
            seconds=int(info.metadata.get("retry_s", "0")),
            offset=int(info.metadata.get("committed", "0")),
            detail=" ".join(filter(None, (info.metadata.get("rule"), info.metadata.get("n")))) or info.reason,
        )
    code, details = error.code(), error.details() or ""
    if "CERTIFICATE_VERIFY_FAILED" in details or "Hostname Verification" in details:
        return TransportError(TransportReason.FOREIGN_CERTIFICATE)
    if code in _OFFLINE:
        return TransportError(TransportReason.OFFLINE, detail=code.name)
    return TransportError(TransportReason.REFUSED, detail=code.name)


def _info(error: grpc.RpcError) -> Any | None:
    for key, value in error.trailing_metadata() or ():
        if key != _DETAILS:
            continue
        for packed in Status.FromString(value).details:
            info = ErrorInfo()
            if packed.Unpack(info):
                return info
    return None
