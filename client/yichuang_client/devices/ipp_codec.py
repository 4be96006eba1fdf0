"""IPP 编码: requests and answers of the Internet Printing Protocol as bytes (RFC 8010).

Small on purpose: every value syntax that a printer may send can be read, only those that we send can be
written. Attributes are told apart by group and name; an answer may hold several groups of a kind (one for
each job).
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


class IPPError(ValueError):
    """编码错误: bytes that are no IPP message; the text names the place, never the content."""


class Group(enum.IntEnum):
    """属性组: delimiter tags of the groups we use (RFC 8010 §3.5.1)."""

    OPERATION = 1
    JOB = 2
    END = 3
    PRINTER = 4
    UNSUPPORTED = 5


class Tag(enum.IntEnum):
    """值标签: value tags (RFC 8010 §3.5.2)."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


class Operation(enum.IntEnum):
    """操作: operation ids (RFC 8011 §5.4.15)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CUPS_GET_PRINTERS = 0x4002
    """Every queue of a print service; an extension of CUPS."""


Value = int | bool | str | bytes | tuple[int, ...] | Mapping[str, "Sequence[Value]"] | None
"""A value: resolutions are (across, along, unit), ranges (low, high), collections mappings, out-of-band None."""


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """属性: a named list of values of one syntax, to be sent."""

    name: str
    tag: Tag
    values: tuple[int | bool | str, ...]


def attribute(name: str, tag: Tag, *values: int | bool | str) -> Attribute:
    """Shorthand for an Attribute."""
    return Attribute(name=name, tag=tag, values=values)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """应答: a decoded answer."""

    status: int
    """Status code (RFC 8011 appendix B)."""
    request_id: int
    """The number of the request that it answers."""
    groups: tuple[tuple[int, Mapping[str, Sequence[Value]]], ...] = field(default=())
    """(group tag, attributes by name) in the order of the message."""

    def group(self, kind: Group) -> Mapping[str, Sequence[Value]]:
        """The first group of a kind, empty when there is none."""
        return next(self.all_of(kind), {})

    def all_of(self, kind: Group) -> Iterator[Mapping[str, Sequence[Value]]]:
        """Every group of a kind."""
        return (attributes for tag, attributes in self.groups if tag == kind)


def encode(operation: Operation, request_id: int, groups: Sequence[tuple[Group, Sequence[Attribute]]]) -> bytes:
    """Write a request (version 2.0); a document may follow the returned bytes."""
    parts = [struct.pack(">BBHI", 2, 0, operation, request_id)]
    for group, attributes in groups:
        parts.append(bytes([group]))
        for row in attributes:
            for index, value in enumerate(row.values):
                name = row.name.encode("ascii") if index == 0 else b""
                raw = _encode_value(row.tag, value)
                parts.append(struct.pack(">BH", row.tag, len(name)) + name + struct.pack(">H", len(raw)) + raw)
    parts.append(bytes([Group.END]))
    return b"".join(parts)


def _encode_value(tag: Tag, value: int | bool | str) -> bytes:
    if tag in (Tag.INTEGER, Tag.ENUM) and isinstance(value, int):
        return struct.pack(">i", value)
    if tag is Tag.BOOLEAN:
        return b"\x01" if value else b"\x00"
    if isinstance(value, str):
        return value.encode("utf-8")
    raise IPPError(f"cannot send a value of {tag.name}")


def decode(raw: bytes) -> Answer:
    """Read an answer; raises IPPError for anything malformed or cut short."""
    reader = _Reader(raw)
    version, status, request_id = reader.head()
    if version not in (1, 2):
        raise IPPError(f"version {version}")
    return Answer(status=status, request_id=request_id, groups=tuple(reader.groups()))


class _Reader:
    """Walks over the bytes of a message."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._raw):
            raise IPPError(f"cut short at byte {len(self._raw)}")
        part, self._at = self._raw[self._at : end], end
        return part

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._take(struct.calcsize(layout)))[0])

    def head(self) -> tuple[int, int, int]:
        """Major version, status and request number."""
        version = self._number(">B")
        self._take(1)
        return version, self._number(">H"), self._number(">I")

    def groups(self) -> Iterator[tuple[int, dict[str, list[Value]]]]:
        """Each group with its attributes."""
        tag = self._number(">B")
        while tag != Group.END:
            if tag >= Tag.UNSUPPORTED:
                raise IPPError(f"a value outside any group at byte {self._at}")
            group = tag
            attributes: dict[str, list[Value]] = {}
            values: list[Value] | None = None
            while (tag := self._number(">B")) >= Tag.UNSUPPORTED:
                name, value = self._field(tag)
                if name:
                    values = attributes.setdefault(name, [])
                if values is None:
                    raise IPPError(f"a value without a name at byte {self._at}")
                values.append(value)
            yield group, attributes

    def _field(self, tag: int) -> tuple[str, Value]:
        name = self._take(self._number(">H")).decode("utf-8", "replace")
        raw = self._take(self._number(">H"))
        if tag == Tag.BEGIN_COLLECTION:
            return name, self._collection()
        try:
            return name, _decode_value(tag, raw)
        except struct.error:
            raise IPPError(f"a value of the wrong length at byte {self._at}") from None

    def _collection(self) -> dict[str, list[Value]]:
        """Members up to the end tag; a collection may hold collections."""
        members: dict[str, list[Value]] = {}
        values: list[Value] | None = None
        while (tag := self._number(">B")) != Tag.END_COLLECTION:
            _, value = self._field(tag)
            if tag == Tag.MEMBER_NAME:
                values = members.setdefault(str(value), [])
            elif values is None:
                raise IPPError(f"a member without a name at byte {self._at}")
            else:
                values.append(value)
        self._take(self._number(">H"))
        self._take(self._number(">H"))
        return members


def _decode_value(tag: int, raw: bytes) -> Value:
    if tag < Tag.INTEGER:
        return None
    if tag in (Tag.INTEGER, Tag.ENUM):
        return int(struct.unpack(">i", raw)[0])
    if tag == Tag.BOOLEAN:
        return bool(struct.unpack(">B", raw)[0])
    if tag == Tag.RESOLUTION:
        return tuple(struct.unpack(">iiB", raw))
    if tag == Tag.RANGE:
        return tuple(struct.unpack(">ii", raw))
    if tag in (Tag.OCTETS, Tag.DATE_TIME):
        return raw
    if tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):
        (skipped,) = struct.unpack_from(">H", raw)
        (length,) = struct.unpack_from(">H", raw, 2 + skipped)
        return raw[4 + skipped : 4 + skipped + length].decode("utf-8", "replace")
    return raw.decode("utf-8", "replace")
