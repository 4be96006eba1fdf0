"""Databases of both kinds, houses in them, and districts that really run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.server.houses import TestHouse, new_house
from tests.support import postgres
from tests.support.district import RunningDistrict
from yichuang_server.store.database import migrate, open_database


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The folder of the socket of this process's PostgreSQL."""
    with postgres.running() as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated database; each test runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'district.sqlite'}"
    else:
        url = postgres.new_database(request.getfixturevalue("postgres_socket"))
    opened = open_database(url)
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> TestHouse:
    """A founded district with two items, at a fixed time, without a wire."""
    return new_house(engine, tmp_path)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    """A district that serves, one a module."""
    running = RunningDistrict(tmp_path_factory.mktemp("district") / "data")
    running.start()
    yield running
    running.stop()
