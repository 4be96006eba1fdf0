"""交接单: the slip with which a counter's papers go to a section, printed from the list of the day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from tests.support.counter import Shown, at_counter, both, whole
from tests.support.desk import open_store
from tests.support.intake_clerk import FOOD, NOWHERE, a_counter
from tests.support.ipp_printer import IPPPrinterProcess
from yichuang_client.actions import deciding, receiving
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.queues import QueueAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues import QueuePresenter
from yichuang_client.store.case_rows import Queue
from yichuang_client.store.store import Store
from yichuang_domain.actions import DeclineGround, PaperKind
from yichuang_domain.case import Case, PrintState


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


def taken_in(store: Store) -> Case:
    """A case with all of its papers."""
    work = at_counter(store)
    return receiving.receive(work, whole(work, FOOD))


def runs(store: Store, case: Case) -> list[tuple[PaperKind, PrintState]]:
    """What the case's log says of its papers."""
    return [(run.paper, run.state) for run in store.view(case.case).prints]


def test_todays_papers_go_to_the_section_with_a_slip(store: Store, tmp_path: Path) -> None:
    first, second, declined = (taken_in(store) for _ in range(3))
    deciding.decline(at_counter(store), declined, DeclineGround.NOT_REQUIRED, "不需要许可")
    view = Shown()
    with IPPPrinterProcess(tmp_path / "printer") as printer, Press() as press:
        equipment = Equipment(cast(Any, None), (("printer", IPPPrinter(printer.uri)),), print_service=NOWHERE)
        screen = QueuePresenter(view, a_counter(store, press=press, equipment=equipment), ScreenName.CASES)
        screen.open()
        screen.act(QueueAct.HANDOVER)
        assert printer.printed() == [], "only the list of the day has slips"
        screen.filter(Queue.TODAY.name)
        printer.plan("abort")
        screen.act(QueueAct.HANDOVER)
        assert runs(store, first) == runs(store, second) == [(PaperKind.HANDOVER, PrintState.STARTED)]
        printer.plan("print")
        screen.act(QueueAct.HANDOVER)
        sentence = view.last.bar.sentence
        assert both(sentence.lead, sentence.hint) == (
            "2 件已上交接单。 交 区市场监管局·市场准入科，当面清点签名",
            "2 cases are on a slip. For 区市场监管局·市场准入科; count and sign together",
        )
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(printer.printed()[-1]))
        assert "物料流转交接单" in text and first.number in text and second.number in text
        assert declined.number not in text and "李敏" in text
        assert (PaperKind.HANDOVER, PrintState.CONFIRMED) in runs(store, first)
        came = len(printer.printed())
        screen.act(QueueAct.HANDOVER)
        sentence = view.last.bar.sentence
        assert both(sentence.lead)[0] == "没有要交接的件。" and len(printer.printed()) == came
