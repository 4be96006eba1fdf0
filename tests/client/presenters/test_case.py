"""The case screen: what it says, which acts it offers, which deeds they make; on the real store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support.counter import (
    WORDS,
    Shown,
    Waiting,
    a_desk,
    an_intake,
    at_counter,
    steps,
    whole,
    with_printer,
)
from tests.support.desk import REVIEWER, at_work
from tests.support.printer import Sheets
from yichuang_client.actions import deciding, receiving
from yichuang_client.documents.press import Press
from yichuang_client.presenters.case import CasePresenter
from yichuang_client.presenters.case_seen import barred, read
from yichuang_client.presenters.models.common import ActKind, Text
from yichuang_client.presenters.models.queues import CaseAct, CaseModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.exchange_values import Changed
from yichuang_client.store.store import Store
from yichuang_client.sync.status import CasesChanged
from yichuang_domain import actions as a
from yichuang_domain.case import Case, LateDecision, PrintState, State
from yichuang_domain.ids import PersonId, ReplicaId

FOOD = "食品经营许可（新办）"
HEALTH = "公共场所卫生许可（新办）"


class Screen:
    """The screen on a case, with a printer beside it."""

    def __init__(self, store: Store, case: Case, **options: Any) -> None:
        self.view = Shown()
        self.store, self.case = store, case.case
        self.sheets = Sheets()
        self.desk = a_desk(store, equipment=with_printer(self.sheets), **options)
        self.presenter = CasePresenter(self.view, self.desk)
        self.presenter.open(case.case)

    @property
    def model(self) -> CaseModel:
        """What is shown."""
        model: CaseModel = self.view.last
        return model

    @property
    def printed(self) -> list[a.PaperKind]:
        """The papers that came out."""
        return [run.paper for run in self.store.prints.of(self.case) if run.state is PrintState.CONFIRMED]

    @property
    def acts(self) -> dict[str, str]:
        """Key of each act that is offered."""
        return {act.id: act.key for act in self.model.bar.acts}

    @property
    def says(self) -> str:
        """The action bar's sentence."""
        line = self.model.bar.sentence
        return " ".join(said(part) for part in (line.lead, line.subject, line.hint) if part != "")

    def do(self, act: CaseAct, **typed: str) -> None:
        """Press the act, type into the strip, confirm."""
        self.presenter.act(act)
        for key, text in typed.items():
            self.presenter.type_in(key, text)
        assert self.model.bar.confirm is not None
        assert self.model.bar.confirm.can_confirm, said(self.model.bar.confirm.blocked_text)
        self.presenter.confirm(act)


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


def taken_in(store: Store, name: str, *materials: str) -> Case:
    """A received case."""
    work = at_counter(store)
    return receiving.receive(work, an_intake(work, name, materials) if materials else whole(work, name))


