"""打印: the values and the protocol that every printer driver and its caller share.

A driver is four calls (`PrinterDriver`). A paper is handed over as bytes in memory and is never written to
a file by us. Nothing that names a person may stand in a ticket: printers keep and show job names.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from yichuang_client.devices.errors import Trouble

A4 = "iso_a4_210x297mm"
"""A4 by its PWG 5101.1 name."""


class Sides(enum.Enum):
    """单双面: how the sheets are printed; the values are IPP's keywords."""

    ONE = "one-sided"
    TWO_LONG_EDGE = "two-sided-long-edge"
    TWO_SHORT_EDGE = "two-sided-short-edge"


class JobState(enum.Enum):
    """任务状态: where a print job stands."""

    PENDING = "pending"
    PRINTING = "printing"
    STOPPED = "stopped"
    """Waits for a person at the printer."""
    STOPPING = "stopping"
    """Cancelled, the sheets on their way still come out."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen."""
        return self in (JobState.COMPLETED, JobState.CANCELLED, JobState.ABORTED)


class Stock(enum.Enum):
    """纸: what a printer prints on, which decides how a paper is set for it."""

    SHEET = "sheet"
    ROLL = "roll"
    """80 mm wide, as long as needed."""
    LABEL = "label"


@dataclass(frozen=True, kw_only=True)
class PrintTicket:
    """打印要求: how a document is to be printed; None leaves the printer's own choice."""

    name: str
    """What the printer shows and keeps; unique for each try, a paper's serial or id, never a person's name."""
    copies: int = 1
    """How many."""
    sides: Sides | None = None
    """One or both sides."""
    media: str | None = A4
    """Paper size by its PWG 5101.1 name."""
    media_type: str = "application/pdf"
    """What the bytes are."""


class Supply(enum.Enum):
    """耗材提醒: what will be used up soon; nothing stops yet."""

    PAPER_LOW = "paper-low"
    INK_LOW = "ink-low"
    WASTE_FULL_SOON = "waste-full-soon"


@dataclass(frozen=True, kw_only=True)
class PrinterCapabilities:
    """打印机能力: what a printer offers and how it stands now."""

    model: str
    """Maker and model as the printer tells them."""
    media_types: tuple[str, ...]
    """Document formats it takes."""
    media: tuple[str, ...]
    """Paper sizes it knows."""
    media_ready: tuple[str, ...]
    """Paper sizes that are loaded; empty when it does not tell."""
    sides: tuple[Sides, ...]
    """One or both sides."""
    is_accepting: bool
    """Whether it takes jobs now."""
    troubles: tuple[Trouble, ...]
    """What is wrong with it now, in the order of the enum."""
    supplies: tuple[Supply, ...] = ()
    """What will be used up soon, in the order of the enum."""


@dataclass(frozen=True, kw_only=True)
class PrintJob:
    """打印任务: a job that the printer has taken."""

    number: int
    """The printer's number of it."""
    name: str
    """Name from the ticket."""


@dataclass(frozen=True, kw_only=True)
class JobStatus:
    """任务情况: one look at a job."""

    state: JobState
    """Where it stands."""
    troubles: tuple[Trouble, ...]
    """What keeps it, or what ended it."""
    impressions: int | None
    """Sides printed so far, None when the printer does not tell."""


class PrinterDriver(Protocol):
    """打印驱动: four calls; all raise DeviceError and all of them wait, so never on the thread of the windows."""

    @property
    def stock(self) -> Stock:
        """What it prints on."""

    @property
    def has_spool(self) -> bool:
        """Whether a job goes on by itself; without a spool it is printed while it is watched."""

    def capabilities(self) -> PrinterCapabilities:
        """What the printer offers and how it stands."""

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """Hand a document over; a failure after the last byte left may mean that it is printing (see `find`)."""

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """Tell each change of a job; the last one is final."""

    def cancel(self, job: PrintJob) -> None:
        """Ask the printer to stop a job; what comes of it is told by `watch`."""
