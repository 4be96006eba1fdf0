"""The four lists: their cases, counts and acts, and finding a case here or at the district; on the real store."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.support.counter import WORDS, Line, Shown, Waiting, a_desk, an_intake, at_counter, steps, whole
from tests.support.desk import HALL, TUESDAY, at_work, open_store
from yichuang_client.actions import deciding, receiving
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Text, Tone
from yichuang_client.presenters.models.queues import QueueAct, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues import QueuePresenter
from yichuang_client.presenters.queues_finding import ByNumber, ByToken, ByWords, read_query
from yichuang_client.presenters.queues_reading import PAGE
from yichuang_client.store.case_rows import Queue
from yichuang_client.store.exchange_values import Changed
from yichuang_client.store.store import Store
from yichuang_client.sync import status
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import CasesChanged
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId
from yichuang_domain.numbering import make_case_number

FOOD = "食品经营许可（新办）"
HEALTH = "公共场所卫生许可（新办）"


class Screen:
    """One list."""

    def __init__(self, desk: Desk, screen: ScreenName) -> None:
        self.view = Shown()
        self.desk = desk
        self.presenter = QueuePresenter(self.view, desk, screen)
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
        """The banner."""
        assert self.model.banner is not None
        return said(self.model.banner.text)


def said(text: Text) -> str:
    """The words of a text."""
    return WORDS.say(text)


def taken_in(store: Store, name: str = FOOD, *, days_ago: int = 0) -> Case:
    """A received case."""
    work = at_counter(store, now=TUESDAY - timedelta(days=days_ago))
    return receiving.receive(work, whole(work, name))


def test_a_list_says_when_it_may_be_old(store: Store) -> None:
    taken_in(store)
    line = Line()
    screen = Screen(a_desk(store, line=line, on_line=lambda: False), ScreenName.CASES)
    assert not screen.model.bar.sentence.hint  # without a session the district still tells what is new
    line.status = replace(line.status, line=status.Line.OFFLINE)
    screen.presenter.told(())
    assert said(screen.model.bar.sentence.hint) == "离线，数据到上次同步为止"


def test_my_cases_begin_with_what_is_to_be_accepted_the_most_urgent_first(store: Store) -> None:
    late, fresh = taken_in(store, days_ago=8), taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    assert screen.keys == [late.case, fresh.case]
    assert screen.model.filter == Queue.TO_ACCEPT.name
    assert said(screen.model.title) == "我的办件 2"
    row = screen.model.table.rows[0]
    assert row.tone is Tone.DANGER and row.chip is not None
    assert said(row.chip.text) == "超 1 日"
    assert [said(cell) for cell in row.cells] == [FOOD, "顾*", "未到区里 · 等窗口受理", "11-23", late.number]
    assert said(screen.model.bar.sentence.lead) == "1 件超时："
    assert [said(f.text) for f in screen.model.filters][:2] == ["待受理 2", "要您处理 0"]
    assert screen.model.table.selected == late.case


def test_a_filter_shows_another_list_and_an_empty_one_says_so(store: Store) -> None:
    taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    screen.presenter.filter(Queue.TODAY.name)
    assert len(screen.keys) == 1
    screen.presenter.filter(Queue.RETURNED.name)
    assert screen.keys == []
    assert said(screen.model.table.empty) == "没有退回的件。"
    assert [act.id for act in screen.model.bar.acts] == [QueueAct.REFRESH, QueueAct.HAND_OVER]


def test_the_selection_follows_the_case_when_the_list_changes(store: Store) -> None:
    first, second = taken_in(store, days_ago=3), taken_in(store)
    screen = Screen(a_desk(store), ScreenName.CASES)
    screen.presenter.select(second.case)
    deciding.accept(at_counter(store), first)
    screen.presenter.told([CasesChanged(changed=Changed(cases=frozenset({first.case})))])
    assert screen.keys == [second.case]
    assert screen.model.table.selected == second.case


def test_enter_leads_where_the_list_is_for(store: Store) -> None:
    work = at_counter(store)
    case = receiving.receive(work, an_intake(work, FOOD, ("application",)))
    points = [deciding.Point(material="layout", reason="没有", remedy="补")]
    deciding.tell_supplement(work, case, points)
    screen = Screen(a_desk(store), ScreenName.SUPPLEMENTS)
    assert screen.keys == [case.case]
    screen.presenter.open(case.case)
    screen.presenter.act(QueueAct.OPEN)
    assert steps(screen.desk) == [("supplement", case.case)] * 2


def test_a_case_that_came_back_complete_lies_free_and_is_claimed(store: Store) -> None:
    work = at_counter(store)
    case = receiving.receive(work, an_intake(work, FOOD, ("application", "licence", "rules", "place_leased", "health")))
    told = deciding.tell_supplement(work, case, [deciding.Point(material="layout", reason="没有", remedy="补")])
    came = replace(whole(work, FOOD).materials[0], material="layout")
    receiving.bring_supplement(work, told.case, [came], [])
    screen = Screen(a_desk(store), ScreenName.CASES)
    assert [act.key for act in screen.model.bar.acts] == ["Enter", "F8", "F5", "Ctrl+H", "Ctrl+E"]
    screen.presenter.act(QueueAct.CLAIM)
    assert store.view(case.case).holder == store.desk.replica
    assert steps(screen.desk) == [("case", case.case)]


def test_a_claim_that_is_refused_says_why(store: Store) -> None:
    work = at_counter(store)
    case = receiving.receive(work, an_intake(work, FOOD, ("application", "licence", "rules", "place_leased", "health")))
    told = deciding.tell_supplement(work, case, [deciding.Point(material="layout", reason="没有", remedy="补")])
    came = replace(whole(work, FOOD).materials[0], material="layout")
    receiving.bring_supplement(work, told.case, [came], [])
    screen = Screen(a_desk(store, on_line=lambda: False), ScreenName.CASES)
    screen.presenter.act(QueueAct.CLAIM)
    assert screen.says == "这一步要联网。您写的都在，线路通了再办。"


def test_the_search_finds_by_number_name_and_phone_on_this_desk(store: Store) -> None:
    case = taken_in(store)
    screen = Screen(a_desk(store), ScreenName.SEARCH)
    assert screen.keys == []
    for query in (case.number, case.number.replace("-", ""), "顾小燕", "5521"):
        screen.presenter.search(query)
        assert screen.keys == [case.case], query
    screen.presenter.search("没有这个人")
    assert screen.keys == []
    assert said(screen.model.table.empty).startswith("本机没有这样的件")


def test_a_receipt_opens_its_case_whether_scanned_as_code_or_as_address(store: Store) -> None:
    case = taken_in(store)
    token = case.token.value or ""
    for query in (token, f"https://yc.example.gov.cn/q/{token}", f"https://yc.example.gov.cn/q/{token}#AQEA"):
        screen = Screen(a_desk(store, on_line=lambda: False), ScreenName.SEARCH)
        screen.presenter.search(query)
        assert steps(screen.desk) == [("case", case.case)]
        assert screen.model.clear_query == 1
    assert store.rows.by_token(hashlib.sha256(b"other").hexdigest()) is None


def test_a_case_of_another_place_is_opened_by_its_receipt_once_it_has_come(store: Store) -> None:
    line = Line()
    line.answer = CaseId("e" * 32)
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    screen.presenter.search("T" * 22)
    assert line.asked == [("T" * 22, "", "")]
    assert screen.model.progress is not None
    assert steps(screen.desk) == []
    deed = store.outbox.list()[0].deed
    assert [act.action for act in deed.acts] == [a.Open(means=a.OpenMeans.TOKEN)]
    screen.presenter.told([CasesChanged(changed=Changed(recorded=(deed.deed,)))])
    assert steps(screen.desk) == []
    arrived(store, line.answer)
    screen.presenter.told([CasesChanged(changed=Changed(cases=frozenset({line.answer})))])
    assert steps(screen.desk) == [("case", line.answer)]


def arrived(store: Store, case: CaseId) -> None:
    """The district has sent the case."""
    work = at_work(store)
    receiving.receive(work, replace(whole(work, FOOD), case=case))


def test_a_case_of_another_place_is_found_by_number_and_whole_identity_number(store: Store) -> None:
    line = Line()
    line.answer = CaseId("e" * 32)
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    number = make_case_number("330402", "0138", TUESDAY.date(), 1)
    screen.presenter.search(f"{number} 11010519491231002x")
    assert line.asked == [("", number, "11010519491231002X")]
    assert [act.action for act in store.outbox.list()[0].deed.acts] == [a.Open(means=a.OpenMeans.NUMBER_AND_ID)]


def test_number_and_identity_of_a_case_that_is_here_ask_nobody(store: Store) -> None:
    line, case = Line(), taken_in(store)
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    screen.presenter.search(f"{case.number} 11010519491231002X")
    assert line.asked == []
    assert steps(screen.desk) == [("case", case.case)]


def test_a_number_that_is_not_here_says_what_else_is_needed(store: Store, tmp_path: Path) -> None:
    number = taken_in(store).number
    other = open_store(tmp_path / "other", replica="0138")
    screen = Screen(a_desk(other), ScreenName.SEARCH)
    screen.presenter.search(number)
    assert screen.says == "本机没有这一件。"
    other.close()


def test_without_a_line_another_place_is_out_of_reach_and_that_is_said(store: Store) -> None:
    screen = Screen(a_desk(store, on_line=lambda: False), ScreenName.SEARCH)
    screen.presenter.search("T" * 22)
    assert screen.says == "离线，只查得到本机的件。线路通了再扫一次。"
    assert store.outbox.unsent() == 0


def test_a_receipt_that_nobody_knows_says_so(store: Store) -> None:
    line = Line()
    line.answer = TransportError(TransportReason.NOT_FOUND)
    screen = Screen(a_desk(store, line=line), ScreenName.SEARCH)
    screen.presenter.search("T" * 22)
    assert screen.says == "没找到。请核对后再查。"


def test_what_was_typed_is_read_as_receipt_number_or_words() -> None:
    today = TUESDAY.date()
    number = make_case_number("330402", "0137", today, 1)
    token = "Ab_-" + "x" * 18
    assert read_query(token, today) == ByToken(token=token)
    assert read_query(f"http://h:8080/q/{token}#A", today) == ByToken(token=token)
    assert read_query(number.lower(), today) == ByWords(text=number.lower(), is_number=True)
    assert read_query(f"{number} 11010519491231002x", today) == ByNumber(number=number, id_number="11010519491231002X")
    assert read_query(f"11010519491231002X {number}", today) == ByNumber(number=number, id_number="11010519491231002X")
    assert read_query("顾小燕", today) == ByWords(text="顾小燕")


def test_what_comes_back_for_an_older_search_is_dropped(store: Store) -> None:
    case = taken_in(store)
    background = Waiting()
    screen = Screen(a_desk(store, background=background), ScreenName.SEARCH)
    screen.presenter.search(case.number)
    screen.presenter.search("没有")
    background.go()
    assert screen.keys == []


def test_a_long_list_is_read_page_by_page_and_shows_all_of_it(store: Store) -> None:
    case = taken_in(store)
    row = store.rows.find(case.case)
    assert row is not None
    for n in range(999):
        store.rows.keep(replace(row, case_id=CaseId(f"{n:032x}"), place=HALL.place if n % 100 == 0 else row.place))
    background = Waiting()
    screen = Screen(a_desk(store, background=background), ScreenName.CASES)
    background.go()
    assert len(set(screen.keys)) == len(screen.keys) == 1000
    shown = [len(model.table.rows) for model in screen.view.models]
    assert shown == sorted(shown), "lines that were seen stay"
    assert PAGE in shown, "the first page is seen before the rest"
    assert {
        len(model.table.rows) for model in screen.view.models if any(a.key == "Ctrl+E" for a in model.bar.acts)
    } == {1000}, "what is exported is the whole list"
    before = len(screen.view.models)
    store.rows.delete(CaseId(f"{7:032x}"))
    screen.presenter.told([CasesChanged(changed=Changed())])
    background.go()
    assert len(screen.keys) == 999
    assert min(len(model.table.rows) for model in screen.view.models[before:]) == 999, "nothing jumps meanwhile"


def test_another_list_is_read_at_once_though_a_long_one_is_not_done(store: Store) -> None:
    row = store.rows.find(taken_in(store).case)
    assert row is not None
    for n in range(PAGE):
        store.rows.keep(replace(row, case_id=CaseId(f"{n:032x}")))
    background = Waiting()
    screen = Screen(a_desk(store, background=background), ScreenName.CASES)
    screen.presenter.filter(Queue.PAUSED.name)
    background.go()
    assert (screen.model.filter, screen.keys) == (Queue.PAUSED.name, [])


def test_what_the_sync_loop_tells_in_the_middle_of_a_search_does_not_lose_it(store: Store) -> None:
    line, background = Line(), Waiting()
    line.answer = CaseId("e" * 32)
    screen = Screen(a_desk(store, line=line, background=background), ScreenName.SEARCH)
    screen.presenter.search("T" * 22)
    screen.presenter.told([CasesChanged(changed=Changed())])
    arrived(store, line.answer)
    background.go()
    assert steps(screen.desk) == [("case", line.answer)]
