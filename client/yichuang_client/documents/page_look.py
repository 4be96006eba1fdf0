"""看一页: everything that is measured on a page while it is on its way, in one value.

Rules kept here: a blank page is asked nothing more, for its other side or a fold would answer; codes are read on the
page as it will be kept, so far as it lies far askew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.blank import blank_score, is_blank
from yichuang_client.documents.codes import read_codes
from yichuang_client.documents.page_copy import PageCopy, page_copy
from yichuang_client.documents.pages import PageCode, PageFlaw
from yichuang_client.documents.patch_code import read_patch_code
from yichuang_client.documents.quality import page_flaws
from yichuang_client.documents.skew import LEAST_DEGREES, Skew, estimate_skew, straighten

READ_STRAIGHT_FROM = 3.0
"""Degrees up to which bars are read as they lie."""


@dataclass(frozen=True, kw_only=True)
class FirstLook:
    """一眼: what must be known of a page before it can be compressed."""

    copy: PageCopy
    """What it was measured on."""
    blank_score: float
    """Share of the sheet that carries ink, in per cent."""
    is_blank: bool
    """Marked as blank."""
    skew: Skew
    """How far it lies askew."""

    @property
    def is_askew(self) -> bool:
        """Whether it is to be straightened."""
        return self.skew.is_trusted and abs(self.skew.degrees) >= LEAST_DEGREES


@dataclass(frozen=True, kw_only=True)
class PageLook(FirstLook):
    """所见: everything that was measured on a page."""

    codes: tuple[PageCode, ...]
    """The codes on it."""
    flaws: tuple[PageFlaw, ...]
    """What is wrong with the picture of it."""


def look_at(pixels: NDArray[numpy.uint8], dpi: int, *, is_hurried: bool = True) -> PageLook:
    """Measure a gray or red-green-blue page; with time to spare its codes are looked for in full size, too."""
    return look_closer(pixels, first_look(pixels, dpi), is_hurried=is_hurried)


def first_look(pixels: NDArray[numpy.uint8], dpi: int) -> FirstLook:
    """Whether a page is blank, and how far it lies askew."""
    copy = page_copy(pixels, dpi)
    score = blank_score(copy)
    skew = Skew(degrees=0.0, confidence=0.0) if is_blank(score) else estimate_skew(copy)
    return FirstLook(copy=copy, blank_score=score, is_blank=is_blank(score), skew=skew)


def look_closer(pixels: NDArray[numpy.uint8], first: FirstLook, *, is_hurried: bool = True) -> PageLook:
    """The rest: codes and flaws."""
    codes: tuple[PageCode, ...] = ()
    flaws: tuple[PageFlaw, ...] = ()
    if not first.is_blank:
        codes = _codes(first.copy, first.skew) or (() if is_hurried else _small_codes(pixels, first.skew))
        flaws = page_flaws(pixels, first.copy)
    return PageLook(
        copy=first.copy,
        blank_score=first.blank_score,
        is_blank=first.is_blank,
        skew=first.skew,
        codes=codes,
        flaws=flaws,
    )


def _codes(copy: PageCopy, skew: Skew) -> tuple[PageCode, ...]:
    reading, gray = copy.reading, copy.gray
    if skew.is_trusted and abs(skew.degrees) >= READ_STRAIGHT_FROM:
        reading, gray = straighten(reading, skew.degrees), straighten(gray, skew.degrees)
    patch = read_patch_code(gray, copy.per_mm)
    return (*(() if patch is None else (patch,)), *read_codes(reading))


def _small_codes(pixels: NDArray[numpy.uint8], skew: Skew) -> tuple[PageCode, ...]:
    """Codes whose bars are lost in the copy: under a third of a millimetre at 300 dots per inch."""
    gray = pixels if pixels.ndim == 2 else numpy.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=numpy.uint8)
    return read_codes(straighten(gray, skew.degrees) if skew.is_trusted else gray)


def eight_bit(pixels: NDArray[Any]) -> NDArray[numpy.uint8]:
    """The upper eight bits of every sample; raises ValueError for pixels of no known layout."""
    is_gray = pixels.ndim == 2
    if not is_gray and not (pixels.ndim == 3 and pixels.shape[2] == 3):
        raise ValueError(f"no page: shape {pixels.shape}")
    if pixels.size == 0 or pixels.dtype not in (numpy.uint8, numpy.uint16):
        raise ValueError(f"no page: {pixels.shape} of {pixels.dtype}")
    if pixels.dtype == numpy.uint16:
        return numpy.asarray(pixels >> numpy.uint16(8), dtype=numpy.uint8)
    return numpy.asarray(pixels, dtype=numpy.uint8)
