"""What is typed and not handed in when the window closes: kept at once on every screen, and there again afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from tests.client.presenters.test_issue import granted
from tests.support.counter import Shown, a_desk, an_intake, at_counter, whole
from tests.support.intake_clerk import FOOD, IntakeClerk, a_counter
from yichuang_client.actions import deciding, receiving
from yichuang_client.bootstrap.workplace import _PRESENTERS
from yichuang_client.presenters.case import CasePresenter
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.handover import HandoverPresenter
from yichuang_client.presenters.issue import IssuePresenter
from yichuang_client.presenters.jotting import Keeping
from yichuang_client.presenters.models.common import Bar, Field
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.models.queues import CaseAct, HandoverAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.supplement import SupplementPresenter
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store

NOTHING_TO_KEEP = {
    ScreenName.BRIEFING: "nothing is typed there",
    ScreenName.SCAN: "every page and turn of it is durable when it is done",
    ScreenName.CASES: "a query is no work",
    ScreenName.SUPPLEMENTS: "a query is no work",
    ScreenName.ISSUES: "a query is no work",
    ScreenName.SEARCH: "a query may be a person's number",
    ScreenName.SHIFT: "nothing is typed there",
    ScreenName.SYNC: "a medium's place is proposed anew",
    ScreenName.DEVICES: "a choice is kept when it is made",
}
"""Screens with which nothing is lost when the window closes, and why."""


class Never:
    """A clock whose pause never ends: whoever types closes the window before."""

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """As ``Later.after``."""
        return lambda: None

    def post(self, call: Callable[[], None]) -> None:
        """As ``Later.post``."""
        call()


def in_a_hurry(store: Store) -> Desk:
    """A desk at which no pause in typing ends."""
    return replace(a_desk(store), later=Never())


def strip_of(view: Shown) -> dict[str, str]:
    """The fields of the strip that asks."""
    bar: Bar = view.last.bar
    assert bar.confirm is not None
    return texts(bar.confirm.fields)


def texts(fields: tuple[Field, ...]) -> dict[str, str]:
    """Field to text."""
    return {field.key: field.text for field in fields}


def test_every_screen_keeps_what_is_typed_or_has_nothing_to_keep() -> None:
    for screen, (module, name) in _PRESENTERS.items():
        kind = getattr(import_module(f"yichuang_client.presenters.{module}"), name)
        assert issubclass(kind, Keeping) is (screen not in NOTHING_TO_KEEP), screen


def test_an_intake_and_its_strips_are_there_again(store: Store) -> None:
    clerk = IntakeClerk(store, replace(a_counter(store), later=Never()))
    clerk.take_food()
    clerk.screen.enter("name")
    clerk.screen.type_in("name", "顾小燕")
    clerk.screen.act(IntakeAct.DECLINE)
    clerk.screen.type_in("ground", "WRONG_OFFICE")
    clerk.screen.type_in("office", "区水利局窗口")
    clerk.screen.keep()
    again = IntakeClerk(store)
    (draft,) = again.start.drafts
    again.screen.open_draft(draft.draft)
    assert again.field("name").text == "顾小燕"
    again.screen.act(IntakeAct.DECLINE)
    assert texts(again.strip.fields) == {"ground": "WRONG_OFFICE", "office": "区水利局窗口", "reason": ""}
    again.screen.cancel()
    again.screen.act(IntakeAct.DECLINE)
    assert texts(again.strip.fields)["office"] == "区水利局窗口", "返回 takes nothing away"


def test_the_strips_of_a_case_are_there_again_each_its_own(store: Store) -> None:
    case = receiving.receive(at_counter(store), an_intake(at_counter(store), FOOD, ("application",)))
    presenter = CasePresenter(Shown(), in_a_hurry(store))
    presenter.open(case.case)
    presenter.act(CaseAct.DECLINE)
    presenter.type_in("reason", "这件事由水利局办")
    presenter.cancel()
    presenter.act(CaseAct.WITHDRAW)
    presenter.type_in("reason", "改天再来")
    presenter.keep()
    view = Shown()
    again = CasePresenter(view, in_a_hurry(store))
    again.open(case.case)
    again.act(CaseAct.WITHDRAW)
    assert strip_of(view)["reason"] == "改天再来"
    again.cancel()
    again.act(CaseAct.DECLINE)
    assert strip_of(view)["reason"] == "这件事由水利局办"
    again.confirm(CaseAct.DECLINE)
    again.keep()
    draft = store.drafts.find(case.case, DraftKind.CASE)
    assert draft is not None and draft.body == {"withdraw": {"reason": "改天再来"}}


def test_what_is_typed_for_one_case_is_not_kept_under_the_next(store: Store) -> None:
    work = at_counter(store)
    first, second = (receiving.receive(work, an_intake(work, FOOD)) for _ in range(2))
    presenter = CasePresenter(Shown(), in_a_hurry(store))
    for case, reason in ((first, "一"), (second, "二")):
        presenter.open(case.case)
        presenter.act(CaseAct.WITHDRAW)
        presenter.type_in("reason", reason)
    presenter.keep()
    kept = [store.drafts.find(case.case, DraftKind.CASE) for case in (first, second)]
    assert [draft.body["withdraw"]["reason"] for draft in kept if draft is not None] == ["一", "二"]


def test_who_brings_a_supplement_is_there_again(store: Store) -> None:
    work = at_counter(store)
    case = receiving.receive(work, an_intake(work, FOOD))
    deciding.tell_supplement(work, case, [deciding.Point(material="layout", reason="没有", remedy="补一张")])
    presenter = SupplementPresenter(Shown(), in_a_hurry(store))
    presenter.open(case.case)
    presenter.type_in("name", "钱以宁")
    presenter.keep()
    view = Shown()
    SupplementPresenter(view, in_a_hurry(store)).open(case.case)
    assert texts(view.last.person)["name"] == "钱以宁"


def test_who_signs_for_a_result_is_there_again_and_its_number_while_it_is_the_next(store: Store) -> None:
    case = granted(store)
    presenter = IssuePresenter(Shown(), in_a_hurry(store))
    presenter.open(case.case)
    presenter.choose_method("POST")
    presenter.type_in("recipient", "钱以宁")
    presenter.type_in("serial", "A0000007")
    presenter.type_in("signed", "yes")
    presenter.keep()
    view = Shown()
    again = IssuePresenter(view, in_a_hurry(store))
    again.open(case.case)
    again.select_paper("CERTIFICATE")
    now = texts(view.last.fields)
    assert (view.last.method, now["recipient"], now["serial"]) == ("POST", "钱以宁", "A0000007")
    assert now["signed"] != "yes", "a signature is looked at once more"
    kept = store.drafts.find(case.case, DraftKind.ISSUE)
    assert kept is not None
    store.drafts.save(replace(kept, body={**kept.body, "following": "A0000003"}))
    IssuePresenter(view, in_a_hurry(store)).open(case.case)
    assert texts(view.last.fields).get("serial", "") != "A0000007", "another sheet was used since"


def test_who_takes_papers_along_is_there_again_and_the_difference_of_its_case(store: Store) -> None:
    work = at_counter(store)
    first, second = (deciding.accept(work, receiving.receive(work, whole(work, FOOD))) for _ in range(2))
    presenter = HandoverPresenter(Shown(), in_a_hurry(store))
    presenter.open()
    presenter.act(HandoverAct.SEND)
    presenter.type_in("person", "钱以宁")
    presenter.keep()
    view = Shown()
    again = HandoverPresenter(view, in_a_hurry(store))
    again.open()
    again.act(HandoverAct.SEND)
    assert strip_of(view)["person"] == "钱以宁"
    assert {first.case, second.case} == {row.key for row in view.last.table.rows}
