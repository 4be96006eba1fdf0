"""质量: whether somebody should look at a page again: too dark, cut, blurred.

Each flaw has a measure of its own and a wide margin: a page that is merely plain must pass. Nothing here drops or
changes a page.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import PageCopy
from yichuang_client.documents.pages import PageFlaw

Pixels = NDArray[numpy.uint8]
PAPER_DARK = 120
"""Brightness under which paper is too dark to be read with ease; ordinary gray paper has 180 and more."""
CUT_MARKS = 10
"""Marks along one edge that run out of the picture from which it is called cut."""
_MARK_CONTRAST = 45
_CUT_DEPTH_MM = 0.9
"""How far inward a mark must reach to count."""
_PAPER_SPREAD = 40
"""Grey steps below the paper's brightness down to which the rim is paper."""
_RIM_IS_PAPER = 0.5
"""Share of an edge that must be paper; a photograph runs over its edges everywhere."""
_CUT_WIDTH_MM = 9.0
"""Widest mark along the edge that is writing; wider ones are borders and pictures."""
BLUR_MM = 0.5
"""Width of a stroke's edge from which writing of usual size runs together; sharp scans have 0.1 to 0.4."""
BLUR_PIXELS = 3.8
"""The same in pixels: a coarse picture has wide edges, yet is not blurred; sharp ones have 2 to 3.2."""
_WINDOW = 96
"""Side of the windows, in pixels of the page, in which edges are measured."""
_WINDOWS = 20
_LEAST_WINDOWS = 3
_REACH = 15
"""Pixels over which an edge is looked at."""
_LEAST_PIXELS = 32
"""A scrap with fewer on a side is not judged."""
_EDGE_CONTRAST = 60
"""Grey steps between paper and ink for an edge to be measured."""


def page_flaws(pixels: Pixels, copy: PageCopy) -> tuple[PageFlaw, ...]:
    """The flaws of a page that is not blank, in the order of the enum."""
    if min(copy.gray.shape) < _LEAST_PIXELS:
        return ()
    found = []
    if paper_level(copy) < PAPER_DARK:
        found.append(PageFlaw.TOO_DARK)
    marks = _marks(copy)
    if max(cut_marks(copy, marks)) >= CUT_MARKS:
        found.append(PageFlaw.CUT)
    width = edge_width(pixels, copy, marks)
    if width >= BLUR_PIXELS and width / _page_per_mm(pixels, copy) >= BLUR_MM:
        found.append(PageFlaw.BLURRED)
    return tuple(found)


def paper_level(copy: PageCopy) -> float:
    """Brightness of the paper: of the lighter parts of the sheet."""
    return float(numpy.percentile(copy.gray[::4, ::4], 85))


def cut_marks(copy: PageCopy, marks: Pixels) -> tuple[int, int, int, int]:
    """How many marks run over each edge: top, bottom, left, right."""
    depth, widest = copy.pixels(_CUT_DEPTH_MM), _CUT_WIDTH_MM * copy.per_mm
    least = paper_level(copy) - _PAPER_SPREAD
    counts = []
    for turn in range(4):  # top, right, bottom, left
        band, rim = numpy.rot90(marks, turn)[:depth], numpy.rot90(copy.gray, turn)[0]
        steps = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], _running(band), [0]])))
        lengths = steps[1::2] - steps[::2]
        is_paper = float(numpy.mean(rim >= least)) >= _RIM_IS_PAPER
        counts.append(int(numpy.count_nonzero(lengths <= widest)) if is_paper else 0)
    return counts[0], counts[2], counts[3], counts[1]


def _running(band: Pixels) -> NDArray[numpy.int8]:
    """Where marks run from the first row all the way inward, one step aside allowed."""
    grown = numpy.asarray(cv2.dilate(numpy.ascontiguousarray(band), numpy.ones((1, 3), numpy.uint8)))
    return numpy.asarray((grown.min(axis=0) > 0) & (band[0] > 0), dtype=numpy.int8)


def edge_width(pixels: Pixels, copy: PageCopy, marks: Pixels) -> float:
    """Usual width of the edges of strokes in pixels of the page; 0.0 when there are none to measure.

    Upright and level edges are looked at apart: a sheet that moved is blurred in one direction only.
    """
    upright, level = [], []
    for window in _windows(pixels, copy, marks):
        gray = window if window.ndim == 2 else numpy.asarray(cv2.cvtColor(window, cv2.COLOR_RGB2GRAY))
        found = _edge_widths(numpy.asarray(gray, dtype=numpy.uint8))
        upright += found[0]
        level += found[1]
    return max(float(numpy.median(widths)) if len(widths) >= _LEAST_WINDOWS else 0.0 for widths in (upright, level))


def _marks(copy: PageCopy) -> Pixels:
    around = cv2.blur(copy.gray, (41, 41))
    return numpy.asarray(cv2.compare(cv2.subtract(around, copy.gray), _MARK_CONTRAST, cv2.CMP_GT), dtype=numpy.uint8)


def _page_per_mm(pixels: Pixels, copy: PageCopy) -> float:
    return copy.per_mm * float(min(pixels.shape[:2]) / min(copy.gray.shape))


def _windows(pixels: Pixels, copy: PageCopy, marks: Pixels) -> list[Pixels]:
    """The parts of the page with the most edges."""
    factor = min(pixels.shape[:2]) / min(copy.gray.shape)
    size = max(8, round(_WINDOW / factor))
    rows, columns = marks.shape[0] // size, marks.shape[1] // size
    if not rows or not columns:
        return [pixels]
    edges = cv2.compare(marks, cv2.erode(marks, numpy.ones((3, 3), numpy.uint8)), cv2.CMP_NE)
    cells = cv2.resize(edges[: rows * size, : columns * size], (columns, rows), interpolation=cv2.INTER_AREA)
    best = numpy.argsort(cells, axis=None)[::-1][:_WINDOWS]
    found = []
    for cell in best:
        row, column = divmod(int(cell), columns)
        if cells[row, column] > 0:
            top, left = round(row * size * factor), round(column * size * factor)
            found.append(pixels[top : top + _WINDOW, left : left + _WINDOW])
    return found


def _edge_widths(gray: Pixels) -> tuple[list[float], list[float]]:
    """Contrast over steepest slope at the edges of a window: of upright and of level ones."""
    if min(gray.shape) < 8 or not numpy.any((gray > 0) & (gray < 255)):  # black and white has no soft edges
        return [], []
    across = numpy.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8))
    down = numpy.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8))
    return (
        _widths(gray, across, across > 2 * down, numpy.ones((1, _REACH), numpy.uint8)),
        _widths(gray, down, down > 2 * across, numpy.ones((_REACH, 1), numpy.uint8)),
    )


def _widths(gray: Pixels, slope: NDArray[numpy.float32], is_plain: NDArray[numpy.bool_], reach: Pixels) -> list[float]:
    """The usual width of the edges that lie across one direction, if there are any."""
    contrast = cv2.subtract(cv2.dilate(gray, reach), cv2.erode(gray, reach))
    is_edge = is_plain & (contrast >= _EDGE_CONTRAST) & (slope > 0) & (slope >= cv2.dilate(slope, reach))
    return [float(numpy.median(contrast[is_edge] / slope[is_edge]))] if numpy.any(is_edge) else []
