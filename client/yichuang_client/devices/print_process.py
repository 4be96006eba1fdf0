"""打印进程: what runs inside a printer driver's own process, between the pipe to its owner and the driver.

The owner sends `Command`s, the process answers with `Answer`s. A thread listens, so that a cancel is heard while a job
is watched. When the owner dies, the pipe ends and so does the process.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.printing import JobStatus, PrinterCapabilities, PrinterDriver, PrintJob, PrintTicket
from yichuang_client.processes import PipeEnd, stand_alone

_BEAT_SECONDS = 0.2
Maker = Callable[[Callable[[], None]], PrinterDriver]
"""Makes the driver in its process; what it is given is to be called as long as the driver is alive."""


@dataclass(frozen=True, kw_only=True)
class Describe:
    """Command: how the printer stands."""


@dataclass(frozen=True, kw_only=True)
class Submit:
    """Command: take a document."""

    document: bytes
    ticket: PrintTicket


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Command: follow a job to its end."""

    job: PrintJob


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Command: stop a job."""

    job: PrintJob


@dataclass(frozen=True, kw_only=True)
class Alive:
    """Answer: the driver has come on."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Answer: the driver was asked to cancel."""


@dataclass(frozen=True, kw_only=True)
class Over:
    """Answer: the job is followed to its end, and the printer let go."""


Command = Describe | Submit | Watch | Cancel
Answer = Alive | Asked | Over | JobStatus | PrintJob | PrinterCapabilities | DeviceError


def serve(pipe: PipeEnd, maker: Maker) -> None:
    """Answer commands until the owner is gone; the target of the spawned process."""
    stand_alone()
    _Server(pipe).run(maker)


class _Server:
    def __init__(self, pipe: PipeEnd) -> None:
        self._pipe = pipe
        self._commands: queue.SimpleQueue[Describe | Submit | Watch] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._beaten_at = 0.0

    def run(self, maker: Maker) -> None:
        driver = maker(self._beat)
        threading.Thread(target=self._listen, args=(driver,), name="cancel", daemon=True).start()
        while True:
            command = self._commands.get()
            try:
                self._obey(driver, command)
            except DeviceError as error:
                self._send(error)

    def _listen(self, driver: PrinterDriver) -> None:
        while True:
            try:
                command: Command = self._pipe.recv()
            except (EOFError, OSError):
                os._exit(0)  # the owner is gone; the driver may hang
            if isinstance(command, Cancel):
                self._cancel(driver, command.job)
            else:
                self._commands.put(command)

    def _cancel(self, driver: PrinterDriver, job: PrintJob) -> None:
        try:
            driver.cancel(job)
            self._send(Asked())
        except DeviceError as error:
            self._send(error)

    def _obey(self, driver: PrinterDriver, command: Describe | Submit | Watch) -> None:
        if isinstance(command, Describe):
            self._send(driver.capabilities())
        elif isinstance(command, Submit):
            self._send(driver.submit(command.document, command.ticket))
        else:
            for status in driver.watch(command.job):
                self._send(status)
            self._send(Over())

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten_at > _BEAT_SECONDS:
            self._beaten_at = now
            self._send(Alive())

    def _send(self, answer: Answer) -> None:
        with self._sending:
            try:
                self._pipe.send(answer)
            except OSError:
                os._exit(0)
