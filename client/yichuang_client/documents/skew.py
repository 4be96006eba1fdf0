"""倾斜: how far a page lies askew, and turning it upright.

Lines of writing and of forms make the sums of a page's rows rise and fall most steeply when they lie level.
The page is cut into upright strips; tilting the page by an angle is then shifting the strips' row sums,
which is cheap enough to try many angles.

An estimate is used only when it can be trusted: the best angle must stand out clearly, must not lie at the
end of the range, and each half of the page (upper, lower, left, right) must agree with it. Patterns,
photographs and warped sheets fail one of these and stay as they are: a page turned wrongly is worse than
one left askew.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy
from numpy.typing import NDArray

MOST_DEGREES = 8.0
"""Pages that lie further askew are for a person to turn."""
LEAST_DEGREES = 0.15
"""Under it nobody sees the difference and turning costs time and sharpness."""
_STRIPS = 32
_CLEAR_PEAK = 4.0
"""How many times the usual score the best one must be."""
_HALVES_AGREE = 0.6
"""Share of a half's own best score that it must reach at the whole's angle (true pages: 0.8 and more)."""
_LEAST_INK = 0.002
"""Share of marks below which a page or a half says nothing."""


@dataclass(frozen=True, kw_only=True)
class Skew:
    """倾斜估计: an angle and whether to believe it."""

    degrees: float
    """Clockwise positive, as the page lies."""
    is_trusted: bool
    """Whether all gates were passed."""


def estimate_skew(small: NDArray[numpy.uint8]) -> Skew:
    """Estimate the skew of a gray page at about 75 to 100 dots per inch."""
    height, width = small.shape
    if height < 2 * _STRIPS or width < 2 * _STRIPS:
        return Skew(degrees=0.0, is_trusted=False)
    around = cv2.blur(small, (41, 41))
    marks = cv2.compare(cv2.subtract(around, small), 20, cv2.CMP_GT)
    rows = _strip_sums(marks)
    ink = float(rows.sum()) / marks.size
    if ink < _LEAST_INK:
        return Skew(degrees=0.0, is_trusted=False)
    wide = numpy.arange(-MOST_DEGREES, MOST_DEGREES + 0.01, 0.5)
    scores = _scores(rows, width, wide)
    peak = int(scores.argmax())
    degrees, best = _fine(rows, width, float(wide[peak]))
    is_clear = best > _CLEAR_PEAK * float(numpy.median(scores)) and 0 < peak < len(wide) - 1
    middle, centre = height // 2, _STRIPS // 2
    halves = (rows[:, :middle], rows[:, middle:], rows[:centre], rows[centre:])
    is_agreed = is_clear and all(_agrees(half, width, degrees) for half in halves)
    return Skew(degrees=round(degrees, 2) + 0.0, is_trusted=is_agreed)


def straighten(pixels: NDArray[numpy.uint8], degrees: float) -> NDArray[numpy.uint8]:
    """Turn a page upright by the angle it lies askew; the size stays, corners fill with white."""
    height, width = pixels.shape[:2]
    # OpenCV's positive angle turns against the clock
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (255, 255, 255)
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=white)
    return numpy.asarray(turned, dtype=numpy.uint8)


def _strip_sums(marks: NDArray[numpy.uint8]) -> NDArray[numpy.float32]:
    """Marks in each row of each strip: strips × rows."""
    height, width = marks.shape
    step = width // _STRIPS
    cut = marks[:, : step * _STRIPS].reshape(height, _STRIPS, step)
    sums = numpy.count_nonzero(cut, axis=2).T
    return numpy.ascontiguousarray(sums, dtype=numpy.float32)


def _scores(rows: NDArray[numpy.float32], width: int, degrees: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """How steeply the row sums rise and fall when the page is turned back by each angle."""
    strips, height = rows.shape
    centres = (numpy.arange(strips) + 0.5) * (width // _STRIPS) - width / 2
    scores = numpy.empty(len(degrees))
    for index, angle in enumerate(degrees):
        shifts = numpy.rint(numpy.tan(numpy.radians(angle)) * centres).astype(int)
        total = numpy.zeros(height, dtype=numpy.float32)
        for strip, shift in zip(rows, shifts, strict=True):
            if abs(shift) >= height:
                continue
            if shift >= 0:
                total[: height - shift] += strip[shift:]
            else:
                total[-shift:] += strip[:shift]
        scores[index] = float(numpy.square(numpy.diff(total)).sum())
    return scores


def _fine(rows: NDArray[numpy.float32], width: int, near: float) -> tuple[float, float]:
    """The best angle within half a degree of one, and its score."""
    angles = numpy.arange(near - 0.5, near + 0.501, 0.05)
    scores = _scores(rows, width, angles)
    # several neighbouring angles may shift the strips alike: take the middle of the plateau
    ties = numpy.flatnonzero(scores >= 0.999 * scores.max())
    best = angles[round(float(ties.mean()))]
    return float(best), float(scores.max())


def _agrees(half: NDArray[numpy.float32], width: int, degrees: float) -> bool:
    """Whether a half of the page lies askew by the same angle; an almost empty half does not object."""
    if float(half.sum()) < _LEAST_INK * half.size * (width // _STRIPS):
        return True
    angles = numpy.arange(degrees - 2.0, degrees + 2.01, 0.1)
    scores = _scores(half, width, numpy.append(angles, degrees))
    return float(scores[-1]) >= _HALVES_AGREE * float(scores.max())
