"""黑白: whether a gray page is only black and white, so that one bit a pixel keeps everything that is to be seen on it.

Rules kept here: what a scanner gave as one bit stays that, pixel for pixel; a page of gray tones counts as black and
white only when nothing that is seen would go: away from black strokes it is paper (no pencil, no print of the other
side, no shadow), inside black areas it is black (no stamp, no photograph, no narrow gaps in dense characters), and it
is fine enough for strokes to keep their shapes; in doubt it is not. A few bands of rows are looked at first, which
costs next to nothing for a page that is not.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

LEAST_DPI = 200
"""Resolution from which strokes keep their shapes without their gray rims."""
_WHITE_STEPS = 80
"""Grey steps below the paper from which a pixel becomes black; the hair lines of small print reach them."""
_PAPER_AT_LEAST = 200
"""Brightness of paper."""
_PAPER_STEPS = 16
"""Grey steps below the paper that nobody sees: its own noise."""
_INK_STEPS = 64
"""Grey steps between the darkest and the lightest part of a black area."""
_RIM = numpy.ones((5, 5), dtype=numpy.uint8)
"""Two pixels around a stroke, where its rim is gray."""
_SPECK = numpy.ones((2, 2), dtype=numpy.uint8)
"""Smallest mark that is seen; a single pixel is noise."""
_WITHIN = slice(3, -3)
"""Rows whose surroundings are in the band, too."""
_BANDS = 8
_BAND_ROWS = 32


def threshold(pixels: NDArray[numpy.uint8], dpi: int) -> int | None:
    """The brightness from which a page's pixels are white when two tones are enough for it; None when they are not.

    ``pixels``: gray, or anything else, which is never two tones; ``dpi``: 0 when nobody knows.
    """
    if pixels.ndim != 2:
        return None
    middle = len(pixels) // _BANDS
    bands = [pixels[row : row + _BAND_ROWS] for row in range(middle // 2, len(pixels), max(1, middle))]
    if all(map(_is_binary, bands)) and _is_binary(pixels):
        return 128
    if dpi < LEAST_DPI or len(pixels) < _BANDS * _BAND_ROWS:
        return None
    paper = int(numpy.bincount(pixels[::8, ::8].ravel(), minlength=256).argmax())
    parts = ((part, part is pixels) for part in (*bands, pixels))
    if paper < _PAPER_AT_LEAST or not all(_is_plain(part, paper, is_page=is_page) for part, is_page in parts):
        return None
    return paper - _WHITE_STEPS


def _is_binary(pixels: NDArray[numpy.uint8]) -> bool:
    return not cv2.countNonZero(cv2.inRange(pixels, 1, 254))


def _is_plain(pixels: NDArray[numpy.uint8], paper: int, *, is_page: bool) -> bool:
    """Whether a part of a page is paper away from strokes and black inside them; a whole page must have strokes."""
    ink = cv2.compare(pixels, paper - _WHITE_STEPS, cv2.CMP_LT)
    marks = cv2.compare(pixels, paper - _PAPER_STEPS, cv2.CMP_LT)
    if is_page and not cv2.countNonZero(ink):
        return False
    lost = cv2.erode(cv2.subtract(marks, cv2.dilate(ink, _RIM)), _SPECK)
    if cv2.countNonZero(lost[_WITHIN]):
        return False
    inside = cv2.erode(ink, _RIM)
    darkest = cv2.minMaxLoc(pixels, mask=inside)[0]
    gray = cv2.bitwise_and(inside, cv2.compare(pixels, darkest + _INK_STEPS, cv2.CMP_GT))
    return not cv2.countNonZero(cv2.erode(gray, _SPECK)[_WITHIN])