def test_a_complete_case_can_be_accepted_and_its_notice_prints(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    assert screen.acts == {
        "accept": "F9",
        "tell_supplement": "F10",
        "correct": "Ctrl+G",
        "withdraw": "Ctrl+W",
        "print_receipt": "Ctrl+P",
        "back": "Esc",
        "decline": "F12",
    }
    primary = [act.id for act in screen.model.bar.acts if act.kind is ActKind.PRIMARY]
    assert primary == [CaseAct.ACCEPT]
    screen.presenter.act(CaseAct.ACCEPT)
    strip = screen.model.bar.confirm
    assert strip is not None
    assert said(strip.title) == "受理顾*的食品经营许可（新办）？"
    assert said(strip.confirm_label) == "受理并打印通知书"
    screen.presenter.confirm(CaseAct.ACCEPT)
    assert store.view(screen.case).state is State.ACCEPTED
    assert screen.printed == [a.PaperKind.ACCEPTANCE]
    assert "受理通知书已打印" in screen.says
    assert "accept" not in screen.acts


def test_a_missing_material_is_named_and_told_once_with_all_that_is_missing(store: Store, press: Press) -> None:
    screen = Screen(
        store, taken_in(store, FOOD, "application", "licence", "rules", "place_leased", "health"), press=press
    )
    assert screen.says.startswith("还缺 1 份： 平面图和设备布局")
    assert "accept" not in screen.acts
    screen.presenter.act(CaseAct.TELL_SUPPLEMENT)
    strip = screen.model.bar.confirm
    assert strip is not None and not strip.can_confirm
    assert strip.fields[0].key == "reason_layout"
    assert said(strip.fields[0].suggested) == "没有提交这份材料"
    assert [field.suggested for field in strip.fields[2:]] == [""] * 10
    screen.presenter.type_in("reason_layout", "没有提交")
    assert said(screen.model.bar.confirm.blocked_text) == "还差“平面图和设备布局”怎么补"  # type: ignore[union-attr]
    screen.presenter.type_in("remedy_layout", "补一张")
    screen.presenter.type_in("reason_licence", "照片看不清")
    screen.presenter.type_in("remedy_licence", "重新复印")
    screen.presenter.confirm(CaseAct.TELL_SUPPLEMENT)
    case = store.view(screen.case)
    assert case.state is State.SUPPLEMENT_ASKED and case.supplement is not None
    assert {p.material: p.reason.value for p in case.supplement.points} == {
        "layout": "没有提交",
        "licence": "照片看不清",
    }
    assert screen.printed == [a.PaperKind.SUPPLEMENT]
    assert screen.acts["bring"] == "F8"
    screen.presenter.act(CaseAct.BRING)
    assert steps(screen.desk) == [("supplement", case.case)]


def test_what_was_written_of_a_supplement_survives_until_the_district_has_it(store: Store, press: Press) -> None:
    case = taken_in(store, FOOD, "application")
    first = Screen(store, case, press=press)
    first.presenter.act(CaseAct.TELL_SUPPLEMENT)
    first.presenter.type_in("reason_layout", "没有标出操作间")
    again = Screen(store, case, press=press)
    again.presenter.act(CaseAct.TELL_SUPPLEMENT)
    strip = again.model.bar.confirm
    assert strip is not None
    assert {f.key: f.text for f in strip.fields}["reason_layout"] == "没有标出操作间"
    again.presenter.type_in("remedy_layout", "补一张")
    again.presenter.confirm(CaseAct.TELL_SUPPLEMENT)
    assert store.drafts.find(case.case, DraftKind.CASE) is not None


def test_deferrable_materials_are_named_in_the_strip_with_their_day(store: Store, press: Press) -> None:
    screen = Screen(
        store, taken_in(store, FOOD, "application", "licence", "layout", "rules", "place_leased"), press=press
    )
    assert "容缺 1 份" in screen.says
    screen.presenter.act(CaseAct.ACCEPT)
    strip = screen.model.bar.confirm
    assert strip is not None
    assert "容缺：从业人员健康证明，12-01 前补交。" in [said(line) for line in strip.lines]
    screen.presenter.confirm(CaseAct.ACCEPT)
    case = store.view(screen.case)
    assert [d.material for d in case.deferrals] == ["health"]
    assert screen.says.startswith("受理通知书已打印")
    assert screen.acts["bring"] == "F8"


def test_a_case_of_the_section_says_that_nothing_is_to_do_here(store: Store) -> None:
    screen = Screen(store, taken_in(store, HEALTH))
    assert "accept" not in screen.acts and "tell_supplement" not in screen.acts
    assert screen.says.startswith("由审批科室受理。")


def test_declining_needs_a_reason_and_the_right_office(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.presenter.act(CaseAct.DECLINE)
    assert said(screen.model.bar.confirm.blocked_text) == "还差理由"  # type: ignore[union-attr]
    screen.presenter.type_in("reason", "这件事由水利局办")
    screen.presenter.type_in("ground", "WRONG_OFFICE")
    assert said(screen.model.bar.confirm.blocked_text) == "还差该去的机关"  # type: ignore[union-attr]
    screen.presenter.type_in("office", "区水利局窗口")
    screen.presenter.confirm(CaseAct.DECLINE)
    case = store.view(screen.case)
    assert case.state is State.DECLINED
    assert screen.printed == [a.PaperKind.NON_ACCEPTANCE]
    assert screen.acts["archive"] == "F8"
    screen.do(CaseAct.ARCHIVE)
    assert store.view(case.case).state is State.ARCHIVED


def test_a_withdrawal_ends_a_case_that_is_held_here(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.do(CaseAct.WITHDRAW, reason="不开了")
    assert store.view(screen.case).state is State.WITHDRAWN
    assert screen.printed == [a.PaperKind.WITHDRAWAL]


def test_a_withdrawal_of_a_case_in_review_is_noted_for_the_section(store: Store, press: Press) -> None:
    work = at_counter(store)
    case = deciding.accept(work, receiving.receive(work, whole(work, FOOD)))
    screen = Screen(store, case, press=press)
    screen.presenter.act(CaseAct.WITHDRAW)
    assert said(screen.model.bar.confirm.confirm_label) == "登记撤回意愿"  # type: ignore[union-attr]
    screen.presenter.type_in("reason", "不开了")
    screen.presenter.confirm(CaseAct.WITHDRAW)
    assert store.view(case.case).withdrawal_wished
    assert screen.printed == [a.PaperKind.WITHDRAWAL]


def test_a_paper_prints_again_and_its_count_is_said(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.do(CaseAct.PRINT_RECEIPT)
    screen.presenter.act(CaseAct.PRINT_RECEIPT)
    strip = screen.model.bar.confirm
    assert strip is not None
    assert [option.key for option in strip.fields[0].options] == ["RECEIPT", "MATERIAL_SLIP"]
    assert [said(line) for line in strip.lines] == ["已打印过 1 次。"]
    screen.presenter.type_in("paper", "MATERIAL_SLIP")
    screen.presenter.confirm(CaseAct.PRINT_RECEIPT)
    assert screen.printed == [a.PaperKind.RECEIPT, a.PaperKind.MATERIAL_SLIP]
    assert {run.state for run in store.prints.of(screen.case)} == {PrintState.CONFIRMED}


def test_what_a_section_told_of_time_prints_at_the_counter(store: Store, press: Press) -> None:
    reviewer, case = at_work(store, REVIEWER), deciding.accept(at_counter(store), taken_in(store, FOOD))
    case = deciding.suspend(reviewer, deciding.claim(reviewer, case.case), a.Procedure.TESTING, "区检测中心", 3)
    case = deciding.extend(reviewer, case, 5, "要实地核对", REVIEWER.person)
    for name in ("受理通知书", "特别程序告知书", "延长办理期限告知书"):
        screen = Screen(store, case, press=press)
        assert screen.says.endswith(f"{name}还没打印，按 Ctrl+P 打给申请人")
        screen.do(CaseAct.PRINT_RECEIPT)
    assert screen.printed == [a.PaperKind.ACCEPTANCE, a.PaperKind.SPECIAL_PROCEDURE, a.PaperKind.EXTENSION]
    assert "还没打印" not in Screen(store, case, press=press).says


def test_a_paper_that_is_printed_again_has_a_reason_and_a_spoiled_one_is_voided(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.do(CaseAct.PRINT_RECEIPT)
    screen.presenter.act(CaseAct.PRINT_RECEIPT)
    strip = screen.model.bar.confirm
    assert strip is not None and said(strip.fields[1].options[0].text) == "加印一份"
    screen.presenter.type_in("why", "SPOILED")
    screen.presenter.confirm(CaseAct.PRINT_RECEIPT)
    runs = [(run.state, run.reason) for run in store.view(screen.case).prints]
    assert runs == [(PrintState.VOIDED, a.PrintReason.FIRST), (PrintState.CONFIRMED, a.PrintReason.SPOILED)]
    assert any("打坏重打" in said(line.text) for line in screen.model.events)


def test_a_printer_without_paper_is_named_and_the_act_stays(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    screen.sheets.is_away = True
    screen.do(CaseAct.ACCEPT)
    assert store.view(screen.case).state is State.ACCEPTED
    assert screen.says == "受理通知书没打出来。 连不上打印机。件已存，看看电源和线，再按 Ctrl+P。"


def test_without_a_line_what_needs_it_is_not_offered_and_the_reason_is_said(store: Store) -> None:
    work = at_work(store, on_line=False)
    name = "个体工商户登记（设立）"
    case = receiving.receive(work, whole(work, name))
    screen = Screen(store, case, on_line=lambda: False)
    assert "accept" not in screen.acts
    assert "这一步要联网" in screen.says


def test_an_act_that_somebody_else_was_faster_with_is_refused_in_words(store: Store, press: Press) -> None:
    screen = Screen(store, taken_in(store, FOOD), press=press)
    work = at_counter(store)
    screen.presenter.act(CaseAct.ACCEPT)
    deciding.accept(work, store.view(screen.case))
    screen.presenter.confirm(CaseAct.ACCEPT)
    assert "办件到了别的环节" in screen.says or "不在本窗口" in screen.says
    assert screen.printed == []


def test_a_decision_that_came_late_is_named_and_adopted_with_one_key(store: Store) -> None:
    case = taken_in(store, FOOD)
    screen, work = Screen(store, case), at_counter(store)
    accept = a.Accept(docno="9")
    late = LateDecision(action=accept, person=PersonId("wu"), replica=ReplicaId("0101"))
    screen.presenter._arrived(replace(read(work, case.case), case=replace(case, late=late), late_by="吴敏敏"))
    assert CaseAct.ADOPT not in screen.acts
    assert barred(work, replace(case, late=late), accept)[CaseAct.ADOPT] is None
    seen = read(work, case.case)
    barred_now = {**seen.barred, CaseAct.ADOPT: None}
    screen.presenter._arrived(replace(seen, case=replace(case, late=late), late_by="吴敏敏", barred=barred_now))
    assert screen.model.banner is not None and said(screen.model.banner.text).startswith("吴敏敏 在接手之前已")
    assert screen.acts[CaseAct.ADOPT] == "F11"
    screen.presenter.act(CaseAct.ADOPT)
    now = store.view(case.case).acceptance
    assert now is not None and now.docno == "9"


def test_a_result_leads_to_the_issue_screen(store: Store) -> None:
    work = at_counter(store)
    case = deciding.accept(work, receiving.receive(work, whole(work, FOOD)))
    reviewer = replace(work, person=REVIEWER)
    case = deciding.sign(reviewer, deciding.claim(reviewer, case.case), a.Verdict.GRANT, "齐全。")
    second = replace(work, person=replace(REVIEWER, person=PersonId("chen")))
    case = deciding.sign(second, deciding.claim(second, case.case), a.Verdict.GRANT, "同意。")
    screen = Screen(store, case)
    assert screen.says.startswith("可以出件。")
    screen.presenter.act(CaseAct.ISSUE)
    assert steps(screen.desk) == [("issue", case.case)]


def test_answers_for_a_case_that_is_no_longer_in_front_are_dropped(store: Store) -> None:
    first, second = taken_in(store, FOOD), taken_in(store, HEALTH)
    background = Waiting()
    screen = Screen(store, first, background=background)
    screen.presenter.open(second.case)
    background.go()
    assert {said(model.head.item) for model in screen.view.models} == {"正在打开办件", HEALTH}


def test_a_case_that_changed_is_shown_anew(store: Store) -> None:
    screen = Screen(store, taken_in(store, FOOD))
    case = deciding.accept(at_counter(store), store.view(screen.case))
    screen.presenter.told([CasesChanged(changed=Changed(cases=frozenset({case.case})))])
    assert screen.model.head.state is not None
    assert said(screen.model.head.state.text) == "已受理"
    screen.presenter.cancel()
    assert steps(screen.desk) == [("back", None)]


def test_a_case_that_is_not_here_says_so(store: Store) -> None:
    screen = Screen(store, replace(taken_in(store, FOOD), case=receiving.new_case()))
    assert screen.says == "本机没有这个办件。件在区里，联网再查。"
