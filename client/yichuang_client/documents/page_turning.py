"""转页: a page that lies on its side or head, turned by quarter turns.

Rule kept here: a quarter turn moves pixels and makes none up; only writing the JPEG anew costs a little sharpness.
"""

from __future__ import annotations

import hashlib
import io

import numpy
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from yichuang_client.documents.page_pipeline import encode_jpeg, thumbnail
from yichuang_client.documents.pages import PreparedPage


def turn_page(jpeg: bytes, quarter_turns: int, *, is_blank: bool) -> PreparedPage:
    """The page turned clockwise, or against the clock when negative. Raises OSError, ValueError for no JPEG."""
    pixels, dpi = decoded(jpeg)
    return prepared_anew(numpy.ascontiguousarray(numpy.rot90(pixels, -quarter_turns)), dpi, is_blank=is_blank)


def decoded(jpeg: bytes) -> tuple[NDArray[numpy.uint8], int]:
    """The pixels of a kept page, gray or red-green-blue, and its dots per inch. Raises OSError, ValueError."""
    with Image.open(io.BytesIO(jpeg)) as image:
        space = "GRAY" if image.mode == "L" else "RGB"
        dpi = round(float(image.info.get("dpi", (0, 0))[0]))
    pixels = numpy.asarray(simplejpeg.decode_jpeg(jpeg, colorspace=space))
    return (pixels[..., 0] if space == "GRAY" else pixels), dpi


def prepared_anew(pixels: NDArray[numpy.uint8], dpi: int, *, is_blank: bool) -> PreparedPage:
    """A page that a person has changed, ready to be kept; whether it is blank stays as it was judged."""
    made = encode_jpeg(pixels, dpi=dpi)
    return PreparedPage(
        jpeg=made,
        thumbnail=thumbnail(pixels),
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=dpi,
        blank_score=0.0 if is_blank else 100.0,
        is_blank=is_blank,
        skew_degrees=0.0,
        is_straightened=False,
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
    )
