"""一件事 at the counter: one form, each paper once, one receipt, and results that go out together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from tests.support.counter import Shown, a_desk, a_page, at_counter, with_printer
from tests.support.desk import TUESDAY, open_store, sample_items, sample_matters
from tests.support.intake_clerk import ID, IntakeClerk, say
from tests.support.printer import Sheets
from yichuang_client.actions import issuing, matters, papers
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import ReceiptData
from yichuang_client.documents.press import Press
from yichuang_client.presenters import case_seen
from yichuang_client.presenters.issue import IssuePresenter
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.models.queues import CaseAct, IssueAct
from yichuang_client.presenters.queues_rows import Today, rows
from yichuang_client.store.case_rows import Queue, Viewer
from yichuang_client.store.store import Store
from yichuang_domain.actions import Claim, Deliver, DeliveryMethod, Grant, MakeReady, PaperKind, SignOpinion, Verdict
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId
from yichuang_domain.material import required

ANSWERS = {"p2_why": "ended", "p3_agent": "self"}
TEXTS = {"name": "王𬭎", "id_number": ID, "phone": "13800005521", "form.p1_skill": "厨师", "form.p1_wish": "餐饮"}
LOST_WORK = "失业一件事"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, items=(*sample_items(), *sample_matters()))
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store) -> IntakeClerk:
    """A clerk with the matter in hand: asked, typed, scanned once, compared."""
    made = IntakeClerk(store)
    made.choose(LOST_WORK)
    for question, option in ANSWERS.items():
        made.screen.answer(question, option)
    for key, text in TEXTS.items():
        made.type(key, text)
    tray = made.tray()
    keys = [material.key for material in required(the_matter(), ANSWERS)]
    tray.changed(tuple(a_page(at_counter(store), tray.case, key, n) for n, key in enumerate(keys, 1)))
    made.screen.act(IntakeAct.SEE_ALL_ORIGINALS)
    return made


def the_matter() -> ItemVersion:
    return next(item for item in sample_matters() if item.name == LOST_WORK)


def test_a_matter_is_found_by_its_everyday_name_and_asks_once(clerk: IntakeClerk, store: Store) -> None:
    names = [say(row.name) for row in clerk.form.materials.rows]
    assert len(names) == len(set(names)) == 3  # the identity card of three items is one paper
    clerk.screen.cancel()
    clerk.screen.search("丢了工作")
    assert the_matter().code in [hit.code for hit in clerk.start.search.hits]


def test_one_deed_takes_all_in_under_one_token_with_each_items_own_papers(clerk: IntakeClerk, store: Store) -> None:
    clerk.screen.act(IntakeAct.RECEIVE)
    (deed,) = store.outbox.list()
    cases = clerk.cases()
    assert len(cases) == 3 and {type(act.action).__name__ for act in deed.deed.acts} == {"Receive", "AttachPage"}
    matter = cases[0].matter
    assert matter is not None and all(case.matter == matter for case in cases)
    assert len({case.token.value for case in cases}) == 1 and len({case.number for case in cases}) == 3
    assert matter.number not in {case.number for case in cases} and matter.number in clerk.banner()
    assert [sorted(m.material for m in case.materials) for case in matters.in_order(cases)] == [
        ["identity"],
        ["bank", "identity", "leaving"],
        ["identity"],
    ]
    owners = {case.page_owner for case in cases}
    shared = {page.page for case in cases for page in case.pages if page.material == "identity"}
    assert owners == {matter.matter} and len(shared) == 1
    assert {stored.name.hash for stored in store.pages.of(matter.matter)} == {p.page for c in cases for p in c.pages}
    fields = {case.item: [f.key for f in case.fields] for case in cases}
    assert [fields[code] for code in matter.items] == [["skill", "wish"], [], []]


def test_what_is_missing_keeps_every_case_from_being_taken_in(clerk: IntakeClerk, store: Store) -> None:
    clerk.type("phone", "")
    assert clerk.act(IntakeAct.RECEIVE).blocked_by == "phone"
    clerk.screen.act(IntakeAct.RECEIVE)
    assert store.outbox.list() == ()
    assert [clerk.act(act).reason for act in (IntakeAct.TELL_SUPPLEMENT, IntakeAct.DECLINE)] == ["field", "field"]
    clerk.type("phone", TEXTS["phone"])
    assert [clerk.act(act).reason for act in (IntakeAct.TELL_SUPPLEMENT, IntakeAct.DECLINE)] == ["nothing_to_tell", ""]


def test_a_matter_goes_on_from_its_draft_with_its_pages(clerk: IntakeClerk, store: Store) -> None:
    draft = clerk.tray().case
    clerk.screen.cancel()
    again = IntakeClerk(store)
    again.screen.open_draft(draft)
    assert again.act(IntakeAct.ACCEPT).is_enabled
    again.screen.act(IntakeAct.RECEIVE)
    assert len(again.cases()) == 3 and again.cases()[0].page_owner == draft


def accepted(clerk: IntakeClerk) -> tuple[Case, ...]:
    """F9: all accepted in the deed that takes them in."""
    clerk.screen.act(IntakeAct.ACCEPT)
    clerk.screen.confirm(IntakeAct.ACCEPT)
    return matters.in_order(clerk.cases())


def test_all_are_accepted_in_the_same_deed_and_the_receipt_is_one(clerk: IntakeClerk, store: Store) -> None:
    cases = accepted(clerk)
    assert [case.state for case in cases] == [State.ACCEPTED] * 3
    assert len({case.acceptance.docno for case in cases if case.acceptance}) == 3
    assert len({row.deed.deed for row in store.outbox.list() if "Receive" in repr(row.deed.acts)}) == 1
    for case in cases:  # the receipt of each is that of the matter
        said = papers.facts(at_counter(store), case, PaperKind.RECEIPT)
        assert isinstance(said, ReceiptData) and case.matter is not None
        assert (said.case_number, said.item) == (case.matter.number, LOST_WORK)
        assert [line.text for line in said.cases] == [one.number for one in cases]
        assert sorted(row.name for row in said.materials) == sorted(m.name for m in required(the_matter(), ANSWERS))
        assert said.qr is not None and said.qr.endswith(case.token.value or "?")


def test_the_receipt_of_a_matter_prints_every_number(clerk: IntakeClerk, store: Store, press: Press) -> None:
    cases = accepted(clerk)
    said = papers.facts(at_counter(store), cases[1], PaperKind.RECEIPT)
    for paper in (Paper.RECEIPT, Paper.RECEIPT_ROLL):
        pdf = pypdfium2.PdfDocument(press.render(paper, said.to_data(), timestamp=TUESDAY))
        text = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
        assert len(pdf) == 1 and all(case.number in text for case in cases)
        assert cases[0].matter is not None and cases[0].matter.number in text and "一并办理3件" in text


def test_lists_and_the_case_name_the_matter_and_what_else_was_handed_in(clerk: IntakeClerk, store: Store) -> None:
    cases = accepted(clerk)
    matter = cases[1].matter
    assert matter is not None
    today = Today(on=local_day(TUESDAY), calendar=store.people.calendar, sections={})
    found = store.rows.of_matter(matter.matter)
    named = [say(row.cells[0]) for row in rows(found, today)]
    assert [row.case_id for row in found] == [case.case for case in cases]
    assert [f"{LOST_WORK} {n}/3" in text for n, text in enumerate(named, 1)] == [True] * 3
    viewer = Viewer(replica=store.desk.replica, place=store.desk.place, section=None, on=local_day(TUESDAY))
    assert [row.case_id for row in store.queue(Queue.TODAY, viewer)] == [case.case for case in cases]
    assert {row.case_id for row in store.rows.search(matter.number)} == {case.case for case in cases}
    said = [f"{say(fact.label)} {say(fact.value)}" for fact in case_seen.read(at_counter(store), cases[1].case).facts]
    assert any(matter.number in line for line in said)
    assert all(any(case.number in line for line in said) for case in (cases[0], cases[2]))
    assert "跑动次数 1次" in said


def granted(work: Work, case: CaseId) -> None:
    """The section's whole work on one case, by its reviewer, at once."""
    work.do((case, Claim()))
    work.do((case, SignOpinion(verdict=Verdict.GRANT, text=work.seal("同意"))))
    work.do((case, Grant(docno="准1")), (case, MakeReady()))


