"""USB 设备: printers that stand on this machine's USB bus, and whether this user may use them.

Asked are the descriptors, through libusb; no device is claimed, configured or reset. Linux keeps the names of a
device where everybody may read them, so a device without permission has its name all the same.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble

PRINTER_CLASS = 7
_IPP_OVER_USB = (7, 1, 4)
_NODES = Path("/dev/bus/usb")


@dataclass(frozen=True, kw_only=True)
class USBDevice:
    """USB 打印机: one device with a printer's interface."""

    key: str
    """Stable over restarts and ports where the device has a serial number: usb://vendor:product/serial."""
    name: str
    is_open: bool
    """Whether this user may use it."""
    is_ipp: bool
    """Whether it speaks IPP (and often eSCL) over its cable, through ipp-usb."""


def usb_printers(nodes: Path = _NODES) -> tuple[USBDevice, ...]:
    """The printers on the bus; raises DeviceError(DRIVER_CRASH) when libusb cannot be used on this machine."""
    return tuple(_described(device, nodes) for device in _on_bus())


def find_usb(key: str) -> Any:
    """The device of a key, None when it is not on the bus. Raises DeviceError(DRIVER_CRASH) without libusb."""
    return next((device for device in _on_bus() if _key(device) == key), None)


def _on_bus() -> list[Any]:
    import libusb_package
    import usb.core

    try:
        backend = libusb_package.get_libusb1_backend()
        found = list(usb.core.find(find_all=True, backend=backend))
    except (usb.core.NoBackendError, usb.core.USBError, OSError) as error:
        raise DeviceError(Trouble.DRIVER_CRASH, type(error).__name__) from error
    return [device for device in found if PRINTER_CLASS in _classes(device)]


def _key(device: Any) -> str:
    serial = _text(device, "serial_number")
    ids = f"usb://{device.idVendor:04x}:{device.idProduct:04x}"
    return f"{ids}/{serial}" if serial else ids


def _interfaces(device: Any) -> Iterator[tuple[int, int, int]]:
    with contextlib.suppress(Exception):  # a device that went away, or one without a configuration
        for configuration in device:
            for row in configuration:
                yield row.bInterfaceClass, row.bInterfaceSubClass, row.bInterfaceProtocol


def _classes(device: Any) -> set[int]:
    return {kind for kind, _, _ in _interfaces(device)}


def _described(device: Any, nodes: Path) -> USBDevice:
    node = nodes / f"{device.bus or 0:03}" / f"{device.address or 0:03}"
    is_open = not node.exists() or os.access(node, os.R_OK | os.W_OK)
    maker, model = (_text(device, field) for field in ("manufacturer", "product"))
    ids = f"{device.idVendor:04x}:{device.idProduct:04x}"
    return USBDevice(
        key=_key(device),
        name=" ".join(filter(None, (maker, model))) or ids,
        is_open=is_open,
        is_ipp=_IPP_OVER_USB in set(_interfaces(device)),
    )


def _text(device: Any, field: str) -> str:
    """A descriptor's text; from the kernel where the device may not be opened."""
    with contextlib.suppress(Exception):
        if text := getattr(device, field):
            return "".join(letter for letter in str(text) if letter.isprintable()).strip()[:60]
    ports = ".".join(str(port) for port in device.port_numbers or ())
    file = Path("/sys/bus/usb/devices") / f"{device.bus}-{ports}" / field.removesuffix("_number")
    with contextlib.suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace").strip()[:60]
    return ""
