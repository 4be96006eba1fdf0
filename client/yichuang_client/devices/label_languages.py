"""标签语言: TSPL and ZPL, the two that most label printers speak.

Rule kept here: a label goes as dots, so that its Chinese needs no font in the printer.
"""

from __future__ import annotations

from collections.abc import Iterator

from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.languages import ANSWER_SECONDS, Form
from yichuang_client.devices.printing import Stock
from yichuang_client.devices.raster import Dots, pages_of
from yichuang_client.devices.wire import Wire

_MM_PER_INCH = 25.4
_TSPL_STATES = {
    0x01: (Trouble.COVER_OPEN,),
    0x02: (Trouble.JAM,),
    0x03: (Trouble.JAM, Trouble.COVER_OPEN),
    0x04: (Trouble.FEEDER_EMPTY,),
    0x05: (Trouble.FEEDER_EMPTY, Trouble.COVER_OPEN),
    0x08: (Trouble.SUPPLY_EMPTY,),
    0x09: (Trouble.SUPPLY_EMPTY, Trouble.COVER_OPEN),
    0x0A: (Trouble.JAM, Trouble.SUPPLY_EMPTY),
    0x0C: (Trouble.FEEDER_EMPTY, Trouble.SUPPLY_EMPTY),
    0x10: (Trouble.OFFLINE,),
    0x80: (Trouble.OFFLINE,),
}
"""Answers to ESC ! ? (TSPL/TSPL2 manual); 0x00 ready and 0x20 printing are no trouble, 0x10 is the pause key."""
_ZPL_FLAGS = (
    (0, 1, Trouble.FEEDER_EMPTY),
    (0, 2, Trouble.OFFLINE),
    (1, 2, Trouble.COVER_OPEN),
    (1, 3, Trouble.SUPPLY_EMPTY),
)
"""Line and field of ~HS's answer that are 1 in a trouble (ZPL II guide)."""
_ZPL_ANSWER_BYTES = 82


class TSPL:
    """TSC's language, which many makers speak."""

    name = "tspl"
    stock = Stock.LABEL

    def __init__(self, form: Form) -> None:
        """For a printer of this width."""
        self._form = form

    def pieces(self, pdf: bytes, copies: int) -> Iterator[bytes]:
        """As `Language.pieces`; in a BITMAP a 0 is black."""
        for page in pages_of(pdf, width=self._form.width, dpi=self._form.dpi):
            wide, high = (_mm(dots, self._form.dpi) for dots in (page.row_bytes * 8, page.rows))
            head = f"SIZE {wide} mm,{high} mm\r\nGAP {self._form.gap_mm} mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n"
            bitmap = f"BITMAP 0,0,{page.row_bytes},{page.rows},0,"
            body = bytes(byte ^ 0xFF for byte in page.data)
            yield head.encode("ascii") + bitmap.encode("ascii") + body + f"\r\nPRINT 1,{copies}\r\n".encode("ascii")

    def give_up(self) -> bytes:
        """A label is one piece: nothing is half done."""
        return b""

    def troubles(self, wire: Wire) -> tuple[Trouble, ...]:
        """As `Language.troubles`."""
        wire.write(b"\x1b!?")
        answer = wire.read(1, ANSWER_SECONDS)
        return _TSPL_STATES.get(answer[0], ()) if answer else wire.port_troubles()


class ZPL:
    """Zebra's language."""

    name = "zpl"
    stock = Stock.LABEL

    def __init__(self, form: Form) -> None:
        """For a printer of this width."""
        self._form = form

    def pieces(self, pdf: bytes, copies: int) -> Iterator[bytes]:
        """As `Language.pieces`: a graphic field."""
        for page in pages_of(pdf, width=self._form.width, dpi=self._form.dpi):
            yield _zpl_label(page, copies)

    def give_up(self) -> bytes:
        """A label is one piece: nothing is half done."""
        return b""

    def troubles(self, wire: Wire) -> tuple[Trouble, ...]:
        """As `Language.troubles`."""
        wire.write(b"~HS")
        answer = wire.read(_ZPL_ANSWER_BYTES, ANSWER_SECONDS)
        lines = [line.strip("\x02\x03\r\n ").split(",") for line in answer.decode("ascii", "replace").split("\x03")]
        found = set(wire.port_troubles())
        for line, field, trouble in _ZPL_FLAGS:
            if line < len(lines) and field < len(lines[line]) and lines[line][field].strip() == "1":
                found.add(trouble)
        return tuple(trouble for trouble in Trouble if trouble in found)


def _zpl_label(page: Dots, copies: int) -> bytes:
    size = len(page.data)
    head = f"^XA^PW{page.row_bytes * 8}^LL{page.rows}^LH0,0^PQ{copies}^FO0,0^GFA,{size},{size},{page.row_bytes},"
    return head.encode("ascii") + page.data.hex().upper().encode("ascii") + b"^FS^XZ\r\n"


def _mm(dots: int, dpi: int) -> str:
    return f"{dots * _MM_PER_INCH / dpi:.1f}"
