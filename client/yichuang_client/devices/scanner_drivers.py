"""扫描驱动表: every way to a scanner as one `ScannerDriver`; the device's name says which.

`http(s)://…` is eSCL, `folder:…` a watched folder, `camera:…` a document camera, `twain:…` a TWAIN source and `wia:…` a
scanner of Windows, everything else is a name of SANE. A driver's libraries are loaded when its first device is used. A
scanner that has both a driver of Windows and a TWAIN source is listed once, by WIA, which knows whether it is
there; its source can still be named in the configuration.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yichuang_client.devices import camera_driver, folder_driver, twain_driver, wia_driver
from yichuang_client.devices.camera_driver import CameraDriver
from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.escl_client import is_address
from yichuang_client.devices.escl_driver import ESCLDriver
from yichuang_client.devices.folder_driver import FolderDriver
from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scanning import (
    PageSink,
    ScannerCapabilities,
    ScannerDevice,
    ScannerDriver,
    ScanSettings,
)
from yichuang_client.devices.twain_driver import TwainDriver
from yichuang_client.devices.wia_driver import WIADriver

_COMPATIBLE = "WIA-"
"""How Windows names the TWAIN sources that it makes of its own drivers."""
_LEAST_LETTERS = 3
"""A shorter word with a figure is no model: a second scanner's "#2", a version."""


def without_doubles(found: Iterable[ScannerDevice]) -> tuple[ScannerDevice, ...]:
    """What was found, but the TWAIN sources of scanners that WIA has told, in their order."""
    devices = tuple(found)
    told = [device for device in devices if device.name.startswith(wia_driver.PREFIX)]

    def is_told(source: ScannerDevice) -> bool:
        if not source.name.startswith(twain_driver.PREFIX):
            return False
        if told and source.model.startswith(_COMPATIBLE):
            return True
        return any(_name(source) == _name(device) or _models(source) & _models(device) for device in told)

    return tuple(device for device in devices if not is_told(device))


def _words(device: ScannerDevice) -> list[str]:
    return ["".join(filter(str.isalnum, word)) for word in device.model.casefold().replace("_", " ").split()]


def _name(device: ScannerDevice) -> str:
    return "".join(_words(device))


def _models(device: ScannerDevice) -> set[str]:
    """Words of a name that tell the model: letters and figures in one."""
    return {
        word
        for word in _words(device)
        if len(word) >= _LEAST_LETTERS and any(map(str.isdigit, word)) and not word.isdigit()
    }


@dataclass(kw_only=True)
class ScannerDrivers:
    """所有扫描驱动: chooses by the device's name."""

    sane: SaneDriver = field(default_factory=SaneDriver)
    escl: ESCLDriver = field(default_factory=ESCLDriver)
    folder: FolderDriver = field(default_factory=FolderDriver)
    camera: CameraDriver = field(default_factory=CameraDriver)
    twain: TwainDriver = field(default_factory=TwainDriver)
    wia: WIADriver = field(default_factory=WIADriver)
    is_windows: bool = sys.platform == "win32"
    """Whether drivers of Windows are asked for their devices, and SANE is not."""

    def _of(self, device: str) -> ScannerDriver:
        if device.startswith(folder_driver.PREFIX):
            return self.folder
        if device.startswith(camera_driver.PREFIX):
            return self.camera
        if device.startswith(twain_driver.PREFIX):
            return self.twain
        if device.startswith(wia_driver.PREFIX):
            return self.wia
        return self.escl if is_address(device) else self.sane

    def list(self) -> tuple[ScannerDevice, ...]:
        """As `ScannerDriver.list`; a machine without the system's own kind of driver may have devices of another."""
        ways: tuple[ScannerDriver, ...] = (self.wia, self.twain) if self.is_windows else (self.sane, self.camera)
        found: list[ScannerDevice] = []
        errors: dict[int, DeviceError] = {}
        for number, way in enumerate(ways):
            try:
                found += way.list()
            except DeviceError as error:
                errors[number] = error
        if not found and 0 in errors:
            raise errors[0]
        return without_doubles(found)

    def capabilities(self, device: str) -> ScannerCapabilities:
        """As `ScannerDriver.capabilities`."""
        return self._of(device).capabilities(device)

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """As `ScannerDriver.scan`."""
        return self._of(settings.device).scan(settings, sink, cancel)
