"""F3 in the search and at the issuance: the applicant's card finds the cases, here and at the district."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.client.presenters.test_issue import granted
from tests.client.presenters.test_queue_lists import a_found
from tests.client.presenters.test_queues import FOOD, Screen, said
from tests.support.cards import Laid, message, with_reader
from tests.support.counter import APPLICANT, Line, Waiting, a_desk, at_counter, steps, whole
from tests.support.desk import TUESDAY, at_work
from yichuang_client.actions import receiving
from yichuang_client.devices.card_reading import CardFault
from yichuang_client.presenters.models.queues import QueueAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.store.exchange_values import Changed
from yichuang_client.store.store import Store
from yichuang_client.sync.case_search import FoundCase, FoundCases
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import CasesChanged
from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.ids import CaseId, MatterId
from yichuang_domain.numbering import make_case_number

CARD = message(number=APPLICANT.id_number, name=APPLICANT.name)
AWAY = make_case_number("330402", "0138", TUESDAY.date(), 1)
OTHER = make_case_number("330402", "0138", TUESDAY.date(), 2)


class District(Line):
    """The district as far as a card goes."""

    def __init__(self, *rows: FoundCase) -> None:
        super().__init__()
        self.rows = rows
        self.cards: list[tuple[str, str]] = []

    def cases_by_card(self, person: str, id_number: str, name: str) -> FoundCases:
        """As ``DeskSession.cases_by_card``."""
        self.cards.append((id_number, name))
        if isinstance(self.answer, Exception):
            raise self.answer
        return FoundCases(rows=self.rows, has_more=False)


def a_screen(store: Store, screen: ScreenName, line: Line, laid: Laid | None = None, **more: Any) -> Screen:
    """A list at a desk with a reader on which the applicant's card lies."""
    return Screen(a_desk(store, line=line, equipment=with_reader(laid or Laid(card=CARD)), **more), screen)


def away(number: str = AWAY, case: str = "e" * 32, **more: Any) -> FoundCase:
    """A case of another place."""
    return replace(a_found(number, CaseId(case)), **more)


def took(store: Store, name: str = APPLICANT.name) -> CaseId:
    """A case taken in here."""
    work = at_counter(store)
    return receiving.receive(work, replace(whole(work, FOOD), applicant=replace(APPLICANT, name=name))).case


def test_the_card_lists_what_its_holder_has_in_the_district(store: Store) -> None:
    mine = took(store)
    line = District(away(), away(OTHER, "d" * 32, state=State.CONCLUDED))
    screen = a_screen(store, ScreenName.SEARCH, line)
    assert [act.key for act in screen.model.bar.acts if act.id == QueueAct.READ_CARD] == ["F3"]
    screen.presenter.act(QueueAct.READ_CARD)
    assert line.cards == [(APPLICANT.id_number, APPLICANT.name)]
    assert screen.keys == [mine, AWAY, OTHER]  # what has ended comes last
    assert said(screen.model.bar.sentence.lead) == "顾* 的件，共 3 件。"
    assert APPLICANT.id_number not in repr(screen.view.models) and APPLICANT.name not in repr(screen.view.models)
    screen.presenter.open(mine)
    assert steps(screen.desk) == [("case", mine)]
    screen.presenter.told(())
    assert screen.model.table.rows == ()  # the next citizen finds nothing of the last one


def test_a_case_of_another_place_is_opened_by_the_card_once_it_has_come(store: Store) -> None:
    took(store)
    screen = a_screen(store, ScreenName.SEARCH, line := District(away(), away(OTHER, "d" * 32)))
    screen.presenter.act(QueueAct.READ_CARD)
    screen.presenter.select(AWAY)
    assert QueueAct.OPEN in [act.id for act in screen.model.bar.acts]
    screen.presenter.act(QueueAct.OPEN)
    deed = store.outbox.list()[-1].deed
    assert [(act.case, act.action) for act in deed.acts] == [("e" * 32, a.Open(means=a.OpenMeans.CARD))]
    assert screen.model.progress is not None and steps(screen.desk) == []
    came = CaseId("e" * 32)
    work = at_work(store)
    receiving.receive(work, replace(whole(work, FOOD), case=came))
    screen.presenter.told([CasesChanged(changed=Changed(cases=frozenset({came})))])
    assert steps(screen.desk) == [("case", came)] and len(line.cards) == 1


