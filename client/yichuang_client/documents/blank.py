"""空白页: how much of a page carries marks that somebody made.

What counts is ink: clearly darker than the paper around it, or an area much darker than the paper as a whole. What
a blank sheet shows all the same does not count:

* the print of its other side (faint: it never comes near the contrast of ink),
* shadows and the scanner's dark background along its edges, its corners (staples, dog-ears, registration marks),
* punch holes near an edge: round, solid or as a ring,
* folds and streaks: thin lines that run from one edge to the other, which no ruled line does,
* dust: specks under half a millimetre.

Colours are looked at through their darkest channel, so that a red stamp counts as much as black. The verdict only
marks a page, it never drops one; where in doubt a page is not blank.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import PageCopy, level

Mask = NDArray[numpy.uint8]
BLANK_BELOW = 0.003
"""Per cent of the sheet that carries ink; a page under it is marked as blank: on A4 half of one small character."""
_PLAINLY_WRITTEN = 1.0
"""Per cent of ink away from the rim above which nothing more need be looked at: holes and folds never have so much."""
_PAPER_AT_LEAST = 128
"""A sheet darker than this all over is a picture of something, not paper."""
_INK_CONTRAST = 56
"""Grey steps below the paper around it at which something is ink: print that shines through stays under 45."""
_EDGE_CONTRAST = 28
"""Grey steps down to which ink spreads at its edges."""
_DARK = 70
"""Grey steps by which an area is darker than the paper."""
_RIM_MM = 15.0
"""Part of the sheet in which shadows and holes lie."""
_MARGIN_MM = 4.0
"""Outermost part of the sheet that is not looked at."""
_CORNER_MM = 12.0
"""Squares in the corners that are not looked at."""
_RIM_IS_DARK = 0.02
"""Share of the picture's outermost pixels above which there may be background."""
_SHADOW_MOST = 0.1
"""Most of the picture that dark edges of any kind may take."""
_BACKGROUND_MOST = 0.7
"""Most of the picture that an even background may take: a small sheet on a dark lid."""
_EVEN = 40.0
"""Grey steps between the darker and the lighter parts of a background, at most."""
_HOLE_MM = (3.5, 9.5)
"""Diameters of punch holes: 5.5 to 8 mm by ISO 838 and its kin, with their shadows."""
_HOLE_BAND_MM = 22.0
"""How far from an edge a hole ends at most."""
_ACROSS = 0.92
"""Share of the sheet over which folds and streaks run; ruled lines keep margins."""
_ROUGHLY = 4
"""Factor by which the paper without its writing may be looked at more roughly."""
_SPECK_MM = 0.55
"""Largest extent of a speck of dust."""


def blank_score(copy: PageCopy) -> float:
    """Share of the sheet in per cent that carries ink; 100 for a dark sheet."""
    ink = copy.ink
    if min(ink.shape) < 8 * copy.pixels(_MARGIN_MM):
        return _plain_score(ink)
    paper = level(ink[::4, ::4], 90)
    if paper < _PAPER_AT_LEAST:
        return 100.0
    contrast = cv2.subtract(_around(copy), ink)
    dark = _mask(cv2.compare(ink, paper - _DARK, cv2.CMP_LT))
    strong = _mask(cv2.bitwise_or(cv2.compare(contrast, _INK_CONTRAST, cv2.CMP_GT), dark))
    nothing = _background(copy, dark) if _dark_rim(dark) > _RIM_IS_DARK else numpy.zeros_like(dark)
    strong = _mask(cv2.subtract(strong, nothing))
    written = _written_share(copy, strong)
    if written >= _PLAINLY_WRITTEN:
        return written
    _clear_rim(copy, strong)
    if not cv2.countNonZero(strong):
        return 0.0
    marks = _mask(cv2.bitwise_or(cv2.compare(contrast, _EDGE_CONTRAST, cv2.CMP_GT), dark))
    marks = _mask(cv2.subtract(marks, cv2.bitwise_or(nothing, _lines_across(copy, marks))))
    _clear_rim(copy, marks)
    return 100.0 * _made_by_hand(copy, marks, _mask(cv2.bitwise_and(strong, marks))) / ink.size


def is_blank(score: float) -> bool:
    """Whether a page with this score is to be marked as blank."""
    return score < BLANK_BELOW


def _mask(values: cv2.typing.MatLike) -> Mask:
    return numpy.asarray(values, dtype=numpy.uint8)


def _dark_rim(dark: Mask) -> float:
    """Share of the outermost pixels that is dark."""
    return float(numpy.mean(numpy.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]]) > 0))


