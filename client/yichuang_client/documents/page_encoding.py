"""页面编码: a page's pixels as the bytes that are kept, and back.

A page of two tones is kept as TIFF in CCITT group 4 (G4), without any loss and in a tenth of the size; every other one
as JPEG. Both tell their dots per inch.
"""

from __future__ import annotations

import io
import struct

import cv2
import numpy
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

JPEG_QUALITY = 75
"""Enough for writing at 300 dots per inch; A4 gray is about 0.5 MB."""
_ROWS_A_STRIP = 278
"""The tag of TIFF 6.0."""
SUFFIXES = {b"\xff\xd8": ".jpg", b"II": ".tif"}
"""Ends of file names by first bytes."""


def encode_page(pixels: NDArray[numpy.uint8], *, dpi: int, white_from: int | None) -> bytes:
    """Encode gray or red-green-blue pixels; ``white_from``: what `two_tones.threshold` said of them as they came."""
    return encode_jpeg(pixels, dpi=dpi) if white_from is None else _encode_g4(pixels, dpi, white_from)


def encode_jpeg(pixels: NDArray[numpy.uint8], *, dpi: int = 0) -> bytes:
    """Encode gray or red-green-blue pixels as JFIF that tells its resolution."""
    image = numpy.ascontiguousarray(pixels if pixels.ndim == 3 else pixels[..., numpy.newaxis])
    space, sampling = ("RGB", "420") if pixels.ndim == 3 else ("GRAY", "Gray")
    raw = simplejpeg.encode_jpeg(image, quality=JPEG_QUALITY, colorspace=space, colorsubsampling=sampling)
    jpeg = bytes(raw)
    if dpi > 0 and jpeg[2:4] == b"\xff\xe0" and jpeg[6:11] == b"JFIF\0":
        # APP0 holds unit (1 = inch) and both densities at a fixed place (JFIF 1.02)
        jpeg = jpeg[:13] + struct.pack(">BHH", 1, dpi, dpi) + jpeg[18:]
    return jpeg


def _encode_g4(pixels: NDArray[numpy.uint8], dpi: int, white_from: int) -> bytes:
    _, two = cv2.threshold(pixels, white_from - 1, 255, cv2.THRESH_BINARY)
    out = io.BytesIO()
    dots = {"dpi": (dpi, dpi)} if dpi > 0 else {}
    # one strip: smaller, quicker, and fit for a PDF as it is
    strip = {_ROWS_A_STRIP: pixels.shape[0]}
    image = Image.fromarray(numpy.asarray(two, dtype=numpy.uint8)).convert("1", dither=Image.Dither.NONE)
    image.save(out, "TIFF", compression="group4", tiffinfo=strip, **dots)
    return out.getvalue()


def decode_page(page: bytes) -> tuple[NDArray[numpy.uint8], int]:
    """The pixels of a kept page, gray or red-green-blue, and its dots per inch. Raises OSError, ValueError."""
    with Image.open(io.BytesIO(page), formats=("JPEG", "TIFF")) as image:
        is_gray = image.mode in ("1", "L")
        dpi = round(float(image.info.get("dpi", (0, 0))[0]))
        if image.format == "TIFF":
            return numpy.array(image.convert("L" if is_gray else "RGB"), dtype=numpy.uint8), dpi
    pixels = numpy.asarray(simplejpeg.decode_jpeg(page, colorspace="GRAY" if is_gray else "RGB"))
    return (pixels[..., 0] if is_gray else pixels), dpi


def suffix(page: bytes) -> str:
    """How the name of a file with these bytes ends, with its dot."""
    return next(end for start, end in SUFFIXES.items() if page.startswith(start))
