"""A counter's and a reviewer's deeds on the real encrypted store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.desk import REVIEWER, SECTION, TUESDAY, at_work, open_store, sample_items
from yichuang_client.actions import deciding, issuing, receiving
from yichuang_client.actions.receiving import Intake, IntakeError, IntakeFault, Typed
from yichuang_client.actions.work import Work
from yichuang_client.store.case_rows import Queue, Viewer
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.approval import Grade
from yichuang_domain.case import Case, PrintState, State
from yichuang_domain.catalog import AcceptBy, ItemVersion, OutcomeKind
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.identity import CodeFault
from yichuang_domain.material import required
from yichuang_domain.numbering import read_case_number
from yichuang_domain.party import ApplicantKind, Evidence, HandedIn

FOOD = next(i for i in sample_items() if i.section == SECTION.section and i.accept_by is AcceptBy.COUNTER)
WANG = Typed(kind=ApplicantKind.PERSON, name="王𬭎", id_number="330402199001010019", phone="13800005521")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def work(store: Store) -> Work:
    return at_work(store)


def intake(item: ItemVersion = FOOD, *, applicant: Typed = WANG, short_of: int = 0) -> Intake:
    answers = {q.key: q.options[0].key for q in item.questions}
    needed = required(item, answers)
    return Intake(
        case=receiving.new_case(),
        item=item,
        answers=answers,
        applicant=applicant,
        materials=tuple(
            HandedIn(material=m.key, evidence=Evidence.ORIGINAL_CHECKED) for m in needed[: len(needed) - short_of]
        ),
        form={f.key: "1" for f in item.fields},
    )


def accepted(work: Work) -> Case:
    return deciding.accept(work, receiving.receive(work, intake()))


def test_papers_become_a_case_with_a_number_a_token_and_a_date(work: Work) -> None:
    case = receiving.receive(work, intake())
    number = read_case_number(case.number)
    assert (number.area, number.device, number.on, number.serial) == ("330402", "0137", date(2026, 11, 24), 1)
    assert case.notice_due_on == date(2026, 12, 1)
    assert case.applicant.name.value == "王𬭎"
    assert len(case.token.value or "") == 22
    row = work.store.queue(
        Queue.TODAY, Viewer(replica=work.store.desk.replica, place=case.place, section=None, on=work.today)
    )
    assert [found.case_id for found in row] == [case.case]


def test_scanned_pages_are_in_the_case_and_in_the_store(work: Work) -> None:
    new = intake()
    jpeg = b"\xff\xd8 a page \xff\xd9"
    page = receiving.keep_page(work, new.case, jpeg, material="form", ordinal=1, size=(1, 1), is_blank=False)
    case = receiving.receive(work, replace(new, pages=(page,)))
    assert case.pages == (page,)
    assert work.store.pages.read(case.case, page.page) == jpeg
    assert receiving.scanned("form", case.pages).pages == 1


@pytest.mark.parametrize(
    ("changed", "fault", "key"),
    [
        ({"id_number": "330402199001010011"}, IntakeFault.ID_NUMBER, "id_number"),
        ({"name": " "}, IntakeFault.NAME, "name"),
        ({"phone": ""}, IntakeFault.PHONE, "phone"),
        (
            {"kind": ApplicantKind.COMPANY, "credit_code": "91330402MA2XXXX", "operator": "王小满"},
            IntakeFault.CREDIT_CODE,
            "credit_code",
        ),
    ],
)
def test_what_is_wrong_is_named_before_anything_is_written(
    work: Work, changed: dict[str, str], fault: IntakeFault, key: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        receiving.receive(work, intake(applicant=replace(WANG, **changed)))  # type: ignore[arg-type]
    assert (caught.value.fault, caught.value.key) == (fault, key)
    assert work.store.outbox.unsent() == 0


def test_the_right_check_digit_is_told(work: Work) -> None:
    with pytest.raises(IntakeError) as caught:
        receiving.receive(work, intake(applicant=replace(WANG, id_number="330402199001010011")))
    assert isinstance(caught.value.detail, CodeFault)
    assert caught.value.detail.expected == "9"


def test_a_cancelled_item_and_an_item_without_a_section_are_refused_at_the_desk(work: Work) -> None:
    cancelled = replace(FOOD, plan_cancel_on=date(2026, 11, 24))
    for item, fault in (
        (cancelled, IntakeFault.ITEM_CANCELLED),
        (replace(FOOD, section=None), IntakeFault.ITEM_WITHOUT_SECTION),
    ):
        with pytest.raises(IntakeError) as caught:
            receiving.receive(work, intake(item))
        assert caught.value.fault is fault


def test_acceptance_has_a_document_number_and_due_dates(work: Work) -> None:
    case = accepted(work)
    assert case.acceptance is not None
    assert case.acceptance.docno == "南市监许受〔2026〕137-1号"
    assert case.state is State.ACCEPTED
    second = accepted(work)
    assert second.acceptance is not None
    assert second.acceptance.docno == "南市监许受〔2026〕137-2号"


def test_accepting_without_a_line_is_the_items_business(work: Work, store: Store) -> None:
    offline = at_work(store, on_line=False)
    assert deciding.accept(offline, receiving.receive(offline, intake())).state is State.ACCEPTED


def test_papers_taken_in_and_accepted_are_one_deed(work: Work) -> None:
    new = intake()
    case = receiving.receive(work, new, deciding.acceptance(work, new.item, new.answers, ()))
    assert case.state is State.ACCEPTED
    assert case.acceptance is not None
    assert case.acceptance.docno == "南市监许受〔2026〕137-1号"
    assert work.store.outbox.unsent() == 1


def test_papers_taken_in_with_a_supplement_or_declined_are_one_deed(work: Work) -> None:
    points = [deciding.Point(material="layout", reason="没有交", remedy="带 1 份来")]
    told = receiving.receive(work, intake(short_of=1), deciding.supplement(work, points))
    assert told.state is State.SUPPLEMENT_ASKED
    ground = a.DeclineGround.WRONG_OFFICE
    away = receiving.receive(work, intake(), deciding.declination(work, ground, "不归本机关", "区水利局"))
    assert away.state is State.DECLINED
    assert away.declination is not None
    assert away.declination.right_office == "区水利局"
    assert work.store.outbox.unsent() == 2


def test_papers_that_cannot_be_accepted_are_not_taken_in_by_that_deed(work: Work) -> None:
    new = intake(short_of=1)
    with pytest.raises(Refused) as caught:
        receiving.receive(work, new, deciding.acceptance(work, new.item, new.answers, ()))
    assert caught.value.reason is Reason.MATERIAL_MISSING
    assert work.store.outbox.unsent() == 0
    assert receiving.receive(work, new).number[-6:-2] == "0001"


def test_a_credit_code_that_only_fails_its_check_is_taken(work: Work) -> None:
    body = replace(WANG, kind=ApplicantKind.COMPANY, credit_code="91330402MA2XXXXXX0", operator="王小满")
    assert receiving.receive(work, intake(applicant=body)).applicant.credit_code is not None


def test_a_supplement_is_told_and_brought(work: Work) -> None:
    case = receiving.receive(work, intake(short_of=1))
    answers = {x.question: x.option for x in case.answers}
    lacks = next(m.key for m in required(FOOD, answers) if not case.has(m.key))
    told = deciding.tell_supplement(work, case, [deciding.Point(material=lacks, reason="没有交", remedy="带原件来")])
    assert told.state is State.SUPPLEMENT_ASKED
    assert told.supplement is not None
    assert told.supplement.until == date(2026, 12, 15)
    came = (HandedIn(material=lacks, evidence=Evidence.ORIGINAL_CHECKED),)
    assert receiving.bring_supplement(work, case.case, came, ()).state is State.RECEIVED


def test_a_refused_deed_writes_nothing(work: Work) -> None:
    case = receiving.receive(work, intake(short_of=1))
    before = work.store.outbox.last()
    with pytest.raises(Refused) as caught:
        deciding.accept(work, case)
    assert caught.value.reason is Reason.MATERIAL_MISSING
    assert work.store.outbox.last() == before


def test_two_levels_two_people_and_the_result_is_made(store: Store) -> None:
    assert FOOD.grade is Grade.REVIEW_AND_VERIFY
    clerk, reviewer = at_work(store), at_work(store, REVIEWER, now=TUESDAY + timedelta(hours=1))
    case = accepted(clerk)
    case = deciding.claim(reviewer, case.case)
    case = deciding.sign(reviewer, case, a.Verdict.GRANT, "材料齐全，符合法定形式。")
    case = deciding.claim(reviewer, case.case)
    with pytest.raises(Refused) as same:
        deciding.sign(reviewer, case, a.Verdict.GRANT, "同意。")
    assert same.value.reason is Reason.SAME_PERSON
    other = at_work(store, replace(REVIEWER, person=REVIEWER.person.__class__("chenliqun")))
    case = deciding.sign(other, case, a.Verdict.GRANT, "同意。")
    assert case.state is State.READY_TO_ISSUE
    kinds = [result.kind for result in FOOD.results]
    assert len(case.certificates) == kinds.count(OutcomeKind.CERTIFICATE)
    run = issuing.start_print(clerk, case.case, a.PaperKind.CERTIFICATE, serial="A0001")
    assert [p.state for p in clerk.store.prints.of(case.case)] == [PrintState.STARTED]
    assert issuing.confirm_print(clerk, case.case, run).prints[-1].state is PrintState.CONFIRMED
    issuing.deliver(clerk, [case.case], a.DeliveryMethod.COUNTER, "本人")
    assert clerk.store.view(case.case).state is State.CONCLUDED
    assert issuing.archive(clerk, case.case).state is State.ARCHIVED


def test_everything_is_there_after_the_program_was_closed(tmp_path: Path) -> None:
    store = open_store(tmp_path / "desk")
    case = accepted(at_work(store))
    store.close()
    again = open_store(tmp_path / "desk")
    assert again.view(case.case) == case
    assert again.outbox.unsent() == 2
    again.close()
