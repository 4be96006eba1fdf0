"""A result is corrected by a new case: from the concluded case to the one that names it; on the real store."""

from __future__ import annotations

from tests.client.presenters.test_case import Screen, said
from tests.client.presenters.test_case_copies import handed_out
from tests.client.presenters.test_issue import granted
from tests.support.counter import a_page, at_counter, steps
from tests.support.desk import REVIEWER
from tests.support.intake_clerk import FIELDS, IntakeClerk
from yichuang_client.documents.press import Press
from yichuang_client.presenters.casework import case_facts
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.models.queues import CaseAct
from yichuang_client.store.store import Store
from yichuang_domain.case import Case
from yichuang_domain.material import required


def begun(store: Store, press: Press) -> tuple[Case, IntakeClerk]:
    """The draft that Ctrl+G on a concluded case leads to, in hand."""
    case = handed_out(store)
    screen = Screen(store, case, press=press)
    assert screen.acts["reopen"] == "Ctrl+G"
    screen.do(CaseAct.REOPEN)
    way, draft = steps(screen.desk)[-1]
    assert way == "intake"
    clerk = IntakeClerk(store)
    clerk.screen.open(draft)
    return case, clerk


def test_a_correction_begins_with_what_is_known_and_names_the_case(store: Store, press: Press) -> None:
    case, clerk = begun(store, press)
    assert clerk.banner() == f"更正 {case.number}：改好要更正的内容 | 材料重新核对，按新件受理"
    assert clerk.field("name").text == "顾小燕"
    assert clerk.field("form.address").text == "凤桥镇桃园路 1 号"
    assert not clerk.form.materials.rows[0].thumbnails
    clerk.type("form.address", "凤桥镇桃园路 11 号")
    tray, work = clerk.tray(), at_counter(store)
    item = work.store.catalogue.current(case.item)
    keys = [m.key for m in required(item, {a.question: a.option for a in case.answers}) if m.needs_scan]
    tray.changed(tuple(a_page(work, tray.case, key, n) for n, key in enumerate(keys, 1)))
    for key in ("form.opening_on", "form.scope"):
        clerk.type(key, FIELDS[key])
    clerk.screen.act(IntakeAct.RECEIVE)
    made = store.view(tray.case)
    assert made.corrects == case.case
    facts = {said(fact.label): said(fact.value) for fact in case_facts(work, made)}
    assert facts["更正的件"] == case.number
    assert store.view(case.case) == case


def test_only_what_was_handed_out_is_corrected_and_only_at_a_counter(store: Store, press: Press) -> None:
    assert "reopen" not in Screen(store, granted(store), press=press).acts
    assert "reopen" not in Screen(store, handed_out(store, "A0000033"), press=press, person=REVIEWER).acts
