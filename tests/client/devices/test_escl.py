"""eSCL: a scanner of our own that behaves (and misbehaves), and the same scanner seen through sane-airscan."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from tests.support.escl_scanner import SHEETS, ESCLScanner, page_pixels
from tests.support.page_sink import Pages
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import read_address
from yichuang_client.devices.escl_driver import ESCLDriver
from yichuang_client.devices.escl_messages import read_offer, read_status
from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import (
    BatchEnded,
    ColourMode,
    PageScanned,
    ScanArea,
    ScanSettings,
    Source,
    TroubleMet,
)

SIZE = (620, 877)
"""An A4 sheet at 75 dots per inch."""


def never() -> bool:
    return False


def feeder(url: str, **more: object) -> ScanSettings:
    settings: dict[str, object] = {
        "device": url,
        "source": Source.FEEDER,
        "mode": ColourMode.GRAY,
        "resolution": 75,
        "area": ScanArea(),
    }
    return ScanSettings(**{**settings, **more})  # type: ignore[arg-type]


def driver(**more: float) -> ESCLDriver:
    limits = {"stall_seconds": 1.0, "busy_seconds": 0.5, "settle_seconds": 1.0, "retry_seconds": 0.1}
    return ESCLDriver(**{**limits, **more})


def scan(scanner: ESCLScanner, *, cancel: Callable[[], bool] = never, **more: object) -> Pages:
    pages = Pages()
    count = driver().scan(feeder(scanner.url, **more), pages, cancel)
    assert count == len(pages.frames)
    return pages


def trouble_of(scanner: ESCLScanner, *, cancel: Callable[[], bool] = never, **more: object) -> tuple[Trouble, int]:
    pages = Pages()
    with pytest.raises(DeviceError) as caught:
        driver().scan(feeder(scanner.url, **more), pages, cancel)
    return caught.value.trouble, len(pages.frames)


@pytest.mark.parametrize("style", ["prefixed", "default", "bare"])
@pytest.mark.parametrize("location", ["absolute", "relative", "slash", "local"])
def test_a_batch_comes_whatever_a_makers_habits_are(style: str, location: str) -> None:
    with ESCLScanner(style=style, location=location, is_chunked=style == "bare", version="2.0") as scanner:
        pages = scan(scanner)
    assert [(frame.width, frame.height, frame.dpi) for frame in pages.frames] == [(*SIZE, 75)] * SHEETS
    wanted = {"XResolution": "75", "Width": "2480", "Height": "3508", "ColorMode": "Grayscale8"}
    for number, pixels in enumerate(pages.pixels, start=1):
        assert numpy.abs(pixels.astype(int) - page_pixels(number, wanted)).mean() < 2


def test_what_is_offered_is_told() -> None:
    with ESCLScanner() as scanner:
        offer = ESCLDriver().capabilities(scanner.url + "/")
    assert offer.sources == (Source.FLATBED, Source.FEEDER, Source.FEEDER_DUPLEX)
    assert set(offer.modes) == set(ColourMode)
    assert offer.resolutions == (75, 100, 150, 200, 300, 600)
    assert offer.area is not None and round(offer.area.width) == 216
    assert offer.options["format"].choices == ("image/jpeg", "application/pdf")


def test_what_is_set_is_scanned() -> None:
    with ESCLScanner() as scanner:
        colour = scan(scanner, mode=ColourMode.COLOUR, resolution=100, area=ScanArea(width=100, height=50))
        scanner.sheets = 2
        both = scan(scanner, source=Source.FEEDER_DUPLEX)
        glass = scan(scanner, source=Source.FLATBED, mode=ColourMode.LINEART)
        scanner.sheets = 5
        two = scan(scanner, pages=2)
        assert scanner.jobs["job-4"].state == "Canceled"
    assert colour.pixels[0].shape == (197, 394, 3)
    assert colour.pixels[0][:, :, 0].mean() > colour.pixels[0][:10, :, 2].mean() - 100
    assert abs(int(colour.pixels[0][0, 0, 0]) - 200) < 12  # red first
    assert len(both.frames) == 4
    assert len(glass.frames) == 1 and set(numpy.unique(glass.pixels[0])) == {0, 255}
    assert len(two.frames) == 2


@pytest.mark.parametrize("mode", [ColourMode.GRAY, ColourMode.COLOUR])
def test_a_scanner_that_sends_pdf_only(mode: ColourMode) -> None:
    with ESCLScanner(formats=("application/pdf",)) as scanner:
        pages = scan(scanner, mode=mode)
    assert [(frame.width, frame.height) for frame in pages.frames] == [SIZE] * SHEETS
    assert pages.frames[0].channels == (1 if mode is ColourMode.GRAY else 3)


def test_https_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    with ESCLScanner(certificate=tmp_path) as scanner:
        assert len(scan(scanner).frames) == SHEETS


@pytest.mark.parametrize("status", [404, 409, 410, 204])
def test_the_feeders_end_has_many_numbers(status: int) -> None:
    with ESCLScanner(end_status=status) as scanner:
        assert len(scan(scanner).frames) == SHEETS
        assert trouble_of(scanner) == (Trouble.FEEDER_EMPTY, 0)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("jam", Trouble.JAM),
        ("silent-jam", Trouble.JAM),
        ("late-jam", Trouble.JAM),
        ("hatch", Trouble.COVER_OPEN),
        ("multipick", Trouble.MULTI_FEED),
        ("canceled", Trouble.CANCELLED),
        ("cut", Trouble.COMMUNICATION),
        ("reset", Trouble.COMMUNICATION),
        ("stall", Trouble.TIMEOUT),
        ("401", Trouble.ACCESS),
        ("403", Trouble.ACCESS),
        ("500", Trouble.COMMUNICATION),
    ],
)
def test_a_trouble_at_the_second_page_keeps_the_first_and_takes_the_job_back(fault: str, trouble: Trouble) -> None:
    with ESCLScanner(fault=f"2:{fault}") as scanner:
        assert trouble_of(scanner) == (trouble, 1)
        assert scanner.log[-1] == "DELETE /eSCL/ScanJobs/job-1"
        scanner.fault, scanner.adf, scanner.sheets = "", "", 2
        assert len(scan(scanner).frames) == 2


@pytest.mark.parametrize("fault", ["2:early", "2:busy", "1:early", "1:busy"])
def test_a_page_that_is_not_ready_is_waited_for(fault: str) -> None:
    with ESCLScanner(fault=fault) as scanner:
        pages = Pages()
        assert driver(settle_seconds=5.0, stall_seconds=9.0).scan(feeder(scanner.url), pages, never) == SHEETS


def test_a_whole_page_is_a_page_though_more_was_promised() -> None:
    with ESCLScanner(fault="2:over-promise") as scanner:
        assert len(scan(scanner).frames) == SHEETS


def test_an_idle_feeder_that_calls_itself_empty_is_tried() -> None:
    with ESCLScanner(idle_feeder="ScannerAdfEmpty") as scanner:
        assert len(scan(scanner).frames) == SHEETS


@pytest.mark.parametrize(
    ("refuse", "trouble"),
    [
        ((503,) * 99, Trouble.BUSY),
        ((409,) * 99, Trouble.BUSY),
        ((400,), Trouble.BAD_SETTING),
        ((401,), Trouble.ACCESS),
        ((403,), Trouble.ACCESS),
        ((500,), Trouble.COMMUNICATION),
    ],
)
def test_a_batch_that_is_refused(refuse: tuple[int, ...], trouble: Trouble) -> None:
    with ESCLScanner(refuse=refuse) as scanner:
        assert trouble_of(scanner) == (trouble, 0)
        scanner.refuse = (503,)
        assert len(scan(scanner).frames) == SHEETS


def test_a_job_on_another_host_is_refused() -> None:
    with ESCLScanner(location="foreign") as scanner:
        assert trouble_of(scanner) == (Trouble.COMMUNICATION, 0)
        assert not [line for line in scanner.log if "NextDocument" in line]


def test_what_is_not_offered_is_not_asked_for() -> None:
    with ESCLScanner(has_glass=False) as scanner:
        for more in ({"source": Source.FLATBED}, {"resolution": 76}, {"depth": 16}, {"options": {"format": "x"}}):
            assert trouble_of(scanner, **more) == (Trouble.BAD_SETTING, 0)
        assert scanner.jobs == {}


def test_a_cancel_is_heard_in_the_middle_of_a_silence() -> None:
    with ESCLScanner(fault="1:stall") as scanner:
        pages, since = Pages(), time.monotonic()
        with pytest.raises(DeviceError) as caught:
            driver(stall_seconds=30.0).scan(feeder(scanner.url), pages, lambda: pages.pulse > 2000)
        assert (caught.value.trouble, time.monotonic() - since < 2) == (Trouble.CANCELLED, True)
        assert scanner.jobs["job-1"].state == "Canceled"
    assert pages.frames == []


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ScannerCapabilities>&b;</ScannerCapabilities>'


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><ScannerCapabilities/>',
        b"<a>" * 5000,
        b"<ScannerCapabilities>" + b"<a/>" * 30_000 + b"</ScannerCapabilities>",
        b"<ScannerCapabilities>" + b" " * (2 << 20) + b"</ScannerCapabilities>",
        b"<ScannerCapabilities/>",
        b"<html><body>login</body></html>",
        b'<?xml version="1.0" encoding="nonsense"?><ScannerCapabilities/>',
        b"\xff\xfe\x00",
        b"-",
    ],
)
def test_a_hostile_text_is_a_broken_line_and_no_more(text: bytes) -> None:
    with ESCLScanner(capabilities=text) as scanner, pytest.raises(DeviceError) as caught:
        ESCLDriver().capabilities(scanner.url)
    assert caught.value.trouble is Trouble.COMMUNICATION


def test_capabilities_of_other_makers_are_understood() -> None:
    bare = read_offer(
        b"<ScannerCapabilities><Adf><AdfDuplexInputCaps><MaxWidth>2550</MaxWidth><MaxHeight>3300</MaxHeight>"
        b"</AdfDuplexInputCaps></Adf><SettingProfiles><SettingProfile><ColorMode>rgb24</ColorMode><ResolutionRange>"
        b"<XResolutionRange><Min>100</Min><Max>400</Max></XResolutionRange></ResolutionRange></SettingProfile>"
        b"</SettingProfiles></ScannerCapabilities>"
    )
    assert list(bare.sources) == [Source.FEEDER, Source.FEEDER_DUPLEX]
    assert bare.sources[Source.FEEDER].modes == (ColourMode.COLOUR,)
    assert bare.sources[Source.FEEDER].resolutions == (100, 150, 200, 240, 300, 400)
    status = read_status(
        b"<s:ScannerStatus><p:State>Idle</p:State><Jobs><JobInfo><JobUuid>urn:uuid:7</JobUuid>"
        b"<JobState>Completed</JobState></JobInfo></Jobs></s:ScannerStatus>"
    )
    job = status.job("/eSCL/ScanJobs/urn:uuid:7/")
    assert job is not None and job.state == "completed"


def test_addresses_as_people_write_them() -> None:
    for text, meant in {
        "http://192.168.1.6": "http://192.168.1.6/eSCL",
        "https://printer.lan/eSCL/": "https://printer.lan/eSCL",
        "escl:http://a:8080": "http://a:8080/eSCL",
        "escls://a": "https://a/eSCL",
        "http://[fe80::1%25eth0]:80/eSCL/ScannerCapabilities": "http://[fe80::1%eth0]/eSCL",
    }.items():
        assert str(read_address(text)) == meant
    for text in ("ftp://a", "http://", "http://u:p@a", "http://a:0", "http://a:x", "http://[", "http://a b"):
        with pytest.raises(DeviceError):
            read_address(text)


def test_a_scanner_that_is_off() -> None:
    with ESCLScanner() as scanner:
        gone = scanner.url
    with pytest.raises(DeviceError) as caught:
        ESCLDriver().capabilities(gone)
    assert caught.value.trouble is Trouble.OFFLINE


def test_the_driver_lives_in_the_same_process_as_all_others() -> None:
    with ESCLScanner(fault="3:jam") as scanner, ScanWorker(ScannerDrivers()) as worker:
        assert worker.capabilities(scanner.url).sources[0] is Source.FLATBED
        events = list(worker.scan_pages(feeder(scanner.url)))
        assert [event.number for event in events if isinstance(event, PageScanned)] == [1, 2]
        last = events[-1]
        assert isinstance(last, TroubleMet) and (last.trouble, last.count) == (Trouble.JAM, 2)
        scanner.fault = ""
        assert list(worker.scan_pages(feeder(scanner.url)))[-1] == BatchEnded(count=1)


def test_sane_airscan_scans_the_same_pages(tmp_path: Path) -> None:
    """The counterpart: a client that is not ours finds the simulated scanner to be an eSCL scanner."""
    with ESCLScanner() as scanner:
        folder = tmp_path / "sane.d"
        folder.mkdir()
        (folder / "dll.conf").write_text("airscan\n", encoding="ascii")
        text = f'[devices]\n"Sim" = {scanner.url}, eSCL\n[options]\ndiscovery = disable\n'
        (folder / "airscan.conf").write_text(text, encoding="ascii")
        with ScanWorker(SaneDriver(config_dir=str(folder))) as worker:
            (device,) = worker.devices()
            settings = feeder(device.name, area=ScanArea(width=200, height=200))
            theirs = [event for event in worker.scan_pages(settings) if isinstance(event, PageScanned)]
        scanner.sheets = SHEETS
        ours = scan(scanner, area=ScanArea(width=200, height=200))
    assert len(theirs) == len(ours.frames) == SHEETS
    for event, pixels in zip(theirs, ours.pixels, strict=True):
        height, width = (min(a, b) for a, b in zip(event.pixels.shape, pixels.shape, strict=True))
        assert abs(event.width - pixels.shape[1]) <= 1 and abs(event.height - pixels.shape[0]) <= 1
        assert numpy.abs(event.pixels[:height, :width].astype(int) - pixels[:height, :width]).mean() < 3
