"""The store's contract, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import Connection, Engine, inspect, text

from tests.support.cases import CLERK, ITEM
from yichuang_domain.organisation import Role
from yichuang_server.store import catalogue, merkle, people
from yichuang_server.store.blobs import BlobFiles, WrongHashError, WrongOffsetError
from yichuang_server.store.database import SchemaError, check_schema, open_database, read, write
from yichuang_server.store.people import Account
from yichuang_server.store.tables import metadata

CODE = "330402"


class TestStore:
    """One contract, two databases."""

    def test_migrations_make_the_tables_that_the_program_knows(self, engine: Engine) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def test_the_district_is_the_first_part_of_every_key(self, engine: Engine) -> None:
        found = inspect(engine)
        for table in metadata.tables:
            assert found.get_pk_constraint(table)["constrained_columns"][0] == "district", table
            assert all(index["column_names"][0] == "district" for index in found.get_indexes(table)), table

    def test_another_schema_is_refused(self, engine: Engine) -> None:
        check_schema(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SchemaError, match="9999"):
            check_schema(engine)

    def test_a_failed_work_leaves_nothing(self, engine: Engine) -> None:
        def work(connection: Connection) -> None:
            catalogue.publish(connection, CODE, [ITEM], "2026-01-01T00:00:00.000Z")
            raise RuntimeError

        with pytest.raises(RuntimeError):
            write(engine, work)
        assert read(engine, lambda c: catalogue.newest_version(c, CODE)) == 0

    def test_a_catalogue_grows_by_releases_and_its_hash_is_over_all_current_items(self, engine: Engine) -> None:
        time = "2026-01-01T00:00:00.000Z"
        other = replace(ITEM, code="item-2")
        with engine.begin() as connection:
            assert catalogue.publish(connection, CODE, [ITEM, other], time) == 1
            first = catalogue.head_hash(connection, CODE)
            assert catalogue.publish(connection, CODE, [replace(ITEM, name="新名")], time) == 2
            assert [(code, version) for code, version, _ in catalogue.changed(connection, CODE, 1)] == [("item-1", 2)]
            assert [(code, version) for code, version, _ in catalogue.changed(connection, CODE, 0)] == [
                ("item-1", 2),
                ("item-2", 1),
            ]
            assert catalogue.head_hash(connection, CODE) not in ("", first)
            assert catalogue.head_hash(connection, CODE) == catalogue.digest(connection, CODE)
            old = catalogue.item_version(connection, CODE, "item-1", 1)
            assert old is not None
            assert old.name == ITEM.name

    def test_a_cancellation_is_a_release_of_its_own(self, engine: Engine) -> None:
        time = "2026-01-01T00:00:00.000Z"
        with engine.begin() as connection:
            catalogue.publish(connection, CODE, [ITEM], time)
            assert catalogue.cancel(connection, CODE, ITEM.code, date(2026, 3, 1), time) == 2
            assert catalogue.cancelled_on(connection, CODE, ITEM.code) == date(2026, 3, 1)
            assert catalogue.cancelled_on(connection, CODE, "other") is None
            assert catalogue.cancel(connection, CODE, ITEM.code, date(2026, 2, 1), time) == 3
            assert catalogue.cancellations(connection, CODE) == [(ITEM.code, "2026-02-01")]

    def test_rights_have_a_history(self, engine: Engine) -> None:
        account = Account(
            person=CLERK,
            login="clerk",
            password_hash="",
            totp_secret="",
            last_totp=0,
            failures=0,
            locked_until="",
            disabled=False,
        )
        with engine.begin() as connection:
            people.add(connection, CODE, account, "2026-01-01T00:00:00.000Z")
            people.disable(connection, CODE, CLERK.person, "2026-06-01T00:00:00.000Z")
            found = [
                people.rights_at(connection, CODE, CLERK.person, f"2026-{month}-15T00:00:00.000Z")
                for month in ("05", "06")
            ]
            assert people.rights_at(connection, CODE, CLERK.person, "2025-01-01T00:00:00.000Z") is None
        assert [one.roles if one else None for one in found] == [{Role.CLERK, Role.SUPERVISOR}, frozenset()]


def test_a_database_without_a_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        check_schema(open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}"))


def _tree_head(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _tree_head(leaves[:k]) + _tree_head(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_frontier_gives_the_tree_head_of_the_standard(leaves: list[bytes]) -> None:
    frontier: merkle.Frontier = ()
    for leaf in leaves:
        frontier = merkle.append(frontier, leaf)
    assert merkle.root(frontier) == _tree_head(leaves).hex()
    assert len(frontier) <= 6


class TestBlobFiles:
    """Bytes of pages."""

    OWNER, DATA = "c" * 32, b"page" * 1000
    NAME = hashlib.sha256(DATA).hexdigest()

    def test_bytes_come_in_pieces_and_survive_a_restart(self, tmp_path: Path) -> None:
        files = BlobFiles(tmp_path)
        assert files.append(self.OWNER, self.NAME, 4000, 0, self.DATA[:1500]) == 1500
        again = BlobFiles(tmp_path)
        assert again.committed(self.OWNER, self.NAME) == 1500
        with pytest.raises(WrongOffsetError) as caught:
            again.append(self.OWNER, self.NAME, 4000, 1000, self.DATA[1000:])
        assert caught.value.committed == 1500
        assert again.append(self.OWNER, self.NAME, 4000, 1500, self.DATA[1500:]) == 4000
        assert b"".join(again.read(self.OWNER, self.NAME, 100)) == self.DATA[100:]

    def test_other_bytes_are_thrown_away(self, tmp_path: Path) -> None:
        files = BlobFiles(tmp_path)
        with pytest.raises(WrongHashError):
            files.append(self.OWNER, self.NAME, 4000, 0, bytes(4000))
        assert files.committed(self.OWNER, self.NAME) == 0

    def test_more_than_was_announced_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(WrongOffsetError):
            BlobFiles(tmp_path).append(self.OWNER, self.NAME, 10, 0, self.DATA)

    @pytest.mark.parametrize("owner", ["../etc", "c" * 31, "C" * 32, ""])
    def test_a_name_cannot_leave_the_folder(self, tmp_path: Path, owner: str) -> None:
        with pytest.raises(ValueError, match="not a name"):
            BlobFiles(tmp_path).committed(owner, self.NAME)
