"""导入图片: pages out of files that somebody brings on a stick or drops on the window.

The kind of a file is told by its first bytes, never by its name. A file that cannot be read as a whole is refused with
its reason: half a page must not look like a page. JPEG, PNG, TIFF (all its pages), BMP, WebP and PDF (all its pages,
drawn at 200 dots per inch, or as finely as they were scanned). A file is read page by page: one of a thousand pages
takes no more memory than one of two.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy
import pypdfium2
import pypdfium2.raw as pdfium
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageOps

from yichuang_client.documents.pages import PageError, PageProblem, RawPage

MOST_BYTES = 2 << 30
"""Largest file that is opened."""
MOST_PIXELS = 89_000_000
"""Largest page (Pillow's own limit, too): A3 at 600 dots per inch has 70 million pixels."""
MOST_PAGES = 10_000
"""Most pages of one file."""
PDF_DPI = 200
"""Resolution at which a PDF's pages are drawn."""
MOST_PDF_DPI = 300
"""Resolution at which a scanned page of a PDF is drawn at most."""
_USUAL_DPI = range(50, 2401)
"""Resolutions that are believed; cameras write 72 or nonsense, which does no harm."""
_PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
_HEAD_BYTES = 1024


def import_file(path: Path) -> Iterator[RawPage]:
    """Read the pages of a file one by one; raises PageError, OSError when the file cannot be read at all."""
    if path.exists() and not path.is_file():  # a folder, or a pipe that would be waited for
        raise PageError(PageProblem.UNREADABLE)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return _pages(path, head, path.stat().st_size)


def import_bytes(data: bytes) -> Iterator[RawPage]:
    """Read the pages of a file's bytes one by one; raises PageError, for the file at once, for a page at it."""
    return _pages(data, data[:_HEAD_BYTES], len(data))


def file_format(head: bytes) -> str:
    """What a file is by its first bytes: JPEG, PNG, TIFF, BMP, WEBP, PDF, or nothing of these (empty)."""
    if b"%PDF-" in head[:_HEAD_BYTES]:
        return "PDF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), "")


_STARTS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"BM": "BMP",
}
"""First bytes; the two with a plus are large TIFF files."""


def _pages(source: bytes | Path, head: bytes, size: int) -> Iterator[RawPage]:
    if not size:
        raise PageError(PageProblem.EMPTY_FILE)
    if size > MOST_BYTES:
        raise PageError(PageProblem.TOO_LARGE)
    if file_format(head) == "PDF":
        return _pdf_pages(_open_pdf(source))
    return _picture_pages(_open_picture(source, head), source)


def _open_picture(source: bytes | Path, head: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=_PILLOW_FORMATS)
        frames = getattr(picture, "n_frames", 1)
    except Image.DecompressionBombError:
        raise PageError(PageProblem.TOO_LARGE) from None
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, KeyError):
        raise PageError(PageProblem.BROKEN if file_format(head) else PageProblem.NOT_AN_IMAGE) from None
    if frames > MOST_PAGES or picture.width * picture.height > MOST_PIXELS:
        raise PageError(PageProblem.TOO_LARGE)
    return picture


def _picture_pages(picture: Image.Image, source: bytes | Path) -> Iterator[RawPage]:
    # moving pictures have one page: their first
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    with picture:
        for index in range(count):
            try:
                picture.seek(index)
                if picture.width * picture.height > MOST_PIXELS:
                    raise PageError(PageProblem.TOO_LARGE, index + 1)
                pixels, dpi = _square_dots(_pixels(picture, source), _dots(picture))
            except Image.DecompressionBombError:
                raise PageError(PageProblem.TOO_LARGE, index + 1) from None
            except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError):
                # Pillow tells damage in all these ways
                raise PageError(PageProblem.BROKEN, index + 1) from None
            yield RawPage(pixels=pixels, dpi=dpi)


def _pixels(picture: Image.Image, source: bytes | Path) -> NDArray[Any]:
    """The pixels of the present frame, upright as the camera says, on white where it is transparent."""
    is_turned = picture.getexif().get(0x0112, 1) != 1
    if picture.format == "JPEG" and picture.mode in ("L", "RGB") and not is_turned:
        # strict: a JPEG that is cut short is refused, where others fill the rest with gray
        space = "GRAY" if picture.mode == "L" else "RGB"
        data = source if isinstance(source, bytes) else source.read_bytes()
        decoded = numpy.asarray(simplejpeg.decode_jpeg(data, colorspace=space, strict=True))
        return decoded[..., 0] if space == "GRAY" else decoded
    picture.load()
    upright = ImageOps.exif_transpose(picture) if is_turned else picture
    if upright.mode.startswith("I;16"):
        return numpy.asarray(upright, dtype=numpy.uint16)
    if upright.mode in ("I", "F"):
        return _deep_pixels(numpy.asarray(upright))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        opaque = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)
    if upright.mode in ("1", "L"):
        return numpy.asarray(upright.convert("L"), dtype=numpy.uint8)
    return _without_colour(numpy.asarray(upright.convert("RGB"), dtype=numpy.uint8))


