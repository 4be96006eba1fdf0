"""Domain ⇄ canonical text: the one generic codec.

Rules kept here: the text is RFC 8785 for our narrow profile (ASCII keys; strings, booleans, integers below 2^53,
lists, objects; no null, no float), so that hashing it is safe; a ``Personal`` leaves only its commitment in the text,
its value and salt travel beside it; unknown fields are ignored, an unknown type is an error the caller can tell apart.
"""

from __future__ import annotations

import functools
import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from yichuang_domain.personal import Personal

T = TypeVar("T")
Disclosures = dict[str, tuple[str, str]]
"""commitment → (value, salt)"""
Disclosed = Mapping[str, tuple[str, str]]
Writer = Callable[[Any, Disclosures], Any]
Reader = Callable[[Any, Disclosed], Any]
_LIMIT = 1 << 53
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class CodecError(ValueError):
    """The text is not one that this codec writes."""


class UnknownTypeError(CodecError):
    """A member of a union that this release does not know: keep the text, do not fold it."""


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A canonical text and what was left out of it."""

    text: bytes
    disclosures: Disclosures


def digest(text: bytes) -> str:
    """SHA-256 of a canonical text, hex."""
    return hashlib.sha256(text).hexdigest()


def encode(value: object) -> Encoded:
    """Write a frozen domain value as canonical text.

    Raises CodecError for a value outside the profile.
    """
    disclosures: Disclosures = {}
    hint: Any = type(value)
    plain = _writer(hint)(value, disclosures)
    return Encoded(text=canonical(plain), disclosures=disclosures)


def canonical(plain: object) -> bytes:
    """The canonical text of plain JSON data. Raises CodecError for lone surrogates."""
    try:
        return _ENCODER.encode(plain).encode()
    except UnicodeEncodeError as error:
        raise CodecError("lone surrogate") from error


def decode(kind: type[T], text: bytes, disclosures: Disclosed | None = None) -> T:
    """Read a canonical text as ``kind``; personal values come back where ``disclosures`` has them.

    Raises CodecError, of it UnknownTypeError for an unknown member of a union.
    """
    try:
        plain = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CodecError("not a text of ours") from error
    hint: Any = kind
    found: T = _reader(hint)(plain, disclosures or {})
    return found


@functools.cache
def _writer(hint: Any) -> Writer:
    """Writes the values of a field: how, is looked up once for each type that comes."""
    known: dict[type, Writer] = {}

    def write(value: Any, disclosures: Disclosures) -> Any:
        kind = type(value)
        found = known.get(kind)
        if found is None:
            found = known[kind] = _writer_of(kind, hint)
        return found(value, disclosures)

    return write


def _writer_of(kind: type, hint: Any) -> Writer:
    if issubclass(kind, Personal):
        return _write_personal
    if is_dataclass(kind):
        return _object_writer(kind, kind.__name__ if len(_members(hint)) > 1 else "")
    if issubclass(kind, tuple | frozenset):
        each = _writer(_inner(hint))
        if issubclass(kind, frozenset):
            return lambda value, disclosures: sorted(each(item, disclosures) for item in value)
        return lambda value, disclosures: [each(item, disclosures) for item in value]
    for base, write in _SCALARS.items():
        if issubclass(kind, base):
            return lambda value, _: write(value)
    raise CodecError(f"a {kind.__name__} has no place in a canonical text")


def _object_writer(kind: Any, tag: str) -> Writer:
    writers = tuple((name, _writer(hint)) for name, hint in _hints(kind).items())

    def write(value: Any, disclosures: Disclosures) -> dict[str, Any]:
        plain = {}
        for name, write_field in writers:
            part = getattr(value, name)
            if type(part) is str:  # most are, and a text is itself whatever its field
                plain[name] = part
            elif part is not None:
                plain[name] = write_field(part, disclosures)
        if tag:
            plain["type"] = tag
        return plain

    return write


def _write_personal(value: Personal, disclosures: Disclosures) -> dict[str, str]:
    if value.value is not None and value.salt is not None:
        disclosures[value.commitment] = (value.value, value.salt)
    return {"commitment": value.commitment}


def _time(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecError("a time without a zone")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole_number(value: int) -> int:
    if -_LIMIT < value < _LIMIT:
        return value
    raise CodecError("an int has no place in a canonical text")


_SCALARS: dict[type, Callable[[Any], Any]] = {
    Enum: lambda value: value.value,
    datetime: _time,
    date: date.isoformat,
    bool: lambda value: value,
    str: lambda value: value,
    int: _whole_number,
}
"""In this order: what is an Enum may be a str, a datetime is a date, a bool an int."""


@functools.cache
def _reader(hint: Any) -> Reader:
    """Reads the values of a field."""
    members = _members(hint)
    if len(members) > 1:
        return _union_reader(members)
    kind = members[0]
    if kind is Personal:
        return lambda plain, disclosures: _personal(_checked(plain, dict), disclosures)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin = get_origin(kind)
    if origin in (tuple, frozenset):
        each = _reader(_inner(kind))
        return lambda plain, disclosures: origin(each(item, disclosures) for item in _checked(plain, list))
    return _scalar_reader(kind)


def _union_reader(members: tuple[Any, ...]) -> Reader:
    readers = {kind.__name__: _reader(kind) for kind in reversed(members)}

    def read(plain: Any, disclosures: Disclosed) -> Any:
        name = _checked(plain, dict).get("type")
        found = readers.get(name) if isinstance(name, str) else None
        if found is None:
            raise UnknownTypeError(str(name))
        return found(plain, disclosures)

    return read


def _scalar_reader(kind: Any) -> Reader:
    if kind in (str, bool, int):

        def read_plain(plain: Any, _: Disclosed) -> Any:
            if type(plain) is not kind:
                raise CodecError(f"not a {kind.__name__}")
            return plain

        return read_plain
    make = kind if issubclass(kind, Enum) else kind.fromisoformat

    def read(plain: Any, _: Disclosed) -> Any:
        try:
            return make(plain)
        except (ValueError, TypeError) as error:
            raise CodecError(f"not a {kind.__name__}") from error

    return read


def _dataclass_reader(kind: Any) -> Reader:
    def read(plain: Any, disclosures: Disclosed) -> Any:
        _checked(plain, dict)
        readers, nullable = _field_readers(kind)
        given = dict.fromkeys(nullable)
        for name, read_field in readers:
            part = plain.get(name)
            if part is not None:
                given[name] = read_field(part, disclosures)
        try:
            return kind(**given)
        except TypeError as error:
            raise CodecError(f"a {kind.__name__} without a needed field") from error

    return read


@functools.cache
def _field_readers(kind: Any) -> tuple[tuple[tuple[str, Reader], ...], tuple[str, ...]]:
    """The readers of the fields, and those that may be missing; found when a value is read: a type may hold itself."""
    return tuple((name, _reader(hint)) for name, hint in _hints(kind).items()), _nullable(kind)


def _personal(plain: dict[str, Any], disclosures: Disclosed) -> Personal:
    commitment = _checked(plain.get("commitment"), str)
    value, salt = disclosures.get(commitment, (None, None))
    found = Personal(commitment=commitment, value=value, salt=salt)
    if value is not None and not found.is_true():
        raise CodecError("a disclosure that does not match its commitment")
    return found


def _checked(plain: Any, kind: type) -> Any:
    if not isinstance(plain, kind):
        raise CodecError(f"not a {kind.__name__}")
    return plain


@functools.cache
def _members(hint: Any) -> tuple[Any, ...]:
    """The types a hint allows, without None and with NewTypes resolved."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(kind for part in get_args(hint) if part is not type(None) for kind in _members(part))
    return (hint,)


def _inner(hint: Any) -> Any:
    args = get_args(_members(hint)[0])
    return args[0] if args else object


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _nullable(kind: Any) -> tuple[str, ...]:
    """Fields without a default that may be None: left out of the text, read back as None."""
    hints = _hints(kind)
    empty = [f.name for f in fields(kind) if f.default is f.default_factory]
    return tuple(name for name in empty if type(None) in get_args(hints[name]))
