"""转页: a page that lies on its side or head, turned by quarter turns.

Rule kept here: a quarter turn moves pixels and makes none up; only writing the JPEG anew costs a little sharpness.
"""

from __future__ import annotations

import hashlib
import io

import numpy
import simplejpeg
from PIL import Image

from yichuang_client.documents.page_pipeline import encode_jpeg, thumbnail_jpeg
from yichuang_client.documents.pages import PreparedPage


def turn_page(jpeg: bytes, quarter_turns: int, *, is_blank: bool) -> PreparedPage:
    """The page turned clockwise, or against the clock when negative. Raises OSError, ValueError for no JPEG."""
    with Image.open(io.BytesIO(jpeg)) as image:
        space = "GRAY" if image.mode == "L" else "RGB"
        dpi = round(float(image.info.get("dpi", (0, 0))[0]))
    pixels = numpy.asarray(simplejpeg.decode_jpeg(jpeg, colorspace=space))
    if space == "GRAY":
        pixels = pixels[..., 0]
    turned = numpy.ascontiguousarray(numpy.rot90(pixels, -quarter_turns))
    made = encode_jpeg(turned, dpi=dpi)
    return PreparedPage(
        jpeg=made,
        thumbnail=thumbnail_jpeg(turned),
        width=turned.shape[1],
        height=turned.shape[0],
        dpi=dpi,
        blank_score=0.0 if is_blank else 100.0,
        is_blank=is_blank,
        skew_degrees=0.0,
        is_straightened=False,
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
    )