def _deep_pixels(values: NDArray[Any]) -> NDArray[numpy.uint16]:
    """Samples of 32 bits, whole or broken, as 16 bits: by the smallest usual range that holds them."""
    top = float(values.max(initial=0))
    full = next((full for full in (1.0, 255.0, 65535.0) if top <= full), max(top, 1.0))
    if values.dtype.kind != "f" and full == 1.0:
        full = 255.0
    return (numpy.clip(values.astype(numpy.float64), 0, full) * (65535.0 / full)).astype(numpy.uint16)


def _square_dots(pixels: NDArray[Any], dots: tuple[int, int]) -> tuple[NDArray[Any], int]:
    """A page whose rows and columns have different resolutions, as a fax has, with the finer one for both."""
    across, down = dots
    if not across or not down or 0.9 < across / down < 1.1:
        return pixels, across or down
    height, width = pixels.shape[:2]
    finer = max(across, down)
    size = (round(width * finer / across), round(height * finer / down))
    if size[0] * size[1] > MOST_PIXELS:
        return pixels, 0
    # what is black and white stays so: nothing in between says that it is sharp
    is_binary = not numpy.any((pixels > 0) & (pixels < 255))
    way = cv2.INTER_NEAREST if is_binary else cv2.INTER_LINEAR
    return numpy.asarray(cv2.resize(pixels, size, interpolation=way)), finer


def _dots(picture: Image.Image) -> tuple[int, int]:
    """Dots per inch across and down, 0 when nobody knows."""
    told = picture.info.get("dpi")
    try:
        values = round(float(told[0])), round(float(told[1]))  # type: ignore[index]  # anything may stand there
    except (TypeError, ValueError, IndexError, OverflowError, ZeroDivisionError):
        return 0, 0
    return values if values[0] in _USUAL_DPI and values[1] in _USUAL_DPI else (0, 0)


def _open_pdf(source: bytes | Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        raise PageError(_pdf_problem(source)) from None
    if not len(document):
        raise PageError(PageProblem.NO_PAGES)
    if len(document) > MOST_PAGES:
        raise PageError(PageProblem.TOO_LARGE)
    return document


def _pdf_problem(source: bytes | Path) -> PageProblem:
    """Why a PDF does not open: asked below the wrapper, which takes an old error for that of a PDF without pages."""
    if isinstance(source, bytes):
        document = pdfium.FPDF_LoadMemDocument64(source, len(source), None)
    else:
        document = pdfium.FPDF_LoadDocument(os.fsencode(source) + b"\0", None)
    if document:
        pdfium.FPDF_CloseDocument(document)
        return PageProblem.NO_PAGES
    is_locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
    return PageProblem.ENCRYPTED if is_locked else PageProblem.BROKEN


def _pdf_pages(document: pypdfium2.PdfDocument) -> Iterator[RawPage]:
    try:
        for index in range(len(document)):
            try:
                page = document[index]
                width, height = page.get_size()
                dpi = _pdf_dpi(page)
                if width * height * (dpi / 72) ** 2 > MOST_PIXELS:
                    raise PageError(PageProblem.TOO_LARGE, index + 1)
                drawn = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()
                pixels = numpy.array(drawn[..., :3], dtype=numpy.uint8)
                page.close()
            except pypdfium2.PdfiumError:
                raise PageError(PageProblem.BROKEN, index + 1) from None
            yield RawPage(pixels=_without_colour(pixels), dpi=dpi)
    finally:
        document.close()


def _pdf_dpi(page: pypdfium2.PdfPage) -> int:
    """The resolution to draw a page at: that of the picture which fills it, within reason."""
    area = page.get_width() * page.get_height()
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) >= 0.5 * area > 0:
            fine = float(item.get_px_size()[0]) / (right - left) * 72
            return int(min(max(round(fine), PDF_DPI), MOST_PDF_DPI))
    return PDF_DPI


def _without_colour(pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    """A page without any colour as gray, which is a third of the size."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    is_gray = bool(numpy.array_equal(red, green)) and bool(numpy.array_equal(green, blue))
    return numpy.ascontiguousarray(red) if is_gray else pixels
