"""登记表: live checks, the situation, the checklist, undo, and what else the form says while it is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.counter import a_page, at_counter, steps
from tests.support.desk import TUESDAY, open_store
from tests.support.intake_clerk import BLANK, FOOD, ID, IntakeClerk, a_counter, say
from yichuang_client.presenters.models.common import ActKind, FieldMark, Tone
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store

OTHER_ID = "11010519491231002X"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store) -> IntakeClerk:
    made = IntakeClerk(store)
    made.choose("spjyxk")
    return made


# ---- facts and situation -------------------------------------------------------------------------------------


def test_a_fact_that_the_catalogue_does_not_state_is_said(store: Store) -> None:
    clerk = IntakeClerk(store)
    clerk.choose("一次性创业补贴申领")
    facts = {say(fact.label): say(fact.value) for fact in clerk.form.item.facts}
    assert facts["审批级别"] == "目录未载"
    assert "" not in facts.values()
    assert len(facts) == 8


def test_the_focus_begins_at_the_first_thing_that_is_missing(clerk: IntakeClerk) -> None:
    assert clerk.view.focused[-1] == "answer.business"


def test_an_answer_changes_the_checklist_at_once(clerk: IntakeClerk) -> None:
    names = [row.name for row in clerk.form.materials.rows]
    assert "场所使用证明" not in names
    clerk.screen.answer("place", "leased")
    assert "场所使用证明" in [row.name for row in clerk.form.materials.rows]
    assert say(clerk.form.situation.summary) == "3 问已答 1，应交 5 件"


def test_pages_of_what_is_no_longer_asked_for_are_kept_below(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    clerk.bring_papers()
    clerk.screen.answer("place", "owned")
    (kept,) = clerk.form.materials.no_longer
    assert kept.name == "场所使用证明"
    assert clerk.state("place_leased") == "不再需要 | 1 页，不入件"
    assert len(kept.thumbnails) == 1
    assert clerk.row("place_owned").is_selected
    clerk.screen.answer("place", "leased")
    assert clerk.state("place_leased").startswith("已扫描 1 页")
    assert clerk.form.materials.no_longer == ()


# ---- fields --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("id_number", "330402199001010011", "身份证第 18 位应为 9"),
        ("id_number", "3304021990010100", "身份证号少 2 位，现在 16 位"),
        ("id_number", "33040219900101001999", "身份证号多 2 位，现在 20 位"),
        ("id_number", "33040219901301001X", "第 7 到 14 位不是一个日期"),
        ("id_number", "330402203001010011", "出生日期在今天以后，请对一遍"),
        ("id_number", "33040219900101001我", "第 18 位不能是这个字符"),
        ("phone", "1380000552", "手机号要 11 位，现在 10 位"),
        ("phone", "请打给他", "电话里只能有数字和横线"),
        ("name", "王\x07", "有看不见的字符，请删去"),
        ("name", "王" * 10_000, "最多 50 字，现在 10,000 字"),
        ("form.area", "八十六", "这里要填数字"),
        ("form.opening_on", "2026-02-30", "日期写成 2026-11-24 这样"),
        ("form.address", "\ud800", "有看不见的字符，请删去"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_kept(clerk: IntakeClerk, key: str, text: str, said: str) -> None:
    clerk.type(key, text)
    assert (clerk.field(key).mark, clerk.note(key)) == (FieldMark.BAD, said)
    assert clerk.field(key).text == text
    assert clerk.field(key).masked is None


def test_a_number_is_not_called_wrong_for_being_short_while_it_is_typed(clerk: IntakeClerk) -> None:
    clerk.screen.enter("id_number")
    clerk.screen.type_in("id_number", ID[:9])
    assert clerk.field("id_number").mark is FieldMark.NONE
    assert clerk.note("id_number") == "身份证号少 9 位，现在 9 位"
    clerk.screen.leave("id_number")
    assert clerk.field("id_number").mark is FieldMark.BAD


@pytest.mark.parametrize(
    ("key", "typed", "meant"),
    [
        ("id_number", "３３０４０２１９９００１０１００１９", ID),
        ("id_number", " 11010519491231002x ", OTHER_ID),
        ("phone", "138 0000 5521", "13800005521"),
        ("phone", "0573—5550137", "0573-5550137"),
        ("form.area", "１，０８６.５", "1086.5"),
        ("form.opening_on", "20261201", "2026-12-01"),
        ("form.opening_on", "2026年12月1日", "2026-12-01"),
    ],
)
def test_figures_are_read_as_they_are_meant(clerk: IntakeClerk, key: str, typed: str, meant: str) -> None:
    clerk.type(key, typed)
    assert (clerk.field(key).mark, clerk.field(key).text) == (FieldMark.GOOD, meant)


def test_what_is_right_is_masked(clerk: IntakeClerk) -> None:
    clerk.type("name", "阿依古丽·买买提")
    clerk.type("id_number", ID)
    clerk.type("phone", "13800005521")
    masked = [clerk.field(key).masked for key in ("name", "id_number", "phone")]
    assert masked == ["阿*", "3304**********0019", "138****5521"]


def test_a_body_has_a_code_and_a_person_who_speaks_for_it(clerk: IntakeClerk) -> None:
    clerk.screen.choose_kind("COMPANY")
    assert [field.key for field in clerk.form.applicant.fields[:5]] == [
        "name",
        "credit_code",
        "operator",
        "id_number",
        "phone",
    ]
    clerk.type("credit_code", "91330402MA2XXXXXX0")
    assert clerk.field("credit_code").mark is FieldMark.NONE
    assert clerk.note("credit_code").startswith("末位按算法应为")
    clerk.type("credit_code", "91330402MA2I")
    assert clerk.note("credit_code") == "信用代码少 6 位，现在 12 位"


def test_a_character_that_no_font_has_is_told_at_entry(clerk: IntakeClerk) -> None:
    clerk.type("name", f"王{BLANK}")
    assert clerk.field("name").mark is FieldMark.GOOD
    assert clerk.note("name") == f"打印时留空手写：{BLANK}"
    clerk.screen.type_in("name", "王明")
    assert clerk.note("name") == ""


def test_an_agent_has_a_mandate_that_ends(clerk: IntakeClerk) -> None:
    clerk.screen.toggle_agent(True)
    assert clerk.view.focused[-1] == "agent.name"
    yesterday = (TUESDAY - timedelta(days=1)).date().isoformat()
    clerk.type("agent.until", yesterday)
    assert clerk.note("agent.until") == "2026-11-23 已经过了"
    clerk.type("agent.until", "2026.12.31")
    assert clerk.field("agent.until").text == "2026-12-31"
    clerk.type("agent.name", "赵平")
    clerk.screen.toggle_agent(False)
    assert clerk.form.applicant.agent_fields == ()
    clerk.screen.toggle_agent(True)
    assert clerk.field("agent.name").text == "赵平"


# ---- the checklist -------------------------------------------------------------------------------------------


def test_each_material_has_one_state_with_its_evidence(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    clerk.screen.answer("business", "catering")
    assert clerk.state("application") == "未交 | 扫描 F5"
    assert clerk.state("rules") == "未交 | 看过原件按 Enter"
    assert clerk.state("health") == "未交 | 扫描 F5 / 容缺 Alt+R"
    clerk.scan("health")
    assert clerk.state("application") == "已扫描 1 页 | 已存本机"
    assert clerk.state("place_leased") == "已扫描 1 页 | 还没核原件，按 Enter"
    clerk.screen.material_states("place_leased")
    assert clerk.state("place_leased") == "已扫描 1 页 | 李敏 10:26 核"
    clerk.screen.material_states("rules")
    assert clerk.state("rules") == "原件已核 | 李敏 10:26 核"
    clerk.screen.material_states("health")
    assert clerk.state("health") == "原件已核 | 还要扫描，按 F5"
    clerk.screen.material_states("health")
    clerk.screen.select_material("health")
    clerk.screen.act(IntakeAct.DEFER)
    assert clerk.state("health") == "容缺 | 2026-12-01 前补交"
    counts = [say(chip.text) for _, chip in clerk.form.materials.counts]
    assert counts == ["容缺 1", "齐 5"]


def test_only_the_missing_row_that_is_next_is_tinted(clerk: IntakeClerk) -> None:
    tints = [row.tone for row in clerk.form.materials.rows]
    assert tints == [Tone.DANGER, None, None, None]


def test_all_originals_means_those_that_are_here(clerk: IntakeClerk) -> None:
    clerk.scan("layout")
    clerk.screen.act(IntakeAct.SEE_ALL_ORIGINALS)
    assert clerk.state("layout") == "未交 | 扫描 F5"
    assert clerk.state("application") == "已扫描 1 页 | 李敏 10:26 核"
    assert clerk.state("rules") == "原件已核 | 李敏 10:26 核"


def test_what_may_not_come_later_is_refused_with_a_sentence(clerk: IntakeClerk) -> None:
    clerk.screen.select_material("application")
    clerk.screen.act(IntakeAct.DEFER)
    assert clerk.banner().startswith("这份材料不能容缺。")
    assert clerk.state("application").startswith("未交")


def test_a_scanned_material_is_no_longer_deferred(clerk: IntakeClerk) -> None:
    clerk.screen.answer("business", "catering")
    clerk.screen.select_material("health")
    clerk.screen.act(IntakeAct.DEFER)
    tray = clerk.tray()
    tray.changed((a_page(at_counter(clerk.store), tray.case, "health", 1),))
    assert clerk.state("health").startswith("已扫描 1 页")


def test_the_scan_screen_gets_what_is_asked_for_and_aims_at_what_is_missing(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    tray = clerk.tray()
    assert [key for key, _ in tray.materials] == ["application", "licence", "layout", "rules", "place_leased"]
    assert tray.target == "application"
    tray.changed((a_page(at_counter(clerk.store), tray.case, "application", 1),))
    assert clerk.tray().target == "licence"
    clerk.screen.select_material("layout")
    assert clerk.tray().target == "layout"
    assert clerk.tray().pages == tuple(clerk.tray().pages)


def test_pages_that_come_after_the_form_was_left_are_saved_with_their_draft(clerk: IntakeClerk, store: Store) -> None:
    clerk.type("name", "王明")
    tray = clerk.tray()
    clerk.screen.cancel()
    tray.changed((a_page(at_counter(store), tray.case, "application", 1),))
    clerk.screen.open_draft(tray.case)
    assert clerk.state("application").startswith("已扫描 1 页")


def test_more_than_three_pages_are_counted(clerk: IntakeClerk) -> None:
    tray, work = clerk.tray(), at_counter(clerk.store)
    tray.changed(tuple(a_page(work, tray.case, "layout", n) for n in range(1, 6)))
    row = clerk.row("layout")
    assert (len(row.thumbnails), row.more_pages) == (3, 2)
    assert row.thumbnails[0].height == 50


def test_a_wide_window_shows_a_page_of_the_selected_material(clerk: IntakeClerk) -> None:
    assert clerk.form.preview is None
    clerk.scan()
    clerk.screen.resized(1920, 1080)
    clerk.screen.select_material("layout")
    preview = clerk.form.preview
    assert preview is not None
    assert (say(preview.title), say(preview.count)) == ("平面图和设备布局", "第 1 页，共 1 页")
    assert preview.picture is not None


def test_a_low_window_folds_the_hits_behind_the_chosen_item(clerk: IntakeClerk) -> None:
    assert len(clerk.form.search.hits) == 3
    clerk.screen.resized(1366, 697)
    assert clerk.form.search.hits == ()
    assert say(clerk.form.search.folded).startswith("换事项")
    clerk.screen.search("lnyd")
    assert len(clerk.form.search.hits) == 1


# ---- the bar, undo, another item -----------------------------------------------------------------------------


def test_the_bar_says_what_is_missing_and_the_next_key(clerk: IntakeClerk) -> None:
    assert clerk.said() == "还缺 12 项： 主体业态 选一个答案"
    clerk.screen.cancel()
    clerk.take_food()
    assert clerk.said() == "还缺 5 件： ① 食品经营许可申请书 放入扫描仪按 F5"
    assert clerk.act(IntakeAct.SCAN).kind is ActKind.PRIMARY
    clerk.scan()
    assert clerk.said() == "还缺 2 件： ④ 食品安全管理制度 核过原件按 Enter，或 A 全部"
    accept = clerk.act(IntakeAct.ACCEPT)
    assert (accept.is_enabled, accept.reason, accept.blocked_by) == (False, "material", "materials")
    clerk.type("phone", "")
    receive = clerk.act(IntakeAct.RECEIVE)
    assert (receive.is_enabled, receive.reason, receive.blocked_by) == (False, "field", "phone")


def test_the_check_goes_to_the_first_thing_that_is_missing(clerk: IntakeClerk) -> None:
    clerk.screen.act(IntakeAct.CHECK)
    assert clerk.view.focused[-1] == "answer.business"
    clerk.screen.cancel()
    clerk.take_food()
    clerk.bring_papers()
    clerk.screen.act(IntakeAct.CHECK)
    assert clerk.banner().startswith("核过了，没有缺的。")


def test_steps_can_be_taken_back(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    clerk.screen.answer("place", "owned")
    clerk.type("name", "王明")
    clerk.screen.act(IntakeAct.SEE_ALL_ORIGINALS)
    assert clerk.state("rules").startswith("原件已核")
    clerk.screen.act(IntakeAct.UNDO)
    assert clerk.state("rules").startswith("未交")
    clerk.screen.act(IntakeAct.UNDO)
    assert clerk.field("name").text == ""
    clerk.screen.act(IntakeAct.UNDO)
    assert clerk.form.situation.questions[1].chosen == "leased"
    for _ in range(5):
        clerk.screen.act(IntakeAct.UNDO)
    assert clerk.form.situation.questions[1].chosen is None


def test_taking_back_keeps_the_pages_that_came_since(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    clerk.scan()
    clerk.screen.act(IntakeAct.UNDO)
    clerk.screen.answer("place", "leased")
    assert clerk.state("place_leased").startswith("已扫描 1 页")


def test_another_item_keeps_the_applicant_and_can_be_taken_back(clerk: IntakeClerk) -> None:
    clerk.screen.cancel()
    clerk.take_food()
    clerk.scan()
    clerk.screen.search("lnyd")
    clerk.screen.choose_hit(clerk.form.search.hits[0].code)
    assert clerk.form.item.name == "老年优待证办理"
    assert clerk.field("id_number").text == ID
    assert clerk.said().startswith("还缺 4 项： 年龄")
    clerk.screen.act(IntakeAct.UNDO)
    assert clerk.form.item.name == FOOD
    assert clerk.field("form.area").text == "86"
    assert clerk.state("layout").startswith("已扫描 1 页")


def test_the_same_item_chosen_again_changes_nothing(clerk: IntakeClerk) -> None:
    clerk.type("name", "王明")
    clerk.screen.search("spjyxk")
    clerk.screen.choose_hit(clerk.form.search.hits[0].code)
    assert clerk.field("name").text == "王明"


def test_a_second_application_of_the_same_person_is_told_before_it_is_taken_in(store: Store) -> None:
    clerk = IntakeClerk(store)
    clerk.take_food()
    clerk.screen.act(IntakeAct.RECEIVE)
    (first,) = clerk.cases()
    clerk.choose("spjyxk")
    clerk.type("id_number", ID)
    assert clerk.banner() == f"此人这个事项已有在办件 {first.number} | 已收件 · 11-24 10:26 收件"
    assert [recent.title for recent in clerk.form.recent] == [FOOD]
    clerk.type("id_number", OTHER_ID)
    assert "已有在办件" not in clerk.banner()
    assert clerk.form.recent == ()


def test_the_card_reader_that_is_not_there_is_said(clerk: IntakeClerk) -> None:
    clerk.screen.act(IntakeAct.READ_CARD)
    assert clerk.view.focused[-1] == "id_number"
    assert not clerk.form.applicant.can_read_card
    assert say(clerk.form.applicant.card_note) == "没接读卡器，可手输"


def test_the_briefing_gets_the_answers_so_far(clerk: IntakeClerk) -> None:
    clerk.screen.answer("place", "leased")
    clerk.screen.act(IntakeAct.BRIEF)
    assert steps(clerk.desk)[-1][0] == "briefing"


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_lost(store: Store) -> None:
    clerk = IntakeClerk(store, a_counter(store))
    clerk.choose("spjyxk")
    store.close()
    clerk.type("name", "王明")
    assert clerk.model.banner is not None
    assert clerk.model.banner.kind == "not_saved"
    assert clerk.field("name").text == "王明"


def test_any_pasted_text_can_be_saved(clerk: IntakeClerk, store: Store) -> None:
    clerk.type("form.address", "half \ud800 of a pair\x00\n" + "长" * 10_000)
    (saved,) = store.drafts.list(DraftKind.INTAKE)
    assert saved.body["texts"]["form.address"] == clerk.field("form.address").text
