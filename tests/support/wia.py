"""Windows Image Acquisition of ours: a device with a feeder and a glass, called through the tables of its objects.

Written from the same documents as the driver; no service of Windows, no maker's driver.
"""

from __future__ import annotations

import ctypes
import io
import uuid
from collections.abc import Callable, Sequence
from ctypes import c_int32, c_int64, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass, field

from PIL import Image

from yichuang_client.devices import wia_library as wia
from yichuang_client.devices.com_objects import (
    INT,
    LIST,
    S_FALSE,
    S_OK,
    TEXT,
    OwnObject,
    Pointer,
    Spec,
    Variant,
    function_type,
    place,
)
from yichuang_client.devices.wia_transfer import TransferParams

INVALID = -0x7FF8FFA9
JAM, EMPTY = 0x80210002 - (1 << 32), 0x80210003 - (1 << 32)
DEVICE = "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}\\0001"
_NEVER = (function_type(), lambda _self: INVALID)


@dataclass(kw_only=True)
class Desk:
    """What the device has, and what was asked of it."""

    pages: int = 3
    fails_with: int = 0
    """After the pages, instead of the end."""
    is_cut: bool = False
    """Whether a page's bytes are not whole."""
    values: dict[int, int] = field(default_factory=dict)
    """Numbers that were set."""
    format: uuid.UUID | None = None
    texts: dict[int, ctypes.Array[ctypes.c_char]] = field(default_factory=dict)
    is_closed: bool = False

    def given(self, thing: OwnObject, target: int) -> int:
        """Hand an object out."""
        c_void_p.from_address(target).value = thing.address
        return S_OK

    # what `Ole` is

    def manager(self) -> Pointer:
        """As `Ole.manager`."""
        functions = [
            (function_type(c_int32, c_void_p), self._devices),
            (function_type(c_int32, c_void_p, c_void_p), self._create),
        ]
        return Pointer(OwnObject([wia.MANAGER], functions).address)

    def text(self, text: str) -> int:
        """As `Ole.text`."""
        raw = text.encode("utf-16-le")
        kept = ctypes.create_string_buffer(len(raw).to_bytes(4, "little") + raw + bytes(2))
        address = ctypes.addressof(kept) + 4
        self.texts[address] = kept
        return address

    def free_text(self, address: int) -> None:
        """As `Ole.free_text`."""
        del self.texts[address]

    def clear(self, variant: Variant) -> None:
        """As `Ole.clear`."""
        if variant.kind == TEXT:
            self.free_text(variant.value)
        variant.kind = 0

    def stream(self) -> Pointer:
        """As `Ole.stream`."""
        return Pointer(Stream().object.address)

    def close(self) -> None:
        """As `Ole.close`."""
        self.is_closed = True

    # the objects

    def _devices(self, _self: int, _flags: int, target: int) -> int:
        scanner = {wia.DEVICE_TYPE: 0x10000, wia.DEVICE_ID: DEVICE, wia.VENDOR: "Ours", wia.DEVICE_NAME: "Two ways"}
        camera = {**scanner, wia.DEVICE_TYPE: 0x20000}
        rows = [lambda: Storage(self, camera, {}).object, lambda: Storage(self, scanner, {}).object]
        return self.given(_enumerator(rows), target)

    def _create(self, _self: int, _flags: int, name: int, target: int) -> int:
        if name not in self.texts or DEVICE.encode("utf-16-le") not in self.texts[name].raw:
            return 0x80210015 - (1 << 32)
        return self.given(Item(self, None).object, target)


def _enumerator(rows: Sequence[Callable[[], OwnObject]]) -> OwnObject:
    left = list(rows)

    def following(_self: int, _count: int, target: int, fetched: int) -> int:
        if not left:
            c_void_p.from_address(target).value = None
            return S_FALSE
        c_void_p.from_address(target).value = left.pop(0)().address
        c_uint32.from_address(fetched).value = 1
        return S_OK

    return OwnObject([], [(function_type(c_uint32, c_void_p, c_void_p), following)])


class Storage:
    """The properties of one thing."""

    def __init__(
        self, desk: Desk, values: dict[int, int | str], choices: dict[int, tuple[int, tuple[int, ...]]]
    ) -> None:
        self._desk, self._values, self._choices = desk, values, choices
        self._kept: list[object] = []
        read = (function_type(c_uint32, c_void_p, c_void_p), self._read)
        write = (function_type(c_uint32, c_void_p, c_void_p, c_uint32), self._write)
        tell = (function_type(c_uint32, c_void_p, c_void_p, c_void_p), self._tell)
        self.object = OwnObject([wia.PROPERTIES], [read, write, *[_NEVER] * 10, tell])

    def _read(self, _self: int, _count: int, spec: int, target: int) -> int:
        value = self._desk.values.get(number := Spec.from_address(spec).number, self._values.get(number))
        out = Variant.from_address(target)
        if value is None:
            out.kind = 0
            return S_FALSE
        out.kind = TEXT if isinstance(value, str) else INT
        out.value = self._desk.text(value) if isinstance(value, str) else value & 0xFFFFFFFF
        return S_OK

    def _write(self, _self: int, _count: int, spec: int, source: int, _first: int) -> int:
        number, value = Spec.from_address(spec).number, Variant.from_address(source)
        if number == wia.FORMAT:
            self._desk.format = uuid.UUID(bytes_le=ctypes.string_at(value.value, 16))
            return S_OK
        flags, values = self._choices.get(number, (0, ()))
        is_listed = value.number in values[2:] if flags & 0x20 else True
        is_within = values[0] <= value.number <= values[2] if flags & 0x10 else True
        if not is_listed or not is_within or number == 9999:
            return INVALID
        self._desk.values[number] = value.number
        return S_OK

    def _tell(self, _self: int, _count: int, spec: int, flags: int, target: int) -> int:
        flag, values = self._choices.get(Spec.from_address(spec).number, (0, ()))
        if not values:
            return INVALID
        rows = (c_int32 * len(values))(*values)
        self._kept.append(rows)
        out = Variant.from_address(target)
        out.kind, out.value, out.address = LIST | INT, len(values), ctypes.addressof(rows)
        c_uint32.from_address(flags).value = flag
        return S_OK


