"""A watched folder: whole files only, broken ones set aside with their reason, nothing lost."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import cv2
import numpy
import pikepdf
import pytest
from PIL import Image

from tests.support.page_sink import Pages
from tests.support.sane import SaneFolder
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.folder_driver import SET_ASIDE, TAKEN, FolderDriver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import BatchEnded, ScanSettings
from yichuang_client.devices.settings import DeviceSettings

SHADES = (40, 90, 140, 190)


def picture(shade: int, size: tuple[int, int] = (60, 80)) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.uint8]]:
    return numpy.full(size, shade, dtype=numpy.uint8)


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture(shade)).save(out, "JPEG", dpi=(150, 150))
    return out.getvalue()


def tiff(*shades: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.fromarray(picture(shade)) for shade in shades]
    first.save(out, "TIFF", save_all=True, append_images=rest)
    return out.getvalue()


def pdf(count: int) -> bytes:
    document = pikepdf.new()
    for _ in range(count):
        document.add_blank_page(page_size=(72, 144))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def put(folder: Path, name: str, raw: bytes, age: float = 60.0) -> Path:
    file = folder / name
    file.write_bytes(raw)
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def driver(**more: float) -> FolderDriver:
    quick = {"still_seconds": 0.1, "doubt_seconds": 0.2, "first_seconds": 0.3, "next_seconds": 0.15}
    return FolderDriver(**{**quick, **more})


def scan(folder: Path, pages: Pages, **more: float) -> int:
    return driver(**more).scan(ScanSettings(device=f"folder:{folder}"), pages, lambda: False)


def shades(pages: Pages) -> list[int]:
    return [round(float(pixels.mean())) for pixels in pages.pixels]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_files_are_taken_whole_in_the_order_of_their_times(tmp_path: Path) -> None:
    put(tmp_path, "b.JPG", jpeg(40), age=50)
    put(tmp_path, "a.tif", tiff(90, 140), age=40)
    put(tmp_path, "c.pdf", pdf(2), age=30)
    for name in ("notes.txt", ".hidden.jpg", "~lock.pdf", "page.jpg.part"):
        put(tmp_path, name, b"x")
    (tmp_path / "link.jpg").symlink_to("/etc/hostname")
    (tmp_path / "folder.jpg").mkdir()
    pages = Pages()
    assert scan(tmp_path, pages) == 5
    assert shades(pages) == [40, 90, 140, 255, 255]
    assert pages.frames[0].dpi == 150
    assert (pages.frames[3].width, pages.frames[3].height, pages.frames[3].dpi) == (300, 600, 300)
    assert names(tmp_path / TAKEN) == ["a.tif", "b.JPG", "c.pdf"]
    left = [".hidden.jpg", "folder.jpg", "link.jpg", "notes.txt", "page.jpg.part", TAKEN, "~lock.pdf"]
    assert names(tmp_path) == sorted(left)


@pytest.mark.parametrize(
    "raw", [b"", jpeg(40)[:-200], jpeg(40)[: len(jpeg(40)) // 2], pdf(1)[:-40], tiff(40)[:-60], b"not a picture"]
)
def test_a_broken_file_is_set_aside_with_its_reason_and_the_others_are_taken(tmp_path: Path, raw: bytes) -> None:
    kind = {b"%PD": "pdf", b"II*": "tif"}.get(raw[:3], "jpg")
    put(tmp_path, f"1.{kind}", raw, age=60)
    put(tmp_path, "2.jpg", jpeg(190), age=50)
    pages = Pages()
    with pytest.raises(DeviceError) as caught:
        scan(tmp_path, pages)
    assert caught.value.trouble is Trouble.BROKEN_FILE
    assert shades(pages) == [190]
    assert names(tmp_path / SET_ASIDE) == [f"1.{kind}", f"1.{kind}.reason.txt"]
    assert (tmp_path / SET_ASIDE / f"1.{kind}").read_bytes() == raw
    assert (tmp_path / SET_ASIDE / f"1.{kind}.reason.txt").read_text(encoding="utf-8").strip()


def test_a_file_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    raw, pages = jpeg(90), Pages()

    def write() -> None:
        with (tmp_path / "slow.jpg").open("wb", buffering=0) as out:
            for start in range(0, len(raw), 100):
                out.write(raw[start : start + 100])
                threading.Event().wait(0.06)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert scan(tmp_path, pages, first_seconds=3.0, doubt_seconds=1.0) == 1
    finally:
        writer.join()
    assert shades(pages) == [90] and names(tmp_path / TAKEN) == ["slow.jpg"]


def test_an_empty_folder_is_an_empty_feeder(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        scan(tmp_path, Pages())
    assert caught.value.trouble is Trouble.FEEDER_EMPTY
    with pytest.raises(DeviceError) as caught:
        scan(tmp_path / "gone", Pages())
    assert caught.value.trouble is Trouble.OFFLINE


def test_a_cancel_leaves_everything_where_it_is(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", jpeg(40))
    with pytest.raises(DeviceError) as caught:
        driver().scan(ScanSettings(device=f"folder:{tmp_path}"), Pages(), lambda: True)
    assert caught.value.trouble is Trouble.CANCELLED
    assert names(tmp_path) == ["1.jpg"]


def test_what_was_taken_is_kept_for_some_days_and_no_name_is_lost(tmp_path: Path) -> None:
    for shade in (40, 90):
        put(tmp_path, "scan.jpg", jpeg(shade))
        scan(tmp_path, Pages())
    assert names(tmp_path / TAKEN) == ["scan (2).jpg", "scan.jpg"]
    put(tmp_path / TAKEN, "old.jpg", jpeg(40), age=8 * 86_400)
    put(tmp_path, "scan.jpg", jpeg(140))
    scan(tmp_path, Pages())
    assert names(tmp_path / TAKEN) == ["scan (2).jpg", "scan (3).jpg", "scan.jpg"]


def test_a_folder_is_named_and_scanned_like_any_scanner(tmp_path: Path, sane_folder: SaneFolder) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "config.toml").write_text(
        f"[[scanner]]\nname = 'box'\nfolder = '{folder}'\n[[scanner]]\nfolder = 'relative'\n", encoding="utf-8"
    )
    put(folder, "1.png", cv2.imencode(".png", picture(140))[1].tobytes())
    with ScanWorker(ScannerDrivers(folder=driver(), sane=sane_folder.driver())) as worker:
        settings = DeviceSettings(DataFolder(root=tmp_path))
        assert not settings.is_readable  # the relative one
        desk = Equipment(worker, settings=settings, print_service="ipp://localhost:1")
        found = desk.scanners()[0]
        assert (found.name, found.is_seen) == ("box", True)
        settings.choose_scanner(found.key, found.name)
        assert list(worker.scan_pages(desk.scan_settings()))[-1] == BatchEnded(count=1)