def test_results_go_out_together_and_conclude_in_one_deed(clerk: IntakeClerk, store: Store, press: Press) -> None:
    cases = accepted(clerk)
    reviewer = a_reviewer(store)
    granted(reviewer, cases[0].case)
    view, sheets = Shown(), Sheets()
    desk = a_desk(store, equipment=with_printer(sheets), press=press)
    screen = IssuePresenter(view, desk)
    screen.open(cases[0].case)
    assert say(view.last.bar.sentence.lead) == "一件事还有2件未办好"
    assert IssueAct.DELIVER not in [act.id for act in view.last.bar.acts]
    for case in cases[1:]:
        granted(reviewer, case.case)
    screen.open(cases[0].case)
    for _ in range(len(view.last.papers)):
        screen.type_in("serial", f"A{_:07d}")
        screen.act(IssueAct.PRINT)
        screen.act(IssueAct.CONFIRM_PRINT)
    assert {paper.key.split(".")[0] for paper in view.last.papers} >= {"GRANT", "2", "3"}
    screen.type_in("signed", "yes")
    screen.act(IssueAct.DELIVER)
    before = len(store.outbox.list())
    screen.confirm(IssueAct.DELIVER)
    assert len(store.outbox.list()) == before + 1
    assert [store.view(case.case).state for case in cases] == [State.CONCLUDED] * 3


