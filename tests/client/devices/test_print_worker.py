"""The printer driver's process: a crash, silence, a cancel that nobody hears, on a real socket."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.raw_port import RawPort
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.print_worker import PrintWorker
from yichuang_client.devices.printer_drivers import Line
from yichuang_client.devices.printing import JobState, JobStatus, PrintJob, PrintTicket, Stock

COVER_OPEN = {1: b"\x1a", 2: b"\x16", 4: b"\x12"}
RAW = "application/octet-stream"


@dataclass(kw_only=True)
class Waiting:
    """A job before a printer whose cover is open."""

    worker: PrintWorker
    job: PrintJob
    statuses: Iterator[JobStatus]
    port: RawPort
    process: int = field(init=False)

    def __post_init__(self) -> None:
        assert next(self.statuses).troubles == (Trouble.COVER_OPEN,)
        (self.process,) = (child.pid for child in multiprocessing.active_children() if child.name == "printer")

    def is_gone(self) -> bool:
        """Whether the driver's process is."""
        return not any(child.name == "printer" for child in multiprocessing.active_children())


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    states = dict(COVER_OPEN)
    with RawPort(lambda data: states.get(data[2], b"") if data[:2] == b"\x10\x04" else b"") as port:
        line = Line(uri=port.address, language="escpos", form=None)
        worker = PrintWorker(line, stock=Stock.ROLL, has_spool=False, stall_seconds=3.0, cancel_seconds=1.0)
        job = worker.submit(b"\x1b@receipt", PrintTicket(name="r-1", media_type=RAW))
        made = Waiting(worker=worker, job=job, statuses=worker.watch(job), port=port)
        yield made
        made.statuses.close()  # type: ignore[attr-defined]  # a generator behind Iterator
        assert made.is_gone()
        assert b"receipt" not in port.got


def test_a_driver_that_dies_is_told(waiting: Waiting) -> None:
    os.kill(waiting.process, signal.SIGKILL)
    with pytest.raises(DeviceError) as error:
        list(waiting.statuses)
    assert error.value.trouble is Trouble.DRIVER_CRASH
    assert waiting.is_gone()


def test_a_driver_that_hangs_is_killed(waiting: Waiting) -> None:
    """A stopped process stands for a library that never comes back."""
    os.kill(waiting.process, signal.SIGSTOP)
    with pytest.raises(DeviceError) as error:
        list(waiting.statuses)
    assert error.value.trouble is Trouble.TIMEOUT
    assert waiting.is_gone()


def test_a_cancel_that_a_hanging_driver_does_not_hear_kills_it(waiting: Waiting) -> None:
    os.kill(waiting.process, signal.SIGSTOP)
    waiting.worker.cancel(waiting.job)
    assert [status.state for status in waiting.statuses] == [JobState.CANCELLED]
    assert waiting.is_gone()


def test_whoever_stops_watching_ends_the_job(waiting: Waiting) -> None:
    waiting.statuses.close()  # type: ignore[attr-defined]  # a generator behind Iterator
    assert waiting.is_gone()
    with pytest.raises(DeviceError) as error:
        next(waiting.worker.watch(waiting.job))
    assert error.value.trouble is Trouble.BAD_SETTING
