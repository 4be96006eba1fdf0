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
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from yichuang_domain.personal import Personal

T = TypeVar("T")
Disclosures = dict[str, tuple[str, str]]
"""commitment → (value, salt)"""
_LIMIT = 1 << 53


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
    plain = _plain(value, type(value), disclosures)
    return Encoded(text=canonical(plain), disclosures=disclosures)


def canonical(plain: object) -> bytes:
    """The canonical text of plain JSON data. Raises CodecError for lone surrogates."""
    try:
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise CodecError("lone surrogate") from error


def decode(kind: type[T], text: bytes, disclosures: Mapping[str, tuple[str, str]] | None = None) -> T:
    """Read a canonical text as ``kind``; personal values come back where ``disclosures`` has them.

    Raises CodecError, of it UnknownTypeError for an unknown member of a union.
    """
    try:
        plain = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CodecError("not a text of ours") from error
    found: T = _value(plain, kind, disclosures or {})
    return found


def _plain(value: object, hint: Any, disclosures: Disclosures) -> Any:
    if isinstance(value, Personal):
        if value.value is not None and value.salt is not None:
            disclosures[value.commitment] = (value.value, value.salt)
        return {"commitment": value.commitment}
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value, hint, disclosures)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(_plain(item, _inner(hint), disclosures) for item in value)
    if isinstance(value, tuple):
        return [_plain(item, _inner(hint), disclosures) for item in value]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int) and -_LIMIT < value < _LIMIT:
        return value
    raise CodecError(f"a {type(value).__name__} has no place in a canonical text")


def _object(value: Any, hint: Any, disclosures: Disclosures) -> dict[str, Any]:
    kind: Any = type(value)
    hints = _hints(kind)
    plain = {
        name: _plain(getattr(value, name), hints[name], disclosures)
        for name in hints
        if getattr(value, name) is not None
    }
    if len(_members(hint)) > 1:
        plain["type"] = type(value).__name__
    return plain


def _time(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecError("a time without a zone")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(plain: Any, hint: Any, disclosures: Mapping[str, tuple[str, str]]) -> Any:
    members = _members(hint)
    if len(members) > 1:
        return _value(plain, _member(plain, members), disclosures)
    kind = members[0]
    if kind is Personal:
        return _personal(_checked(plain, dict), disclosures)
    if is_dataclass(kind):
        return _dataclass(_checked(plain, dict), kind, disclosures)
    origin = get_origin(kind)
    if origin in (tuple, frozenset):
        return origin(_value(item, _inner(kind), disclosures) for item in _checked(plain, list))
    try:
        return _scalar(plain, kind)
    except ValueError as error:
        raise CodecError(f"not a {kind.__name__}") from error


def _scalar(plain: Any, kind: Any) -> Any:
    if issubclass(kind, Enum):
        return kind(plain)
    if kind is datetime:
        return datetime.fromisoformat(_checked(plain, str))
    if kind is date:
        return date.fromisoformat(_checked(plain, str))
    if kind is int and isinstance(plain, bool):
        raise CodecError("not an int")
    return _checked(plain, kind)


def _dataclass(plain: dict[str, Any], kind: Any, disclosures: Mapping[str, tuple[str, str]]) -> Any:
    hints = _hints(kind)
    given = {name: _value(plain[name], hints[name], disclosures) for name in hints if plain.get(name) is not None}
    try:
        return kind(**given, **{name: None for name in _nullable(kind) if name not in given})
    except TypeError as error:
        raise CodecError(f"a {kind.__name__} without a needed field") from error


def _personal(plain: dict[str, Any], disclosures: Mapping[str, tuple[str, str]]) -> Personal:
    commitment = _checked(plain.get("commitment"), str)
    value, salt = disclosures.get(commitment, (None, None))
    found = Personal(commitment=commitment, value=value, salt=salt)
    if value is not None and not found.is_true():
        raise CodecError("a disclosure that does not match its commitment")
    return found


def _member(plain: Any, members: tuple[Any, ...]) -> Any:
    name = _checked(plain, dict).get("type")
    for kind in members:
        if kind.__name__ == name:
            return kind
    raise UnknownTypeError(str(name))


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


@functools.cache
def _nullable(kind: Any) -> tuple[str, ...]:
    """Fields without a default that may be None: left out of the text, read back as None."""
    hints = _hints(kind)
    empty = [f.name for f in fields(kind) if f.default is f.default_factory]
    return tuple(name for name in empty if type(None) in get_args(hints[name]))
