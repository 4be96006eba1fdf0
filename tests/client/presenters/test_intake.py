"""受理起点: finding an item, what is refused before anything is typed, drafts, and the way back to the search."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.support.counter import Waiting, steps
from tests.support.desk import TUESDAY, open_store
from tests.support.intake_clerk import FOOD, ID, IntakeClerk, a_counter, say
from yichuang import codec
from yichuang_client.presenters.intake_start import is_worth_noting, name_parts
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_client.sync.status import CatalogueArrived
from yichuang_domain.catalog import ItemVersion


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store) -> IntakeClerk:
    return IntakeClerk(store)


def publish(store: Store, *changed: ItemVersion) -> None:
    """A new version of the catalogue with these items, and what was current before."""
    now = {item.code: item for item in changed}
    every = {
        hit.code: hit for word in "abcdefghijklmnopqrstuvwxyz" for hit in store.search.search(word, TUESDAY.date())
    }
    items = {code: store.catalogue.current(code) for code in every} | now
    lines = [f"{code} {items[code].version} {codec.digest(codec.encode(items[code]).text)}" for code in sorted(items)]
    head = CatalogueHead(version=store.catalogue.version + 1, hash=codec.digest("\n".join(lines).encode()))
    store.catalogue.take_in([codec.encode(item).text for item in changed], head)


# ---- the search ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["spjyxk", "食品经营", "11330402MB0A2710674000131010001"])
def test_initials_characters_and_codes_find_the_item(clerk: IntakeClerk, query: str) -> None:
    clerk.screen.search(query)
    hits = ["".join(text for text, _ in hit.name_parts) for hit in clerk.start.search.hits]
    assert hits[0] == FOOD
    assert clerk.start.search.hits[0].is_selected


def test_an_old_name_is_answered_with_the_name_now(clerk: IntakeClerk, store: Store) -> None:
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    old = item.former_names[0]
    clerk.screen.search(old)
    hit = clerk.start.search.hits[0]
    assert hit.code == item.code
    assert say(hit.reason).startswith(f"现名；原名 {old}")


def test_what_matched_is_marked() -> None:
    assert name_parts(FOOD, "spjy") == (("食品经营", True), ("许可（新办）", False))
    assert name_parts(FOOD, "经营") == (("食品", False), ("经营", True), ("许可（新办）", False))
    assert name_parts(FOOD, "zzz") == ((FOOD, False),)
    assert name_parts("朝阳夜市", "cyys") == (("朝阳夜市", True),)


def test_arrows_move_within_the_hits(clerk: IntakeClerk) -> None:
    clerk.screen.search("spjyxk")
    for step, at in ((-1, 0), (1, 1), (1, 2), (1, 2), (-1, 1)):
        clerk.screen.move_hit(step)
        assert [hit.is_selected for hit in clerk.start.search.hits].index(True) == at


def test_a_choice_before_the_answer_means_the_rank_that_was_pressed(store: Store) -> None:
    waiting = Waiting()
    clerk = IntakeClerk(store, a_counter(store, background=waiting))
    waiting.go()
    clerk.screen.search("lnyd")
    waiting.go()
    stale = clerk.start.search.hits[0].code
    clerk.screen.search("spjyxk")
    clerk.screen.choose_hit(stale)
    waiting.go()
    assert clerk.form.item.name == FOOD


def test_an_answer_to_an_older_query_is_dropped(store: Store) -> None:
    waiting = Waiting()
    clerk = IntakeClerk(store, a_counter(store, background=waiting))
    clerk.screen.search("lnyd")
    clerk.screen.search("spjyxk")
    waiting.go()
    assert clerk.start.search.query == "spjyxk"
    assert len(clerk.start.search.hits) == 3


def test_a_search_that_led_nowhere_is_noted_once_for_the_keeper(clerk: IntakeClerk, store: Store) -> None:
    clerk.screen.search("没有这个事项")
    assert clerk.said().startswith("没找到这个事项。")
    clerk.screen.choose_hit("")
    clerk.screen.search("")
    clerk.screen.search(ID)
    clerk.screen.cancel()
    for query in ("l", "ln", "lnydz", "ln", ""):
        clerk.screen.search(query)
    assert dict(store.search.misses(TUESDAY.date())) == {"没有这个事项": 1, "lnydz": 1}


def test_numbers_of_people_are_never_noted() -> None:
    assert not is_worth_noting(ID)
    assert not is_worth_noting("13800005521")
    assert not is_worth_noting("a")
    assert is_worth_noting("失业")


def test_without_a_catalogue_the_page_says_what_to_do(tmp_path: Path) -> None:
    store = open_store(tmp_path / "bare", items=())
    clerk = IntakeClerk(store)
    assert clerk.said() == "本机没有事项目录，先连一次网。"
    assert all(not act.is_enabled for act in clerk.model.bar.acts)
    store.close()


def test_what_is_often_done_here_can_be_chosen(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.screen.act(IntakeAct.RECEIVE)
    often = clerk.start.frequent[0]
    assert (often.name, say(often.detail)) == (FOOD, "承诺 5 个工作日 · 1 件")
    clerk.screen.choose_hit(often.code)
    assert clerk.form.item.name == FOOD


# ---- refused before the fact ---------------------------------------------------------------------------------


def test_a_cancelled_item_is_refused_at_once_and_can_be_briefed(clerk: IntakeClerk) -> None:
    clerk.choose("流动食品摊点登记")
    assert clerk.banner() == "这个事项已取消，不再收件。 | F7 可以看一口清"
    assert say(clerk.start.search.hits[0].reason) == "2026-07-01 起不再收件"
    clerk.screen.act(IntakeAct.BRIEF)
    assert steps(clerk.desk)[-1][0] == "briefing"


def test_an_item_without_a_section_is_refused_at_once(clerk: IntakeClerk, store: Store) -> None:
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    publish(store, replace(item, version=2, section=None))
    clerk.choose("spjyxk")
    assert clerk.banner().startswith("这个事项还没配审批科室，不能收件。")


# ---- drafts --------------------------------------------------------------------------------------------------


def test_an_item_that_was_only_looked_at_leaves_no_draft(clerk: IntakeClerk, store: Store) -> None:
    clerk.choose("spjyxk")
    clerk.screen.cancel()
    assert store.drafts.list(DraftKind.INTAKE) == ()
    assert clerk.view.focused[-1] == "search"


def test_leaving_the_form_keeps_the_draft_and_lists_it_masked(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.screen.cancel()
    (line,) = clerk.start.drafts
    assert say(line.title) == f"{FOOD} · 王*"
    assert line.chip is not None
    assert say(line.chip.text) == "还缺 5 项"
    assert say(line.at) == "今天 10:26"


def test_a_draft_comes_back_with_item_field_and_text_after_a_crash(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.scan()
    clerk.screen.enter("form.area")
    before = clerk.form
    again = IntakeClerk(store)  # what the next start of the program finds
    again.screen.open_draft(again.start.drafts[0].draft)
    assert again.form.applicant.fields == before.applicant.fields
    assert again.form.materials == before.materials
    assert again.form.situation == before.situation
    assert again.view.focused[-1] == "form.area"


def test_a_draft_can_be_opened_from_elsewhere_while_another_is_in_hand(clerk: IntakeClerk) -> None:
    clerk.take_food()
    clerk.screen.cancel()
    first = clerk.start.drafts[0].draft
    clerk.choose("lnyd")
    clerk.type("name", "李明")
    clerk.screen.open(first)  # type: ignore[arg-type]
    assert clerk.form.item.name == FOOD
    clerk.screen.cancel()
    assert len(clerk.start.drafts) == 2


def test_pages_that_no_draft_names_come_back_unsorted(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    tray = clerk.tray()
    store.pages.keep(tray.case, jpeg())
    again = IntakeClerk(store)
    again.screen.open_draft(tray.case)
    assert again.banner().startswith("找回 1 页")
    assert again.said().startswith("还缺 6 项： 1 页没归类")
    assert not again.act(IntakeAct.RECEIVE).is_enabled
    assert again.act(IntakeAct.RECEIVE).reason == "pages"


def test_a_page_that_was_thrown_away_does_not_come_back(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.scan()
    tray = clerk.tray()
    tray.changed(tray.pages[1:])
    again = IntakeClerk(store)
    again.screen.open_draft(tray.case)
    assert again.model.banner is None
    assert again.state("application").startswith("未交")


def test_a_draft_moves_to_the_new_version_and_says_what_is_asked_for_now(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.screen.cancel()
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    new = replace(item.materials[0], key="promise", name="食品安全承诺书")
    publish(store, replace(item, version=2, materials=(*item.materials, new)))
    clerk.screen.open_draft(clerk.start.drafts[0].draft)
    assert clerk.banner() == "目录已换到第 2 版，填的都在 | 新要：食品安全承诺书"
    assert clerk.field("name").text == "王𬭎"
    assert clerk.state("promise").startswith("未交")


def test_a_draft_of_an_item_that_was_cancelled_meanwhile_cannot_be_handed_in(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.screen.cancel()
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    publish(store, replace(item, version=2, plan_cancel_on=TUESDAY.date() - timedelta(days=1)))
    clerk.screen.open_draft(clerk.start.drafts[0].draft)
    assert clerk.said().startswith("这个事项已取消，不再收件。")
    assert clerk.act(IntakeAct.RECEIVE).reason == "cancelled"
    assert clerk.field("name").text == "王𬭎"


def test_an_intake_in_hand_moves_with_the_catalogue(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    item = store.catalogue.current(store.search.search("spjyxk", TUESDAY.date())[0].code)
    publish(store, replace(item, version=2, promised_limit=None))
    clerk.screen.told([CatalogueArrived(version=2)])
    assert clerk.banner() == "目录已换到第 2 版，填的都在 | 应交材料没有增加"
    assert say(clerk.form.item.facts[0].value) == "目录未载"
    publish(store, replace(item, version=3, plan_cancel_on=TUESDAY.date()))
    clerk.screen.told([CatalogueArrived(version=3)])
    assert clerk.act(IntakeAct.RECEIVE).reason == "cancelled"
    assert clerk.field("name").text == "王𬭎"
    (saved,) = store.drafts.list(DraftKind.INTAKE)
    assert saved.body["version"] == 3


def test_a_draft_is_thrown_away_with_its_pages_after_it_was_asked(clerk: IntakeClerk, store: Store) -> None:
    clerk.take_food()
    clerk.scan()
    case = clerk.tray().case
    clerk.screen.act(IntakeAct.WITHDRAW)
    assert "扫描的 4 页都删去" in say(clerk.strip.lines[0])
    clerk.screen.cancel()
    assert clerk.model.bar.confirm is None
    clerk.screen.act(IntakeAct.WITHDRAW)
    clerk.screen.confirm(IntakeAct.WITHDRAW)
    assert clerk.start.drafts == ()
    assert store.drafts.list(DraftKind.INTAKE) == ()
    assert store.pages.of(case) == ()


def jpeg() -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("L", (40, 60), 90).save(buffer, "JPEG")
    return buffer.getvalue()
