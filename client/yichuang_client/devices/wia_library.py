"""WIA 2.0: the words of Windows Image Acquisition, its properties and errors, and the calls of Windows it stands on.

Written by Microsoft's documents (wia_lh.idl, wiadef.h). Nothing is loaded before the first call. Runs in a scanner's
process only: the service calls the maker's driver.
"""

from __future__ import annotations

import ctypes
import uuid
from collections.abc import Iterator
from contextlib import suppress
from ctypes import c_int32, c_uint32, c_void_p
from typing import Any, Protocol

from yichuang_client.devices.com_objects import GUID_VALUE, INT, TEXT, Pointer, Spec, Variant, guid, place, text_at
from yichuang_client.devices.errors import DeviceError, Trouble

MANAGER_CLASS = uuid.UUID("b6c292bc-7c88-41ee-8b54-8ec92617e599")
MANAGER = uuid.UUID("79c07cf1-cbdd-41ee-8ec3-f00080cada7a")
PROPERTIES = uuid.UUID("98b5e8a0-29cc-491a-aac0-e6db4fdcceb6")
TRANSFER = uuid.UUID("c39d6942-2f4e-4d04-92fe-4ef4d3a1de5a")
TRANSFER_CALLBACK = uuid.UUID("27d4eaaf-28a6-4ca5-9aab-e678168b9527")
FLATBED = uuid.UUID("fb607b1f-43f3-488b-855b-fb703ec342a6")
FEEDER = uuid.UUID("fe131934-f84c-42ad-8da4-6129cddd7288")
BITMAP = uuid.UUID("b96b3cab-0728-11d3-9d7b-0000f81ef32e")

DEVICE_ID, VENDOR, DEVICE_TYPE, DEVICE_NAME = 2, 3, 5, 7
HANDLING_CAPABILITIES, HANDLING_SELECT, PAGES = 3086, 3088, 3096
DATA_TYPE, FORMAT = 4103, 4106
X_DPI, Y_DPI, X_START, Y_START, X_EXTENT, Y_EXTENT = range(6147, 6153)
MOST_WIDTH, MOST_HEIGHT = 6165, 6166
"""Thousandths of an inch."""
SCANNER = 1
"""High half of the device's type."""
DUPLEX, FRONT_ONLY = 0x004, 0x020
_RANGE, _LIST = 0x10, 0x20
# table places, behind the three of IUnknown
ENUM_DEVICES, CREATE_DEVICE = 3, 4
_NEXT = 3
ENUM_CHILDREN, ITEM_CATEGORY = 5, 7
_READ, _WRITE, _ATTRIBUTES = 3, 4, 15
DOWNLOAD = 3
STREAM_READ, STREAM_SEEK = 3, 5

_TROUBLES = {
    0x80210002: Trouble.JAM,
    0x80210003: Trouble.FEEDER_EMPTY,
    0x80210004: Trouble.JAM,  # PAPER_PROBLEM
    0x80210005: Trouble.OFFLINE,
    0x80210006: Trouble.BUSY,
    0x80210007: Trouble.BUSY,  # WARMING_UP
    0x80210008: Trouble.ABORTED,  # USER_INTERVENTION
    0x8021000B: Trouble.BAD_SETTING,  # INVALID_COMMAND
    0x8021000C: Trouble.ABORTED,  # INCORRECT_HARDWARE_SETTING: a lock or a switch of the device
    0x8021000D: Trouble.BUSY,  # DEVICE_LOCKED
    0x80210010: Trouble.COVER_OPEN,
    0x80210016: Trouble.COVER_OPEN,  # the documents write the header's decimal 16 as hexadecimal
    0x80210013: Trouble.BUSY,  # NETWORK_RESERVATION_FAILED
    0x80210014: Trouble.MULTI_FEED,
    0x80210020: Trouble.MULTI_FEED,  # as above
    0x80210015: Trouble.OFFLINE,  # NO_DEVICE_AVAILABLE
    0x80040154: Trouble.OFFLINE,  # the service is not installed
    0x80070005: Trouble.ACCESS,
    0x80070057: Trouble.BAD_SETTING,
    0x80070422: Trouble.OFFLINE,  # the service is switched off
    0x800706BA: Trouble.OFFLINE,
    0x800704C7: Trouble.CANCELLED,
}


def check(code: int, what: str) -> int:
    """The HRESULT; raises DeviceError when it tells of a failure."""
    if code < 0:
        raise error_of(code, what)
    return code


def error_of(code: int, what: str) -> DeviceError:
    """What an HRESULT tells."""
    raw = code & 0xFFFFFFFF
    return DeviceError(_TROUBLES.get(raw, Trouble.COMMUNICATION), f"{what}: {raw:#010x}")


