"""The scan screen on the real libsane and the real store: pages come, are sorted, and are safe before they are seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pikepdf
import pytest
from PIL import Image

from tests.support.counter import WORDS, Shown, Waiting, a_desk, an_intake, at_counter, steps
from tests.support.desk import open_store
from tests.support.sane import FEEDER_SHEETS, SaneFolder, write_config
from tests.support.scanners import (
    BLANK,
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
from yichuang_client.actions import receiving
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.presenters import scan_feed
from yichuang_client.presenters.models.common import ActKind, Text, Tone
from yichuang_client.presenters.models.scan import Fit, ScanAct, ScanModel
from yichuang_client.presenters.scan import ScanPresenter
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.store import Store
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Page

__all__ = ["glass", "scan_worker"]
MATERIALS = (("form", "申请书"), ("lease", "场所使用证明"), ("health", "健康证明"))
AREA = (400, 500)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


class Clerk:
    """The scan screen of one case and whoever asked for it."""

    def __init__(self, store: Store, equipment: Equipment, *, machines: Waiting | None = None) -> None:
        self.view, self.store, self.equipment = Shown(), store, equipment
        self.desk = a_desk(store, equipment=equipment, machines=machines)
        self.presenter = ScanPresenter(self.view, self.desk)
        self.told: dict[CaseId, tuple[Page, ...]] = {}
        self.on_page: Any = None
        self.case = receiving.new_case()
        self.open(self.case)
        self.presenter.page_area(*AREA)

    def open(self, case: CaseId, target: str = "form", pages: tuple[Page, ...] = ()) -> None:
        """Come from the intake of this case."""
        self.case = case
        self.told.setdefault(case, pages)
        tray = Tray(
            case=case,
            materials=MATERIALS,
            target=target,
            pages=pages,
            changed=lambda told: self._changed(case, told),
        )
        self.presenter.open(tray)

    def _changed(self, case: CaseId, told: tuple[Page, ...]) -> None:
        self.told[case] = told
        if self.on_page is not None:
            self.on_page(told)

    def press(self, *acts: ScanAct) -> None:
        """Press keys."""
        for act in acts:
            self.presenter.act(act)

    def scan(self, *names: str) -> None:
        """F5 with these scanners, one after the other."""
        for name in names:
            use(self.equipment, name)
            self.press(ScanAct.START)

    def assign(self, key: str) -> None:
        """M and the digit of a material."""
        self.press(ScanAct.ASSIGN)
        self.presenter.choose_target(key)

    def take(self, file: Path | str) -> None:
        """Ctrl+O, a path, Enter."""
        self.press(ScanAct.IMPORT)
        self.presenter.type_in("file", str(file))
        self.presenter.confirm(ScanAct.IMPORT)

    @property
    def model(self) -> ScanModel:
        """What is shown."""
        model: ScanModel = self.view.last
        return model

    @property
    def pages(self) -> tuple[Page, ...]:
        """What the owner of the tray was told last."""
        return self.told[self.case]

    @property
    def shape(self) -> list[tuple[str, int]]:
        """Material and ordinal of each page."""
        return [(page.material, page.ordinal) for page in self.pages]

    @property
    def banner(self) -> str:
        """The banner's words, empty without one."""
        return say(self.model.banner.text) if self.model.banner else ""

    @property
    def on_disk(self) -> set[str]:
        """Names of the pages whose bytes are here."""
        return {page.name.hash for page in self.store.pages.of(self.case)}


