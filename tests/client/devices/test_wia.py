"""The WIA driver: layouts and codes by the documents, its calls through the tables of objects of ours.

Nothing here was ever run on Windows.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import sizeof

import numpy
import pytest

from tests.support.page_sink import Pages
from tests.support.wia import DEVICE, EMPTY, JAM, Desk, picture
from yichuang_client.devices import wia_library as wia
from yichuang_client.devices.com_objects import OwnObject, Spec, Variant
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import ColourMode, ScanArea, ScanSettings, Source
from yichuang_client.devices.wia_driver import WIADriver
from yichuang_client.devices.wia_transfer import TransferParams

pytestmark = pytest.mark.never_run
SCANNER = f"wia:{DEVICE}"


def settings(**chosen: object) -> ScanSettings:
    usual: dict[str, object] = {"device": SCANNER, "source": Source.FEEDER, "mode": ColourMode.GRAY}
    return ScanSettings(**{**usual, **chosen})  # type: ignore[arg-type]


def never() -> bool:
    return False


def scan(desk: Desk, sink: Pages, cancel: Callable[[], bool] = never, **chosen: object) -> int:
    before = set(OwnObject._alive)
    try:
        return WIADriver(ole=lambda: desk).scan(settings(**chosen), sink, cancel)
    finally:
        assert desk.is_closed and not desk.texts
        assert set(OwnObject._alive) == before  # everything that was held was let go


def trouble_of(do: Callable[[], object]) -> Trouble:
    with pytest.raises(DeviceError) as caught:
        do()
    return caught.value.trouble


def test_layouts_of_64_bits() -> None:
    assert (sizeof(Spec), sizeof(Variant), sizeof(TransferParams)) == (16, 24, 24)
    assert (Spec.number.offset, Variant.value.offset, Variant.address.offset) == (8, 8, 16)
    assert (TransferParams.bytes.offset, TransferParams.status.offset) == (8, 16)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (0x80210002, Trouble.JAM),
        (0x80210003, Trouble.FEEDER_EMPTY),
        (0x80210005, Trouble.OFFLINE),
        (0x80210006, Trouble.BUSY),
        (0x8021000A, Trouble.COMMUNICATION),
        (0x80210010, Trouble.COVER_OPEN),
        (0x80210014, Trouble.MULTI_FEED),
        (0x80070005, Trouble.ACCESS),
    ],
)
def test_error_codes(code: int, trouble: Trouble) -> None:
    assert wia.error_of(code - (1 << 32), "call").trouble is trouble
    assert wia.error_of(code, "call").trouble is trouble


def test_devices_and_what_they_offer() -> None:
    driver = WIADriver(ole=Desk)
    (found,) = driver.list()
    assert (found.name, found.vendor, found.model) == (SCANNER, "Ours", "Two ways")
    offer = driver.capabilities(SCANNER)
    assert offer.sources == (Source.FEEDER, Source.FEEDER_DUPLEX, Source.FLATBED)
    assert offer.modes == (ColourMode.LINEART, ColourMode.GRAY, ColourMode.COLOUR)
    assert offer.resolutions == (100, 150, 200, 240, 300, 400, 600)
    assert offer.area is not None and round(offer.area.width, 1) == 215.9
    assert trouble_of(lambda: driver.capabilities("wia:gone")) is Trouble.OFFLINE


def test_a_batch_comes_whole() -> None:
    desk, sink = Desk(), Pages()
    assert scan(desk, sink, resolution=200, area=ScanArea()) == 3
    assert all(numpy.array_equal(numpy.asarray(picture(number)), page) for number, page in enumerate(sink.pixels))
    assert (desk.format, desk.values[wia.PAGES], desk.values[wia.HANDLING_SELECT]) == (wia.BITMAP, 0, wia.FRONT_ONLY)
    assert (desk.values[wia.X_EXTENT], desk.values[wia.Y_EXTENT], desk.values[wia.X_START]) == (1654, 2339, 0)
    assert {frame.dpi for frame in sink.frames} == {200} and sink.ended == (None,)


def test_glass_duplex_a_limit_and_colours() -> None:
    glass, both, few = Desk(), Desk(), Desk()
    sinks = Pages(), Pages(), Pages()
    assert scan(glass, sinks[0], source=Source.FLATBED, mode=ColourMode.COLOUR) == 1
    assert sinks[0].pixels[0].shape == (80, 120, 3)
    assert scan(both, sinks[1], source=Source.FEEDER_DUPLEX, mode=ColourMode.LINEART) == 3
    assert both.values[wia.HANDLING_SELECT] == wia.DUPLEX and set(numpy.unique(sinks[1].pixels[0])) == {0, 255}
    assert scan(few, sinks[2], pages=2) == 2
    assert few.values[wia.PAGES] == 2


def test_what_ends_a_batch_comes_after_the_pages_before_it() -> None:
    sink, last = Pages(), Pages()
    assert trouble_of(lambda: scan(Desk(fails_with=JAM), sink)) is Trouble.JAM
    assert len(sink.pixels) == 3
    assert scan(Desk(fails_with=EMPTY), last) == 3
    assert trouble_of(lambda: scan(Desk(pages=0), Pages())) is Trouble.FEEDER_EMPTY


def test_a_page_that_is_not_whole_and_a_cancel() -> None:
    cut, stopped = Pages(), Pages()
    assert trouble_of(lambda: scan(Desk(is_cut=True), cut)) is Trouble.COMMUNICATION
    assert trouble_of(lambda: scan(Desk(), stopped, lambda: len(stopped.pixels) == 1)) is Trouble.CANCELLED
    assert (len(cut.pixels), len(stopped.pixels)) == (0, 1)


def test_what_cannot_be_set_is_said() -> None:
    for wrong in ({"resolution": 9}, {"options": {"brightness": 1}}, {"options": {"9999": 1}}):
        assert trouble_of(lambda wrong=wrong: scan(Desk(), Pages(), **wrong)) is Trouble.BAD_SETTING


def test_elsewhere_there_is_none() -> None:
    assert trouble_of(WIADriver().list) is Trouble.OFFLINE
    assert trouble_of(ScannerDrivers(is_windows=True).list) is Trouble.OFFLINE
    assert ScannerDrivers(wia=WIADriver(ole=Desk), is_windows=True).list()[0].name == SCANNER
