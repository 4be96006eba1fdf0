"""F3 at the intake: what a read card fills in, whose it is, and what is said when none was read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.cards import NAME, NUMBER, Laid, message, with_reader
from tests.support.counter import Waiting
from tests.support.desk import open_store
from tests.support.intake_clerk import ANSWERS, FIELDS, ID, IntakeClerk, a_counter, say
from yichuang_client.actions import papers
from yichuang_client.devices.card_reading import CardFault
from yichuang_client.devices.identity_card import read_card
from yichuang_client.documents.form_data import Form, ReceiptData
from yichuang_client.presenters.casework_pages import material_pages
from yichuang_client.presenters.intake_draft import read_draft
from yichuang_client.presenters.intake_fields import card_texts
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.typed_card import TypedCard
from yichuang_client.store.store import Store
from yichuang_domain.actions import PaperKind
from yichuang_domain.catalog import FieldKind, FormField
from yichuang_domain.ids import CaseId
from yichuang_domain.party import Evidence, IdSource


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def laid() -> Laid:
    return Laid()


@pytest.fixture
def clerk(store: Store, laid: Laid) -> IntakeClerk:
    return IntakeClerk(store, a_counter(store, equipment=with_reader(laid)))


def press(clerk: IntakeClerk) -> str:
    """F3; what stands beside the applicant's head then."""
    clerk.screen.act(IntakeAct.READ_CARD)
    return say(clerk.form.applicant.card_note)


def person(clerk: IntakeClerk) -> tuple[str, str]:
    return clerk.field("name").text, clerk.field("id_number").text


def test_f3_fills_in_who_applies_and_goes_on(clerk: IntakeClerk) -> None:
    clerk.choose("spjyxk")
    for question, option in ANSWERS.items():
        clerk.screen.answer(question, option)
    assert press(clerk) == "身份证读卡 10:26"
    assert person(clerk) == (NAME, NUMBER)
    assert clerk.field("id_number").masked == f"3304{'*' * 10}{NUMBER[-4:]}"
    assert clerk.view.focused[-1] == "phone"
    clerk.screen.act(IntakeAct.UNDO)
    assert person(clerk) == ("", "")
    assert clerk.form.applicant.can_read_card


def test_the_case_says_that_the_card_was_read(clerk: IntakeClerk) -> None:
    clerk.take_food(name="", id_number="")
    press(clerk)
    clerk.bring_papers()
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert case.applicant is not None
    assert case.applicant.id_source is IdSource.CARD


def test_what_is_typed_over_a_card_counts_as_typed(clerk: IntakeClerk) -> None:
    clerk.take_food(name="", id_number="")
    press(clerk)
    clerk.type("id_number", ID)
    assert say(clerk.form.applicant.card_note) == ""
    clerk.bring_papers()
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert case.applicant is not None
    assert case.applicant.id_source is IdSource.TYPED


def test_the_second_card_is_the_agents(clerk: IntakeClerk, laid: Laid) -> None:
    clerk.take_food(name="", id_number="")
    press(clerk)
    clerk.screen.toggle_agent(True)
    laid.card = message(number=ID, name="王实")
    assert press(clerk) == "身份证读卡 10:26 · 代理人读卡 10:26"
    assert (clerk.field("agent.name").text, clerk.field("agent.id_number").text) == ("王实", ID)
    assert person(clerk) == (NAME, NUMBER)
    for key, text in {"agent.phone": FIELDS["phone"], "agent.scope": "代交", "agent.until": "2026-12-01"}.items():
        clerk.type(key, text)
    clerk.bring_papers()
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert case.agent is not None
    assert case.agent.id_source is IdSource.CARD


def test_the_agents_card_is_read_while_the_agent_is_typed(clerk: IntakeClerk) -> None:
    clerk.choose("spjyxk")
    clerk.screen.toggle_agent(True)
    clerk.screen.enter("agent.name")
    assert press(clerk) == "代理人读卡 10:26"
    assert person(clerk) == ("", "")


