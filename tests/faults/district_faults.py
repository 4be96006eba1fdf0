"""Faults between real desks and a real server process: the server is killed, the line is bad, the clock is wrong.

Rules kept here: the history checker judges the databases of both sides when all is quiet again; a row holds only
when every act that a desk called saved has taken effect exactly once.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.faults.desk_faults import ROOT
from tests.faults.proxy import BadLine
from tests.faults.table import CannotMake, Row
from tests.support.cases import page, secret
from tests.support.district import RunningDistrict
from tests.support.history import DistrictHistory, Saved, read_desk, read_district
from tests.support.history_rules import check
from yichuang import codec
from yichuang_domain.actions import AttachPage, Note
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.deed import local_day
from yichuang_domain.ids import CaseId
from yichuang_server.store.database import open_database, read

PATIENCE_S = 180.0
_DISTRICT = "330402"


@contextlib.contextmanager
def running_district(
    on_disk: Callable[[Path], contextlib.AbstractContextManager[None]] | None = None,
) -> Iterator[tuple[Path, RunningDistrict]]:
    """A folder, and a district that serves from it; on a disk of its own where one is made."""
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(TemporaryDirectory(prefix="yichuang-faults-"))
        if on_disk is not None:
            stack.enter_context(on_disk(Path(name) / "district"))
        district = RunningDistrict(Path(name) / "district", second_factor=False)
        district.start()
        try:
            yield Path(name), district
        finally:
            district.stop(signal.SIGKILL)


class Stream:
    """A clerk who takes in one case after the other and remembers what was called saved."""

    def __init__(self, folder: Path, district: RunningDistrict) -> None:
        self.seat = Seat(folder, district)
        self.seat.enrol("fengqiao")
        self.seat.sit("wuminmin")
        self.saved: list[Saved] = []
        self._item = self.seat.item(AcceptBy.COUNTER)

    def go_through(self, line: BadLine) -> None:
        """From here on, by that line."""
        seat = self.seat
        seat.session.store.desk_store.keep(replace(seat.session.store.desk, port=line.port))
        seat.restart()
        seat.person = seat.session.sign_in("wuminmin", PASSWORD)

    def take_in(self, cases: int, page_bytes: int = 30_000) -> None:
        """Do so many cases, each with a page and a note."""
        store = self.seat.session.store
        for _ in range(cases):
            case, desk = new_case(), store.desk
            number = store.serials.next_case_number(desk.district_code, desk.replica, local_day(now()))
            self._save(case, taking(self._item, number))
            data = os.urandom(page_bytes)
            sheet = replace(
                page(material=self._item.materials[0].key), page=store.pages.keep(case, data), size=len(data)
            )
            self._save(case, AttachPage(page=sheet), Note(text=secret("备注")))

    def _save(self, case: CaseId, *acts: object) -> None:
        deed = self.seat.do(case, *acts).deed  # type: ignore[arg-type]
        text_hash = codec.digest(codec.encode(deed).text)
        self.saved.append(Saved(deed=deed.deed, replica=deed.replica, hash=text_hash))

    def wait(self, is_so: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Follow the loop's events until something is so. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError(str(self.seat.session.sync.status))
            with contextlib.suppress(queue.Empty):
                self.seat.session.sync.events.get(timeout=1.0)
                continue
            self.seat.session.sync.wake()

    def settle(self, seconds: float = PATIENCE_S) -> None:
        """Until everything is answered, every page sent, and every record here. Raises TimeoutError."""
        store = self.seat.session.store

        def rests() -> bool:
            waiting = store.waiting()
            arrived = not store._database.rows("SELECT 1 FROM outbox_act WHERE NOT is_arrived")
            return waiting.deeds == 0 and waiting.pages == 0 and arrived

        self.wait(rests, seconds)

    def judge(self, fault: str, runs: int, district: RunningDistrict, notes: str = "") -> Row:
        """The row, by the history checker."""
        history = district_history(district)
        desk = read_desk(self.seat.session.store, self.saved)
        self.seat.session.close()
        answered = [deed.deed for deed in history.deeds]
        findings = check(history, [desk])
        lost = {finding.what.split()[0] for finding in findings}
        found = sum(answered.count(saved.deed) == 1 and saved.deed not in lost for saved in self.saved)
        return Row(
            fault=fault,
            runs=runs,
            acknowledged=len(self.saved),
            found_once=found,
            broken=tuple(map(str, findings)),
            notes=notes,
        )


def district_history(district: RunningDistrict) -> DistrictHistory:
    """What a district on SQLite has, read beside it."""
    engine = open_database(f"sqlite:///{district.folder / 'district.sqlite'}")
    try:
        return read(engine, lambda connection: read_district(connection, _DISTRICT))
    finally:
        engine.dispose()


def server_killed(is_long: bool) -> Row:
    """``kill -9`` of the server in the middle of a stream of acts and pages, again and again."""
    runs = 40 if is_long else 4
    with running_district() as (folder, district):
        stream = Stream(folder / "desk", district)
        for run in range(runs):
            before = len(stream.saved)
            stream.take_in(1 + run % 4)
            if run % 2:  # in the middle of answering; else before anything was heard
                store = stream.seat.session.store
                stream.wait(lambda store=store, before=before: store.waiting().deeds < len(stream.saved) - before)
            district.stop(signal.SIGKILL)
            stream.take_in(1)
            district.start()
        stream.take_in(1)
        stream.settle()
        return stream.judge("kill -9 of the server", runs, district)


def bad_line(is_long: bool) -> Row:
    """Delays, resets, black holes, half-open connections."""
    runs = 12 if is_long else 1
    with running_district() as (folder, district):
        stream = Stream(folder / "desk", district)
        line = BadLine(district.ports["port"], seed=1)
        try:
            stream.go_through(line)
            for _ in range(runs):
                connections = line.fates.total()
                stream.take_in(4)
                more = 3 if is_long else 2
                stream.wait(lambda until=connections + more: line.fates.total() >= until)
            line.mend()
            stream.settle()
            fates = ", ".join(f"{count} {name}" for name, count in sorted(line.fates.items()))
            return stream.judge("bad line (latency, resets, black holes)", runs, district, notes=fates)
        finally:
            line.close()


def wrong_clock(is_long: bool) -> Row:
    """A desk's clock is a day ahead, and a day behind: recorded, flagged, nothing dropped."""
    if shutil.which("faketime") is None:
        raise CannotMake("faketime is not installed")
    saved: list[Saved] = []
    broken: list[str] = []
    days = ("+1d", "-1d") if not is_long else ("+1d", "-1d", "+20d", "-3d")
    with running_district() as (folder, district):
        for number, off in enumerate(days):
            done = _run_clock_desk(folder / f"desk-{number}", district, off)
            saved += [
                Saved(deed=words[1], replica="", hash=words[2]) for words in map(str.split, done.stdout.splitlines())
            ]
            if done.returncode:
                broken.append(f"{off}: {done.stderr.strip().splitlines()[-1]}")
        history = district_history(district)
    known = {deed.deed: deed for deed in history.deeds}
    found = sum(known[one.deed].hash == one.hash for one in saved if one.deed in known)
    broken += [str(finding) for finding in check(history, [])]
    flagged = {row.plain["deed"] for row in history.records if "CLOCK" in row.plain["irregular"]}
    broken += [f"{one.deed} is not flagged" for one in saved if one.deed not in flagged]
    return Row(
        fault=f"clock {', '.join(days)}",
        runs=len(days),
        acknowledged=len(saved),
        found_once=found,
        broken=tuple(broken),
        notes="all flagged",
    )


def _run_clock_desk(folder: Path, district: RunningDistrict, off: str) -> subprocess.CompletedProcess[str]:
    given = {
        "slip": {
            "host": "127.0.0.1",
            "port": district.ports["enrolment_port"],
            "root_fingerprint": district.founded["root_fingerprint"],
            "code": district.code("fengqiao"),
        },
        "login": "wuminmin",
        "password": district.secret("wuminmin")["password"],
    }
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = ["faketime", "-f", off, sys.executable, "-m", "tests.faults.clock_desk", str(folder)]
    return subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, env=environment, timeout=PATIENCE_S
    )
