"""Papers on their way through a printer that runs out of paper, is stopped, or breaks off: what a person is told."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from tests.support.counter import WORDS, Immediate, a_desk, at_counter, whole, with_printer
from tests.support.printer import Sheets
from yichuang_client.actions import receiving
from yichuang_client.devices.equipment import Condition
from yichuang_client.devices.errors import Trouble
from yichuang_client.documents.press import Press
from yichuang_client.presenters.casework_prints import Order, Outcome, Prints
from yichuang_client.store.store import Store
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case, PrintState

T = TypeVar("T")
PATIENCE_S = 20


class Aside:
    """A background with a thread of its own: the printer may wait there."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """As ``Background.run``."""
        threading.Thread(target=lambda: Immediate().run(work, done, failed), daemon=True).start()


class Run:
    """One row of papers on its way."""

    def __init__(self, store: Store, press: Press, sheets: Sheets, *papers: PaperKind) -> None:
        work = at_counter(store)
        self.case: Case = receiving.receive(work, whole(work, "食品经营许可（新办）"))
        self.heard: queue.Queue[str] = queue.Queue()
        self.ended: queue.Queue[Outcome] = queue.Queue()
        desk = a_desk(store, machines=Aside(), equipment=with_printer(sheets), press=press)
        self.equipment = desk.equipment
        self.prints = Prints(desk, self._changed)
        self.prints.start(self.case.case, [Order(paper=paper) for paper in papers], self.ended.put)

    def _changed(self) -> None:
        sentence = self.prints.sentence
        if sentence is not None and sentence.hint != "":
            self.heard.put(WORDS.say(sentence.hint))


def test_a_printer_without_paper_is_named_while_it_waits_and_goes_on_when_loaded(store: Store, press: Press) -> None:
    sheets = Sheets()
    sheets.trouble = Trouble.FEEDER_EMPTY
    run = Run(store, press, sheets, PaperKind.RECEIPT)
    assert run.heard.get(timeout=PATIENCE_S) == "打印机没纸了。件已存，装纸后会接着打。"
    assert run.equipment.printer_condition == Condition(is_known=True, trouble=Trouble.FEEDER_EMPTY)
    assert not run.prints.start(run.case.case, [Order(paper=PaperKind.RECEIPT)], run.ended.put)
    sheets.load()
    assert run.ended.get(timeout=PATIENCE_S) == Outcome(printed=(PaperKind.RECEIPT,))
    assert run.equipment.printer_condition == Condition(is_known=True)
    assert [r.state for r in store.prints.of(run.case.case)] == [PrintState.CONFIRMED]


def test_a_stopped_paper_ends_the_row_and_its_run_stays_visible(store: Store, press: Press) -> None:
    sheets = Sheets()
    sheets.trouble = Trouble.JAM
    run = Run(store, press, sheets, PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP)
    run.heard.get(timeout=PATIENCE_S)
    run.prints.stop()
    outcome = run.ended.get(timeout=PATIENCE_S)
    assert (outcome.printed, outcome.missing) == ((), PaperKind.RECEIPT)
    assert WORDS.say(outcome.trouble) == "打印已停下。件已存，要打再按 Ctrl+P。"
    assert [r.state for r in store.prints.of(run.case.case)] == [PrintState.STARTED]
    assert len(store.prints.unfinished()) == 1


def test_papers_of_a_row_come_out_in_their_order(store: Store, press: Press) -> None:
    sheets = Sheets()
    run = Run(store, press, sheets, PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP)
    assert run.ended.get(timeout=PATIENCE_S).printed == (PaperKind.RECEIPT, PaperKind.MATERIAL_SLIP)
    assert len(sheets.papers) == 2


def test_a_paper_that_has_nothing_to_say_names_itself(store: Store, press: Press) -> None:
    run = Run(store, press, Sheets(), PaperKind.ACCEPTANCE)
    outcome = run.ended.get(timeout=PATIENCE_S)
    assert outcome.missing is PaperKind.ACCEPTANCE
    assert WORDS.say(outcome.sentence.lead) == "受理通知书没打出来。"
