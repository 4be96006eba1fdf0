"""收据文字: a paper set for a roll as rows of text and codes, for a printer that draws the letters itself.

Rules kept here: the words and their order are those of the paper, none are made here; what stands side by side stays
side by side, on the printer's columns; a code is read from the paper and given as what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.raster import pages_of
from yichuang_client.pdfium import PDFIUM

_COLUMN = 12
"""Dots of a narrow letter (font A)."""
_LINE = 30
"""Dots of a line with its space."""
_LARGE_POINTS = 12.5
"""Letters from this size on are printed at twice the size."""
_POINTS_PER_INCH = 72
_MARGIN_POINTS = 11.3
"""4 mm that a roll of 80 mm leaves on either side."""
_APART = 0.35
"""Of a letter's height: a wider gap is one between columns."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """一行: text, or what a code holds."""

    gap: int
    """Dots of white above it."""
    text: str
    is_large: bool = False
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class _Letter:
    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def roll_rows(pdf: bytes, *, width: int, dpi: int) -> list[Row]:
    """The rows of all pages from top to bottom. Raises DeviceError(BAD_SETTING) for what is no PDF."""
    import zxingcpp

    rows: list[Row] = []
    scale = dpi / _POINTS_PER_INCH
    for number, dots in enumerate(pages_of(pdf, width=width, dpi=dpi)):
        placed = [(line[0].middle * scale, line) for line in _lines(_letters(pdf, number))]
        codes = [(float(code.position.top_left.y), code) for code in zxingcpp.read_barcodes(dots.pixels())]
        at = 0.0
        for top, what in sorted([*placed, *codes], key=lambda row: row[0]):
            if isinstance(what, list):
                is_large = what[0].bottom - what[0].top >= _LARGE_POINTS
                gap = round(top - at - _LINE)
                rows.append(Row(gap=max(0, gap), text=_on_columns(what, scale, is_large), is_large=is_large))
                at = top + (_LINE if is_large else 0)
            else:
                rows.append(Row(gap=0, text=what.text, is_code=True))
                at = float(what.position.bottom_left.y) + _LINE
    return rows


def _letters(pdf: bytes, number: int) -> list[_Letter]:
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
            page = document[number]
            high, text = page.get_height(), page.get_textpage()
            found = []
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index, loose=True)
                letter = text.get_text_range(index, 1)
                if letter.strip():
                    found.append(_Letter(text=letter, left=left, right=right, top=high - top, bottom=high - bottom))
            document.close()
        except pypdfium2.PdfiumError as error:
            raise DeviceError(Trouble.BAD_SETTING, "broken PDF") from error
    return found


def _lines(letters: list[_Letter]) -> list[list[_Letter]]:
    """Letters whose middles lie on one height, from the left."""
    lines: list[list[_Letter]] = []
    for letter in sorted(letters, key=lambda letter: letter.middle):
        if lines and letter.middle - lines[-1][0].middle < (letter.bottom - letter.top) * 0.4:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [sorted(line, key=lambda letter: letter.left) for line in lines]


def _on_columns(line: list[_Letter], scale: float, is_large: bool) -> str:
    """Letters of a word one after the other; what stands apart starts at its column."""
    text, used, column = "", 0, _COLUMN * (2 if is_large else 1)
    before: _Letter | None = None
    for letter in line:
        if before is None or letter.left - before.right > (letter.bottom - letter.top) * _APART:
            place = max(round((letter.left - _MARGIN_POINTS) * scale / column), used + 1 if before else 0)
            text, used = text + " " * (place - used), place
        text += letter.text
        used += 2 if east_asian_width(letter.text[0]) in "WFA" else 1
        before = letter
    return text
