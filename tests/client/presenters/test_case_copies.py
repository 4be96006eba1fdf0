"""A second copy of a certificate that was handed out: its reason, its stock, its mark; on the real store and press."""

from __future__ import annotations

import pypdfium2
import pytest

from tests.client.presenters.test_case import Screen, said
from tests.client.presenters.test_issue import granted, refused
from tests.support.counter import at_counter
from yichuang_client.actions import issuing
from yichuang_client.documents.press import Press
from yichuang_client.presenters.models.queues import CaseAct
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.actions import PrintReason
from yichuang_domain.case import Case, PrintState


def words(pdf: bytes) -> str:
    return "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def handed_out(store: Store, serial: str = "A0000009") -> Case:
    """A case whose certificate went out on this stock."""
    work, case = at_counter(store), granted(store)
    run = issuing.start_print(work, case.case, a.PaperKind.CERTIFICATE, serial)
    issuing.confirm_print(work, case.case, run)
    issuing.deliver(work, [case.case], a.DeliveryMethod.POST, "顾小燕")
    return store.view(case.case)


def runs(store: Store, case: Case) -> list[tuple[str, PrintReason, PrintState]]:
    found = [run for run in store.view(case.case).prints if run.paper is a.PaperKind.CERTIFICATE]
    return [(run.serial, run.reason, run.state) for run in found]


@pytest.mark.parametrize(("why", "mark"), [("LOST", "原件遗失补发"), ("COPY", "加印")])
def test_a_further_copy_is_a_duplicate_on_the_next_number(store: Store, press: Press, why: str, mark: str) -> None:
    case = handed_out(store)
    screen = Screen(store, case, press=press)
    screen.presenter.act(CaseAct.PRINT_RECEIPT)
    screen.presenter.type_in("paper", "CERTIFICATE_1")
    screen.presenter.type_in("why", why)
    strip = screen.model.bar.confirm
    assert strip is not None
    assert {f.key: f.text for f in strip.fields} == {"paper": "CERTIFICATE_1", "why": why, "serial": "A0000010"}
    assert said(strip.confirm_label).endswith("食品经营许可证")
    screen.presenter.confirm(CaseAct.PRINT_RECEIPT)
    found = words(screen.sheets.papers[0])
    assert f"（副本，{mark}2026年11月24日）" in found
    first, second = runs(store, case)
    assert first == ("A0000009", PrintReason.FIRST, PrintState.CONFIRMED)
    assert second == ("A0000010", PrintReason[why], PrintState.STARTED)
    assert said(screen.model.bar.sentence.hint) == "编号纸 A0000010：到班次台账按 F9 确认"


def test_a_spoiled_copy_is_void_and_its_successor_says_the_same(store: Store, press: Press) -> None:
    case = handed_out(store)
    screen = Screen(store, case, press=press)
    screen.do(CaseAct.PRINT_RECEIPT, paper="CERTIFICATE_1", why="LOST")
    screen.do(CaseAct.PRINT_RECEIPT, paper="CERTIFICATE_1", why="SPOILED")
    assert [(serial, state) for serial, _, state in runs(store, case)] == [
        ("A0000009", PrintState.CONFIRMED),
        ("A0000010", PrintState.VOIDED),
        ("A0000011", PrintState.STARTED),
    ]
    assert "副本，原件遗失补发" in words(screen.sheets.papers[1])


def test_a_used_number_is_refused_before_anything_is_printed(store: Store, press: Press) -> None:
    screen = Screen(store, handed_out(store), press=press)
    screen.do(CaseAct.PRINT_RECEIPT, paper="CERTIFICATE_1", why="LOST", serial="A0000009")
    assert screen.sheets.papers == []


def test_before_the_delivery_and_without_a_certificate_there_is_none(store: Store, press: Press) -> None:
    for case in (granted(store), refused(store)):
        screen = Screen(store, case, press=press)
        screen.presenter.act(CaseAct.PRINT_RECEIPT)
        strip = screen.model.bar.confirm
        assert strip is not None
        assert not any(option.key.startswith("CERTIFICATE") for option in strip.fields[0].options)
