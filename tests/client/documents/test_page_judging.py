"""Judging pages: blank or nearly so, askew, turned, coded, flawed; on sheets drawn here."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy
import pytest
import zxingcpp

from tests.client.documents import sheets
from tests.client.documents.sheets import DPI, Sheet
from yichuang_client.documents.orientation import suggest_orientation, turn_upright
from yichuang_client.documents.page_copy import page_copy
from yichuang_client.documents.page_look import PageLook, look_at
from yichuang_client.documents.pages import CodeKind, PageCode, PageFlaw
from yichuang_client.documents.skew import MOST_DEGREES, straighten

BLANKS: dict[str, Callable[[], Sheet]] = {
    "plain": sheets.paper,
    "gray paper": lambda: sheets.paper(level=200.0),
    "shining through": lambda: sheets.shining_through(sheets.paper()),
    "punched": lambda: sheets.punched(sheets.paper()),
    "dark edges": lambda: sheets.on_dark_lid(sheets.paper()),
    "far askew on a dark lid": lambda: sheets.on_dark_lid(sheets.paper(), 6.0),
    "folded": lambda: sheets.folded(sheets.paper()),
    "dusty": lambda: sheets.dusty(sheets.paper()),
    "all of it": lambda: sheets.on_dark_lid(sheets.punched(sheets.folded(sheets.shining_through(sheets.paper())))),
}
NEARLY: dict[str, Callable[[], Sheet]] = {
    "signature": lambda: sheets.inked(sheets.paper(), sheets.signature()),
    "pale blue signature": lambda: sheets.inked(sheets.paper(), sheets.signature(), (120, 140, 225)),
    "stamp": lambda: sheets.inked(sheets.paper(), sheets.stamp(), (220, 90, 90)),
    "one line": lambda: sheets.inked(sheets.paper(), sheets.words(1)),
    "page number": lambda: sheets.inked(sheets.paper(), sheets.words(1, 280.0, "12")),
    "signature on a worn sheet": lambda: sheets.on_dark_lid(
        sheets.inked(sheets.punched(sheets.folded(sheets.shining_through(sheets.paper()))), sheets.signature())
    ),
}


def look(sheet: Sheet) -> PageLook:
    return look_at(sheets.page(sheet), DPI)


def written(lines: int = 26) -> Sheet:
    return sheets.inked(sheets.paper(), sheets.words(lines))


@pytest.mark.parametrize("kind", BLANKS)
def test_a_blank_sheet_is_marked_whatever_it_went_through(kind: str) -> None:
    found = look(BLANKS[kind]())
    assert found.is_blank, found.blank_score


@pytest.mark.parametrize("kind", NEARLY)
def test_a_sheet_with_little_on_it_is_not_blank(kind: str) -> None:
    found = look(NEARLY[kind]())
    assert not found.is_blank
    assert found.blank_score > 0.006


@pytest.mark.parametrize("degrees", [-15.0, -6.0, -0.8, 0.5, 3.2, 12.0])
def test_skew_is_measured_over_the_whole_range(degrees: float) -> None:
    skew = look(straighten(sheets.page(written()), -degrees).astype(numpy.float32)).skew
    assert skew.is_trusted
    assert abs(skew.degrees - degrees) <= 0.15


def test_further_than_the_range_is_left_to_a_person() -> None:
    turned = straighten(sheets.page(written()), -(MOST_DEGREES + 8))
    assert not look_at(turned, DPI).is_askew


@pytest.mark.parametrize("pattern", ["checkers", "curved lines", "crossing lines"])
def test_a_pattern_stays_as_it_is(pattern: str) -> None:
    y, x = numpy.mgrid[0 : sheets.HEIGHT, 0 : sheets.WIDTH]
    if pattern == "checkers":
        dark = (x // 90 + y // 90) % 2 == 0
    elif pattern == "curved lines":
        dark = (y + 160 * numpy.cos(x / 300)) % 40 < 6
    else:
        dark = ((x + 2 * y) % 90 < 8) | ((x - 2 * y) % 90 < 8)
    assert not look_at(numpy.where(dark, 30, 245).astype(numpy.uint8), DPI).is_askew


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("lines", [1, 26])
def test_the_direction_of_a_page_is_suggested(turned: int, lines: int) -> None:
    upright = sheets.page(written(lines))
    pixels = numpy.ascontiguousarray(numpy.rot90(upright, -turned // 90))
    found = suggest_orientation(pixels, page_copy(pixels, DPI))
    assert found.turned == turned
    assert found.is_trusted or lines == 1
    assert numpy.array_equal(turn_upright(pixels, found), upright)


def test_a_blank_sheet_has_no_direction() -> None:
    pixels = sheets.page(sheets.paper())
    assert suggest_orientation(pixels, page_copy(pixels, DPI)).confidence == 0.0


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (CodeKind.QR, "QRCode", "YC1:S:440103202611240001234:03/12"),
        (CodeKind.CODE_128, "Code128", "4401032026112400012345"),
        (CodeKind.CODE_39, "Code39", "PATCHT"),
    ],
)
@pytest.mark.parametrize("degrees", [0.0, 2.0, -9.0])
def test_the_codes_of_separator_sheets_are_read(kind: CodeKind, name: str, text: str, degrees: float) -> None:
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, name))
    dots = numpy.asarray(barcode.to_image(scale=1, add_quiet_zones=False))
    module = sheets.mm(0.5)
    high = sheets.mm(14) // dots.shape[0] if kind is not CodeKind.QR else module
    symbol = numpy.kron(dots, numpy.ones((max(1, high), module), numpy.uint8))
    pixels = sheets.page(sheets.inked(sheets.paper(), sheets.words(8, 150.0)))
    top, left = sheets.mm(50), sheets.mm(40)
    pixels[top : top + symbol.shape[0], left : left + symbol.shape[1]] = symbol[..., numpy.newaxis]
    assert PageCode(kind=kind, text=text) in look_at(straighten(pixels, -degrees), DPI).codes


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("WWNN", "1"), ("WNNW", "2"), ("WNWN", "3"), ("NWWN", "4"), ("NNWW", "6"), ("NWNW", "T")],
)
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_patch_code_is_read_from_any_edge(pattern: str, text: str, turn: int) -> None:
    pixels = numpy.rot90(sheets.page(sheets.patch_bars(sheets.paper(), pattern)), turn)
    assert look_at(numpy.ascontiguousarray(pixels), DPI).codes == (PageCode(kind=CodeKind.PATCH, text=text),)


def test_a_plain_page_has_no_code_and_no_flaw() -> None:
    found = look(written())
    assert (found.codes, found.flaws) == ((), ())


@pytest.mark.parametrize("kind", ["blurred", "moved"])
def test_blur_of_either_kind_is_told(kind: str) -> None:
    pixels = sheets.page(written())
    size = sheets.mm(1.6)
    if kind == "blurred":
        pixels = numpy.asarray(cv2.GaussianBlur(pixels, (0, 0), sheets.mm(0.45)), dtype=numpy.uint8)
    else:
        pixels = numpy.asarray(cv2.blur(pixels, (size, 1)), dtype=numpy.uint8)
    assert PageFlaw.BLURRED in look_at(pixels, DPI).flaws


def test_a_dark_picture_is_told() -> None:
    assert look_at((sheets.page(written()) * 0.4).astype(numpy.uint8), DPI).flaws == (PageFlaw.TOO_DARK,)


def test_a_page_that_is_cut_through_its_writing_is_told() -> None:
    pixels = numpy.ascontiguousarray(sheets.page(written())[:, sheets.mm(60) :])
    assert PageFlaw.CUT in look_at(pixels, DPI).flaws


def test_a_dark_edge_is_no_cut() -> None:
    assert PageFlaw.CUT not in look(sheets.on_dark_lid(written(), 1.0)).flaws


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (40, 40), (5, 3000)])
def test_scraps_pass(shape: tuple[int, int]) -> None:
    for value in (0, 128, 255):
        look_at(numpy.full(shape, value, dtype=numpy.uint8), 300)
        look_at(numpy.full((*shape, 3), value, dtype=numpy.uint8), 0)
