"""直连打印机: a printer without a spool as a `PrinterDriver`: a line, a language, one job at a time.

Rules kept here: `submit` only makes the bytes, they are sent while the job is watched; a printer without paper or with
its cover open is waited for, before and in the middle; a job counts as printed when all was taken and the printer tells
no trouble; a cancel takes hold between two pieces, or at once where the printer takes nothing.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.languages import Language
from yichuang_client.devices.printing import (
    JobState,
    JobStatus,
    PrinterCapabilities,
    PrintJob,
    PrintTicket,
    Stock,
)
from yichuang_client.devices.wire import Wire

PDF, RAW = "application/pdf", "application/octet-stream"
SILENT_SECONDS = 20.0
"""So long a printer may take nothing without saying why."""


@dataclass(kw_only=True)
class _Held:
    """A job that is not over."""

    pieces: list[bytes]
    is_cancelled: threading.Event = field(default_factory=threading.Event)


class RawPrinter:
    """直连打印机."""

    has_spool = False

    def __init__(
        self,
        connect: Callable[[], Wire],
        language: Language,
        *,
        name: str = "",
        look_seconds: float = 0.3,
        silent_seconds: float = SILENT_SECONDS,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            connect: opens the line, raises DeviceError.
            language: what the printer is told.
            name: what is told as its model.
            look_seconds: time between two looks at a printer that waits for a person.
            silent_seconds: longest time in which it may take nothing without a reason.
            alive: told whenever the line has answered: whoever watches over this driver listens.
        """
        self._connect = connect
        self._language = language
        self._name = name
        self._look_seconds = look_seconds
        self._silent_seconds = silent_seconds
        self._alive = alive
        self._numbers = itertools.count(1)
        self._held: dict[int, _Held] = {}
        self._line = threading.Lock()

    @property
    def stock(self) -> Stock:
        """As its language says."""
        return self._language.stock

    def capabilities(self) -> PrinterCapabilities:
        """How the printer stands; raises DeviceError, BUSY while it prints."""
        if not self._line.acquire(blocking=False):
            raise DeviceError(Trouble.BUSY, "printing")
        try:
            with self._connect() as wire:
                troubles = self._language.troubles(wire)
        finally:
            self._line.release()
        return PrinterCapabilities(
            model=self._name,
            media_types=(PDF, RAW),
            media=(),
            media_ready=(),
            sides=(),
            is_accepting=True,
            troubles=troubles,
        )

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """Make the bytes of a PDF; ready bytes of its language are taken as they are. Raises DeviceError."""
        if ticket.media_type == RAW:
            pieces = [document] * ticket.copies
        elif ticket.media_type == PDF:
            pieces = list(self._language.pieces(document, ticket.copies))
        else:
            raise DeviceError(Trouble.BAD_SETTING, ticket.media_type)
        job = PrintJob(number=next(self._numbers), name=ticket.name)
        self._held[job.number] = _Held(pieces=pieces)
        return job

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """Print it, and tell each change. Raises DeviceError."""
        held = self._held.get(job.number)
        if held is None:
            raise DeviceError(Trouble.BAD_SETTING, "no such job")
        try:
            with self._line, self._connect() as wire:
                yield from _changes(self._print(wire, held))
        finally:
            self._held.pop(job.number, None)

    def cancel(self, job: PrintJob) -> None:
        """Stop it; one that is over stays as it is."""
        held = self._held.get(job.number)
        if held is not None:
            held.is_cancelled.set()

    def _print(self, wire: Wire, held: _Held) -> Iterator[JobStatus]:
        yield from self._settled(wire, held)
        for piece in held.pieces:
            if held.is_cancelled.is_set():
                wire.write(self._language.give_up())
                break
            yield JobStatus(state=JobState.PRINTING, troubles=(), impressions=None)
            yield from self._sent(wire, held, piece)
        if not held.is_cancelled.is_set():
            yield from self._settled(wire, held)
        if held.is_cancelled.is_set():
            yield JobStatus(state=JobState.CANCELLED, troubles=(Trouble.CANCELLED,), impressions=None)
        else:
            yield JobStatus(state=JobState.COMPLETED, troubles=(), impressions=None)

    def _settled(self, wire: Wire, held: _Held) -> Iterator[JobStatus]:
        """Wait until nothing keeps the printer, or somebody cancels."""
        while not held.is_cancelled.is_set() and (troubles := self._language.troubles(wire)):
            self._alive()
            yield JobStatus(state=JobState.STOPPED, troubles=troubles, impressions=None)
            held.is_cancelled.wait(self._look_seconds)

    def _sent(self, wire: Wire, held: _Held, piece: bytes) -> Iterator[JobStatus]:
        """Send a piece; a printer that takes nothing says why, or is given up after a while."""
        left = memoryview(piece)
        since = time.monotonic()
        while left:
            taken = wire.write(left)
            self._alive()
            left = left[taken:]
            if taken:
                since = time.monotonic()
                continue
            if held.is_cancelled.is_set():
                return
            troubles = wire.port_troubles()
            if troubles:
                since = time.monotonic()
                yield JobStatus(state=JobState.STOPPED, troubles=troubles, impressions=None)
            elif time.monotonic() - since > self._silent_seconds:
                raise DeviceError(Trouble.TIMEOUT, "the printer takes nothing")


def _changes(statuses: Iterator[JobStatus]) -> Iterator[JobStatus]:
    """Each status that is another than the one before."""
    before = None
    for now in statuses:
        if now != before:
            yield now
        before = now
