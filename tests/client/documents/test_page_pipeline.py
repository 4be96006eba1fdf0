"""The page pipeline on the project's sample pages and on pages of the real libsane."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.sane import feeder_settings, write_config
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import PageScanned
from yichuang_client.documents.page_encoding import encode_jpeg
from yichuang_client.documents.page_pipeline import THUMBNAIL, prepare_page
from yichuang_client.documents.page_pool import PagePipeline
from yichuang_client.documents.pages import RawPage
from yichuang_client.documents.skew import straighten
from yichuang_client.presenters import pictures

PAGES = Path(__file__).parents[3] / "data" / "pages"
WRITTEN = ("application", "identity-copy", "lease-askew", "layout", "health-colour")


def load(name: str) -> NDArray[Any]:
    return numpy.asarray(Image.open(PAGES / f"{name}.jpg"))


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def test_a_page_is_a_jpeg_that_tells_its_resolution_and_is_named_by_its_hash() -> None:
    raw = RawPage(pixels=load("application"), dpi=150)
    page = prepare_page(raw)
    image = opened(page.data)
    assert (image.format, image.mode, image.size) == ("JPEG", "L", (page.width, page.height))
    assert image.info["dpi"] == (150, 150)
    assert page.sha256 == hashlib.sha256(page.data).hexdigest()
    assert prepare_page(raw) == page
    difference = numpy.abs(numpy.asarray(image).astype(int) - raw.pixels.astype(int))
    assert difference.mean() < 2.0


def test_colour_stays_colour() -> None:
    page = prepare_page(RawPage(pixels=load("health-colour"), dpi=150))
    band = numpy.asarray(opened(page.data))[130:150, 200:300].reshape(-1, 3).mean(axis=0)
    assert band[1] > band[0] + 40
    assert band[1] > band[2] + 10


def test_a_thumbnail_is_small_and_shows_the_page() -> None:
    page = prepare_page(RawPage(pixels=load("layout"), dpi=150))
    small = page.thumbnail
    assert THUMBNAIL == pictures.THUMBNAIL and small.height == THUMBNAIL[1]
    assert abs(small.width / small.height - page.width / page.height) < 0.01
    exact = load("layout")[: 1740 // 62 * 62].reshape(62, -1, 1240).mean(axis=(1, 2))
    rows = numpy.frombuffer(small.pixels, dtype=numpy.uint8).reshape(small.height, small.width).mean(axis=1)
    assert numpy.corrcoef(exact, rows)[0, 1] > 0.9


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_page_is_not_blank(name: str) -> None:
    page = prepare_page(RawPage(pixels=load(name), dpi=150))
    assert not page.is_blank
    assert page.blank_score > 0.3


def test_a_blank_page_is_marked_and_kept() -> None:
    page = prepare_page(RawPage(pixels=load("blank-back"), dpi=150))
    assert page.is_blank
    assert opened(page.data).size == (1240, 1754)


def test_one_signature_makes_a_page_not_blank() -> None:
    pixels = load("blank-back").copy()
    cv2.putText(pixels, "Lin", (700, 1400), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.0, 60, 3)
    assert not prepare_page(RawPage(pixels=pixels, dpi=150)).is_blank


@pytest.mark.parametrize("value", [40, 0])
def test_a_dark_page_or_area_is_not_blank(value: int) -> None:
    area = load("blank-back").copy()
    area[500:1100, 300:900] = value
    assert not prepare_page(RawPage(pixels=area, dpi=150)).is_blank
    assert not prepare_page(RawPage(pixels=numpy.full_like(area, value), dpi=150)).is_blank


def test_a_page_that_lies_askew_is_turned_upright() -> None:
    page = prepare_page(RawPage(pixels=load("lease-askew"), dpi=150))
    assert page.is_straightened
    assert abs(page.skew_degrees - 1.8) <= 0.1
    again = prepare_page(RawPage(pixels=numpy.asarray(opened(page.data)), dpi=150))
    assert not again.is_straightened
    assert abs(again.skew_degrees) <= 0.1


@pytest.mark.parametrize("degrees", [-6.0, -2.5, -0.4, 0.3, 1.0, 5.0])
@pytest.mark.parametrize("name", ["application", "lease-askew"])
def test_an_angle_is_measured_within_a_tenth_of_a_degree(name: str, degrees: float) -> None:
    straight = straighten(load(name), 1.8) if name == "lease-askew" else load(name)
    page = prepare_page(RawPage(pixels=straighten(straight, -degrees), dpi=150))
    assert page.is_straightened
    assert abs(page.skew_degrees - degrees) <= 0.1


def test_straight_pages_stay_as_they_are() -> None:
    for name in ("application", "layout", "health-colour"):
        assert not prepare_page(RawPage(pixels=load(name), dpi=150)).is_straightened, name


@pytest.mark.parametrize("picture", ["noise", "rings", "blank", "slanted-grating"])
def test_what_is_no_writing_is_never_turned(picture: str) -> None:
    y, x = numpy.mgrid[0:1754, 0:1240]
    if picture == "noise":
        pixels = numpy.random.default_rng(1).integers(0, 256, (1754, 1240)).astype(numpy.uint8)
    elif picture == "rings":
        pixels = (numpy.hypot(x - 620, y - 877) % 40 > 20).astype(numpy.uint8) * 255
    elif picture == "blank":
        pixels = load("blank-back")
    else:
        pixels = ((x + y) % 60 > 30).astype(numpy.uint8) * 255
    assert not prepare_page(RawPage(pixels=pixels, dpi=150)).is_straightened


def test_sixteen_bits_and_one_bit_become_eight() -> None:
    gray = load("application")
    deep = prepare_page(RawPage(pixels=gray.astype(numpy.uint16) * 257, dpi=150))
    assert deep.data == prepare_page(RawPage(pixels=gray, dpi=150)).data
    lineart = prepare_page(RawPage(pixels=(gray > 128).astype(numpy.uint8) * 255, dpi=0))
    assert lineart.dpi == 0
    assert not lineart.is_blank


@pytest.mark.parametrize("shape", [(0, 10), (10, 10, 4), (10,)])
def test_pixels_of_no_layout_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no page"):
        prepare_page(RawPage(pixels=numpy.zeros(shape, dtype=numpy.uint8), dpi=300))


def test_a_page_of_one_pixel_passes() -> None:
    page = prepare_page(RawPage(pixels=numpy.zeros((1, 1), dtype=numpy.uint8), dpi=300))
    assert (page.width, page.height) == (1, 1)


def test_a_pipeline_keeps_the_order_and_takes_no_more_than_it_can_hold() -> None:
    taken: list[int] = []

    def source() -> Any:
        for number in range(12):
            taken.append(number)
            yield RawPage(pixels=numpy.full((60 + number, 50), 255, dtype=numpy.uint8), dpi=0)

    pipeline = PagePipeline(processes=2)
    pages = pipeline.prepare(source())
    first = next(pages)
    assert len(taken) <= 4
    assert [page.height for page in (first, *pages)] == [60 + number for number in range(12)]
    pipeline.close()


def test_pages_go_from_the_scanner_through_the_pipeline(tmp_path: Path) -> None:
    folder = write_config(tmp_path, [PAGES / "application.jpg", PAGES / "blank-back.jpg"])
    pipeline = PagePipeline(processes=2)
    with ScanWorker(folder.driver()) as worker:
        events = [*worker.scan_pages(folder.page(1, resolution=150)), *worker.scan_pages(folder.page(2))]
        events += worker.scan_pages(feeder_settings(pages=2))
    raws = [RawPage(pixels=event.pixels, dpi=event.dpi) for event in events if isinstance(event, PageScanned)]
    prepared = list(pipeline.prepare(raws))
    pipeline.close()
    assert [page.is_blank for page in prepared] == [False, True, False, False]
    assert prepared[0].data == encode_jpeg(load("application"), dpi=150)
