"""A real district in a temporary folder: ``init``, ``catalog import`` of the sample, ``serve`` as a process."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp

from tests.support.desks import Keys, WireDesk, enrol
from yichuang_server import __main__ as program

_LONGEST_S = 180
PLACE_OF_BEGUN = "BEGUN_DISTRICTS"
"""Environment: the folder where the workers of a run share what was begun."""


class RunningDistrict:
    """A district whose server is a process of its own; started, stopped and started again by the test."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str = "",
        second_factor: bool = True,
        items: bool = True,
        training: bool = False,
        is_there: bool = False,
        own_address: bool = False,
    ) -> None:
        """``is_there``: the folder holds a district already, which is served as it is; ``own_address``: the citizens'
        pages are served where its receipts say, while other districts share theirs."""
        self.folder = folder
        if is_there:
            begun = _Begun(folder=folder, founded={}, web_port=free_port())
        elif database:
            begun = _begin(folder, second_factor, items, training, database)
        else:
            begun = _begun(second_factor, items, training, own_address)
            shutil.copytree(begun.folder, folder, dirs_exist_ok=True)
            settings = folder / "server.json"  # names the database by its place
            settings.write_text(settings.read_text("utf-8").replace(str(begun.folder), str(folder)), "utf-8")
        self.founded = begun.founded
        self._process: subprocess.Popen[str] | None = None
        self.journal = folder.with_name(f"{folder.name}.log")
        """Where the server's log goes."""
        self.ports = {"web_port": begun.web_port} if own_address or database else {}

    def run(self, *arguments: str) -> dict[str, Any]:
        """One command of ``yichuang-server``. Returns its answer; raises CalledProcessError with its error."""
        return _run(self.folder, *arguments)

    def start(self, *, web: bool = False, clock: str = "", robot_pace: float = 1.0, before: Sequence[str] = ()) -> None:
        """Serve; the ports stay the same after the first time.

        ``clock`` is what faketime is told (``+21d``); ``robot_pace`` multiplies the delays of a training robot;
        ``before`` is a program that starts the server, with its options.
        """
        names = {f"--{name.replace('_', '-')}": name for name in ("port", "enrolment_port", "web_port", "metrics_port")}
        ports = [text for option, name in names.items() for text in (option, str(self.ports.get(name, 0)))]
        command = [*before, *_PROGRAM, "serve", "--data", str(self.folder), "--listen", "127.0.0.1", *ports]
        command += ["--robot-pace", str(robot_pace)]
        with self.journal.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *([] if web else ["--no-web"])],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | (_other_clock(clock) if clock else {}),
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the server did not start")
        self.ports = {name: value for name, value in json.loads(line).items() if name.endswith("port")}

    @property
    def is_running(self) -> bool:
        """Whether the server was started and not stopped."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the server, by SIGTERM or harder; nothing if it does not run. Returns its exit code."""
        code = 0
        if self._process is not None:
            self._process.send_signal(number)
            code = self._process.wait(_LONGEST_S)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None
        return code

    @property
    def root(self) -> bytes:
        """The root certificate, as the slip's fingerprint names it."""
        return (self.folder / "keys" / "root.pem").read_bytes()

    def secret(self, login: str) -> dict[str, str]:
        """First password and one-time-password secret of a person."""
        secrets = json.loads((self.folder / "first-secrets.json").read_bytes())
        return next(secret for secret in secrets if secret["login"] == login)

    def one_time_password(self, login: str) -> str:
        """The one-time password of now; empty where the person has none."""
        secret = self.secret(login)["totp_secret"]
        return pyotp.TOTP(secret).now() if secret else ""

    def code(self, place: str, section: str = "") -> str:
        """A one-time enrolment code: the command without a process of its own, for most tests enrol a desk."""
        kind = ("--kind", "SECTION", "--section", section) if section else ("--kind", "COUNTER")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            failed = program.main(["device", "code", "--data", str(self.folder), "--place", place, *kind])
        assert not failed, f"no enrolment code for {place} {section}"
        return str(json.loads(said.getvalue())["code"])

    def records(self, case: str) -> list[dict[str, Any]]:
        """The district's log of a case, in order, read beside the running server (SQLite only)."""
        query = 'SELECT text FROM record WHERE "case" = ? ORDER BY n'
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return [json.loads(text) for (text,) in connection.execute(query, (case,))]

    def outcomes(self) -> dict[str, int]:
        """How many deeds had which outcome (SQLite only)."""
        query = "SELECT outcome, count(*) FROM deed GROUP BY outcome"
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return dict(connection.execute(query).fetchall())

    @property
    def database(self) -> Path:
        """Where its data lie (SQLite only)."""
        return self.folder / "district.sqlite"

    def desk(self, place: str, section: str = "", login: str = "") -> WireDesk:
        """Enrol a desk over the wire, and sign a person in where a login is given."""
        keys = Keys()
        enrolled = enrol(self.root, self.ports["enrolment_port"], self.code(place, section), keys)
        desk = WireDesk(self.root, self.ports["port"], enrolled, keys)
        if login:
            self.sign_in(desk, login)
        return desk

    def sign_in(self, desk: WireDesk, login: str) -> None:
        """Sign a person in at a desk."""
        desk.sign_in(login, self.secret(login)["password"], self.one_time_password(login))


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """A district's folder before it serves, and what the commands said."""

    folder: Path
    founded: dict[str, Any]
    web_port: int


