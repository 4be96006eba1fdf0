"""SANE 选项: the options of an open device by name.

Two habits of real backends shape this module: setting one option may change which others exist or are
active (RELOAD_OPTIONS: the descriptors are read again), and a backend keeps options over close and open
in one process (so what a batch set on purpose is put back after it).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import byref, c_char_p, c_int, c_void_p, cast

from yichuang_client.devices import sane_library as sane
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.sane_library import Descriptor, Library, ValueType
from yichuang_client.devices.scanning import OptionValue, ScannerOption

_WORD = ctypes.sizeof(c_int)


class Options:
    """设备选项表: reads and sets the options of one open device."""

    def __init__(self, library: Library, handle: c_void_p) -> None:
        self._library = library
        self._handle = handle
        self._index: dict[str, int] = {}
        self._load()

    def _load(self) -> None:
        self._index = {}
        number = 1
        while True:
            pointer = self._library.raw.sane_get_option_descriptor(self._handle, number)
            if not pointer:
                return
            row: Descriptor = pointer.contents
            if row.name and row.type != ValueType.GROUP:
                self._index.setdefault(sane.text(row.name), number)
            number += 1

    def _row(self, name: str) -> Descriptor:
        number = self._index.get(name)
        if number is None:
            raise DeviceError(Trouble.BAD_SETTING, name)
        row: Descriptor = self._library.raw.sane_get_option_descriptor(self._handle, number).contents
        return row

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._index))

    def describe(self, name: str) -> ScannerOption:
        """Tell an option as it stands; raises DeviceError(BAD_SETTING) for an unknown name."""
        row = self._row(name)
        choices, minimum, maximum = _constraint(row)
        return ScannerOption(
            name=name,
            kind=ValueType(row.type).name.lower(),
            unit=sane.UNITS[row.unit] if 0 <= row.unit < len(sane.UNITS) else "none",
            value=self.get(name),
            choices=choices,
            minimum=minimum,
            maximum=maximum,
            is_active=not row.cap & sane.CAP_INACTIVE,
        )

    def get(self, name: str) -> OptionValue | None:
        """Read a value; None for buttons, arrays and options that cannot be read now."""
        row = self._row(name)
        is_array = row.type != ValueType.STRING and row.size > _WORD
        can_be_read = row.cap & sane.CAP_SOFT_DETECT and not row.cap & sane.CAP_INACTIVE
        if row.type == ValueType.BUTTON or is_array or not can_be_read:
            return None
        room = ctypes.create_string_buffer(max(row.size, _WORD))
        self._control(name, sane.ACTION_GET, cast(room, c_void_p))
        if row.type == ValueType.STRING:
            return sane.text(room.value)
        return _from_word(row, c_int.from_buffer(room).value)

    def set(self, name: str, value: OptionValue) -> None:
        """Set an option; raises DeviceError(BAD_SETTING, name) when it is unknown, inactive or out of bounds.

        A number between two allowed ones is rounded by the backend, as the standard says.
        """
        row = self._row(name)
        if row.cap & sane.CAP_INACTIVE or not row.cap & sane.CAP_SOFT_SELECT:
            raise DeviceError(Trouble.BAD_SETTING, name)
        room: ctypes.Array[ctypes.c_char] | c_int
        if row.type == ValueType.STRING:
            _check_choice(row, name, value)
            raw = str(value).encode()
            if len(raw) >= row.size:
                raise DeviceError(Trouble.BAD_SETTING, name)
            room = ctypes.create_string_buffer(raw, row.size)
        else:
            room = c_int(_to_word(row, name, value))
        self._control(name, sane.ACTION_SET, cast(byref(room), c_void_p))

    def _control(self, name: str, action: int, room: c_void_p) -> None:
        info = c_int(0)
        status = self._library.raw.sane_control_option(self._handle, self._index[name], action, room, byref(info))
        if info.value & sane.INFO_RELOAD_OPTIONS:
            self._load()
        sane.check(status, name)


def _constraint(row: Descriptor) -> tuple[tuple[OptionValue, ...], float | None, float | None]:
    """The listed choices and the range of an option."""
    if row.constraint_type == sane.CONSTRAINT_RANGE:
        span = row.constraint.range.contents
        return (), float(_from_word(row, span.min)), float(_from_word(row, span.max))
    if row.constraint_type == sane.CONSTRAINT_WORD_LIST:
        words = row.constraint.words
        return tuple(_from_word(row, words[n]) for n in range(1, words[0] + 1)), None, None
    if row.constraint_type == sane.CONSTRAINT_STRING_LIST:
        return tuple(_strings(row.constraint.strings)), None, None
    return (), None, None


def _strings(rows: ctypes._Pointer[c_char_p]) -> Iterator[str]:
    number = 0
    while rows[number]:
        yield sane.text(rows[number])
        number += 1


def _check_choice(row: Descriptor, name: str, value: OptionValue) -> None:
    choices = _constraint(row)[0]
    if not isinstance(value, str) or (choices and value not in choices):
        raise DeviceError(Trouble.BAD_SETTING, name)


def _from_word(row: Descriptor, word: int) -> bool | int | float:
    if row.type == ValueType.BOOL:
        return bool(word)
    return word / sane.FIXED_ONE if row.type == ValueType.FIXED else word


def _to_word(row: Descriptor, name: str, value: OptionValue) -> int:
    if isinstance(value, str):
        raise DeviceError(Trouble.BAD_SETTING, name)
    choices, minimum, maximum = _constraint(row)
    outside = minimum is not None and maximum is not None and not minimum <= value <= maximum
    if outside or (choices and value not in choices):
        raise DeviceError(Trouble.BAD_SETTING, name)
    return round(value * sane.FIXED_ONE) if row.type == ValueType.FIXED else int(value)