class Ole(Protocol):
    """What of Windows WIA stands on; another one in tests."""

    def manager(self) -> Pointer:
        """The device manager; raises DeviceError."""

    def text(self, text: str) -> int:
        """A new string (BSTR)."""

    def free_text(self, address: int) -> None:
        """Give it back."""

    def clear(self, variant: Variant) -> None:
        """Give back what a value holds."""

    def stream(self) -> Pointer:
        """A new stream in memory; raises DeviceError."""

    def close(self) -> None:
        """No more calls will come."""


class WindowsOle:
    """ole32.dll and oleaut32.dll, for one thread."""

    def __init__(self) -> None:
        """Load them; raises DeviceError(OFFLINE) where there are none."""
        load: Any = getattr(ctypes, "WinDLL", None)
        if load is None:
            raise DeviceError(Trouble.OFFLINE, "no WIA")
        self._ole, self._auto = load("ole32"), load("oleaut32")
        self._auto.SysAllocString.restype = c_void_p
        self._auto.SysAllocString.argtypes = (ctypes.c_wchar_p,)
        self._auto.SysFreeString.argtypes = (c_void_p,)
        self._ole.CoCreateInstance.argtypes = (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p)
        self._ole.CreateStreamOnHGlobal.argtypes = (c_void_p, c_int32, c_void_p)
        self._ole.PropVariantClear.argtypes = (c_void_p,)
        check(self._ole.CoInitializeEx(None, 0), "CoInitializeEx")  # any thread: pages come while a call waits

    def manager(self) -> Pointer:
        """As `Ole.manager`."""
        found, kind, side = c_void_p(), guid(MANAGER_CLASS), guid(MANAGER)
        in_its_service = 4
        check(self._ole.CoCreateInstance(place(kind), None, in_its_service, place(side), place(found)), "WiaDevMgr2")
        return Pointer(found.value or 0)

    def text(self, text: str) -> int:
        """As `Ole.text`."""
        return int(self._auto.SysAllocString(text) or 0)

    def free_text(self, address: int) -> None:
        """As `Ole.free_text`."""
        self._auto.SysFreeString(address)

    def clear(self, variant: Variant) -> None:
        """As `Ole.clear`."""
        self._ole.PropVariantClear(place(variant))

    def stream(self) -> Pointer:
        """As `Ole.stream`."""
        found = c_void_p()
        check(self._ole.CreateStreamOnHGlobal(None, 1, place(found)), "stream")
        return Pointer(found.value or 0)

    def close(self) -> None:
        """As `Ole.close`."""
        self._ole.CoUninitialize()


def each(rows: Pointer) -> Iterator[Pointer]:
    """What an enumerator gives; each is let go when the next one is asked for."""
    while True:
        found, count = c_void_p(), c_uint32()
        code = rows.call(_NEXT, c_uint32(1), place(found), place(count))
        check(code, "Next")
        if not found.value:
            return
        with Pointer(found.value) as row:
            yield row


class Properties:
    """The properties of a device or an item."""

    def __init__(self, ole: Ole, storage: Pointer) -> None:
        self._ole, self._storage = ole, storage

    def read(self, number: int) -> int | str | None:
        """One property, None when there is none such. Raises DeviceError."""
        spec, value = Spec.of(number), Variant()
        code = self._storage.call(_READ, c_uint32(1), place(spec), place(value))
        try:
            check(code, f"property {number}")
            return text_at(value.value) if value.kind == TEXT else value.number if value.kind == INT else None
        finally:
            self._ole.clear(value)

    def values(self, number: int, usual: tuple[int, ...]) -> tuple[int, ...]:
        """What a property may be: what it lists, or those of ``usual`` in its range; empty when it does not tell."""
        spec, flags, value = Spec.of(number), c_uint32(), Variant()
        code = self._storage.call(_ATTRIBUTES, c_uint32(1), place(spec), place(flags), place(value))
        try:
            rows = value.numbers() if code >= 0 else ()
        finally:
            self._ole.clear(value)
        if flags.value & _LIST:
            return rows[2:]  # behind the count and the usual value
        if flags.value & _RANGE and len(rows) == 4:
            return tuple(known for known in usual if rows[0] <= known <= rows[2])
        return ()

    def write(self, number: int, wanted: int | uuid.UUID) -> None:
        """Set a property; raises DeviceError."""
        spec, value = Spec.of(number), Variant(kind=INT)
        if isinstance(wanted, uuid.UUID):
            kept = guid(wanted)
            value.kind, value.value = GUID_VALUE, ctypes.addressof(kept)
        else:
            value.value = wanted & 0xFFFFFFFF
        code = self._storage.call(_WRITE, c_uint32(1), place(spec), place(value), c_uint32(2))
        if code < 0:
            error = error_of(code, f"property {number}")
            settled = error.trouble in (Trouble.BUSY, Trouble.OFFLINE, Trouble.ACCESS)
            raise error if settled else DeviceError(Trouble.BAD_SETTING, error.detail)

    def try_write(self, number: int, wanted: int | uuid.UUID) -> None:
        """As `write`, for what a device may lack."""
        with suppress(DeviceError):
            self.write(number, wanted)
