"""Page files (页面文件): AES-256-GCM in the STREAM construction, beside the database.

Rules kept here: each file has its own key, HKDF(file key, salt, owner ‖ page), so that a file is worth nothing under
another case; nonce = prefix ‖ counter ‖ last flag, so that cutting, swapping or repeating chunks is noticed; the
header is authenticated and carries magic, version and chunk size; the order is ``.part`` → fsync → rename → fsync of
the folder → the row; names are random, for even a hash tells which form was scanned.
"""

from __future__ import annotations

import contextlib
import secrets
import struct
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import PART, disk_errors, make_folder, read_file, write_atomically
from yichuang_client.store.key_slots import derive

MAGIC = b"YCPG"
VERSION = 1
CHUNK_BYTES = 64 * 1024
_HEADER = struct.Struct(">4sBI16s7s")
_NONCE = struct.Struct(">7sIB")
_TAG_BYTES = 16
_Bytes = TypeVar("_Bytes", bytes, memoryview)


class PageFiles(Protocol):
    """Files of pages, by random names."""

    def write(self, owner: str, page: str, data: bytes) -> str:
        """Keep a page, durable; returns its file's name. Raises StoreError."""

    def read(self, name: str, owner: str, page: str) -> bytes:
        """The page's bytes. Raises StoreError (PAGE_MISSING, DAMAGED)."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there. Raises StoreError."""

    def sweep(self, named: Collection[str]) -> int:
        """Remove the files that no row names; returns how many. Raises StoreError."""


class PageVault:
    """页库: where the pages of one owner are written, by a process that finishes them; holds the key, so it travels by
    a pipe only and says nothing of itself.
    """

    def __init__(self, files: PageFiles, owner: str) -> None:
        self._files = files
        self._owner = owner

    def write(self, page: str, data: bytes) -> str:
        """As ``PageFiles.write``; the row is the store's to write."""
        return self._files.write(self._owner, page, data)


class EncryptedFiles:
    """``PageFiles`` under one file key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def write(self, owner: str, page: str, data: bytes) -> str:
        """Encrypt and keep a page, durable when this returns."""
        name = secrets.token_hex(16)
        path = self._path(name)
        make_folder(path.parent)
        write_atomically(path, seal_file(self._key, owner, page, data))
        return name

    def read(self, name: str, owner: str, page: str) -> bytes:
        """Decrypt a page; every chunk is authenticated before a byte is given out."""
        sealed = read_file(self._path(name))
        if sealed is None:
            raise StoreError(StoreReason.PAGE_MISSING)
        return open_file(self._key, owner, page, sealed)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with disk_errors():
            self._path(name).unlink(missing_ok=True)

    def sweep(self, named: Collection[str]) -> int:
        """Remove half-written files and those that no row names."""
        removed = 0
        with disk_errors():
            for path in list(self._folder.glob("*/*")):
                if path.name.endswith(PART) or path.name not in named:
                    with contextlib.suppress(FileNotFoundError):
                        path.unlink()
                        removed += 1
        return removed

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def seal_file(key: bytes, owner: str, page: str, data: bytes) -> bytearray:
    """The encrypted form of a page's bytes."""
    salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
    header = _HEADER.pack(MAGIC, VERSION, CHUNK_BYTES, salt, prefix)
    cipher = _cipher(key, owner, page, salt)
    count = max(1, -(-len(data) // CHUNK_BYTES))
    sealed = bytearray(len(header) + len(data) + count * _TAG_BYTES)
    sealed[: len(header)] = header
    room, place = memoryview(sealed), len(header)
    for counter, chunk, is_last in _chunks(memoryview(data), CHUNK_BYTES):  # megabytes: copied once, by the cipher
        end = place + len(chunk) + _TAG_BYTES
        cipher.encrypt_into(_NONCE.pack(prefix, counter, is_last), chunk, header, room[place:end])
        place = end
    return sealed


def open_file(key: bytes, owner: str, page: str, sealed: bytes) -> bytes:
    """The plain bytes. Raises StoreError (DAMAGED; NEWER_DATABASE for a newer format)."""
    try:
        magic, version, chunk_bytes, salt, prefix = _HEADER.unpack_from(sealed)
    except struct.error as error:
        raise StoreError(StoreReason.DAMAGED, detail="page") from error
    if magic != MAGIC or not 0 < chunk_bytes <= 1 << 24:
        raise StoreError(StoreReason.DAMAGED, detail="page")
    if version > VERSION:
        raise StoreError(StoreReason.NEWER_DATABASE)
    header, cipher = sealed[: _HEADER.size], _cipher(key, owner, page, salt)
    try:
        return b"".join(
            cipher.decrypt(_NONCE.pack(prefix, counter, is_last), chunk, header)
            for counter, chunk, is_last in _chunks(sealed[_HEADER.size :], chunk_bytes + _TAG_BYTES)
        )
    except (InvalidTag, ValueError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="page") from error


def _cipher(key: bytes, owner: str, page: str, salt: bytes) -> AESGCM:
    return AESGCM(derive(key, f"yichuang page 1\0{owner}\0{page}", salt))


def _chunks(data: _Bytes, size: int) -> Iterator[tuple[int, _Bytes, bool]]:
    count = max(1, -(-len(data) // size))
    for counter in range(count):
        yield counter, data[counter * size : (counter + 1) * size], counter == count - 1