def say(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


@pytest.fixture
def clerk(store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path) -> Clerk:
    return Clerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"))


def test_before_the_first_page_the_scanner_and_the_next_step_are_named(clerk: Clerk) -> None:
    assert say(clerk.model.empty[0]) == "把材料放进扫描仪，按 F5"
    assert say(clerk.model.bar.sentence.hint).startswith("page001")
    first = clerk.model.bar.acts[0]
    assert (first.key, first.kind) == ("F5", ActKind.PRIMARY)
    assert [say(target.count) for target in clerk.model.targets] == ["0 页"] * 4


def test_a_page_is_safe_told_and_seen_in_the_size_of_the_view(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    (page,) = clerk.pages
    assert clerk.shape == [("form", 1)]
    assert clerk.on_disk == {page.page}
    jpeg = clerk.store.pages.read(clerk.case, page.page)
    assert (len(jpeg), page.width, page.height, page.is_blank) == (page.size, 620, 877, False)
    picture = clerk.model.page.picture
    assert picture is not None and picture.width == AREA[0]
    (cell,) = clerk.model.strip
    assert cell.thumbnail is not None and cell.is_selected
    assert clerk.model.empty == ()
    assert clerk.model.targets[0].is_current and say(clerk.model.targets[0].count) == "1 页"


def test_ten_equal_sheets_are_ten_pages_also_in_the_case(clerk: Clerk) -> None:
    clerk.scan(FEEDER)
    assert [ordinal for _, ordinal in clerk.shape] == list(range(1, FEEDER_SHEETS + 1))
    assert len(clerk.on_disk) == 1
    assert len({cell.page for cell in clerk.model.strip}) == FEEDER_SHEETS
    work = at_counter(clerk.store)
    bare = an_intake(work, "食品经营许可（新办）")
    came = replace(bare, case=clerk.case, pages=clerk.pages, materials=(receiving.scanned("form", clerk.pages),))
    assert len(receiving.receive(work, came).pages) == FEEDER_SHEETS


def test_the_speed_names_the_rating_and_who_is_waited_for(clerk: Clerk) -> None:
    use(clerk.equipment, FEEDER)
    clerk.open(clerk.case)
    clerk.scan(FEEDER)
    speed = clerk.model.speed
    assert speed is not None and speed.fraction is not None and speed.tick is not None
    assert (say(speed.label), say(speed.rating)) == ("停下前 1 分钟", "额定 60")
    assert "占时最多" in say(speed.sentence) or "等扫描仪" in say(speed.sentence)


def test_a_blank_page_is_marked_and_stays(clerk: Clerk) -> None:
    clerk.scan(FIRST, BLANK)
    assert [page.is_blank for page in clerk.pages] == [False, True]
    assert (say(clerk.model.strip[1].word), clerk.model.strip[1].tone) == ("空白页", Tone.WARNING)


def test_unsorted_pages_keep_the_clerk_here_until_each_has_its_material(clerk: Clerk) -> None:
    clerk.open(clerk.case, target="")
    clerk.scan(FIRST, SECOND)
    clerk.presenter.move(0)
    clerk.press(ScanAct.FINISH)
    assert steps(clerk.desk) == []
    assert say(clerk.model.bar.sentence.lead) == "还有 2 页未归类。"
    assert [cell.is_selected for cell in clerk.model.strip] == [True, False]
    clerk.assign("form")
    clerk.presenter.move(1)
    clerk.assign("lease")
    assert clerk.shape == [("form", 1), ("lease", 1)]
    clerk.press(ScanAct.FINISH)
    assert steps(clerk.desk) == [("back", None)]


def test_the_digit_counts_only_after_m(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    clerk.presenter.choose_target("lease")
    assert clerk.shape == [("form", 1)]
    clerk.scan(SECOND)
    assert clerk.shape == [("form", 1), ("lease", 1)]
    clerk.press(ScanAct.ASSIGN)
    assert clerk.model.is_assigning
    clerk.presenter.cancel()
    assert not clerk.model.is_assigning and steps(clerk.desk) == []


def test_dropping_is_undone_and_only_f4_removes_from_the_disk(clerk: Clerk) -> None:
    clerk.scan(FIRST, SECOND)
    first, second = (page.page for page in clerk.pages)
    clerk.press(ScanAct.DROP)
    assert [page.page for page in clerk.pages] == [first]
    assert clerk.on_disk == {first, second}
    clerk.press(ScanAct.UNDO)
    assert [page.page for page in clerk.pages] == [first, second]
    clerk.press(ScanAct.DROP, ScanAct.FINISH)
    assert clerk.on_disk == {first}


def test_a_page_that_the_case_names_is_never_removed(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    work = at_counter(clerk.store)
    bare = an_intake(work, "食品经营许可（新办）")
    receiving.receive(work, replace(bare, case=clerk.case, pages=clerk.pages))
    named = set(clerk.on_disk)
    clerk.press(ScanAct.DROP, ScanAct.FINISH)
    assert clerk.on_disk == named


def test_the_selection_follows_until_the_clerk_looks_at_another_page(clerk: Clerk) -> None:
    clerk.scan(FIRST, SECOND)
    assert clerk.model.strip[1].is_selected and clerk.model.newer is None
    clerk.presenter.move(-1)
    clerk.scan(FIRST)
    assert clerk.model.strip[0].is_selected
    assert say(clerk.model.newer.text if clerk.model.newer else "") == "新到 1 页 End"
    clerk.presenter.move(1_000_000)
    assert clerk.model.strip[2].is_selected and clerk.model.newer is None


def test_a_page_is_put_before_another_or_instead_of_it(clerk: Clerk) -> None:
    clerk.scan(FIRST, FIRST)
    one = clerk.pages[0].page
    use(clerk.equipment, SECOND)
    clerk.press(ScanAct.INSERT)
    assert [page.page == one for page in clerk.pages] == [True, False, True]
    other = clerk.pages[1].page
    clerk.presenter.select_page(clerk.model.strip[0].page)
    clerk.press(ScanAct.REPLACE)
    assert [page.page for page in clerk.pages] == [other, other, one]
    assert say(clerk.model.strip[0].word) == "重扫"
    clerk.press(ScanAct.UNDO)
    assert [page.page for page in clerk.pages] == [one, other, one]


def test_only_one_sheet_takes_the_place_of_a_page(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    use(clerk.equipment, FEEDER)
    clerk.press(ScanAct.REPLACE)
    assert len(clerk.pages) == 1


def test_a_turned_page_is_a_new_page_and_the_old_one_stays_until_f4(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    old = clerk.pages[0]
    clerk.presenter.rotate(1)
    new = clerk.pages[0]
    assert (new.width, new.height, new.material, new.ordinal) == (old.height, old.width, "form", 1)
    assert clerk.on_disk == {old.page, new.page}
    picture = clerk.model.page.picture
    assert picture is not None and picture.width > picture.height
    for _ in range(3):
        clerk.presenter.rotate(1)
    assert (clerk.pages[0].width, clerk.pages[0].height) == (old.width, old.height)
    clerk.press(ScanAct.FINISH)
    assert clerk.on_disk == {clerk.pages[0].page}


def test_after_a_jam_space_goes_on_behind_the_last_good_page(clerk: Clerk) -> None:
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
    ],
)
def test_each_trouble_has_its_sentence_in_place(
    status: str, kind: str, store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    equipment = scan_equipment(scan_worker, glass, tmp_path / "data", more=faulty("faulty", status))
    clerk = Clerk(store, equipment)
    clerk.scan(FIRST, "faulty")
    assert clerk.model.banner is not None and clerk.model.banner.kind == kind
    assert clerk.banner == say(WORDS.key(f"device.{kind}"))
    assert len(clerk.pages) == 1
    assert clerk.equipment.scanner_condition.trouble is not None


def test_esc_stops_the_feeder_and_keeps_what_is_whole(clerk: Clerk) -> None:
    clerk.on_page = lambda told: clerk.press(ScanAct.STOP) if len(told) == 3 else None
    clerk.scan(FEEDER)
    assert 3 <= len(clerk.pages) < FEEDER_SHEETS
    assert clerk.banner == ""
    assert not clerk.presenter.is_feeding
    assert say(clerk.model.bar.sentence.lead).startswith("已停下")


def test_little_room_on_the_disk_stops_before_the_next_sheet(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
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
        clerk = Clerk(store, Equipment(worker, settings=settings, print_service=NOWHERE))
        assert say(clerk.model.empty[0]) == "没找到扫描仪。"
        assert (clerk.model.bar.acts[0].id, clerk.model.bar.acts[0].key) == (ScanAct.FIND, "F5")
        clerk.press(ScanAct.FIND)
        assert say(clerk.model.bar.sentence.lead) == "没找到扫描仪。"
        cv2.imwrite(str(tmp_path / "one.png"), written_page("file"))
        clerk.take(tmp_path / "one.png")
        assert clerk.shape == [("form", 1)]


def test_the_pages_of_a_file_come_in_order(clerk: Clerk, tmp_path: Path) -> None:
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


def test_a_file_that_gives_no_page_has_one_sentence(clerk: Clerk, tmp_path: Path) -> None:
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


def test_a_batch_stays_with_its_case_wherever_the_clerk_looks(
    store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    machines = Waiting()
    clerk = Clerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"), machines=machines)
    first = clerk.case
    clerk.scan(FIRST)
    clerk.open(receiving.new_case())
    machines.go()
    assert (len(clerk.told[first]), len(clerk.pages)) == (1, 0)
    assert clerk.model.strip == ()
    clerk.open(first, pages=clerk.told[first])
    assert [cell.thumbnail is not None for cell in clerk.model.strip] == [True]


def test_pages_of_a_draft_are_there_again(clerk: Clerk) -> None:
    clerk.scan(FIRST, SECOND)
    kept, case = clerk.pages, clerk.case
    clerk.presenter.cancel()
    clerk.open(receiving.new_case())
    clerk.open(case, target="lease", pages=kept)
    assert [cell.thumbnail is not None for cell in clerk.model.strip] == [True, True]
    assert clerk.model.page.picture is not None
    assert [say(fact.value) for fact in clerk.model.facts][:1] == ["75 dpi，偏低"]
    assert clerk.model.targets[1].is_current


def test_a_page_that_cannot_be_read_says_so_and_harms_nothing(clerk: Clerk, tmp_path: Path) -> None:
    clerk.scan(FIRST, SECOND)
    kept, case = clerk.pages, clerk.case
    clerk.open(receiving.new_case())
    shutil.rmtree(tmp_path / "store" / "pages")
    clerk.open(case, pages=kept)
    assert clerk.model.page.picture is None
    assert say(clerk.model.page.waiting) == "第 2 页读不出来。按 R 换一张。"


def test_a_page_is_fitted_to_the_width_or_as_a_whole(clerk: Clerk) -> None:
    clerk.scan(FIRST)
    clerk.presenter.fit(Fit.PAGE)
    picture = clerk.model.page.picture
    assert picture is not None and picture.height < AREA[1] and picture.width < AREA[0]
    clerk.presenter.page_area(200, 900)
    clerk.presenter.fit(Fit.WIDTH)
    assert clerk.model.page.picture is not None and clerk.model.page.picture.width == 200


def test_the_strip_shows_ten_pages_around_the_selected_one(clerk: Clerk) -> None:
    clerk.scan(FEEDER, FIRST, SECOND)
    assert [cell.number for cell in clerk.model.strip] == list(range(3, 13))
    clerk.presenter.move(-1_000_000)
    assert [cell.number for cell in clerk.model.strip] == list(range(1, 11))
    assert say(clerk.model.title) == "第 1 – 10 页"