def test_the_person_of_a_card_speaks_for_a_body(clerk: IntakeClerk) -> None:
    clerk.choose("spjyxk")
    press(clerk)
    clerk.screen.choose_kind("SOLE_TRADER")
    assert clerk.field("operator").text == NAME
    assert clerk.field("name").text == ""
    assert say(clerk.form.applicant.card_note) == "身份证读卡 10:26"
    clerk.type("name", "小满面馆")
    assert say(clerk.form.applicant.card_note) == "身份证读卡 10:26"
    clerk.type("operator", "王实")
    assert say(clerk.form.applicant.card_note) == ""


@pytest.mark.parametrize("fault", CardFault)
def test_why_no_card_was_read_is_said_and_typing_goes_on(clerk: IntakeClerk, laid: Laid, fault: CardFault) -> None:
    laid.fault = fault
    clerk.choose("spjyxk")
    said = press(clerk)
    assert len(said) > 8
    assert all(len(part) <= 30 for part in said.split("。"))
    assert clerk.view.focused[-1] == "id_number"
    clerk.type("id_number", NUMBER)
    assert clerk.field("id_number").masked is not None


def test_a_card_past_its_last_day_fills_in_nothing(clerk: IntakeClerk, laid: Laid) -> None:
    laid.card = message(until="20261101")
    clerk.choose("spjyxk")
    assert press(clerk) == "身份证过了有效期，请换有效证件"
    assert person(clerk) == ("", "")


def test_a_card_read_first_waits_for_the_item(clerk: IntakeClerk) -> None:
    assert say(clerk.start.card_hint) == "先读身份证也行，选好事项会填上"
    clerk.screen.act(IntakeAct.READ_CARD)
    assert say(clerk.start.card_hint) == f"已读 {NAME[0]}* 的身份证，选好事项就填上"
    clerk.choose("spjyxk")
    assert person(clerk) == (NAME, NUMBER)
    clerk.screen.cancel()
    clerk.choose("gtgshdj")
    assert person(clerk) == ("", "")


def test_esc_on_the_start_page_forgets_the_card(clerk: IntakeClerk) -> None:
    clerk.screen.act(IntakeAct.READ_CARD)
    clerk.screen.cancel()
    clerk.choose("spjyxk")
    assert person(clerk) == ("", "")


@pytest.fixture
def slow(store: Store, laid: Laid) -> tuple[IntakeClerk, Waiting]:
    machines = Waiting()
    return IntakeClerk(store, a_counter(store, equipment=with_reader(laid), machines=machines)), machines


def test_esc_stops_a_reading_and_nothing_else(slow: tuple[IntakeClerk, Waiting]) -> None:
    clerk, machines = slow
    clerk.choose("spjyxk")
    assert press(clerk) == "正在打开读卡器 · Esc 不读了，手输"
    clerk.screen.cancel()
    assert say(clerk.form.applicant.card_note) == "没有读卡，再按 F3 或手输"
    machines.go()
    assert person(clerk) == ("", "")


def leave(clerk: IntakeClerk) -> None:
    """Esc twice: the reading, then the form; and the next citizen's item."""
    clerk.screen.cancel()
    clerk.screen.cancel()
    clerk.choose("spjyxk")


def other_item(clerk: IntakeClerk) -> None:
    """Another item meanwhile."""
    clerk.screen.search("个体工商户登记")
    clerk.screen.choose_hit(clerk.form.search.hits[0].code)


@pytest.mark.parametrize("meanwhile", [leave, other_item])
def test_a_card_never_comes_into_another_form(
    slow: tuple[IntakeClerk, Waiting], meanwhile: Callable[[IntakeClerk], None]
) -> None:
    clerk, machines = slow
    clerk.choose("spjyxk")
    press(clerk)
    meanwhile(clerk)
    machines.go()
    assert person(clerk) == ("", "")
    assert "Esc" not in say(clerk.form.applicant.card_note)


def test_who_typed_on_meanwhile_keeps_the_focus(slow: tuple[IntakeClerk, Waiting]) -> None:
    clerk, machines = slow
    clerk.choose("spjyxk")
    press(clerk)
    clerk.type("form.staff", "3")
    clerk.screen.enter("form.staff")
    before = list(clerk.view.focused)
    machines.go()
    assert person(clerk) == (NAME, NUMBER)
    assert clerk.view.focused == before


def test_no_trace_names_a_person(clerk: IntakeClerk, capfd: pytest.CaptureFixture[str]) -> None:
    clerk.choose("spjyxk")
    press(clerk)
    said = capfd.readouterr()
    assert NAME not in said.out + said.err
    assert NUMBER not in said.out + said.err


