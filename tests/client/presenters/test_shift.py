"""The day at the desk: figures by person, the print ledger and its acts, the closing sheet; real store and press."""

from __future__ import annotations

import pypdfium2

from tests.support.counter import WORDS, Shown, a_desk, an_intake, at_counter, steps, whole, with_printer
from tests.support.printer import Sheets
from yichuang_client.actions import deciding, issuing, receiving
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.queues import QueueModel, ShiftAct
from yichuang_client.presenters.shift import ShiftPresenter
from yichuang_client.presenters.shift_model import LEDGER
from yichuang_client.store.store import Store
from yichuang_domain.actions import DeclineGround, PaperKind

FOOD = "食品经营许可（新办）"


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


class Screen:
    """The screen, with a printer beside it."""

    def __init__(self, store: Store, press: Press) -> None:
        self.view, self.sheets = Shown(), Sheets()
        self.desk = a_desk(store, equipment=with_printer(self.sheets), press=press)
        self.presenter = ShiftPresenter(self.view, self.desk)
        self.presenter.open()

    @property
    def model(self) -> QueueModel:
        """What is shown."""
        model: QueueModel = self.view.last
        return model

    @property
    def cells(self) -> list[list[str]]:
        """The lines."""
        return [[said(cell) for cell in row.cells] for row in self.model.table.rows]


def a_day(store: Store) -> None:
    """Two accepted cases and one declined, of which one has a certificate sheet spoiled and one without an outcome."""
    work = at_counter(store)
    cases = [deciding.accept(work, receiving.receive(work, whole(work, FOOD))) for _ in range(2)]
    bad = deciding.declination(work, DeclineGround.WRONG_OFFICE, "不归本区管", "市局，电话 0573-5550 0100")
    receiving.receive(work, an_intake(work, FOOD, ("application",)), bad)
    spoiled = issuing.start_print(work, cases[0].case, PaperKind.CERTIFICATE, "A1")
    issuing.void_print(work, cases[0].case, spoiled)
    issuing.start_print(work, cases[0].case, PaperKind.CERTIFICATE, "A2")


def test_the_day_is_counted_by_person(store: Store, press: Press) -> None:
    assert said(Screen(store, press).model.table.empty) == "今天本窗口还没有办件。"
    a_day(store)
    assert Screen(store, press).cells == [["李敏", "3", "2", "0", "1", "0", "0"]]


def test_a_print_without_an_outcome_is_ended_in_the_ledger(store: Store, press: Press) -> None:
    a_day(store)
    screen = Screen(store, press)
    assert said(screen.model.bar.sentence.lead) == "1 张打印没结果。"
    screen.presenter.filter(LEDGER)
    assert [line[1] for line in screen.cells] == ["A2", "A1"]
    assert [act.key for act in screen.model.bar.acts] == ["Ctrl+P", "Enter", "F9", "F10"]
    screen.presenter.act(ShiftAct.CONFIRM)
    assert said(screen.model.bar.sentence.lead) == "证照纸用了 1 张，作废 1 张。"
    screen.presenter.act(ShiftAct.VOID)
    strip = screen.model.bar.confirm
    assert strip is not None and "A2" in said(strip.title)
    screen.presenter.confirm(ShiftAct.VOID)
    assert all(row.is_muted for row in screen.model.table.rows) and store.prints.unfinished() == ()
    screen.presenter.act(ShiftAct.OPEN)
    assert steps(screen.desk)[0][0] == "case"


def test_the_closing_sheet_says_the_day_and_its_stock(store: Store, press: Press) -> None:
    a_day(store)
    screen = Screen(store, press)
    screen.presenter.act(ShiftAct.PRINT)
    assert said(screen.model.bar.sentence.hint) == "330402-0137-D20261124"
    document = pypdfium2.PdfDocument(screen.sheets.papers[0])
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "李敏" in words and "A1" in words and store.outbox.last()[1][:4].upper() in words
    assert "没结果的打印" in words.replace("\r\n", "")
