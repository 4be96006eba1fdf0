"""设备的查看和试用: what is asked of scanners, printers and card readers, off the Tk thread.

Rules kept here: a test scan is looked at and thrown away; a test page names no person; a printer that cannot print its
test page at once loses the job, so that the page does not come out an hour later.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, replace

from yichuang_client.devices.card_reading import CARD_SECONDS, CardReaderError, check_reader, read_valid_card
from yichuang_client.devices.card_settings import NamedCardReader
from yichuang_client.devices.equipment import Condition, Equipment, FoundPrinter, FoundScanner
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printing import JobState, PrinterCapabilities, PrinterDriver, PrintJob, PrintTicket
from yichuang_client.devices.scanning import PageScanned, ScannerCapabilities, TroubleMet
from yichuang_client.devices.settings import ScanChoice
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Picture
from yichuang_client.presenters.pictures import drawn
from yichuang_domain.identity import mask_name


@dataclass(frozen=True, kw_only=True)
class Scanner:
    """扫描仪 as it answered."""

    offer: ScannerCapabilities
    choice: ScanChoice


@dataclass(frozen=True, kw_only=True)
class ScanTried:
    """试扫: what came of it."""

    width: int
    height: int
    seconds: float
    picture: Picture


@dataclass(frozen=True, kw_only=True)
class CardReaderReady:
    """读卡器 that answered: it has nothing to choose."""


def scanner_in_use(equipment: Equipment, found: tuple[FoundScanner, ...]) -> str:
    """Key of the scanner that F5 uses: the chosen one, or the first that is seen."""
    return equipment.settings.scanner or next((row.key for row in found if row.is_seen and not row.is_announced), "")


def printer_in_use(equipment: Equipment, found: tuple[FoundPrinter, ...]) -> str:
    """Key of the printer that papers go to: the chosen one, or the first."""
    return equipment.settings.printer or next((row.key for row in found if not row.is_announced), "")


def ask_scanner(equipment: Equipment, scanner: FoundScanner, *, is_in_use: bool) -> Scanner:
    """What a scanner offers and how it is used here. Raises DeviceError."""
    try:
        if not scanner.is_seen:
            raise DeviceError(Trouble.OFFLINE, "not seen")
        answer = Scanner(offer=equipment.offer(scanner), choice=equipment.choice(scanner))
    except DeviceError as error:
        if is_in_use:
            equipment.scanner_condition = Condition(is_known=True, trouble=error.trouble)
        raise
    if is_in_use:
        equipment.scanner_condition = Condition(is_known=True)
    return answer


def ask_printer(equipment: Equipment, printer: FoundPrinter, *, is_in_use: bool) -> PrinterCapabilities:
    """What a printer offers and how it stands. Raises DeviceError."""
    try:
        offer = equipment.ask_printer(printer)
    except DeviceError as error:
        if is_in_use:
            equipment.printer_was(error.trouble)
        raise
    if is_in_use:
        equipment.printer_was(*offer.troubles)
    return offer


def ask_card_reader(desk: Desk, reader: NamedCardReader, *, is_in_use: bool) -> CardReaderReady:
    """Whether a reader works. Raises CardReaderError, StoreError."""
    equipment = desk.equipment
    try:
        check_reader(reader.reader, desk.work().today)
    except CardReaderError as error:
        if is_in_use:
            equipment.card_condition = Condition(is_known=True, trouble=error.trouble)
        raise
    if is_in_use:
        equipment.card_condition = Condition(is_known=True)
    return CardReaderReady()


class CardTry:
    """试读: one card on its way; who it names is masked and kept nowhere."""

    def __init__(self, desk: Desk, reader: NamedCardReader) -> None:
        self._desk, self._reader = desk, reader
        self._stop = threading.Event()

    def run(self) -> str:
        """Read a card; the masked name on it. Raises CardReaderError, StoreError."""
        today = self._desk.work().today
        card = read_valid_card(self._reader.reader, today, CARD_SECONDS, lambda _stage: None, self._stop)
        return mask_name(card.name)

    def stop(self) -> None:
        """Wait no longer for a card."""
        self._stop.set()


def try_scanner(desk: Desk, scanner: FoundScanner) -> ScanTried:
    """Scan one page and throw it away. Raises DeviceError."""
    from yichuang_client.documents.pages import RawPage

    equipment, pages = desk.equipment, desk.pages()
    pages.warm()
    start = time.monotonic()
    page: PageScanned | None = None
    for event in equipment.scanner.scan_pages(replace(equipment.settings_of(scanner), pages=1)):
        if isinstance(event, PageScanned):
            page = event
        elif isinstance(event, TroubleMet):
            raise DeviceError(event.trouble, event.detail)
    if page is None:
        raise DeviceError(Trouble.FEEDER_EMPTY, "no page")
    seconds = time.monotonic() - start
    prepared = pages.submit(RawPage(pixels=page.pixels, dpi=page.dpi)).result()
    picture = drawn(prepared.sha256, prepared.thumbnail)
    return ScanTried(width=page.width, height=page.height, seconds=seconds, picture=picture)


class PrintTry:
    """试打: one test page on its way."""

    def __init__(self, desk: Desk, printer: FoundPrinter) -> None:
        self._desk, self._printer = desk, printer
        self._job: PrintJob | None = None

    def run(self) -> None:
        """Print a test page and wait for it. Raises DeviceError, PaperError, StoreError."""
        from yichuang_client.documents.test_page import TestPage

        work = self._desk.work()
        page = TestPage(
            office=work.place.name, replica=work.store.desk.replica, printer=self._printer.name, at=work.clock()
        )
        pdf = self._desk.press.render(page.paper, page.to_data(), timestamp=page.at)
        driver: PrinterDriver = self._printer.driver
        self._job = driver.submit(pdf, PrintTicket(name=secrets.token_hex(8)))
        for status in driver.watch(self._job):
            if status.state is JobState.COMPLETED:
                return
            if status.troubles:
                self.stop()
                raise DeviceError(status.troubles[0], "test page")
        raise DeviceError(Trouble.ABORTED, "test page")

    def stop(self) -> None:
        """Take the page back, if the printer has it. Raises DeviceError."""
        if self._job is not None:
            self._printer.driver.cancel(self._job)