def test_a_matter_is_opened_as_a_whole(store: Store) -> None:
    matter = MatterId("a" * 32)
    rows = (away(matter=matter), away(OTHER, "d" * 32, matter=matter))
    screen = a_screen(store, ScreenName.SEARCH, District(*rows))
    screen.presenter.act(QueueAct.READ_CARD)
    screen.presenter.open(OTHER)
    assert [act.case for act in store.outbox.list()[-1].deed.acts] == ["d" * 32, "e" * 32]


def test_the_one_result_that_waits_is_opened_to_be_handed_out(store: Store) -> None:
    took(store)
    ready = granted(store)
    screen = a_screen(store, ScreenName.ISSUES, District())
    screen.presenter.act(QueueAct.READ_CARD)
    assert screen.keys[0] == ready.case
    assert steps(screen.desk) == [("issue", ready.case)]


def test_at_the_issuance_a_case_that_is_not_ready_is_shown_not_issued(store: Store) -> None:
    mine = took(store)
    screen = a_screen(store, ScreenName.ISSUES, District())
    screen.presenter.act(QueueAct.READ_CARD)
    assert steps(screen.desk) == [("case", mine)]


def test_without_a_line_the_cases_of_this_desk_are_listed_and_that_is_said(store: Store) -> None:
    cases = [took(store), took(store)]
    screen = a_screen(store, ScreenName.SEARCH, line := District(away()), on_line=lambda: False)
    screen.presenter.act(QueueAct.READ_CARD)
    assert line.cards == [] and sorted(screen.keys) == sorted(cases)
    assert said(screen.model.bar.sentence.hint) == "没有联网，只查了本机"


def test_a_card_of_nobody_known_says_so(store: Store) -> None:
    screen = a_screen(store, ScreenName.SEARCH, District())
    screen.presenter.act(QueueAct.READ_CARD)
    assert said(screen.model.table.empty) == "全区没有这个人的件。"


@pytest.mark.parametrize(
    ("fault", "words"), [(CardFault.NO_CARD, "没等到身份证"), (CardFault.EXPIRED, "身份证过了有效期，请换有效证件")]
)
def test_a_card_that_was_not_read_says_why_and_asks_nobody(store: Store, fault: CardFault, words: str) -> None:
    screen = a_screen(store, ScreenName.SEARCH, line := District(), Laid(fault=fault))
    screen.presenter.act(QueueAct.READ_CARD)
    assert words in screen.says and line.cards == []
    assert [act.key for act in screen.model.bar.acts if act.id == QueueAct.READ_CARD] == ["F3"]


def test_too_many_looks_are_said(store: Store) -> None:
    line = District()
    line.answer = TransportError(TransportReason.TOO_MANY_TRIES)
    screen = a_screen(store, ScreenName.SEARCH, line)
    screen.presenter.act(QueueAct.READ_CARD)
    assert screen.says


def test_escape_stops_a_reading_and_stays_on_the_page(store: Store) -> None:
    machines = Waiting()
    screen = a_screen(store, ScreenName.SEARCH, line := District(), machines=machines)
    screen.presenter.act(QueueAct.READ_CARD)
    assert screen.model.progress is not None and screen.model.progress.can_cancel
    screen.presenter.cancel()
    machines.go()
    assert screen.model.progress is None and line.cards == [] and steps(screen.desk) == []
    screen.presenter.cancel()
    assert steps(screen.desk) == [("back", None)]


def test_a_desk_without_a_reader_offers_no_card(store: Store) -> None:
    screen = Screen(a_desk(store), ScreenName.SEARCH)
    assert QueueAct.READ_CARD not in [act.id for act in screen.model.bar.acts]
    with_lists = a_screen(store, ScreenName.CASES, District())
    with_lists.presenter.act(QueueAct.READ_CARD)
    assert with_lists.model.progress is None
