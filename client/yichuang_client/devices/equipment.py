"""本机外设: the scanner and the printer that this desk uses.

Rules kept here: one scanner process, kept warm; which device is used is the desk's own setting, read anew at each use;
a device is asked only for what it offers; what was chosen is never replaced by another device in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from yichuang_client.devices.camera_driver import PREFIX as CAMERA
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.looks import Looks, Way
from yichuang_client.devices.print_service import CUPS, print_queues
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.printing import PrinterCapabilities, PrinterDriver
from yichuang_client.devices.reach import reachable
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import (
    ColourMode,
    OptionValue,
    ScanArea,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)
from yichuang_client.devices.settings import DeviceSettings, NamedPrinter, ScanChoice
from yichuang_client.devices.surroundings import (
    Lack,
    Nearby,
    Surroundings,
    UndrivenPrinter,
    lacking,
    printers_of,
    scanners_of,
)

_T = TypeVar("_T")
USUAL_DPI = 300
"""Writing stays legible and an A4 page in gray is about half a megabyte."""
ASK_SECONDS = 4.0
"""Longest wait for a printer that is only looked at: nobody stands before it with a paper to print."""
_ANNOUNCED = "escl "
"""How the keys of scanners begin that announce themselves."""
_USUAL_SOURCES = (Source.FEEDER, Source.FEEDER_DUPLEX, Source.FLATBED)
_USUAL_MODES = (ColourMode.GRAY, ColourMode.COLOUR, ColourMode.LINEART)


@dataclass(frozen=True, kw_only=True)
class FoundScanner:
    """找到的扫描仪: one that the driver sees, or one that an administrator named."""

    key: str
    """Stable over restarts."""
    name: str
    """What people call it."""
    device: str
    """The driver's name."""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    """The driver's options that an administrator set for it."""
    rating: int = 0
    """Pages a minute by its maker, 0 when nobody said."""
    is_seen: bool = True
    """Whether the driver sees it, or it answers, now."""
    is_announced: bool = False
    """Whether nobody vouches for it but itself (or it is a camera): it is used only once a person has chosen it."""
    lack: Lack | None = None
    """What keeps it from being used."""


@dataclass(frozen=True, kw_only=True)
class FoundPrinter:
    """找到的打印机: one that an administrator named, or a queue of the system."""

    key: str
    """Stable over restarts: its address."""
    name: str
    """What people call it."""
    driver: PrinterDriver = field(compare=False)
    is_announced: bool = False
    """The same."""
    lack: Lack | None = None
    """What keeps it from being used."""
    papers: tuple[str, ...] = ()
    """The papers that go to it whatever printer was chosen; empty: any."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """设备状况."""

    is_known: bool = False
    """False until the device was asked for the first time."""
    trouble: Trouble | None = None
    """What keeps it from working."""


class Equipment:
    """The devices of a desk. Every call may wait: never on the Tk thread."""

    def __init__(
        self,
        scanner: ScanWorker,
        printers: tuple[tuple[str, PrinterDriver], ...] = (),
        settings: DeviceSettings | None = None,
        *,
        print_service: str = CUPS,
        surroundings: Surroundings | None = None,
    ) -> None:
        """``printers``: name and driver of each that is known beforehand; they come first.

        ``surroundings``: where to look for what nobody named; None: nowhere.
        """
        self.looks = Looks()
        """How devices are looked for, for whoever shows it."""
        self._surroundings = surroundings
        self.scanner = scanner
        self.settings = settings or DeviceSettings()
        self._printers = tuple(FoundPrinter(key=name, name=name, driver=driver) for name, driver in printers)
        self._print_service = print_service
        self.scanner_condition = Condition()
        """How the chosen scanner was when it was last used or asked; whoever does so writes it."""
        self.printer_condition = Condition()
        """The same of the chosen printer."""
        self.card_condition = Condition()
        """The same of the chosen card reader."""
        self._offers: dict[str, ScannerCapabilities] = {}
        self._devices: tuple[ScannerDevice, ...] = ()
        self._seen: tuple[FoundScanner, ...] = ()

    @classmethod
    def of_desk(cls, scanner: ScanWorker, settings: DeviceSettings) -> Equipment:
        """The devices of a real desk: what is named, what the system knows, and what stands around it."""
        return cls(scanner, settings=settings, surroundings=Surroundings() if settings.may_listen else None)

    # ---- scanners ---------------------------------------------------------------------------------------------

    def scanners(self) -> tuple[FoundScanner, ...]:
        """Look for scanners: the named ones first, then those that a driver sees, then those that announce themselves.

        Raises DeviceError when the drivers cannot look and nothing else was found.
        """
        self._offers.clear()
        around = self._surroundings
        names = tuple(row.device for row in self.settings.scanners)
        looks: dict[Way, Callable[[], Sized]] = {
            Way.DRIVERS: self.scanner.devices,
            Way.NAMED: lambda: reachable(names),
        }
        if around is not None:
            looks |= {Way.NETWORK: around.heard, Way.CABLE: around.on_cable, Way.IDLE: around.idle_scanners}
        found = self.looks.collect(looks)
        why = found[Way.DRIVERS]
        self._devices = self._devices if isinstance(why, DeviceError) else why
        answering = _rows(found, Way.NAMED)
        nearby = scanners_of(tuple(_rows(found, Way.NETWORK)), tuple(_rows(found, Way.CABLE)))
        idle = tuple(_rows(found, Way.IDLE))
        if isinstance(why, DeviceError) and why.trouble is not Trouble.TIMEOUT:
            self._devices = ()
            if not (answering or nearby or idle):
                raise why
        self._seen = self._merged(frozenset(answering), (*nearby, *idle))
        return self._seen

    def all_scanners(self) -> tuple[FoundScanner, ...]:
        """As `scanners`, waiting for the drivers however long they look. Raises DeviceError."""
        found = self.scanners()
        if self.looks.is_late(Way.DRIVERS):
            self.looks.settle(Way.DRIVERS)
            found = self.scanners()
        return found

    def _merged(self, answering: frozenset[str], nearby: tuple[Nearby, ...]) -> tuple[FoundScanner, ...]:
        """Each scanner once: the administrator's name for it wins, then this program's own driver for it."""
        names = {device.name for device in self._devices} | answering
        named = tuple(replace(row, is_seen=row.device in names) for row in self._named())
        covered = {row.device for row in named}
        announced = tuple(
            FoundScanner(key=row.key, name=row.name, device=row.address, is_announced=True, lack=row.lack)
            for row in nearby
            if row.address not in covered
        )
        twice = {word for row in nearby for word in (row.name, row.instance)}
        others = tuple(
            FoundScanner(
                key=device.name,
                name=f"{device.vendor} {device.model}".strip(),
                device=device.name,
                is_announced=device.name.startswith(CAMERA),
            )
            for device in self._devices
            if device.name not in covered and not _is_same(device.name, twice)
        )
        return (*named, *others, *announced)

    def _named(self) -> tuple[FoundScanner, ...]:
        return tuple(
            FoundScanner(
                key=f"{row.device} {row.name}",
                name=row.name,
                device=row.device,
                options=row.options,
                rating=row.rating,
            )
            for row in self.settings.scanners
        )

    def chosen_scanner(self) -> FoundScanner:
        """The chosen scanner, whether it is there or not; while none was chosen, the first one that is seen.

        Only the latter has to look for it, which may take seconds. Raises DeviceError (OFFLINE when there is none).
        """
        key = self.settings.scanner
        if key:
            known = next((row for row in (*self._named(), *self._seen) if row.key == key), None)
            if known is None and key.startswith(_ANNOUNCED):  # its address is the network's to tell
                known = next((row for row in self.all_scanners() if row.key == key), None)
            return known or FoundScanner(key=key, name=self.settings.scanner_name or key, device=key)
        found = next((row for row in self._seen or self.all_scanners() if row.is_seen and not row.is_announced), None)
        if found is None:
            raise DeviceError(Trouble.OFFLINE, "no scanner")
        return found

    def offer(self, scanner: FoundScanner) -> ScannerCapabilities:
        """What a scanner offers, asked once for each look round. Raises DeviceError."""
        if scanner.lack is not None:
            raise lacking(scanner.lack)
        if scanner.device not in self._offers:
            self.looks.settle(Way.DRIVERS)  # the drivers' process does one thing at a time
            self._offers[scanner.device] = self.scanner.capabilities(scanner.device)
        return self._offers[scanner.device]

    def choice(self, scanner: FoundScanner) -> ScanChoice:
        """How a scanner is used: as chosen, as usual otherwise, within what it offers. Raises DeviceError."""
        offer, chosen = self.offer(scanner), self.settings.scan_choice(scanner.key)
        source = chosen.source if chosen.source in offer.sources else _first(_USUAL_SOURCES, offer.sources)
        mode = chosen.mode if chosen.mode in offer.modes else _first(_USUAL_MODES, offer.modes)
        wanted = chosen.resolution or USUAL_DPI
        resolution = min(offer.resolutions, key=lambda dpi: abs(dpi - wanted), default=None)
        return ScanChoice(source=source, mode=mode, resolution=resolution)

    def scan_settings(self) -> ScanSettings:
        """The chosen scanner as it is used here. Raises DeviceError (OFFLINE when there is none)."""
        return self.settings_of(self.chosen_scanner())

    def settings_of(self, scanner: FoundScanner) -> ScanSettings:
        """A scanner as it is used here. Raises DeviceError."""
        offer, choice = self.offer(scanner), self.choice(scanner)
        has_depth = choice.mode is not ColourMode.LINEART and 8 in offer.depths
        return ScanSettings(
            device=scanner.device,
            source=choice.source,
            mode=choice.mode,
            depth=8 if has_depth else None,
            resolution=choice.resolution,
            area=None if offer.area is None else ScanArea(),
            options=scanner.options,
        )

    def everything(self) -> tuple[tuple[FoundScanner, ...] | DeviceError, tuple[FoundPrinter, ...]]:
        """Look for scanners and printers at the same time; the error when scanners could not be looked for."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="look") as pool:
            printers = pool.submit(self.printers)
            try:
                scanners: tuple[FoundScanner, ...] | DeviceError = self.scanners()
            except DeviceError as error:
                scanners = error
            return scanners, printers.result()

    # ---- printers ---------------------------------------------------------------------------------------------

    def printers(self) -> tuple[FoundPrinter, ...]:
        """Look for printers: the named ones, the system's queues, those that announce themselves or lack something."""
        around = self._surroundings
        looks: dict[Way, Callable[[], Sized]] = {Way.QUEUES: self._queues}
        if around is not None:
            looks |= {Way.NETWORK: around.heard, Way.USB: around.on_bus}
        seen = self.looks.collect(looks)
        found = {row.key: row for row in self._known_printers()}
        for row in _rows(seen, Way.QUEUES):
            found.setdefault(row.key, row)
        for near in printers_of(tuple(_rows(seen, Way.NETWORK)), tuple(_rows(seen, Way.USB))):
            if near.address not in found:
                found[near.address] = _nearby_printer(near)
        return tuple(row for row in found.values() if row.key not in self.settings.stock)

    def _queues(self) -> tuple[FoundPrinter, ...]:
        found = (queue for queue in print_queues(self._print_service) if queue.uri not in self.settings.stock)
        return tuple(_with_drivers(NamedPrinter(name=queue.name, uri=queue.uri) for queue in found))

    def _known_printers(self) -> tuple[FoundPrinter, ...]:
        return (*self._printers, *_with_drivers(self.settings.printers))

    def chosen_printer(self) -> FoundPrinter:
        """The chosen printer, or the first one while none was chosen. Raises DeviceError (OFFLINE: it is not there)."""
        key = self.settings.printer
        looks = (self._known_printers, self._queues) if not key else (self._known_printers, self._queues, self.printers)
        for look in looks:
            found = next((row for row in look() if (row.key == key if key else not row.papers)), None)
            if found is not None:
                return found
        raise DeviceError(Trouble.OFFLINE, "no printer")

    def ask_printer(self, printer: FoundPrinter) -> PrinterCapabilities:
        """What a printer offers and how it stands, with a short patience. Raises DeviceError."""
        is_named = any(row.key == printer.key for row in self._printers)
        is_patient = isinstance(printer.driver, IPPPrinter) and not is_named
        driver = IPPPrinter(printer.key, timeout_seconds=ASK_SECONDS) if is_patient else printer.driver
        return driver.capabilities()

    def printer_was(self, *troubles: Trouble) -> None:
        """The chosen printer was used or asked: what kept it from printing; that somebody stopped it says nothing."""
        if Trouble.CANCELLED not in troubles:
            first = min(troubles, key=list(Trouble).index, default=None)
            self.printer_condition = Condition(is_known=True, trouble=first)

    def printer(self, paper: str = "") -> PrinterDriver:
        """The driver for a paper: the printer named for it, or the chosen one. Raises DeviceError (OFFLINE: none)."""
        named = next((row for row in self._known_printers() if paper in row.papers), None)
        return (named or self.chosen_printer()).driver

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this, from another thread, whenever devices appear or vanish, or a late look ends."""
        self.looks.on_late = changed
        if self._surroundings is not None:
            self._surroundings.watch(changed)

    def close(self) -> None:
        """End the scanner's process and stop listening."""
        if self._surroundings is not None:
            self._surroundings.close()
        self.scanner.close()


def _with_drivers(printers: Iterable[NamedPrinter]) -> Iterator[FoundPrinter]:
    for row in printers:
        driver = printer_driver(row.uri, row.language, row.form)
        yield FoundPrinter(key=row.uri, name=row.name, driver=driver, papers=row.papers)


def _rows(found: Mapping[Way, Any], way: Way) -> Iterable[Any]:
    """What was found on a way; nothing when it could not be looked at."""
    rows = found.get(way, ())
    return () if isinstance(rows, DeviceError) else rows


def _is_same(device: str, announced: set[str]) -> bool:
    """Whether a driver's device is one that announces itself: sane-airscan lists those by their names."""
    return device.startswith("airscan:") and device.rpartition(":")[2] in announced


def _nearby_printer(near: Nearby) -> FoundPrinter:
    driver: PrinterDriver = IPPPrinter(near.address) if near.lack is None else UndrivenPrinter(lack=near.lack)
    return FoundPrinter(key=near.address, name=near.name, driver=driver, is_announced=True, lack=near.lack)


def _first(usual: tuple[_T, ...], offered: tuple[_T, ...]) -> _T | None:
    return next((value for value in usual if value in offered), None)
