"""A printer for the tests of presenters: takes papers in memory, can run out of paper, be stopped, or be away."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printing import JobState, JobStatus, PrinterCapabilities, PrintJob, PrintTicket, Stock


class Sheets:
    """A printer driver that keeps what it was given."""

    def __init__(self) -> None:
        self.papers: list[bytes] = []
        self.trouble: Trouble | None = None
        """While set, a job stops with it until somebody cancels it or ``load`` is called."""
        self.is_away = False
        self._loaded = threading.Event()
        self._cancelled: set[int] = set()

    @property
    def stock(self) -> Stock:
        """As ``PrinterDriver.stock``."""
        return Stock.SHEET

    @property
    def has_spool(self) -> bool:
        """As ``PrinterDriver.has_spool``."""
        return True

    def capabilities(self) -> PrinterCapabilities:
        """As ``PrinterDriver.capabilities``."""
        return PrinterCapabilities(
            model="Sheets",
            media_types=("application/pdf",),
            media=(),
            media_ready=(),
            sides=(),
            is_accepting=True,
            troubles=(self.trouble,) if self.trouble else (),
        )

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """As ``PrinterDriver.submit``."""
        if self.is_away:
            raise DeviceError(Trouble.OFFLINE)
        self.papers.append(document)
        return PrintJob(number=len(self.papers), name=ticket.name)

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """As ``PrinterDriver.watch``."""
        yield JobStatus(state=JobState.PRINTING, troubles=(), impressions=0)
        if self.trouble is not None:
            yield JobStatus(state=JobState.STOPPED, troubles=(self.trouble,), impressions=0)
            self._loaded.wait(20)
        if job.number in self._cancelled:
            yield JobStatus(state=JobState.CANCELLED, troubles=(Trouble.CANCELLED,), impressions=0)
        else:
            yield JobStatus(state=JobState.COMPLETED, troubles=(), impressions=1)

    def cancel(self, job: PrintJob) -> None:
        """As ``PrinterDriver.cancel``."""
        self._cancelled.add(job.number)
        self._loaded.set()

    def load(self) -> None:
        """Put paper in: the job that waits goes on."""
        self.trouble = None
        self._loaded.set()
