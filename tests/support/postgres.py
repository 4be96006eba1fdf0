"""A real PostgreSQL for one test process: the distribution's own, in a temporary folder, on a private socket.

Rules kept here: one a process, so that workers of pytest-xdist do not meet; it listens on no port; it is gone with the
process that started it. PostgreSQL refuses to run as root: there the folder belongs to the user ``postgres``.
"""

from __future__ import annotations

import os
import re
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


def _run(command: Sequence[str]) -> str:
    as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    return subprocess.run([*as_other, *command], check=True, capture_output=True, text=True, cwd="/").stdout


@contextmanager
def running(*, is_durable: bool = False) -> Iterator[Path]:
    """The folder of the socket of a PostgreSQL that runs while the context lasts; ``is_durable``: with its fsync."""
    with _folder() as folder:
        data = folder / "data"
        _run([_bin("initdb"), "-D", str(data), "-A", "trust", "-U", "district", "-E", "UTF8", "--no-locale", "-N"])
        with _started(folder, "-c shared_buffers=128MB" if is_durable else "-c fsync=off"):
            yield folder


@contextmanager
def synchronous_standby(socket: Path) -> Iterator[Path]:
    """A second PostgreSQL that has every commit of the first one on its disk; the folder of its socket."""
    psql = [_bin("psql"), "-h", str(socket), "-U", "district", "-d", "postgres", "-c"]
    with _folder() as folder:
        base = [_bin("pg_basebackup"), "-h", str(socket), "-U", "district", "-D", str(folder / "data"), "-R"]
        _run([*base, "-X", "stream", "-c", "fast"])
        with _started(folder):
            _run([*psql, "ALTER SYSTEM SET synchronous_standby_names = '*'"])
            _run([*psql, "SELECT pg_reload_conf()"])
            yield folder
            if (socket / "data" / "postmaster.pid").exists():
                _run([*psql, "ALTER SYSTEM RESET synchronous_standby_names"])
                _run([*psql, "SELECT pg_reload_conf()"])


def kill(socket: Path) -> None:
    """End the PostgreSQL of that socket as a power cut does: at once, nothing is put in order."""
    _run([_bin("pg_ctl"), "-D", str(socket / "data"), "-m", "immediate", "-w", "stop"])


def promote(socket: Path) -> None:
    """Make a standby the one that takes writes."""
    _run([_bin("pg_ctl"), "-D", str(socket / "data"), "-w", "promote"])


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yc-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, more: str = "") -> Iterator[None]:
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=16MB -c max_connections=40 {more}"
    _run([_bin("pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", options, "start"])
    try:
        yield
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            kill(folder)


def new_database(socket: Path) -> str:
    """Make an empty database. Returns its URL."""
    name = f"d{secrets.token_hex(6)}"
    _run([_bin("createdb"), "-h", str(socket), "-U", "district", name])
    return f"postgresql+psycopg://district@/{name}?host={socket}"


def pgbench_tps(socket: Path, seconds: int) -> float:
    """Transactions a second of PostgreSQL's own benchmark: simple updates by one client, ten branches."""
    name = f"b{secrets.token_hex(6)}"
    by = ["-h", str(socket), "-U", "district"]
    _run([_bin("createdb"), *by, name])
    _run([_bin("pgbench"), *by, "-i", "-q", "-s", "10", name])
    told = _run([_bin("pgbench"), *by, "-N", "-s", "10", "-c", "1", "-j", "1", "-T", str(seconds), name])
    _run([_bin("dropdb"), *by, name])
    return float(re.findall(r"tps = ([0-9.]+)", told)[-1])
