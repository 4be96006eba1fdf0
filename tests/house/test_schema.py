"""The district's schema keeps the rules of distributed tables (Citus): a province can be split by district.

The rules: the district's code is the first part of every primary key and of every other unique index, so that each is
kept inside one shard; a foreign key names it too; nothing counts across shards (no sequence, no identity).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint, create_engine

from yichuang_server.store.database import migrate
from yichuang_server.store.tables import metadata

KEY = "district"
LOCAL = {"alembic_version"}
"""Tables of the tools: one row, kept where the migrations run."""


def broken_rules(tables: MetaData) -> list[str]:
    """What stands in the way of distributing the tables by district."""
    found = []
    for table in tables.sorted_tables:
        if table.name in LOCAL:
            continue
        if [column.name for column in table.primary_key][:1] != [KEY]:
            found.append(f"{table.name}: the primary key does not begin with the district")
        unique: list[Index | UniqueConstraint] = [index for index in table.indexes if index.unique]
        unique += [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        found += [f"{table.name}: {one.name} is unique across districts" for one in unique if KEY not in one.columns]
        for key in table.foreign_key_constraints:
            if KEY not in key.column_keys:
                found.append(f"{table.name}: a foreign key across districts")
        for column in table.columns:
            if column.identity is not None or (column.default is not None and column.default.is_sequence):
                found.append(f"{table.name}.{column.name}: counts across districts")
        if table.autoincrement_column is not None:
            found.append(f"{table.name}: counts across districts")
    return found


def test_every_table_can_be_distributed_by_district() -> None:
    assert len(metadata.tables) > 15
    assert broken_rules(metadata) == []


def test_so_can_every_table_that_the_migrations_make(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/district.sqlite")
    migrate(engine)
    made = MetaData()
    made.reflect(engine)
    engine.dispose()
    assert set(made.tables) - LOCAL == set(metadata.tables)
    assert broken_rules(made) == []


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param((Column("id", Integer, primary_key=True),), id="no district"),
        pytest.param(
            (
                Column(KEY, String(6), primary_key=True),
                Column("n", Integer, primary_key=True, autoincrement=True),
            ),
            id="counted",
        ),
        pytest.param(
            (Column(KEY, String(6), primary_key=True), Column("n", String(6), unique=True)),
            id="unique everywhere",
        ),
        pytest.param(
            (Column(KEY, String(6), primary_key=True), Column("n", Integer), Index("planted_n", "n", unique=True)),
            id="indexed everywhere",
        ),
        pytest.param(
            (Column(KEY, String(6), primary_key=True), Column("of", String(6), ForeignKey("planted.district"))),
            id="points elsewhere",
        ),
    ],
)
def test_what_cannot_be_distributed_is_found(columns: tuple[Column[object], ...]) -> None:
    planted = MetaData()
    Table("planted", planted, *columns)
    assert len(broken_rules(planted)) >= 1
