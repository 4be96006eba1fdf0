"""Sealed files of a backup: AES-256-GCM in the STREAM construction, under the operator's key file or passphrase.

Rules kept here: each file has its own key, HKDF(backup key, salt, name), so that files cannot be swapped; nonce =
prefix ‖ counter ‖ last flag, so that cutting, swapping or repeating chunks is noticed; the header is authenticated and
carries magic, version and chunk size; a file appears under its name only when it is durable; nothing of a chunk is
given out before it is authenticated.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"YCBK"
VERSION = 1
_CHUNK = 256 * 1024
_HEADER = struct.Struct(">4sBI16s7s")
_NONCE = struct.Struct(">7sIB")
_TAG = 16
_KEY_MARK = "YICHUANG-BACKUP-KEY-1"
SHORTEST_PASSPHRASE = 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class BackupError(Exception):
    """A backup could not be made, read or restored; the text says what to do."""


class SealError(Exception):
    """What was sealed is damaged or was changed; ``version`` is set where a newer program made it."""

    def __init__(self, version: int = 0) -> None:
        super().__init__("damaged or changed")
        self.version = version


@contextmanager
def disk_told(place: Path) -> Iterator[None]:
    """Say in one sentence what a disk refuses. Raises BackupError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise BackupError(f"the disk of {place} is full: make room and run it again") from error
        raise BackupError(f"{place} cannot be used: {error.strerror or type(error).__name__}") from error


@dataclass(frozen=True, kw_only=True)
class Secret:
    """What the operator keeps apart from the backups."""

    value: bytes
    is_passphrase: bool

    def key(self, salt: bytes) -> bytes:
        """The key of one folder of backups (32 bytes)."""
        value = self.value
        if self.is_passphrase:
            value = hash_secret_raw(value, salt, 3, 64 * 1024, 2, 32, Type.ID)
        return derive(value, "yichuang backup key 1", salt)


def new_key_file(path: Path) -> None:
    """Write a new random key, readable for this user alone. Raises BackupError, never overwrites."""
    text = f"{_KEY_MARK} {base64.b64encode(secrets.token_bytes(32)).decode()}\n"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise BackupError(f"{path} exists: a key is never overwritten") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error


def read_key_file(path: Path) -> Secret:
    """The key of a key file. Raises BackupError."""
    try:
        mark, _, text = path.read_text(encoding="ascii").strip().partition(" ")
        value = base64.b64decode(text, validate=True)
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} is no key file: make one with yichuang-server backup key") from error
    if mark != _KEY_MARK or len(value) != 32:
        raise BackupError(f"{path} is no key file: make one with yichuang-server backup key")
    return Secret(value=value, is_passphrase=False)


def read_passphrase(path: Path) -> Secret:
    """The passphrase on the first line of a file. Raises BackupError."""
    try:
        value = path.read_bytes().split(b"\n", 1)[0].strip()
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error
    if len(value) < SHORTEST_PASSPHRASE:
        raise BackupError(f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters: choose a longer one")
    return Secret(value=value, is_passphrase=True)


def derive(key: bytes, purpose: str, salt: bytes) -> bytes:
    """A key (32 bytes) for one purpose."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=purpose.encode()).derive(key)


def blind(key: bytes, text: str) -> str:
    """A name that tells nothing of what it names, the same each time."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What was sealed."""

    size: int
    """Plain bytes."""
    hash: str
    """SHA-256 of the plain bytes, hex."""


def seal(path: Path, key: bytes, name: str, plain: Iterable[bytes]) -> Sealed:
    """Write a sealed file, durable when this returns. Raises BackupError."""
    part = path.with_name(path.name + ".part")
    try:
        with disk_told(path.parent):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                digest, size = hashlib.sha256(), 0

                def counted() -> Iterator[bytes]:
                    nonlocal size
                    for piece in plain:
                        digest.update(piece)
                        size += len(piece)
                        yield piece

                for piece in sealed(key, name, counted()):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Sealed(size=size, hash=digest.hexdigest())


def sealed(key: bytes, name: str, plain: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed form, piece by piece."""
    salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
    header = _HEADER.pack(MAGIC, VERSION, _CHUNK, salt, prefix)
    yield header
    cipher = _cipher(key, name, salt)
    for counter, chunk, is_last in _even(plain):
        yield cipher.encrypt(_NONCE.pack(prefix, counter, is_last), chunk, header)


def plain_size(size: int) -> int:
    """How many bytes a sealed form of so many bytes holds; below 0 for what is none."""
    body = size - _HEADER.size
    return body - _TAG * -(-body // (_CHUNK + _TAG)) if body >= _TAG else -1


def unsealed(read: Callable[[int], bytes], size: int, key: bytes, name: str) -> Iterator[bytes]:
    """The plain bytes of a sealed form of ``size`` bytes, chunk by chunk; ``read`` gives as many as it is asked for.

    Raises SealError.
    """
    try:
        left = size - _HEADER.size
        header = read(_HEADER.size)
        magic, version, chunk, salt, prefix = _HEADER.unpack(header)
        if magic != MAGIC or not 0 < chunk <= 1 << 24 or left < _TAG:
            raise SealError
        if version > VERSION:
            raise SealError(version)
        cipher, counter = _cipher(key, name, salt), 0
        while left > 0:
            piece = read(min(chunk + _TAG, left))
            left -= len(piece)
            yield cipher.decrypt(_NONCE.pack(prefix, counter, left <= 0), piece, header)
            counter += 1
    except (InvalidTag, struct.error) as error:
        raise SealError from error


def opened(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """The plain bytes of a sealed file, chunk by chunk. Raises BackupError."""
    try:
        with open(path, "rb") as file:
            yield from unsealed(file.read, os.fstat(file.fileno()).st_size, key, name)
    except FileNotFoundError as error:
        raise BackupError(f"{path.name} is missing in the backup: use another backup") from error
    except SealError as error:
        if error.version:
            raise BackupError(f"{path.name} was made by a newer program: update this one") from error
        raise BackupError(f"{path.name} is damaged or was changed: use another backup") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error


def digest_of(path: Path, key: bytes, name: str) -> Sealed:
    """Size and hash of the plain bytes, read anew. Raises BackupError."""
    digest, size = hashlib.sha256(), 0
    for chunk in opened(path, key, name):
        digest.update(chunk)
        size += len(chunk)
    return Sealed(size=size, hash=digest.hexdigest())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cipher(key: bytes, name: str, salt: bytes) -> AESGCM:
    return AESGCM(derive(key, f"yichuang backup file 1\0{name}", salt))


def _even(plain: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """(counter, chunk, whether it is the last) of any pieces; one empty chunk for nothing."""
    held, counter = bytearray(), 0
    for piece in plain:
        held += piece
        while len(held) > _CHUNK:
            yield counter, bytes(held[:_CHUNK]), False
            del held[:_CHUNK]
            counter += 1
    yield counter, bytes(held), True
