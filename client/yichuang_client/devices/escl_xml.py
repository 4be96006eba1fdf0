"""eSCL 报文: the XML of scanners that nobody here knows, read without trust and with much patience.

Rules kept here: no document type, no entity, no processing of anything outside the text; size, depth and number of
elements have an end; names are compared without prefix, because makers write `scan:`, `pwg:`, others, none at all, or
prefixes that they never declare.
"""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from yichuang_client.devices.errors import DeviceError, Trouble

MOST_XML_BYTES = 1 << 20
"""The largest answer seen in public reports has 60 kB."""
_MOST_ELEMENTS = 20_000
_MOST_DEPTH = 40


@dataclass(kw_only=True)
class Element:
    """XML 元素: a name without prefix, its text and its children."""

    name: str
    text: str = ""
    """Own text, trimmed."""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Every element of this name below this one, at any depth, in the order of the text."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def first(self, name: str) -> Element | None:
        """The first element of this name below this one."""
        return next(self.all(name), None)

    def word(self, name: str) -> str:
        """Text of the first element of this name, empty when there is none."""
        found = self.first(name)
        return found.text if found is not None else ""

    def number(self, name: str) -> int | None:
        """Text of the first element of this name as a whole number, None when it is none."""
        try:
            return int(float(self.word(name)))
        except (ValueError, OverflowError):
            return None


def parse(raw: bytes, root: str) -> Element:
    """The tree of a document; raises DeviceError(COMMUNICATION) for anything that is not a plain one named `root`."""
    if len(raw) > MOST_XML_BYTES:
        raise DeviceError(Trouble.COMMUNICATION, f"{root}: longer than {MOST_XML_BYTES} bytes")
    try:
        top = _Builder().build(raw.strip(b"\0 \t\r\n"))
    except (xml.parsers.expat.ExpatError, ValueError, LookupError) as error:
        raise DeviceError(Trouble.COMMUNICATION, f"{root}: not readable") from error
    if top.name != root:
        raise DeviceError(Trouble.COMMUNICATION, f"{root}: another document")
    return top


class _Builder:
    """Makes the tree; raises ValueError where a document goes too far."""

    def __init__(self) -> None:
        self._top = Element(name="")
        self._path = [self._top]
        self._count = 0

    def build(self, raw: bytes) -> Element:
        """Read all of it."""
        parser = xml.parsers.expat.ParserCreate()
        parser.SetParamEntityParsing(xml.parsers.expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(raw, True)
        return self._top.children[0]

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type")

    def _start(self, name: str, _: object) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._path) > _MOST_DEPTH:
            raise ValueError("too many elements")
        made = Element(name=name.rpartition(":")[2])
        self._path[-1].children.append(made)
        self._path.append(made)

    def _end(self, _: str) -> None:
        done = self._path.pop()
        done.text = done.text.strip()

    def _data(self, text: str) -> None:
        self._path[-1].text += text


def write(name: str, *parts: str) -> str:
    """An element whose parts are already written."""
    return f"<{name}>{''.join(parts)}</{name}>"


def write_value(name: str, value: str | int) -> str:
    """An element with a value."""
    return f"<{name}>{escape(str(value))}</{name}>"