def test_a_draft_of_before_has_no_card(clerk: IntakeClerk) -> None:
    clerk.choose("spjyxk")
    press(clerk)
    draft = clerk.screen._form.draft
    kept = json.loads(json.dumps(draft.body()))
    assert read_draft(draft.case, kept).cards == draft.cards
    del kept["cards"]
    assert read_draft(CaseId(draft.case), kept).cards == {}


def test_what_an_items_form_asks_of_a_card(clerk: IntakeClerk) -> None:
    clerk.choose("spjyxk")
    hand = clerk.screen._form.hand
    assert hand is not None
    kinds = {"card_sex": FieldKind.CHOICE, "card_born_on": FieldKind.DATE, "card_address": FieldKind.TEXT}
    fields = tuple(
        FormField(key=key, label=key, kind=kind, choices=("男", "女") if kind is FieldKind.CHOICE else ())
        for key, kind in kinds.items()
    )
    item = replace(hand.item, fields=fields)
    assert card_texts(item, read_card(message(), hand.today)) == {
        "form.card_sex": "男",
        "form.card_born_on": "1980-01-01",
        "form.card_address": "凤桥镇禾清路 1 号",
    }


def test_a_card_that_a_reader_types_counts_as_typed(clerk: IntakeClerk) -> None:
    clerk.take_food(name="", id_number="")
    clerk.screen.typed_card(TypedCard(number=NUMBER, name=NAME))
    assert person(clerk) == (NAME, NUMBER)
    assert say(clerk.form.applicant.card_note) == ""
    clerk.screen.toggle_agent(True)
    clerk.screen.typed_card(TypedCard(number=ID))
    assert clerk.field("agent.id_number").text == ID
    clerk.screen.act(IntakeAct.UNDO)
    assert clerk.field("agent.id_number").text == ""


CARD_ITEM = "社会保障卡补领"


def test_where_the_card_alone_is_enough_the_screen_says_so_and_asks_for_no_paper(clerk: IntakeClerk) -> None:
    clerk.choose(CARD_ITEM)
    assert clerk.banner() == ""  # an agent may still come into it
    clerk.screen.answer("agent", "self")
    assert clerk.banner() == "一证通办：有身份证就能办 | 按 F3 读卡，不收纸质材料"
    assert clerk.state("identity") == "未交 | F3 读卡即可，不收复印件"
    press(clerk)
    assert clerk.state("identity") == "身份证已读 | 读卡 10:26，不收纸质材料"
    assert clerk.banner() == "一证通办：身份证已读，材料齐了 | 不收纸质材料"
    clerk.screen.answer("agent", "agent")
    assert clerk.state("agent_identity").startswith("未交")
    clerk.screen.toggle_agent(True)
    press(clerk)
    assert clerk.state("agent_identity").startswith("身份证已读")


def test_a_card_that_was_read_is_handed_in_as_itself_and_carries_the_acceptance(clerk: IntakeClerk) -> None:
    clerk.choose(CARD_ITEM)
    clerk.screen.answer("agent", "self")
    press(clerk)
    clerk.type("phone", FIELDS["phone"])
    clerk.screen.act(IntakeAct.RECEIVE)
    (case,) = clerk.cases()
    assert [(came.material, came.evidence, came.pages) for came in case.materials] == [
        ("identity", Evidence.CARD_READ, 0)
    ]
    work = clerk.desk.work()
    (row,) = material_pages(work, case)
    assert say(row.state.text) == "身份证已读"
    said = papers.facts(work, case, PaperKind.RECEIPT)
    assert isinstance(said, ReceiptData)
    assert [(one.form, one.copies, one.pages) for one in said.materials] == [(Form.CARD_READ, None, None)]


def test_what_is_typed_over_a_card_takes_the_material_back(clerk: IntakeClerk) -> None:
    clerk.choose(CARD_ITEM)
    clerk.screen.answer("agent", "self")
    press(clerk)
    clerk.type("id_number", ID)
    assert clerk.state("identity").startswith("未交")
    clerk.screen.material_states("identity")
    assert clerk.state("identity").startswith("原件已核") and clerk.banner() == ""
