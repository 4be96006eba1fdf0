"""周围的设备: what stands around a desk that nobody named: on the network, on the USB bus, behind ipp-usb.

Rules kept here: what is found here is shown and may be chosen, it is never used by itself; a device that cannot be used
yet is shown with what it lacks; nothing is claimed, configured or printed on by looking.
"""

from __future__ import annotations

import ctypes.util
import enum
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yichuang_client.devices.announcements import Announced, Announcements, Service
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import Caller, ESCLClient, read_address
from yichuang_client.devices.escl_messages import read_offer
from yichuang_client.devices.hot_plug import BusWatch
from yichuang_client.devices.printing import JobStatus, PrinterCapabilities, PrintJob, PrintTicket, Stock
from yichuang_client.devices.usb_devices import USBDevice, usb_printers
from yichuang_client.devices.usb_files import USBFiles, usb_entries

CABLE_PORTS = range(60000, 60008)
"""Where ipp-usb listens, one port a device."""
_IPP_USB = tuple(Path(folder) / "ipp-usb" for folder in ("/usr/sbin", "/usr/bin", "/usr/local/sbin"))


class Lack(enum.Enum):
    """缺什么: what keeps a device that is there from being used; each is mended in one way."""

    UDEV_RULE = "udev-rule"
    """This user may not open it."""
    IPP_USB = "ipp-usb"
    """It speaks IPP over its cable, and the program for that is not installed."""
    LIBSANE = "libsane"
    """A scanner, and the system's scanner library is not installed."""
    DRIVER = "driver"
    """Nothing here speaks its language: it needs a queue of the system's print service."""


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """周围的一台设备."""

    key: str
    name: str
    address: str
    """What a driver takes."""
    is_scanner: bool
    instance: str = ""
    """The name of its announcement, by which other programs know it."""
    lack: Lack | None = None


def lacking(lack: Lack) -> DeviceError:
    """The trouble of a device that lacks something."""
    return DeviceError(Trouble.ACCESS if lack is Lack.UDEV_RULE else Trouble.OFFLINE, f"lacks {lack.value}")


@dataclass(frozen=True, kw_only=True)
class UndrivenPrinter:
    """用不了的打印机: a `PrinterDriver` for a printer that lacks something; every call says so."""

    lack: Lack

    def _refuse(self) -> DeviceError:
        return lacking(self.lack)

    @property
    def stock(self) -> Stock:
        """Sheets."""
        return Stock.SHEET

    @property
    def has_spool(self) -> bool:
        """It has."""
        return True

    def capabilities(self) -> PrinterCapabilities:
        """As `PrinterDriver.capabilities`."""
        raise self._refuse()

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """As `PrinterDriver.submit`."""
        raise self._refuse()

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """As `PrinterDriver.watch`."""
        raise self._refuse()

    def cancel(self, job: PrintJob) -> None:
        """As `PrinterDriver.cancel`."""
        raise self._refuse()


class Surroundings:
    """Listens and looks; every call but `start` may wait."""

    def __init__(
        self,
        announcements: Announcements | None = None,
        *,
        usb: Callable[[], tuple[USBDevice, ...]] = usb_printers,
        cable_ports: range = CABLE_PORTS,
        files: USBFiles | None = None,
    ) -> None:
        """Nothing is looked at yet."""
        self._files = files or USBFiles()
        self._watch: BusWatch | None = None
        self.announcements = announcements or Announcements()
        self._usb = usb
        self._cable_ports = cable_ports

    def start(self) -> None:
        """Listen to what announces itself, until `close`."""
        self.announcements.start()

    def heard(self) -> tuple[Announced, ...]:
        """What announces itself now; the first time this waits until all had time to answer."""
        self.announcements.start()
        self.announcements.wait()
        return self.announcements.now()

    def on_cable(self) -> tuple[Nearby, ...]:
        """Driverless scanners behind ipp-usb."""
        found = (_on_port(port) for port in self._cable_ports if _is_open(port))
        return tuple(row for row in found if row is not None)

    def on_bus(self) -> tuple[Nearby, ...]:
        """Printers on the USB bus that cannot be used as they are. Raises DeviceError."""
        has_program = any(program.exists() for program in _IPP_USB)
        return tuple(row for device in self._usb() if (row := _on_bus(device, has_program)) is not None)

    def idle_scanners(self) -> tuple[Nearby, ...]:
        """Scanners on the USB bus that no driver can reach as this machine is set up."""
        has_library = ctypes.util.find_library("sane") is not None
        rows = []
        for entry in usb_entries(self._files):
            is_plain = entry.is_scanner and not entry.is_printer
            if is_plain and not (entry.is_open and has_library):
                lack = Lack.LIBSANE if entry.is_open else Lack.UDEV_RULE
                key = f"usb {entry.ids} {entry.port}"
                rows.append(Nearby(key=key, name=entry.name, address=key, is_scanner=True, lack=lack))
        return tuple(rows)

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this, from another thread, whenever something appears or vanishes; the last one who asked is told."""
        self.announcements.on_change(changed)
        if self._watch is not None:
            self._watch.close()
        self._watch = BusWatch(changed, files=self._files)
        self._watch.start()

    def close(self) -> None:
        """Stop listening and watching."""
        if self._watch is not None:
            self._watch.close()
        self.announcements.close()


def scanners_of(heard: tuple[Announced, ...], on_cable: tuple[Nearby, ...]) -> tuple[Nearby, ...]:
    """The scanners among what was heard and those on a cable, each once."""
    rows = {
        row.key: Nearby(key=row.key, name=row.name, address=row.address, is_scanner=True, instance=row.instance)
        for row in heard
        if row.service.is_scanner
    }
    for row in on_cable:
        rows.setdefault(row.key, row)
    return tuple(rows.values())


def printers_of(heard: tuple[Announced, ...], on_bus: tuple[Nearby, ...]) -> tuple[Nearby, ...]:
    """The printers among what was heard and those on the bus."""
    rows = [row for row in heard if not row.service.is_scanner]
    spoken = {Service.PRINTER}
    plain = tuple(
        Nearby(
            key=row.key,
            name=row.name,
            address=row.address,
            is_scanner=False,
            lack=None if row.service in spoken else Lack.DRIVER,
        )
        for row in rows
    )
    return (*plain, *on_bus)


def _is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.3):
            return True
    except OSError:
        return False


def _on_port(port: int) -> Nearby | None:
    address = read_address(f"http://localhost:{port}/eSCL")
    try:
        path = f"{address.root}/ScannerCapabilities"
        answer = ESCLClient(address=address).ask("GET", path, caller=Caller(stall_seconds=1.5))
        offer = read_offer(answer.body)
    except DeviceError:
        return None
    name = offer.model or str(address)
    return Nearby(key=f"escl {offer.uuid or name}", name=name, address=str(address), is_scanner=True)


def _on_bus(device: USBDevice, has_program: bool) -> Nearby | None:
    if device.is_ipp and device.is_open and has_program:
        return None  # announced by that program
    lack = Lack.IPP_USB if device.is_ipp else Lack.DRIVER
    lack = lack if device.is_open else Lack.UDEV_RULE
    return Nearby(key=device.key, name=device.name, address=device.key, is_scanner=False, lack=lack)
