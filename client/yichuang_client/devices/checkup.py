"""外设体检: what a machine lacks for its scanners and printers to work.

Rules kept here: nothing is changed and nothing is guessed: every finding was looked at just now; libsane is not loaded
into this process; a finding names one thing, so that what mends it can be said in one sentence. What is on the USB bus
is read from the kernel's and udev's own files (Linux); elsewhere that part is left out and said.
"""

from __future__ import annotations

import ctypes.util
import enum
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yichuang_client.devices.equipment import Equipment, FoundPrinter
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.usb_files import IPP_OVER_USB, USBFiles, usb_entries

_FILES = USBFiles()
_RULES = tuple(Path(folder) / "udev/rules.d" for folder in ("/etc", "/run", "/usr/lib", "/lib"))
_RULE_NAMES = ("*libsane*.rules", "*yichuang*.rules")
_BACKENDS = (*Path("/usr/lib").glob("*/sane"), Path("/usr/lib/sane"), Path("/usr/local/lib/sane"))


class Check(enum.Enum):
    """体检项: one thing that can be found; those that end in a lack say so by `is_well`."""

    LIBSANE_THERE = "libsane-there"
    LIBSANE_MISSING = "libsane-missing"
    BACKENDS_THERE = "backends-there"
    BACKENDS_MISSING = "backends-missing"
    RULES_THERE = "rules-there"
    RULES_MISSING = "rules-missing"
    USB_OPEN = "usb-open"
    USB_FORBIDDEN = "usb-forbidden"
    USB_NOT_LOOKED_AT = "usb-not-looked-at"
    IPP_USB_MISSING = "ipp-usb-missing"
    SCANNER_SEEN = "scanner-seen"
    SCANNER_NOT_SEEN = "scanner-not-seen"
    SCANNERS_NONE = "scanners-none"
    SCANNER_TROUBLE = "scanner-trouble"
    PRINT_SERVICE_THERE = "print-service-there"
    PRINT_SERVICE_ABSENT = "print-service-absent"
    PRINTER_READY = "printer-ready"
    PRINTER_TROUBLE = "printer-trouble"
    PRINTERS_NONE = "printers-none"
    SETTINGS_BROKEN = "settings-broken"

    @property
    def is_well(self) -> bool:
        """Whether nothing needs to be mended."""
        return self in _WELL


_WELL = {
    Check.LIBSANE_THERE,
    Check.BACKENDS_THERE,
    Check.RULES_THERE,
    Check.USB_OPEN,
    Check.USB_NOT_LOOKED_AT,
    Check.SCANNER_SEEN,
    Check.PRINT_SERVICE_THERE,
    Check.PRINT_SERVICE_ABSENT,
    Check.PRINTER_READY,
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """体检结果: one thing that was found."""

    check: Check
    """What."""
    subject: str = ""
    """At which device, file or address."""
    trouble: Trouble | None = None
    """What the device itself told."""
    detail: str = ""
    """A technical word."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """查看位置: where the kernel, udev and SANE keep their files; others in tests."""

    usb: Path = _FILES.usb
    udev_data: Path = _FILES.udev_data
    nodes: Path = _FILES.nodes
    rules: tuple[Path, ...] = _RULES
    backends: tuple[Path, ...] = _BACKENDS
    programs: tuple[Path, ...] = (Path("/usr/sbin"), Path("/usr/bin"))


def look_round(equipment: Equipment, printers: tuple[FoundPrinter, ...], places: Places) -> Iterator[Finding]:
    """Look at everything, quick things first; ``printers``: those to be asked."""
    if not equipment.settings.is_readable:
        yield Finding(check=Check.SETTINGS_BROKEN, subject="config.toml")
    if sys.platform == "win32":  # its own drivers and its spooler are always there
        yield from _scanners(equipment)
    else:
        yield from _of_linux(equipment, places)
    if not printers:
        yield Finding(check=Check.PRINTERS_NONE)
    for printer in printers:
        yield _printer(equipment, printer)


def _of_linux(equipment: Equipment, places: Places) -> Iterator[Finding]:
    has_libsane = ctypes.util.find_library("sane") is not None
    yield Finding(check=Check.LIBSANE_THERE if has_libsane else Check.LIBSANE_MISSING)
    if has_libsane:
        yield backends(places)
    yield from usb_findings(places)
    if has_libsane:
        yield from _scanners(equipment)
    yield _print_service()


def backends(places: Places) -> Finding:
    """Whether any backend of SANE is installed that drives a device."""
    found = {file.name for folder in places.backends for file in folder.glob("libsane-*.so*")}
    names = {name.removeprefix("libsane-").partition(".")[0] for name in found} - {"dll"}
    check = Check.BACKENDS_THERE if names else Check.BACKENDS_MISSING
    return Finding(check=check, detail=f"{len(names)} backends")


def usb_findings(places: Places) -> Iterator[Finding]:
    """The scanners and printers on the USB bus and whether this user may use them."""
    if not sys.platform.startswith("linux") or not places.usb.is_dir():
        yield Finding(check=Check.USB_NOT_LOOKED_AT)
        return
    rules = [file for folder in places.rules for name in _RULE_NAMES for file in folder.glob(name)]
    yield Finding(check=Check.RULES_THERE if rules else Check.RULES_MISSING, detail=f"{len(rules)} files")
    files = USBFiles(usb=places.usb, udev_data=places.udev_data, nodes=places.nodes)
    has_program = any((folder / "ipp-usb").exists() for folder in places.programs)
    for entry in usb_entries(files):
        if not (entry.is_printer or entry.is_scanner):
            continue
        check = Check.USB_OPEN if entry.is_open else Check.USB_FORBIDDEN
        yield Finding(check=check, subject=entry.name, detail=entry.ids)
        if IPP_OVER_USB in entry.interfaces and not has_program:
            yield Finding(check=Check.IPP_USB_MISSING, subject=entry.name, detail=entry.ids)


def _scanners(equipment: Equipment) -> Iterator[Finding]:
    try:
        found = [row for row in equipment.all_scanners() if not row.is_announced]
    except DeviceError as error:
        yield Finding(check=Check.SCANNER_TROUBLE, trouble=error.trouble, detail=error.detail)
        return
    if not found:
        yield Finding(check=Check.SCANNERS_NONE)
    for row in found:
        check = Check.SCANNER_SEEN if row.is_seen else Check.SCANNER_NOT_SEEN
        yield Finding(check=check, subject=row.name, detail=row.device)


def _print_service() -> Finding:
    try:
        with socket.create_connection(("localhost", 631), timeout=1.0):
            return Finding(check=Check.PRINT_SERVICE_THERE, subject="localhost:631")
    except OSError:
        return Finding(check=Check.PRINT_SERVICE_ABSENT, subject="localhost:631")


def _printer(equipment: Equipment, printer: FoundPrinter) -> Finding:
    try:
        offer = equipment.ask_printer(printer)
    except DeviceError as error:
        return Finding(check=Check.PRINTER_TROUBLE, subject=printer.name, trouble=error.trouble, detail=error.detail)
    if offer.troubles or not offer.is_accepting:
        trouble = offer.troubles[0] if offer.troubles else Trouble.BUSY
        return Finding(check=Check.PRINTER_TROUBLE, subject=printer.name, trouble=trouble, detail=printer.key)
    return Finding(check=Check.PRINTER_READY, subject=printer.name, detail=offer.model)
