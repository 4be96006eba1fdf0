"""What a reviewer types: never lost, never disturbed, never mixed up; a refused decision gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.counter import Waiting
from tests.support.section import FOOD, GU, MARKET, XU, House, Seat, said
from yichuang_client.actions import deciding
from yichuang_client.presenters.models.review import Opinion, ReviewCase
from yichuang_client.store.drafts import DraftKind
from yichuang_domain.case import Case, State

FIT = "材料齐全，符合法定形式。"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(house: House) -> Case:
    return house.taken_in(FOOD, accepted=True)


@pytest.fixture
def seat(house: House, case: Case) -> Seat:
    """A reviewer who has claimed the case."""
    made = Seat(house, house.store("0201", MARKET), XU).sit_down()
    made.press_key("F8")
    made.answered()
    return made


def shown(seat: Seat) -> ReviewCase:
    """The case on the desk."""
    found = seat.model.case
    assert found is not None
    return found


def box(seat: Seat) -> Opinion:
    """The opinion box."""
    return shown(seat).opinion


def test_an_opinion_is_there_again_after_the_program_was_killed(seat: Seat) -> None:
    seat.presenter.write_opinion("平面图没有标出消毒间")
    again = Seat(seat.house, seat.store, XU).sit_down()
    assert box(again).text == "平面图没有标出消毒间"
    assert again.acts["F9"] == ""


def test_typing_never_changes_the_revision_and_a_refresh_does_not_either(seat: Seat) -> None:
    before = box(seat).revision
    for text in ("平", "平面", "平面图"):
        seat.presenter.write_opinion(text)
    seat.answered()
    seat.presenter.told([])
    assert (box(seat).text, box(seat).revision) == ("平面图", before)


def test_each_case_keeps_its_own_text(seat: Seat, case: Case) -> None:
    other = seat.house.taken_in(FOOD, accepted=True)
    seat.answered()
    seat.presenter.write_opinion("第一件")
    seat.presenter.select(other.case)
    before = box(seat).revision
    assert box(seat).text == ""
    seat.presenter.write_opinion("第二件")
    seat.presenter.select(case.case)
    assert (box(seat).text, box(seat).revision) == ("第一件", before + 1)
    seat.presenter.select(other.case)
    assert box(seat).text == "第二件"


def test_two_people_at_one_desk_do_not_read_each_others_drafts(seat: Seat, case: Case) -> None:
    seat.presenter.write_opinion("徐文写的")
    other = Seat(seat.house, seat.store, GU).sit_down()
    assert box(other).text == ""
    other.presenter.write_opinion("顾定写的")
    assert box(Seat(seat.house, seat.store, XU).sit_down()).text == "徐文写的"
    assert box(Seat(seat.house, seat.store, GU).sit_down()).text == "顾定写的"


def test_templates_are_texts_to_begin_with(seat: Seat) -> None:
    assert [said(words) for _, words in box(seat).templates] == ["符合", "需核查"]
    assert said(seat.presenter.insert_template("fit")) == FIT
    assert said(seat.presenter.insert_template("nothing")) == ""


def test_an_opinion_that_is_too_long_is_told_and_not_signed(seat: Seat) -> None:
    seat.presenter.write_opinion("长" * 501)
    assert seat.acts["F9"] == "TEXT_TOO_LONG"
    assert seat.sentence == "意见超过 500 字。 删短后再签"
    seat.presenter.write_opinion("  ")
    assert seat.acts["F9"] == "TEXT_MISSING"


def test_a_refused_decision_comes_back_with_its_reason_and_its_text(seat: Seat, case: Case) -> None:
    seat.presenter.write_opinion(FIT)
    seat.house.sessions = frozenset()
    seat.press_key("F9")
    seat.confirm()
    assert (box(seat).text, box(seat).is_read_only) == (FIT, True)
    seat.answered()
    assert seat.banner == "DECISION_REFUSED 区里没收下：同意"
    banner = seat.model.banner
    assert banner is not None
    assert said(banner.hint) == "这一步要联网。您写的都在，线路通了再办。"
    assert (box(seat).text, box(seat).is_read_only) == (FIT, False)
    assert seat.store.view(case.case).opinions == ()
    again = Seat(seat.house, seat.store, XU).sit_down()
    assert (again.banner, box(again).text) == ("DECISION_REFUSED 区里没收下：同意", FIT)
    again.presenter.cancel()
    assert again.banner == ""
    assert box(again).text == FIT


def test_the_next_try_puts_the_refusal_away_and_a_recorded_opinion_its_draft(seat: Seat, case: Case) -> None:
    seat.presenter.write_opinion(FIT)
    sessions, seat.house.sessions = seat.house.sessions, frozenset()
    seat.press_key("F9")
    seat.confirm()
    seat.answered()
    seat.house.sessions = sessions
    seat.press_key("F9")
    seat.confirm()
    assert seat.banner == ""
    assert seat.store.drafts.find(case.case, DraftKind.OPINION) is not None
    seat.answered()
    assert seat.store.view(case.case).opinions[0].text.value == FIT
    assert seat.store.drafts.find(case.case, DraftKind.OPINION) is None
    assert box(seat).text == ""


def test_an_answer_for_a_case_that_is_not_in_front_gives_its_draft_up(seat: Seat, case: Case) -> None:
    other = seat.house.taken_in(FOOD, accepted=True)
    seat.answered()
    seat.presenter.write_opinion(FIT)
    seat.press_key("F9")
    seat.confirm()
    seat.presenter.select(other.case)
    seat.answered()
    assert seat.store.drafts.find(case.case, DraftKind.OPINION) is None


def test_a_reason_that_was_typed_stays_when_the_strip_is_closed(seat: Seat) -> None:
    seat.press_key("F10")
    seat.presenter.type_in("reason", "第 2 页缺")
    seat.presenter.cancel()
    again = Seat(seat.house, seat.store, XU).sit_down()
    again.press_key("F10")
    asked = again.model.bar.confirm
    assert asked is not None
    assert asked.fields[0].text == "第 2 页缺"
    again.confirm()
    again.answered()
    assert again.store.drafts.list(DraftKind.OPINION) == ()


def test_a_note_goes_to_the_file_at_once(seat: Seat, case: Case) -> None:
    seat.presenter.act("note")
    seat.confirm(reason="已电话核对地址")
    assert seat.store.view(case.case).steps[-1].name == "Noted"
    assert seat.acts["F10"] == ""
    seat.presenter.act("note")
    asked = seat.model.bar.confirm
    assert asked is not None
    assert asked.fields[0].text == ""


def test_somebody_elses_decision_closes_the_form_and_keeps_the_text(house: House, case: Case) -> None:
    seat = Seat(house, house.store("0201", MARKET), XU).sit_down()
    seat.presenter.write_opinion("写了一半")
    colleague = Seat(house, house.store("0202", MARKET), XU).sit_down()
    colleague.press_key("F8")
    colleague.answered()
    seat.answered()
    assert seat.banner == "OVERTAKEN 11-24 10:26 徐文 签收"
    assert (box(seat).text, box(seat).is_read_only) == ("写了一半", True)
    assert seat.sentence == "这件现在由 徐文 办。 您只能看，意见可以复制"
    assert set(seat.acts.values()) == {"NOT_HOLDER"}
    deciding.return_internally(colleague.desk.work(), house.cases[case.case], "送错了")
    colleague.answered()
    seat.answered()
    assert seat.banner == "OVERTAKEN 11-24 10:26 徐文 内部退回"
    assert box(seat).is_read_only
    seat.press_key("F8")
    seat.answered()
    assert seat.banner == ""
    assert (box(seat).text, box(seat).is_read_only) == ("写了一半", False)


def test_a_claim_that_somebody_else_won_is_told(house: House, case: Case) -> None:
    seat = Seat(house, house.store("0201", MARKET), XU).sit_down()
    colleague = Seat(house, house.store("0202", MARKET), XU).sit_down()
    colleague.press_key("F8")
    colleague.answered()
    seat.press_key("F8")
    seat.answered()
    assert seat.banner == "DECISION_REFUSED 区里没收下：签收"
    assert seat.store.view(case.case).holder == colleague.store.desk.replica


def test_a_case_that_leaves_the_desk_stays_readable(seat: Seat, case: Case) -> None:
    seat.presenter.write_opinion("写了一半")
    left = seat.house.answer(seat.store.meta.cursor)
    gone = replace(left, answer=replace(left.answer, left=(case.case,)))
    seat.store.apply_exchange(gone)
    seat.presenter.told([])
    assert seat.banner == "GONE 这件已不在本科室。"
    assert (box(seat).text, box(seat).is_read_only) == ("写了一半", True)
    assert all(not act.is_enabled for act in seat.model.bar.acts if not act.is_hidden)
    assert seat.model.queue == ()


def test_without_a_line_one_reads_and_writes_and_does_not_decide(seat: Seat) -> None:
    seat.on_line = False
    seat.sync.status = replace(seat.sync.status, line=type(seat.sync.status.line).OFFLINE)
    seat.presenter.told([])
    assert seat.sentence == "离线，决定要等线路。 阅读和写意见照常，都存在本机"
    assert seat.banner == "CACHED 离线，内容缓存于 12:00"
    seat.presenter.write_opinion(FIT)
    assert set(seat.acts.values()) == {"NEEDS_LINE"}
    assert box(seat).signer is not None
    assert said(shown(seat).opinion.signer.text) == "等线路，不能签署 · 徐文"  # type: ignore[union-attr]
    assert box(Seat(seat.house, seat.store, XU).sit_down()).text == FIT


def test_a_session_that_ended_asks_to_sign_in_again(seat: Seat) -> None:
    seat.on_line = False
    seat.presenter.told([])
    assert seat.sentence == "要重新登录才能决定。 按 Ctrl+L 锁定，再登录"
    assert said(shown(seat).opinion.signer.text) == "需重新验证 · 徐文"  # type: ignore[union-attr]


def test_what_comes_late_is_dropped_and_nothing_can_be_done_meanwhile(house: House, case: Case) -> None:
    other = house.taken_in(FOOD, accepted=True)
    background = Waiting()
    seat = Seat(house, house.store("0201", MARKET), XU, background=background).sit_down()
    assert seat.model.case is None
    assert seat.model.progress is not None
    background.go()
    assert shown(seat).key == case.case
    seat.presenter.select(other.case)
    assert [row.key for row in seat.model.queue if row.is_selected] == [other.case]
    assert shown(seat).key == case.case
    assert all(not act.is_enabled for act in seat.model.bar.acts if not act.is_hidden)
    seat.presenter.act("claim")
    seat.presenter.write_opinion("写给第一件")
    seat.presenter.told([])
    background.go()
    assert shown(seat).key == other.case
    assert box(seat).text == ""
    assert seat.store.outbox.unsent() == 0
    seat.presenter.select(case.case)
    background.go()
    assert box(seat).text == "写给第一件"


def test_a_decision_is_not_offered_twice_while_it_is_being_saved(house: House, case: Case) -> None:
    background = Waiting()
    seat = Seat(house, house.store("0201", MARKET), XU, background=background).sit_down()
    background.go()
    seat.press_key("F8")
    seat.presenter.act("claim")
    seat.press_key("F8")
    background.go()
    assert seat.store.outbox.unsent() == 1
    assert seat.store.view(case.case).state is State.IN_REVIEW
