"""一口清: everything of an item for the situation, from the catalogue alone; on paper, and on to the intake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.counter import Shown, an_item, at_counter, steps
from tests.support.desk import open_store
from tests.support.intake_clerk import ANSWERS, FOOD, NOWHERE, IntakeClerk, a_counter, say
from tests.support.ipp_printer import IPPPrinterProcess
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_client.presenters.briefing import BriefingPresenter
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.intake import BriefingAct, BriefingModel, IntakeAct
from yichuang_client.store.store import Store
from yichuang_domain.ids import CaseId


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


class Reader:
    """Somebody who reads a briefing out."""

    def __init__(self, store: Store, name: str, answers: Mapping[str, str] | None = None, desk: Desk | None = None):
        self.desk = desk or a_counter(store)
        self.view = Shown()
        self.screen = BriefingPresenter(self.view, self.desk)
        self.item = an_item(at_counter(store), name)
        self.screen.open(self.item, answers or {})

    @property
    def model(self) -> BriefingModel:
        """What is seen now."""
        return cast(BriefingModel, self.view.last)

    def section(self, title: str) -> list[str]:
        """The lines of the section whose title begins so."""
        found = next(section for section in self.model.sections if say(section.title).startswith(title))
        return [say(line) for line in found.lines]

    def said(self) -> str:
        """The action bar's sentence."""
        said = self.model.bar.sentence
        return " ".join(say(text) for text in (said.lead, said.hint) if text != "")


def test_the_whole_of_the_item_is_told_for_the_situation(store: Store) -> None:
    reader = Reader(store, FOOD, ANSWERS)
    titles = [say(section.title) for section in reader.model.sections]
    assert titles[0] == "要带的材料（5 件）"
    assert set(titles[1:]) == {
        "情形",
        "谁可以办",
        "受理条件",
        "办理流程",
        "在哪办",
        "收费",
        "要填的内容",
        "常见错误",
        "办后须知",
        "办理结果",
        "设定依据",
    }
    assert reader.section("情形") == ["主体业态：食品销售", "场所来源：租赁", "冷食生食：没有"]
    assert reader.section("要带的材料")[0] == "食品经营许可申请书　原件 1 份 · 申请人签字"
    assert reader.section("在哪办")[0] == "凤桥镇便民服务中心"
    assert reader.said() == "念给申请人听，一次说清。 Ctrl+P 打印给他带走"


def test_while_a_question_is_open_all_that_may_be_asked_for_is_told(store: Store) -> None:
    reader = Reader(store, FOOD, {"place": "leased"})
    assert say(reader.model.sections[0].title) == "要带的材料（最多 8 件）"
    assert "场所来源：租赁" in reader.section("情形")
    assert any("可容缺，5 个工作日内补" in line for line in reader.section("要带的材料"))


def test_what_the_catalogue_does_not_state_has_no_lines(store: Store) -> None:
    reader = Reader(store, "流动食品摊点登记（旧）")
    assert reader.section("受理条件") == []
    assert reader.said().startswith("这个事项已取消，不再收件。")
    begin = next(act for act in reader.model.bar.acts if act.id == BriefingAct.START)
    assert (begin.is_enabled, begin.reason) == (False, "cancelled")


def test_it_goes_on_to_the_intake_with_the_answers(store: Store) -> None:
    reader = Reader(store, FOOD, {"place": "owned"})
    reader.screen.act(BriefingAct.START)
    where, draft = steps(reader.desk)[-1]
    assert where == "intake"
    clerk = IntakeClerk(store)
    clerk.screen.open(cast(CaseId, draft))
    assert clerk.form.item.name == FOOD
    assert clerk.form.situation.questions[1].chosen == "owned"


def test_briefed_from_the_form_it_goes_on_with_that_form(store: Store) -> None:
    clerk = IntakeClerk(store)
    clerk.take_food()
    clerk.screen.act(IntakeAct.BRIEF)
    reader = Reader(store, FOOD, ANSWERS)
    reader.screen.act(BriefingAct.START)
    clerk.screen.open(cast(CaseId, steps(reader.desk)[-1][1]))
    assert clerk.field("name").text == "王𬭎"
    clerk.screen.cancel()
    assert len(clerk.start.drafts) == 1


def test_back_is_back(store: Store) -> None:
    reader = Reader(store, FOOD)
    reader.screen.cancel()
    reader.screen.act(BriefingAct.BACK)
    assert steps(reader.desk) == [("back", None), ("back", None)]


def test_it_is_printed_to_take_home(store: Store, tmp_path: Path) -> None:
    with IPPPrinterProcess(tmp_path / "printer") as printer, Press() as press:
        equipment = Equipment(cast(Any, None), (("printer", IPPPrinter(printer.uri)),), print_service=NOWHERE)
        reader = Reader(store, FOOD, ANSWERS, a_counter(store, press=press, equipment=equipment))
        reader.screen.act(BriefingAct.PRINT)
        assert reader.said() == "一口清单已打印。"
        assert len(printer.printed()) == 1


def test_a_printer_that_is_not_there_is_said(store: Store, tmp_path: Path) -> None:
    with Press() as press:
        reader = Reader(store, FOOD, ANSWERS, a_counter(store, press=press))
        reader.screen.act(BriefingAct.PRINT)
    assert "连不上" in reader.said()
    assert all(act.is_enabled for act in reader.model.bar.acts)
