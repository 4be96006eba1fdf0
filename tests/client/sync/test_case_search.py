"""Searching the district from a desk, over the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.client.sync.seats import Seat, new_case, now, taking
from yichuang_client.sync.case_search import CaseQuery, FoundCase
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain.case import State
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import PersonId, PlaceId

NewSeat = Callable[[str], Seat]


def test_a_case_of_another_place_is_shown_masked_and_without_its_id(new_seat: NewSeat) -> None:
    counter, elsewhere = new_seat("counter"), new_seat("elsewhere")
    counter.enrol("fengqiao")
    counter.sit("wuminmin")
    elsewhere.enrol("yuxin")
    elsewhere.sit("panyan")
    case, item, desk = new_case(), counter.item(AcceptBy.COUNTER), counter.session.store.desk
    number = counter.session.store.serials.next_case_number(desk.district_code, desk.replica, now().date())
    counter.do(case, taking(item, number))
    counter.sent()
    shown = FoundCase(
        case=case,
        number=number,
        item=item.code,
        item_name=item.name,
        state=State.RECEIVED,
        place=PlaceId("fengqiao"),
        masked_name="阿*",
    )
    query = CaseQuery(number=number.replace("-", "")[:18], name="阿依古丽", whole_district=True)
    assert counter.session.search_cases(who(counter), CaseQuery(name="阿依古丽")).rows == (shown,)
    assert elsewhere.session.search_cases(who(elsewhere), query).rows == (replace(shown, case=None),)
    assert elsewhere.session.search_cases(who(elsewhere), CaseQuery(name="阿依古丽")).rows == ()
    with pytest.raises(TransportError) as nobody:
        elsewhere.session.search_cases(PersonId("nobody"), query)
    assert nobody.value.reason is TransportReason.NO_SESSION
    with pytest.raises(TransportError) as few:
        elsewhere.session.search_cases(who(elsewhere), CaseQuery(name="阿", whole_district=True))
    assert few.value.reason is TransportReason.REFUSED


def who(seat: Seat) -> PersonId:
    assert seat.person is not None
    return seat.person.person.person


@pytest.mark.parametrize(
    ("query", "enough"),
    [
        (CaseQuery(), False),
        (CaseQuery(state=State.ACCEPTED), False),
        (CaseQuery(number="---"), False),
        (CaseQuery(name="王"), True),
        (CaseQuery(number="330402-0137", whole_district=True), False),
        (CaseQuery(number="330402-013", name="王", whole_district=True), False),
        (CaseQuery(number="330402-0137", name="王", whole_district=True), True),
        (CaseQuery(name="王", place="town", whole_district=True), False),
    ],
)
def test_what_is_enough_to_ask(query: CaseQuery, enough: bool) -> None:
    assert query.is_enough() is enough
    assert "王" not in repr(query)
