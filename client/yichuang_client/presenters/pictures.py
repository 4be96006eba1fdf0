"""图像: pages and papers as pixels in the size that a view asks for.

Rules kept here: decoding happens on a worker; a page is decoded at a fraction of its size where that is enough.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from yichuang_client.presenters.models.common import Picture, PixelFormat

if TYPE_CHECKING:  # numpy is loaded by the first page, not by the first picture
    from yichuang_client.documents.pages import PageImage

THUMBNAIL = (88, 62)
"""Largest width and height of a page's thumbnail, in pixels."""


def picture(name: str, data: bytes, width: int, height: int = 0) -> Picture:
    """A JPEG, TIFF or PNG at most ``width`` wide and, unless 0, ``height`` high; ``name`` says which page it is.

    Never on the Tk thread. Raises OSError for bytes that are no picture.
    """
    with Image.open(io.BytesIO(data)) as image:
        scale = min(width / image.width, height / image.height if height else width / image.width)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image.draft("RGB", size)  # a JPEG is decoded at the next smaller power of two
        mode = "L" if image.mode in ("1", "L", "LA", "I;16") else "RGB"
        small = image.convert(mode).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(
        key=f"{name}@{size[0]}x{size[1]}",
        width=size[0],
        height=size[1],
        format=PixelFormat(mode),
        pixels=small.tobytes(),
    )


def drawn(name: str, image: PageImage) -> Picture:
    """A page that was made small by whoever prepared it."""
    return Picture(
        key=f"{name}@{image.width}x{image.height}",
        width=image.width,
        height=image.height,
        format=PixelFormat("L" if image.is_gray else "RGB"),
        pixels=image.pixels,
    )


def thumbnail(name: str, data: bytes) -> Picture:
    """A page as the strips and lists show it. Raises OSError."""
    return picture(name, data, *THUMBNAIL)
