"""A section's own acts: the special procedure, the extension, the internal return, a note, the result made later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.counter import whole
from tests.support.desk import CLERK, REVIEWER, SECTION, TUESDAY, at_work, open_store
from yichuang_client.actions import deciding, receiving
from yichuang_client.actions.work import Work
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.case import Case, State
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import PersonId

FOOD = "食品经营许可（新办）"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture
def reviewer(store: Store) -> Work:
    return at_work(store, REVIEWER, now=TUESDAY + timedelta(hours=1))


@pytest.fixture
def claimed(store: Store, reviewer: Work) -> Case:
    clerk = at_work(store, CLERK)
    case = deciding.accept(clerk, receiving.receive(clerk, whole(clerk, FOOD)))
    return deciding.claim(reviewer, case.case)


def test_a_special_procedure_stops_the_clock_and_ends(reviewer: Work, claimed: Case) -> None:
    stopped = deciding.suspend(reviewer, claimed, a.Procedure.INSPECTION, "区检验检测中心", 10)
    assert stopped.state is State.SUSPENDED
    assert stopped.suspensions[-1].docno == "南市监许特〔2026〕137-1号"
    assert stopped.suspensions[-1].by == "区检验检测中心"
    going_on = deciding.resume(reviewer, stopped)
    assert going_on.state is State.IN_REVIEW
    assert going_on.suspensions[-1].to_on == date(2026, 11, 24)


def test_an_extension_is_granted_once(reviewer: Work, claimed: Case) -> None:
    longer = deciding.extend(reviewer, claimed, 10, "要实地核对", PersonId("guding"))
    assert longer.extension is not None
    assert longer.extension.docno == "南市监许延〔2026〕137-1号"
    with pytest.raises(Refused) as again:
        deciding.extend(reviewer, longer, 1, "还要几天", PersonId("guding"))
    assert again.value.reason is Reason.EXTENDED_ALREADY


def test_an_internal_return_frees_the_case_and_drops_the_opinions(reviewer: Work, claimed: Case) -> None:
    returned = deciding.return_internally(reviewer, claimed, "申请书第 2 页是别人的")
    assert (returned.holder, returned.opinions) == (None, ())
    assert returned.returned is not None
    assert returned.returned.value == "申请书第 2 页是别人的"


def test_a_note_goes_to_the_file_and_changes_nothing_else(reviewer: Work, claimed: Case) -> None:
    noted = deciding.note(reviewer, claimed.case, "已电话核对地址")
    assert noted.steps[-1].name == "Noted"
    assert noted.state is claimed.state


def test_a_decision_without_its_result_is_made_ready_later(store: Store, reviewer: Work, claimed: Case) -> None:
    signed = deciding.sign(reviewer, claimed, a.Verdict.GRANT, "材料齐全。")
    other = at_work(store, replace(REVIEWER, person=PersonId("chenliqun")), now=TUESDAY + timedelta(hours=2))
    case = deciding.claim(other, signed.case)
    step = (case.case, a.Verify(verdict=a.Verdict.GRANT, text=other.seal("同意。")))
    decided = other.do(step, (case.case, a.Grant(docno="1号"))).cases[case.case]
    assert decided.state is State.DECIDED
    ready = deciding.make_ready(other, decided)
    assert ready.state is State.READY_TO_ISSUE
    assert [made.name for made in ready.certificates] == ["食品经营许可证"]


def test_the_people_of_a_section_are_known_by_name(reviewer: Work) -> None:
    assert [person.name for person in reviewer.store.people.of_section(SECTION.section)] == ["周航"]
