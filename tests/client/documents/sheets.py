"""Sheets of paper as a scanner gives them, drawn for tests: paper, ink, and what a blank sheet shows all the same."""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

DPI = 150
WIDTH, HEIGHT = round(210 * DPI / 25.4), round(297 * DPI / 25.4)
Sheet = NDArray[numpy.float32]
WORDS = "Application for a licence, second copy, with all annexes and the number 4401"


def mm(value: float) -> int:
    """A length on the sheet in pixels."""
    return round(value * DPI / 25.4)


def paper(seed: int = 1, level: float = 244.0) -> Sheet:
    """Nearly white, with grain."""
    grain = numpy.random.default_rng(seed).normal(0, 2.5, (HEIGHT, WIDTH, 1))
    return numpy.repeat(level + grain, 3, axis=2).astype(numpy.float32)


def page(sheet: Sheet) -> NDArray[numpy.uint8]:
    """The sheet as pixels."""
    return numpy.clip(sheet, 0, 255).astype(numpy.uint8)


def inked(sheet: Sheet, mask: NDArray[numpy.uint8], colour: tuple[int, int, int] = (35, 35, 40)) -> Sheet:
    """Ink on a sheet where the mask says so."""
    share = (mask.astype(numpy.float32) / 255)[..., numpy.newaxis]
    return (sheet * (1 - share) + numpy.array(colour, dtype=numpy.float32) * share).astype(numpy.float32)


def nothing() -> NDArray[numpy.uint8]:
    """A mask without ink."""
    return numpy.zeros((HEIGHT, WIDTH), dtype=numpy.uint8)


def words(lines: int, top: float = 35.0, text: str = WORDS) -> NDArray[numpy.uint8]:
    """A mask of lines of writing."""
    mask = nothing()
    for line in range(lines):
        where = (mm(25 + 5 * (line % 3) + 1.3 * (line % 5)), mm(top + 8 * line))
        cv2.putText(mask, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.62, 255, 2, cv2.LINE_AA)
    return mask


def signature() -> NDArray[numpy.uint8]:
    """A mask of one signature."""
    mask = nothing()
    cv2.putText(mask, "Lin Wei", (mm(110), mm(235)), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 255, 2, cv2.LINE_AA)
    return mask


def stamp() -> NDArray[numpy.uint8]:
    """A mask of one round stamp."""
    mask = nothing()
    cv2.circle(mask, (mm(130), mm(220)), mm(20), 255, mm(1.2), cv2.LINE_AA)
    cv2.putText(mask, "SEAL", (mm(119), mm(223)), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 255, 3, cv2.LINE_AA)
    return mask


def shining_through(sheet: Sheet, steps: float = 30.0) -> Sheet:
    """With the print of the other side."""
    other = cv2.GaussianBlur(words(28)[:, ::-1], (0, 0), mm(0.3)).astype(numpy.float32) / 255
    return (sheet - steps * other[..., numpy.newaxis]).astype(numpy.float32)


def punched(sheet: Sheet) -> Sheet:
    """With two punch holes through which a dark lid is seen."""
    mask = nothing()
    for down in (108.5, 188.5):
        cv2.circle(mask, (mm(12), mm(down)), mm(3), 255, -1, cv2.LINE_AA)
    return inked(sheet, mask, (20, 20, 20))


def on_dark_lid(sheet: Sheet, degrees: float = 2.0) -> Sheet:
    """Lying askew on a dark lid."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -degrees, 1.0)
    turned = cv2.warpAffine(sheet, matrix, (WIDTH, HEIGHT), borderValue=(12.0, 12.0, 12.0))
    return numpy.asarray(turned, dtype=numpy.float32)


def folded(sheet: Sheet, steps: float = 60.0) -> Sheet:
    """Folded once across."""
    mask = nothing()
    cv2.line(mask, (0, mm(99)), (WIDTH, mm(100)), 255, 2, cv2.LINE_AA)
    share = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(numpy.float32)[..., numpy.newaxis] / 255
    return (sheet - steps * share).astype(numpy.float32)


def dusty(sheet: Sheet) -> Sheet:
    """With specks of dust."""
    mask = nothing()
    random = numpy.random.default_rng(7)
    for _ in range(25):
        mask[int(random.integers(HEIGHT)), int(random.integers(WIDTH))] = 200
    return inked(sheet, mask)


def patch_bars(sheet: Sheet, pattern: str) -> Sheet:
    """A patch code along the upper edge: W and N from the edge inward."""
    mask, down = nothing(), 10.0
    for bar in pattern:
        high = 5.08 if bar == "W" else 2.03
        mask[mm(down) : mm(down + high), mm(70) : mm(135)] = 255
        down += high + 2.03
    return inked(sheet, mask)
