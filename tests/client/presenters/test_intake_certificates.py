"""证照免交 at the intake: what is offered, what is used, what the case then holds; on the real store and press."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.counter import APPLICANT, Line, a_page, an_intake, at_counter
from tests.support.desk import REVIEWER
from tests.support.intake_clerk import ID, IntakeClerk, a_counter
from yichuang_client.actions import deciding, receiving
from yichuang_client.actions.work import Work
from yichuang_client.documents.press import Press
from yichuang_client.presenters.intake_draft import IntakeDraft, read_draft
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId, PersonId
from yichuang_domain.party import Evidence, HandedIn, HeldCertificate, Page, Trust

FOOD, SUBSIDY, GRANT = "食品经营许可（新办）", "长者食堂运营补助申领", "一次性创业补贴申领"
PERMIT, LICENCE = "11100000MB0143028R010", "11100000MB0143028R001"
MINE = replace(APPLICANT, id_number=ID)
HELD = HeldCertificate(
    trust=Trust.ISSUED,
    type_code=PERMIT,
    name="食品经营许可证",
    identifier="1.2.156.3005.2.x",
    docno="南市监许准〔2026〕7号",
    on=date(2026, 1, 5),
    valid_until=date(2031, 1, 4),
    source=CaseId("f" * 32),
    section=REVIEWER.section,
)


def taken_in(work: Work, *, pages: bool = True) -> Case:
    """A food licence whose papers were all compared, and whose licence was scanned."""
    intake = an_intake(work, FOOD)
    keys = [m.key for m in intake.item.materials if m.key != "place_owned"]
    came = tuple(HandedIn(material=key, evidence=Evidence.ORIGINAL_CHECKED, pages=int(pages)) for key in keys)
    scanned: tuple[Page, ...] = (a_page(work, intake.case, "licence", 1),) if pages else ()
    return receiving.receive(work, replace(intake, applicant=MINE, materials=came, pages=scanned))


def granted(work: Work) -> Case:
    """The same, granted by two people of the section."""
    case = deciding.accept(work, taken_in(work))
    for person in (REVIEWER, replace(REVIEWER, person=PersonId("chen"))):
        there = replace(work, person=person)
        case = deciding.sign(there, deciding.claim(there, case.case), a.Verdict.GRANT, "材料齐全。")
    return case


def at_intake(store: Store, press: Press, item: str, line: Line | None = None, *, number: str = ID) -> IntakeClerk:
    """A clerk with this item in hand and the applicant's number typed."""
    line = line or Line()
    clerk = IntakeClerk(store, a_counter(store, press=press, line=line, on_line=lambda: True))
    clerk.choose(item)
    clerk.type("name", "顾小燕")
    clerk.type("id_number", number)
    return clerk


def draft(clerk: IntakeClerk) -> IntakeDraft:
    """The draft as it was saved."""
    (saved,) = clerk.store.drafts.list(DraftKind.INTAKE)
    return read_draft(saved.case, saved.body)


def gray(clerk: IntakeClerk, page: Page) -> NDArray[numpy.uint8]:
    """The pixels of a kept page."""
    with Image.open(io.BytesIO(clerk.store.pages.read(draft(clerk).case, page.page))) as image:
        return numpy.asarray(image.convert("L"))


def test_a_permit_of_this_district_stands_for_its_copy(store: Store, press: Press) -> None:
    source = granted(at_counter(store))
    clerk = at_intake(store, press, SUBSIDY)
    assert clerk.state("food") == "未交 | 证照库有食品经营许可证，Alt+C 免交"
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    assert clerk.state("food") == "证照库免交 | 食品经营许可证 · 有效期至 2031-11-23"
    now = draft(clerk)
    (page,) = now.pages_of("food")
    assert now.certificates["food"].source == source.case
    assert gray(clerk, page).shape == (page.height, page.width) == (1754, 1241)
    assert ((gray(clerk, page) > 175) & (gray(clerk, page) < 200)).mean() > 0.01, "no gray words lie over the page"


