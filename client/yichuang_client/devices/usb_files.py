"""USB 总线文件: what stands on the bus, by the kernel's and udev's own files (Linux), without opening anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PRINTER_CLASS, PICTURE_CLASS = "07", "06"
IPP_OVER_USB = ("07", "01", "04")
"""Class, subclass and protocol of a device that speaks IPP over its cable."""


@dataclass(frozen=True, kw_only=True)
class USBFiles:
    """文件位置: where kernel and udev keep their files; others in tests."""

    usb: Path = Path("/sys/bus/usb/devices")
    udev_data: Path = Path("/run/udev/data")
    nodes: Path = Path("/dev/bus/usb")


@dataclass(frozen=True, kw_only=True)
class USBEntry:
    """总线上的一台设备."""

    port: str
    """Where it is plugged in, "1-2"."""
    name: str
    """Maker and model as it tells them, its port when it does not."""
    ids: str
    """Vendor and product, "04b8:0202"."""
    interfaces: tuple[tuple[str, str, str], ...]
    """Class, subclass and protocol of each, two hexadecimal digits each."""
    is_open: bool
    """Whether this user may use it."""
    is_matched: bool
    """Whether udev found it in SANE's list of scanners."""

    @property
    def is_printer(self) -> bool:
        """Whether it prints, by its class."""
        return any(kind == PRINTER_CLASS for kind, _, _ in self.interfaces)

    @property
    def is_scanner(self) -> bool:
        """Whether it takes pictures by its class, or SANE knows it."""
        return self.is_matched or any(kind == PICTURE_CLASS for kind, _, _ in self.interfaces)


def usb_entries(files: USBFiles) -> Iterator[USBEntry]:
    """The devices on the bus that have a node, by port; none where there are no such files."""
    for device in sorted(files.usb.iterdir()) if files.usb.is_dir() else ():
        node = _node(device, files.nodes)
        if node is None:
            continue
        names = filter(None, (_read(device / "manufacturer"), _read(device / "product")))
        udev = _read(files.udev_data / f"c{_read(device / 'dev')}").splitlines()
        yield USBEntry(
            port=device.name,
            name=" ".join(names) or device.name,
            ids=f"{_read(device / 'idVendor')}:{_read(device / 'idProduct')}",
            interfaces=tuple(_interfaces(device)),
            is_open=os.access(node, os.R_OK | os.W_OK),
            is_matched="E:libsane_matched=yes" in udev,
        )


def _interfaces(device: Path) -> Iterator[tuple[str, str, str]]:
    for interface in device.glob(f"{device.name}:*"):
        kinds = (_read(interface / f"bInterface{part}") for part in ("Class", "SubClass", "Protocol"))
        yield tuple(kinds)  # type: ignore[misc]  # three of them


def _node(device: Path, nodes: Path) -> Path | None:
    bus, number = _read(device / "busnum"), _read(device / "devnum")
    return nodes / f"{int(bus):03}" / f"{int(number):03}" if bus.isdigit() and number.isdigit() else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
