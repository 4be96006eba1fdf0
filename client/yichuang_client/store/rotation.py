"""密钥轮换: everything that lies under a former data key is written anew under the one of now.

Rules kept here: it may be cut off at any moment and is gone on with when the desk is opened next; the database is
exported to a file beside it, which takes its place in one step; a page's new file is durable before its row names it,
and the former one goes after that; copies of before a migration go too, for they are under a former key.
"""

from __future__ import annotations

import os

from yichuang_client.config import DataFolder
from yichuang_client.store.database import Database, encrypted, errors
from yichuang_client.store.encrypted_files import EncryptedFiles
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, sync_folder
from yichuang_client.store.folder_lock import FolderLock
from yichuang_client.store.key_slots import Keys
from yichuang_client.trace import trace

_DONE = "data_key"
"""Under which name the database says which data key all of its pages are under."""


def finish(folder: DataFolder, keys: Keys) -> int:
    """Bring database and pages under the key of now; returns how many pages that were. Raises StoreError (IN_USE)."""
    lock = FolderLock(folder.lock)
    lock.take()
    try:
        if not opens(folder, keys):
            _move_database(folder, keys)
        return _move_pages(folder, keys)
    finally:
        lock.release()


def opens(folder: DataFolder, keys: Keys) -> bool:
    """Whether the key of now opens the database of a folder; former ones do not count. Raises StoreError."""
    if not folder.database.exists():
        return False
    database = Database(folder.database, encrypted(keys.database))
    try:
        return database.row("SELECT count(*) FROM sqlite_master") is not None
    except StoreError as error:
        if error.reason is not StoreReason.DAMAGED:
            raise
        return False
    finally:
        database.close()


def _move_database(folder: DataFolder, keys: Keys) -> None:
    former = next((Keys(data=data) for data in keys.former if opens(folder, Keys(data=data))), None)
    if former is None:
        raise StoreError(StoreReason.DAMAGED, detail="key")
    fresh = folder.database.with_name(folder.database.name + ".rekey")
    with disk_errors():
        fresh.unlink(missing_ok=True)
    with errors():
        connection = encrypted(former.database)(folder.database)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"ATTACH DATABASE ? AS fresh KEY \"x'{keys.database.hex()}'\"", (str(fresh),))
            connection.execute("SELECT sqlcipher_export('fresh')")
            connection.execute(f"PRAGMA fresh.user_version = {version}")
            connection.execute("DETACH DATABASE fresh")
        finally:
            connection.close()
    with disk_errors():
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        for name in ("-wal", "-shm"):  # empty: the last connection has closed
            folder.database.with_name(folder.database.name + name).unlink(missing_ok=True)
        fresh.replace(folder.database)
        sync_folder(folder.root)
        for copy in folder.root.glob(f"{folder.database.stem}-before-*{folder.database.suffix}"):
            copy.unlink()
    trace("database under a new key")


def _move_pages(folder: DataFolder, keys: Keys) -> int:
    database = Database(folder.database, encrypted(keys.database))
    try:
        done = database.row("SELECT value FROM meta WHERE key = ?", _DONE)
        if done is not None and done[0] == keys.key_id:
            return 0
        files = EncryptedFiles(folder.pages, keys.files)
        former = [EncryptedFiles(folder.pages, Keys(data=data).files) for data in keys.former]
        moved = 0
        for owner, page, name in database.rows("SELECT owner, hash, file FROM page"):
            moved += _move_page(database, files, former, (owner, page, name))
        with database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_DONE, keys.key_id))
    finally:
        database.close()
    trace("pages under a new key", pages=moved)
    return moved


def _move_page(
    database: Database, files: EncryptedFiles, former: list[EncryptedFiles], row: tuple[str, str, str]
) -> bool:
    owner, page, name = row
    for one in (files, *former):
        try:
            data = one.read(name, owner, page)
        except StoreError as error:
            if error.reason is StoreReason.PAGE_MISSING:
                return False
            if error.reason is not StoreReason.DAMAGED:
                raise
            continue
        if one is files:
            return False
        fresh = files.write(owner, page, data)
        with database.write() as connection:
            connection.execute("UPDATE page SET file = ? WHERE owner = ? AND hash = ?", (fresh, owner, page))
        files.remove(name)
        return True
    return False  # damaged before: its reader says so, as ever
