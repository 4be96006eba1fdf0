"""ESC/POS: the language of receipt printers, as far as the common dialects agree.

Rules kept here: a printer with its own Chinese letters gets text in GB18030 (profile ``text``), any other one gets
dots; dots go in bands, because small printers hold no whole page; the paper is cut after a feed that brings the last
line past the knife. Status bytes: DLE EOT 1, 2 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.languages import ANSWER_SECONDS, Form
from yichuang_client.devices.printing import Stock
from yichuang_client.devices.raster import pages_of
from yichuang_client.devices.roll_text import roll_rows
from yichuang_client.devices.wire import Wire

START = b"\x1b@"
"""Forget what another job left."""
CUT = b"\x1dV\x42\x03"
"""Feed to the knife and cut, a point left (function B)."""
CHINESE = b"\x1c&"
"""FS &: bytes above 0x7f are Chinese letters of two bytes, or four where the printer knows GB18030 as a whole."""
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_SINGLE, _DOUBLE = b"\x1d!\x00\x1c!\x00", b"\x1d!\x11\x1c!\x0c"
_BAND = 128
_ASK = tuple(b"\x10\x04" + bytes([number]) for number in (1, 2, 4))
_OFF_LINE, _COVER, _PAPER_END, _ERROR, _PAPER_OUT = 0x08, 0x04, 0x20, 0x40, 0x60


class ESCPOS:
    """A receipt printer's language."""

    name = "escpos"

    def __init__(self, form: Form) -> None:
        """For a printer of this width."""
        self._form = form

    @property
    def stock(self) -> Stock:
        """A roll."""
        return Stock.ROLL

    def pieces(self, pdf: bytes, copies: int) -> Iterator[bytes]:
        """As `Language.pieces`: raster bands (GS v 0), or text and codes for a printer with letters of its own."""
        if self._form.is_text:
            for _ in range(copies):
                yield from self._text(pdf)
            return
        pages = list(pages_of(pdf, width=self._form.width, dpi=self._form.dpi))
        for _ in range(copies):
            yield START
            for page in pages:
                for first in range(0, page.rows, _BAND):
                    rows = min(_BAND, page.rows - first)
                    size = page.row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
                    yield b"\x1dv0\x00" + size + page.band(first, rows)
                yield CUT

    def _text(self, pdf: bytes) -> Iterator[bytes]:
        yield START + CHINESE
        for row in roll_rows(pdf, width=self._form.width, dpi=self._form.dpi):
            feed = b"\x1bJ" + bytes([min(row.gap, 255)]) if row.gap > 0 else b""
            if row.is_code:
                yield feed + _CENTRE + qr_code(row.text) + b"\n" + _LEFT
            else:
                size = _DOUBLE if row.is_large else _SINGLE
                yield feed + size + row.text.encode("gb18030", "replace") + b"\n" + _SINGLE
        yield CUT

    def give_up(self) -> bytes:
        """Cut what is out."""
        return START + CUT

    def troubles(self, wire: Wire) -> tuple[Trouble, ...]:
        """As `Language.troubles`."""
        found = set(wire.port_troubles())
        states = []
        for ask in _ASK:
            wire.write(ask)
            answer = wire.read(1, ANSWER_SECONDS)
            if len(answer) != 1 or answer[0] & 0x93 != 0x12:  # the fixed bits of a status byte
                return tuple(found)
            states.append(answer[0])
        is_off, cause, paper = states[0] & _OFF_LINE, states[1], states[2]
        if cause & _PAPER_END or paper & _PAPER_OUT:
            found.add(Trouble.FEEDER_EMPTY)
        if cause & _COVER:
            found.add(Trouble.COVER_OPEN)
        if cause & _ERROR:
            found.add(Trouble.JAM)
        if found and found != {Trouble.COVER_OPEN} and not cause & _COVER:
            found.discard(Trouble.COVER_OPEN)
        if is_off and not found:
            found.add(Trouble.OFFLINE)
        return tuple(trouble for trouble in Trouble if trouble in found)


def qr_code(text: str, *, dots: int = 6) -> bytes:
    """A QR code that the printer draws itself (GS ( k, model 2, level M), each module so many dots."""
    data = text.encode("ascii")
    parts = (b"1A2\x00", b"1C" + bytes([dots]), b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(b"\x1d(k" + len(part).to_bytes(2, "little") + part for part in parts)
