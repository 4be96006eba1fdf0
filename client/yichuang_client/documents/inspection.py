"""检查文件: what the pages of a file are, without keeping any: for the command line and for trying things out.

One page is in memory at a time. A page that lies on its side or upside down, by a suggestion that can be trusted, is
measured as it will stand once it is turned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray

from yichuang_client.documents.orientation import suggest_orientation, turn_upright
from yichuang_client.documents.page_copy import page_copy
from yichuang_client.documents.page_import import import_file
from yichuang_client.documents.page_look import PageLook, eight_bit, look_at
from yichuang_client.documents.pages import Orientation, RawPage
from yichuang_client.documents.skew import straighten

_NO_DIRECTION = Orientation(turned=0, confidence=0.0, is_trusted=False)


@dataclass(frozen=True, kw_only=True)
class InspectedPage:
    """检查结果: one page of a file and what was measured on it."""

    number: int
    """From 1."""
    width: int
    """Pixels a row as the file has them."""
    height: int
    """Rows."""
    dpi: int
    """Dots per inch, 0 when unknown."""
    orientation: Orientation
    """How it lies."""
    look: PageLook
    """The rest, measured on the upright page."""


def inspect_file(path: Path) -> Iterator[InspectedPage]:
    """Measure the pages of a file one by one; raises PageError and OSError, also after good pages."""
    for number, raw in enumerate(import_file(path), start=1):
        yield _inspected(number, raw)


def _inspected(number: int, raw: RawPage) -> InspectedPage:
    pixels = eight_bit(raw.pixels)
    height, width = pixels.shape[:2]
    look = look_at(pixels, raw.dpi, is_hurried=False)
    orientation = _NO_DIRECTION if look.is_blank else _orientation(pixels, raw.dpi, look)
    if orientation.is_trusted and orientation.turned:
        look = look_at(turn_upright(pixels, orientation), raw.dpi, is_hurried=False)
    return InspectedPage(number=number, width=width, height=height, dpi=raw.dpi, orientation=orientation, look=look)


def upright(raw: RawPage) -> RawPage:
    """The page turned by quarter turns where a suggestion can be trusted; a blank page as it is."""
    pixels = eight_bit(raw.pixels)
    look = look_at(pixels, raw.dpi)
    orientation = _NO_DIRECTION if look.is_blank else _orientation(pixels, raw.dpi, look)
    if not (orientation.is_trusted and orientation.turned):
        return raw
    return RawPage(pixels=turn_upright(pixels, orientation), dpi=raw.dpi)


def _orientation(pixels: NDArray[numpy.uint8], dpi: int, look: PageLook) -> Orientation:
    """The suggestion for a page, straightened first when it lies far askew."""
    if not look.is_askew:
        return suggest_orientation(pixels, look.copy)
    straight = straighten(pixels, look.skew.degrees)
    return suggest_orientation(straight, page_copy(straight, dpi))
