"""Watch tells at once what a command, a page or another server has brought; on SQLite and on a real PostgreSQL.

The server runs in this process and its heart does not beat: what arrives was pushed.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import text

from tests.server.test_wire import FOOD, catalogue, taking
from tests.support import postgres
from tests.support.cases import page
from tests.support.desks import WireDesk, outcomes, reason
from tests.support.district import RunningDistrict
from tests.support.inner_district import serving
from yichuang.v1 import district_pb2, exchange_pb2, exchange_pb2_grpc
from yichuang_domain import actions as a
from yichuang_domain.ids import BlobHash
from yichuang_server.api import exchange_servicer, roll
from yichuang_server.feed import following
from yichuang_server.feed.following import Follower
from yichuang_server.feed.wakeups import Rung, Wakeups
from yichuang_server.services.house import House
from yichuang_server.store import desks, times
from yichuang_server.store.database import open_database

PATIENCE_S = 60


@pytest.fixture(autouse=True)
def without_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_servicer, "HEARTBEAT_S", 10 * PATIENCE_S)


@dataclass(frozen=True, kw_only=True)
class Served:
    """A district at work in this process."""

    district: RunningDistrict
    house: House


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def inner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = ""
    if request.param == "postgresql":
        database = postgres.new_database(request.getfixturevalue("postgres_socket"))
    folder = tmp_path_factory.mktemp("watched") / "data"
    district = RunningDistrict(folder, database=database, second_factor=False)
    with serving(district) as house:
        yield Served(district=district, house=house)


@pytest.fixture
def served(inner: Served) -> RunningDistrict:
    return inner.district


def watch(desk: WireDesk) -> Any:
    """A stream, its first message taken."""
    desk.pull()
    stream = desk.exchanges.Watch(exchange_pb2.WatchRequest(cursor=desk.cursor), timeout=PATIENCE_S)
    first = next(stream)
    assert (first.position, first.has_pages) == (desk.cursor.position, True)
    return stream


def told(stream: Any, condition: Callable[[Any], bool]) -> Any:
    """The first message of which something is so; an enrolment, too, is told to everybody. Fails with the stream."""
    return next(message for message in stream if condition(message))


def test_a_command_wakes_every_desk(served: RunningDistrict) -> None:
    with closing(served.desk("fengqiao")) as desk, closing(served.desk("hall", "market")) as other:
        streams = [watch(desk), watch(other)]
        items, head = catalogue(desk)
        answer = served.run("catalog", "retire", items[0].code)
        assert answer["version"] == head.version + 1
        for stream in streams:
            told(stream, lambda message: message.catalogue_version == answer["version"])
        before = desk.districts.GetProfile(district_pb2.GetProfileRequest(), timeout=20).version
        served.run("people", "disable", served.secret("tangjie")["person"])
        assert not told(streams[0], lambda message: message.profile_version == before + 1).has_pages


def test_a_page_wakes_the_desks_that_have_its_case(served: RunningDistrict) -> None:
    data = secrets.token_bytes(50_000)
    name = BlobHash(hashlib.sha256(data).hexdigest())
    with (
        closing(served.desk("fengqiao", login="wuminmin")) as counter,
        closing(served.desk("hall", "market")) as section,
        closing(served.desk("yuxin")) as stranger,
    ):
        item = {found.name: found for found in catalogue(counter)[0]}[FOOD]
        case, receipt = taking(item)
        sheet = replace(page(item.materials[0].key), page=name, size=len(data))
        sent = counter.send(counter.deed((case, 1, receipt), (case, 1, a.AttachPage(page=sheet))))
        assert outcomes(sent) == ["RECORDED"]
        stream, elsewhere = watch(section), watch(stranger)
        assert counter.upload(case, data, name) == len(data)
        told(stream, lambda message: message.has_pages)
        assert section.download(case, name) == data
        answer = served.run("catalog", "retire", item.code)
        for message in elsewhere:
            assert not message.has_pages
            if message.catalogue_version == answer["version"]:
                break


def test_a_stream_of_a_revoked_desk_ends_at_its_heartbeat_where_no_bell_rang(
    inner: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_servicer, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(roll, "_LASTS_S", 0.0)
    with closing(inner.district.desk("fengqiao")) as desk:
        stream = watch(desk)
        silently = {"revoked_time": times.text(inner.house.now())}
        inner.house.write(lambda c: desks.change(c, inner.house.district, desk.replica, **silently))
        with pytest.raises(grpc.RpcError) as caught:
            told(stream, lambda message: False)
        assert reason(caught.value) == "REVOKED_DESK"


@pytest.mark.long
def test_a_crowd_that_comes_at_once_is_served(served: RunningDistrict) -> None:
    async def crowd(desk: WireDesk) -> list[int]:
        address = f"127.0.0.1:{served.ports['port']}"
        own = (("grpc.use_local_subchannel_pool", 1),)
        channels = [grpc.aio.secure_channel(address, desk.credentials, options=own) for _ in range(175)]
        stubs = [exchange_pb2_grpc.ExchangeServiceStub(channel) for channel in channels for _ in range(20)]
        streams = [stub.Watch(exchange_pb2.WatchRequest(), timeout=PATIENCE_S) for stub in stubs]
        first = await asyncio.gather(*(stream.read() for stream in streams))
        await asyncio.gather(*(channel.close() for channel in channels))
        return [message.position for message in first]

    with closing(served.desk("yuxin")) as desk:
        assert len(asyncio.run(crowd(desk))) == 3_500


@pytest.mark.parametrize("inner", ["postgresql"], indirect=True)
def test_another_server_of_the_district_wakes_the_desks_of_this_one(
    served: RunningDistrict,
) -> None:
    other = RunningDistrict(served.folder, is_there=True)
    other.start()
    try:
        with closing(other.desk("fengqiao", login="wuminmin")) as counter:
            section = served.desk("hall", "market")
            stream = watch(section)
            case, receipt = taking({found.name: found for found in catalogue(counter)[0]}[FOOD])
            counter.send(counter.deed((case, 1, receipt)))
            told(stream, lambda message: message.position > section.cursor.position)
            section.pull()
            assert section.events(case) == ["Received"]
            section.close()
    finally:
        other.stop()


def test_a_follower_that_lost_its_connection_rings_for_everybody(
    postgres_socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PAUSE_S", 0.01)
    engine = open_database(postgres.new_database(postgres_socket))
    listening_here = "query LIKE 'LISTEN%' AND datname = current_database()"
    hang_up = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening_here}"

    async def lose_it() -> Rung:
        wakeups = Wakeups()
        wakeups.bind(asyncio.get_running_loop())
        follower = Follower(engine, "330402", wakeups)
        await asyncio.to_thread(follower.start)
        with wakeups.listen(["place:town"]) as listening:
            with engine.begin() as connection:
                assert connection.execute(text(hang_up)).all() == [(True,)]
            rung = await listening.wait(10)
        await asyncio.to_thread(follower.close)
        return rung

    assert asyncio.run(lose_it()) is Rung.PAGES
    engine.dispose()
