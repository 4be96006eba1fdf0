"""The million cases of the benchmark are what the same deeds would have made of the store, in every table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.bench import many_cases
from tests.server.houses import TestDesk, TestHouse, new_case, new_house
from tests.server.test_exchange import taking
from yichuang_server.services.exchange import Exchange, Sent
from yichuang_server.store import contents, log
from yichuang_server.store.database import migrate, open_database
from yichuang_server.store.tables import deed

COPIES = 300
"""More than a subtree that is kept, and than a batch."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'district.sqlite'}")
    migrate(opened)
    yield opened
    opened.dispose()


def test_copies_are_what_the_exchange_would_write(engine: Engine, tmp_path: Path) -> None:
    home = new_house(engine, tmp_path)
    desk = home.desk("town")
    cases = [new_case() for _ in range(2)]
    for case in cases:
        assert desk.act(case, 1, replace(taking(), number=case[:16])) == "RECORDED"
    real = _beside(home, tmp_path)
    district = home.house.district
    home.house.write(lambda c: many_cases.load(c, many_cases.Model.read(c, cases[-1]), COPIES))
    sent = home.house.read(
        lambda c: [
            Sent(
                deed=row.deed,
                seq=row.seq,
                text=row.text,
                disclosures=log.disclosures(c, district, many_cases.case_of(number)),
            )
            for number, row in enumerate(c.execute(select(deed).where(deed.c.seq > 2).order_by(deed.c.seq)))
        ]
    )
    _send(replace(desk, home=real), sent)
    found = [one.house.read(lambda c: contents.contents(c, district)) for one in (home, real)]
    assert found[0].head.size == COPIES + 2
    assert found[0] == found[1]


def _send(desk: TestDesk, sent: list[Sent]) -> None:
    for start in range(0, len(sent), 100):
        assert {result.outcome for result in desk.send(*sent[start : start + 100]).results} == {"RECORDED"}


def _beside(home: TestHouse, folder: Path) -> TestHouse:
    """The same district on a copy of its database."""
    home.house.engine.dispose()
    shutil.copy(folder / "district.sqlite", folder / "other.sqlite")
    engine = open_database(f"sqlite:///{folder / 'other.sqlite'}")
    return TestHouse(house=replace(home.house, engine=engine, exchange=Exchange()), clock=home.clock)
