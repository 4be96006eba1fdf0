"""质量: whether somebody should look at a page again: too dark, cut, blurred.

Each flaw has a measure of its own and a wide margin: a page that is merely plain must pass. Nothing here drops or
changes a page.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import PageCopy, level
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
_FEW = 6
"""Windows that are enough where strokes are plainly sharp."""
_PLAINLY_SHARP = 2.6
"""Pixels: two thirds of what counts as blurred."""
_LEAST_WINDOWS = 3
_REACH = 15
"""Pixels over which an edge is looked at."""
_APRON = 8
"""Pixels around a window: more than half of that reach."""
_SOBEL = 8
"""How many times the slope OpenCV's Sobel operator of size 3 tells."""
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
    windows = _windows(pixels, copy, marks)
    if 0 < edge_width(windows[:_FEW]) <= _PLAINLY_SHARP:
        return tuple(found)
    width = edge_width(windows)
    if width >= BLUR_PIXELS and width / _page_per_mm(pixels, copy) >= BLUR_MM:
        found.append(PageFlaw.BLURRED)
    return tuple(found)


def paper_level(copy: PageCopy) -> int:
    """Brightness of the paper: of the lighter parts of the sheet."""
    return level(copy.gray[::4, ::4], 85)


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


def edge_width(windows: list[Pixels]) -> float:
    """Usual width of the edges of strokes in pixels of the page; 0.0 when there are none to measure.

    Upright and level edges are looked at apart: a sheet that moved is blurred in one direction only.
    """
    windows = [window for window in windows if _has_soft_edges(window)]
    if not windows:
        return 0.0
    sheet = _sheet_of(windows)
    across = numpy.asarray(numpy.abs(cv2.Sobel(sheet, cv2.CV_16S, 1, 0, ksize=3)), dtype=numpy.int16)
    down = numpy.asarray(numpy.abs(cv2.Sobel(sheet, cv2.CV_16S, 0, 1, ksize=3)), dtype=numpy.int16)
    upright = _widths(sheet, across, across > 2 * down, numpy.ones((1, _REACH), numpy.uint8), windows)
    level = _widths(sheet, down, down > 2 * across, numpy.ones((_REACH, 1), numpy.uint8), windows)
    return max(float(numpy.median(widths)) if len(widths) >= _LEAST_WINDOWS else 0.0 for widths in (upright, level))


def _marks(copy: PageCopy) -> Pixels:
    return numpy.asarray(cv2.compare(copy.relief, _MARK_CONTRAST, cv2.CMP_GT), dtype=numpy.uint8)


def _page_per_mm(pixels: Pixels, copy: PageCopy) -> float:
    return copy.per_mm * float(min(pixels.shape[:2]) / min(copy.gray.shape))


def _windows(pixels: Pixels, copy: PageCopy, marks: Pixels) -> list[Pixels]:
    """The parts of the page with the most edges."""
    factor = min(pixels.shape[:2]) / min(copy.gray.shape)
    size = max(8, round(_WINDOW / factor))
    rows, columns = marks.shape[0] // size, marks.shape[1] // size
    if not rows or not columns:
        return [_gray(pixels)]
    edges = cv2.compare(marks, cv2.erode(marks, numpy.ones((3, 3), numpy.uint8)), cv2.CMP_NE)
    cells = cv2.resize(edges[: rows * size, : columns * size], (columns, rows), interpolation=cv2.INTER_AREA)
    best = numpy.argsort(cells, axis=None)[::-1][:_WINDOWS]
    found = []
    for cell in best:
        row, column = divmod(int(cell), columns)
        if cells[row, column] > 0:
            top, left = round(row * size * factor), round(column * size * factor)
            found.append(_gray(pixels[top : top + _WINDOW, left : left + _WINDOW]))
    return found


def _gray(window: Pixels) -> Pixels:
    return window if window.ndim == 2 else numpy.asarray(cv2.cvtColor(window, cv2.COLOR_RGB2GRAY), dtype=numpy.uint8)


def _has_soft_edges(window: Pixels) -> bool:
    """Whether a window has room for edges, and more than black and white."""
    return min(window.shape) >= _APRON and bool(numpy.any((window > 0) & (window < 255)))


def _sheet_of(windows: list[Pixels]) -> Pixels:
    """All windows below each other, each with a mirror image of its rim around it, so that none sees the next."""
    widest = max(window.shape[1] for window in windows)
    rows = []
    for window in windows:
        right = _APRON + widest - window.shape[1]
        rows.append(cv2.copyMakeBorder(window, _APRON, _APRON, _APRON, _APRON, cv2.BORDER_REFLECT_101))
        rows[-1] = cv2.copyMakeBorder(rows[-1], 0, 0, 0, right - _APRON, cv2.BORDER_REPLICATE)
    return numpy.asarray(numpy.vstack(rows), dtype=numpy.uint8)


def _widths(
    sheet: Pixels, slope: NDArray[numpy.int16], is_plain: NDArray[numpy.bool_], reach: Pixels, windows: list[Pixels]
) -> list[float]:
    """Contrast over steepest slope: the usual width, in each window, of the edges that lie across one direction."""
    contrast = cv2.subtract(cv2.dilate(sheet, reach), cv2.erode(sheet, reach))
    is_edge = is_plain & (contrast >= _EDGE_CONTRAST) & (slope >= cv2.dilate(slope, reach)) & (slope > 0)
    is_edge[:, :_APRON] = False
    top = 0
    for window in windows:
        height, width = window.shape
        is_edge[top : top + _APRON] = is_edge[top + _APRON + height : top + 2 * _APRON + height] = False
        is_edge[top : top + 2 * _APRON + height, _APRON + width :] = False
        top += height + 2 * _APRON
    places = numpy.flatnonzero(is_edge)
    ratios = contrast.reshape(-1)[places] * numpy.float32(_SOBEL) / slope.reshape(-1)[places]
    ends = numpy.cumsum([(window.shape[0] + 2 * _APRON) * sheet.shape[1] for window in windows[:-1]])
    parts = numpy.split(ratios, numpy.searchsorted(places, ends))
    return [_median(part) for part in parts if part.size]


def _median(values: NDArray[numpy.float32]) -> float:
    """As ``numpy.median``, without its checks: they cost more than the few values."""
    ordered, middle = numpy.sort(values), len(values) // 2
    return float(ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)
