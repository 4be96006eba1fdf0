"""页面处理: from raw pixels to the page that is stored, one page at a time.

Order: reduce to 8 bit → look at small copies (blank? askew?) → turn upright if that can be trusted → JPEG, or G4 when
it is black and white, with its resolution → hash → the vault, if there is one; beside that, on a thread of its own:
codes, flaws, thumbnail, a picture to look at. The last sheet of a pile is finished sooner so, and the disk is never
waited for alone. `page_pool` does it in processes. Nothing is written anywhere but into the vault.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_copy import halved, reduced
from yichuang_client.documents.page_encoding import encode_page
from yichuang_client.documents.page_look import eight_bit, first_look, look_closer
from yichuang_client.documents.pages import PageImage, PreparedPage, RawPage, Vault
from yichuang_client.documents.skew import straighten
from yichuang_client.documents.two_tones import threshold

THUMBNAIL = (88, 62)
"""Box of a thumbnail, as strips and lists show it."""
_MALLOC = {-3: 1 << 30, -1: 1 << 30, -8: 1}
"""M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX of malloc.h: one heap, never trimmed, no mapping of its own."""


def run_alone() -> None:
    """Pages run beside each other, not each on all cores."""
    cv2.setNumThreads(1)


def keep_freed_memory() -> None:
    """Let the C library use memory again instead of giving it back: the next page needs as much, and new memory is
    cleared page by page. Only of glibc; elsewhere nothing happens.
    """
    if sys.platform == "win32":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _MALLOC.items():
            mallopt(parameter, value)


class NotKept(Exception):
    """没存上: the vault's no.

    Attributes:
        reason: what it raised.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class _Finished:
    """The page's bytes, and where they went."""

    data: bytes
    size: int
    sha256: str
    file: str


def prepare_page(raw: RawPage, view: tuple[int, int] = (0, 0), vault: Vault | None = None) -> PreparedPage:
    """Turn raw pixels into a page that is stored, or to be stored without a vault.

    ``view``: width and height of the box in which the page will be looked at, height 0 for as high as it is wide
    needs; without one no picture of it is made. Raises ValueError for pixels of no known layout, NotKept.
    """
    began = time.perf_counter()
    pixels = eight_bit(raw.pixels)
    first = first_look(pixels, raw.dpi)
    upright = straighten(pixels, first.skew.degrees) if first.is_askew else pixels
    with ThreadPoolExecutor(1) as beside:
        finishing = beside.submit(_finish, pixels, upright, raw.dpi, vault)
        look = look_closer(pixels, first)
        large = reduced(upright) if first.is_askew else first.copy.large
        small, image = thumbnail(large), view_image(upright, large, *view) if view[0] else None
        finished = finishing.result()
    return PreparedPage(
        data=finished.data,
        thumbnail=small,
        width=upright.shape[1],
        height=upright.shape[0],
        dpi=raw.dpi,
        blank_score=round(look.blank_score, 4),
        is_blank=look.is_blank,
        skew_degrees=look.skew.degrees if look.skew.is_trusted else 0.0,
        is_straightened=look.is_askew,
        sha256=finished.sha256,
        size=finished.size,
        file=finished.file,
        skew_confidence=look.skew.confidence,
        codes=look.codes,
        flaws=look.flaws,
        view=image,
        seconds=time.perf_counter() - began,
    )


def _finish(pixels: NDArray[numpy.uint8], upright: NDArray[numpy.uint8], dpi: int, vault: Vault | None) -> _Finished:
    data = encode_page(upright, dpi=dpi, white_from=threshold(pixels, dpi))
    name = hashlib.sha256(data).hexdigest()
    if vault is None:
        return _Finished(data=data, size=len(data), sha256=name, file="")
    try:
        file = vault.write(name, data)
    except Exception as reason:
        raise NotKept(reason) from reason
    return _Finished(data=b"", size=len(data), sha256=name, file=file)


def _shrunk(pixels: NDArray[numpy.uint8], width: int, height: int) -> NDArray[numpy.uint8]:
    """Halved while it can be, then drawn between its pixels: quicker than one exact reduction, and as good to see."""
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        pixels = halved(pixels)
    return numpy.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), dtype=numpy.uint8)


def _grown(pixels: NDArray[numpy.uint8], width: int, height: int) -> NDArray[numpy.uint8]:
    """Anything between the copy and larger than life."""
    kind = cv2.INTER_AREA if width < pixels.shape[1] else cv2.INTER_CUBIC
    return numpy.asarray(cv2.resize(pixels, (width, height), interpolation=kind), dtype=numpy.uint8)


def view_image(pixels: NDArray[numpy.uint8], large: NDArray[numpy.uint8], width: int, height: int) -> PageImage:
    """A page at most ``width`` wide and, unless 0, ``height`` high, as pixels to be drawn; ``large``: its copy."""
    rows, columns = pixels.shape[:2]
    scale = min(width / columns, height / rows if height else width / columns)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    small = _shrunk(large, *size) if size[0] <= large.shape[1] else _grown(pixels, *size)
    return PageImage(width=size[0], height=size[1], is_gray=pixels.ndim == 2, pixels=small.tobytes())


def thumbnail(pixels: NDArray[numpy.uint8]) -> PageImage:
    """A page for strips and lists."""
    return view_image(pixels, pixels, *THUMBNAIL)
