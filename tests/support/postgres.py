"""A real PostgreSQL for one test process: the distribution's own, in a temporary folder, on a private socket.

Rules kept here: one a process, so that workers of pytest-xdist do not meet; it listens on no port; it is gone with the
process that started it. PostgreSQL refuses to run as root: there the folder belongs to the user ``postgres``.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postgresql")


def _bin(program: str) -> str:
    found = sorted(_PROGRAMS.glob(f"*/bin/{program}"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return str(found[-1])


def _run(command: Sequence[str]) -> None:
    as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*as_other, *command], check=True, capture_output=True, cwd="/")


@contextmanager
def running() -> Iterator[Path]:
    """The folder of the socket of a PostgreSQL that runs while the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="yc-pg-", dir="/tmp"))
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        _run([_bin("initdb"), "-D", str(data), "-A", "trust", "-U", "district", "-E", "UTF8", "--no-locale", "-N"])
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c max_connections=40"
        start = [_bin("pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start"]
        _run(start)
        try:
            yield folder
        finally:
            _run([_bin("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def synchronous_standby(socket: Path) -> Iterator[None]:
    """A second PostgreSQL that has every commit of the first one on its disk, while the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="yc-pg-", dir="/tmp"))
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    psql = [_bin("psql"), "-h", str(socket), "-U", "district", "-d", "postgres", "-c"]
    try:
        base = [_bin("pg_basebackup"), "-h", str(socket), "-U", "district", "-D", str(data), "-R", "-X", "stream"]
        _run([*base, "-c", "fast"])
        options = f"-k {folder} -c listen_addresses='' -c shared_buffers=16MB -c max_connections=40"
        _run([_bin("pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start"])
        try:
            _run([*psql, "ALTER SYSTEM SET synchronous_standby_names = '*'"])
            _run([*psql, "SELECT pg_reload_conf()"])
            yield
        finally:
            _run([*psql, "ALTER SYSTEM RESET synchronous_standby_names"])
            _run([*psql, "SELECT pg_reload_conf()"])
            _run([_bin("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(socket: Path) -> str:
    """Make an empty database. Returns its URL."""
    name = f"d{secrets.token_hex(6)}"
    _run([_bin("createdb"), "-h", str(socket), "-U", "district", name])
    return f"postgresql+psycopg://district@/{name}?host={socket}"
