"""导入图片: pages out of files that somebody brings on a stick or drops on the window.

The kind of a file is told by its first bytes, never by its name. A file that cannot be read as a whole is
refused with its reason: half a page must not look like a page. JPEG, PNG, TIFF (all its pages), BMP, WebP
and PDF (all its pages, drawn at 200 dots per inch).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pypdfium2
import pypdfium2.raw as pdfium
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageOps

from yichuang_client.documents.pages import PageError, PageProblem, RawPage

MOST_BYTES = 200 << 20
"""Largest file that is opened."""
MOST_PIXELS = 89_000_000
"""Largest page (Pillow's own limit, too): A3 at 600 dots per inch has 70 million pixels."""
MOST_PAGES = 500
"""Most pages of one file."""
PDF_DPI = 200
"""Resolution at which a PDF's pages are drawn."""
_USUAL_DPI = range(50, 2401)
"""Resolutions that are believed; cameras write 72 or nonsense, which does no harm."""
_PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")


def import_file(path: Path) -> Iterator[RawPage]:
    """Read the pages of a file one by one; raises PageError, OSError when the file cannot be read at all."""
    if path.stat().st_size > MOST_BYTES:
        raise PageError(PageProblem.TOO_LARGE)
    return import_bytes(path.read_bytes())


def import_bytes(data: bytes) -> Iterator[RawPage]:
    """Read the pages of a file's bytes one by one; raises PageError, for the file at once, for a page at it."""
    if not data:
        raise PageError(PageProblem.EMPTY_FILE)
    if len(data) > MOST_BYTES:
        raise PageError(PageProblem.TOO_LARGE)
    if b"%PDF-" in data[:1024]:
        return _pdf_pages(_open_pdf(data))
    return _picture_pages(_open_picture(data), data)


def _open_picture(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS)
        frames = getattr(picture, "n_frames", 1)
    except Image.DecompressionBombError:
        raise PageError(PageProblem.TOO_LARGE) from None
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, KeyError):
        raise PageError(PageProblem.BROKEN if _looks_like_picture(data) else PageProblem.NOT_AN_IMAGE) from None
    if frames > MOST_PAGES or picture.width * picture.height > MOST_PIXELS:
        raise PageError(PageProblem.TOO_LARGE)
    return picture


def _looks_like_picture(data: bytes) -> bool:
    """Whether the first bytes promise one of our kinds."""
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")
    return data.startswith(starts) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _picture_pages(picture: Image.Image, data: bytes) -> Iterator[RawPage]:
    # moving pictures have one page: their first
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    for index in range(count):
        try:
            picture.seek(index)
            if picture.width * picture.height > MOST_PIXELS:
                raise PageError(PageProblem.TOO_LARGE, index + 1)
            pixels = _pixels(picture, data)
        except Image.DecompressionBombError:
            raise PageError(PageProblem.TOO_LARGE, index + 1) from None
        except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError):
            # Pillow tells damage in all these ways
            raise PageError(PageProblem.BROKEN, index + 1) from None
        yield RawPage(pixels=pixels, dpi=_dpi(picture))


def _pixels(picture: Image.Image, data: bytes) -> NDArray[Any]:
    """The pixels of the present frame, upright as the camera says, on white where it is transparent."""
    is_turned = picture.getexif().get(0x0112, 1) != 1
    if picture.format == "JPEG" and picture.mode in ("L", "RGB") and not is_turned:
        # strict: a JPEG that is cut short is refused, where others fill the rest with gray
        space = "GRAY" if picture.mode == "L" else "RGB"
        decoded = numpy.asarray(simplejpeg.decode_jpeg(data, colorspace=space, strict=True))
        return decoded[..., 0] if space == "GRAY" else decoded
    picture.load()
    upright = ImageOps.exif_transpose(picture) if is_turned else picture
    if upright.mode.startswith("I;16"):
        return numpy.asarray(upright, dtype=numpy.uint16)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        opaque = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)
    is_gray = upright.mode in ("1", "L", "I", "F")
    return numpy.asarray(upright.convert("L" if is_gray else "RGB"), dtype=numpy.uint8)


def _dpi(picture: Image.Image) -> int:
    told = picture.info.get("dpi")
    try:
        value = round(float(told[0]))  # type: ignore[index]  # anything may stand there
    except (TypeError, ValueError, IndexError, OverflowError, ZeroDivisionError):
        return 0
    return value if value in _USUAL_DPI else 0


def _open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise PageError(PageProblem.ENCRYPTED if is_locked else PageProblem.BROKEN) from None
    if not 0 < len(document) <= MOST_PAGES:
        raise PageError(PageProblem.TOO_LARGE if len(document) else PageProblem.BROKEN)
    return document


def _pdf_pages(document: pypdfium2.PdfDocument) -> Iterator[RawPage]:
    scale = PDF_DPI / 72
    try:
        for index in range(len(document)):
            try:
                page = document[index]
                width, height = page.get_size()
                if width * height * scale * scale > MOST_PIXELS:
                    raise PageError(PageProblem.TOO_LARGE, index + 1)
                drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()
                pixels = numpy.array(drawn[..., :3], dtype=numpy.uint8)
                page.close()
            except pypdfium2.PdfiumError:
                raise PageError(PageProblem.BROKEN, index + 1) from None
            yield RawPage(pixels=_without_colour(pixels), dpi=PDF_DPI)
    finally:
        document.close()


def _without_colour(pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    """A page without any colour as gray, which is a third of the size."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    is_gray = bool(numpy.array_equal(red, green)) and bool(numpy.array_equal(green, blue))
    return numpy.ascontiguousarray(red) if is_gray else pixels
