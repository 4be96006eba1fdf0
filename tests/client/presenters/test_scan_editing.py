"""Cropping, moving and separator sheets on the scan screen: real pages, a real press; nothing is final before F4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from tests.support.counter import a_desk, a_page, at_counter, steps, with_printer
from tests.support.desk import open_store
from tests.support.printer import Sheets
from tests.support.scan_clerk import ScanClerk, say
from yichuang_client.actions.separators import Checklist, separators
from yichuang_client.devices.errors import Trouble
from yichuang_client.documents.press import Press
from yichuang_client.documents.qr import read_separator
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.scan import ScanPresenter
from yichuang_client.store.store import Store
from yichuang_domain.ids import CaseId


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


class Editor(ScanClerk):
    """A clerk with three pages of one material, and a printer instead of a scanner."""

    def __init__(self, store: Store, press: Press) -> None:
        self.sheets = Sheets()
        super().__init__(store, with_printer(self.sheets))
        self.desk = a_desk(store, equipment=self.equipment, press=press, background=None)
        self.presenter = ScanPresenter(self.view, self.desk)
        work = at_counter(store)
        pages = tuple(a_page(work, self.case, "form", n) for n in (1, 2, 3))
        self.open(self.case, pages=pages)
        self.presenter.page_area(400, 500)
        self.names = {page.page: n for n, page in enumerate(pages, 1)}

    @property
    def order(self) -> list[int]:
        """The pages as they stand, by the order in which they came."""
        return [self.names.get(page.page, 0) for page in (self.pages or ())]


@pytest.fixture
def editor(store: Store, press: Press) -> Editor:
    return Editor(store, press)


def test_a_page_is_cut_edge_by_edge_and_comes_back_whole(editor: Editor) -> None:
    editor.presenter.move(-2)
    editor.press(ScanAct.CROP)
    assert say(editor.model.bar.sentence.lead) == "方向键收边，Alt+方向键放回"
    for edge, step in (("left", 1), ("left", 1), ("top", 5), ("right", 1), ("right", -1), ("bottom", 60), ("top", -99)):
        editor.presenter.crop_edge(edge, step)
    assert editor.model.page.frame == (4, 0, 0, 80)
    editor.press(ScanAct.CUT)
    page = editor.pages[0]
    assert (page.width, page.height, page.material) == (330 - 13, 468 - 374, "form")
    assert editor.model.page.frame is None
    editor.press(ScanAct.UNDO)
    assert editor.order == [1, 2, 3]
    assert (editor.pages[0].width, editor.pages[0].height) == (330, 468)


def test_a_frame_ends_with_esc_another_page_or_another_key_and_cuts_nothing(editor: Editor) -> None:
    before = set(editor.on_disk)
    editor.press(ScanAct.CROP, ScanAct.CUT)
    editor.press(ScanAct.CROP)
    editor.presenter.crop_edge("left", 3)
    editor.presenter.cancel()
    assert editor.model.page.frame is None
    editor.press(ScanAct.CROP)
    editor.presenter.move(-1)
    assert editor.model.page.frame is None
    editor.press(ScanAct.CUT, ScanAct.CROP, ScanAct.CROP)
    assert editor.model.page.frame is None
    assert editor.on_disk == before


def test_a_page_moves_one_place_at_a_time_and_back(editor: Editor) -> None:
    editor.presenter.move(-2)
    editor.press(ScanAct.SHIFT_ON)
    assert editor.order == [2, 1, 3]
    assert [page.ordinal for page in editor.pages] == [1, 2, 3]
    editor.press(ScanAct.SHIFT_ON, ScanAct.SHIFT_ON)
    assert editor.order == [2, 3, 1]
    editor.press(ScanAct.SHIFT_BACK)
    assert editor.order == [2, 1, 3]
    editor.press(ScanAct.UNDO, ScanAct.UNDO, ScanAct.UNDO)
    assert editor.order == [1, 2, 3]


def words(pdf: bytes) -> str:
    return "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def test_f11_prints_a_sheet_for_each_material_without_pages(editor: Editor) -> None:
    editor.press(ScanAct.SEPARATORS)
    assert say(editor.model.bar.sentence.lead) == "打好 2 张分隔页，放在每份材料前"
    assert ["场所使用证明" in words(paper) for paper in editor.sheets.papers] == [True, False]
    assert "下面是第3件材料，共3件" in words(editor.sheets.papers[1])


def test_a_printer_without_paper_is_told_and_scanning_goes_on(editor: Editor) -> None:
    editor.sheets.is_away = True
    editor.press(ScanAct.SEPARATORS)
    assert editor.sheets.papers == []
    assert editor.equipment.printer_condition.trouble is Trouble.OFFLINE
    editor.press(ScanAct.FINISH)
    assert steps(editor.desk)[-1] == ("back", None)


def test_the_sheets_of_a_draft_bear_its_name_and_are_read_by_the_checklist(store: Store) -> None:
    checklist = Checklist(case=CaseId("3fa9c2d1" + "0" * 24), applicant="", item="事项", materials=["甲", "乙"])
    first, second = separators(at_counter(store), checklist, (1, 2))
    assert (first.case_number, first.applicant) == ("0137-3FA9C2D1", "—")
    assert [read_separator(cast(Any, sheet.qr)) for sheet in (first, second)] == [(1, 2), (2, 2)]
    assert second.bar_digits == "013720261124" + f"{0x3FA9C2D1 % 10000:04}" + "02"
