"""收件、受理、补正告知、不予受理: which deeds are done, which papers come out, what the next citizen's page says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from tests.support.counter import Waiting
from tests.support.desk import TUESDAY, open_store
from tests.support.intake_clerk import FIELDS, NOWHERE, IntakeClerk, a_counter, say
from tests.support.ipp_printer import IPPPrinterProcess
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.exchange_values import Changed
from yichuang_client.store.store import Store
from yichuang_client.sync.status import CasesChanged
from yichuang_domain.actions import DeclineGround
from yichuang_domain.case import State
from yichuang_domain.party import ApplicantKind, Evidence


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path / "printer") as running:
        yield running


@pytest.fixture
def clerk(store: Store) -> IntakeClerk:
    return IntakeClerk(store)


@pytest.fixture
def printing(store: Store, press: Press, printer: IPPPrinterProcess) -> IntakeClerk:
    """A clerk at a desk with a printer."""
    found = (("printer", IPPPrinter(printer.uri)),)
    equipment = Equipment(cast(Any, None), found, print_service=NOWHERE)
    return IntakeClerk(store, a_counter(store, press=press, equipment=equipment))


def texts(printer: IPPPrinterProcess) -> list[str]:
    """What stands on the papers that came out, without blanks."""
    found = []
    for paper in printer.printed():
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)]
        found.append("".join("".join(pages).split()))
    return found


# ---- 收件 ----------------------------------------------------------------------------------------------------


def test_papers_are_taken_in_with_all_that_was_typed(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food(phone="138 0000 5521")
    clerk.scan("layout")
    clerk.screen.material_states("application")
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert case.state is State.RECEIVED
    assert case.applicant.name.value == FIELDS["name"]
    assert case.applicant.phone.value == "13800005521"
    assert {f.key: f.value.value for f in case.fields}["area"] == "86"
    came = {m.material: (m.evidence, m.pages) for m in case.materials}
    assert came["application"] == (Evidence.ORIGINAL_CHECKED, 1)
    assert came["licence"] == (Evidence.SCANNED, 1)
    assert "layout" not in came
    assert [(page.material, page.ordinal) for page in case.pages] == [
        ("application", 1),
        ("licence", 1),
        ("place_leased", 1),
    ]
    assert store.drafts.list(DraftKind.INTAKE) == ()


def test_the_next_citizen_can_begin_at_once(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert clerk.start.search.query == ""
    assert clerk.view.focused[-1] == "search"
    assert clerk.banner().startswith(f"已收件 {case.number} | 接收回执没打出来。")
    assert "在办件里按 Ctrl+P 再打" in clerk.banner()
    clerk.screen.cancel()
    assert clerk.model.banner is None


def test_a_second_press_while_it_is_saved_does_nothing(store: Store) -> None:
    waiting = Waiting()
    clerk = IntakeClerk(store, a_counter(store, background=waiting))
    waiting.go()
    clerk.screen.search("spjyxk")
    waiting.go()
    clerk.screen.choose_hit(clerk.start.search.hits[0].code)
    waiting.go()
    for question, option in (("business", "retail"), ("place", "leased"), ("raw", "no")):
        clerk.screen.answer(question, option)
    for key, text in FIELDS.items():
        clerk.type(key, text)
    clerk.screen.act(IntakeAct.RECEIVE)
    clerk.screen.act(IntakeAct.RECEIVE)
    assert clerk.said() == "正在存本机…"
    assert not any(act.is_enabled for act in clerk.model.bar.acts)
    clerk.type("name", "别的名字")
    waiting.go()
    (case,) = clerk.cases()
    assert case.applicant.name.value == FIELDS["name"]


def test_what_is_no_longer_asked_for_is_neither_filed_nor_kept(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.scan()
    clerk.screen.answer("place", "owned")
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert {page.material for page in case.pages} == {"application", "licence", "layout"}
    assert {stored.name.hash for stored in store.pages.of(case.case)} == {page.page for page in case.pages}


def test_an_agent_and_a_body_come_into_the_case(clerk: IntakeClerk) -> None:
    clerk.take_food(name="南湖小面馆")
    clerk.screen.choose_kind("SOLE_TRADER")
    clerk.type("credit_code", "92330402MA2BXY47K7")
    clerk.type("operator", "王满")
    clerk.screen.toggle_agent(True)
    agent = {"name": "赵平", "phone": "13900001234", "id_number": "11010519491231002X", "scope": "代办许可"}
    for key, text in {**agent, "until": "20261231"}.items():
        clerk.type(f"agent.{key}", text)
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert case.applicant.kind is ApplicantKind.SOLE_TRADER
    assert case.applicant.operator is not None
    assert case.applicant.operator.value == "王满"
    assert case.agent is not None
    assert (case.agent.name.value, case.agent.until.isoformat()) == ("赵平", "2026-12-31")


def test_the_banner_says_when_the_district_has_it(printing: IntakeClerk, store: Store) -> None:
    printing.take_food()
    printing.screen.act(IntakeAct.RECEIVE)
    (case,) = printing.cases()
    assert printing.banner() == f"已收件 {case.number} | 已存本机，正送区里 · 打出文书 2 份"
    row = store.rows.find(case.case)
    assert row is not None
    store.rows.keep(replace(row, unsent=0))  # as the district's answer does
    printing.screen.told([CasesChanged(changed=Changed(cases=frozenset({case.case})))])
    assert printing.banner() == f"已收件 {case.number} | 已到区里 · 打出文书 2 份"
    printing.choose("lnyd")
    assert printing.model.banner is None


def test_without_a_line_the_papers_are_taken_in_all_the_same(store: Store) -> None:
    clerk = IntakeClerk(store, a_counter(store, on_line=lambda: False))
    clerk.take_food()
    clerk.screen.act(IntakeAct.RECEIVE)
    assert clerk.cases()[0].state is State.RECEIVED
    assert store.waiting().deeds == 1


# ---- 受理 ----------------------------------------------------------------------------------------------------


def test_all_there_is_received_and_accepted_in_one_deed_and_printed(
    printing: IntakeClerk, printer: IPPPrinterProcess, store: Store
) -> None:
    printing.take_food()
    printing.bring_papers()
    assert printing.said() == "可以受理。 按 F9 受理"
    printing.screen.act(IntakeAct.ACCEPT)
    assert say(printing.strip.lines[0]) == "王* 最晚 2026-12-01 周二 得到结果。受理后不能再要求补正。"
    printing.screen.confirm(IntakeAct.ACCEPT)
    (case,) = printing.cases()
    assert case.state is State.ACCEPTED
    deeds = [row.deed for row in store.outbox.list()]
    assert sum(len(deed.acts) == 6 for deed in deeds) == 1
    assert printing.banner() == f"已受理 {case.number} | 已存本机，正送区里 · 打出文书 3 份"
    assert ["受理通知书" in text for text in texts(printer)] == [False, False, True]


def test_a_deferred_material_is_promised_with_the_acceptance(printing: IntakeClerk) -> None:
    printing.take_food()
    printing.screen.answer("business", "catering")
    printing.bring_papers()
    printing.screen.select_material("health")
    printing.screen.act(IntakeAct.DEFER)
    assert printing.said() == "可以受理。 容缺 1 件，按期补交；F9 受理"
    printing.screen.act(IntakeAct.ACCEPT)
    assert say(printing.strip.lines[1]) == "容缺 1 件，2026-12-01 前补交。"
    printing.screen.confirm(IntakeAct.ACCEPT)
    (case,) = printing.cases()
    assert [deferral.material for deferral in case.deferrals] == ["health"]
    assert printing.banner().endswith("打出文书 3 份")


def test_what_the_section_accepts_is_only_taken_in_here(clerk: IntakeClerk) -> None:
    clerk.choose("公共场所卫生许可")
    assert clerk.act(IntakeAct.ACCEPT).reason == "question"
    clerk.screen.answer("kind", "hair")
    clerk.screen.answer("air", "no")
    for key, text in {**FIELDS, "form.address": "桃园路", "form.area": "60"}.items():
        clerk.screen.type_in(key, text)
    assert clerk.act(IntakeAct.TELL_SUPPLEMENT).reason == "section_accepts"
    assert clerk.act(IntakeAct.DECLINE).reason == "section_accepts"
    assert clerk.act(IntakeAct.RECEIVE).is_enabled


def test_without_a_line_the_item_says_whether_it_can_be_accepted(store: Store) -> None:
    clerk = IntakeClerk(store, a_counter(store, on_line=lambda: False))
    clerk.take_food()
    clerk.bring_papers()
    assert clerk.act(IntakeAct.ACCEPT).is_enabled
    clerk.screen.cancel()
    clerk.choose("社会保障卡补领")
    clerk.screen.answer("agent", "self")
    for key in ("name", "id_number", "phone"):
        clerk.type(key, FIELDS[key])
    clerk.screen.act(IntakeAct.SEE_ALL_ORIGINALS)
    assert clerk.act(IntakeAct.ACCEPT).reason == "line"
    assert clerk.said() == "可以收件。 受理要联网；可先 F8 收件"


def test_the_strip_closes_without_a_deed(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.bring_papers()
    clerk.screen.act(IntakeAct.ACCEPT)
    clerk.screen.cancel()
    clerk.screen.confirm(IntakeAct.ACCEPT)
    assert clerk.cases() == []
    assert clerk.form.item.name


def test_a_refused_item_loses_nothing(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    with store._database.write() as connection:
        connection.execute("INSERT INTO item_cancelled VALUES (?, ?)", (item.code, "2026-11-01"))
    clerk.screen.act(IntakeAct.RECEIVE)
    assert clerk.banner().startswith("这个事项已取消，没有收件。填的都在。")
    assert clerk.field("name").text == FIELDS["name"]
    assert clerk.cases() == []
    assert clerk.act(IntakeAct.CHECK).is_enabled


# ---- 补正告知, 不予受理 ---------------------------------------------------------------------------------------


def test_a_supplement_names_all_that_is_missing_once(printing: IntakeClerk, printer: IPPPrinterProcess) -> None:
    printing.take_food()
    printing.bring_papers("layout", "place_leased")
    printing.screen.act(IntakeAct.TELL_SUPPLEMENT)
    strip = printing.strip
    assert say(strip.lines[0]) == "③ 平面图和设备布局　⑤ 场所使用证明"
    assert not strip.can_confirm
    assert [say(field.suggested) for field in strip.fields] == [
        "没有提交",
        "带复印件 1 份来",
        "没有提交",
        "带原件来核对，留复印件 1 份",
    ]
    for field in strip.fields:  # as the screen types the suggestions
        printing.screen.type_in(field.key, say(field.suggested))
    assert printing.strip.can_confirm
    printing.screen.confirm(IntakeAct.TELL_SUPPLEMENT)
    (case,) = printing.cases()
    assert case.state is State.SUPPLEMENT_ASKED
    assert case.supplement is not None
    assert [point.material for point in case.supplement.points] == ["layout", "place_leased"]
    assert printing.banner().startswith(f"已收件并告知补正 {case.number}")
    receipt, notice = texts(printer)
    assert "接收回执" in receipt
    assert "带复印件1份来" in notice


def test_a_supplement_also_names_what_had_been_deferred(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.screen.answer("business", "catering")
    clerk.bring_papers("layout", "health")
    clerk.screen.select_material("health")
    clerk.screen.act(IntakeAct.DEFER)
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    for field in clerk.strip.fields:
        clerk.screen.type_in(field.key, "x")
    clerk.screen.confirm(IntakeAct.TELL_SUPPLEMENT)
    (case,) = clerk.cases()
    assert case.supplement is not None
    assert case.supplement.outstanding == ("layout", "health")
    assert "health" not in [came.material for came in case.materials]


def test_there_is_nothing_to_tell_when_all_is_there(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.bring_papers()
    assert clerk.act(IntakeAct.TELL_SUPPLEMENT).reason == "nothing_to_tell"


def test_a_non_acceptance_needs_its_ground_its_reason_and_the_right_office(
    printing: IntakeClerk, printer: IPPPrinterProcess
) -> None:
    printing.take_food()
    printing.screen.act(IntakeAct.DECLINE)
    assert [field.key for field in printing.strip.fields] == ["ground", "reason"]
    printing.screen.type_in("reason", "这件事由区水利局办理")
    assert not printing.strip.can_confirm
    printing.screen.type_in("ground", DeclineGround.WRONG_OFFICE.name)
    assert [field.key for field in printing.strip.fields] == ["ground", "office", "reason"]
    assert not printing.strip.can_confirm
    printing.screen.type_in("office", "区水利局窗口，南湖路 3 号")
    printing.screen.confirm(IntakeAct.DECLINE)
    (case,) = printing.cases()
    assert case.state is State.DECLINED
    assert printing.banner().startswith(f"已不予受理 {case.number}")
    (notice,) = texts(printer)
    assert "区水利局窗口" in notice
