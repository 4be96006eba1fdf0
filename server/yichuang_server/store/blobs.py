"""Pages of cases and matters: rows that say what is there, files that hold the bytes.

Rules kept here: a page is named by (owner, hash); an offset is answered only after the bytes before it were fsynced;
a page is complete only when its hash was found true, and its row says so only after its file is durable. No file is
touched inside a transaction.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.engine import Row

from yichuang_domain.ids import BlobHash
from yichuang_server.store.tables import blob

_OWNER = re.compile(r"[0-9a-z]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 128 * 1024


class WrongOffsetError(Exception):
    """The bytes do not continue what is there; ``committed`` says where to go on."""

    def __init__(self, committed: int) -> None:
        super().__init__("wrong offset")
        self.committed = committed


class WrongHashError(Exception):
    """The bytes are complete and not those of the page's name; they were thrown away."""


class PagesAwayError(Exception):
    """The place of the pages does not answer, or refuses; the text says which, without a secret."""


class PageDamagedError(Exception):
    """A page lies there and is not what was put there."""


class PageStore(Protocol):
    """Where the bytes of pages lie."""

    def committed(self, owner: str, name: str) -> int:
        """How many bytes are durable; the page's size only when it lies where it stays. Raises PagesAwayError."""

    def append(self, owner: str, name: str, size: int, offset: int, data: bytes) -> int:
        """Add bytes durably. Returns the committed offset, ``size`` once the page is complete.

        Raises WrongOffsetError; WrongHashError when the last byte came and the hash is another; PagesAwayError.
        """

    def read(self, owner: str, name: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes of a complete page from an offset on, in chunks.

        Raises FileNotFoundError, PagesAwayError, PageDamagedError.
        """

    def listed(self) -> Iterator[tuple[str, str, int]]:
        """(owner, hash, size) of every complete page that lies there. Raises PagesAwayError."""


class BlobFiles:
    """The bytes, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks = [threading.Lock() for _ in range(64)]

    def _path(self, owner: str, name: str) -> Path:
        if not (_OWNER.fullmatch(owner) and _HASH.fullmatch(name)):
            raise ValueError("not a name of a page")
        return self._folder / owner[:2] / owner / name

    def committed(self, owner: str, name: str) -> int:
        """How many bytes are durable."""
        path = self._path(owner, name)
        for there in (path, path.with_suffix(".part")):
            if there.exists():
                return there.stat().st_size
        return 0

    def has(self, owner: str, name: str) -> bool:
        """Whether a page is complete."""
        return self._path(owner, name).exists()

    def append(self, owner: str, name: str, size: int, offset: int, data: bytes) -> int:
        """Add bytes durably. Returns the committed offset, ``size`` once the page is complete.

        Raises WrongOffsetError; WrongHashError when the last byte came and the hash is another.
        """
        with self._locks[int(name[:2], 16) % len(self._locks)]:
            return self._append(self._path(owner, name), self.committed(owner, name), size, offset, data)

    def _append(self, path: Path, there: int, size: int, offset: int, data: bytes) -> int:
        part = path.with_suffix(".part")
        if offset != there or offset + len(data) > size:
            raise WrongOffsetError(there)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if offset + len(data) == size:
            self._complete(part, path)
        return offset + len(data)

    def _complete(self, part: Path, path: Path) -> None:
        with open(part, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name:
            part.unlink()
            raise WrongHashError(path.name)
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self, owner: str, name: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes of a complete page from an offset on, in chunks. Raises FileNotFoundError."""
        with open(self._path(owner, name), "rb") as file:
            file.seek(offset)
            while chunk := file.read(_CHUNK):
                yield chunk

    def listed(self) -> Iterator[tuple[str, str, int]]:
        """(owner, hash, size) of every complete page."""
        for path in self._folder.glob("*/*/*"):
            if _OWNER.fullmatch(path.parent.name) and _HASH.fullmatch(path.name):
                yield path.parent.name, path.name, path.stat().st_size

    def drop(self, owner: str, name: str) -> None:
        """Remove a page that lies elsewhere now."""
        self._path(owner, name).unlink(missing_ok=True)


def complete_pages(connection: Connection, district: str) -> list[tuple[str, str, int]]:
    """(owner, hash, size) of the pages of which every byte was durable at that moment."""
    query = select(blob.c.owner, blob.c.hash, blob.c.size).where(blob.c.district == district, blob.c.complete)
    return [(found.owner, found.hash, int(found.size)) for found in connection.execute(query)]


def announce(connection: Connection, district: str, owner: str, name: str, size: int, replica: str) -> None:
    """Make a page known that a desk has attached; known already is no error."""
    if row(connection, district, owner, name) is None:
        connection.execute(
            insert(blob).values(district=district, owner=owner, hash=name, size=size, replica=replica, complete=False)
        )


def row(connection: Connection, district: str, owner: str, name: str) -> Row[tuple[object, ...]] | None:
    """(size, replica, complete, …) of a page that was announced, None for others."""
    query = select(blob).where(blob.c.district == district, blob.c.owner == owner, blob.c.hash == name)
    return connection.execute(query).first()


def stored(connection: Connection, district: str, owner: str, name: str) -> None:
    """Note that every byte of a page is durable."""
    connection.execute(
        update(blob)
        .where(blob.c.district == district, blob.c.owner == owner, blob.c.hash == name)
        .values(complete=True)
    )


def missing(connection: Connection, district: str, owner: str) -> frozenset[BlobHash]:
    """The announced pages of an owner that are not complete."""
    query = select(blob.c.hash).where(blob.c.district == district, blob.c.owner == owner, blob.c.complete.is_(False))
    return frozenset(BlobHash(name) for name in connection.execute(query).scalars())


def missing_of_all(connection: Connection, district: str) -> int:
    """How many announced pages of the district are not complete."""
    query = select(func.count()).where(blob.c.district == district, blob.c.complete.is_(False))
    return int(connection.execute(query).scalar_one())


def missing_of(connection: Connection, district: str, replica: str, limit: int) -> list[tuple[str, str]]:
    """(owner, name) of pages that a desk has made and not sent yet."""
    query = select(blob.c.owner, blob.c.hash).where(
        blob.c.district == district, blob.c.replica == replica, blob.c.complete.is_(False)
    )
    return [(found.owner, found.hash) for found in connection.execute(query.limit(limit))]
