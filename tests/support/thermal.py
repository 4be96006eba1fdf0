"""读回: what a receipt or label printer would make of its bytes, read by the makers' manuals.

An interpreter of ours: it knows only the commands that a printer of each language must know, and refuses any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy
import zxingcpp


@dataclass(kw_only=True)
class Receipt:
    """What came out of an ESC/POS printer."""

    dots: list[numpy.ndarray] = field(default_factory=list)
    """Bands, black 0."""
    text: str = ""
    codes: list[str] = field(default_factory=list)
    """What the printer was told to draw as QR codes."""
    cuts: int = 0

    @property
    def picture(self) -> numpy.ndarray:
        """All bands."""
        return numpy.vstack(self.dots)


def codes_in(picture: numpy.ndarray) -> list[str]:
    """The codes on a picture, with white around it."""
    return [code.text for code in zxingcpp.read_barcodes(numpy.pad(picture, 20, constant_values=255))]


def _picture(data: bytes, row_bytes: int) -> numpy.ndarray:
    bits = numpy.unpackbits(numpy.frombuffer(data, numpy.uint8).reshape(-1, row_bytes), axis=1)
    return ((1 - bits) * 255).astype(numpy.uint8)


_PLAIN = {b"\x1b@": 0, b"\x1c&": 0, b"\x1ba": 1, b"\x1d!": 1, b"\x1c!": 1, b"\x1bJ": 1}
"""Commands without an effect on what can be read, and the bytes that follow each."""


def read_escpos(data: bytes) -> Receipt:
    """Interpret the bytes of a job."""
    made, at, symbol = Receipt(), 0, ""
    while at < len(data):
        head = data[at : at + 2]
        if head == b"\x10\x04":
            at += 3
        elif head in _PLAIN:
            at += 2 + _PLAIN[head]
        elif data[at : at + 4] == b"\x1dv0\x00":
            row_bytes, rows = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (4, 6))
            end = at + 8 + row_bytes * rows
            assert end <= len(data), "a band is cut short"
            made.dots.append(_picture(data[at + 8 : end], row_bytes))
            at = end
        elif data[at : at + 3] == b"\x1d(k":
            end = at + 5 + int.from_bytes(data[at + 3 : at + 5], "little")
            if data[at + 5 : at + 8] == b"1P0":
                symbol = data[at + 8 : end].decode("ascii")
            elif data[at + 5 : at + 8] == b"1Q0":
                made.codes.append(symbol)
            at = end
        elif head == b"\x1dV":
            made.cuts += 1
            at += 4
        else:
            end = at + next((i for i, byte in enumerate(data[at:]) if byte in b"\x10\x1b\x1c\x1d"), len(data) - at)
            assert end > at, f"no command of ESC/POS at byte {at}: {data[at : at + 4]!r}"
            made.text += data[at:end].decode("gb18030")
            at = end
    return made


def read_tspl(data: bytes) -> list[tuple[numpy.ndarray, int]]:
    """Each label and how many of it."""
    labels, canvas = [], numpy.zeros((0, 0), numpy.uint8)
    while data:
        if data.startswith(b"\x1b!?"):
            data = data[3:]
            continue
        if match := re.match(rb"BITMAP 0,0,(\d+),(\d+),0,", data):
            row_bytes, rows = int(match[1]), int(match[2])
            body = data[match.end() : match.end() + row_bytes * rows]
            canvas = 255 - _picture(body, row_bytes)
            data = data[match.end() + len(body) :]
            continue
        line, _, data = data.partition(b"\r\n")
        if match := re.fullmatch(rb"PRINT 1,(\d+)", line):
            labels.append((canvas, int(match[1])))
        else:
            assert re.fullmatch(rb"|SIZE [\d.]+ mm,[\d.]+ mm|GAP \d+ mm,0 mm|DIRECTION 1|CLS", line), line
    return labels


def read_zpl(data: bytes) -> list[tuple[numpy.ndarray, int]]:
    """Each label and how many of it."""
    labels = []
    for label in re.findall(rb"\^XA(.*?)\^XZ", data, re.DOTALL):
        copies = re.search(rb"\^PQ(\d+)", label)
        field = re.search(rb"\^FO0,0\^GFA,(\d+),\1,(\d+),([0-9A-F]*)\^FS", label)
        assert copies and field, label[:80]
        raw = bytes.fromhex(field[3].decode("ascii"))
        assert len(raw) == int(field[1])
        labels.append((_picture(raw, int(field[2])), int(copies[1])))
    return labels
