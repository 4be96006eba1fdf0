"""TWAIN 能力: what a source offers and how it is set, out of and into the four kinds of containers.

Rules kept here: whoever made a container, this program frees it; a value that a source
does not take is a trouble only for who asked for just that value.
"""

from __future__ import annotations

import ctypes
import enum
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.twain_library import (
    CONTROL,
    Capability,
    Data,
    EntryPoint,
    Fix32,
    Identity,
    Manager,
    Message,
    Return,
)

_ARRAY, _ENUMERATION, _ONE, _RANGE = 3, 4, 5, 6
_BOOL, _FIX32 = 6, 7
_FORMATS = {0: "b", 1: "h", 2: "i", 3: "B", 4: "H", 5: "I", _BOOL: "H", _FIX32: "hH"}
"""By the type of the item; texts and frames are not asked for."""
_MOST_ITEMS = 4096


class Cap(enum.IntEnum):
    """Capabilities (CAP_…, ICAP_…)."""

    TRANSFER_COUNT = 0x0001
    COMPRESSION = 0x0100
    PIXEL_TYPE = 0x0101
    UNITS = 0x0102
    TRANSFER_MECHANISM = 0x0103
    FEEDER_ENABLED = 0x1002
    FEEDER_LOADED = 0x1003
    AUTO_FEED = 0x1007
    INDICATORS = 0x100B
    PAPER_DETECTABLE = 0x100D
    UI_CONTROLLABLE = 0x100E
    AUTO_SCAN = 0x1010
    DUPLEX = 0x1012
    DUPLEX_ENABLED = 0x1013
    PHYSICAL_WIDTH = 0x1111
    PHYSICAL_HEIGHT = 0x1112
    X_RESOLUTION = 0x1118
    Y_RESOLUTION = 0x1119
    BIT_ORDER = 0x111C
    PIXEL_FLAVOR = 0x111F
    PLANAR_CHUNKY = 0x1120
    BIT_DEPTH = 0x112B


Number = int | float


@dataclass(frozen=True, kw_only=True)
class Offer:
    """能力值: what a capability may be and is."""

    kind: int
    """Type of the item (TWTY_…)."""
    current: Number | None
    """Present value, None for a list without one."""
    choices: tuple[Number, ...] = ()
    """All values when the source lists them."""
    minimum: Number | None = None
    """Lower end of a range."""
    maximum: Number | None = None
    """Upper end of a range."""

    def within(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Those of `values` that it may be, or those that it lists."""
        if self.minimum is not None and self.maximum is not None:
            return tuple(value for value in values if self.minimum <= value <= self.maximum)
        return tuple(int(value) for value in self.choices)


class Capabilities:
    """The capabilities of one open source."""

    def __init__(self, manager: Manager, source: Identity, memory: EntryPoint) -> None:
        self._manager, self._source, self._memory = manager, source, memory

    def offer(self, cap: int) -> Offer | None:
        """All that a capability may be; None when the source has none such or tells it in an unknown way."""
        return self._read(cap, Message.GET)

    def current(self, cap: int) -> Number | None:
        """What it is now; None when the source has none such."""
        found = self._read(cap, Message.GET_CURRENT)
        return None if found is None else found.current

    def set(self, cap: int, value: Number, kind: int | None = None) -> None:
        """Set one value. ``kind``: its type, asked of the source otherwise. Raises DeviceError."""
        if kind is None:
            found = self._read(cap, Message.GET_CURRENT)
            if found is None:
                raise DeviceError(Trouble.BAD_SETTING, f"capability {cap:#06x}")
            kind = found.kind
        raw = struct.pack("<H", kind) + _packed(kind, value)
        handle = self._memory.allocate(len(raw))
        if not handle:
            raise DeviceError(Trouble.ABORTED, "no memory")
        try:
            ctypes.memmove(self._memory.lock(handle), raw, len(raw))
            self._memory.unlock(handle)
            asked = Capability(number=cap, container=_ONE, handle=handle)
            # a source that could not keep to it answers CHECK_STATUS: what it made of it is asked where it matters
            self._manager.check(self._source, CONTROL, Data.CAPABILITY, Message.SET, asked)
        finally:
            self._memory.free(handle)

    def try_set(self, cap: int, value: Number, kind: int | None = None) -> bool:
        """As `set`; False when the source does not want it."""
        try:
            self.set(cap, value, kind)
        except DeviceError as error:
            if error.trouble is not Trouble.BAD_SETTING:
                raise
            return False
        return True

    def _read(self, cap: int, message: Message) -> Offer | None:
        asked = Capability(number=cap, container=0xFFFF)
        code = self._manager.call(self._source, CONTROL, Data.CAPABILITY, message, asked)
        if code not in (Return.SUCCESS, Return.CHECK_STATUS) or not asked.handle:
            return None
        try:
            place = self._memory.lock(asked.handle)
            return read_container(asked.container, lambda start, count: ctypes.string_at(place + start, count))
        finally:
            self._memory.unlock(asked.handle)
            self._memory.free(asked.handle)


def read_container(container: int, read: Callable[[int, int], bytes]) -> Offer | None:
    """The values in a container; ``read``: its bytes from a place on. None for one that is not understood."""
    (kind,) = struct.unpack("<H", read(0, 2))
    form = _FORMATS.get(kind)
    if form is None:
        return None
    size = struct.calcsize(f"<{form}")

    def items(start: int, count: int, step: int = size) -> tuple[Number, ...]:
        raw = read(start, step * count)
        return tuple(_number(kind, raw[place * step :]) for place in range(count))

    if container == _ONE:
        return Offer(kind=kind, current=items(2, 1)[0])
    if container == _RANGE:
        low, high, _, _, now = items(2, 5, 4)
        return Offer(kind=kind, current=now, minimum=low, maximum=high)
    if container not in (_ENUMERATION, _ARRAY):
        return None
    (count,) = struct.unpack("<I", read(2, 4))
    if count > _MOST_ITEMS:
        return None
    if container == _ARRAY:
        return Offer(kind=kind, current=None, choices=items(6, count))
    (index,) = struct.unpack("<I", read(6, 4))
    choices = items(14, count)
    return Offer(kind=kind, current=choices[index] if index < count else None, choices=choices)


def _number(kind: int, raw: bytes) -> Number:
    values: tuple[Any, ...] = struct.unpack_from(f"<{_FORMATS[kind]}", raw)
    return values[0] + values[1] / 65536 if kind == _FIX32 else int(values[0])


def _packed(kind: int, value: Number) -> bytes:
    """One item, filled up to the four bytes of TW_ONEVALUE."""
    if kind not in _FORMATS:
        raise DeviceError(Trouble.BAD_SETTING, f"type {kind}")
    try:
        if kind == _FIX32:
            return bytes(Fix32.of(value))
        return struct.pack(f"<{_FORMATS[kind]}", int(value)).ljust(4, b"\0")
    except struct.error as error:
        raise DeviceError(Trouble.BAD_SETTING, f"{value} of type {kind}") from error
