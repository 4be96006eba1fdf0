"""页面小样: the small copies on which a page is judged, and how large things on it really are.

Rules kept here: judging costs a fraction of what encoding costs, so every measure works on one of two copies that are
made by halving, which is the quickest exact reduction: one for reading codes (A4: 120 to 240 dots per inch), one half
as large for everything else; what is measured is said in millimetres of the sheet, so that a resolution changes no
verdict; a resolution that makes no sheet of paper is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy
from numpy.typing import NDArray

READING_PIXELS = 1000
"""Least shorter side of the copy for codes, where the page has so many."""
_AROUND = (41, 41)
"""Pixels of the small copy whose mean is a place's surroundings."""
_MM_PER_INCH = 25.4
_USUAL_SHORT_SIDE_MM = 210.0
"""A4, taken for a picture that does not tell its size."""
_SHEET_MM = (40.0, 450.0)
"""Shorter sides of the sheets that are believed: from a receipt to A2."""


@dataclass(frozen=True, kw_only=True)
class PageCopy:
    """小样: a page at 60 to 120 dots per inch, and gray at twice as many."""

    large: NDArray[numpy.uint8]
    """In its colours, large enough for codes."""
    reading: NDArray[numpy.uint8]
    """Brightness, as large."""
    gray: NDArray[numpy.uint8]
    """Brightness."""
    ink: NDArray[numpy.uint8]
    """The darkest of the three colours: a red stamp or a blue pen stands out as well as black; `gray` when gray."""
    per_mm: float
    """Pixels of `gray` and `ink` in a millimetre of the sheet."""

    @cached_property
    def relief(self) -> NDArray[numpy.uint8]:
        """By how many grey steps each place is darker than its surroundings."""
        return numpy.asarray(cv2.subtract(cv2.blur(self.gray, _AROUND), self.gray), dtype=numpy.uint8)

    def pixels(self, millimetres: float) -> int:
        """A length on the sheet in whole pixels, at least one."""
        return max(1, round(millimetres * self.per_mm))


def page_copy(pixels: NDArray[numpy.uint8], dpi: int) -> PageCopy:
    """Make the copies of a gray or red-green-blue page; ``dpi`` 0 when nobody knows."""
    large = reduced(pixels)
    small = halved(large) if min(large.shape[:2]) >= READING_PIXELS else large
    per_mm = min(small.shape[:2]) / _short_side_mm(min(pixels.shape[:2]), dpi)
    if small.ndim == 2:
        return PageCopy(large=large, reading=large, gray=small, ink=small, per_mm=per_mm)
    red, green, blue = cv2.split(small)
    ink = numpy.asarray(cv2.min(cv2.min(red, green), blue), dtype=numpy.uint8)
    return PageCopy(large=large, reading=_gray(large), gray=_gray(small), ink=ink, per_mm=per_mm)


def reduced(pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    """A page halved as often as leaves it large enough for codes; small ones as they are."""
    while min(pixels.shape[:2]) >= 2 * READING_PIXELS:
        pixels = halved(pixels)
    return pixels


def level(gray: NDArray[numpy.uint8], per_cent: float, area: NDArray[numpy.uint8] | None = None) -> int:
    """The brightness that so many per cent of the pixels (of an area) do not exceed; quicker than sorting."""
    counts = cv2.calcHist([numpy.ascontiguousarray(gray)], [0], area, [256], [0, 256]).cumsum()
    return int(numpy.searchsorted(counts, per_cent / 100 * counts[-1]))


def halved(pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    """Half as wide and high; every four pixels become their mean."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    cut = pixels[: 2 * height, : 2 * width]
    return numpy.asarray(cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA), dtype=numpy.uint8)


def _gray(pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    return numpy.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=numpy.uint8)


def _short_side_mm(pixels: int, dpi: int) -> float:
    told = pixels / dpi * _MM_PER_INCH if dpi > 0 else 0.0
    return told if _SHEET_MM[0] <= told <= _SHEET_MM[1] else _USUAL_SHORT_SIDE_MM
