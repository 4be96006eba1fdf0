"""Faults of the server's own machine, made for real: it dies in the middle of a write, its disk fails or is full.

Rules kept here: as for the desks: what a desk called saved has taken effect exactly once when all is mended, by the
history checker; a server that cannot promise answers with an error, and goes on when its disk does.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults.desk_faults import WRITES, killing, mounted
from tests.faults.district_faults import Stream, running_district
from tests.faults.table import CannotMake, Row
from tests.support.district import RunningDistrict

_ROOM = 400_000
"""Bytes that a disk which is about to be full still has."""


def killed_at_writes(is_long: bool) -> Row:
    """The server dies in one of its writes, syncs or renames while acts and pages come, and is started again."""
    numbers = range(1, 60, 2) if is_long else (9,)
    fates = [killing(call, number) for call in (WRITES if is_long else WRITES[:2]) for number in numbers]
    return _streamed("kill -9 at writes of the server", fates)


def disk_errors(is_long: bool) -> Row:
    """Syncs and writes of the server fail at random (libfiu)."""
    if shutil.which("fiu-run") is None:
        raise CannotMake("fiu-run is not installed (fiu-utils)")
    names = ("posix/io/sync/fsync", "posix/io/sync/fdatasync", "posix/io/rw/pwrite64")
    points = [part for name in names for part in ("-c", f"enable_random name={name},probability=0.03")]
    return _streamed("I/O errors of the server's disk", [("fiu-run", "-x", *points)] * (12 if is_long else 1))


def _streamed(fault: str, fates: Sequence[Sequence[str]]) -> Row:
    with running_district() as (folder, district):
        stream = Stream(folder / "desk", district)
        for before in fates:
            district.stop(signal.SIGKILL)
            stream.take_in(2)
            with contextlib.suppress(RuntimeError):  # it died while it started
                district.start(before=before)
            _try(stream)
        district.stop(signal.SIGKILL)
        district.start()
        stream.take_in(1)
        stream.settle()
        return stream.judge(fault, len(fates), district)


def _try(stream: Stream) -> None:
    """Let the desk send for a while, to the end or not."""
    with contextlib.suppress(TimeoutError):
        stream.settle(4.0)


def disk_full(is_long: bool) -> Row:
    """The server's disk fills up while acts and pages come, and is given room again."""
    runs = 5 if is_long else 1

    def on_small_disk(folder: Path) -> contextlib.AbstractContextManager[None]:
        folder.mkdir()
        return mounted(folder, "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs")

    with running_district(on_small_disk) as (folder, district):
        stream, ballast = Stream(folder / "desk", district), district.folder / "ballast"
        for _ in range(runs):
            _fill(ballast)
            stream.take_in(25)
            _try(stream)
            ballast.unlink()
            stream.take_in(1)
            stream.settle()
        return stream.judge("disk of the server full", runs, district, notes=_said(stream, district))


def _fill(ballast: Path) -> None:
    free = shutil.disk_usage(ballast.parent).free
    ballast.write_bytes(bytes(max(0, free - _ROOM)))


def _said(stream: Stream, district: RunningDistrict) -> str:
    return "the server went on" if district.is_running and stream.saved else "the server ended"


FAULTS: tuple[tuple[str, Callable[[bool], Row]], ...] = (
    ("kill -9 at writes of the server", killed_at_writes),
    ("I/O errors of the server's disk", disk_errors),
    ("disk of the server full", disk_full),
)
