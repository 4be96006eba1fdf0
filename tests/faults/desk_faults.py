"""Faults of the desk's own machine, made for real on a process that works without a line.

Rules kept here: what was told before the fault is looked for afterwards with the product itself, on what the disk then
holds; nothing is looked for that was not told.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.client.store.wiring import open_store
from tests.faults.table import CannotMake, Row
from yichuang import codec
from yichuang_domain.ids import BlobHash, CaseId

ROOT = Path(__file__).parents[2]
_LONGEST_S = 60


@dataclass
class Told:
    """What a writer said."""

    saved: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Seq, deed, case, page."""
    failed: Counter[str] = field(default_factory=Counter)

    def hear(self, line: bytes) -> None:
        """One line; a half one says nothing."""
        words = line.decode().split() if line.endswith(b"\n") else []
        if words[:1] == ["saved"]:
            self.saved.append((int(words[1]), words[2], words[3], words[4]))
        elif words[:1] == ["failed"]:
            self.failed[words[1]] += 1


class Writer:
    """An ``act_writer`` process, or another one that tells in the same words."""

    def __init__(
        self,
        folder: Path,
        before: Sequence[str] = (),
        *,
        is_careless: bool = False,
        module: str = "act_writer",
        acts: int = 0,
    ) -> None:
        """``acts``: after how many it ends by itself; 0 for never."""
        command = [*before, sys.executable, "-m", f"tests.faults.{module}", str(folder)]
        command += ["careless"] if is_careless else [str(acts)] if acts else []
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
        )
        self.told = Told()

    def hear(self, lines: int) -> None:
        """Listen to so many lines, or to its end."""
        assert self.process.stdout is not None
        for _ in range(lines):
            line = self.process.stdout.readline()
            if not line:
                return
            self.told.hear(line)

    def end(self) -> None:
        """``kill -9``, with its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.hear(line)
        self.forget()

    def forget(self) -> None:
        """End it; what it says now is not heard."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait(_LONGEST_S)


def look(folder: Path, told: Told) -> tuple[int, list[str]]:
    """How many of the told acts are there exactly once, and what else is wrong. Opens the desk as the program does."""
    store, found, broken = open_store(folder), 0, []
    try:
        rows = store._database.rows("SELECT seq, deed_id, hash, text FROM outbox ORDER BY seq")
        times = Counter(row[1] for row in rows)
        previous = ""
        for number, (seq, _, text_hash, text) in enumerate(rows, 1):
            if (seq, codec.json.loads(text)["previous"], codec.digest(text)) != (number, previous, text_hash):
                broken.append(f"deed {seq} does not follow")
            previous = text_hash
        for _, deed, case, page in told.saved:
            shown = store.find(CaseId(case))
            data = store.pages.read(CaseId(case), BlobHash(page)) if times[deed] else b""
            whole = hashlib.sha256(data).hexdigest() == page
            found += times[deed] == 1 and shown is not None and shown.n == 2 and whole
    finally:
        store.close()
    return found, broken


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="yichuang-faults-") as name:
        yield Path(name)


def killed(is_long: bool) -> Row:
    """``kill -9`` of the client after any number of its steps, again and again on one store."""
    runs, told, broken = (60 if is_long else 4), Told(), []
    with _folder() as folder:
        for run in range(runs):
            writer = Writer(folder / "desk")
            writer.hear(2 + run * 3 % 17)
            writer.end()
            told.saved += writer.told.saved
        found, broken = look(folder / "desk", told)
    return Row(
        fault="kill -9 of the client", runs=runs, acknowledged=len(told.saved), found_once=found, broken=tuple(broken)
    )


WRITES = ("pwrite64", "fsync", "fdatasync", "rename", "ftruncate", "unlink", "write")
"""What changes a disk; each is counted by itself."""


