"""A batch of paper originals between a counter and its section: each side at its own desk, the district between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.client.sync.seats import Seat, new_case, now, taking
from tests.support.counter import WORDS, Shown, a_desk, with_printer
from tests.support.printer import Sheets
from yichuang_client.actions.work import Work
from yichuang_client.documents.press import Press
from yichuang_client.presenters.handover import HandoverPresenter
from yichuang_client.presenters.handover_model import COMING, HERE, SENT
from yichuang_client.presenters.models.queues import HandoverAct, QueueModel
from yichuang_domain import actions as a
from yichuang_domain.case import Case, PrintState
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import CaseId


class Papers:
    """The hand-over screen at one desk."""

    def __init__(self, seat: Seat, press: Press | None = None) -> None:
        store, person = seat.session.store, seat.person
        assert person is not None
        doer = seat.session.doer(person)
        work = Work(store=store, person=doer.person, lease=doer.lease, has_session=lambda: True)
        desk = a_desk(store, equipment=with_printer(Sheets()), press=press)
        self.view = Shown()
        self.presenter = HandoverPresenter(self.view, replace(desk, work=lambda: work))
        self.presenter.open()

    @property
    def model(self) -> QueueModel:
        """What is shown."""
        model: QueueModel = self.view.last
        return model

    @property
    def keys(self) -> set[str]:
        """The cases of the list."""
        return {row.key for row in self.model.table.rows}

    def do(self, act: HandoverAct, case: CaseId | None = None, **typed: str) -> None:
        """Choose a case, ask, type, confirm."""
        if case is not None:
            self.presenter.select(case)
        self.presenter.act(act)
        for key, text in typed.items():
            self.presenter.type_in(key, text)
        self.presenter.confirm(act)


def is_sent(case: Case) -> bool:
    return any(run.paper is a.PaperKind.HANDOVER for run in case.prints)


@pytest.mark.long
def test_the_section_signs_case_by_case_and_the_counter_sees_what_is_missing(new_seat: Callable[[str], Seat]) -> None:
    counter, section = new_seat("counter"), new_seat("section")
    counter.enrol("fengqiao")
    counter.sit("wuminmin")
    section.enrol("hall", "market")
    section.sit("zhoujing")
    item, desk, cases = counter.item(AcceptBy.COUNTER), counter.session.store.desk, [new_case() for _ in range(3)]
    for case in cases:
        number = counter.session.store.serials.next_case_number(desk.district_code, desk.replica, now().date())
        counter.do(case, taking(item, number))
        counter.do(case, a.Accept(docno=f"受{number[-6:]}"))
    counter.sent()
    with Press() as press:
        papers = Papers(counter, press)
        assert papers.keys == set(cases)
        papers.do(HandoverAct.SEND)
        counter.sent()
    for case in cases:
        section.has(case, is_sent)

    there = Papers(section)
    assert [choice.key for choice in there.model.filters] == [COMING]
    assert there.keys == set(cases)
    assert [act.key for act in there.model.bar.acts] == ["F8", "F9", "F10", "Enter", "Esc"]
    there.do(HandoverAct.DIFFER, cases[1], text="少平面图 1 页")
    there.do(HandoverAct.TAKE, cases[0])
    there.do(HandoverAct.AGREE, cases[2])
    assert there.keys == set()
    section.sent()

    ended = [PrintState.CONFIRMED, PrintState.VOIDED, PrintState.CONFIRMED]
    for case, state in zip(cases, ended, strict=True):
        counter.has(case, lambda seen, state=state: seen.prints[-1].state is state)  # type: ignore[misc]
    papers.presenter.open()
    papers.presenter.filter(SENT)
    assert papers.keys == set()
    papers.presenter.filter(HERE)
    assert papers.keys == {cases[1]}
    assert WORDS.say(papers.model.table.rows[0].cells[2]).endswith("（上次不符）")
    runs = {case: counter.session.store.prints.of(case)[-1].state for case in cases}
    assert list(runs.values()) == ended
