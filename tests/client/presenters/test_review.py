"""The review desk: the road of a case through two people, on real stores, answered by the same domain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.section import DONG, FOOD, GU, HEALTH, MARKET, SALON, XU, ZHOU, House, Seat, said
from yichuang_client.actions import receiving
from yichuang_client.presenters import review_queue
from yichuang_client.presenters.models.common import ActKind
from yichuang_domain.case import State
from yichuang_domain.party import Evidence, HandedIn

FIT = "材料齐全，符合法定形式。"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def reviewer(house: House, **more: object) -> Seat:
    return Seat(house, house.store("0201", MARKET), XU, **more)  # type: ignore[arg-type]


def verifier(house: House, person: object = GU) -> Seat:
    return Seat(house, house.store("0202", MARKET), person, later=timedelta(hours=1))  # type: ignore[arg-type]


def signed(house: House) -> Seat:
    """A reviewer who has claimed and signed."""
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.presenter.write_opinion(FIT)
    seat.press_key("F9")
    seat.confirm()
    seat.answered()
    return seat


def test_an_accepted_case_is_claimed_and_the_claim_waits_for_the_district(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    assert said(seat.model.queue_title) == "待审批 1"
    (row,) = seat.model.queue
    assert (row.item, said(row.chip.text), said(row.applicant), said(row.due)) == (FOOD, "剩 5 日", "顾*", "12-01 到期")
    assert row.is_selected
    assert seat.sentence == "签收后审核。 一审一核，不能自审自核"
    assert seat.acts == {"F8": "", "F9": "NOT_HOLDER", "F10": "NOT_HOLDER", "F11": "NOT_HOLDER", "F12": "NOT_HOLDER"}
    seat.press_key("F8")
    assert seat.sentence.startswith("已存本机，等区里答复。")
    assert set(seat.acts.values()) == {"UNANSWERED"}
    seat.answered()
    assert seat.acts == {"F9": "TEXT_MISSING", "F10": "", "F11": "", "F12": "TEXT_MISSING"}
    assert seat.sentence == "同意后转 顾定 核准 先写意见，Alt+1 插入常用语"


def test_the_case_is_shown_with_its_clock_and_what_was_typed(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    shown = seat.model.case
    assert shown is not None
    assert said(shown.head.clock).startswith("11-24 受理，次日起算 5 个工作日")
    assert said(shown.head.applicant) == "顾*"
    assert next(said(fact.value) for fact in shown.form).startswith("顾*")
    assert len(shown.materials) == 6
    assert said(shown.events[-1].text).endswith("审核 → 核准 → 制证 → 窗口出件")
    assert shown.opinion.signer is not None
    assert said(shown.opinion.signer.text) == "已双因素登录 · 徐文"


def test_agreeing_says_where_it_leads_and_passes_the_case_on(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.presenter.write_opinion(FIT)
    act = next(act for act in seat.model.bar.acts if act.key == "F9")
    assert (act.is_enabled, act.kind) == (True, ActKind.PRIMARY)
    seat.press_key("F9")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.title) == "同意，转 顾定 核准？"
    assert said(asked.confirm_label) == "签署意见并转核准"
    seat.presenter.cancel()
    assert seat.model.bar.confirm is None
    seat.press_key("F9")
    seat.confirm()
    assert seat.model.case is not None
    assert (seat.model.case.opinion.text, seat.model.case.opinion.is_read_only) == (FIT, True)
    seat.answered()
    assert seat.model.case.opinion.text == ""
    assert said(seat.model.case.opinion.previous).endswith(f"同意）：{FIT}")
    assert seat.store.view(case.case).opinions[0].text.value == FIT


def test_nobody_verifies_what_they_have_signed(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    seat = signed(house)
    assert seat.acts["F9"] == seat.acts["F12"] == seat.acts["F8"] == "SAME_PERSON"
    assert seat.sentence == "这件要由 顾定 核准。 审核和核准不能是同一人"
    before = seat.store.outbox.last()
    seat.presenter.act("agree")
    seat.presenter.act("claim")
    assert seat.store.outbox.last() == before
    assert seat.model.bar.confirm is None


def test_a_second_person_grants_and_the_result_is_ready(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    signed(house)
    seat = verifier(house).sit_down()
    assert seat.sentence == "签收后核准。 一审一核，不能自审自核"
    seat.press_key("F8")
    seat.answered()
    assert seat.model.case is not None
    assert said(seat.model.case.opinion.title) == "核准意见"
    assert said(seat.model.case.opinion.previous) == f"审核意见（徐文，11-24 10:26，同意）：{FIT}"
    assert seat.sentence.startswith("同意即准予，转窗口出件")
    seat.presenter.write_opinion("同意。")
    seat.press_key("F9")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.title) == f"准予 {FOOD}（顾*）？"
    seat.confirm()
    assert seat.sentence.startswith("已存本机，等区里答复。")
    seat.answered()
    assert seat.store.view(case.case).state is State.READY_TO_ISSUE
    assert seat.sentence.startswith("已决定，等窗口出件。")
    assert seat.model.queue == ()
    assert seat.model.case.key == case.case


def test_a_reviewer_without_the_role_may_not_verify(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    signed(house)
    seat = verifier(house, ZHOU).sit_down()
    assert seat.acts["F8"] == "NEEDS_ROLE"
    assert seat.sentence == "这件要由 顾定 核准。 您的岗位不办这一步"


def test_an_internal_return_needs_a_reason_and_begins_anew(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    signed(house)
    seat = verifier(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F10")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert (asked.can_confirm, said(asked.blocked_text)) == (False, "还差理由")
    seat.presenter.confirm("return")
    seat.confirm(reason="申请书第 2 页是别人的")
    seat.answered()
    returned = seat.store.view(case.case)
    assert (returned.opinions, returned.holder) == ((), None)
    assert said(seat.model.queue[0].due) == "已内部退回"


def test_a_refusal_takes_two_who_say_so_and_names_facts_and_articles(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    first = reviewer(house).sit_down()
    first.press_key("F8")
    first.answered()
    first.presenter.write_opinion("场所在禁止区域内。")
    first.press_key("F12")
    first.confirm()
    first.answered()
    second = verifier(house).sit_down()
    second.press_key("F8")
    second.answered()
    second.presenter.write_opinion("同意审核意见。")
    assert second.acts["F9"] == "OPINION_DISAGREES"
    assert second.sentence.startswith("上一级意见和这个决定不同。")
    second.press_key("F12")
    asked = second.model.bar.confirm
    assert asked is not None
    assert asked.kind is ActKind.DANGER
    assert said(asked.blocked_text) == "还差事实"
    second.confirm(reason="场所在禁止区域内\n没有排烟设施", articles="《食品安全法》第三十三条")
    second.answered()
    made = second.store.view(case.case).decision
    assert made is not None
    assert not made.granted
    assert [fact.value for fact in made.facts] == ["场所在禁止区域内", "没有排烟设施"]
    assert made.articles == ("《食品安全法》第三十三条",)


def test_a_procedure_stops_the_clock_until_it_ends(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F11")
    seat.confirm(procedure="INSPECTION", by="区检验检测中心", workdays="10")
    seat.answered()
    assert seat.store.view(case.case).state is State.SUSPENDED
    (row,) = seat.model.queue
    assert (said(row.chip.text), said(row.due)) == ("暂停计时", "检验中")
    assert seat.sentence.startswith("检验中，计时已停。")
    assert seat.acts["F9"] == "WRONG_STATE"
    seat.press_key("F11")
    seat.confirm()
    seat.answered()
    assert seat.store.view(case.case).state is State.IN_REVIEW


def test_an_extension_names_days_reason_and_who_approved_it(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F11")
    seat.confirm(procedure="EXTEND", workdays="11", reason="要实地核对")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.blocked_text) == "还差延长天数（1–10）"
    seat.confirm(workdays="10")
    seat.answered()
    longer = seat.store.view(case.case).extension
    assert longer is not None
    assert (longer.workdays, longer.approved_by) == (10, GU.person)


def salon(house: House, *, short_of: int = 1) -> Seat:
    """The health section with a case that waits for acceptance."""
    house.taken_in(SALON, short_of=short_of)
    return Seat(house, house.store("0301", HEALTH), DONG).sit_down()


def test_a_supplement_is_told_once_all_of_it(house: House) -> None:
    seat = salon(house, short_of=2)
    assert said(seat.model.queue[0].due) == "12-01 前答复"
    assert seat.sentence == "签收后受理或补正告知。 12-01 前要答复申请人"
    seat.press_key("F8")
    seat.answered()
    assert seat.acts == {"F9": "MATERIAL_MISSING", "F10": "", "F12": ""}
    assert seat.sentence.startswith("还缺 2 件： ")
    seat.press_key("F10")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.title) == "一次告知 0 份要补的材料？"
    lacking = [field.key for field in asked.fields if field.suggested != ""]
    assert len(lacking) == 4
    assert not asked.can_confirm
    seat.confirm(**{key: "没有提交" if key.startswith("reason") else "带原件 1 份" for key in lacking})
    told = seat.store.view(seat.model.case.key if seat.model.case else "").supplement  # type: ignore[arg-type]
    assert told is not None
    assert [point.reason.value for point in told.points] == ["没有提交", "没有提交"]
    assert said(seat.model.bar.sentence.lead) == "补正已告知，本机没接打印机。"
    seat.answered()
    seat.presenter.select("")
    seat.presenter.select(seat.model.queue[0].key)
    assert seat.sentence == "等申请人补正 2 件。 12-15 前送到任意窗口都行"
    assert seat.acts["F8"] == "WRONG_STATE"
    assert said(seat.model.queue[0].due) == "等补正　12-15"


def test_it_is_accepted_on_the_day_all_was_in(house: House) -> None:
    seat = salon(house)
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F10")
    asked = seat.model.bar.confirm
    assert asked is not None
    lacking = [field.key for field in asked.fields if field.suggested != ""]
    seat.confirm(**dict.fromkeys(lacking, "没有提交"))
    seat.answered()
    (case,) = (row.key for row in seat.model.queue)
    told = seat.store.view(case).supplement  # type: ignore[arg-type]
    assert told is not None
    house.exchange(house.counter)
    house.now += timedelta(days=1)
    came = tuple(HandedIn(material=key, evidence=Evidence.ORIGINAL_CHECKED) for key in told.outstanding)
    receiving.bring_supplement(house.clerk(), case, came, ())  # type: ignore[arg-type]
    house.exchange(house.counter)
    house.now += timedelta(days=1)
    seat.answered()
    assert seat.sentence == "补正已告知，本机没接打印机。 告知书请收件窗口打印"
    seat.presenter.act("queue")
    seat.press_key("F8")
    seat.answered()
    assert seat.acts == {"F9": "", "F10": "SUPPLEMENT_TOLD_ALREADY", "F12": ""}
    assert seat.sentence == "材料齐了，可以受理。 受理日按补齐那天 11-25 算"
    seat.press_key("F9")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.lines[0]) == "受理日 2026-11-25 周三，补正全到那天。"
    seat.confirm()
    seat.answered()
    accepted = seat.store.view(case).acceptance  # type: ignore[arg-type]
    assert accepted is not None
    assert accepted.accepted_on == date(2026, 11, 25)
    assert seat.acts["F8"] == ""


def test_declining_names_the_ground_and_the_right_office(house: House) -> None:
    seat = salon(house)
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F12")
    seat.confirm(ground="WRONG_OFFICE", reason="不归本局管")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert said(asked.blocked_text) == "还差归哪里管"
    seat.confirm(office="区文旅局，示例路 1 号")
    seat.answered()
    case = next(iter(house.cases.values()))
    assert case.state is State.DECLINED
    assert case.declination is not None
    assert case.declination.right_office == "区文旅局，示例路 1 号"


def test_the_queue_goes_by_the_time_left_and_keeps_the_selection(house: House) -> None:
    first = house.taken_in(FOOD, accepted=True)
    house.now -= timedelta(days=6)
    late = house.taken_in(FOOD, accepted=True)
    house.now += timedelta(days=6)
    seat = reviewer(house).sit_down()
    assert [row.key for row in seat.model.queue] == [late.case, first.case]
    assert [row.is_urgent for row in seat.model.queue] == [True, False]
    seat.presenter.select(first.case)
    assert seat.model.case is not None
    assert seat.model.case.key == first.case
    house.taken_in(FOOD, accepted=True)
    seat.answered()
    assert len(seat.model.queue) == 3
    assert [row.key for row in seat.model.queue if row.is_selected] == [first.case]


def test_an_empty_desk_says_so(house: House) -> None:
    seat = reviewer(house).sit_down()
    assert said(seat.model.empty) == "没有待审批的件。"
    assert seat.model.case is None
    assert seat.acts == {}
    for act in ("note", "agree", "claim"):
        seat.presenter.act(act)
    assert seat.store.outbox.unsent() == 0


def test_a_question_that_became_pointless_is_closed_with_its_reason(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    seat.press_key("F10")
    assert seat.model.bar.confirm is not None
    seat.on_line = False
    seat.presenter.told([])
    assert seat.model.bar.confirm is None
    assert seat.sentence == "这一步要联网。您写的都在，线路通了再办。"


def test_a_blocked_key_leads_to_what_must_come_first(house: House) -> None:
    house.taken_in(FOOD, accepted=True)
    seat = reviewer(house).sit_down()
    blockers = {act.key: act.blocked_by for act in seat.model.bar.acts if not act.is_hidden}
    assert blockers["F9"] == blockers["F10"] == "act.claim"
    seat.press_key("F8")
    seat.answered()
    assert next(act.blocked_by for act in seat.model.bar.acts if act.key == "F9") == "opinion"
    lacking = salon(house)
    lacking.press_key("F8")
    lacking.answered()
    assert next(act.blocked_by for act in lacking.model.bar.acts if act.key == "F9") == "act.tell_supplement"


def test_a_long_queue_shows_what_runs_out_first_and_the_case_on_the_desk(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_queue, "LONGEST", 2)
    cases = [house.taken_in("食品经营许可（变更）", accepted=True) for _ in range(4)]
    seat = reviewer(house).sit_down()
    assert said(seat.model.queue_title) == "待审批 4"
    assert said(seat.model.queue_hint) == "最急的 2 件"
    assert [row.key for row in seat.model.queue] == [case.case for case in cases[:2]]
    seat.presenter.select(cases[3].case)
    assert [row.key for row in seat.model.queue] == [cases[n].case for n in (0, 1, 3)]
