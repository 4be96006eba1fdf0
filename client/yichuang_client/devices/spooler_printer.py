"""Windows 打印驱动: a printer of the Windows spooler as a `PrinterDriver` (winspool:NAME).

Rules kept here: a PDF is drawn here and handed over in bands, because printers of Windows take no PDF; the bytes of a
receipt or label printer go as RAW. **Spooled is not printed**: a job counts as printed when the spooler says so of it,
or when it left the queue with nothing wrong in its last look; one that was deleted or left in an error was not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.languages import Language
from yichuang_client.devices.printing import (
    JobState,
    JobStatus,
    PrinterCapabilities,
    PrintJob,
    PrintTicket,
    Sides,
    Stock,
    Supply,
)
from yichuang_client.devices.raw_printer import PDF, RAW
from yichuang_client.devices.spooler_library import SpoolerLibrary
from yichuang_client.pdfium import PDFIUM

if TYPE_CHECKING:
    from yichuang_client.devices.pixels import Pixels

PREFIX = "winspool:"
_BAND_ROWS = 256
_MOST_DPI = 300
_POINTS_PER_INCH = 72
_COPIES, _DUPLEX, _PAPER, _A4 = 0x100, 0x1000, 0x2, 9
_SIDES = {Sides.ONE: 1, Sides.TWO_LONG_EDGE: 2, Sides.TWO_SHORT_EDGE: 3}
_WORK_OFFLINE = 0x400
_PRINTER_TROUBLES = (
    (0x10 | 0x20 | 0x40, Trouble.FEEDER_EMPTY),  # PAPER_OUT, MANUAL_FEED, PAPER_PROBLEM
    (0x8, Trouble.JAM),
    (0x400000, Trouble.COVER_OPEN),
    (0x40000, Trouble.SUPPLY_EMPTY),
    (0x1 | 0x80 | 0x1000 | 0x800000, Trouble.OFFLINE),  # PAUSED, OFFLINE, NOT_AVAILABLE, SERVER_UNKNOWN
    (0x2 | 0x800 | 0x100000 | 0x200000, Trouble.ABORTED),  # ERROR, BIN_FULL, USER_INTERVENTION, OUT_OF_MEMORY
)
"""PRINTER_STATUS_*."""
_TONER_LOW = 0x20000
_JOB_TROUBLES = (
    (0x40, Trouble.FEEDER_EMPTY),  # PAPEROUT
    (0x1 | 0x20, Trouble.OFFLINE),  # PAUSED, OFFLINE
    (0x2 | 0x200 | 0x400, Trouble.ABORTED),  # ERROR, BLOCKED_DEVQ, USER_INTERVENTION
)
"""JOB_STATUS_*."""
_DELETING, _DELETED, _PRINTING, _PRINTED = 0x4, 0x100, 0x10, 0x80 | 0x1000


def is_spooler_address(uri: str) -> bool:
    """Whether it names a printer of the Windows spooler."""
    return uri.startswith(PREFIX) and len(uri) > len(PREFIX)


def spooler_address(name: str) -> str:
    """The address of a printer of this name."""
    return f"{PREFIX}{quote(name)}"


def _in_bits(bits: int, table: tuple[tuple[int, Trouble], ...]) -> tuple[Trouble, ...]:
    found = {trouble for mask, trouble in table if bits & mask}
    if len(found) > 1:
        found.discard(Trouble.ABORTED)  # an error whose kind is known
    return tuple(trouble for trouble in Trouble if trouble in found)


def printer_troubles(status: int, attributes: int) -> tuple[Trouble, ...]:
    """What keeps a printer, by its status and attribute bits."""
    return _in_bits(status | (0x80 if attributes & _WORK_OFFLINE else 0), _PRINTER_TROUBLES)


def job_status(row: tuple[int, int, int] | None, before: JobStatus | None) -> JobStatus:
    """What a look at a job means: status bits, pages, printed pages; None: it left the queue after ``before``."""
    if row is None:
        printed = before.impressions if before is not None else None
        if before is not None and before.state is JobState.STOPPING:
            return JobStatus(state=JobState.CANCELLED, troubles=(Trouble.CANCELLED,), impressions=printed)
        if before is not None and before.troubles:
            return JobStatus(state=JobState.ABORTED, troubles=(Trouble.ABORTED,), impressions=printed)
        return JobStatus(state=JobState.COMPLETED, troubles=(), impressions=printed)
    bits, _, done = row
    troubles = _in_bits(bits, _JOB_TROUBLES)
    if bits & _DELETED:
        return JobStatus(state=JobState.CANCELLED, troubles=(Trouble.CANCELLED,), impressions=done)
    if bits & _PRINTED and not troubles:
        return JobStatus(state=JobState.COMPLETED, troubles=(), impressions=done)
    if bits & _DELETING:
        return JobStatus(state=JobState.STOPPING, troubles=(), impressions=done)
    state = JobState.PRINTING if bits & _PRINTING else JobState.PENDING
    return JobStatus(state=JobState.STOPPED if troubles else state, troubles=troubles, impressions=done)


class SpoolerPrinter:
    """Windows 打印机: one printer by its name."""

    has_spool = True

    def __init__(
        self,
        uri: str,
        language: Language | None = None,
        *,
        library: Any = None,
        look_seconds: float = 0.3,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is loaded yet.

        Args:
            uri: winspool:NAME.
            language: what the printer is told; None: sheets are drawn.
            library: a `SpoolerLibrary`; None: the system's, loaded by the first call.
            look_seconds: time between two looks at a job.
            alive: told at each look and band.
        """
        self._name = unquote(uri.removeprefix(PREFIX))
        self._language, self._library = language, library
        self._look_seconds, self._alive = look_seconds, alive

    def _loaded(self) -> SpoolerLibrary:
        if self._library is None:
            self._library = SpoolerLibrary()
        library: SpoolerLibrary = self._library
        return library

    @property
    def stock(self) -> Stock:
        """Sheets, or as its language says."""
        return self._language.stock if self._language is not None else Stock.SHEET

    def capabilities(self) -> PrinterCapabilities:
        """As `PrinterDriver.capabilities`."""
        driver, status, attributes = self._loaded().printer(self._name)
        return PrinterCapabilities(
            model=driver or self._name,
            media_types=(PDF, RAW),
            media=(),
            media_ready=(),
            sides=() if self._language is not None else tuple(Sides),
            is_accepting=True,
            troubles=printer_troubles(status, attributes),
            supplies=(Supply.INK_LOW,) if status & _TONER_LOW else (),
        )

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """As `PrinterDriver.submit`."""
        if ticket.media_type == RAW:
            number = self._loaded().send_raw(self._name, ticket.name, document * ticket.copies)
        elif ticket.media_type != PDF:
            raise DeviceError(Trouble.BAD_SETTING, ticket.media_type)
        elif self._language is not None:
            data = b"".join(self._language.pieces(document, ticket.copies))
            number = self._loaded().send_raw(self._name, ticket.name, data)
        else:
            number = self._draw(document, ticket)
        return PrintJob(number=number, name=ticket.name)

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """As `PrinterDriver.watch`: by the job's own bits, and the printer's where the job tells nothing."""
        pause, before, told = threading.Event(), None, None
        while True:
            self._alive()
            now = job_status(self._loaded().job(self._name, job.number), before)
            if not now.state.is_final and not now.troubles and now.state is not JobState.STOPPING:
                _, status, attributes = self._loaded().printer(self._name)
                troubles = printer_troubles(status, attributes)
                if troubles:
                    now = JobStatus(state=JobState.STOPPED, troubles=troubles, impressions=now.impressions)
            if now != told:
                yield now
            if now.state.is_final:
                return
            before = told = now
            pause.wait(self._look_seconds)

    def cancel(self, job: PrintJob) -> None:
        """As `PrinterDriver.cancel`."""
        if self._loaded().job(self._name, job.number) is not None:
            self._loaded().delete_job(self._name, job.number)

    def _draw(self, document: bytes, ticket: PrintTicket) -> int:
        library = self._loaded()
        wanted, fields = {"copies": ticket.copies, "paper": _A4}, _COPIES | _PAPER
        if ticket.sides is not None:
            wanted["duplex"], fields = _SIDES[ticket.sides], fields | _DUPLEX
        mode = library.mode(self._name, wanted, fields)
        with library.canvas(self._name, mode) as canvas:
            width, height, dots_x, _ = library.extent(canvas)
            number = library.begin(canvas, ticket.name)
            try:
                for page in _pages(document, min(dots_x, _MOST_DPI)):
                    library.start_page(canvas)
                    for box, size, rows in bands(page, (width, height)):
                        library.draw(canvas, box, size, rows)
                        self._alive()
                    library.end_page(canvas)
                library.end(canvas)
            except DeviceError:
                library.abort(canvas)
                raise
            return number


