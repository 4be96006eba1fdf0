"""携带包: one sealed and signed file that a person carries between a desk and its district.

Rules kept here: sealed for the receiver's X25519 key (an ephemeral key each file, HKDF, AES-256-GCM in the STREAM
construction, so that cutting, swapping or repeating chunks is noticed); signed by the sender's Ed25519 key over all
that is sealed; the signature is checked over the whole file before a byte is opened; nothing is compressed, and no
length is believed beyond what the file holds; a file appears under its name only when it is durable. The head is
readable and names district, desk and times only.
"""

from __future__ import annotations

import hashlib
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yichuang import codec

Sign = Callable[[bytes], bytes]
"""Signs with the sender's Ed25519 key."""
SUFFIX = ".ycb"
IS_PAGES, IS_ANSWER = "-pages-", "-answer-"
"""Stand in the names of files of pages and of answers."""
LARGEST_BYTES = 4_000_000_000
"""Of a file: FAT32 takes no larger one."""
LARGEST_SECTION = 64 * 1024 * 1024 + 4096
"""A page and its name."""
_MAGIC, _END = b"YCCB", b"YCEN"
_VERSION = 1
_CHUNK = 256 * 1024
_TAG = 16
_HEAD_BYTES = 4096
_PREAMBLE = struct.Struct(">4sBH")
_SECTION = struct.Struct(">cQ")
_NONCE = struct.Struct(">7sIB")
_FOOTER = len(_END) + 64


class Flaw(Enum):
    """Why a bundle is not taken in."""

    MISSING = "MISSING"
    """There is no such file, or it cannot be read."""
    NOT_A_BUNDLE = "NOT_A_BUNDLE"
    CUT_SHORT = "CUT_SHORT"
    """Its end is missing: the medium was pulled out too early, or is full."""
    DAMAGED = "DAMAGED"
    """It is not what was signed."""
    NEWER = "NEWER"
    """Made by a newer program."""
    TOO_LARGE = "TOO_LARGE"
    FOREIGN_DISTRICT = "FOREIGN_DISTRICT"
    FOREIGN_DESK = "FOREIGN_DESK"
    """Of, or for, a desk that is not meant or not known."""
    REVOKED = "REVOKED"
    """Of a desk that the district has shut out."""
    WRONG_WAY = "WRONG_WAY"
    """An answer where a desk's bundle is wanted, or the other way round."""
    NO_KEY = "NO_KEY"
    """The desk has not heard the district's key yet."""
    OLD = "OLD"
    """An answer that was taken in before, or one before it."""
    FULL = "FULL"
    """The medium has no room."""
    UNWRITABLE = "UNWRITABLE"
    """The medium is gone, or cannot be written."""


class BundleError(Exception):
    """A bundle that is not taken in; nothing of it was."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(f"{flaw.value} {detail}".strip())
        self.flaw = flaw
        self.detail = detail


class Direction(Enum):
    """Which way a bundle goes."""

    TO_DISTRICT = "TO_DISTRICT"
    TO_DESK = "TO_DESK"


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands readable in front."""

    district: str
    replica: str
    """Device number of the desk that it comes from, or is for."""
    direction: Direction
    bundle: str
    """Random name."""
    made_time: datetime
    sealed_by: str
    """Ephemeral X25519 key, hex."""


class Kind(Enum):
    """What a section holds."""

    CONTEXT = b"C"
    """CarriedRequest or CarriedAnswer."""
    EXCHANGE = b"X"
    """ExchangeRequest or ExchangeResponse."""
    PAGE = b"P"
    """Owner (32 characters), hash (64), then the bytes."""


def sealing_key(secret: bytes, purpose: str) -> X25519PrivateKey:
    """The X25519 key that belongs to an Ed25519 key (32 bytes raw): nothing more to keep, and it lasts as long."""
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"yichuang {purpose} 1".encode()).derive(secret)
    return X25519PrivateKey.from_private_bytes(seed)


def page_section(owner: str, name: str, data: bytes) -> bytes:
    """A page as a section's bytes."""
    return owner.encode("ascii") + name.encode("ascii") + data


def read_page(section: bytes) -> tuple[str, str, bytes]:
    """(owner, hash, bytes) of a page's section. Raises BundleError (DAMAGED)."""
    try:
        return section[:32].decode("ascii"), section[32:96].decode("ascii"), section[96:]
    except UnicodeDecodeError as error:
        raise BundleError(Flaw.DAMAGED, "page") from error


class Writer:
    """Adds sections to a bundle that ``writing`` has begun."""

    def __init__(self, file: BinaryIO, head: bytes, cipher: AESGCM, sign: Sign) -> None:
        self._file = file
        self._head = head
        self._cipher = cipher
        self._sign = sign
        self._held = bytearray()
        self._counter = 0
        self._digest = hashlib.sha256()
        self._put(head)

    @property
    def size(self) -> int:
        """Bytes so far, about."""
        return self._counter * _CHUNK + len(self._held)

    def add(self, kind: Kind, data: bytes) -> None:
        """Add a section."""
        if len(data) > LARGEST_SECTION:
            raise BundleError(Flaw.TOO_LARGE, "section")
        self._held += _SECTION.pack(kind.value, len(data)) + data
        while len(self._held) > _CHUNK:
            self._seal(bytes(self._held[:_CHUNK]), is_last=False)
            del self._held[:_CHUNK]

    def end(self) -> None:
        """Seal what is left and sign."""
        self._seal(bytes(self._held), is_last=True)
        self._file.write(_END + self._sign(_signed(self._digest)))

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._head, self._counter, is_last), chunk, self._head))
        self._counter += 1

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)