_OFFER = {wia.DATA_TYPE: (0x20, (3, 3, 0, 2, 3)), wia.X_DPI: (0x10, (100, 300, 600, 1))}
_OF_ITEM: dict[int, int | str] = {wia.X_DPI: 300, wia.MOST_WIDTH: 8500, wia.MOST_HEIGHT: 14000}


class Item:
    """The device itself, or one of its ways."""

    def __init__(self, desk: Desk, category: uuid.UUID | None) -> None:
        self._desk, self._category = desk, category
        children = (function_type(c_void_p, c_void_p), self._children)
        name = (function_type(c_void_p), self._tell_category)
        self.object = _Sides(desk, category, [_NEVER, _NEVER, children, _NEVER, name])

    def _children(self, _self: int, _category: int, target: int) -> int:
        ways = (wia.FLATBED, wia.FEEDER)
        rows = [lambda category=category: Item(self._desk, category).object for category in ways]
        return self._desk.given(_enumerator(rows), target)

    def _tell_category(self, _self: int, target: int) -> int:
        if self._category is None:
            return INVALID
        ctypes.memmove(target, self._category.bytes_le, 16)
        return S_OK


class _Sides(OwnObject):
    """An item with its other sides: properties and, below the root, transfer."""

    def __init__(self, desk: Desk, category: uuid.UUID | None, functions: Sequence[object]) -> None:
        self._desk, self._category = desk, category
        super().__init__([], functions)  # type: ignore[arg-type]

    def _query(self, own: int, name: int, found: int) -> int:
        wanted = uuid.UUID(bytes_le=ctypes.string_at(name, 16))
        if wanted == wia.PROPERTIES:
            values = _OF_ITEM if self._category else {wia.HANDLING_CAPABILITIES: 7}
            return self._desk.given(Storage(self._desk, dict(values), _OFFER if self._category else {}).object, found)
        if wanted == wia.TRANSFER and self._category:
            return self._desk.given(_transfer(self._desk, self._category), found)
        return super()._query(own, name, found)


def _transfer(desk: Desk, category: uuid.UUID) -> OwnObject:
    def download(_self: int, _flags: int, receiver: int) -> int:
        count = desk.pages if category == wia.FEEDER else 1
        for number in range(count):
            if _send(desk, Pointer(receiver), number) != S_OK:
                return S_FALSE
        if category == wia.FEEDER and not count:
            return EMPTY
        return desk.fails_with

    return OwnObject([wia.TRANSFER], [(function_type(c_int32, c_void_p), download)])


def picture(number: int) -> Image.Image:
    """A page of the device."""
    return Image.linear_gradient("L").resize((120, 80)).rotate(90 * number)


def _send(desk: Desk, receiver: Pointer, number: int) -> int:
    found, name = c_void_p(), desk.text("page")
    code = receiver.call(4, c_int32(0), c_void_p(name), c_void_p(name), place(found))
    desk.free_text(name)
    if code != S_OK or not found.value:
        return code
    out = io.BytesIO()
    kind = {0: "1", 2: "L", 3: "RGB"}[desk.values.get(wia.DATA_TYPE, 2)]
    picture(number).convert(kind).save(out, "BMP")
    raw = out.getvalue()[: len(out.getvalue()) // 2 if desk.is_cut else None]
    with Pointer(found.value) as stream:
        kept, wrote = ctypes.create_string_buffer(raw, len(raw)), c_uint32()
        stream.call(4, place(kept), c_uint32(len(raw)), place(wrote))
        for message in (1, 2):
            params = TransferParams(message, 50, len(raw), 0)
            code = receiver.call(3, c_int32(0), place(params))
    return code


class Stream:
    """A stream in memory (IStream): read, write, seek."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        move = function_type(c_void_p, c_uint32, c_void_p)
        seek = function_type(c_int64, c_uint32, c_void_p)
        self.object = OwnObject([], [(move, self._read), (move, self._write), (seek, self._seek)])

    def _read(self, _self: int, target: int, count: int, got: int) -> int:
        raw = self._bytes.read(count)
        ctypes.memmove(target, raw, len(raw))
        c_uint32.from_address(got).value = len(raw)
        return S_OK

    def _write(self, _self: int, source: int, count: int, wrote: int) -> int:
        c_uint32.from_address(wrote).value = self._bytes.write(ctypes.string_at(source, count))
        return S_OK

    def _seek(self, _self: int, offset: int, origin: int, position: int | None) -> int:
        at = self._bytes.seek(offset, origin)
        if position:
            c_uint64.from_address(position).value = at
        return S_OK
