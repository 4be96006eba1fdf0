"""Pages that are black and white are kept in G4, all others as JPEG; what is seen on a page is never lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from yichuang_client.documents.crop_frame import CropFrame
from yichuang_client.documents.fonts import find_fonts
from yichuang_client.documents.page_cropping import crop_page
from yichuang_client.documents.page_encoding import decode_page
from yichuang_client.documents.page_import import import_file
from yichuang_client.documents.page_pipeline import prepare_page
from yichuang_client.documents.page_turning import turn_page
from yichuang_client.documents.pages import RawPage
from yichuang_client.presenters.pictures import picture

SIZE = (1240, 1754)
DPI = 300


def printed(*, paper: int = 255, ink: int = 20) -> NDArray[Any]:
    """A page of print (14 points), with the gray rims that every scanner gives to strokes."""
    image = Image.new("L", (2 * SIZE[0], 2 * SIZE[1]), paper)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(find_fonts().covering()[0]), 116)
    for line in range(12):
        draw.text((240, 260 + 240 * line), "申请人应当如实提交有关材料。", ink, font)
    return numpy.asarray(image.resize(SIZE, Image.Resampling.BOX))


def kind(pixels: NDArray[Any], dpi: int = DPI) -> str:
    data = prepare_page(RawPage(pixels=pixels, dpi=dpi)).data
    with Image.open(io.BytesIO(data)) as image:
        return str(image.info.get("compression", image.format))


def test_one_bit_is_kept_bit_by_bit_in_a_tenth_of_the_size() -> None:
    pixels = numpy.where(printed() > 128, 255, 0).astype(numpy.uint8)
    page = prepare_page(RawPage(pixels=pixels, dpi=300))
    with Image.open(io.BytesIO(page.data)) as image:
        assert (image.mode, image.info["compression"], image.info["dpi"]) == ("1", "group4", (300, 300))
    assert numpy.array_equal(decode_page(page.data)[0], pixels)
    jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 75])[1]
    assert page.size * 10 < len(jpeg)


def test_turned_and_cropped_it_stays_bit_by_bit() -> None:
    pixels = numpy.where(printed() > 128, 255, 0).astype(numpy.uint8)
    data = prepare_page(RawPage(pixels=pixels, dpi=300)).data
    for _ in range(4):
        data = turn_page(data, 1, is_blank=False).data
    assert numpy.array_equal(decode_page(data)[0], pixels)
    cut = crop_page(data, CropFrame(left=10, top=10), is_blank=False)
    assert numpy.array_equal(decode_page(cut.data)[0], pixels[175:, 124:])
    assert (cut.dpi, decode_page(cut.data)[1]) == (300, 300)


def test_it_is_looked_at_like_any_page() -> None:
    pixels = numpy.where(printed() > 128, 255, 0).astype(numpy.uint8)
    small = picture("page", prepare_page(RawPage(pixels=pixels, dpi=300)).data, 310)
    seen = numpy.frombuffer(small.pixels, dtype=numpy.uint8).reshape(small.height, small.width)
    whole = cv2.resize(pixels, (small.width, small.height), interpolation=cv2.INTER_AREA)
    assert numpy.abs(seen.astype(int) - whole).mean() < 6


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (240, 30), (255, 60)])
def test_print_on_clean_paper_is_black_and_white(paper: int, ink: int) -> None:
    assert kind(printed(paper=paper, ink=ink)) == "group4"


def test_coarse_print_keeps_its_gray_rims() -> None:
    assert kind(printed(), dpi=150) == kind(printed(), dpi=0) == "JPEG"


@pytest.mark.parametrize("mark", ["pencil", "stamp", "photograph", "shadow", "other side", "gray print", "on black"])
def test_a_page_with_anything_gray_on_it_stays_gray(mark: str) -> None:
    page = printed().copy()
    if mark == "pencil":
        cv2.line(page, (300, 1650), (700, 1640), 228, 2)
    elif mark == "stamp":
        cv2.circle(page, (900, 1400), 130, 150, 6)
    elif mark == "photograph":
        page[200:500, 900:1150] = numpy.linspace(40, 220, 250).astype(numpy.uint8)
    elif mark == "shadow":
        page[:, :60] = numpy.minimum(page[:, :60], numpy.linspace(190, 255, 60).astype(numpy.uint8))
    elif mark == "other side":
        page = numpy.minimum(page, 255 - (255 - numpy.fliplr(printed())) // 9)
    elif mark == "gray print":
        page = numpy.minimum(page, numpy.roll(printed(ink=130), 30, axis=0))
    else:
        page[1600:1700, 100:1100] = 0
        cv2.putText(page, "1600", (150, 1670), cv2.FONT_HERSHEY_SIMPLEX, 2, 80, 8)
    assert kind(page) == "JPEG"


def test_an_empty_page_keeps_what_may_be_faint_on_it() -> None:
    assert kind(numpy.full((2000, 1400), 250, dtype=numpy.uint8)) == "JPEG"


def test_colour_stays_colour_and_a_picture_without_colour_needs_none(tmp_path: Path) -> None:
    red = numpy.repeat(printed()[..., None], 3, axis=2)
    Image.fromarray(red).save(tmp_path / "plain.png", dpi=(DPI, DPI))
    red = red.copy()
    cv2.circle(red, (900, 1400), 130, (200, 20, 20), 6)
    Image.fromarray(red).save(tmp_path / "red.png", dpi=(DPI, DPI))
    (plain,), (coloured,) = (list(import_file(tmp_path / name)) for name in ("plain.png", "red.png"))
    assert (kind(plain.pixels), kind(coloured.pixels)) == ("group4", "JPEG")
