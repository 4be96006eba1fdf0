"""打印工作进程: a printer driver in a process of its own, seen from the owner's side, as a `PrinterDriver`.

Vendor code and libraries that claim hardware crash and hang; here they can only take themselves down. Rules kept here:
one process a job, and one a question, so that nothing is held while nothing prints; no sign of life for
`stall_seconds` → kill; a cancel that is not confirmed within `cancel_seconds` → kill. What was sent before may be on
paper: that is said by the kind of trouble, never guessed.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.context import SpawnProcess

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.print_process import (
    Alive,
    Answer,
    Cancel,
    Command,
    Describe,
    Maker,
    Over,
    Submit,
    Watch,
    serve,
)
from yichuang_client.devices.printing import (
    JobState,
    JobStatus,
    PrinterCapabilities,
    PrintJob,
    PrintTicket,
    Stock,
)
from yichuang_client.processes import PipeEnd

_LOOK_SECONDS = 0.05
_GOODBYE_SECONDS = 1.0
STALL_SECONDS = 30.0
"""A spooler may look for a printer that is switched off for half a minute."""
CANCEL_SECONDS = 8.0
"""A printer that takes nothing is given up for a moment before a cancel is looked for."""


class PrintWorker:
    """打印会话: no call here may be made from the thread of the windows, all of them wait."""

    def __init__(
        self,
        maker: Maker,
        *,
        stock: Stock,
        has_spool: bool,
        stall_seconds: float = STALL_SECONDS,
        cancel_seconds: float = CANCEL_SECONDS,
    ) -> None:
        """Nothing is started yet.

        Args:
            maker: makes the driver in its process, so it must be picklable.
            stock: what the printer prints on.
            has_spool: whether the driver's jobs go on by themselves and keep their numbers.
            stall_seconds: longest silence.
            cancel_seconds: longest wait for a cancel to be confirmed.
        """
        self._maker, self._stock, self._has_spool = maker, stock, has_spool
        self._stall_seconds, self._cancel_seconds = stall_seconds, cancel_seconds
        self._numbers = itertools.count(1)
        self._held: dict[int, tuple[_Process, PrintJob]] = {}
        """Process and the driver's own job of each job that is not over, by our number."""

    @property
    def stock(self) -> Stock:
        """What it prints on."""
        return self._stock

    @property
    def has_spool(self) -> bool:
        """As the driver."""
        return self._has_spool

    def capabilities(self) -> PrinterCapabilities:
        """As `PrinterDriver.capabilities`."""
        process = _Process(self._maker)
        try:
            process.send(Describe())
            answer = process.receive(self._stall_seconds)
        finally:
            process.end()
        if not isinstance(answer, PrinterCapabilities):
            raise DeviceError(Trouble.DRIVER_CRASH, "wrong answer")
        return answer

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """As `PrinterDriver.submit`."""
        process = _Process(self._maker)
        try:
            process.send(Submit(document=document, ticket=ticket))
            answer = process.receive(self._stall_seconds)
            if not isinstance(answer, PrintJob):
                raise DeviceError(Trouble.DRIVER_CRASH, "wrong answer")
        except DeviceError:
            process.end()
            raise
        job = answer if self._has_spool else replace(answer, number=next(self._numbers))
        self._held[job.number] = process, answer
        return job

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """As `PrinterDriver.watch`; one without a spool prints meanwhile, and whoever stops watching ends the job."""
        process, own = self._of(job)
        is_over = False
        try:
            process.send(Watch(job=own))
            while True:
                answer = process.receive(self._stall_seconds, self._cancel_seconds)
                if isinstance(answer, Over):
                    return
                if isinstance(answer, JobStatus):
                    is_over = answer.state.is_final
                    yield answer
                if process.is_given_up:
                    return
        finally:
            if not is_over and not self._has_spool:
                self.cancel(job)
            self._held.pop(job.number, None)
            process.end(_GOODBYE_SECONDS)

    def cancel(self, job: PrintJob) -> None:
        """As `PrinterDriver.cancel`; one that is over stays as it is."""
        if job.number in self._held:
            process, own = self._held[job.number]
            if not self._has_spool and process.cancelled_at is None:
                process.cancelled_at = time.monotonic()
            process.send(Cancel(job=own))
        elif self._has_spool:
            process = _Process(self._maker)
            try:
                process.send(Cancel(job=job))
                process.receive(self._stall_seconds)
            finally:
                process.end()

    def _of(self, job: PrintJob) -> tuple[_Process, PrintJob]:
        if job.number not in self._held:
            if not self._has_spool:
                raise DeviceError(Trouble.BAD_SETTING, "no such job")
            self._held[job.number] = _Process(self._maker), job
        return self._held[job.number]


class _Process:
    """The process of one job."""

    def __init__(self, maker: Maker) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe: PipeEnd
        self._pipe, far_end = context.Pipe()
        self._process: SpawnProcess = context.Process(target=serve, args=(far_end, maker), name="printer", daemon=True)
        self._process.start()
        far_end.close()
        self.cancelled_at: float | None = None
        self.is_given_up = False
        """Whether it was asked to cancel and is not waited for any more."""
        self._has_let_go = False

    def send(self, command: Command) -> None:
        """A process that is gone is noticed by the next answer."""
        with contextlib.suppress(OSError):
            self._pipe.send(command)

    def receive(self, stall_seconds: float, cancel_seconds: float = STALL_SECONDS) -> Answer:
        """The next answer; raises DeviceError for one that tells of it, and for a process that is dead or silent."""
        heard_at = time.monotonic()
        try:
            while True:
                while not self._pipe.poll(_LOOK_SECONDS):
                    now = time.monotonic()
                    if self.cancelled_at is not None and now - self.cancelled_at > cancel_seconds:
                        return self._given_up()
                    if now - heard_at > stall_seconds:
                        self._has_let_go = True  # as far as it ever will
                        raise DeviceError(Trouble.TIMEOUT, "the printer's driver is silent")
                answer: Answer = self._pipe.recv()
                self._has_let_go = isinstance(answer, Over | DeviceError)
                if isinstance(answer, DeviceError):
                    raise answer
                if not isinstance(answer, Alive):
                    return answer
                heard_at = time.monotonic()
        except (EOFError, OSError):
            if self.cancelled_at is not None:
                return self._given_up()
            self._process.join(_GOODBYE_SECONDS)
            detail = f"the driver's process ended with {self._process.exitcode}"
            raise DeviceError(Trouble.DRIVER_CRASH, detail) from None

    def _given_up(self) -> JobStatus:
        self.is_given_up = self._has_let_go = True
        return JobStatus(state=JobState.CANCELLED, troubles=(Trouble.CANCELLED,), impressions=None)

    def end(self, grace_seconds: float = 0.0) -> None:
        """Make sure that it is gone, after a time to let the printer go."""
        until = time.monotonic() + grace_seconds
        with contextlib.suppress(EOFError, OSError):
            while not self._has_let_go and (rest := until - time.monotonic()) > 0 and self._pipe.poll(rest):
                self._has_let_go = isinstance(self._pipe.recv(), Over | DeviceError)
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()
