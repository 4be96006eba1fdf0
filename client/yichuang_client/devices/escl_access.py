"""eSCL 口令: the name and password that a scanner asks for, by Basic (RFC 7617) or Digest (RFC 7616).

Rules kept here: a password lies in a file that nobody else can read (`NAME:PASSWORD` in one line), never in an address;
the strongest way that a scanner offers is taken; what is no challenge is not answered.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list

from yichuang_client.devices.errors import DeviceError, Trouble

_MOST_BYTES = 1024
_HASHES = {"sha-256": "sha256", "md5": "md5"}
"""By the names of RFC 7616, the stronger one first."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """口令: who asks."""

    name: str
    password: str = field(repr=False)


def read_login(file: str) -> Login:
    """The name and password in a file; raises DeviceError(ACCESS) when there is none or others can read it."""
    try:
        with Path(file).open("rb") as opened:
            if sys.platform != "win32" and os.fstat(opened.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise DeviceError(Trouble.ACCESS, "password file is open to others")
            text = opened.read(_MOST_BYTES).decode()
    except (OSError, ValueError) as error:
        raise DeviceError(Trouble.ACCESS, "password file") from error
    name, colon, password = text.rstrip("\r\n").partition(":")
    if not colon or not name or not text.rstrip("\r\n").isprintable():
        raise DeviceError(Trouble.ACCESS, "password file: NAME:PASSWORD is expected")
    return Login(name=name, password=password)


@dataclass(kw_only=True)
class Answerer:
    """应答口令: answers one scanner's challenges, and remembers the last one for the requests that follow."""

    login: Login
    _way: str = field(default="", init=False)
    _challenge: dict[str, str] = field(default_factory=dict, init=False)
    _count: int = field(default=0, init=False)

    def hear(self, challenges: Sequence[str]) -> bool:
        """Take the values of WWW-Authenticate; whether one of them can be answered that was not answered in vain."""
        offers = [offer for text in challenges for offer in _offers(text)]
        digests = [row for way, row in offers if way == "digest" and row.get("nonce") and _is_known(row)]
        digests.sort(key=lambda row: list(_HASHES.values()).index(_hash_of(row)))
        was_way, was_good = self._way, self._count > 1
        if digests:
            is_stale = digests[0].get("stale", "").lower() == "true" and digests[0] != self._challenge
            self._way, self._challenge, self._count = "digest", digests[0], 0
            return was_way != "digest" or was_good or is_stale
        if any(way == "basic" for way, _ in offers):
            self._way, self._challenge = "basic", {}
            return was_way != "basic"
        return False

    def header(self, method: str, path: str) -> str:
        """The value of Authorization for a request, empty before any challenge."""
        login = self.login
        if self._way == "basic":
            return "Basic " + base64.b64encode(f"{login.name}:{login.password}".encode()).decode()
        return self._digest(method, path) if self._way == "digest" else ""

    def _digest(self, method: str, path: str) -> str:
        row, name = self._challenge, _hash_of(self._challenge)

        def hashed(text: str) -> str:
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        self._count += 1
        realm, nonce = row.get("realm", ""), row["nonce"]
        mine, times = secrets.token_hex(8), f"{self._count:08x}"
        who, what = hashed(f"{self.login.name}:{realm}:{self.login.password}"), hashed(f"{method}:{path}")
        middle = f"{nonce}:{times}:{mine}:auth" if "qop" in row else nonce
        parts = {"username": self.login.name, "realm": realm, "nonce": nonce, "uri": path}
        parts["response"] = hashed(f"{who}:{middle}:{what}")
        quoted = [f'{key}="{_escaped(value)}"' for key, value in parts.items()]
        quoted += [f'opaque="{_escaped(row["opaque"])}"'] if "opaque" in row else []
        plain = [f"algorithm={row['algorithm']}"] if "algorithm" in row else []
        plain += ["qop=auth", f"nc={times}", f'cnonce="{mine}"'] if "qop" in row else []
        return "Digest " + ", ".join((*quoted, *plain))


def _offers(text: str) -> list[tuple[str, dict[str, str]]]:
    """The ways in one header; several may stand in it, each begun by its name."""
    found: list[tuple[str, dict[str, str]]] = []
    for part in parse_http_list(text):
        way, _, rest = part.partition(" ")
        if "=" not in way:
            found.append((way.lower(), {}))
            part = rest.strip()
        if found and "=" in part:
            key, value = next(iter(parse_keqv_list([part]).items()))
            found[-1][1][key.lower()] = value
    return found


def _hash_of(row: dict[str, str]) -> str:
    return _HASHES.get(row.get("algorithm", "MD5").lower(), "")


def _is_known(row: dict[str, str]) -> bool:
    return bool(_hash_of(row)) and (
        "qop" not in row or "auth" in [way.strip() for way in row["qop"].lower().split(",")]
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
