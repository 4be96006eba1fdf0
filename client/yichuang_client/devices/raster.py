"""点阵: a paper as the black dots of a thermal printer.

Rules kept here: a row of dots is a row of whole bytes, the leftmost dot in the highest bit, 1 is black; a paper that is
wider than the printer is made narrower, never cut; nothing is dithered, because grey on thermal paper reads badly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.pdfium import PDFIUM

if TYPE_CHECKING:
    import pypdfium2

_BLACK_BELOW = 150
"""Of 255: thin strokes keep their width."""
_FRAME = 4
"""Dots of a frame's line that may stand out into the margin."""
_POINTS_PER_INCH = 72
_MOST_PAGES = 50


@dataclass(frozen=True, kw_only=True)
class Dots:
    """点阵图."""

    row_bytes: int
    rows: int
    data: bytes

    def band(self, first: int, count: int) -> bytes:
        """Some rows of it."""
        return self.data[first * self.row_bytes : (first + count) * self.row_bytes]

    def pixels(self) -> Any:
        """As an array of gray pixels, black 0, white 255."""
        import numpy

        bits = numpy.unpackbits(numpy.frombuffer(self.data, numpy.uint8).reshape(self.rows, self.row_bytes), axis=1)
        return (1 - bits) * numpy.uint8(255)


def pages_of(pdf: bytes, *, width: int, dpi: int) -> Iterator[Dots]:
    """Each page, in the middle of ``width`` dots. Raises DeviceError(BAD_SETTING) for what is no PDF."""
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise DeviceError(Trouble.BAD_SETTING, "not a PDF") from error
        try:
            count = len(document)
            if count > _MOST_PAGES:
                raise DeviceError(Trouble.BAD_SETTING, "too many pages")
            drawn = [_drawn(document[number], width, dpi) for number in range(count)]
        except pypdfium2.PdfiumError as error:
            raise DeviceError(Trouble.BAD_SETTING, "broken PDF") from error
        finally:
            document.close()
    yield from drawn


def _drawn(page: pypdfium2.PdfPage, width: int, dpi: int) -> Dots:
    import numpy

    scale = dpi / _POINTS_PER_INCH
    black = _black(page, scale)
    spare = black.shape[1] - width
    if spare > 0:
        left, right = spare // 2, spare - spare // 2
        if black[:, : max(0, left - _FRAME)].any() or black[:, black.shape[1] - max(0, right - _FRAME) :].any():
            black = _black(page, scale * (width - 1) / black.shape[1])
        else:  # margins only: the dots keep their size
            black = black[:, left : black.shape[1] - right]
    full = numpy.zeros((black.shape[0], (width + 7) // 8 * 8), dtype=bool)
    at = (width - black.shape[1]) // 2
    full[:, at : at + black.shape[1]] = black
    packed = numpy.packbits(full, axis=1)
    return Dots(row_bytes=packed.shape[1], rows=packed.shape[0], data=packed.tobytes())


def _black(page: pypdfium2.PdfPage, scale: float) -> Any:
    image = page.render(scale=scale, grayscale=True).to_numpy()
    return image.reshape(image.shape[0], -1) < _BLACK_BELOW