def killing(call: str, number: int) -> tuple[str, ...]:
    """What a program is started by that is to die in the middle of its so manieth call of this name."""
    if shutil.which("strace") is None:
        raise CannotMake("strace is not installed")
    inject = f"inject={call}:signal=KILL:when={number}"
    return ("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)


def killed_at_every_write(is_long: bool) -> Row:
    """The client dies in its first write to the disk, its second, …, in each fsync, each rename: start, act, end."""
    told, broken, runs = Told(), list[str](), 0
    with _folder() as folder:
        open_store(folder / "desk").close()
        for call in WRITES if is_long else WRITES[:2]:
            number = 1 if is_long else 5
            while True:
                writer = Writer(folder / "desk", killing(call, number), acts=2)
                writer.hear(100_000)
                code = writer.process.wait(_LONGEST_S)
                writer.end()
                told.saved += writer.told.saved
                runs, number = runs + 1, number + (1 if is_long else 15)
                if code == 0 or (not is_long and number > 30):
                    break
        found, broken = look(folder / "desk", told)
    return Row(
        fault="kill -9 at every write of the client" if is_long else "kill -9 at single writes of the client",
        runs=runs,
        acknowledged=len(told.saved),
        found_once=found,
        broken=tuple(broken),
    )


@contextlib.contextmanager
def mounted(folder: Path, *command: str) -> Iterator[None]:
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise CannotMake(f"{' '.join(command)}: {done.stderr.strip()} (root is needed)")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def disk_full(is_long: bool) -> Row:
    """A disk of 2 MB that fills up, is given room, fills up again."""
    sizes, told, failed = ([2, 3, 4, 6, 9, 12] if is_long else [2, 3]), Told(), Counter[str]()
    broken: list[str] = []
    with _folder() as folder, mounted(folder, "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs"):
        for size in sizes:
            subprocess.run(["mount", "-o", f"remount,size={size}m", str(folder)], check=True)
            writer = Writer(folder / "desk")
            writer.hear(100_000)  # until it gives up
            writer.end()
            told.saved += writer.told.saved
            failed += writer.told.failed
        subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        found, broken = look(folder / "desk", told)
    broken += [f"said {reason} instead of DISK_FULL" for reason in failed if reason != "DISK_FULL"]
    if not failed:
        broken.append("the disk was never full")
    notes = f"{failed['DISK_FULL']} acts refused to promise"
    return Row(
        fault="disk full",
        runs=len(sizes),
        acknowledged=len(told.saved),
        found_once=found,
        broken=tuple(broken),
        notes=notes,
    )


def disk_errors(is_long: bool) -> Row:
    """fsync and writes that fail at random (libfiu)."""
    if shutil.which("fiu-run") is None:
        raise CannotMake("fiu-run is not installed (fiu-utils)")
    runs, told, failed = (20 if is_long else 2), Told(), Counter[str]()
    with _folder() as folder:
        open_store(folder / "desk").close()
        for run in range(runs):
            names = ("posix/io/sync/fsync", "posix/io/sync/fdatasync", "posix/io/rw/pwrite64", "posix/io/rw/pwrite")
            points = [part for name in names for part in ("-c", f"enable_random name={name},probability=0.03")]
            writer = Writer(folder / "desk", ("fiu-run", "-x", *points))
            writer.hear(100 + 40 * run)
            writer.end()
            told.saved += writer.told.saved
            failed += writer.told.failed
        found, broken = look(folder / "desk", told)
    if not failed:
        broken.append("no call of the disk ever failed")
    broken += [f"said {reason}" for reason in failed if reason not in {"DISK_FAILED", "DISK_FULL"}]
    notes = f"{failed.total()} acts refused to promise"
    return Row(
        fault="I/O errors (fsync, pwrite at 3 %)",
        runs=runs,
        acknowledged=len(told.saved),
        found_once=found,
        broken=tuple(broken),
        notes=notes,
    )


def power_cut(is_long: bool, *, is_careless: bool = False) -> Row:
    """The power goes while the client works: the disk has what was synced, and some of what was not.

    A careless client, whose fsync does nothing, shows that the fault is one.
    """
    if not Path("/dev/fuse").exists():
        raise CannotMake("there is no /dev/fuse")
    runs, acknowledged, found, broken = (60 if is_long else 4), 0, 0, list[str]()
    for run in range(runs):
        with _folder() as folder, _forgetful(folder) as mount:
            writer = Writer(mount / "desk", is_careless=is_careless)
            writer.hear(2 + run * 5 % 23)
            (mount / f".cut-{run}").exists()
            writer.forget()
            acknowledged += len(writer.told.saved)
            there, wrong = look(folder / "image" / "desk", writer.told)
            found += there
            broken += wrong
    return Row(
        fault="power cut (database and pages)",
        runs=runs,
        acknowledged=acknowledged,
        found_once=found,
        broken=tuple(broken),
    )


def power_cut_in_a_batch(is_long: bool, *, is_careless: bool = False) -> Row:
    """The power goes while pages come: the journal gives back every page that was told, whole and in its place."""
    if not Path("/dev/fuse").exists():
        raise CannotMake("there is no /dev/fuse")
    runs, acknowledged, found, broken = (30 if is_long else 2), 0, 0, list[str]()
    for run in range(runs):
        with _folder() as folder, _forgetful(folder) as mount:
            writer = Writer(mount / "desk", is_careless=is_careless, module="batch_writer")
            writer.hear(2 + (7 + run * 5) % 23)
            (mount / f".cut-{run}").exists()
            writer.forget()
            acknowledged += len(writer.told.saved)
            found += _in_place(folder / "image" / "desk", writer.told)
            broken += [f"the batch ended: {reason}" for reason in writer.told.failed]
    return Row(
        fault="power cut in a batch (pages, by place)",
        runs=runs,
        acknowledged=acknowledged,
        found_once=found,
        broken=tuple(broken),
    )


def _in_place(folder: Path, told: Told) -> int:
    """How many of the told pages the journal has at their places in the batch, with their bytes."""
    if not told.saved:
        return 0
    store, case = open_store(folder), CaseId(told.saved[0][2])
    try:
        there = [page.page for page in store.scan_journal.pages(case)]
        return sum(
            page == kept and hashlib.sha256(store.pages.read(case, kept)).hexdigest() == page
            for (_, _, _, page), kept in zip(told.saved, there, strict=False)
        )
    finally:
        store.close()


@contextlib.contextmanager
def _forgetful(folder: Path) -> Iterator[Path]:
    mount = folder / "mount"
    mount.mkdir()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-m", "tests.faults.forgetful_files", str(mount), str(folder / "image")]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        while not mount.is_mount():
            if process.poll() is not None:
                assert process.stderr is not None
                raise CannotMake(f"FUSE: {process.stderr.read().strip()[-200:]}")
        yield mount
    finally:
        if mount.is_mount():
            subprocess.run(["umount", "-l", str(mount)], check=True)
        process.wait(_LONGEST_S)
