"""What may go wrong while pages come: jams, a full disk, no scanner, files that give no page."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import cv2
import pikepdf
import pytest
from PIL import Image

from tests.support.counter import WORDS
from tests.support.desk import open_store
from tests.support.sane import FEEDER_SHEETS, TEST_DEVICE, SaneFolder, write_config
from tests.support.scan_clerk import ScanClerk, say
from tests.support.scanners import (
    FEEDER,
    FIRST,
    JAMMED,
    NOWHERE,
    SECOND,
    faulty,
    glass,
    scan_equipment,
    scan_worker,
    use,
    written_page,
)
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.presenters import scan_feed
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.store.store import Store
from yichuang_domain.party import Page

__all__ = ["glass", "scan_worker"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path) -> ScanClerk:
    return ScanClerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"))


def test_after_a_jam_space_goes_on_behind_the_last_good_page(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND, JAMMED)
    assert clerk.banner == "进纸卡住：最后一张完好的是第 2 页，清除后按空格继续"
    assert clerk.model.banner is not None and clerk.model.banner.is_solid
    assert (clerk.model.strip[-1].number, say(clerk.model.strip[-1].word)) == (3, "卡在进纸口")
    assert clerk.model.bar.acts[0].key == "Space"
    use(clerk.equipment, FIRST)
    clerk.press(ScanAct.CONTINUE)
    assert clerk.banner == ""
    assert [cell.number for cell in clerk.model.strip] == [1, 2, 3]
    assert clerk.shape[-1] == ("form", 3)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("COVER_OPEN", "COVER_OPEN"),
        ("NO_DOCS", "FEEDER_EMPTY"),
        ("IO_ERROR", "COMMUNICATION"),
        ("DEVICE_BUSY", "BUSY"),
        ("ACCESS_DENIED", "ACCESS"),
        ("INVAL", "BAD_SETTING"),
        ("UNSUPPORTED", "BAD_SETTING"),
        ("NO_MEM", "COMMUNICATION"),
        ("EOF", "COMMUNICATION"),
    ],
)
def test_each_trouble_has_its_sentence_in_place(
    status: str, kind: str, store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    equipment = scan_equipment(scan_worker, glass, tmp_path / "data", more=faulty("faulty", status))
    clerk = ScanClerk(store, equipment)
    for name in (FIRST, "faulty"):
        clerk.scan(name)
        if clerk.model.banner is not None and clerk.model.banner.kind == "TIMEOUT":
            clerk.scan(name)  # libsane's own backend hangs now and then: it was killed, and a clerk presses F5 again
    assert clerk.model.banner is not None and clerk.model.banner.kind == kind
    assert clerk.banner == say(WORDS.key(f"device.{kind}"))
    assert len(clerk.pages) == 1
    assert clerk.equipment.scanner_condition.trouble is not None


@pytest.fixture
def impatient(glass: SaneFolder) -> Iterator[ScanWorker]:
    with ScanWorker(glass.driver(), stall_seconds=3.0, cancel_seconds=1.0) as running:
        yield running


@pytest.mark.parametrize(("ended", "kind"), [(signal.SIGKILL, "DRIVER_CRASH"), (signal.SIGSTOP, "TIMEOUT")])
def test_a_driver_that_dies_or_hangs_in_a_batch_costs_no_page_and_space_goes_on(
    ended: signal.Signals, kind: str, store: Store, impatient: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    slowly = "{ read-limit = true, read-limit-size = 50000, read-delay = true, read-delay-duration = 1000 }"
    steady = f'[[scanner]]\nname = "steady"\ndevice = "{TEST_DEVICE}"\noptions = {slowly}\n'
    clerk = ScanClerk(store, scan_equipment(impatient, glass, tmp_path / "data", more=steady))

    def end(told: tuple[Page, ...]) -> None:
        if len(told) == 2 and impatient.process_id is not None:
            os.kill(impatient.process_id, ended)

    clerk.on_page = end
    clerk.scan("steady")
    kept = len(clerk.pages)
    assert 2 <= kept < FEEDER_SHEETS
    assert clerk.banner == WORDS.key(f"device.{kind}")
    assert clerk.model.banner is not None and say(clerk.model.banner.hint) == f"最后一张完好的是第 {kept} 页"
    use(clerk.equipment, FIRST)
    clerk.press(ScanAct.CONTINUE)
    assert clerk.shape == [("form", ordinal) for ordinal in range(1, kept + 2)]


def test_esc_stops_the_feeder_and_keeps_what_is_whole(clerk: ScanClerk) -> None:
    clerk.on_page = lambda told: clerk.press(ScanAct.STOP) if len(told) == 3 else None
    clerk.scan(FEEDER)
    assert 3 <= len(clerk.pages) < FEEDER_SHEETS
    assert clerk.banner == ""
    assert not clerk.presenter.is_feeding
    assert say(clerk.model.bar.sentence.lead).startswith("已停下")


def test_little_room_on_the_disk_stops_before_the_next_sheet(clerk: ScanClerk, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.scan(FIRST)
    monkeypatch.setattr(scan_feed, "LEAST_ROOM", 1 << 62)
    clerk.scan(FEEDER)
    assert len(clerk.pages) == 1
    assert clerk.banner.startswith("磁盘满了")
    assert say(clerk.model.banner.hint if clerk.model.banner else "") == "最后一张完好的是第 1 页"


def test_without_a_scanner_files_can_be_taken(store: Store, tmp_path: Path) -> None:
    nothing = write_config(tmp_path / "sane.d")
    (nothing.folder / "dll.conf").write_text("", encoding="ascii")
    with ScanWorker(nothing.driver(), stall_seconds=20.0) as worker:
        settings = DeviceSettings(DataFolder(root=tmp_path))
        clerk = ScanClerk(store, Equipment(worker, settings=settings, print_service=NOWHERE))
        assert say(clerk.model.empty[0]) == "没找到扫描仪。"
        assert (clerk.model.bar.acts[0].id, clerk.model.bar.acts[0].key) == (ScanAct.FIND, "F5")
        clerk.press(ScanAct.FIND)
        assert say(clerk.model.bar.sentence.lead) == "没找到扫描仪。"
        cv2.imwrite(str(tmp_path / "one.png"), written_page("file"))
        clerk.take(tmp_path / "one.png")
        assert clerk.shape == [("form", 1)]


def test_the_pages_of_a_file_come_in_order(clerk: ScanClerk, tmp_path: Path) -> None:
    pages = [Image.fromarray(written_page(word)) for word in ("one", "two")]
    file = tmp_path / "two pages.tif"
    pages[0].save(file, save_all=True, append_images=pages[1:], dpi=(75, 75))
    for typed in (str(file), f'"{file}"', f"file://{str(file).replace(' ', '%20')}"):
        clerk.take(typed)
    assert clerk.shape == [("form", ordinal) for ordinal in range(1, 7)]
    assert len(clerk.on_disk) == 2


def locked_pdf(file: Path) -> None:
    """A PDF that asks for a password."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))


def test_a_file_that_gives_no_page_has_one_sentence(clerk: ScanClerk, tmp_path: Path) -> None:
    clerk.scan(FIRST)
    cv2.imwrite(str(tmp_path / "good.jpg"), written_page("cut"))
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "good.jpg").read_bytes()[:3000])
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "words.txt").write_text("words", encoding="ascii")
    locked_pdf(tmp_path / "locked.pdf")
    said = {}
    for name in ("cut.jpg", "empty.png", "words.txt", "locked.pdf", "nothing.png"):
        clerk.take(tmp_path / name)
        said[name] = clerk.banner
    assert said["cut.jpg"] == WORDS.key("page.BROKEN")
    assert said["empty.png"] == WORDS.key("page.EMPTY_FILE")
    assert said["words.txt"] == WORDS.key("page.NOT_AN_IMAGE")
    assert said["locked.pdf"] == WORDS.key("page.ENCRYPTED")
    assert "打不开" in said["nothing.png"]
    assert len(clerk.pages) == 1
    assert clerk.model.bar.acts[0].key == "F5"
