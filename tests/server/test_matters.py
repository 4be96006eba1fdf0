"""A matter at the district: received as a whole, its pages its own, found and followed by one token."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.server.houses import CODE, OTHER_CLERK, TestDesk, TestHouse, new_case
from tests.support.cases import REVIEWER, page, person, secret
from tests.support.matters import ALL, ITEMS, PART, TEMPLATE, TOKEN, receipts
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.errors import Irregularity
from yichuang_domain.ids import MatterId, PlaceId, SectionId
from yichuang_domain.matter_form import MatterError
from yichuang_domain.numbering import make_case_number
from yichuang_domain.organisation import Role
from yichuang_domain.party import SupplementPoint
from yichuang_server.bootstrap import tracking
from yichuang_server.services import founding, pages
from yichuang_server.services.errors import DistrictError
from yichuang_server.services.finding import Finding
from yichuang_server.store import catalogue, log
from yichuang_server.web import MatterView

DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()
NUMBER = make_case_number(CODE, "0137", date(2026, 11, 24), 9)
MATTER = replace(PART, number=NUMBER)


def handed_in(desk: TestDesk, *more: a.Action, part: object = MATTER) -> tuple[list[str], str]:
    """Hand the matter in, with more acts on each of its cases. Returns the cases and the answer."""
    cases = [new_case() for _ in ITEMS]
    taken = receipts(part, DIGEST)  # type: ignore[arg-type]
    deed = desk.deed(
        *((case, 1, receipt) for case, receipt in zip(cases, taken, strict=True)),
        *((case, 1, action) for case in cases for action in more),
    )
    result = desk.send(deed).results[0]
    assert desk.send(deed).results == (result,)  # a replay changes nothing
    return cases, result.reason or result.outcome


def test_a_matter_is_received_as_a_whole_and_its_cases_go_their_own_ways(house: TestHouse) -> None:
    desk, section = house.desk("town"), house.desk("hall", "market", REVIEWER)
    cases, answer = handed_in(desk)
    assert answer == "RECORDED"
    assert [desk.events(case) for case in cases] == [["Received"]] * 2
    assert house.house.read(lambda c: set(log.cases_of_matter(c, CODE, MATTER.matter))) == set(cases)
    section.pull()
    assert section.log(cases[1])[0].event.matter == MATTER  # type: ignore[union-attr]


def test_a_part_of_a_matter_is_refused_and_nothing_of_it_is_received(house: TestHouse) -> None:
    desk = house.desk("town")
    case, taken = new_case(), receipts(MATTER, DIGEST)
    assert desk.act(case, 1, taken[0], a.Accept(docno="1")) == "MATTER_INCOMPLETE"
    assert desk.events(case) == [] and house.house.read(lambda c: log.records(c, CODE, case)) == []
    cases, answer = handed_in(desk)
    assert answer == "RECORDED" and all(desk.events(case) for case in cases)


def test_a_matter_comes_once(house: TestHouse) -> None:
    desk = house.desk("town")
    cases, _ = handed_in(desk)
    again, answer = handed_in(desk)
    assert answer == "CASE_EXISTS" and [desk.events(case) for case in again] == [[], []]
    known, fresh = cases[0], new_case()
    taken = receipts(replace(MATTER, matter=MatterId("b" * 32)), DIGEST)
    result = desk.send(desk.deed((known, 1, taken[0]), (fresh, 1, taken[1]))).results[0]
    assert (result.outcome, result.reason) == ("REFUSED", "CASE_EXISTS")
    assert (desk.events(known), desk.events(fresh)) == (["Received"], [])


def test_a_refused_decision_leaves_every_receipt_standing(house: TestHouse) -> None:
    desk = house.desk("town")
    cases, answer = handed_in(desk, a.Accept(docno="1"))
    assert answer == "NOT_ACCEPTED_HERE"  # the second item is accepted by its section
    assert [desk.events(case) for case in cases] == [["Received"]] * 2


def test_one_case_is_told_its_supplement_in_the_deed_that_takes_the_matter_in(house: TestHouse) -> None:
    desk = house.desk("town")
    cases, taken = [new_case() for _ in ITEMS], receipts(MATTER, DIGEST)
    point = SupplementPoint(material="lease", reason=secret("没有提交"), remedy=secret("带来"))
    tell = a.TellSupplement(docno="补1", points=(point,), until=date(2026, 12, 15))
    result = desk.send(desk.deed((cases[0], 1, taken[0]), (cases[1], 1, taken[1]), (cases[0], 1, tell))).results[0]
    assert result.outcome == "RECORDED"
    assert [desk.events(case) for case in cases] == [["Received", "SupplementTold"], ["Received"]]
    assert desk.act(cases[0], 1, tell) == "NOT_HOLDER"  # it waits for the applicant, at no desk


def test_half_a_matter_that_was_handed_out_is_recorded_and_flagged_for_a_person(house: TestHouse) -> None:
    desk = house.desk("town")
    ways = ((False, {Irregularity.MATTER_APART}), (True, set()))
    for n, (ahead, found) in enumerate(ways):
        number = make_case_number(CODE, "0137", date(2026, 11, 24), n + 20)
        matter = replace(MATTER, matter=MatterId(f"{n:032x}"), number=number)
        cases, answer = handed_in(desk, part=matter)
        assert answer == "RECORDED"
        deliver = a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人"), ahead=ahead)
        assert desk.act(cases[0], 1, deliver) == "RECORDED"
        flags = {flag for record in desk.log(cases[0]) for flag in record.irregular}
        assert flags & {Irregularity.MATTER_APART} == found


def test_a_page_is_the_matters_and_goes_to_the_cases_that_were_handed_it(house: TestHouse) -> None:
    health = house.desk(
        "hall", "health", person("doctor", Role.REVIEWER, section=SectionId("health"), place=PlaceId("hall"))
    )
    other = replace(ITEMS[1], code=ITEMS[1].code, section=SectionId("health"))
    assert house.publish(other) == 2
    desk, market = house.desk("town"), house.desk("hall", "market", REVIEWER)
    cases = [new_case(), new_case()]
    first, second = receipts(MATTER, DIGEST)
    data = b"one page"
    both = replace(page("lease"), page=hashlib.sha256(data).hexdigest(), size=len(data))  # type: ignore[arg-type]
    mine = replace(page("form", 2), size=1)
    desk.send(
        desk.deed(
            (cases[0], 1, first),
            (cases[1], 1, replace(second, item_version=2)),
            (cases[0], 1, a.AttachPage(page=both)),
            (cases[1], 1, a.AttachPage(page=both)),
            (cases[1], 1, a.AttachPage(page=mine)),
            (cases[0], 1, a.Accept(docno="1")),
        )
    )
    owner = MATTER.matter
    assert set(desk.send().missing) == {(owner, both.page), (owner, mine.page)}
    assert market.act(cases[0], 1, a.Claim()) == "PAGES_MISSING"
    assert pages.append(house.house, desk.value, owner, both.page, 0, data) == len(data)
    assert market.act(cases[0], 1, a.Claim()) == "RECORDED"  # what is still to come is of the other case
    for one in (market, health):
        assert b"".join(pages.read(house.house, one.value, owner, both.page, 0)) == data
    with pytest.raises(DistrictError):
        pages.read(house.house, market.value, owner, mine.page, 0)
    stranger = house.desk("other", who=OTHER_CLERK)
    with pytest.raises(DistrictError):
        pages.read(house.house, stranger.value, owner, both.page, 0)


def test_one_token_and_one_number_find_every_case(house: TestHouse) -> None:
    desk, elsewhere = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    cases, _ = handed_in(desk)
    finding = Finding(house.house)
    assert set(finding.find(elsewhere.value, elsewhere.token, TOKEN, "", "")) == set(cases)
    by_number = finding.find(elsewhere.value, elsewhere.token, "", NUMBER, "11010519491231002X")
    assert set(by_number) == set(cases)
    for case in by_number:
        assert elsewhere.act(case, 1, a.Open(means=a.OpenMeans.NUMBER_AND_ID)) == "RECORDED"
    assert all(elsewhere.events(case) for case in cases)


def test_the_public_page_follows_all_cases_by_one_token(house: TestHouse) -> None:
    desk = house.desk("town")
    cases, _ = handed_in(desk)
    assert desk.act(cases[0], 1, a.Accept(docno="1")) == "RECORDED"
    view = tracking(house.house.engine, CODE, house.clock).lookup(DIGEST)
    assert isinstance(view, MatterView)
    assert [case.current.key.value for case in view.cases] == ["REVIEW", "ACCEPT"]
    assert view.number_tail == "".join(filter(str.isalnum, NUMBER))[-4:]


def test_a_matter_is_published_with_the_versions_of_its_items(house: TestHouse) -> None:
    def publish(items: Sequence[ItemVersion]) -> int:
        now = house.clock()
        return house.house.write(lambda c: founding.publish(c, CODE, items, now, matters=(TEMPLATE,)))

    version = publish(ITEMS)
    made = house.house.read(lambda c: catalogue.item_version(c, CODE, TEMPLATE.code, version))
    assert made is not None and {item.version for item in made.items} == {version}
    assert [m.key for m in made.materials] == [*(f"p1_{key}" for key in ALL), "p2_form", "p2_health"]
    with pytest.raises(MatterError):
        publish(ITEMS[:1])
