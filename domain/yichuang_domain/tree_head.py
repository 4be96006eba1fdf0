"""树头: the head of the district's log as it is signed and printed: a checkpoint in a signed note.

Rules kept here (security: audit): the text is that of C2SP tlog-checkpoint, the envelope that of C2SP signed-note with
Ed25519, so that tools of others read it; the origin names district and log epoch, so that heads of two epochs never
pass for one another. Pure: signing and verifying are done by those who hold keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

_ED25519 = b"\x01"
_DASH = "— "
_HASH_BYTES = 32
_ID_BYTES = 4


class HeadError(Exception):
    """A text is no signed head; the text says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class TreeHead:
    """树头: what the log came to at one moment."""

    origin: str
    size: int
    """Leaves."""
    root: str
    """Hex."""

    @property
    def text(self) -> bytes:
        """What is signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{self.origin}\n{self.size}\n{root}\n".encode()

    def note(self, key: bytes, signature: bytes) -> bytes:
        """The head with the signature of a key (Ed25519, 32 bytes raw) over ``text``."""
        line = base64.b64encode(key_id(self.origin, key) + signature).decode()
        return self.text + f"\n{_DASH}{self.origin} {line}\n".encode()


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """A head as it came, its signature not yet verified."""

    head: TreeHead
    signature: bytes
    """Of the given key, over the head's text."""


def origin(district: str, epoch: str) -> str:
    """The name of a log: district and log epoch."""
    return f"yichuang/{district}/{epoch}"


def key_id(name: str, key: bytes) -> bytes:
    """Four bytes that tell which key signed (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:_ID_BYTES]


def verifier_key(name: str, key: bytes) -> str:
    """The public key as tools for signed notes take it."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(_ED25519 + key).decode()}"


def read_verifier_key(text: str) -> bytes:
    """The public key (32 bytes) of a verifier key. Raises HeadError."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if key[:1] != _ED25519 or len(key) != _HASH_BYTES + 1 or key_id(name, key[1:]).hex() != identity:
        raise HeadError("not a verifier key")
    return key[1:]


def read_note(note: bytes, key: bytes) -> SignedHead:
    """The head in a signed note, and the signature that the key is said to have made. Raises HeadError."""
    try:
        text, _, lines = note.decode().partition("\n\n")
        name, size, root = text.split("\n")
    except ValueError as error:
        raise HeadError("not a signed head") from error
    raw = _decoded(root)
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size or len(raw) != _HASH_BYTES:
        raise HeadError("not a head of a log")
    head = TreeHead(origin=name, size=int(size), root=raw.hex())
    start = f"{_DASH}{name} "
    for line in lines.splitlines():
        found = _decoded(line.removeprefix(start)) if line.startswith(start) else b""
        if found[:_ID_BYTES] == key_id(name, key):
            return SignedHead(head=head, signature=found[_ID_BYTES:])
    raise HeadError("not signed by this key")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise HeadError("not base64") from error