def _written_share(copy: PageCopy, strong: Mask) -> float:
    """Per cent of ink away from the rim."""
    rim = min(copy.pixels(_RIM_MM), min(strong.shape) // 4)
    inner = strong[rim:-rim, rim:-rim]
    return 100.0 * float(cv2.countNonZero(inner)) / inner.size


def _plain_score(ink: Mask) -> float:
    """Of a scrap too small to have edges and corners."""
    paper = level(ink, 75)
    return 100.0 * float(numpy.mean(ink < paper - _INK_CONTRAST)) if paper >= _PAPER_AT_LEAST else 100.0


def _around(copy: PageCopy) -> Mask:
    """The paper around each place: the brightest nearby, so that writing does not darken its own surroundings."""
    height, width = copy.ink.shape
    size = (max(1, width // _ROUGHLY), max(1, height // _ROUGHLY))
    small = cv2.resize(copy.ink, size, interpolation=cv2.INTER_AREA)
    reach = max(3, copy.pixels(8.0) // _ROUGHLY) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, numpy.ones((reach, reach), numpy.uint8))
    return numpy.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR), dtype=numpy.uint8)


def _coarse(mask: Mask) -> Mask:
    """Half as wide and high; a pixel is set when any of its four was."""
    height, width = mask.shape
    half = cv2.resize(mask[: height & ~1, : width & ~1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return _mask(cv2.compare(half, 0, cv2.CMP_GT))


def _background(copy: PageCopy, dark: Mask) -> Mask:
    """The scanner's background and the shadows of the edges: thick dark areas that touch the rim of the picture."""
    size = copy.pixels(0.8)
    thick = cv2.morphologyEx(_coarse(dark), cv2.MORPH_OPEN, numpy.ones((size, size), numpy.uint8), borderValue=255)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thick, connectivity=4)
    rim = numpy.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    touching = numpy.zeros(count, dtype=numpy.uint8)
    touching[numpy.unique(rim)] = 255
    touching[0] = 0
    share = float(stats[touching > 0, cv2.CC_STAT_AREA].sum()) / thick.size
    if share > _BACKGROUND_MOST or (share > _SHADOW_MOST and not _is_even(copy, _fine(touching[labels], dark))):
        return numpy.zeros_like(dark)
    return _fine(cv2.dilate(touching[labels], numpy.ones((2 * size + 1, 2 * size + 1), numpy.uint8)), dark)


def _is_even(copy: PageCopy, area: Mask) -> bool:
    """Whether an area has one shade, as a lid has and a picture has not."""
    return level(copy.ink, 90, area) - level(copy.ink, 10, area) < _EVEN


def _lines_across(copy: PageCopy, marks: Mask) -> Mask:
    """Folds and streaks: thin lines that leave the picture on both sides."""
    rough = _coarse(marks)
    found = numpy.zeros_like(rough)
    height, width = rough.shape
    piece, thick = copy.pixels(6.0), copy.pixels(1.25)
    for is_level in (True, False):
        kernel = numpy.ones((1, piece) if is_level else (piece, 1), numpy.uint8)
        wide = cv2.dilate(rough, numpy.ones((3, 1) if is_level else (1, 3), numpy.uint8))
        lines = cv2.morphologyEx(wide, cv2.MORPH_OPEN, kernel)
        lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, kernel)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        length = stats[:, cv2.CC_STAT_WIDTH if is_level else cv2.CC_STAT_HEIGHT]
        thickness = stats[:, cv2.CC_STAT_AREA] / numpy.maximum(length, 1) - 2
        across = (length >= _ACROSS * (width if is_level else height)) & (thickness <= thick)
        across[0] = False
        found |= numpy.where(across, 255, 0).astype(numpy.uint8)[labels]
    return _fine(cv2.dilate(found, numpy.ones((3, 3), numpy.uint8)), marks)


def _fine(mask: cv2.typing.MatLike, like: Mask) -> Mask:
    """A coarse mask in the size of another one."""
    size = (like.shape[1], like.shape[0])
    return _mask(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))


def _clear_rim(copy: PageCopy, marks: Mask) -> None:
    rim, corner = copy.pixels(_MARGIN_MM), copy.pixels(_CORNER_MM)
    marks[:rim] = marks[-rim:] = 0
    marks[:, :rim] = marks[:, -rim:] = 0
    for rows in (slice(None, corner), slice(-corner, None)):
        for columns in (slice(None, corner), slice(-corner, None)):
            marks[rows, columns] = 0


def _made_by_hand(copy: PageCopy, marks: Mask, strong: Mask) -> int:
    """Pixels of the marks that have ink in them and are neither dust nor a punch hole."""
    joined = cv2.dilate(marks, numpy.ones((3, 3), numpy.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    has_ink = numpy.bincount(labels[strong > 0], minlength=count) > 0
    has_ink[0] = False
    wide, high = stats[:, cv2.CC_STAT_WIDTH] - 2, stats[:, cv2.CC_STAT_HEIGHT] - 2
    # a speck may lie across the border of two pixels
    is_mark = has_ink & (numpy.maximum(wide, high) > _SPECK_MM * copy.per_mm + 1)
    may_be_round = (numpy.minimum(wide, high) >= _HOLE_MM[0] * copy.per_mm) & (
        numpy.maximum(wide, high) <= _HOLE_MM[1] * copy.per_mm
    )
    for index in numpy.flatnonzero(is_mark & may_be_round):
        is_mark[index] = not _is_hole(copy, labels, stats[index], int(index))
    return int(numpy.count_nonzero(is_mark[labels[marks > 0]]))


def _is_hole(copy: PageCopy, labels: NDArray[numpy.int32], box: NDArray[numpy.int32], index: int) -> bool:
    """Whether a mark is a punch hole: round, near an edge."""
    left, top, wide, high = (int(value) for value in box[:4])
    height, width = labels.shape
    band = copy.pixels(_HOLE_BAND_MM)
    is_near = min(left, top, width - left - wide, height - top - high) + min(wide, high) <= band
    if not is_near or not 0.75 <= wide / high <= 1.34:
        return False
    shape = numpy.where(labels[top : top + high, left : left + wide] == index, 255, 0).astype(numpy.uint8)
    outlines, _ = cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    _, radius = cv2.minEnclosingCircle(outline)
    return bool(cv2.contourArea(outline) >= 0.8 * numpy.pi * radius * radius)
