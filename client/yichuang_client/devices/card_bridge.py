"""本机读卡桥: a reader behind a local service of its maker's, as docs/device-guide.md describes it.

Rules kept here: only this very machine is asked, never by a proxy and never by another name; the token goes out and
comes from a file that others may not read; the answer is a stranger's word: its size, its time, its shape and each
field are checked before one of them is used.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import json
import os
import select
import socket
import stat
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yichuang_client.devices.card_reading import CardFault, CardReaderError, CardStage, Told
from yichuang_client.devices.identity_card import CardError, IdentityCard, checked_card

_PATH = "/v1/card"
_MOST_BYTES = 64 * 1024
"""A card's words are less than one kilobyte."""
_LATE_SECONDS = 3.0
"""So much longer than it was told a bridge may take."""
_CONNECT_SECONDS = 3.0
_STOP_SECONDS = 0.05
_TOKEN_BYTES = range(8, 513)
_TEXTS = ("name", "sex", "address", "number", "issuer")
_DAYS = ("born", "valid_until")
_FAULTS = {
    "NO_READER": CardFault.NO_READER,
    "NO_CARD": CardFault.NO_CARD,
    "UNPLUGGED": CardFault.UNPLUGGED,
    "MISREAD": CardFault.MISREAD,
    "BUSY": CardFault.BUSY,
}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a bridge listens on this machine."""

    host: str
    port: int


def read_endpoint(url: str) -> Endpoint:
    """The place that an address names. Raises ValueError unless it is http on this machine with a port."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme != "http" or port is None or parts.username or parts.query or parts.path.strip("/"):
        raise ValueError("bridge address")
    host = "127.0.0.1" if host == "localhost" else host
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError("bridge address")
    return Endpoint(host=host, port=port)


@dataclass(frozen=True, kw_only=True)
class BridgeReader:
    """A reader behind a local bridge; as ``CardReader``."""

    endpoint: Endpoint
    token_file: Path = field(repr=False)

    def read(self, today: date, seconds: float, told: Told, stop: threading.Event) -> IdentityCard:
        """As ``CardReader.read``. Raises CardReaderError."""
        told(CardStage.STARTING)
        token = _token(self.token_file)
        place = (self.endpoint.host, self.endpoint.port)
        try:
            with socket.create_connection(place, timeout=_CONNECT_SECONDS) as line:
                line.sendall(_request(self.endpoint, token, seconds))
                told(CardStage.WAITING)
                answer = _receive(line, seconds + _LATE_SECONDS, stop)
        except ConnectionRefusedError as error:
            raise CardReaderError(CardFault.NO_READER, "bridge") from error
        except OSError as error:
            raise CardReaderError(CardFault.UNPLUGGED, type(error).__name__) from error
        return _card(answer, today)


def _token(file: Path) -> str:
    """The token; a file that other users can read is no secret."""
    try:
        with file.open("rb") as opened:
            if sys.platform != "win32" and os.fstat(opened.fileno()).st_mode & (stat.S_IRWXO | stat.S_IWGRP):
                raise CardReaderError(CardFault.ACCESS, "token file is open to others")
            token = opened.read(_TOKEN_BYTES.stop + 2).strip().decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CardReaderError(CardFault.ACCESS, "token file") from error
    if len(token) not in _TOKEN_BYTES or not token.isprintable() or " " in token:
        raise CardReaderError(CardFault.ACCESS, "token")
    return token


def _request(endpoint: Endpoint, token: str, seconds: float) -> bytes:
    body = json.dumps({"version": 1, "wait_seconds": round(seconds, 1)}).encode()
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    head = (
        f"POST {_PATH} HTTP/1.0",
        f"Host: {host}:{endpoint.port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode("ascii") + body


def _receive(line: socket.socket, seconds: float, stop: threading.Event) -> bytes:
    """The whole answer: until the bridge closes the line, within time and size."""
    until, came = time.monotonic() + seconds, bytearray()
    line.setblocking(False)
    while True:
        if stop.is_set():
            raise CardReaderError(CardFault.CANCELLED)
        if time.monotonic() > until:
            raise CardReaderError(CardFault.NO_ANSWER, "bridge")
        if not select.select([line], [], [], _STOP_SECONDS)[0]:
            continue
        with contextlib.suppress(BlockingIOError):
            chunk = line.recv(8192)
            if not chunk:
                return bytes(came)
            came += chunk
            if len(came) > _MOST_BYTES:
                raise CardReaderError(CardFault.BAD_ANSWER, "size")
            if _is_whole(came):
                return bytes(came)


def _is_whole(came: bytearray) -> bool:
    """Whether the announced length is here, for a bridge that keeps the line open."""
    head, gap, body = bytes(came).partition(b"\r\n\r\n")
    lengths = [
        row.partition(b":")[2].strip() for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")
    ]
    return bool(gap) and len(lengths) == 1 and lengths[0].isdigit() and len(body) >= int(lengths[0][:9])


class _Came:
    """What came, as the standard library's reader of answers wants it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        """The bytes."""
        return io.BytesIO(self._data)


def _card(data: bytes, today: date) -> IdentityCard:
    answer = _object(data)
    trouble = answer.get("trouble")
    if isinstance(trouble, str) and trouble in _FAULTS:
        raise CardReaderError(_FAULTS[trouble], "bridge")
    card = answer.get("card")
    if answer.get("version") != 1 or not isinstance(card, dict):
        raise CardReaderError(CardFault.BAD_ANSWER, "shape")
    try:
        return checked_card(_fields(card), today)
    except CardError as error:
        raise CardReaderError(CardFault.NOT_A_CARD, str(error)) from None


def _object(data: bytes) -> Mapping[str, Any]:
    response = http.client.HTTPResponse(_Came(data))  # type: ignore[arg-type]
    try:
        response.begin()
        if response.status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
            raise CardReaderError(CardFault.ACCESS, "bridge")
        read = json.loads(response.read()) if response.status == http.HTTPStatus.OK else None
    except (http.client.HTTPException, ValueError, RecursionError, OSError):
        raise CardReaderError(CardFault.BAD_ANSWER, "answer") from None
    if not isinstance(read, dict):
        raise CardReaderError(CardFault.BAD_ANSWER, f"status {response.status}")
    return read


def _fields(card: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a card; days are written 2026-11-24, a last day of null is one without an end."""
    rows: dict[str, str] = {}
    for key in (*_TEXTS, *_DAYS):
        value = card.get(key)
        if value is None and key not in ("name", "number"):
            continue
        if not isinstance(value, str):
            raise CardReaderError(CardFault.BAD_ANSWER, "fields")
        rows[key] = value
    try:
        for key in _DAYS:
            if key in rows:
                rows[key] = date.fromisoformat(rows[key]).strftime("%Y%m%d")
    except ValueError:
        raise CardReaderError(CardFault.BAD_ANSWER, "days") from None
    return rows
