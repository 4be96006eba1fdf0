"""A case goes on under the item version under which it was taken in, whatever catalogue the next desk has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.cases import secret
from tests.support.district import RunningDistrict, empty_sources
from yichuang_client.store.store import Doer, Store
from yichuang_client.sync.core import Sender, check_answer, make_request
from yichuang_client.sync.enrol import address_of
from yichuang_client.sync.transport import Transport
from yichuang_domain import actions as a
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import CaseId

NewSeat = Callable[[str], Seat]


def number(seat: Seat) -> str:
    desk = seat.session.store.desk
    return seat.session.store.serials.next_case_number(desk.district_code, desk.replica, now().date())


def accepted(counter: Seat) -> CaseId:
    case, item = new_case(), counter.item(AcceptBy.COUNTER)
    counter.do(case, taking(item, number(counter)), a.Accept(docno="南市监受〔2026〕1号"))
    counter.sent()
    return case


@pytest.fixture
def publish(district: RunningDistrict, tmp_path: Path) -> Callable[[], int]:
    """Publish the sample items again, as another release."""

    def again() -> int:
        sources = empty_sources(tmp_path / "again")
        return int(district.run("catalog", "import", "--folder", str(sources))["version"])

    return again


def test_a_new_desk_with_a_newer_catalogue_acts_on_an_old_case(new_seat: NewSeat, publish: Callable[[], int]) -> None:
    counter = new_seat("counter")
    counter.enrol("fengqiao")
    counter.sit("jinhe")
    case = accepted(counter)
    pinned = counter.view(case).item_version
    newest = publish()
    desk = new_seat("desk")
    desk.enrol("hall", "market")
    desk.sit("zhoujing")
    desk.wait(lambda: desk.session.store.catalogue.version == newest)
    counter.wait(lambda: counter.session.store.catalogue.version == newest)
    found = desk.view(case)
    assert found.item_version == pinned < newest
    assert desk.session.store.catalogue.current(found.item).version == newest
    desk.do(case, a.Claim())
    desk.do(case, a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合规定")))
    desk.sent()
    assert not desk.session.store.outbox.refused()
    counter.has(case, lambda shown: len(shown.opinions) == 1)


def test_a_desk_that_is_behind_acts_on_a_new_case(new_seat: NewSeat, publish: Callable[[], int]) -> None:
    """The catalogue comes after the log: in between, the case brings what it needs."""
    counter, desk = new_seat("counter"), new_seat("desk")
    desk.enrol("hall", "market")
    desk.sit("xuwen")
    known = desk.session.store.catalogue.version
    desk.session.close()
    publish()
    counter.enrol("fengqiao")
    counter.sit("wuminmin")
    case = accepted(counter)
    keys = desk.session.unlock.open("xuwen", PASSWORD, now().timestamp())
    with closing(Store.open(desk.folder, keys)) as store:
        asyncio.run(exchange_once(store))
        found = store.view(case)
        assert found.item_version > known == store.catalogue.version
        person = store.people.of_login("xuwen")
        assert person is not None
        doer = Doer(person=person, lease="", has_session=True)
        assert store.would_refuse([(case, a.Claim())], doer, now()) is None


async def exchange_once(store: Store) -> None:
    """What a round does first, and nothing after it."""
    desk = store.desk
    sender = Sender(replica=desk.replica, act_key=desk.act_key, district_key=desk.district_key)
    transport = Transport(address_of(desk))
    try:
        request = make_request(sender, store.meta.cursor, (), (), store.catalogue.version)
        answer = await transport.exchange(request)
    finally:
        await transport.close()
    store.apply_exchange(check_answer(sender, request, answer, now(), now()))