def test_the_applicant_may_take_what_is_ready_before_the_rest(clerk: IntakeClerk, store: Store, press: Press) -> None:
    cases = accepted(clerk)
    reviewer, work = a_reviewer(store), at_counter(store)
    for case in cases[:2]:
        granted(reviewer, case.case)
    with pytest.raises(Refused) as caught:
        issuing.deliver(work, [cases[0].case], DeliveryMethod.COUNTER, "本人", ahead=True)  # one is left behind
    assert caught.value.reason is Reason.MATTER_APART
    with pytest.raises(Refused):
        issuing.deliver(work, [case.case for case in cases[:2]], DeliveryMethod.COUNTER, "本人")
    assert CaseAct.ISSUE in [act for act, bar in case_seen.read(work, cases[0].case).barred.items() if bar is None]
    view = Shown()
    screen = IssuePresenter(view, a_desk(store, equipment=with_printer(Sheets()), press=press))
    screen.open(cases[0].case)
    assert [field.key for field in view.last.fields] == ["ahead"]
    screen.type_in("ahead", "ahead")
    for n in range(len(view.last.papers)):
        screen.type_in("serial", f"A{n:07d}")
        screen.act(IssueAct.PRINT)
        screen.act(IssueAct.CONFIRM_PRINT)
    screen.type_in("signed", "yes")
    screen.act(IssueAct.DELIVER)
    screen.confirm(IssueAct.DELIVER)
    states = [store.view(case.case).state for case in cases]
    assert states[:2] == [State.CONCLUDED] * 2 and states[2] is State.ACCEPTED
    acts = [act.action for act in store.outbox.list()[-1].deed.acts]
    assert [act.ahead for act in acts if isinstance(act, Deliver)] == [True] * 2


def a_reviewer(store: Store) -> Work:
    """Somebody of the section, for whom this desk stands in: the state machine asks only who holds and who may."""
    from tests.support.desk import REVIEWER

    section = next(item.section for item in sample_items() if item.code == the_matter().items[0].code)
    return replace(at_counter(store), person=replace(REVIEWER, section=section))
