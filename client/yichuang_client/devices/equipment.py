"""本机外设: the scanner and the printer that this desk uses.

Rules kept here: one scanner process, kept warm; which device is used is the desk's own setting, read anew at each use.
"""

from __future__ import annotations

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printing import PrinterDriver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import ScanSettings


class Equipment:
    """The devices of a desk. Every call may wait: never on the Tk thread."""

    def __init__(self, scanner: ScanWorker, printers: tuple[tuple[str, PrinterDriver], ...] = ()) -> None:
        """``printers``: name and driver of each, the chosen one first."""
        self.scanner = scanner
        self.printers = printers

    def scan_settings(self) -> ScanSettings:
        """The chosen scanner, or the first one that is seen. Raises DeviceError (OFFLINE when there is none)."""
        found = self.scanner.devices()
        if not found:
            raise DeviceError(Trouble.OFFLINE, "no scanner")
        return ScanSettings(device=found[0].name)

    def printer(self) -> PrinterDriver:
        """The chosen printer. Raises DeviceError (OFFLINE when there is none)."""
        if not self.printers:
            raise DeviceError(Trouble.OFFLINE, "no printer")
        return self.printers[0][1]

    def close(self) -> None:
        """End the scanner's process."""
        self.scanner.close()
