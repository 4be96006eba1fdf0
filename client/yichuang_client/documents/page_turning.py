"""转页: a page that lies on its side or head, turned by quarter turns.

Rule kept here: a quarter turn moves pixels and makes none up; only writing a JPEG anew costs a little sharpness.
"""

from __future__ import annotations

import hashlib

import numpy
from numpy.typing import NDArray

from yichuang_client.documents.page_encoding import decode_page, encode_page
from yichuang_client.documents.page_pipeline import thumbnail
from yichuang_client.documents.pages import PreparedPage
from yichuang_client.documents.two_tones import threshold


def turn_page(page: bytes, quarter_turns: int, *, is_blank: bool) -> PreparedPage:
    """The page turned clockwise, or against the clock when negative. Raises OSError, ValueError for no page."""
    pixels, dpi = decode_page(page)
    return prepared_anew(numpy.ascontiguousarray(numpy.rot90(pixels, -quarter_turns)), dpi, is_blank=is_blank)


def prepared_anew(pixels: NDArray[numpy.uint8], dpi: int, *, is_blank: bool) -> PreparedPage:
    """A page that a person has changed, ready to be kept; whether it is blank stays as it was judged."""
    made = encode_page(pixels, dpi=dpi, white_from=threshold(pixels, dpi))
    return PreparedPage(
        data=made,
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
