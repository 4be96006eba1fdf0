"""预览: a finished paper as a picture for the screen, made in memory."""

from __future__ import annotations

import io

import pypdfium2

from yichuang_client.pdfium import PDFIUM

PREVIEW_DPI = 110
"""Sharp enough to read the small print of an A4 page on a screen."""
_POINTS_PER_INCH = 72


def preview_png(pdf: bytes, *, page: int = 0, dpi: int = PREVIEW_DPI) -> bytes:
    """预览图: a page of a paper as a gray PNG; ``page`` counts from 0.

    Raises IndexError for a page that is not there.
    """
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 0 <= page < len(document):
                raise IndexError(page)
            image = document[page].render(scale=dpi / _POINTS_PER_INCH).to_pil().convert("L")
        finally:
            document.close()
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def preview_pages(pdf: bytes) -> int:
    """页数 of a paper."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()
