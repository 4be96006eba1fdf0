"""证照调用件: what lies in a case in place of a paper, with the words that say where it comes from and what it is for.

Rules kept here (国办函〔2016〕108号): level A is set from the facts of the certificate; level B is the page that was
compared, with the words laid over it; the words are part of the picture and cannot be taken off.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy
from PIL import Image

from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_head import PaperHead
from yichuang_client.documents.preview import preview_png

COPY_DPI = 150
_QUALITY = 80


@dataclass(frozen=True, kw_only=True)
class CertificateCopyData(PaperHead):
    """证照调用件; ``case_number`` is the number of the case that issued or compared it."""

    paper: ClassVar[Paper] = Paper.CERTIFICATE_COPY
    required: ClassVar[tuple[str, ...]] = ("name", "item")

    is_issued: bool
    """Level A; otherwise level B."""
    name: str
    identifier: str = ""
    docno: str = ""
    holder: str = ""
    issuer: str = ""
    """Body that issued it, by its full name."""
    on: date
    """Day on which it was issued or compared."""
    valid_until: date | None = None
    item: str
    """What it is used for."""
    used_on: date
    is_overlay: bool = False
    """Whether only the words are set, to be laid over a page."""


@dataclass(frozen=True, kw_only=True)
class CopyPage:
    """One page of a copy, ready to be kept."""

    jpeg: bytes
    width: int
    height: int


def page_of(pdf: bytes) -> CopyPage:
    """The first page of a set copy as a picture."""
    return _jpeg(_gray(preview_png(pdf, dpi=COPY_DPI)))


def laid_over(page: bytes, pdf: bytes) -> CopyPage:
    """A scanned page (JPEG) with the words of a set overlay; what is dark in either is dark."""
    below, words = _gray(page), _gray(preview_png(pdf, dpi=COPY_DPI))
    above = numpy.asarray(words.resize(below.size), dtype=numpy.uint16)
    both = numpy.asarray(below, dtype=numpy.uint16) * above // 255
    return _jpeg(Image.fromarray(both.astype(numpy.uint8)))


def _gray(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("L")


def _jpeg(image: Image.Image) -> CopyPage:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, dpi=(COPY_DPI, COPY_DPI))
    return CopyPage(jpeg=buffer.getvalue(), width=image.width, height=image.height)
