"""The encrypted database file: connections, transactions, migrations.

Rules kept here: SQLCipher with a raw key; WAL with ``synchronous=FULL`` (an acknowledged commit survives a power
cut); nothing temporary on the disk; one connection a thread; a migration is one transaction and an encrypted copy is
made before it; a database that this program's schema cannot serve is refused; every failure is a ``StoreError``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, sync_folder

Connection = Any
"""A ``sqlcipher3`` connection (the library has no types)."""
Opener = Callable[[Path], Connection]
"""Opens a connection on a file, keyed."""
_BUSY_MS = 10_000
_REASONS = {
    "SQLITE_FULL": StoreReason.DISK_FULL,
    "SQLITE_NOTADB": StoreReason.DAMAGED,
    "SQLITE_CORRUPT": StoreReason.DAMAGED,
}


def encrypted(key: bytes) -> Opener:
    """Opener of SQLCipher files under a raw key of 32 bytes."""

    def open_file(path: Path) -> Connection:
        connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_memory_security = ON")
        return connection

    return open_file


class Database:
    """One database file, shared by the threads of one process."""

    def __init__(self, path: Path, open_file: Opener) -> None:
        self._path = path
        self._open_file = open_file
        self._local = threading.local()
        self._guard = threading.Lock()
        self._opened: list[Connection] = []
        self._is_closed = False

    def prepare(self) -> None:
        """Open the file, bring its schema up to this program's. Raises StoreError."""
        with errors():
            self._migrate(self.connection)

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self._path.parent

    @property
    def connection(self) -> Connection:
        """This thread's connection. Raises StoreError."""
        if self._is_closed:
            raise StoreError(StoreReason.CLOSED)
        found = getattr(self._local, "connection", None)
        if found is None:
            with errors():
                found = self._open()
            self._local.connection = found
            with self._guard:
                self._opened.append(found)
        return found

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable when the block ends, undone when it raises. Raises StoreError."""
        connection = self.connection
        with errors():
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def read(self) -> Iterator[None]:
        """Several queries that see one and the same moment; nothing may be written in it. Raises StoreError."""
        connection = self.connection
        if connection.in_transaction:
            yield
            return
        with errors():
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises StoreError."""
        with errors():
            found: list[tuple[Any, ...]] = self.connection.execute(sql, values).fetchall()
            return found

    def named_rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """All rows of a query with named values. Raises StoreError."""
        with errors():
            found: list[tuple[Any, ...]] = self.connection.execute(sql, values).fetchall()
            return found

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query, None for none. Raises StoreError."""
        with errors():
            found: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
            return found

    def close(self) -> None:
        """Close every thread's connection; the key leaves the memory with them."""
        self._is_closed = True
        with self._guard:
            for connection in self._opened:
                with contextlib.suppress(sqlite.Error):
                    connection.close()
            self._opened.clear()

    def _open(self) -> Connection:
        connection = self._open_file(self._path)
        try:
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA cache_size = -8000")
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: Connection) -> None:
        scripts = migrations()
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(scripts):
            oldest = connection.execute("SELECT oldest_program FROM schema_info").fetchone()[0]
            if oldest > len(scripts):
                raise StoreError(StoreReason.NEWER_DATABASE)
        for number, script in enumerate(scripts, 1):
            if number <= version:
                continue
            if version:
                self._copy_before(connection, number)
            with self.write():
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def _copy_before(self, connection: Connection, number: int) -> None:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = self._path.with_name(f"{self._path.stem}-before-{number}{self._path.suffix}")
        with disk_errors():
            shutil.copyfile(self._path, copy)
            copy.chmod(0o600)
            with copy.open("rb+") as written:
                os.fsync(written.fileno())
            sync_folder(copy.parent)


@contextlib.contextmanager
def errors() -> Iterator[None]:
    """Turn what SQLite says into a ``StoreError``."""
    try:
        yield
    except sqlite.ProgrammingError as error:
        if "closed" not in str(error):
            raise
        raise StoreError(StoreReason.CLOSED) from error
    except sqlite.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        found = next((reason for prefix, reason in _REASONS.items() if name.startswith(prefix)), None)
        raise StoreError(found or StoreReason.DISK_FAILED, detail=name) from error


def migrations() -> list[str]:
    """The numbered scripts in their order; the n-th leads to schema n."""
    folder = resources.files("yichuang_client.store") / "migrations"
    scripts = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda e: e.name)
    return [script.read_text(encoding="utf-8") for script in scripts]


def _statements(script: str) -> Iterator[str]:
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite.complete_statement(text):
            yield text
            text = ""
    if text.strip():
        yield text
