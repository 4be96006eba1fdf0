"""密钥托管: what is sealed for a key of the district or of a person, and opened by two people only.

Rules kept here: HPKE (RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM) and nothing of our own; the purpose is bound in, so
that a sealed text is worth nothing in another place; a version byte in front; a half of the recovery key is sealed
twice, for one administrator around the other, so that neither opens it alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_VERSION = b"\x01"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KEY_BYTES = 32
LARGEST = 1024
"""Bytes of a sealed data key, at most."""
MOST_KEYS = 8
"""Data keys that an answer brings: a desk has one, and former ones after a rotation."""


class SealError(Exception):
    """What was sealed is damaged, or for another key or purpose."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """恢复申请: a machine asks two administrators for the data key of a desk; no secret stands in it."""

    district: str
    replica: str
    """Device number of the desk whose key is asked for."""
    key: str
    """X25519 key, hex, made for this request: the answer is sealed for it."""
    made_time: datetime

    @property
    def words(self) -> str:
        """What both sides compare by voice: four groups of four."""
        digest = hashlib.sha256(f"{self.district} {self.replica} {self.key}".encode()).hexdigest()
        return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What two administrators give: the desk's data keys, the newest first, sealed for the request's key."""

    request: Request
    sealed: tuple[str, ...]
    """Hex."""


def seal(receiver: bytes, plain: bytes, purpose: str) -> bytes:
    """Seal for an X25519 key (32 bytes raw)."""
    key = X25519PublicKey.from_public_bytes(receiver)
    return _VERSION + _SUITE.encrypt(plain, key, info=f"yichuang {purpose}".encode())


def unseal(own: X25519PrivateKey, sealed: bytes, purpose: str) -> bytes:
    """What was sealed for our key and this purpose. Raises SealError."""
    if sealed[:1] != _VERSION:
        raise SealError("sealed by a newer program")
    try:
        return _SUITE.decrypt(sealed[1:], own, info=f"yichuang {purpose}".encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("not for this key, or damaged") from error


def escrow_purpose(district: str, replica: str) -> str:
    """Of a desk's data key under the recovery key."""
    return f"escrow 1 {district} {replica}"


def answer_purpose(request: Request) -> str:
    """Of a data key on its way to who asked."""
    return f"recovery answer 1 {request.words}"
