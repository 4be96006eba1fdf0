"""What a synchronous standby has counts as durable where the district says so: with two real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.houses import CODE, new_case, new_house
from tests.server.test_exchange import taking
from tests.support import postgres
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
