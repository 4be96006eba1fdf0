"""补丁码: patch codes, the four thick bars along an edge of a separator sheet that production scanners know.

A symbol is four bars, two of them wide, with three spaces between: narrow bars and spaces 0.08 inch, wide bars 0.20
inch, at least 2 inches long, read from the edge of the sheet inward. A sheet may carry it along all four edges, so
that it is read whichever way it went in. Rules kept here: a symbol counts when it was read alike on many lines beside
each other and has paper on both sides; a page without thick dark bars costs next to nothing.
"""

from __future__ import annotations

from collections import Counter

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import level
from yichuang_client.documents.pages import CodeKind, PageCode

_PATTERNS = {"WWNN": "1", "WNNW": "2", "WNWN": "3", "NWWN": "4", "NNWW": "6", "NWNW": "T"}
"""Wide and narrow bars from the edge inward."""
_UNITS = 10.0
"""Length of a symbol in narrow spaces: two narrow and two wide (2.5) bars, three spaces."""
_UNIT_MM = (1.4, 2.9)
"""Width of a narrow space: 2.03 mm, for sheets that were printed smaller or larger."""
_WIDE_FROM = 1.7
"""Units from which a bar is wide."""
_DEPTH_MM = 60.0
"""How far from its edge a symbol ends at most."""
_LINE_MM = 3.0
"""Distance of the lines on which it is looked for."""
_LEAST_LINES = 9
"""Lines that must agree: 27 mm of the 50 that a symbol has at least."""
_DARK = 90
"""Grey steps below the paper at which a bar is a bar."""
_THICK = 30
"""Grey steps by which a thick bar stays darker than that when the page is reduced."""
_BAR_MM = 15.0
"""Length from which a thick dark line may be a bar: it has 50, but may lie a little askew."""
_LEAST_DARK_MM2 = 200.0
"""Area of such lines below which there is no symbol: one has 700."""


def read_patch_code(gray: NDArray[numpy.uint8], per_mm: float) -> PageCode | None:
    """The patch code of a gray page; ``per_mm``: its pixels in a millimetre."""
    if min(gray.shape) < _DEPTH_MM * per_mm:
        return None
    limit = float(level(gray[::4, ::4], 90)) - _DARK
    if limit <= 0 or not _has_bars(gray, per_mm, limit):
        return None
    dark = gray < limit
    votes: Counter[str] = Counter()
    for turn in range(4):
        band = numpy.rot90(dark, turn)[: round(_DEPTH_MM * per_mm)]
        lines = band[:, :: max(1, round(_LINE_MM * per_mm))].T
        votes.update(text for text in (_read_line(line, per_mm) for line in lines) if text)
    text, count = max(votes.items(), key=lambda item: item[1], default=("", 0))
    return PageCode(kind=CodeKind.PATCH, text=text) if count >= _LEAST_LINES else None


def _has_bars(gray: NDArray[numpy.uint8], per_mm: float, limit: float) -> bool:
    """Whether there are thick dark lines: writing turns light when the page is reduced to a dot a millimetre."""
    factor = max(1, round(per_mm))
    size = (gray.shape[1] // factor, gray.shape[0] // factor)
    rough = numpy.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA))
    dark = (rough < limit - _THICK).astype(numpy.uint8)
    length = max(3, round(_BAR_MM * per_mm / factor))
    for kernel in (numpy.ones((1, length), numpy.uint8), numpy.ones((length, 1), numpy.uint8)):
        bars = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        if float(numpy.count_nonzero(bars)) * (factor / per_mm) ** 2 >= _LEAST_DARK_MM2:
            return True
    return False


def _read_line(line: NDArray[numpy.bool_], per_mm: float) -> str:
    """The symbol on a line from the edge inward, empty when there is none."""
    steps = numpy.flatnonzero(numpy.diff(numpy.concatenate([[False], line, [False]])))
    starts, ends = steps[::2], steps[1::2]
    if len(starts) < 4:
        return ""
    lengths = (ends[3:] - starts[:-3]) / (_UNITS * per_mm)
    for first in numpy.flatnonzero((lengths >= _UNIT_MM[0]) & (lengths <= _UNIT_MM[1])):
        bars = ends[first : first + 4] - starts[first : first + 4]
        spaces = starts[first + 1 : first + 4] - ends[first : first + 3]
        unit = float(lengths[first]) * per_mm
        before = starts[first] - (ends[first - 1] if first else 0)
        after = (starts[first + 4] if first + 4 < len(starts) else len(line)) - ends[first + 3]
        is_apart = (before >= 1.5 * unit or not first) and after >= 1.5 * unit
        is_even = bool(numpy.all((spaces >= 0.5 * unit) & (spaces <= 1.6 * unit)))
        is_bars = bool(numpy.all((bars >= 0.5 * unit) & (bars <= 3.4 * unit)))
        if is_apart and is_even and is_bars:
            return _PATTERNS.get("".join("W" if bar >= _WIDE_FROM * unit else "N" for bar in bars), "")
    return ""
