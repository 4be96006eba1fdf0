"""What a synchronous standby has counts as durable where the district says so: with two real PostgreSQL."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from tests.server import test_wire as wire
from tests.server.houses import CODE, new_case, new_house
from tests.server.test_exchange import taking
from tests.support import postgres
from tests.support.desks import outcomes, reason
from tests.support.district import RunningDistrict
from yichuang_server.store import log
from yichuang_server.store.database import migrate, open_database


@pytest.mark.long
def test_a_commit_on_the_standby_is_durable(postgres_socket: Path, tmp_path: Path) -> None:
    engine = open_database(postgres.new_database(postgres_socket))
    migrate(engine)
    home = new_house(engine, tmp_path)
    home.house = replace(home.house, trusts_standby=True)
    desk = home.desk("town")
    assert desk.act(new_case(), 1, taking()) == "RECORDED"
    assert desk.send().durable_through == 0
    with postgres.synchronous_standby(postgres_socket):
        while not home.house.read(log.has_standby):
            continue
        size = home.house.read(lambda c: log.size(c, CODE))
        assert desk.send().durable_through == size == 1
        home.house = replace(home.house, trusts_standby=False)
        assert desk.send().durable_through == 0
    engine.dispose()


@pytest.mark.long
def test_a_promoted_standby_goes_on_with_all_that_was_answered(tmp_path: Path) -> None:
    """The server is not touched: it knows both databases, and works with the one that takes writes."""
    with postgres.running() as first, postgres.synchronous_standby(first) as second:
        url = f"{postgres.new_database(first)}&host={second}&target_session_attrs=read-write"
        district = RunningDistrict(tmp_path / "data", database=url, second_factor=False)
        district.start()
        try:
            with closing(district.desk("fengqiao", login="wuminmin")) as desk:
                item = {found.name: found for found in wire.catalogue(desk)[0]}[wire.FOOD]
                case, receipt = wire.taking(item)
                answered = desk.deed((case, 1, receipt))
                assert outcomes(desk.send(answered)) == ["RECORDED"]
                postgres.kill(first)
                other, receipt = wire.taking(item)
                meanwhile = desk.deed((other, 1, receipt))
                with pytest.raises(grpc.RpcError) as caught:
                    desk.send(meanwhile)
                assert caught.value.code() is grpc.StatusCode.UNAVAILABLE, reason(caught.value)
                postgres.promote(second)
                assert outcomes(desk.send(answered, meanwhile)) == ["RECORDED", "RECORDED"]
                assert desk.events(case) == desk.events(other) == ["Received"]
        finally:
            district.stop()
