"""The scan screen on the real libsane and the real store: pages come, are sorted, and are safe before they are seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy
import pytest
import zxingcpp

from tests.support.counter import Waiting, an_intake, at_counter, steps
from tests.support.desk import open_store
from tests.support.sane import FEEDER_SHEETS, SaneFolder
from tests.support.scan_clerk import AREA, ScanClerk, say
from tests.support.scanners import BLANK, FEEDER, FIRST, SECOND, glass, scan_equipment, scan_worker, use
from yichuang_client.actions import receiving
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.documents.qr import separator_payload
from yichuang_client.presenters.models.common import ActKind, Tone
from yichuang_client.presenters.models.scan import Fit, ScanAct
from yichuang_client.store.store import Store

__all__ = ["glass", "scan_worker"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path) -> ScanClerk:
    return ScanClerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"))


def test_before_the_first_page_the_scanner_and_the_next_step_are_named(clerk: ScanClerk) -> None:
    assert say(clerk.model.empty[0]) == "把材料放进扫描仪，按 F5"
    assert say(clerk.model.bar.sentence.hint).startswith("page001")
    first = clerk.model.bar.acts[0]
    assert (first.key, first.kind) == ("F5", ActKind.PRIMARY)
    assert [say(target.count) for target in clerk.model.targets] == ["0 页"] * 4


def test_a_page_is_safe_told_and_seen_in_the_size_of_the_view(clerk: ScanClerk) -> None:
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


def test_ten_equal_sheets_are_ten_pages_also_in_the_case(clerk: ScanClerk) -> None:
    clerk.scan(FEEDER)
    assert [ordinal for _, ordinal in clerk.shape] == list(range(1, FEEDER_SHEETS + 1))
    assert len(clerk.on_disk) == 1
    assert len({cell.page for cell in clerk.model.strip}) == FEEDER_SHEETS
    work = at_counter(clerk.store)
    bare = an_intake(work, "食品经营许可（新办）")
    came = replace(bare, case=clerk.case, pages=clerk.pages, materials=(receiving.scanned("form", clerk.pages),))
    assert len(receiving.receive(work, came).pages) == FEEDER_SHEETS


def test_the_speed_names_the_rating_and_who_is_waited_for(clerk: ScanClerk) -> None:
    use(clerk.equipment, FEEDER)
    clerk.open(clerk.case)
    clerk.scan(FEEDER)
    speed = clerk.model.speed
    assert speed is not None and speed.fraction is not None and speed.tick is not None
    assert (say(speed.label), say(speed.rating)) == ("停下前 1 分钟", "额定 60")
    assert "占时最多" in say(speed.sentence) or "等扫描仪" in say(speed.sentence)


def test_a_blank_page_is_marked_and_stays(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, BLANK)
    assert [page.is_blank for page in clerk.pages] == [False, True]
    assert (say(clerk.model.strip[1].word), clerk.model.strip[1].tone) == ("空白页", Tone.WARNING)


def test_unsorted_pages_keep_the_clerk_here_until_each_has_its_material(clerk: ScanClerk) -> None:
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


def test_the_digit_counts_only_after_m(clerk: ScanClerk) -> None:
    clerk.scan(FIRST)
    clerk.presenter.choose_target("lease")
    assert clerk.shape == [("form", 1)]
    clerk.scan(SECOND)
    assert clerk.shape == [("form", 1), ("lease", 1)]
    clerk.press(ScanAct.ASSIGN)
    assert clerk.model.is_assigning
    clerk.presenter.cancel()
    assert not clerk.model.is_assigning and steps(clerk.desk) == []


def test_dropping_is_undone_and_only_f4_removes_from_the_disk(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND)
    first, second = (page.page for page in clerk.pages)
    clerk.press(ScanAct.DROP)
    assert [page.page for page in clerk.pages] == [first]
    assert clerk.on_disk == {first, second}
    clerk.press(ScanAct.UNDO)
    assert [page.page for page in clerk.pages] == [first, second]
    clerk.press(ScanAct.DROP, ScanAct.FINISH)
    assert clerk.on_disk == {first}


def test_a_page_that_the_case_names_is_never_removed(clerk: ScanClerk) -> None:
    clerk.scan(FIRST)
    work = at_counter(clerk.store)
    bare = an_intake(work, "食品经营许可（新办）")
    receiving.receive(work, replace(bare, case=clerk.case, pages=clerk.pages))
    named = set(clerk.on_disk)
    clerk.press(ScanAct.DROP, ScanAct.FINISH)
    assert clerk.on_disk == named


def test_the_selection_follows_until_the_clerk_looks_at_another_page(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND)
    assert clerk.model.strip[1].is_selected and clerk.model.newer is None
    clerk.presenter.move(-1)
    clerk.scan(FIRST)
    assert clerk.model.strip[0].is_selected
    assert say(clerk.model.newer.text if clerk.model.newer else "") == "新到 1 页 End"
    clerk.presenter.move(1_000_000)
    assert clerk.model.strip[2].is_selected and clerk.model.newer is None


def test_a_page_is_put_before_another_or_instead_of_it(clerk: ScanClerk) -> None:
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


def test_only_one_sheet_takes_the_place_of_a_page(clerk: ScanClerk) -> None:
    clerk.scan(FIRST)
    use(clerk.equipment, FEEDER)
    clerk.press(ScanAct.REPLACE)
    assert len(clerk.pages) == 1


def test_a_turned_page_is_a_new_page_and_the_old_one_stays_until_f4(clerk: ScanClerk) -> None:
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


def test_a_batch_stays_with_its_case_wherever_the_clerk_looks(
    store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path
) -> None:
    machines = Waiting()
    clerk = ScanClerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"), machines=machines)
    first = clerk.case
    clerk.scan(FIRST)
    clerk.open(receiving.new_case())
    machines.go()
    assert (len(clerk.told[first]), len(clerk.pages)) == (1, 0)
    assert clerk.model.strip == ()
    clerk.open(first, pages=clerk.told[first])
    assert [cell.thumbnail is not None for cell in clerk.model.strip] == [True]


def test_pages_of_a_draft_are_there_again(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND)
    kept, case = clerk.pages, clerk.case
    clerk.presenter.cancel()
    clerk.open(receiving.new_case())
    clerk.open(case, target="lease", pages=kept)
    assert [cell.thumbnail is not None for cell in clerk.model.strip] == [True, True]
    assert clerk.model.page.picture is not None
    assert [say(fact.value) for fact in clerk.model.facts][:1] == ["75 dpi，偏低"]
    assert clerk.model.targets[1].is_current


def test_a_page_that_cannot_be_read_says_so_and_harms_nothing(clerk: ScanClerk, tmp_path: Path) -> None:
    clerk.scan(FIRST, SECOND)
    kept, case = clerk.pages, clerk.case
    clerk.open(receiving.new_case())
    shutil.rmtree(tmp_path / "store" / "pages")
    clerk.open(case, pages=kept)
    assert clerk.model.page.picture is None
    assert say(clerk.model.page.waiting) == "第 2 页读不出来。按 R 换一张。"


def separator(file: Path, text: str) -> Path:
    """A sheet with this code in its middle."""
    code = numpy.array(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=8))
    sheet = numpy.full((1754, 1240), 255, dtype=numpy.uint8)
    sheet[400 : 400 + code.shape[0], 300 : 300 + code.shape[1]] = code
    cv2.imwrite(str(file), sheet)
    return file


def test_a_separator_sheet_says_where_the_next_pages_go(clerk: ScanClerk, tmp_path: Path) -> None:
    clerk.open(clerk.case, target="")
    clerk.scan(FIRST)
    clerk.take(separator(tmp_path / "a.png", separator_payload("330402", 2, 3)))
    clerk.scan(FIRST)
    clerk.take(separator(tmp_path / "b.png", separator_payload("330402", 3, 3)))
    clerk.scan(SECOND)
    assert clerk.shape == [("", 1), ("lease", 1), ("health", 1)]
    assert [say(cell.word) for cell in clerk.model.strip][1::2] == ["分隔页", "分隔页"]
    assert say(clerk.model.bar.sentence.lead) == "还有 1 页未归类。"
    clerk.presenter.move(-1_000_000)
    clerk.assign("form")
    clerk.press(ScanAct.FINISH)
    assert clerk.on_disk == {page.page for page in clerk.pages}


def test_a_separator_of_another_checklist_is_a_page(clerk: ScanClerk, tmp_path: Path) -> None:
    clerk.take(separator(tmp_path / "a.png", separator_payload("330402", 2, 9)))
    assert clerk.shape == [("form", 1)]


def test_a_page_is_fitted_to_the_width_or_as_a_whole(clerk: ScanClerk) -> None:
    clerk.scan(FIRST)
    clerk.presenter.fit(Fit.PAGE)
    picture = clerk.model.page.picture
    assert picture is not None and picture.height < AREA[1] and picture.width < AREA[0]
    clerk.presenter.page_area(200, 900)
    clerk.presenter.fit(Fit.WIDTH)
    assert clerk.model.page.picture is not None and clerk.model.page.picture.width == 200


def test_the_strip_shows_ten_pages_around_the_selected_one(clerk: ScanClerk) -> None:
    clerk.scan(FEEDER, FIRST, SECOND)
    assert [cell.number for cell in clerk.model.strip] == list(range(3, 13))
    clerk.presenter.move(-1_000_000)
    assert [cell.number for cell in clerk.model.strip] == list(range(1, 11))
    assert say(clerk.model.title) == "第 1 – 10 页"
