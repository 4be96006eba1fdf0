"""The desk's devices as a command uses them: made when a command needs them, ended with it.

Rules kept here: the same settings and the same names as in the window; a trouble ends the command with one sentence on
stderr, or one row, and with its exit code.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator

from yichuang_client.commands.exit_codes import exit_code
from yichuang_client.commands.output import print_json, words
from yichuang_client.config import read_config
from yichuang_client.devices.equipment import Equipment, FoundPrinter, FoundScanner
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.settings import DeviceSettings


@contextlib.contextmanager
def machines(options: argparse.Namespace) -> Iterator[Equipment]:
    """The devices of the desk whose folder the options name."""
    config = read_config(data=options.data)
    equipment = Equipment.of_desk(
        ScanWorker(ScannerDrivers()), DeviceSettings(config.data, config.printers, config.real)
    )
    try:
        yield equipment
    finally:
        equipment.close()


def scanner_named(equipment: Equipment, name: str) -> FoundScanner:
    """The scanner of this name, device or key; the desk's own for none. Raises DeviceError."""
    if not name:
        return equipment.chosen_scanner()
    found = next((row for row in equipment.all_scanners() if name in (row.device, row.name, row.key)), None)
    return found or FoundScanner(key=name, name=name, device=name)


def printer_named(equipment: Equipment, name: str, language: str = "") -> FoundPrinter:
    """The printer of this address or name; the desk's own for none. Raises DeviceError."""
    if not name:
        return equipment.chosen_printer()
    if "://" in name:
        named = next((row for row in equipment.settings.printers if row.uri == name), None)
        form = named.form if named else None
        language = language or (named.language if named else "")
        return FoundPrinter(key=name, name=name, driver=printer_driver(name, language, form))
    found = next((row for row in equipment.printers() if name == row.name), None)
    if found is None:
        raise DeviceError(Trouble.OFFLINE, "no such printer")
    return found


def tell_trouble(trouble: Trouble, detail: str, *, is_json: bool, **more: object) -> int:
    """Say what went wrong. Returns the exit code."""
    if is_json:
        print_json({"event": "trouble", "trouble": trouble.value, "detail": detail, **more})
    else:
        print(f"{words().key(f'device.{trouble.name}')} ({trouble.value}: {detail})", file=sys.stderr, flush=True)
    return exit_code(trouble)
