"""A whole database as bytes and back: SQLite by its backup API, PostgreSQL by the distribution's pg_dump, pg_restore.

Rules kept here: the copy is of one moment, while the district goes on writing; a password stands in no command line; a
database that holds anything is never written over.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from yichuang_domain.merkle import leaf_hash
from yichuang_server.store.sealing import BackupError, disk_told

_PROGRAMS = Path("/usr/lib/postgresql")
_PIECE = 256 * 1024


@contextmanager
def sqlite_copy(engine: Engine, path: Path) -> Iterator[Connection]:
    """A copy of a SQLite database of this moment, in a new file. Raises BackupError."""
    source = engine.url.database or ""
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise _sqlite_error(path, error) from error
    with reading(path) as connection:
        yield connection


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """A connection to a SQLite file that nobody else uses. Raises BackupError for a damaged one."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        try:
            found = connection.execute(text("PRAGMA integrity_check")).scalar()
        except Exception as error:
            raise BackupError("the copy of the database cannot be read: use another backup") from error
        if found != "ok":
            raise BackupError("the copy of the database is damaged: use another backup")
        yield connection


@contextmanager
def postgres_snapshot(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """A connection that sees one moment, and the name under which pg_dump sees the same."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        yield connection, str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def postgres_dump(url: str, snapshot: str) -> Iterator[bytes]:
    """A PostgreSQL database in pg_dump's own format. Raises BackupError."""
    command = ["pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    name, environment = _libpq(url)
    process = subprocess.Popen(
        [_program(command[0]), *command[1:], f"--dbname={name}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None and process.stderr is not None
    with process:
        while piece := process.stdout.read(_PIECE):
            yield piece
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise BackupError(f"pg_dump failed: {_last_line(said)}")


def postgres_leaves(dump: Iterable[bytes], district: str) -> list[tuple[int, str]]:
    """(position, leaf hash) of every leaf in a dump, in order. Raises BackupError where pg_restore cannot read it."""
    command = [_program("pg_restore"), "--data-only", "--table=record", "--table=notice", "--file=-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    stdin, failure = process.stdin, list[BaseException]()

    def feed() -> None:
        try:
            with stdin:
                for piece in dump:
                    stdin.write(piece)
        except BrokenPipeError:
            return  # pg_restore has said why
        except BaseException as error:
            failure.append(error)

    feeding = threading.Thread(target=feed, name="pg_restore", daemon=True)
    feeding.start()
    found: list[tuple[int, str]] = []
    with process:
        found.extend(_copied_leaves(process.stdout, district))
        said = process.stderr.read().decode(errors="replace")
        feeding.join()
    if failure:
        raise failure[0]
    if process.returncode:
        raise BackupError(f"pg_restore cannot read the copy of the database: {_last_line(said)}")
    return sorted(found)


def _copied_leaves(lines: Iterable[bytes], district: str) -> Iterator[tuple[int, str]]:
    """Leaves out of the COPY blocks that pg_restore writes."""
    columns: list[str] = []
    for line in lines:
        if line.startswith(b"COPY "):
            named = line.partition(b"(")[2].partition(b")")[0].decode()
            columns = [name.strip().strip('"') for name in named.split(",")]
        elif line == b"\\.\n":
            columns = []
        elif columns:
            row = dict(zip(columns, line.rstrip(b"\n").split(b"\t"), strict=True))
            if row["district"].decode() == district:
                text = bytes.fromhex(row["text"].decode().lstrip("\\x"))
                yield int(row["position"]), leaf_hash(text)


def postgres_restore(url: str, dump: Path) -> None:
    """Fill an empty PostgreSQL database, all or nothing. Raises BackupError."""
    name, environment = _libpq(url)
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    done = subprocess.run([*command, f"--dbname={name}", str(dump)], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise BackupError(f"the database refuses the backup: {_last_line(done.stderr)}")


def require_empty(engine: Engine) -> None:
    """Raises BackupError for a database that holds tables, or cannot be reached."""
    try:
        tables = inspect(engine).get_table_names()
    except Exception as error:
        raise BackupError(f"the database for the restore cannot be reached: {type(error).__name__}") from error
    if tables:
        raise BackupError("the database for the restore is not empty: give an empty one")


def empty(engine: Engine) -> None:
    """Drop what a failed restore or a drill left in a database that was empty before."""
    left = MetaData()
    left.reflect(engine)
    left.drop_all(engine)


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a plain file that only this user may read. Raises BackupError."""
    with disk_told(path.parent), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)


def read_file(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _sqlite_error(path: Path, error: sqlite3.Error) -> BackupError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return BackupError(f"the disk of {path.parent} is full: make room and run it again")
    return BackupError(f"the database cannot be copied: {error}")


def _libpq(url: str) -> tuple[str, dict[str, str]]:
    """An address for the programs of PostgreSQL, and an environment that holds the password."""
    parts = make_url(url)
    environment = dict(os.environ)
    if parts.password:
        environment["PGPASSWORD"] = str(parts.password)
    address = parts.set(drivername="postgresql", password=None)
    return address.render_as_string(hide_password=False), environment


def _program(name: str) -> str:
    """The newest of the distribution's, else the one on the path. Raises BackupError."""
    found = sorted(_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: float(path.parents[1].name))
    known = str(found[-1]) if found else shutil.which(name)
    if known is None:
        raise BackupError(f"{name} is not installed: apt-get install postgresql-client")
    return known


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[0] if lines else "it said nothing"
