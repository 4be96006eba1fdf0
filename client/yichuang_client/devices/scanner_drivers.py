"""扫描驱动表: every way to a scanner as one `ScannerDriver`; the device's name says which.

`http(s)://…` is eSCL, everything else is a name of SANE. A driver's libraries are loaded when its first device is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuang_client.devices.escl_client import is_address
from yichuang_client.devices.escl_driver import ESCLDriver
from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scanning import (
    PageSink,
    ScannerCapabilities,
    ScannerDevice,
    ScannerDriver,
    ScanSettings,
)


@dataclass(kw_only=True)
class ScannerDrivers:
    """所有扫描驱动: chooses by the device's name."""

    sane: SaneDriver = field(default_factory=SaneDriver)
    escl: ESCLDriver = field(default_factory=ESCLDriver)

    def _of(self, device: str) -> ScannerDriver:
        return self.escl if is_address(device) else self.sane

    def list(self) -> tuple[ScannerDevice, ...]:
        """As `ScannerDriver.list`."""
        return self.sane.list()

    def capabilities(self, device: str) -> ScannerCapabilities:
        """As `ScannerDriver.capabilities`."""
        return self._of(device).capabilities(device)

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """As `ScannerDriver.scan`."""
        return self._of(settings.device).scan(settings, sink, cancel)
