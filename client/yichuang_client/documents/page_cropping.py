"""裁剪: a page cut down to what belongs to it, such as a small paper on a large glass.

Rule kept here: what stays inside the frame keeps its pixels; only writing a JPEG anew costs a little sharpness.
"""

from __future__ import annotations

import numpy

from yichuang_client.documents.crop_frame import CropFrame
from yichuang_client.documents.page_encoding import decode_page
from yichuang_client.documents.page_turning import prepared_anew
from yichuang_client.documents.pages import PreparedPage


def crop_page(page: bytes, frame: CropFrame, *, is_blank: bool) -> PreparedPage:
    """The page inside the frame. Raises OSError, ValueError for no page."""
    pixels, dpi = decode_page(page)
    height, width = pixels.shape[:2]
    left, right = width * frame.left // 100, width - width * frame.right // 100
    top, bottom = height * frame.top // 100, height - height * frame.bottom // 100
    return prepared_anew(numpy.ascontiguousarray(pixels[top:bottom, left:right]), dpi, is_blank=is_blank)