def test_what_is_used_is_recorded_with_the_case_that_it_comes_from(store: Store, press: Press) -> None:
    source = granted(at_counter(store))
    clerk = at_intake(store, press, SUBSIDY)
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    for key, text in {"phone": "13800005521", **fields(clerk)}.items():
        clerk.type(key, text)
    for question in clerk.form.situation.questions:
        clerk.screen.answer(question.key, question.options[0].key)
    clerk.screen.act(IntakeAct.RECEIVE)
    case = next(case for case in clerk.cases() if case.case != source.case)
    came = case.hand_in("food")
    assert came is not None
    assert (came.evidence, came.pages) == (Evidence.CERTIFICATE, 1)
    assert came.certificate is not None
    assert came.certificate.identifier == source.certificates[0].identifier
    assert [page.material for page in case.pages] == ["food"]


def fields(clerk: IntakeClerk) -> dict[str, str]:
    """Something right for every field that is still empty."""
    known = {"credit_code": "", "operator": "顾小燕"}
    return {
        f.key: known.get(f.key) or (f.options[0].key if f.options else "12")
        for f in clerk.form.applicant.fields
        if not f.text and f.key != "phone"
    }


def test_a_paper_compared_here_before_comes_back_with_the_words_over_it(store: Store, press: Press) -> None:
    taken_in(at_counter(store))
    clerk = at_intake(store, press, GRANT)
    assert clerk.state("licence") == "未交 | 核对过的营业执照，Alt+C 免交"
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    assert clerk.state("licence") == "证照库免交 | 11-24 与原件核对过"
    (page,) = draft(clerk).pages_of("licence")
    assert (page.width, page.height) == (330, 468)
    assert numpy.ptp(gray(clerk, page)) > 20, "the scanned page was of one gray"


def test_without_its_pages_a_comparison_offers_nothing(store: Store, press: Press) -> None:
    taken_in(at_counter(store), pages=False)
    clerk = at_intake(store, press, GRANT)
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    assert clerk.banner().startswith("证照库里没有能免交的。")
    assert not draft(clerk).certificates


def test_the_district_is_asked_for_the_types_of_the_item_alone(store: Store, press: Press) -> None:
    line = Line()
    line.held = (HELD,)
    clerk = at_intake(store, press, SUBSIDY, line)
    assert line.types == [(ID, "", [PERMIT])]
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    assert clerk.state("food") == "证照库免交 | 食品经营许可证 · 有效期至 2031-01-04"


def test_without_a_line_the_row_says_so(store: Store, press: Press) -> None:
    line = Line()
    line.held = TransportError(TransportReason.OFFLINE)
    clerk = IntakeClerk(store, a_counter(store, press=press, line=line, on_line=lambda: False))
    clerk.choose(SUBSIDY)
    clerk.type("id_number", ID)
    assert line.types == []
    assert clerk.state("food") == "未交 | 离线，暂查不到证照库；可先核原件"


def test_a_use_can_be_taken_back_and_brought_again(store: Store, press: Press) -> None:
    granted(at_counter(store))
    clerk = at_intake(store, press, SUBSIDY)
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    clerk.screen.select_material("food")
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    assert clerk.state("food") == "未交 | 证照库有食品经营许可证，Alt+C 免交"
    assert draft(clerk).pages == ()
    clerk.screen.act(IntakeAct.UNDO)
    assert len(draft(clerk).pages_of("food")) == 1
    assert clerk.state("food").startswith("证照库免交")
    clerk.screen.act(IntakeAct.UNDO)
    assert draft(clerk).pages == ()


@pytest.mark.parametrize("number", ["330402199001010027", "3304021990010100"])
def test_nothing_is_offered_to_another_person(store: Store, press: Press, number: str) -> None:
    granted(at_counter(store))
    clerk = at_intake(store, press, SUBSIDY, number=number)
    assert "Alt+C" not in clerk.state("food")


def test_where_certificates_stand_for_everything_one_card_is_enough(store: Store, press: Press) -> None:
    taken_in(at_counter(store))
    clerk = at_intake(store, press, GRANT)
    assert clerk.banner() == ""
    clerk.screen.select_material("application")
    clerk.screen.material_states("application")
    assert clerk.banner() == "一证通办：还差的 1 件证照库都有 | 按 Alt+C 全部免交"
