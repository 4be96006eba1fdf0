"""一件事的补正与不予受理: told and declined at the intake, item by item, under one receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from tests.client.presenters.test_matters import ANSWERS, LOST_WORK, TEXTS, the_matter
from tests.support.counter import a_page, at_counter, with_printer
from tests.support.desk import open_store, sample_items, sample_matters
from tests.support.intake_clerk import IntakeClerk, a_counter, say
from tests.support.printer import Sheets
from yichuang_client.actions import matters, papers
from yichuang_client.documents.paper_data import ReceiptData, SupplementData
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.store import Store
from yichuang_domain.actions import DeclineGround, PaperKind
from yichuang_domain.case import Case, State
from yichuang_domain.material import required

IDENTITY, LEAVING, BANK = "p1_identity", "p2_leaving", "p2_bank"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, items=(*sample_items(), *sample_matters()))
    yield opened
    opened.close()


def at_matter(clerk: IntakeClerk, *but: str, **answers: str) -> IntakeClerk:
    """The matter in hand, every paper scanned and compared but these."""
    clerk.choose(LOST_WORK)
    for question, option in {**ANSWERS, **answers}.items():
        clerk.screen.answer(question, option)
    for key, text in TEXTS.items():
        clerk.type(key, text)
    tray = clerk.tray()
    keys = [material.key for material in required(the_matter(), ANSWERS) if material.key not in but]
    tray.changed(tuple(a_page(at_counter(clerk.store), tray.case, key, n) for n, key in enumerate(keys, 1)))
    for key in keys:
        clerk.screen.material_states(key)
    return clerk


def tell(clerk: IntakeClerk) -> tuple[Case, ...]:
    """F10 as it is suggested."""
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    for field in clerk.strip.fields:
        clerk.screen.type_in(field.key, say(field.suggested))
    clerk.screen.confirm(IntakeAct.TELL_SUPPLEMENT)
    return matters.in_order(clerk.cases())


def told(case: Case) -> list[str]:
    """The papers that its notice names."""
    return [point.material for point in case.supplement.points] if case.supplement is not None else []


def acts_of(store: Store) -> list[str]:
    """The acts of the deed that took the matter in."""
    return [type(act.action).__name__ for act in store.outbox.list()[0].deed.acts]


def test_what_lacks_papers_is_told_and_the_rest_is_accepted_in_the_deed_of_the_receipt(store: Store) -> None:
    clerk = at_matter(IntakeClerk(store), LEAVING, BANK)
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    lines = [say(line) for line in clerk.strip.lines]
    assert "出补正告知书：失业保险金申领" in lines and "材料齐，同时受理：失业登记　社会保障卡补领" in lines
    assert not clerk.strip.can_confirm
    clerk.screen.cancel()
    cases = tell(clerk)
    assert [case.state for case in cases] == [State.ACCEPTED, State.SUPPLEMENT_ASKED, State.ACCEPTED]
    assert [told(case) for case in cases] == [[], ["leaving", "bank"], []]
    assert acts_of(store).count("Receive") == 3 and acts_of(store)[-3:] == ["Accept", "TellSupplement", "Accept"]
    assert "已收件并告知补正" in clerk.banner()


@pytest.mark.long
def test_one_receipt_prints_and_the_notice_only_of_what_lacks_papers(store: Store, press: Press) -> None:
    sheets = Sheets()
    clerk = at_matter(IntakeClerk(store, a_counter(store, press=press, equipment=with_printer(sheets))), LEAVING)
    tell(clerk)
    pages = [pypdfium2.PdfDocument(paper)[0] for paper in sheets.papers]
    printed = ["".join(page.get_textpage().get_text_range().split()) for page in pages]
    titles = ("接收回执", "收件材料单", "受理通知书", "一次性补正告知书")
    assert [sum(title in text[:80] for text in printed) for title in titles] == [1, 2, 2, 1], printed


def test_a_paper_that_all_ask_for_is_asked_about_once_and_told_to_each(store: Store) -> None:
    clerk = at_matter(IntakeClerk(store), IDENTITY)
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    assert [field.key for field in clerk.strip.fields] == [f"reason.{IDENTITY}", f"remedy.{IDENTITY}"]
    clerk.screen.cancel()
    cases = tell(clerk)
    assert [told(case) for case in cases] == [["identity"]] * 3
    work = at_counter(store)
    notices = [papers.facts(work, case, PaperKind.SUPPLEMENT) for case in cases]
    assert len({notice.docno for notice in notices if isinstance(notice, SupplementData)}) == 3
    receipts = [papers.facts(work, case, PaperKind.RECEIPT) for case in cases]
    assert len({said.case_number for said in receipts if isinstance(said, ReceiptData)}) == 1


def test_without_a_line_what_its_section_must_hear_of_at_once_is_only_received(store: Store) -> None:
    clerk = at_matter(IntakeClerk(store, a_counter(store, on_line=lambda: False)), LEAVING)
    offline = {item.code: item.accepts_offline for item in sample_items()}
    cases = tell(clerk)
    assert told(cases[1]) == ["leaving"]
    for case in (cases[0], cases[2]):
        assert case.state is (State.ACCEPTED if offline[case.item] else State.RECEIVED)


def test_what_was_seen_and_not_scanned_is_neither_told_nor_accepted(store: Store) -> None:
    clerk = at_matter(IntakeClerk(store), LEAVING, p3_agent="agent")  # and the agent has no card
    clerk.screen.material_states(LEAVING)
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    assert "这次只收件：失业保险金申领" in [say(line) for line in clerk.strip.lines]
    clerk.screen.cancel()
    assert [case.state for case in tell(clerk)] == [State.ACCEPTED, State.RECEIVED, State.SUPPLEMENT_ASKED]


def test_a_matter_is_declined_whole_each_item_with_its_reason_and_office(store: Store) -> None:
    clerk = at_matter(IntakeClerk(store), LEAVING)
    clerk.screen.act(IntakeAct.DECLINE)
    assert [field.key for field in clerk.strip.fields] == ["ground", "reason.1", "reason.2", "reason.3"]
    clerk.screen.confirm(IntakeAct.DECLINE)
    assert store.outbox.list() == ()
    clerk.screen.type_in("ground", DeclineGround.WRONG_OFFICE.name)
    clerk.screen.type_in("reason.1", "社保关系在外区")
    assert not clerk.strip.can_confirm  # another office decides, and nobody said which
    clerk.screen.type_in("office.1", "经开区人力社保局")
    clerk.screen.type_in("office.3", "市社保中心")
    clerk.screen.type_in("reason.3", "卡由市里补")
    clerk.screen.confirm(IntakeAct.DECLINE)
    cases = matters.in_order(clerk.cases())
    assert [case.state for case in cases] == [State.DECLINED] * 3
    said = [(d.right_office, d.reason.value) for case in cases if (d := case.declination) is not None]
    first = ("经开区人力社保局", "社保关系在外区")
    assert said == [first, first, ("市社保中心", "卡由市里补")]
    assert len({case.declination.docno for case in cases if case.declination}) == 3
    assert acts_of(store).count("Receive") == acts_of(store).count("Decline") == 3
