"""Pages out of files: the right kinds come in whole, everything else is refused with its reason."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy
import pikepdf
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from yichuang_client.documents import page_import
from yichuang_client.documents.page_import import PDF_DPI, import_bytes, import_file
from yichuang_client.documents.pages import PageError, PageProblem, RawPage

PAGES = Path(__file__).parents[3] / "data" / "pages"
JPEG = (PAGES / "application.jpg").read_bytes()
COLOUR = (PAGES / "health-colour.jpg").read_bytes()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    room = io.BytesIO()
    image.save(room, kind, **options)
    return room.getvalue()


def sheet(mode: str = "L") -> Image.Image:
    return Image.open(io.BytesIO(COLOUR if mode != "L" else JPEG)).convert(mode).resize((300, 424))


def pdf(pages: int = 1, password: str = "") -> bytes:
    images = [sheet() for _ in range(pages)]
    plain = saved(images[0], "PDF", save_all=True, append_images=images[1:], resolution=72)
    if not password:
        return plain
    room = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as document:
        document.save(room, encryption=pikepdf.Encryption(user=password, owner="o"))
    return room.getvalue()


def the_page(data: bytes) -> RawPage:
    (page,) = import_bytes(data)
    return page


def test_a_jpeg_comes_with_its_pixels_and_resolution() -> None:
    page = the_page(JPEG)
    assert page.pixels.shape == (1754, 1240)
    assert page.dpi == 150
    assert the_page(COLOUR).pixels.shape == (1754, 1240, 3)
    (same,) = import_file(PAGES / "application.jpg")
    assert numpy.array_equal(same.pixels, page.pixels)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_lossless_kinds_keep_every_pixel(kind: str, mode: str) -> None:
    image = sheet().convert(mode) if mode == "1" else sheet(mode)
    expected = numpy.asarray(image.convert("L") if mode == "1" else image)
    assert numpy.array_equal(the_page(saved(image, kind)).pixels, expected)


def test_a_fax_tiff_with_three_pages() -> None:
    frames = [sheet().convert("1") for _ in range(3)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=(200, 200))
    pages = list(import_bytes(data))
    assert [page.pixels.shape for page in pages] == [(424, 300)] * 3
    assert [page.dpi for page in pages] == [200] * 3


def test_sixteen_bit_png() -> None:
    deep = numpy.linspace(0, 65535, 200 * 100, dtype=numpy.uint16).reshape(200, 100)
    page = the_page(saved(Image.fromarray(deep), "PNG"))
    assert page.pixels.dtype == numpy.uint16
    assert numpy.array_equal(page.pixels, deep)


def test_a_transparent_picture_lies_on_white() -> None:
    picture = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (20, 20, 40, 40))
    pixels = the_page(saved(picture, "PNG")).pixels
    assert tuple(pixels[0, 0]) == (255, 255, 255)
    assert tuple(pixels[30, 30]) == (200, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photograph_is_turned_as_the_camera_says(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert the_page(saved(sheet(), kind, exif=exif)).pixels.shape == (300, 424)


def test_a_cmyk_jpeg_comes_as_colour() -> None:
    assert the_page(saved(sheet("CMYK"), "JPEG")).pixels.shape == (424, 300, 3)


def test_every_page_of_a_pdf_is_drawn() -> None:
    pages = list(import_bytes(pdf(3)))
    assert len(pages) == 3
    assert {page.dpi for page in pages} == {PDF_DPI}
    height, width = pages[0].pixels.shape
    assert abs(width - 300 * PDF_DPI / 72) <= 2
    assert abs(height - 424 * PDF_DPI / 72) <= 2
    assert pages[0].pixels.min() < 100


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: b"", PageProblem.EMPTY_FILE),
        (lambda: b"dear diary", PageProblem.NOT_AN_IMAGE),
        (lambda: b"PK\x03\x04" + bytes(500), PageProblem.NOT_AN_IMAGE),
        (lambda: b"\x7fELF" + bytes(500), PageProblem.NOT_AN_IMAGE),
        (lambda: JPEG[:3], PageProblem.BROKEN),
        (lambda: JPEG[: len(JPEG) // 2], PageProblem.BROKEN),
        (lambda: COLOUR[:-2000], PageProblem.BROKEN),
        (lambda: saved(sheet(), "PNG")[:-300], PageProblem.BROKEN),
        (lambda: saved(sheet(), "TIFF")[:2000], PageProblem.BROKEN),
        (lambda: b"%PDF-1.7\nnothing more", PageProblem.BROKEN),
        (lambda: pdf(password="secret"), PageProblem.ENCRYPTED),
        (lambda: saved(Image.new("1", (20_000, 20_000)), "PNG"), PageProblem.TOO_LARGE),
    ],
)
def test_files_that_give_no_page_tell_why(make: Callable[[], bytes], problem: PageProblem) -> None:
    with pytest.raises(PageError) as caught:
        list(import_bytes(make()))
    assert caught.value.problem is problem


def test_a_file_of_zero_bytes(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    path.touch()
    with pytest.raises(PageError) as caught:
        list(import_file(path))
    assert caught.value.problem is PageProblem.EMPTY_FILE


def test_too_many_bytes_or_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_import, "MOST_PAGES", 2)
    with pytest.raises(PageError) as caught:
        list(import_bytes(pdf(3)))
    assert caught.value.problem is PageProblem.TOO_LARGE
    monkeypatch.setattr(page_import, "MOST_BYTES", len(JPEG) - 1)
    with pytest.raises(PageError) as caught:
        list(import_bytes(JPEG))
    assert caught.value.problem is PageProblem.TOO_LARGE
    with pytest.raises(PageError) as caught:
        list(import_file(PAGES / "application.jpg"))
    assert caught.value.problem is PageProblem.TOO_LARGE


def test_the_pages_before_a_broken_one_are_told_with_its_number() -> None:
    frames = [sheet(), sheet()]
    data = bytearray(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw"))
    with TiffImageFile(io.BytesIO(bytes(data))) as whole:
        whole.seek(1)
        start = whole.tag_v2[273][0]
    data[start + 10 : start + 2000] = b"\xff" * 1990
    pages = import_bytes(bytes(data))
    assert next(pages).pixels.shape == (424, 300)
    with pytest.raises(PageError) as caught:
        next(pages)
    assert (caught.value.problem, caught.value.page) == (PageProblem.BROKEN, 2)


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM", b"%PDF-1.4\n"]),
    st.binary(max_size=300),
)
def test_no_bytes_raise_anything_else(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(PageError):
        list(import_bytes(start + rest))