@contextmanager
def writing(path: Path, head: Head, receiver: bytes, sign: Sign) -> Iterator[Writer]:
    """Write a bundle for a receiver's X25519 key (32 bytes raw); durable when the block ends, gone when it raises.

    ``head.sealed_by`` is filled in. Raises OSError of the medium.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    plain = codec.encode(_with_key(head, public)).text
    front = _PREAMBLE.pack(_MAGIC, _VERSION, len(plain)) + plain
    key = _key(ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver)), public, receiver)
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            writer = Writer(file, front, AESGCM(key), sign)
            yield writer
            writer.end()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def read_head(path: Path) -> Head:
    """What stands in front, not yet believed. Raises BundleError."""
    with _opened(path) as file:
        return _read_head(file)[0]


def sections(
    path: Path, direction: Direction, sender: Callable[[Head], bytes], receiver: X25519PrivateKey
) -> tuple[Head, Iterator[tuple[Kind, bytes]]]:
    """The head and the sections of a bundle whose signature was checked over the whole file.

    ``sender`` tells the Ed25519 key of whom the head names, and raises BundleError for nobody we know.
    Raises BundleError.
    """
    with _opened(path) as file:
        head, front = _read_head(file)
        if head.direction is not direction:
            raise BundleError(Flaw.WRONG_WAY)
        end = os.fstat(file.fileno()).st_size - _FOOTER
        _check(file, front, end, sender(head))
    return head, _sections(path, front, end, head, receiver)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows does that by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size > LARGEST_BYTES:
                raise BundleError(Flaw.TOO_LARGE)
            yield file
    except OSError as error:
        raise BundleError(Flaw.MISSING, error.strerror or type(error).__name__) from error


def _read_head(file: BinaryIO) -> tuple[Head, bytes]:
    start = file.read(_PREAMBLE.size)
    if len(start) < _PREAMBLE.size or start[: len(_MAGIC)] != _MAGIC:
        raise BundleError(Flaw.NOT_A_BUNDLE)
    _, version, size = _PREAMBLE.unpack(start)
    if version > _VERSION:
        raise BundleError(Flaw.NEWER)
    if size > _HEAD_BYTES:
        raise BundleError(Flaw.NOT_A_BUNDLE)
    plain = file.read(size)
    if len(plain) < size:
        raise BundleError(Flaw.CUT_SHORT)
    try:
        return codec.decode(Head, plain), start + plain
    except codec.CodecError as error:
        raise BundleError(Flaw.DAMAGED, "head") from error


def _check(file: BinaryIO, front: bytes, end: int, sender: bytes) -> None:
    file.seek(max(0, end))
    footer = file.read(_FOOTER)
    if end < len(front) + _TAG or footer[: len(_END)] != _END:
        raise BundleError(Flaw.CUT_SHORT)
    digest, left = hashlib.sha256(), end
    file.seek(0)
    while left > 0:
        data = file.read(min(1 << 20, left))
        if not data:
            raise BundleError(Flaw.CUT_SHORT)
        digest.update(data)
        left -= len(data)
    try:
        Ed25519PublicKey.from_public_bytes(sender).verify(footer[len(_END) :], _signed(digest))
    except (InvalidSignature, ValueError) as error:
        raise BundleError(Flaw.DAMAGED, "signature") from error


def _sections(
    path: Path, front: bytes, end: int, head: Head, receiver: X25519PrivateKey
) -> Iterator[tuple[Kind, bytes]]:
    held = bytearray()
    for chunk in _plain(path, front, end, head, receiver):
        held += chunk
        while len(held) >= _SECTION.size:
            kind, size = _SECTION.unpack_from(held)
            if size > LARGEST_SECTION:
                raise BundleError(Flaw.TOO_LARGE, "section")
            if len(held) < _SECTION.size + size:
                break
            yield _kind(kind), bytes(held[_SECTION.size : _SECTION.size + size])
            del held[: _SECTION.size + size]
    if held:
        raise BundleError(Flaw.DAMAGED, "section")


def _plain(path: Path, front: bytes, end: int, head: Head, receiver: X25519PrivateKey) -> Iterator[bytes]:
    own = receiver.public_key().public_bytes_raw()
    try:
        public = bytes.fromhex(head.sealed_by)
        cipher = AESGCM(_key(receiver.exchange(X25519PublicKey.from_public_bytes(public)), public, own))
        with _opened(path) as file:
            file.seek(len(front))
            left, counter = end - len(front), 0
            while left > 0:
                sealed = file.read(min(_CHUNK + _TAG, left))
                left -= len(sealed)
                if not sealed:
                    raise BundleError(Flaw.CUT_SHORT)
                yield cipher.decrypt(_nonce(front, counter, left <= 0), sealed, front)
                counter += 1
    except (InvalidTag, ValueError) as error:
        raise BundleError(Flaw.DAMAGED, "seal") from error


def _kind(letter: bytes) -> Kind:
    try:
        return Kind(letter)
    except ValueError as error:
        raise BundleError(Flaw.NEWER, "section") from error


def _with_key(head: Head, public: bytes) -> Head:
    return Head(**{**vars(head), "sealed_by": public.hex()})


def _key(shared: bytes, public: bytes, receiver: bytes) -> bytes:
    info = b"yichuang bundle 1"
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=public + receiver, info=info).derive(shared)


def _nonce(front: bytes, counter: int, is_last: bool) -> bytes:
    return _NONCE.pack(hashlib.sha256(front).digest()[:7], counter, is_last)


def _signed(digest: hashlib._Hash) -> bytes:
    return b"yichuang bundle 1\0" + digest.digest()
