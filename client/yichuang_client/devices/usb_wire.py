"""USB 线路: bytes to a printer of class 7 through libusb.

Rules kept here (some printers lose every byte otherwise): the device is never reset; its configuration is set only
where it has none; the kernel's driver (usblp) is detached for the time of a job and attached again after it, and a
stalled pipe is cleared for the next job. On Windows the system's driver owns class 7: printers there go through the
spooler.
"""

from __future__ import annotations

import contextlib
import errno
import re
import time
from types import TracebackType
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.usb_devices import PRINTER_CLASS, find_usb

WRITE_MILLISECONDS = 1000
_PIECE = 1 << 18
_ADDRESS = re.compile(r"usb://[0-9a-f]{4}:[0-9a-f]{4}(/.+)?")
_PORT_STATUS = (0xA1, 1)
"""Request of the printer class (USB printer class 1.1, §4.2.2)."""
_PAPER_EMPTY, _NOT_ERROR = 0x20, 0x08
_TROUBLES = {
    errno.ENODEV: Trouble.OFFLINE,
    errno.ESHUTDOWN: Trouble.OFFLINE,
    errno.ENOENT: Trouble.OFFLINE,
    errno.EBUSY: Trouble.BUSY,
    errno.EACCES: Trouble.ACCESS,
    errno.EPERM: Trouble.ACCESS,
    errno.ETIMEDOUT: Trouble.TIMEOUT,
}


def is_usb_address(address: str) -> bool:
    """Whether it is usb://vendor:product[/serial]."""
    return _ADDRESS.fullmatch(address) is not None


class USBWire:
    """An open printer on the bus."""

    def __init__(self, address: str) -> None:
        """Open and claim it. Raises DeviceError: OFFLINE, ACCESS (udev rule), BUSY (another program has it)."""
        import usb.core

        device = find_usb(address)
        if device is None:
            raise DeviceError(Trouble.OFFLINE, "not on the bus")
        self._device: Any = device
        self._had_driver = False
        self._is_claimed = False
        try:
            self._claim()
        except usb.core.USBError as error:
            self._give_back()
            raise _trouble(error) from error

    def _claim(self) -> None:
        import usb.core
        import usb.util

        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError as error:
            if error.errno in _TROUBLES:
                raise
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        interface = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
        if interface is None:
            raise DeviceError(Trouble.BAD_SETTING, "no printer interface")
        self._interface = int(interface.bInterfaceNumber)
        ends = {usb.util.endpoint_direction(row.bEndpointAddress): row.bEndpointAddress for row in interface}
        self._out, self._in = ends.get(usb.util.ENDPOINT_OUT), ends.get(usb.util.ENDPOINT_IN)
        if self._out is None:
            raise DeviceError(Trouble.BAD_SETTING, "no way out")
        with contextlib.suppress(NotImplementedError):  # not every system has kernel drivers to ask for
            if self._device.is_kernel_driver_active(self._interface):
                self._device.detach_kernel_driver(self._interface)
                self._had_driver = True
        usb.util.claim_interface(self._device, self._interface)
        self._is_claimed = True

    def _give_back(self) -> None:
        import usb.core
        import usb.util

        with contextlib.suppress(usb.core.USBError):  # it may be unplugged
            if self._is_claimed:
                usb.util.release_interface(self._device, self._interface)
        with contextlib.suppress(usb.core.USBError):
            if self._had_driver:
                self._device.attach_kernel_driver(self._interface)
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def __enter__(self) -> USBWire:
        """The wire itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the device back to the kernel's driver."""
        self._give_back()

    def write(self, data: bytes | memoryview) -> int:
        """As `Wire.write`."""
        import usb.core

        try:
            return int(self._device.write(self._out, bytes(data[:_PIECE]), WRITE_MILLISECONDS))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            if error.errno == errno.EPIPE:
                with contextlib.suppress(usb.core.USBError):
                    self._device.clear_halt(self._out)
            raise _trouble(error) from error

    def read(self, count: int, seconds: float) -> bytes:
        """As `Wire.read`; a printer without a way back says nothing."""
        import usb.core

        got, until = b"", time.monotonic() + seconds
        while self._in is not None and len(got) < count and (left := until - time.monotonic()) > 0:
            try:
                got += bytes(self._device.read(self._in, 512, max(1, int(left * 1000))))
            except usb.core.USBTimeoutError:
                break
            except usb.core.USBError as error:
                raise _trouble(error) from error
        return got[:count]

    def port_troubles(self) -> tuple[Trouble, ...]:
        """The printer class's port status: no paper; anything else that it calls an error is told as a cover."""
        import usb.core

        try:
            answer = self._device.ctrl_transfer(*_PORT_STATUS, 0, self._interface << 8, 1, WRITE_MILLISECONDS)
        except usb.core.USBError as error:
            if _trouble(error).trouble is Trouble.OFFLINE:
                raise _trouble(error) from error
            return ()
        if not len(answer):
            return ()
        if answer[0] & _PAPER_EMPTY:
            return (Trouble.FEEDER_EMPTY,)
        return () if answer[0] & _NOT_ERROR else (Trouble.COVER_OPEN,)


def _trouble(error: Any) -> DeviceError:
    return DeviceError(_TROUBLES.get(error.errno, Trouble.COMMUNICATION), f"libusb errno {error.errno}")
