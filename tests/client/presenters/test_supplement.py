"""The supplement entry: what was told, what is here, what is taken in and printed; on the real store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2

from tests.support.counter import WORDS, Shown, a_desk, a_page, an_intake, at_counter, steps, whole, with_printer
from tests.support.printer import Sheets
from yichuang_client.actions import deciding, receiving
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.common import ActKind, Text, Tone
from yichuang_client.presenters.models.queues import SupplementAct, SupplementModel
from yichuang_client.presenters.supplement import SupplementPresenter
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_domain.case import Case, State
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Evidence

FOOD = "食品经营许可（新办）"


class Screen:
    """The entry of one case, with a printer beside it."""

    def __init__(self, store: Store, case: CaseId, **options: Any) -> None:
        self.view, self.sheets, self.store = Shown(), Sheets(), store
        self.desk = a_desk(store, equipment=with_printer(self.sheets), **options)
        self.presenter = SupplementPresenter(self.view, self.desk)
        self.presenter.open(case)

    @property
    def model(self) -> SupplementModel:
        """What is shown."""
        model: SupplementModel = self.view.last
        return model

    @property
    def says(self) -> str:
        """The action bar's sentence."""
        line = self.model.bar.sentence
        return " ".join(said(part) for part in (line.lead, line.subject, line.hint) if part != "")

    @property
    def acts(self) -> list[str]:
        """The acts that can be pressed."""
        return [act.id for act in self.model.bar.acts if act.is_enabled]

    def tray(self) -> Tray:
        """Press F5 and look at what the scanner was given."""
        self.presenter.act(SupplementAct.SCAN)
        name, tray = steps(self.desk)[-1]
        assert name == "scan" and isinstance(tray, Tray)
        return tray


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


def told(store: Store, *points: str) -> Case:
    """A case whose applicant was told to supplement these; its form has one page."""
    work = at_counter(store)
    case = receiving.new_case()
    intake = an_intake(work, FOOD, ("application", "licence", "place_leased", "health"))
    intake = replace(intake, case=case, pages=(a_page(work, case, "licence", 1),))
    received = receiving.receive(work, intake)
    lacks = [deciding.Point(material=key, reason="没有标出操作间", remedy="补一张") for key in points]
    return deciding.tell_supplement(work, received, lacks)


def test_the_points_stand_as_they_were_told(store: Store) -> None:
    screen = Screen(store, told(store, "layout", "rules").case)
    assert [(row.name, said(row.reason)) for row in screen.model.rows] == [
        ("平面图和设备布局", "没有标出操作间。补一张"),
        ("食品安全管理制度", "没有标出操作间。补一张"),
    ]
    assert said(screen.model.told) == "11-24 10:26 告知，共 2 项"
    assert screen.model.until is not None
    assert said(screen.model.until.text) == "剩 15 日，12-15 前"
    assert [row.state.tone for row in screen.model.rows] == [Tone.DANGER, Tone.DANGER]
    assert screen.says.startswith("还差 2 件： 平面图和设备布局")
    assert screen.acts == [SupplementAct.SCAN, SupplementAct.BACK]
    assert [field.masked for field in screen.model.person] == ["顾*", "138****5521"]


def test_scanned_pages_and_a_seen_original_are_taken_in_and_a_receipt_prints(store: Store, press: Press) -> None:
    case = told(store, "layout", "rules")
    screen = Screen(store, case.case, press=press)
    tray = screen.tray()
    assert tray.materials == (("layout", "平面图和设备布局"), ("rules", "食品安全管理制度"))
    assert tray.target == "layout"
    tray.changed((a_page(at_counter(store), case.case, "layout", 1),))
    assert said(screen.model.rows[0].state.text) == "已扫描 1 页"
    assert len(screen.model.rows[0].thumbnails) == 1
    assert screen.model.rows[1].is_selected
    screen.presenter.choose("rules", "seen")
    assert screen.says == "2 件都带来了。 F8 收下，打印回执"
    assert [act.id for act in screen.model.bar.acts if act.kind is ActKind.PRIMARY] == [SupplementAct.BRING]
    screen.presenter.act(SupplementAct.BRING)
    now = store.view(case.case)
    assert now.state is State.RECEIVED
    assert now.supplement is not None and now.supplement.all_in_on is not None
    assert [(m.material, m.evidence, m.pages) for m in now.materials if m.material in ("layout", "rules")] == [
        ("layout", Evidence.SCANNED, 1),
        ("rules", Evidence.ORIGINAL_CHECKED, 0),
    ]
    text = words_of(screen.sheets.papers[0])
    assert "补正" in text and "顾小燕" in text
    assert screen.says == "全部补齐。 Enter 打开办件，签收后受理"
    screen.presenter.act(SupplementAct.CASE)
    assert steps(screen.desk)[-1] == ("case", case.case)
    screen.presenter.act(SupplementAct.PRINT)
    assert len(screen.sheets.papers) == 2


