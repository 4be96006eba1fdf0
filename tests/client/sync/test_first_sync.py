"""A new desk's first sync: what it needs to work comes first, goes on after a cut, and waits where too many come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.district import RunningDistrict
from tests.support.inner_district import serving
from yichuang.v1 import catalogue_pb2, exchange_pb2
from yichuang_client.store.catalogue_parts import CatalogueParts
from yichuang_client.store.database import Database, encrypted
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.sync.enrol import address_of
from yichuang_client.sync.status import Line
from yichuang_client.sync.transport import Transport
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.deed import local_day
from yichuang_server.services.admission import LITTLE_BYTES, REST_S
from yichuang_server.services.house import House


class HeardParts(CatalogueParts):
    """Parts that tell which came."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.came: list[tuple[int, int]] = []

    def keep(self, tag: str, start: int, data: bytes) -> None:
        """Keep and tell."""
        super().keep(tag, start, data)
        self.came.append((start, len(data)))


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[HeardParts]:
    database = Database(tmp_path / "parts.db", encrypted(bytes(32)))
    database.prepare()
    yield HeardParts(database)
    database.close()


@pytest.fixture(scope="module")
def house(district: RunningDistrict) -> Iterator[House]:
    """The district, served from this process."""
    district.stop()
    with serving(district) as opened:
        yield opened


@pytest.fixture(scope="module")
def counter(house: House, district: RunningDistrict, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A desk at work, with cases of an ordinary day."""
    seat = Seat(tmp_path_factory.mktemp("counter"), district)
    seat.enrol("fengqiao")
    seat.sit("wuminmin")
    store, item = seat.session.store, seat.item(AcceptBy.COUNTER)
    for _ in range(25):
        number = store.serials.next_case_number(store.desk.district_code, store.desk.replica, local_day(now()))
        seat.do(new_case(), taking(item, number))
    seat.sent()
    yield seat
    seat.session.close()


def fetch(seat: Seat, parts: CatalogueParts) -> int:
    """How many items the district sent."""

    async def call() -> int:
        transport = Transport(address_of(seat.session.store.desk))
        try:
            return len((await transport.catalogue(0, parts))[0])
        finally:
            await transport.close()

    return asyncio.run(call())


def test_a_catalogue_goes_on_where_the_line_was_cut(counter: Seat, parts: HeardParts) -> None:
    items = fetch(counter, parts)
    whole = [parts._database.rows("SELECT data FROM catalogue_part ORDER BY start"), parts.tag, parts.size]
    data = b"".join(row[0] for row in whole[0])
    parts.clear()
    parts.keep(whole[1], 0, data[: len(data) // 3])
    parts.came.clear()
    assert fetch(counter, parts) == items
    assert parts.came[0][0] == len(data) // 3
    assert sum(size for _, size in parts.came) == len(data) - len(data) // 3
    parts.came.clear()
    assert fetch(counter, parts) == items, "what is here whole is taken from here"
    assert parts.came == [(len(data), 0)]
    parts.clear()
    parts.keep("of another catalogue", 0, data[:100])
    assert fetch(counter, parts) == items


def test_parts_that_are_not_what_they_are_called_are_no_catalogue(parts: HeardParts) -> None:
    parts.keep("tag", 0, b"these are no parts of anything")
    with pytest.raises(StoreError) as no:
        parts.unpacked()
    assert no.value.reason is StoreReason.DAMAGED
    with pytest.raises(StoreError):
        parts.keep("tag", 100, b"with a gap before it")


def test_a_desk_of_before_gets_the_catalogue_unpacked(house: House, district: RunningDistrict) -> None:
    desk = district.desk("fengqiao")
    answers = list(desk.catalogue.GetCatalogue(catalogue_pb2.GetCatalogueRequest(), timeout=20))
    desk.close()
    assert sum(len(answer.items) for answer in answers) > 10
    assert answers[-1].HasField("head") and not any(answer.tag for answer in answers)


def test_a_new_desk_waits_its_turn_and_gets_the_catalogue_before_the_log(
    house: House, counter: Seat, new_seat: Callable[[str], Seat]
) -> None:
    new = new_seat("new")
    new.enrol("fengqiao")
    with ExitStack() as places:
        for number in range(8):
            places.enter_context(house.admission.inside(f"of somebody else {number}"))
        new.person = new.session.sign_in("wuminmin", PASSWORD)
        new.wait_line(Line.ONLINE)
        new.wait(lambda: house.admission.waiting > 0)
        store = new.session.store
        assert (store.catalogue.version, store.meta.cursor.position) == (0, 0)
        assert not new.session.sync.status.is_complete
    new.wait(lambda: new.session.sync.status.is_complete)
    assert store.catalogue.version > 0
    assert store.meta.cursor.position >= 25


def test_while_catalogues_are_waited_for_a_log_comes_little_by_little(
    house: House, district: RunningDistrict, counter: Seat
) -> None:
    desk = district.desk("fengqiao")
    request = exchange_pb2.ExchangeRequest(replica=desk.replica, most_bytes=1 << 20)
    whole = desk.exchanges.Exchange(request, timeout=20)
    bare = desk.exchanges.Exchange(exchange_pb2.ExchangeRequest(replica=desk.replica, without_records=True), timeout=20)
    with ExitStack() as places:
        for number in range(8):
            places.enter_context(house.admission.inside(f"of somebody else {number}"))
        nothing = desk.exchanges.Exchange(request, timeout=20)
        request.cursor.epoch, request.cursor.position = whole.next_cursor.epoch, 1
        little = desk.exchanges.Exchange(request, timeout=20)
        of_before = desk.exchanges.Exchange(exchange_pb2.ExchangeRequest(replica=desk.replica), timeout=20)
        with pytest.raises(grpc.RpcError) as busy:
            desk.download(whole.records[0].case_id, "0" * 64)
    desk.close()
    assert (len(bare.records), bare.has_more, bare.next_cursor.position) == (0, True, 0)
    assert sum(len(record.envelope.text) for record in whole.records) > LITTLE_BYTES
    assert 0 < sum(len(record.envelope.text) for record in little.records) <= LITTLE_BYTES
    assert not nothing.records and nothing.has_more and nothing.come_again_s == REST_S
    assert little.has_more and little.come_again_s == REST_S
    assert of_before.records == whole.records and not of_before.come_again_s
    assert busy.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
