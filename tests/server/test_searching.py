"""Searching cases: who may where, what is shown, what the log keeps; on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.server.houses import CODE, OTHER_CLERK, TestDesk, TestHouse, new_case
from tests.server.test_exchange import taking
from tests.support.cases import CLERK, ITEM, REVIEWER, SECTION_ITEM, secret
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.numbering import make_case_number
from yichuang_domain.organisation import Person
from yichuang_server.services import searching
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.finding import MOST_TRIES
from yichuang_server.services.searching import Query, Row, Rows, Searching, printed
from yichuang_server.store.tables import notice

ON = date(2026, 11, 24)


def number(serial: int, device: str = "0137") -> str:
    return make_case_number(CODE, device, ON, serial)


def take_in(desk: TestDesk, serial: int, name: str, item: ItemVersion = ITEM) -> str:
    case, receipt = new_case(), taking(item, number=number(serial, desk.value.replica))
    receipt = replace(receipt, applicant=replace(receipt.applicant, name=secret(name)))
    assert desk.act(case, 1, receipt) == "RECORDED"
    return case


@pytest.fixture
def town(house: TestHouse) -> TestDesk:
    """A counter whose place has four cases."""
    desk = house.desk("town")
    for serial, name in enumerate(("王小明", "王大明", "李白", "示范（南湖）有限公司"), 1):
        take_in(desk, serial, name, SECTION_ITEM if name == "李白" else ITEM)
    return desk


def search(desk: TestDesk, **facts: object) -> Rows:
    return Searching(desk.home.house).search(desk.value, desk.token, Query(**facts))  # type: ignore[arg-type]


def refused(desk: TestDesk, **facts: object) -> Fault:
    with pytest.raises(DistrictError) as caught:
        search(desk, **facts)
    return caught.value.fault


def notices(house: TestHouse) -> list[dict[str, object]]:
    rows = house.house.read(lambda c: c.execute(select(notice.c.text).order_by(notice.c.position)).scalars().all())
    return [json.loads(text) for text in rows]


def test_own_cases_are_found_by_one_fact_and_shown_masked(town: TestDesk) -> None:
    found = search(town, name="王")
    assert [row.masked_name for row in found.rows] == ["王*", "王*"]
    assert [row.number for row in found.rows] == [number(2), number(1)]
    assert not found.has_more
    assert [row.masked_name for row in search(town, name="示范(南湖)").rows] == ["示*"]
    assert [row.item_name for row in search(town, item=SECTION_ITEM.code).rows] == [SECTION_ITEM.name]
    assert len(search(town, number="33040201372026").rows) == 4
    assert [row.number for row in search(town, number=number(3).replace("-", "").lower()).rows] == [number(3)]
    assert search(town, name="王", state="ACCEPTED").rows == ()
    assert [row.case for row in search(town, name="白").rows] == []
    assert all(row.case for row in found.rows)
    assert "小明" not in repr(found)


def test_a_value_that_is_not_the_applicants_name_finds_nothing(town: TestDesk) -> None:
    case = take_in(town, 9, "赵六")
    assert town.act(case, 1, a.Note(text=secret("孙七来问过"))) == "RECORDED"
    assert search(town, name="孙七").rows == ()
    assert len(search(town, name="赵六").rows) == 1


def test_the_whole_district_needs_two_facts_and_gives_no_key_to_a_case(house: TestHouse, town: TestDesk) -> None:
    elsewhere = house.desk("other", who=OTHER_CLERK)
    assert search(elsewhere, name="王").rows == ()
    found = search(elsewhere, number="3304020137", name="王", whole_district=True)
    assert [(row.case, row.place, row.masked_name) for row in found.rows] == [("", "town", "王*")] * 2
    known = search(elsewhere, number=number(1)[:12], place="town", whole_district=True)
    assert [row.number for row in known.rows] == [number(serial) for serial in (4, 3, 2, 1)]
    for facts in ({"number": number(1)}, {"name": "王", "place": "town"}, {"number": "330402", "name": "王"}, {}):
        assert refused(elsewhere, whole_district=True, **facts) is Fault.MALFORMED
    assert refused(elsewhere, number="%-__") is Fault.MALFORMED
    assert refused(elsewhere, name="王", number="%" * 12, whole_district=True) is Fault.MALFORMED
    assert search(elsewhere, name="%").rows == ()
    assert refused(elsewhere, state="RECEIVED") is Fault.MALFORMED
    assert refused(elsewhere, name="王", state="LOST") is Fault.MALFORMED
    mine = search(town, number="3304020137", name="王", whole_district=True)
    assert all(row.case for row in mine.rows)


def test_a_section_sees_its_own_queue_and_nothing_else(house: TestHouse, town: TestDesk) -> None:
    case = take_in(town, 5, "王五", SECTION_ITEM)
    section, health = house.desk("hall", "market", REVIEWER), house.desk("hall", "health", None)
    assert case in [row.case for row in search(section, name="王五").rows]
    assert refused(section, number=number(1), name="王", whole_district=True) is Fault.NO_RIGHT
    assert refused(health, name="王") is Fault.NO_SESSION


@pytest.mark.parametrize("change", ["disabled", "stranger"])
def test_rights_are_those_of_now_at_the_desks_place(house: TestHouse, town: TestDesk, change: str) -> None:
    if change == "disabled":
        house.disable(CLERK)
        assert refused(town, name="王") is Fault.NO_SESSION
    else:
        stranger: Person = OTHER_CLERK
        town.take_seat(stranger)
        assert refused(town, name="王") is Fault.NO_RIGHT


def test_what_was_shown_is_a_leaf_of_the_log_without_names(house: TestHouse, town: TestDesk) -> None:
    search(town, name="没有")
    assert notices(house) == []
    found = search(town, name="王", number="330402")
    (leaf,) = notices(house)
    assert leaf == {
        "kind": "SEARCH",
        "person": CLERK.person,
        "replica": town.value.replica,
        "facts": ["NUMBER", "NAME"],
        "scope": "OWN",
        "cases": [row.case for row in found.rows],
        "time": leaf["time"],
    }


def test_searching_the_district_in_vain_ends(house: TestHouse, town: TestDesk) -> None:
    searches = Searching(house.house)
    facts = Query(number="3304029999", name="王", whole_district=True)
    for _ in range(MOST_TRIES):
        assert searches.search(town.value, town.token, facts).rows == ()
    with pytest.raises(DistrictError) as caught:
        searches.search(town.value, town.token, facts)
    assert caught.value.fault is Fault.TOO_MANY_TRIES
    house.clock.forward(minutes=11)
    assert searches.search(town.value, town.token, facts).rows == ()


def test_an_answer_ends_at_its_limit(town: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_ROWS", 3)
    found = search(town, number="330402")
    assert ([row.number for row in found.rows], found.has_more) == ([number(serial) for serial in (4, 3, 2)], True)
    monkeypatch.setattr(searching, "MOST_ROWS", 4)
    assert not search(town, number="330402").has_more


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("330402", "330402"),
        ("3304020137", "330402-0137"),
        ("330402-01", "330402-01"),
        ("33040201372026", "330402-0137-2026"),
        ("3304020137202611240001", "330402-0137-20261124-0001"),
        (number(1).replace("-", "").lower(), number(1)),
        ("", ""),
        ("%_'", ""),
    ],
)
def test_a_number_is_looked_for_as_it_is_printed(typed: str, expected: str) -> None:
    assert printed(typed) == expected


def test_rows_show_no_more_than_a_list_may() -> None:
    assert set(Row.__dataclass_fields__) == {
        "case",
        "number",
        "item",
        "item_name",
        "state",
        "place",
        "masked_name",
        "matter",
    }
