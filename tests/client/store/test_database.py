"""The database file: refused with a wrong key, migrated by steps, whole after a full disk."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.store.wiring import KEYS, doer, open_store, set_up
from tests.support.cases import NOON, receive
from yichuang_client.config import DataFolder
from yichuang_client.store import database
from yichuang_client.store.database import Database, Opener, encrypted, migrations
from yichuang_client.store.encrypted_files import EncryptedFiles
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.store import Store
from yichuang_domain.ids import CaseId

KEY = bytes(range(32))


def reason(work: Any) -> StoreReason:
    with pytest.raises(StoreError) as caught:
        work()
    return caught.value.reason


def test_what_is_promised_is_set(tmp_path: Path) -> None:
    file = Database(tmp_path / "a.db", encrypted(KEY))
    file.prepare()
    values = {
        name: file.rows(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "temp_store", "foreign_keys")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "temp_store": 2, "foreign_keys": 1}
    assert (tmp_path / "a.db").read_bytes()[:6] != b"SQLite"
    file.close()
    assert reason(lambda: file.rows("SELECT 1")) is StoreReason.CLOSED


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    assert reason(lambda: Store.open(DataFolder(root=tmp_path), Keys(data=bytes(32)))) is StoreReason.DAMAGED
    open_store(tmp_path).close()


def test_one_client_at_a_time(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    assert reason(lambda: open_store(tmp_path)) is StoreReason.IN_USE
    first.close()
    open_store(tmp_path).close()


def test_a_newer_database_is_refused_unless_it_says_that_this_program_may(tmp_path: Path) -> None:
    file = Database(tmp_path / "a.db", encrypted(KEY))
    file.prepare()
    ahead = len(migrations()) + 1
    file.connection.execute(f"PRAGMA user_version = {ahead}")
    Database(tmp_path / "a.db", encrypted(KEY)).prepare()
    file.connection.execute("UPDATE schema_info SET oldest_program = ?", (ahead,))
    assert reason(Database(tmp_path / "a.db", encrypted(KEY)).prepare) is StoreReason.NEWER_DATABASE
    file.close()


def test_a_migration_is_one_transaction_after_an_encrypted_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    Database(path, encrypted(KEY)).prepare()
    steps = migrations()
    broken = [*steps, "CREATE TABLE one (a TEXT) STRICT;\nCREATE TABLE meta (a TEXT) STRICT;"]
    monkeypatch.setattr(database, "migrations", lambda: broken)
    assert reason(Database(path, encrypted(KEY)).prepare) is StoreReason.DISK_FAILED
    again = Database(path, encrypted(KEY))
    assert again.rows("PRAGMA user_version") == [(len(steps),)]
    assert again.rows("SELECT name FROM sqlite_schema WHERE name = 'one'") == []
    again.close()
    sound = [*steps, "-- a step\nCREATE TABLE one (a TEXT) STRICT;\nINSERT INTO one VALUES ('x;y');"]
    monkeypatch.setattr(database, "migrations", lambda: sound)
    migrated = Database(path, encrypted(KEY))
    migrated.prepare()
    assert migrated.rows("SELECT a FROM one") == [("x;y",)]
    migrated.close()
    (copy,) = tmp_path.glob("a-before-*.db")
    before = Database(copy, encrypted(KEY))
    assert before.rows("PRAGMA user_version") == [(len(steps),)]
    before.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Opener, bool]]:
    """A disk of 3 MB: a real one where we may mount it, else a database that may not grow."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    is_real = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder, encrypted(KEYS.database) if is_real else _narrow, is_real
    if is_real:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _narrow(path: Path) -> Any:
    connection = encrypted(KEYS.database)(path)
    connection.execute("PRAGMA max_page_count = 400")
    return connection


def test_a_full_disk_is_told_and_loses_nothing(small_disk: tuple[Path, Opener, bool]) -> None:
    disk, opener, is_real = small_disk
    folder = DataFolder(root=disk / "desk")
    store = Store.assemble(folder, opener, EncryptedFiles(folder.pages, KEYS.files))
    set_up(store)
    kept: list[CaseId] = []
    with pytest.raises(StoreError) as full:
        for _ in range(5000):
            case = CaseId(secrets.token_hex(16))
            store.append_deed([(case, receive("form", "lease", "health"))], doer(), NOON)
            kept.append(case)
    assert full.value.reason is StoreReason.DISK_FULL
    assert len(kept) > 20
    if is_real:
        assert reason(lambda: store.pages.keep(kept[0], secrets.token_bytes(3 << 20))) is StoreReason.DISK_FULL
        assert not list(folder.pages.glob("*/*"))
    assert [store.view(case).n for case in kept] == [1] * len(kept)
    store.close()
    again = Store.assemble(folder, opener, EncryptedFiles(folder.pages, KEYS.files))
    assert again.outbox.unsent() == len(kept)
    assert [sent.seq for sent in again.outbox.to_send(1 << 30)] == list(range(1, min(200, len(kept)) + 1))
    assert again.rows.find(kept[-1]) is not None
    again.close()
