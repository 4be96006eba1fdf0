"""Papers that go to the sections: the batch, its slip, the signed slip, its differences; real store and press."""

from __future__ import annotations

import pypdfium2

from tests.support.counter import WORDS, Shown, a_desk, at_counter, steps, whole, with_printer
from tests.support.desk import SECTION
from tests.support.printer import Sheets
from yichuang_client.actions import deciding, handover, receiving
from yichuang_client.documents.press import Press
from yichuang_client.presenters.casework import event_lines
from yichuang_client.presenters.handover import HandoverPresenter
from yichuang_client.presenters.handover_model import COMING, HERE, SENT, Seen, Standing, handover_model
from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.queues import HandoverAct, QueueAct, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues import QueuePresenter
from yichuang_client.store.store import Store
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case, PrintState

FOOD = "食品经营许可（新办）"


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


class Screen:
    """The screen, with a printer beside it."""

    def __init__(self, store: Store, press: Press) -> None:
        self.view, self.sheets, self.store = Shown(), Sheets(), store
        self.desk = a_desk(store, equipment=with_printer(self.sheets), press=press)
        self.presenter = HandoverPresenter(self.view, self.desk)
        self.presenter.open()

    @property
    def model(self) -> QueueModel:
        """What is shown."""
        model: QueueModel = self.view.last
        return model

    @property
    def keys(self) -> list[str]:
        """The cases in their order."""
        return [row.key for row in self.model.table.rows]

    @property
    def says(self) -> str:
        """The action bar's sentence."""
        return said(self.model.bar.sentence.lead)

    def do(self, act: HandoverAct, **typed: str) -> None:
        """Ask, type, confirm."""
        self.presenter.act(act)
        for key, text in typed.items():
            self.presenter.type_in(key, text)
        self.presenter.confirm(act)


def accepted(store: Store) -> Case:
    """An accepted case with its papers."""
    work = at_counter(store)
    return deciding.accept(work, receiving.receive(work, whole(work, FOOD)))


def slip_runs(store: Store, case: Case) -> list[PrintState]:
    """What the case's log says of its slips."""
    return [run.state for run in store.view(case.case).prints if run.paper is PaperKind.HANDOVER]


def test_ctrl_h_leads_from_the_list_of_cases_to_the_hand_over(store: Store, press: Press) -> None:
    desk = a_desk(store)
    view = Shown()
    presenter = QueuePresenter(view, desk, ScreenName.CASES)
    presenter.open()
    assert "Ctrl+H" in [act.key for act in view.last.bar.acts]
    presenter.act(QueueAct.HAND_OVER)
    assert steps(desk) == [("handover", None)]


def test_a_batch_goes_with_a_slip_and_counts_when_both_have_signed(store: Store, press: Press) -> None:
    first, second = accepted(store), accepted(store)
    screen = Screen(store, press)
    assert screen.keys == [first.case, second.case]
    screen.do(HandoverAct.SEND, person="钱以宁", bag="FQ-000318")
    assert screen.says == "交接单已打印：" and said(screen.model.bar.sentence.hint) == "330402-0137-B20261124-01"
    assert screen.keys == [] and slip_runs(store, first) == [PrintState.STARTED]
    document = pypdfium2.PdfDocument(screen.sheets.papers[0])
    words = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    document.close()
    assert SECTION.name in words and "钱以宁" in words and first.number in words and second.number in words
    screen.presenter.filter(SENT)
    assert screen.keys == [first.case, second.case]
    screen.do(HandoverAct.AGREE)
    assert slip_runs(store, first) == slip_runs(store, second) == [PrintState.CONFIRMED]
    assert any("双方签字相符" in said(line.text) for line in event_lines(at_counter(store), store.view(first.case)))
    assert Screen(store, press).keys == []


def test_a_difference_is_noted_and_the_case_stands_in_the_list_again(store: Store, press: Press) -> None:
    first, second = accepted(store), accepted(store)
    screen = Screen(store, press)
    screen.do(HandoverAct.SEND)
    screen.presenter.filter(SENT)
    screen.presenter.select(second.case)
    screen.presenter.act(HandoverAct.DIFFER)
    strip = screen.model.bar.confirm
    assert strip is not None and not strip.can_confirm and said(strip.blocked_text) == "写清差在哪，再记下。"
    screen.presenter.type_in("text", "少平面图 1 页")
    screen.presenter.select(first.case)
    strip = screen.model.bar.confirm
    assert strip is not None and strip.fields[0].text == "", "what is typed for one case is not said of another"
    screen.presenter.select(second.case)
    screen.presenter.confirm(HandoverAct.DIFFER)
    assert slip_runs(store, second) == [PrintState.VOIDED] and slip_runs(store, first) == [PrintState.STARTED]
    screen.presenter.filter(HERE)
    assert screen.keys == [second.case]
    lines = event_lines(at_counter(store), store.view(second.case))
    assert any("记下：少平面图 1 页" in said(line.text) for line in lines)
    screen.do(HandoverAct.SEND)
    assert slip_runs(store, second) == [PrintState.VOIDED, PrintState.STARTED]


def test_a_slip_that_did_not_come_out_is_told_and_printed_again(store: Store, press: Press) -> None:
    case = accepted(store)
    screen = Screen(store, press)
    screen.sheets.is_away = True
    screen.do(HandoverAct.SEND)
    assert "连不上设备" in screen.says and slip_runs(store, case) == [PrintState.STARTED]
    screen.sheets.is_away = False
    screen.presenter.filter(SENT)
    screen.presenter.act(HandoverAct.PRINT)
    assert len(screen.sheets.papers) == 1 and slip_runs(store, case) == [PrintState.STARTED]


def test_a_section_signs_for_one_case_or_the_batch_and_prints_nothing(store: Store, press: Press) -> None:
    first, second = accepted(store), accepted(store)
    Screen(store, press).do(HandoverAct.SEND)
    work = at_counter(store)
    seen = Seen(
        here=(),
        sent=handover.on_their_way(work),
        sections={SECTION.section: SECTION.name},
        today=work.today,
        calendar=store.people.calendar,
        is_section=True,
    )
    now = Standing(
        seen=seen, shown=COMING, selected=second.case, asked=HandoverAct.TAKE, typed={}, notice=None, is_busy=False
    )
    model = handover_model(now)
    assert [row.key for row in model.table.rows] == [first.case, second.case]
    assert [said(choice.text) for choice in model.filters] == ["待签收 2"]
    assert [act.key for act in model.bar.acts] == ["F8", "F9", "F10", "Enter", "Esc"]
    assert said(model.bar.sentence.lead) == "这一批 2 件，请当面清点。"
    assert model.bar.confirm is not None
    assert said(model.bar.confirm.title) == f"{second.number} 的材料都收齐了？"