def words_of(pdf: bytes) -> str:
    """The words on a paper."""
    return "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def test_what_is_here_can_be_taken_in_before_the_rest(store: Store, press: Press) -> None:
    case = told(store, "layout", "rules")
    screen = Screen(store, case.case, press=press)
    screen.presenter.choose("rules", "seen")
    assert SupplementAct.BRING in screen.acts
    screen.presenter.act(SupplementAct.BRING)
    now = store.view(case.case)
    assert now.state is State.SUPPLEMENT_ASKED
    assert now.supplement is not None and now.supplement.outstanding == ("layout",)
    assert said(screen.model.rows[1].state.text) == "已收"
    assert screen.model.rows[1].states == ()
    assert "平面图和设备布局" in words_of(screen.sheets.papers[0])


def test_what_must_be_scanned_is_not_here_before_its_page_is(store: Store) -> None:
    screen = Screen(store, told(store, "layout").case)
    screen.presenter.choose("layout", "seen")
    assert said(screen.model.rows[0].state.text) == "还要扫描"
    assert SupplementAct.BRING not in screen.acts
    screen.presenter.choose("layout", "scanned")
    assert steps(screen.desk)[-1][0] == "scan"


def test_new_pages_stand_behind_the_old_ones(store: Store, press: Press) -> None:
    case = told(store, "licence")
    screen = Screen(store, case.case, press=press)
    page = a_page(at_counter(store), case.case, "licence", 2)
    screen.tray().changed((replace(page, ordinal=1),))
    screen.presenter.act(SupplementAct.BRING)
    assert [p.ordinal for p in store.view(case.case).pages if p.material == "licence"] == [1, 2]


def test_what_was_scanned_and_chosen_survives_a_crash(store: Store, press: Press) -> None:
    case = told(store, "layout", "rules")
    before = Screen(store, case.case)
    before.tray().changed((a_page(at_counter(store), case.case, "layout", 1),))
    before.presenter.choose("rules", "seen")
    before.presenter.type_in("name", "钱大方")
    again = Screen(store, case.case, press=press)
    assert [said(row.state.text) for row in again.model.rows] == ["已扫描 1 页", "原件已核"]
    assert again.model.person[0].text == "钱大方"
    again.presenter.act(SupplementAct.BRING)
    assert store.drafts.find(case.case, DraftKind.BROUGHT) is None
    assert "钱大方" in words_of(again.sheets.papers[0])


def test_deferred_materials_come_in_the_same_way(store: Store, press: Press) -> None:
    work = at_counter(store)
    case = receiving.receive(work, an_intake(work, FOOD, ("application", "licence", "layout", "rules", "place_leased")))
    deferring = deciding.accept(work, case, ("health",))
    screen = Screen(store, deferring.case, press=press)
    assert said(screen.model.rows[0].reason) == "容缺，12-01 前补交"
    screen.tray().changed((a_page(work, case.case, "health", 1),))
    screen.presenter.act(SupplementAct.BRING)
    assert store.view(case.case).deferrals == ()
    assert "容缺" in words_of(screen.sheets.papers[0])
    assert screen.says.strip() == "已收下。" and screen.model.banner is None


def test_a_printer_that_is_away_loses_nothing(store: Store, press: Press) -> None:
    case = told(store, "rules")
    screen = Screen(store, case.case, press=press)
    screen.sheets.is_away = True
    screen.presenter.choose("rules", "seen")
    screen.presenter.act(SupplementAct.BRING)
    assert screen.says == "接收回执没打出来。 连不上打印机。件已存，看看电源和线，再按 Ctrl+P。"
    assert store.view(case.case).state is State.RECEIVED
    screen.sheets.is_away = False
    screen.presenter.act(SupplementAct.PRINT)
    assert len(screen.sheets.papers) == 1


def test_a_case_that_waits_for_nothing_says_so(store: Store) -> None:
    work = at_counter(store)
    screen = Screen(store, receiving.receive(work, whole(work, FOOD)).case)
    assert screen.model.banner is not None
    assert said(screen.model.banner.text) == "这件没有要补的。"
    screen.presenter.cancel()
    assert steps(screen.desk) == [("back", None)]
