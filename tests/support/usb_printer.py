"""USB 收据打印机: an emulated device on a USB bus of its own, for programs that are run with its environment.

The device is ours (`usb_printer_device.py`, by umockdev's ioctl emulation); libusb and pyusb are the real ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.usb_bus import HUB, RECEIPT_PRINTER

ADDRESS = "usb://04b8:0202/J0001"


class USBPrinter:
    """打印机; use it in a ``with``."""

    def __init__(self, folder: Path, faults: str = "") -> None:
        """``faults``: see `usb_printer_device.py`."""
        self.folder = folder
        self.fail(faults)

    def __enter__(self) -> USBPrinter:
        (self.folder / "bus").write_text(f"{RECEIPT_PRINTER}\n{HUB}", encoding="ascii")
        device = Path(__file__).with_name("usb_printer_device.py")
        command = ["umockdev-wrapper", "/usr/bin/python3", "-B", str(device), str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        name, _, root = self._process.stdout.readline().strip().partition("=")
        if name != "UMOCKDEV_DIR":
            raise RuntimeError("the emulated printer did not start (Debian: umockdev, gir1.2-umockdev-1.0, python3-gi)")
        self.environment = {**os.environ, "LD_PRELOAD": "libumockdev-preload.so.0", name: root}
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def fail(self, faults: str) -> None:
        """What is wrong with it from now on; empty: nothing."""
        part = self.folder / "faults.part"
        part.write_text(faults, encoding="ascii")
        part.replace(self.folder / "faults")

    def printed(self) -> bytes:
        """All bytes that reached the printer."""
        return (self.folder / "printed").read_bytes()

    def calls(self) -> list[str]:
        """What the kernel's interface was asked for."""
        return (self.folder / "calls").read_text(encoding="ascii").split()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run Python on this bus."""
        command = [sys.executable, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)
