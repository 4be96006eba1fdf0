"""What the screens about one case say of it: chips, clocks, story, materials, facts, pages; on the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.support.counter import WORDS, Immediate, a_desk, a_page, an_intake, at_counter
from tests.support.desk import CLERK, TUESDAY
from yichuang_client.actions import deciding, receiving
from yichuang_client.actions.work import Work
from yichuang_client.presenters import casework
from yichuang_client.presenters.models.common import Mark, Text, Tone
from yichuang_client.presenters.models.queues import StepMark
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.store import Store
from yichuang_client.sync.status import PageArrived
from yichuang_domain import actions as a
from yichuang_domain.case import Case, State, Suspension
from yichuang_domain.party import Agent, ApplicantKind, IdSource


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


def received(work: Work, *materials: str, name: str = "食品经营许可（新办）") -> Case:
    """A case that was taken in with these materials."""
    return receiving.receive(work, an_intake(work, name, materials))


def test_a_received_case_says_who_what_until_when_and_why(store: Store) -> None:
    work = at_counter(store)
    case = received(work, "application", "licence")
    head = casework.case_head(work, case)
    assert said(head.item) == "食品经营许可（新办）"
    assert said(head.applicant) == "顾*"
    assert head.state is not None
    assert said(head.state.text) == "已收件"
    assert said(head.due) == "2026-12-01 周二 前答复"
    assert said(head.clock) == "11-24 收件，次日起算 5 个工作日；因 11-28 周六、11-29 周日顺延 2 天"
    assert [said(chip.text) for chip in head.chips] == ["剩 5 日", "一审一核", "未到区里"]


def test_time_left_is_counted_in_working_days_and_below_one_in_halves(store: Store) -> None:
    calendar = store.people.calendar
    tuesday = date(2026, 11, 24)
    chips = [casework.due_chip(tuesday + timedelta(days=n), tuesday, calendar) for n in (-4, -1, 0, 1, 7)]
    assert [said(chip.text) for chip in chips] == ["超 2 日", "超 1 日", "剩 0.5 日", "剩 1 日", "剩 5 日"]
    assert [chip.tone for chip in chips] == [Tone.DANGER, Tone.DANGER, Tone.DANGER, Tone.WARNING, Tone.SUCCESS]
    saturday = casework.due_chip(date(2026, 11, 27), date(2026, 11, 28), calendar)
    assert said(saturday.text) == "超 0.5 日"
    assert casework.due_chip(None, tuesday, calendar, True).mark is Mark.PAUSE
    assert said(casework.due_chip(None, tuesday, calendar).text) == "—"


def test_a_special_procedure_stops_the_clock_and_says_how_much_is_left(store: Store) -> None:
    work = at_counter(store)
    case = accepted(work)
    stop = Suspension(procedure=a.Procedure.TESTING, by="区检测中心", docno="1", workdays=3, from_on=date(2026, 11, 26))
    paused = replace(case, state=State.SUSPENDED, suspensions=(stop,))
    head = casework.case_head(work, paused)
    assert said(head.chips[0].text) == "暂停计时"
    assert said(head.clock) == "11-24 受理，次日起算 5 个工作日；11-26 起检测，暂停计时，还剩 3 个工作日"
    over = replace(case, state=State.IN_REVIEW, suspensions=(replace(stop, to_on=date(2026, 11, 27)),))
    assert said(casework.case_head(work, over).clock).endswith("11-26 至 11-27 检测，不计时")


def accepted(work: Work) -> Case:
    """A case with all its materials, accepted."""
    case = received(work, "application", "licence", "layout", "rules", "place_leased", "health")
    return deciding.accept(work, case)


def test_the_story_tells_each_act_with_its_person_and_what_comes_next(store: Store) -> None:
    work = at_counter(store)
    case = accepted(work)
    lines = casework.event_lines(work, case)
    assert [said(line.text) for line in lines] == [
        "凤桥镇便民服务中心 李敏 收件 （未到区里）",
        "凤桥镇便民服务中心 李敏 受理 （未到区里）",
        "区市场监管局·市场准入科 审核 → 核准 → 制证 → 窗口出件",
    ]
    assert [line.mark for line in lines] == [StepMark.PAST, StepMark.CURRENT, StepMark.FUTURE]
    assert said(lines[0].at) == "11-24 10:26"


def test_pages_of_one_go_and_the_ends_of_a_print_are_one_line(store: Store) -> None:
    work = at_counter(store)
    case = receiving.new_case()
    pages = tuple(a_page(work, case, "application", n) for n in (1, 2))
    intake = replace(an_intake(work, "食品经营许可（新办）", ("application",)), case=case, pages=pages)
    taken = receiving.receive(work, intake)
    run = a.StartPrint(run="r" * 32, paper=a.PaperKind.RECEIPT)  # type: ignore[arg-type]
    work.do((case, run))
    open_run = casework.event_lines(work, store.view(taken.case))
    assert said(open_run[1].text).endswith("扫描 2 页 （未到区里）")
    assert "打印接收回执，还没确认" in said(open_run[2].text)
    done = work.do((case, a.ConfirmPrint(run=run.run))).cases[case]
    lines = [said(line.text) for line in casework.event_lines(work, done)]
    assert len(lines) == 4
    assert "打印接收回执" in lines[2] and "确认" not in lines[2]


def test_each_material_has_one_state(store: Store) -> None:
    work = at_counter(store)
    case = received(work, "application", "licence")
    rows = {row.key: row for row in casework.material_pages(work, case)}
    assert [row.ordinal for row in rows.values()] == [1, 2, 3, 4, 5, 6]
    assert said(rows["application"].state.text) == "原件已核"
    assert said(rows["application"].evidence) == "11-24 10:26 李敏 收"
    assert said(rows["layout"].state.text) == "未交"
    points = [deciding.Point(material="layout", reason="没有标出操作间", remedy="补一张")]
    told = deciding.tell_supplement(work, case, points)
    asked = {row.key: row for row in casework.material_pages(work, told)}
    assert said(asked["layout"].state.text) == "要补正"
    assert said(asked["layout"].evidence) == "没有标出操作间"


def test_deferred_materials_say_until_when(store: Store) -> None:
    work = at_counter(store)
    case = received(work, "application", "licence", "layout", "rules", "place_leased")
    deferring = deciding.accept(work, case, ("health",))
    rows = {row.key: row for row in casework.material_pages(work, deferring)}
    assert said(rows["health"].state.text) == "容缺"
    assert said(rows["health"].evidence) == "12-01 前补交"
    facts = {said(fact.label): said(fact.value) for fact in casework.case_facts(work, deferring)}
    assert facts["从业人员健康证明"] == "容缺，12-01 前补交"
    assert "容缺 1" in [said(chip.text) for chip in casework.case_head(work, deferring).chips]


def test_facts_mask_people_and_name_what_nobody_states(store: Store) -> None:
    work = at_counter(store)
    case = received(work, "application")
    facts = {said(fact.label): said(fact.value) for fact in casework.case_facts(work, case)}
    assert facts["申请人"] == "顾*　个人"
    assert facts["证件号"] == "1101**********002X"
    assert facts["手机"] == "138****5521"
    assert facts["经营场所"] == "凤桥镇桃园路 1 号"
    assert facts["从业人数"] == "没填"
    assert facts["承诺时限"] == "5 个工作日"
    assert not any("顾小燕" in value for value in facts.values())


def test_a_case_says_whose_number_was_read_from_the_card_and_whose_was_typed(store: Store) -> None:
    work = at_counter(store)
    typed = received(work, "application")
    read = replace(typed, applicant=replace(typed.applicant, id_source=IdSource.CARD))
    body = replace(read, applicant=replace(read.applicant, kind=ApplicantKind.COMPANY, operator=typed.applicant.name))
    agent = Agent(
        name=typed.applicant.name,
        id_number=typed.applicant.id_number,
        phone=typed.applicant.phone,
        scope=work.seal("代交"),
        until=date(2026, 12, 1),
        id_source=IdSource.TYPED,
    )
    for case, label, mark in (
        (typed, "证件号", "手输"),
        (read, "证件号", "读卡"),
        (body, "经营者", "读卡"),
        (replace(read, agent=agent), "代办人", "手输"),
        (replace(read, agent=replace(agent, id_source=None)), "代办人", ""),
    ):
        facts = {said(fact.label): fact.chip for fact in casework.case_facts(work, case)}
        chip = facts[label]
        assert (said(chip.text) if chip is not None else "") == mark


def test_an_item_that_is_not_here_hides_nothing_of_the_case(store: Store) -> None:
    work = at_counter(store)
    strange = replace(accepted(work), item_version=99)
    head = casework.case_head(work, strange)
    assert "目录还在路上" in said(head.item)
    assert said(head.applicant) == "顾*"
    assert said(head.clock) == "时限目录未载"
    assert len(casework.material_pages(work, strange)) == 6
    assert casework.event_lines(work, strange)
    assert casework.case_facts(work, strange)


def test_pages_are_decoded_for_the_view_and_drawn_when_they_arrive(store: Store) -> None:
    work = at_counter(store)
    case = receiving.new_case()
    pages = tuple(a_page(work, case, "application", n) for n in (1, 2))
    intake = replace(an_intake(work, "食品经营许可（新办）", ("application",)), case=case, pages=pages)
    taken = receiving.receive(work, intake)
    away = store.pages.read(case, pages[1].page)
    store.pages.drop(case, pages[1].page)
    changes: list[int] = []
    shown = casework.CasePages(a_desk(store, CLERK, Immediate()), lambda: changes.append(1))
    shown.area(400, 500)
    shown.open(case, casework.ordered_pages(work, taken), {"application": "申请书"})
    assert shown.view.picture is not None and shown.view.picture.width == 400
    assert said(shown.view.title) == "申请书 1 / 2"
    assert said(shown.view.detail) == "全件 1 / 2"
    shown.move(1)
    assert shown.view.picture is None
    assert said(shown.view.waiting) == "第 2 页还在路上"
    assert set(shown.thumbnails) == {pages[0].page}
    store.pages.keep(case, away, is_own=False)
    shown.told([PageArrived(name=BlobName(owner=case, hash=pages[1].page))])
    assert shown.view.picture is not None
    assert set(shown.thumbnails) == {page.page for page in pages}
    assert changes
    shown.select(casework.page_id(pages[0]))
    assert shown.selected == "application:1"


def test_a_page_that_cannot_be_read_says_so(store: Store) -> None:
    work = at_counter(store)
    case = receiving.new_case()
    broken = receiving.keep_page(
        work, case, b"no picture", material="application", ordinal=1, size=(10, 10), is_blank=False
    )
    shown = casework.CasePages(a_desk(store, CLERK, Immediate()), lambda: None)
    shown.open(case, (broken,), {})
    shown.area(400, 500)
    assert said(shown.view.waiting) == "第 1 页读不出，请重扫"
    assert TUESDAY.year == 2026
