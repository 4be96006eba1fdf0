"""The TWAIN driver: layouts and codes by the specification, the states on a source manager of ours.

Nothing here was ever run with a real source, nor on Windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ctypes import sizeof
from pathlib import Path

import numpy
import pytest

from tests.support.page_sink import Pages
from tests.support.twain import HEIGHT, WIDTH, OneMessage, Variables, build_manager
from yichuang_client.devices import twain_library as twain
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.pixels import Pixels
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import BatchEnded, ColourMode, PageScanned, ScanArea, ScanSettings, Source
from yichuang_client.devices.twain_capabilities import read_container

pytestmark = pytest.mark.never_run


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_manager(tmp_path_factory.mktemp("twain"))


@pytest.fixture
def manager(library: str) -> Iterator[Variables]:
    rows = Variables(library)
    rows.set(pages=3, is_loaded=1, by_messages=0, is_old=0, has_sources=1, fail_page=0, fail_strip=0, condition=0)
    rows.set(lost_rows=0, is_height_unknown=0, ends_at_once=0, is_tiled=0, vanilla=0, wrong_calls=0, handles=0)
    yield rows
    assert rows.is_left_clean()


def settings(**chosen: object) -> ScanSettings:
    usual: dict[str, object] = {"device": "twain:Feeder", "source": Source.FEEDER, "mode": ColourMode.GRAY}
    return ScanSettings(**{**usual, **chosen})  # type: ignore[arg-type]


def never() -> bool:
    return False


def page(number: int) -> Pixels:
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    return (columns + rows * 3 + number).astype(numpy.uint8)


def trouble_of(do: Callable[[], object]) -> Trouble:
    with pytest.raises(DeviceError) as caught:
        do()
    return caught.value.trouble


def test_layouts_of_64_bits() -> None:
    sizes = {twain.Identity: 156, twain.Version: 42, twain.Capability: 12, twain.Status: 4, twain.UserInterface: 12}
    sizes |= {twain.Event: 10, twain.PendingTransfers: 6, twain.ImageInfo: 42, twain.ImageLayout: 28}
    sizes |= {twain.MemorySetup: 12, twain.MemoryTransfer: 42, twain.Callback: 14, twain.EntryPoint: 44}
    assert {kind: sizeof(kind) for kind in sizes} == sizes
    assert (twain.Identity.groups.offset, twain.Identity.product.offset) == (50, 122)
    assert (twain.MemoryTransfer.row_bytes.offset, twain.MemoryTransfer.memory.offset) == (2, 34)
    assert [twain.Fix32.of(value).value for value in (11.75, -0.5)] == [11.75, -0.5]


@pytest.mark.parametrize(
    ("condition", "trouble"),
    [
        (20, Trouble.JAM),
        (21, Trouble.MULTI_FEED),
        (23, Trouble.OFFLINE),
        (24, Trouble.COVER_OPEN),
        (29, Trouble.FEEDER_EMPTY),
        (4, Trouble.BUSY),
        (16, Trouble.ACCESS),
        (10, Trouble.BAD_SETTING),
        (1, Trouble.COMMUNICATION),
        (0x8001, Trouble.COMMUNICATION),
    ],
)
def test_what_ends_a_batch_comes_after_the_pages_before_it(
    manager: Variables, condition: int, trouble: Trouble
) -> None:
    manager.set(fail_page=2, fail_strip=1, condition=condition)
    sink = Pages()
    if trouble is Trouble.FEEDER_EMPTY:
        assert manager.driver().scan(settings(), sink, never) == 1
    else:
        assert trouble_of(lambda: manager.driver().scan(settings(), sink, never)) is trouble
    assert (len(sink.pixels), sink.dropped) == (1, 1)


def test_sources_and_what_they_offer(manager: Variables) -> None:
    driver = manager.driver()
    assert [row.name for row in driver.list()] == ["twain:Feeder", "twain:Flatbed"]
    feeder, glass = driver.capabilities("twain:Feeder"), driver.capabilities("twain:Flatbed")
    assert feeder.sources == (Source.FEEDER, Source.FEEDER_DUPLEX, Source.FLATBED)
    assert glass.sources == (Source.FLATBED,)
    assert feeder.modes == (ColourMode.LINEART, ColourMode.GRAY, ColourMode.COLOUR)
    assert feeder.resolutions == (75, 100, 150, 200, 240, 300, 400, 600)
    assert feeder.area is not None and round(feeder.area.width, 1) == 215.9
    assert trouble_of(lambda: driver.capabilities("twain:Gone")) is Trouble.OFFLINE


def test_containers() -> None:
    def read(raw: bytes, container: int) -> object:
        return read_container(container, lambda start, count: raw[start : start + count])

    assert read(bytes.fromhex("0400 02000000 0700 0900"), 3).choices == (7, 9)  # type: ignore[attr-defined]
    assert read(bytes.fromhex("0900") + bytes(40), 5) is None
    assert read(bytes.fromhex("0400 ffffffff"), 3) is None


@pytest.mark.parametrize("by_messages", [0, 1])
def test_a_batch_comes_whole(manager: Variables, by_messages: int) -> None:
    manager.set(by_messages=by_messages)
    driver, sink = manager.driver(), Pages()
    driver.messages = OneMessage
    assert driver.scan(settings(resolution=240), sink, never) == 3
    assert all(numpy.array_equal(page(1 + number), seen) for number, seen in enumerate(sink.pixels))
    assert {frame.dpi for frame in sink.frames} == {240}
    assert manager.get("indicators", "feeder", "duplex", "transfers") == (0, 1, 0, -1)


@pytest.mark.parametrize("vanilla", [0, 1])
def test_every_mode_reads_the_same_whatever_zero_means(manager: Variables, vanilla: int) -> None:
    manager.set(vanilla=vanilla, is_height_unknown=1)
    gray, bits, colour = Pages(), Pages(), Pages()
    for sink, mode in ((gray, ColourMode.GRAY), (bits, ColourMode.LINEART), (colour, ColourMode.COLOUR)):
        assert manager.driver().scan(settings(mode=mode, source=Source.FLATBED), sink, never) == 1
    assert numpy.array_equal(gray.pixels[0], page(1))
    assert numpy.array_equal(bits.pixels[0], (page(1) >> 2 & 1) * 255)
    assert colour.pixels[0].shape == (HEIGHT, WIDTH, 3)


def test_duplex_and_a_limit(manager: Variables) -> None:
    both, few = Pages(), Pages()
    assert manager.driver().scan(settings(source=Source.FEEDER_DUPLEX, options={"0x1150": True}), both, never) == 6
    assert manager.get("duplex", "option") == (1, 1)
    assert manager.driver().scan(settings(pages=2, area=ScanArea()), few, never) == 2
    assert manager.get("transfers", "frame_width") == (2, 8)


def test_an_empty_feeder_is_told_before_the_batch_and_after_it_began(manager: Variables) -> None:
    manager.set(is_loaded=0)
    assert trouble_of(lambda: manager.driver().scan(settings(), Pages(), never)) is Trouble.FEEDER_EMPTY
    manager.set(is_loaded=1, ends_at_once=1)
    assert trouble_of(lambda: manager.driver().scan(settings(), Pages(), never)) is Trouble.CANCELLED


@pytest.mark.parametrize(("lost", "tiled"), [(5, 0), (0, 1)])
def test_a_page_that_is_not_whole_is_dropped(manager: Variables, lost: int, tiled: int) -> None:
    manager.set(lost_rows=lost, is_tiled=tiled)
    sink = Pages()
    trouble = Trouble.BAD_SETTING if tiled else Trouble.COMMUNICATION
    assert trouble_of(lambda: manager.driver().scan(settings(), sink, never)) is trouble
    assert (sink.pixels, sink.dropped) == ([], 1)


def test_a_cancel_is_heard_in_a_page_and_by_the_source(manager: Variables) -> None:
    sink = Pages()
    assert trouble_of(lambda: manager.driver().scan(settings(), sink, lambda: sink.pulse > 2000)) is Trouble.CANCELLED
    manager.set(fail_page=1, fail_strip=0, condition=0)
    assert trouble_of(lambda: manager.driver().scan(settings(), sink, never)) is Trouble.CANCELLED
    manager.set(fail_page=0, by_messages=1)
    silent = manager.driver(ready_seconds=0.05)
    assert trouble_of(lambda: silent.scan(settings(), sink, never)) is Trouble.TIMEOUT
    assert not sink.pixels


def test_what_cannot_be_set_is_said(manager: Variables) -> None:
    for wrong in (
        {"resolution": 9},
        {"device": "twain:Flatbed"},
        {"options": {"0x1234": 1}},
        {"options": {"brightness": 1}},
    ):
        chosen = settings(**wrong)
        assert trouble_of(lambda chosen=chosen: manager.driver().scan(chosen, Pages(), never)) is Trouble.BAD_SETTING


def test_a_manager_that_is_old_or_not_there(manager: Variables, tmp_path: Path) -> None:
    manager.set(has_sources=0)
    assert manager.driver().list() == ()
    manager.set(is_old=1)
    assert trouble_of(manager.driver().list) is Trouble.OFFLINE
    absent = Variables(manager.file).driver()
    absent.manager = str(tmp_path / "none.so")
    assert trouble_of(absent.list) is Trouble.OFFLINE


def test_it_runs_in_the_process_of_the_scanners(library: str) -> None:
    drivers = ScannerDrivers(twain=Variables(library).driver(), is_windows=True)
    with ScanWorker(drivers) as worker:
        assert [row.model for row in worker.devices()] == ["Feeder", "Flatbed"]
        events = list(worker.scan_pages(settings()))
    seen = [event.pixels for event in events if isinstance(event, PageScanned)]
    assert events[-1] == BatchEnded(count=3)
    assert all(numpy.array_equal(page(1 + number), pixels) for number, pixels in enumerate(seen))