Band = tuple[tuple[int, int, int, int], tuple[int, int], bytes]


def bands(page: Pixels, extent: tuple[int, int]) -> Iterator[Band]:
    """A page in bands from the top: box on the paper, size in pixels, rows; whole, its proportions kept, centred."""
    import numpy

    rows, columns = page.shape[:2]
    scale = min(extent[0] / columns, extent[1] / rows)
    width = round(columns * scale)
    left, top = (extent[0] - width) // 2, (extent[1] - round(rows * scale)) // 2
    for first in range(0, rows, _BAND_ROWS):
        part = page[first : first + _BAND_ROWS]
        padded = numpy.zeros((part.shape[0], (columns * 3 + 3) // 4 * 4), dtype=numpy.uint8)
        padded[:, : columns * 3] = part.reshape(part.shape[0], -1)
        begins, ends = round(first * scale), round((first + part.shape[0]) * scale)
        yield (left, top + begins, width, ends - begins), (columns, part.shape[0]), padded.tobytes()


def _pages(pdf: bytes, dpi: int) -> Iterator[Pixels]:
    """Each page as blue-green-red rows. Raises DeviceError(BAD_SETTING) for what is no PDF."""
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
            for number in range(len(document)):
                yield document[number].render(scale=dpi / _POINTS_PER_INCH).to_numpy()[:, :, :3]
        except pypdfium2.PdfiumError as error:
            raise DeviceError(Trouble.BAD_SETTING, "not a PDF") from error
