"""倾斜: how far a page lies askew, and turning it upright.

Lines of writing and of forms make the sums of a page's rows rise and fall most steeply when they lie level. The page
is cut into upright strips; tilting the page by an angle is then shifting the strips' row sums, which is cheap enough to
try many angles.

An estimate is used only when it can be trusted: the best angle must stand out clearly, no other angle may do nearly as
well, it must not lie at the end of the range, and each half of the page (upper, lower, left, right) must agree with
it. Patterns, photographs and warped sheets fail one of these and stay as they are, and so does a page that lies on its
side: a page turned wrongly is worse than one left askew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import PageCopy

MOST_DEGREES = 20.0
"""Pages that lie further askew are for a person to turn."""
LEAST_DEGREES = 0.15
"""Under it nobody sees the difference and turning costs time and sharpness."""
TRUSTED_FROM = 0.5
"""Confidence at which an estimate is used."""
_USUAL_DEGREES = 8.0
"""Range that is tried first: a feeder leaves no more."""
_STRIPS = 40
_CLEAR_PEAK = 4.0
"""How many times the usual score the best one must be."""
_CLEAR_LEAD = 2.2
"""How many times the best other score it must be."""
_OTHER_DEGREES = 2.0
"""From how far away an angle is another one."""
_HALVES_AGREE = 0.6
"""Share of a half's own best score that it must reach at the whole's angle (true pages: 0.8 and more)."""
_LEAST_INK = 0.002
"""Share of marks below which a page says nothing."""
_LEAST_SHARE = 0.15
"""Share of the page's marks below which a half does not object."""
_MARK_CONTRAST = 20
_Rows = NDArray[numpy.uint8]
_Steps = NDArray[numpy.float32]


@dataclass(frozen=True, kw_only=True)
class Skew:
    """倾斜估计: an angle and whether to believe it."""

    degrees: float
    """Clockwise positive, as the page lies."""
    confidence: float
    """From 0 to 1."""

    @property
    def is_trusted(self) -> bool:
        """Whether all gates were passed."""
        return self.confidence >= TRUSTED_FROM


def estimate_skew(copy: PageCopy) -> Skew:
    """Estimate the skew of a page."""
    if min(copy.gray.shape) < 2 * _STRIPS:
        return Skew(degrees=0.0, confidence=0.0)
    return _of_lines(numpy.asarray(cv2.compare(copy.relief, _MARK_CONTRAST, cv2.CMP_GT), dtype=numpy.uint8))


def straighten(pixels: NDArray[numpy.uint8], degrees: float) -> NDArray[numpy.uint8]:
    """Turn a page upright by the angle it lies askew; the size stays, corners fill with white."""
    height, width = pixels.shape[:2]
    # OpenCV's positive angle turns against the clock
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (255, 255, 255)
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=white)
    return numpy.asarray(turned, dtype=numpy.uint8)


