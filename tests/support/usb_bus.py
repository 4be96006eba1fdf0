"""模拟的 USB 总线: umockdev shows a program a bus with one device on it, under the real libusb; another
bus is laid out as the kernel's and udev's files."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from yichuang_client.devices.usb_files import USBFiles

_DEVICE = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, 0x04B8, 0x0202, 0x100, 1, 2, 3, 1)
_CONFIGURATION = (
    struct.pack("<BBHBBBBB", 9, 2, 32, 1, 1, 0, 0xC0, 1)
    + struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, 7, 1, 2, 0)
    + struct.pack("<BBBBHB", 7, 5, 0x01, 2, 512, 0)
    + struct.pack("<BBBBHB", 7, 5, 0x82, 2, 512, 0)
)
RECEIPT_PRINTER = f"""\
P: /devices/pci0000:00/0000:00:14.0/usb1/1-1
N: bus/usb/001/002
E: DEVNAME=/dev/bus/usb/001/002
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: BUSNUM=001
E: DEVNUM=002
E: MAJOR=189
E: MINOR=1
E: PRODUCT=4b8/202/100
E: TYPE=0/0/0
A: busnum=1
A: devnum=2
A: speed=480
A: bConfigurationValue=1
A: bNumConfigurations=1
A: idVendor=04b8
A: idProduct=0202
A: manufacturer=EPSON
A: product=TM-T88V
A: serial=J0001
H: descriptors={(_DEVICE + _CONFIGURATION).hex().upper()}
"""
"""A receipt printer (class 7) by its descriptors; nothing can be printed on it."""


HUB = """\
P: /devices/pci0000:00/0000:00:14.0/usb1
N: bus/usb/001/001
E: DEVNAME=/dev/bus/usb/001/001
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: BUSNUM=001
E: DEVNUM=001
E: MAJOR=189
E: MINOR=0
A: busnum=1
A: devnum=1
A: speed=480
A: bConfigurationValue=1
H: descriptors=12010002090001406B1D020001060302010109021900010100E0000904000001090000000705810304000C
"""
"""The root hub above it."""


def on_bus(device: str, folder: Path, command: list[str]) -> list[str]:
    """The command line that runs a program with this device on its bus."""
    file = folder / "device.umockdev"
    file.write_text(device, encoding="ascii")
    return ["umockdev-run", "--device", str(file), "--", *command]


def plug_in(files: USBFiles, number: int, *, kind: str = "07", is_matched: bool = False) -> Path:
    """Lay out one USB device as the kernel and udev do. Returns its node."""
    device = files.usb / f"1-{number}"
    interface = device / f"1-{number}:1.0"
    interface.mkdir(parents=True)
    node = files.nodes / "001" / f"{number:03}"
    node.parent.mkdir(parents=True, exist_ok=True)
    node.touch()
    rows = {"busnum": "1", "devnum": str(number), "dev": f"189:{number}", "product": f"Device {number}"}
    for name, text in {**rows, "idVendor": "04c5", "idProduct": "1600"}.items():
        (device / name).write_text(text + "\n", encoding="ascii")
    for part, text in zip(("Class", "SubClass", "Protocol"), (kind, "01", "04"), strict=True):
        (interface / f"bInterface{part}").write_text(text + "\n", encoding="ascii")
    files.udev_data.mkdir(exist_ok=True)
    if is_matched:
        (files.udev_data / f"c189:{number}").write_text("E:libsane_matched=yes\n", encoding="ascii")
    return node


def unplug(files: USBFiles, number: int) -> None:
    """Take it away again."""
    shutil.rmtree(files.usb / f"1-{number}")
