"""The review desk's papers and pages: the supplement notice on a real printer, pages as they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pypdfium2
import pytest

from tests.support.counter import a_page, whole
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.section import DONG, FOOD, HEALTH, MARKET, SALON, XU, House, Seat, said
from yichuang_client.actions import deciding, receiving
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.review import ReviewCase
from yichuang_client.presenters.models.scan import Fit
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.sync.status import PageArrived
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case, PrintState


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def shown(seat: Seat) -> ReviewCase:
    """The case on the desk."""
    found = seat.model.case
    assert found is not None
    return found


def test_the_supplement_notice_is_printed_once_it_was_told(house: House, tmp_path: Path) -> None:
    house.taken_in(SALON, short_of=1)
    with IPPPrinterProcess(tmp_path / "printer") as printer, Press() as press:
        equipment = Equipment(cast(ScanWorker, None), (("printer", IPPPrinter(printer.uri)),))
        seat = Seat(house, house.store("0301", HEALTH), DONG, equipment=equipment, press=press).sit_down()
        seat.press_key("F8")
        seat.answered()
        seat.press_key("F10")
        asked = seat.model.bar.confirm
        assert asked is not None
        lacking = [field.key for field in asked.fields if field.suggested != ""]
        seat.confirm(**{key: "没有提交" if key.startswith("reason") else "带原件 1 份" for key in lacking})
        assert seat.sentence == "补正告知书打好了。 请交给申请人"
        (paper,) = printer.printed()
    text = pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_bounded()
    assert "没有提交" in text
    assert "2026年12月15日" in text.replace(" ", "")
    case = seat.store.view(shown(seat).key)  # type: ignore[arg-type]
    assert [(run.paper, run.state) for run in case.prints] == [(PaperKind.SUPPLEMENT, PrintState.CONFIRMED)]
    seat.answered()
    assert seat.model.bar.confirm is None
    assert seat.acts["F10"] == "WRONG_STATE"


def scanned(house: House) -> Case:
    """An accepted case with three pages of two materials, all of them still at the counter."""
    intake = whole(house.clerk(), FOOD)
    first, second = (came.material for came in intake.materials[:2])
    pages = [a_page(house.clerk(), intake.case, first, n) for n in (1, 2)]
    pages.append(replace(a_page(house.clerk(), intake.case, second, 3), ordinal=1))
    case = receiving.receive(house.clerk(), replace(intake, pages=tuple(pages)))
    deciding.accept(house.clerk(), case)
    house.exchange(house.counter)
    return house.counter.view(case.case)


def arrive(seat: Seat, case: Case, *numbers: int) -> None:
    """Pages come down, and the screen hears of them."""
    events = []
    for number in numbers:
        page = case.pages[number].page
        seat.store.pages.keep(case.case, seat.house.counter.pages.read(case.case, page), is_own=False)
        events.append(PageArrived(name=BlobName(owner=case.case, hash=page)))
    seat.presenter.told(events)


def test_pages_are_drawn_as_they_arrive_and_the_form_is_there_before(house: House) -> None:
    case = scanned(house)
    seat = Seat(house, house.store("0201", MARKET), XU).sit_down()
    seat.presenter.page_area(400, 500)
    assert said(shown(seat).page.waiting) == "第 1 页还在路上"
    assert shown(seat).form != ()
    assert not shown(seat).opinion.is_read_only
    arrive(seat, case, 0, 1)
    picture = shown(seat).page.picture
    assert picture is not None
    assert picture.width == 400
    thumbnails = [thumbnail for row in shown(seat).materials for _, thumbnail in row.pages]
    assert [thumbnail is not None for thumbnail in thumbnails] == [True, True, False]
    assert said(shown(seat).position) == "食品经营许可申请书 1 / 2"
    assert said(shown(seat).overall) == "全件 1 / 3"


def test_one_moves_by_page_and_by_material(house: House) -> None:
    case = scanned(house)
    seat = Seat(house, house.store("0201", MARKET), XU).sit_down()
    seat.presenter.page_area(400, 500)
    arrive(seat, case, 0, 1, 2)
    seat.presenter.move(1)
    assert said(shown(seat).overall) == "全件 2 / 3"
    seat.presenter.move_material(1)
    assert said(shown(seat).overall) == "全件 3 / 3"
    seat.presenter.move_material(-1)
    assert said(shown(seat).overall) == "全件 1 / 3"
    seat.presenter.select_page(shown(seat).materials[0].pages[1][0])
    seat.presenter.fit(Fit.PAGE)
    picture = shown(seat).page.picture
    assert picture is not None
    assert picture.height <= 500
    seat.answered()
    assert said(shown(seat).overall) == "全件 2 / 3"
    seat.presenter.tab("materials")
    assert seat.model.tab == "materials"
