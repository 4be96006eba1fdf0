"""A card on the reader finds its holder's cases in the whole district, by number and name, and each look is a leaf."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.server.houses import OTHER_CLERK, TestDesk, TestHouse
from tests.server.test_exchange import taking
from tests.server.test_matters import handed_in
from tests.server.test_searching import new_case, notices, number, take_in
from tests.support.cases import CLERK, REVIEWER, secret
from yichuang_domain import actions as a
from yichuang_domain.party import Agent, ApplicantKind
from yichuang_domain.personal import Personal
from yichuang_server.services.card_search import CardRead, CardSearch
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.finding import MOST_TRIES
from yichuang_server.services.searching import Rows

NUMBER = "11010519491231002X"
AGENT = "330402199001011230"


def look(desk: TestDesk, name: str, id_number: str = NUMBER) -> Rows:
    return CardSearch(desk.home.house).find(desk.value, desk.token, CardRead(id_number=id_number, name=name))


def refused(desk: TestDesk, name: str, id_number: str = NUMBER) -> Fault:
    with pytest.raises(DistrictError) as caught:
        look(desk, name, id_number)
    return caught.value.fault


def receive_of(desk: TestDesk, serial: int, agent: Agent | None = None, operator: Personal | None = None) -> str:
    case, receipt = new_case(), replace(taking(number=number(serial, desk.value.replica)), agent=agent)
    if operator is not None:
        body = replace(receipt.applicant, kind=ApplicantKind.COMPANY, name=secret("示范有限公司"), operator=operator)
        receipt = replace(receipt, applicant=body)
    assert desk.act(case, 1, receipt) == "RECORDED"
    return case


def test_a_card_finds_the_cases_of_its_holder_and_opens_them_at_another_place(house: TestHouse) -> None:
    town, elsewhere = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    mine = [take_in(town, serial, "阿依古丽·买买提") for serial in (1, 2)]
    take_in(town, 3, "王小明")
    found = look(elsewhere, "阿依古丽·买买提", NUMBER.lower())
    assert [(row.case, row.masked_name) for row in found.rows] == [(mine[1], "阿*"), (mine[0], "阿*")]
    assert "买买提" not in repr(found)
    assert elsewhere.act(mine[0], 1, a.Open(means=a.OpenMeans.CARD)) == "RECORDED"
    assert elsewhere.events(mine[0]) == ["Received", "Opened"]


def test_the_operator_of_a_body_and_an_agent_whose_mandate_runs_are_known_by_their_cards(house: TestHouse) -> None:
    town, elsewhere = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    body = receive_of(town, 1, operator=secret("李四"))
    mandate = Agent(
        name=secret("赵六"),
        id_number=secret(AGENT),
        phone=secret("13812345678"),
        scope=secret("全部"),
        until=house.clock.time.date().replace(year=2026, month=12),
    )
    by_agent = receive_of(town, 2, agent=mandate)
    ended = replace(mandate, until=date(2026, 1, 1))
    receive_of(town, 3, agent=ended)
    assert [(row.case, row.masked_name) for row in look(elsewhere, "李四").rows] == [(body, "示范有限公司")]
    assert look(elsewhere, "示范有限公司").rows == ()
    assert [row.case for row in look(elsewhere, "赵六", AGENT).rows] == [by_agent]


def test_every_look_is_a_leaf_and_names_nobody(house: TestHouse) -> None:
    town = house.desk("town")
    case = take_in(town, 1, "王小明")
    assert [row.case for row in look(town, "王小明").rows] == [case]
    assert look(town, "王大明").rows == ()
    shown, vain = notices(house)
    rest = {"kind": "SEARCH", "person": CLERK.person, "replica": town.value.replica, "facts": ["CARD"]}
    rest |= {"scope": "DISTRICT"}
    assert shown == {**rest, "cases": [case], "time": shown["time"]}
    assert vain == {**rest, "cases": [], "time": vain["time"]}


def test_who_may_look_and_how_often_in_vain(house: TestHouse) -> None:
    town = house.desk("town")
    assert refused(house.desk("hall", "market", REVIEWER), "王小明") is Fault.NO_RIGHT
    assert refused(house.desk("hall", "health", None), "王小明") is Fault.NO_SESSION
    assert refused(town, "王小明", "110105194912310020") is Fault.MALFORMED
    assert refused(town, "  ") is Fault.MALFORMED
    looks = CardSearch(house.house)
    for _ in range(MOST_TRIES):
        assert looks.find(town.value, town.token, CardRead(id_number=NUMBER, name="王小明")).rows == ()
    with pytest.raises(DistrictError) as caught:
        looks.find(town.value, town.token, CardRead(id_number=NUMBER, name="王小明"))
    assert caught.value.fault is Fault.TOO_MANY_TRIES


def test_the_cases_of_a_matter_are_told_together(house: TestHouse) -> None:
    desk, elsewhere = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    cases, _ = handed_in(desk)
    found = look(elsewhere, "阿依古丽·买买提")
    assert {row.case for row in found.rows} == set(cases)
    assert len({row.matter for row in found.rows} - {""}) == 1