def _of_lines(marks: NDArray[numpy.uint8]) -> Skew:
    """The skew by level lines: the usual range first, then a wider one with the page turned by what was found."""
    rows, width = _strip_sums(marks), marks.shape[1]
    if float(rows.mean()) / 255 < _LEAST_INK:
        return Skew(degrees=0.0, confidence=0.0)
    found = _within(rows, width, _USUAL_DEGREES)
    if found.is_trusted:
        return found
    # this far from level every second row will do
    angles, half = _range(MOST_DEGREES), (rows.shape[1] // 2, _STRIPS)
    scores = _scores(
        numpy.asarray(cv2.resize(rows, half, interpolation=cv2.INTER_AREA), numpy.uint8), width // 2, angles
    )
    rough = float(angles[int(scores.argmax())])
    if not _USUAL_DEGREES - 2 < abs(rough) < MOST_DEGREES - 0.01:
        return found
    turned = _strip_sums(_turned(marks, rough))
    again = _within(turned, width, _USUAL_DEGREES / 2)
    confidence = min(again.confidence, _share(_lead(angles, scores) / _CLEAR_LEAD))
    return Skew(degrees=round(rough + again.degrees, 2), confidence=round(confidence, 3))


def _turned(marks: NDArray[numpy.uint8], degrees: float) -> NDArray[numpy.uint8]:
    height, width = marks.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(marks, matrix, (width, height), flags=cv2.INTER_NEAREST)
    return numpy.asarray(turned, dtype=numpy.uint8)


def _within(rows: _Rows, width: int, most: float) -> Skew:
    """The best angle within a range and how sure it is."""
    angles = _range(most)
    scores = _scores(rows, width, angles)
    peak = int(scores.argmax())
    degrees, best = _fine(rows, width, float(angles[peak]))
    if not 0 < peak < len(angles) - 1:
        return Skew(degrees=round(degrees, 2) + 0.0, confidence=0.0)
    agreement = _agreement(rows, width, degrees)
    confidence = min(
        _share(best / max(float(numpy.median(scores)), 1e-6) / _CLEAR_PEAK),
        _share(_lead(angles, scores) / _CLEAR_LEAD),
        0.5 * agreement / _HALVES_AGREE if agreement < _HALVES_AGREE else 1 - (1 - agreement) / 2 / (1 - _HALVES_AGREE),
    )
    return Skew(degrees=round(degrees, 2) + 0.0, confidence=round(confidence, 3))


def _range(most: float) -> NDArray[numpy.float64]:
    return numpy.arange(-most, most + 0.01, 0.5)


def _share(ratio: float) -> float:
    """A half where a ratio just passes its gate, towards one above it."""
    return ratio / (1 + ratio)


def _lead(angles: NDArray[numpy.float64], scores: NDArray[numpy.float64]) -> float:
    """How many times the best score is that of the best other angle, which a pattern has and writing has not."""
    peak = int(scores.argmax())
    others = scores[numpy.abs(angles - angles[peak]) >= _OTHER_DEGREES]
    return float(scores[peak]) / max(float(others.max()), 1e-6)


def _strip_sums(marks: NDArray[numpy.uint8]) -> _Rows:
    """Share of marks in each row of each strip, 255 for all: strips × rows."""
    height, width = marks.shape
    step = width // _STRIPS
    strips = cv2.resize(marks[:, : step * _STRIPS], (_STRIPS, height), interpolation=cv2.INTER_AREA)
    return numpy.ascontiguousarray(strips.T, dtype=numpy.uint8)


def _tilted(rows: _Rows, width: int, degrees: NDArray[numpy.float64]) -> Iterator[_Rows]:
    """The strips shifted as turning the page back by each angle shifts them."""
    strips, height = rows.shape
    centres = (numpy.arange(strips) + 0.5) * (width // _STRIPS) - width / 2
    most = int(numpy.ceil(numpy.tan(numpy.radians(numpy.abs(degrees).max())) * numpy.abs(centres).max())) + 1
    padded = numpy.zeros((strips, height + 2 * most), dtype=numpy.uint8)
    padded[:, most : most + height] = rows
    windows, every = sliding_window_view(padded, height, axis=1), numpy.arange(strips)
    for shift in numpy.rint(numpy.tan(numpy.radians(degrees))[:, numpy.newaxis] * centres).astype(int) + most:
        yield windows[every, shift]


def _steps(rows: _Rows) -> _Steps:
    """How the sums of the strips rise and fall from row to row."""
    sums = cv2.reduce(rows, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F).reshape(-1)
    return numpy.asarray(sums[1:] - sums[:-1], dtype=numpy.float32)


def _scores(rows: _Rows, width: int, degrees: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """How steeply the row sums rise and fall when the page is turned back by each angle."""
    steps = (_steps(tilted) for tilted in _tilted(rows, width, degrees))
    return numpy.array([float(numpy.dot(step, step)) for step in steps])


def _fine(rows: _Rows, width: int, near: float) -> tuple[float, float]:
    """The best angle within half a degree of one, and its score."""
    angles = numpy.arange(near - 0.5, near + 0.501, 0.05)
    scores = _scores(rows, width, angles)
    # several neighbouring angles may shift the strips alike: take the middle of the plateau
    ties = numpy.flatnonzero(scores >= 0.999 * scores.max())
    best = angles[round(float(ties.mean()))]
    return float(best), float(scores.max())


def _agreement(rows: _Rows, width: int, degrees: float) -> float:
    """Share of its own best score that each half of the page (left, right, upper, lower) reaches, the least of them."""
    angles = numpy.append(numpy.arange(degrees - 1.8, degrees + 1.81, 0.2), degrees)
    middle, centre = rows.shape[1] // 2, _STRIPS // 2
    scores = numpy.empty((len(angles), 4))
    for index, tilted in enumerate(_tilted(rows, width, angles)):
        left, right = _steps(tilted[:centre]), _steps(tilted[centre:])
        both = left + right
        parts = (left, right, both[:middle], both[middle:])
        scores[index] = [float(numpy.dot(part, part)) for part in parts]
    halves = (rows[:centre], rows[centre:], rows[:, :middle], rows[:, middle:])
    least = _LEAST_SHARE * float(rows.sum())
    counts = [float(half.sum()) > least for half in halves]
    agreements = scores[-1] / numpy.maximum(scores.max(axis=0), 1e-6)
    return float(numpy.where(counts, agreements, 1.0).min())