def _begin(folder: Path, second_factor: bool, items: bool, training: bool, database: str = "") -> _Begun:
    more = [] if second_factor else ["--without-second-factor"]
    more += ["--training"] if training else []
    web = free_port()
    founded = _run(folder, "init", "--public-url", f"http://127.0.0.1:{web}/", "--database", database, *more)
    if items:
        _run(folder, "catalog", "import", "--folder", str(empty_sources(folder)))
    return _Begun(folder=folder, founded=founded, web_port=web)


@functools.cache
def _begun(second_factor: bool, items: bool, training: bool, own_address: bool) -> _Begun:
    """One of each kind a run of the tests: two dozen first passwords are hashed in seconds, and tests take copies."""
    kind = f"{second_factor:d}{items:d}{training:d}"
    if own_address:
        kind += os.environ.get("PYTEST_XDIST_WORKER", "")
    place = Path(os.environ.get(PLACE_OF_BEGUN) or _own_place()) / kind
    place.mkdir(exist_ok=True)
    folder, said = place / "district", place / "said.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the one that begins it
        if not said.exists():
            begun = _begin(folder, second_factor, items, training)
            said.write_text(json.dumps({"founded": begun.founded, "web_port": begun.web_port}), "utf-8")
    return _Begun(folder=folder, **json.loads(said.read_text("utf-8")))


def _own_place() -> Path:
    place = Path(tempfile.mkdtemp(prefix="begun-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _run(folder: Path, *arguments: str) -> dict[str, Any]:
    groups = (
        2 if arguments[0] in {"catalog", "calendar", "device", "people", "backup", "bundle", "epoch", "update"} else 1
    )
    command = [*_PROGRAM, *arguments[:groups], "--data", str(folder), *arguments[groups:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    return found


def free_port() -> int:
    """A port that nobody has: the receipt's code names the citizens' pages before the server is there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _other_clock(offset: str) -> dict[str, str]:
    """What makes a process live at another time; the ``faketime`` command would stand between it and our signals."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


_PROGRAM = [sys.executable, "-m", "yichuang_server"]


def empty_sources(folder: Path) -> Path:
    """Sources without rows, so that only the sample items are published: an import of all takes seconds."""
    from yichuang_server.config import public_data

    sources = folder.with_name(f"{folder.name}-sources")
    sources.mkdir()
    (sources / "mapping.json").write_bytes((public_data() / "items" / "mapping.json").read_bytes())
    (sources / "guangdong-items-normalized.jsonl").write_bytes(b"")
    header = (public_data() / "items" / "guangan-district-items.csv").read_bytes().splitlines(keepends=True)[0]
    (sources / "guangan-district-items.csv").write_bytes(header)
    return sources
