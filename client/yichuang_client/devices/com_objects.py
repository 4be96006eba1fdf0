"""COM by ctypes: calls through the tables of other objects, objects of this program's own, values and strings.

Only what WIA needs. Written by Microsoft's documents; on 64 bits all calls are of one kind, so that a table made here
can be called here on any system, which is how it is tested.
"""

from __future__ import annotations

import ctypes
import uuid
from collections.abc import Callable, Sequence
from ctypes import addressof, c_int32, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any, ClassVar

S_OK, S_FALSE = 0, 1
E_NO_INTERFACE = -0x7FFFBFFE
UNKNOWN = uuid.UUID("00000000-0000-0000-c000-000000000046")
_call: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
_Query = _call(c_int32, c_void_p, c_void_p, c_void_p)
_Count = _call(c_uint32, c_void_p)
Deed = Callable[..., int]
INT, TEXT, GUID_VALUE, LIST = 3, 8, 72, 0x1000
"""Kinds of a Variant: VT_I4, VT_BSTR, VT_CLSID, VT_VECTOR."""


def guid(value: uuid.UUID) -> Any:
    """A GUID in memory."""
    return (ctypes.c_char * 16).from_buffer_copy(value.bytes_le)


def place(value: Any) -> c_void_p:
    """Where a value lies, as an argument."""
    return c_void_p(addressof(value))


def text_at(address: int | None) -> str:
    """A string of COM (BSTR); empty for none."""
    if not address:
        return ""
    size = c_uint32.from_address(address - 4).value
    return ctypes.string_at(address, size).decode("utf-16-le", "replace")


class Spec(ctypes.Structure):
    """PROPSPEC of a number."""

    _fields_ = (("kind", c_uint32), ("number", c_uint64))

    @classmethod
    def of(cls, number: int) -> Spec:
        """The property with this number."""
        return cls(1, number)


class Variant(ctypes.Structure):
    """PROPVARIANT, whose value is a number, an address, or a count and an address."""

    _fields_ = (("kind", c_uint16), ("reserved", c_uint16 * 3), ("value", c_uint64), ("address", c_uint64))

    @property
    def number(self) -> int:
        """As a whole number with a sign."""
        return int(c_int32(self.value & 0xFFFFFFFF).value)

    def numbers(self) -> tuple[int, ...]:
        """As a list of whole numbers; empty when it is none."""
        if self.kind != LIST | INT or not self.address:
            return ()
        count = self.value & 0xFFFFFFFF
        return tuple((c_int32 * count).from_address(self.address))


class Pointer:
    """An object of somebody else; let go when it leaves its `with`."""

    def __init__(self, address: int) -> None:
        self.address = address

    def call(self, index: int, *arguments: Any) -> int:
        """Call the function at a place of its table with arguments of ctypes; the HRESULT."""
        table = c_void_p.from_address(self.address).value or 0
        function = c_void_p.from_address(table + index * ctypes.sizeof(c_void_p)).value
        kinds = [type(argument) for argument in arguments]
        return int(_call(c_int32, c_void_p, *kinds)(function)(self.address, *arguments))

    def query(self, interface: uuid.UUID) -> tuple[int, Pointer]:
        """Another side of the object, and the HRESULT."""
        found, name = c_void_p(), guid(interface)
        code = self.call(0, place(name), place(found))
        return code, Pointer(found.value or 0)

    def release(self) -> None:
        """Let it go."""
        if self.address:
            self.call(2)
            self.address = 0

    def __enter__(self) -> Pointer:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class OwnObject:
    """An object that others call; it lives as long as somebody holds it."""

    _alive: ClassVar[dict[int, OwnObject]] = {}

    def __init__(self, interfaces: Sequence[uuid.UUID], functions: Sequence[tuple[Any, Deed]]) -> None:
        """``functions``: their types of ctypes and what they do, in the table's order behind the three of IUnknown."""
        self._interfaces = {UNKNOWN, *interfaces}
        own = [(_Query, self._query), (_Count, self._hold), (_Count, self._let_go)]
        self._functions = [kind(function) for kind, function in (*own, *functions)]
        rows = [ctypes.cast(function, c_void_p).value for function in self._functions]
        self._table = (c_void_p * len(rows))(*rows)
        self._self = c_void_p(addressof(self._table))
        self.address = addressof(self._self)
        self._count = 1
        self._alive[self.address] = self

    def _query(self, _self: int, name: int, found: int) -> int:
        if uuid.UUID(bytes_le=ctypes.string_at(name, 16)) not in self._interfaces:
            c_void_p.from_address(found).value = None
            return E_NO_INTERFACE
        c_void_p.from_address(found).value = self.address
        self._hold(self.address)
        return S_OK

    def _hold(self, _self: int) -> int:
        self._count += 1
        return self._count

    def _let_go(self, _self: int) -> int:
        self._count -= 1
        if not self._count:
            self._alive.pop(self.address, None)
        return self._count


def function_type(*arguments: Any) -> Any:
    """The type of a function of a table: the object itself, then these; it returns an HRESULT."""
    return _call(c_int32, c_void_p, *arguments)
