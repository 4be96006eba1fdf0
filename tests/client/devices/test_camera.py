"""A document camera: a simulated one of our own in the place of OpenCV's; OpenCV itself where there is no camera."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.camera import SIZE, SimulatedCamera
from tests.support.page_sink import Pages
from yichuang_client.devices.camera_driver import CameraDriver
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import ColourMode, PageScanned, ScanSettings, Source, TroubleMet


@pytest.fixture
def nodes(tmp_path: Path) -> Path:
    """A folder of nodes: two of one camera, of which the second is none for pictures."""
    for number in ("0", "1"):
        names = tmp_path / "names" / f"video{number}"
        names.mkdir(parents=True)
        (names / "name").write_text("Doc Cam\n", encoding="utf-8")
        (names / "index").write_text(f"{number}\n", encoding="utf-8")
    (tmp_path / "dev").mkdir()
    for name in ("video0", "video1", "video2-black", "video3-gone", "video4-busy", "video5-stall"):
        (tmp_path / "dev" / name).touch()
    return tmp_path


def driver(nodes: Path) -> CameraDriver:
    return CameraDriver(open_node=SimulatedCamera, nodes=nodes / "dev", names=nodes / "names")


def settings(nodes: Path, name: str = "video0", **more: object) -> ScanSettings:
    return ScanSettings(device=f"camera:{nodes / 'dev' / name}", **more)  # type: ignore[arg-type]


def test_a_camera_is_listed_once(nodes: Path) -> None:
    (found,) = driver(nodes).list()
    assert (found.model, found.name) == ("Doc Cam", f"camera:{nodes / 'dev' / 'video0'}")
    assert driver(nodes).capabilities(found.name).sources == (Source.FLATBED,)


@pytest.mark.parametrize(("mode", "channels"), [(ColourMode.COLOUR, 3), (ColourMode.GRAY, 1)])
def test_the_sharpest_settled_picture_is_taken_in_the_largest_size(
    nodes: Path, mode: ColourMode, channels: int
) -> None:
    pages = Pages()
    assert driver(nodes).scan(settings(nodes, mode=mode), pages, lambda: False) == 1
    (frame,) = pages.frames
    assert (frame.width, frame.height, frame.channels, frame.dpi) == (*SIZE, channels, 0)
    assert pages.pixels[0].min() == 0  # sharp black, not blurred
    if channels == 3:
        assert tuple(pages.pixels[0][0, 0]) == (220, 210, 200)  # red first, full light


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("video2-black", Trouble.COMMUNICATION),
        ("video3-gone", Trouble.COMMUNICATION),
        ("video4-busy", Trouble.BUSY),
        ("video9", Trouble.OFFLINE),
    ],
)
def test_a_trouble_gives_no_page(nodes: Path, name: str, trouble: Trouble) -> None:
    pages = Pages()
    with pytest.raises(DeviceError) as caught:
        driver(nodes).scan(settings(nodes, name), pages, lambda: False)
    assert caught.value.trouble is trouble
    assert pages.frames == []


def test_a_wish_that_no_camera_has(nodes: Path) -> None:
    for more in ({"mode": ColourMode.LINEART}, {"options": {"size": "1x1"}}, {"source": Source.FEEDER}):
        with pytest.raises(DeviceError) as caught:
            driver(nodes).scan(settings(nodes, **more), Pages(), lambda: False)
        assert caught.value.trouble is Trouble.BAD_SETTING


def test_a_camera_in_its_process_and_one_that_hangs(nodes: Path) -> None:
    with ScanWorker(ScannerDrivers(camera=driver(nodes)), stall_seconds=0.5, cancel_seconds=0.5) as worker:
        worker.start()
        since = time.monotonic()
        *_, last = worker.scan_pages(settings(nodes, "video5-stall"))
        assert isinstance(last, TroubleMet) and last.trouble is Trouble.TIMEOUT
        assert time.monotonic() - since < 10
    with ScanWorker(ScannerDrivers(camera=driver(nodes))) as worker:
        pages = [e for e in worker.scan_pages(settings(nodes)) if isinstance(e, PageScanned)]
        assert [(page.width, page.height) for page in pages] == [SIZE]


def test_opencv_says_of_a_node_that_is_no_camera_that_it_does_not_open(nodes: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        CameraDriver().scan(settings(nodes), Pages(), lambda: False)
    assert caught.value.trouble is Trouble.BUSY
