"""The SANE driver on the real libsane with its `test` and `pnm` backends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy
import pytest

from tests.support.sane import (
    FEEDER_SHEETS,
    PNM_DEVICE,
    TEST_DEVICE,
    SaneFolder,
    feeder_settings,
)
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import (
    BatchEnded,
    ColourMode,
    OptionValue,
    PageScanned,
    PageStarted,
    ScanArea,
    ScanEvent,
    ScanSettings,
    Source,
    TroubleMet,
)


def pages_of(events: list[ScanEvent]) -> list[PageScanned]:
    return [event for event in events if isinstance(event, PageScanned)]


def test_every_backend_of_the_configuration_is_listed(worker: ScanWorker) -> None:
    assert {TEST_DEVICE, PNM_DEVICE} <= {device.name for device in worker.devices()}


def test_capabilities_tell_what_can_be_chosen(worker: ScanWorker) -> None:
    offered = worker.capabilities(TEST_DEVICE)
    assert offered.sources == (Source.FLATBED, Source.FEEDER)
    assert offered.modes == (ColourMode.GRAY, ColourMode.COLOUR)
    assert offered.depths == (1, 8, 16)
    assert 300 in offered.resolutions
    assert offered.area == ScanArea(width=400.0, height=400.0)
    assert offered.options["test-picture"].choices[:2] == ("Solid black", "Solid white")
    assert not offered.options["read-delay-duration"].is_active


def test_a_device_without_sources_or_area_says_so(worker: ScanWorker) -> None:
    offered = worker.capabilities(PNM_DEVICE)
    assert (offered.sources, offered.modes, offered.area) == ((), (), None)
    assert offered.options["filename"].kind == "string"


def test_a_feeder_gives_all_its_pages_in_order(worker: ScanWorker) -> None:
    events = list(worker.scan_pages(feeder_settings()))
    assert events[-1] == BatchEnded(count=FEEDER_SHEETS)
    assert [event.number for event in events if isinstance(event, PageStarted)] == list(range(1, FEEDER_SHEETS + 1))
    assert {page.pixels.shape for page in pages_of(events)} == {(295, 295)}


def test_a_batch_may_be_limited_and_the_next_one_starts_anew(worker: ScanWorker) -> None:
    assert list(worker.scan_pages(feeder_settings(pages=3)))[-1] == BatchEnded(count=3)
    assert list(worker.scan_pages(feeder_settings()))[-1] == BatchEnded(count=FEEDER_SHEETS)


@pytest.mark.parametrize("number", [1, 2])
def test_a_page_has_exactly_the_pixels_on_the_glass(worker: ScanWorker, sane_folder: SaneFolder, number: int) -> None:
    events = list(worker.scan_pages(sane_folder.page(number)))
    source = cv2.imread(str(sane_folder.pages[number - 1]), cv2.IMREAD_ANYCOLOR)
    assert source is not None
    expected = source if source.ndim == 2 else source[..., ::-1]
    (page,) = pages_of(events)
    assert numpy.array_equal(page.pixels, expected)


@pytest.mark.parametrize(
    ("mode", "depth", "channels", "kind"),
    [
        (ColourMode.GRAY, 1, 1, "uint8"),
        (ColourMode.GRAY, 8, 1, "uint8"),
        (ColourMode.GRAY, 16, 1, "uint16"),
        (ColourMode.COLOUR, 1, 3, "uint8"),
        (ColourMode.COLOUR, 8, 3, "uint8"),
        (ColourMode.COLOUR, 16, 3, "uint16"),
    ],
)
def test_depths_and_modes(worker: ScanWorker, mode: ColourMode, depth: int, channels: int, kind: str) -> None:
    settings = ScanSettings(
        device=TEST_DEVICE, source=Source.FLATBED, mode=mode, depth=depth, resolution=100, area=ScanArea(height=50.0)
    )
    (page,) = pages_of(list(worker.scan_pages(settings)))
    assert page.pixels.dtype == kind
    assert page.pixels.shape == ((196, 826) if channels == 1 else (196, 826, 3))
    assert (page.depth, page.dpi, page.width, page.height) == (depth, 100, 826, 196)


@pytest.mark.parametrize(("picture", "value"), [("Solid black", 0), ("Solid white", 255)])
@pytest.mark.parametrize("mode", [ColourMode.GRAY, ColourMode.COLOUR])
@pytest.mark.parametrize("depth", [1, 8])
def test_black_is_black_at_every_depth(
    worker: ScanWorker, depth: int, mode: ColourMode, picture: str, value: int
) -> None:
    settings = ScanSettings(
        device=TEST_DEVICE,
        source=Source.FLATBED,
        mode=mode,
        depth=depth,
        resolution=75,
        area=ScanArea(width=30.0, height=30.0),
        options={"test-picture": picture},
    )
    (page,) = pages_of(list(worker.scan_pages(settings)))
    assert set(numpy.unique(page.pixels)) == {value}


def test_padding_at_the_end_of_rows_is_cut(worker: ScanWorker) -> None:
    (page, *_) = pages_of(list(worker.scan_pages(feeder_settings(pages=1, options={"ppl-loss": 5}))))
    assert page.pixels.shape == (295, 290)


def test_a_hand_scanner_tells_its_height_at_the_end(worker: ScanWorker) -> None:
    events = list(worker.scan_pages(feeder_settings(pages=2, options={"hand-scanner": True})))
    assert events[-1] == BatchEnded(count=2)
    assert {(page.width, page.height) for page in pages_of(events)} == {(324, 501)}


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("JAMMED", Trouble.JAM),
        ("COVER_OPEN", Trouble.COVER_OPEN),
        ("NO_DOCS", Trouble.FEEDER_EMPTY),
        ("IO_ERROR", Trouble.COMMUNICATION),
        ("DEVICE_BUSY", Trouble.BUSY),
        ("ACCESS_DENIED", Trouble.ACCESS),
        ("INVAL", Trouble.BAD_SETTING),
        ("UNSUPPORTED", Trouble.BAD_SETTING),
        ("NO_MEM", Trouble.COMMUNICATION),
        ("EOF", Trouble.COMMUNICATION),
        ("CANCELLED", Trouble.CANCELLED),
    ],
)
def test_a_fault_in_a_page_gives_its_trouble_and_no_partial_page(
    worker: ScanWorker, status: str, trouble: Trouble
) -> None:
    events = list(worker.scan_pages(feeder_settings(options={"read-return-value": f"SANE_STATUS_{status}"})))
    assert events[0] == PageStarted(number=1)
    assert pages_of(events) == []
    last = events[-1]
    assert isinstance(last, TroubleMet)
    assert (last.trouble, last.count) == (trouble, 0)


@pytest.mark.parametrize(("rows", "sent"), [(130, 55), (130, 0), (0, 0)])
def test_a_page_that_ends_too_soon_or_has_no_rows_is_no_page(
    worker: ScanWorker, tmp_path: Path, rows: int, sent: int
) -> None:
    """A cut file on the pnm scanner's glass: the backend ends the page cleanly, only short."""
    cut = tmp_path / "cut.pgm"
    cut.write_bytes(f"P5\n90 {rows}\n255\n".encode("ascii") + bytes(90 * sent + sent))
    events = list(worker.scan_pages(ScanSettings(device=PNM_DEVICE, options={"filename": str(cut)})))
    assert pages_of(events) == []
    assert events[-1] == TroubleMet(trouble=Trouble.COMMUNICATION, detail=f"{sent} of {rows} rows", count=0)


