"""页面处理: from raw pixels to the page that is stored, one page at a time and without side effects.

Order: reduce to 8 bit → look at small copies (blank? askew? codes? flaws?) → turn upright if that can be trusted →
JPEG with its resolution → thumbnail → hash. The heavy parts run outside the interpreter's lock, so that
`PagePipeline` needs threads only. Nothing is written anywhere.
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import cv2
import numpy
import simplejpeg
from numpy.typing import NDArray

from yichuang_client.documents.page_look import eight_bit, look_at
from yichuang_client.documents.pages import PreparedPage, RawPage
from yichuang_client.documents.skew import straighten

JPEG_QUALITY = 75
"""Enough for writing at 300 dots per inch; A4 gray is about 0.5 MB."""
THUMBNAIL_PIXELS = 240
"""Longest side of a thumbnail: twice the strip's 62 rows with room for dense screens."""


def prepare_page(raw: RawPage) -> PreparedPage:
    """Turn raw pixels into a page to be stored; raises ValueError for pixels of no known layout."""
    pixels = eight_bit(raw.pixels)
    look = look_at(pixels, raw.dpi)
    if look.is_askew:
        pixels = straighten(pixels, look.skew.degrees)
    jpeg = encode_jpeg(pixels, dpi=raw.dpi)
    return PreparedPage(
        jpeg=jpeg,
        thumbnail=thumbnail_jpeg(pixels),
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=raw.dpi,
        blank_score=round(look.blank_score, 4),
        is_blank=look.is_blank,
        skew_degrees=look.skew.degrees if look.skew.is_trusted else 0.0,
        is_straightened=look.is_askew,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        skew_confidence=look.skew.confidence,
        codes=look.codes,
        flaws=look.flaws,
    )


def encode_jpeg(pixels: NDArray[numpy.uint8], *, dpi: int = 0) -> bytes:
    """Encode gray or red-green-blue pixels as JFIF that tells its resolution."""
    if pixels.ndim == 2:
        image = numpy.ascontiguousarray(pixels)[..., numpy.newaxis]
        raw = simplejpeg.encode_jpeg(image, quality=JPEG_QUALITY, colorspace="GRAY", colorsubsampling="Gray")
    else:
        image = numpy.ascontiguousarray(pixels)
        raw = simplejpeg.encode_jpeg(image, quality=JPEG_QUALITY, colorspace="RGB", colorsubsampling="420")
    jpeg = bytes(raw)
    if dpi > 0 and jpeg[2:4] == b"\xff\xe0" and jpeg[6:11] == b"JFIF\0":
        # APP0 holds unit (1 = inch) and both densities at a fixed place (JFIF 1.02)
        jpeg = jpeg[:13] + struct.pack(">BHH", 1, dpi, dpi) + jpeg[18:]
    return jpeg


def _resized(pixels: NDArray[numpy.uint8], width: int, height: int) -> NDArray[numpy.uint8]:
    return numpy.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), dtype=numpy.uint8)


def thumbnail_jpeg(pixels: NDArray[numpy.uint8]) -> bytes:
    """A small JPEG of a page for strips and lists."""
    height, width = pixels.shape[:2]
    scale = min(1.0, THUMBNAIL_PIXELS / max(height, width))
    # a whole factor first: the exact reduction of 25 MB would cost as much as the JPEG
    factor = max(1, int(1 / scale) // 2)
    rough = pixels[factor // 2 :: factor, factor // 2 :: factor]
    small = _resized(numpy.ascontiguousarray(rough), max(1, round(width * scale)), max(1, round(height * scale)))
    return encode_jpeg(small)


class PagePipeline:
    """页面流水线: prepares pages on as many threads as there are cores, in the order in which they came."""

    def __init__(self, *, threads: int | None = None) -> None:
        """Start; `threads` is for tests."""
        cv2.setNumThreads(1)  # pages run beside each other, not each on all cores
        self._count = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="page")

    def submit(self, raw: RawPage) -> Future[PreparedPage]:
        """Begin one page."""
        return self._pool.submit(prepare_page, raw)

    def prepare(self, pages: Iterable[RawPage]) -> Iterator[PreparedPage]:
        """Prepare pages in order, holding no more of them in memory than there are threads, plus one."""
        waiting: list[Future[PreparedPage]] = []
        try:
            for raw in pages:
                waiting.append(self.submit(raw))
                if len(waiting) > self._count:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()
            concurrent.futures.wait(waiting)

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown()
