"""Reading papers back: pages as gray pictures, the codes on them, the words in them."""

from __future__ import annotations

import ctypes
import io
import re
import statistics

import numpy
import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import zxingcpp

READ_DPI = 200
BODY_POINTS = 16


def pictures(pdf: bytes, dpi: int = READ_DPI) -> list[numpy.ndarray]:
    """Every page as an RGB picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [numpy.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]
    finally:
        document.close()


def codes(picture: numpy.ndarray) -> list[str]:
    """The texts of all codes on a page."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def texts(pdf: bytes) -> list[str]:
    """The words of every page, without spaces and line ends."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def fonts(pdf: bytes) -> dict[str, pikepdf.Dictionary]:
    """The font descriptors of a PDF by font name."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(value["/FontName"]): value
            for value in document.objects
            if isinstance(value, pikepdf.Dictionary) and value.get("/Type") == "/FontDescriptor"
        }


def conformance(pdf: bytes) -> tuple[str, str]:
    """Part and level of PDF/A that a PDF claims."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        return str(metadata["pdfaid:part"]), str(metadata["pdfaid:conformance"])


def line_pitch(pdf: bytes) -> float:
    """Points from line to line in the body of a letter's first page: the commonest distance between baselines."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].get_textpage()
        baselines = set()
        for at in range(page.count_chars()):
            x, y = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(page, at, x, y)
            if raw.FPDFText_GetFontSize(page, at) == BODY_POINTS:
                baselines.add(round(y.value, 2))
    finally:
        document.close()
    gaps = numpy.diff(sorted(baselines)).round(2)
    return float(statistics.mode(gaps[gaps > BODY_POINTS]))