def test_what_a_batch_chose_is_the_devices_own_choice_again_after_it(worker: ScanWorker) -> None:
    def values() -> dict[str, OptionValue | None]:
        options = worker.capabilities(TEST_DEVICE).options
        return {name: options[name].value for name in ("mode", "depth", "resolution", "source", "br-x", "tl-y")}

    before = values()
    chosen = replace(feeder_settings(pages=1), mode=ColourMode.COLOUR, depth=16, resolution=50)
    assert list(worker.scan_pages(chosen))[-1] == BatchEnded(count=1)
    assert values() == before


@pytest.mark.parametrize("depth", [1, 8, 16])
@pytest.mark.parametrize("order", ["RGB", "BGR", "GBR"])
def test_three_passes_make_the_page_that_one_pass_makes(worker: ScanWorker, depth: int, order: str) -> None:
    small = ScanArea(width=60.0, height=40.0)
    once = replace(feeder_settings(pages=1), mode=ColourMode.COLOUR, depth=depth, resolution=50, area=small)
    thrice = replace(once, options={"three-pass": True, "three-pass-order": order})
    (one,), (three,) = pages_of(list(worker.scan_pages(once))), pages_of(list(worker.scan_pages(thrice)))
    assert one.pixels.shape == (78, 118, 3)
    assert len(numpy.unique(one.pixels)) > 1
    assert numpy.array_equal(one.pixels, three.pixels)


def test_a_jam_in_a_page_of_three_passes_keeps_nothing_of_it(worker: ScanWorker) -> None:
    thrice = {"three-pass": True, "read-return-value": "SANE_STATUS_JAMMED"}
    events = list(worker.scan_pages(replace(feeder_settings(options=thrice), mode=ColourMode.COLOUR)))
    assert pages_of(events) == []
    assert isinstance(events[-1], TroubleMet)
    assert events[-1].trouble is Trouble.JAM


def test_options_of_one_batch_do_not_leak_into_the_next(worker: ScanWorker) -> None:
    list(worker.scan_pages(feeder_settings(options={"read-return-value": "SANE_STATUS_JAMMED"})))
    assert worker.capabilities(TEST_DEVICE).options["read-return-value"].value == "Default"
    assert list(worker.scan_pages(feeder_settings(pages=1)))[-1] == BatchEnded(count=1)


def test_an_option_that_another_one_wakes_up_can_be_set(worker: ScanWorker) -> None:
    limited = feeder_settings(pages=1, options={"read-limit": True, "read-limit-size": 1000})
    assert list(worker.scan_pages(limited))[-1] == BatchEnded(count=1)
    asleep = feeder_settings(pages=1, options={"read-limit-size": 1000})
    assert list(worker.scan_pages(asleep))[-1] == TroubleMet(
        trouble=Trouble.BAD_SETTING, detail="read-limit-size", count=0
    )


@pytest.mark.parametrize(
    ("name", "value"), [("no-such-option", 1), ("test-picture", "Mona Lisa"), ("resolution", 90_000), ("depth", 7)]
)
def test_a_setting_the_device_does_not_offer_is_named(worker: ScanWorker, name: str, value: OptionValue) -> None:
    (event,) = worker.scan_pages(feeder_settings(options={name: value}))
    assert event == TroubleMet(trouble=Trouble.BAD_SETTING, detail=name, count=0)


def test_a_device_that_is_not_there_is_offline(worker: ScanWorker, tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        worker.capabilities("test:99")
    assert caught.value.trouble is Trouble.OFFLINE
    (event,) = worker.scan_pages(ScanSettings(device="test:99"))
    assert isinstance(event, TroubleMet)
    missing = ScanSettings(device=PNM_DEVICE, options={"filename": str(tmp_path / "gone.pnm")})
    last = list(worker.scan_pages(missing))[-1]
    assert isinstance(last, TroubleMet)
