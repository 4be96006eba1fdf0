"""恢复: a district out of a backup, into an empty place.

Rules kept here: nothing that holds anything is written over; the place is filled only with what was found true, in one
step at the end, so that a refused backup leaves nothing behind; the restored database is compared with the one that was
copied, table by table, and its log is counted anew; sessions end; it is marked: before it serves, two administrators
open a new epoch of its log.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete

from yichuang_server.config import DataFolder, ServerConfig, write_private
from yichuang_server.services.backups import PARTS, Manifest, Page, Vault
from yichuang_server.store import dumps, epochs
from yichuang_server.store.contents import ContentsError, Head, contents
from yichuang_server.store.database import migrate, open_database
from yichuang_server.store.sealing import BackupError, disk_told
from yichuang_server.store.tables import session

DATABASE = "district.sqlite"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A district that was restored."""

    name: str
    """Of the backup."""
    head: Head
    pages: int
    page_bytes: int
    seconds_database: float
    seconds_pages: float
    seconds: float


def restore(vault: Vault, name: str, target: Path, database: str) -> Restored:
    """Restore a backup into a folder that is empty or not there, and an empty PostgreSQL database where it is of one.

    Raises BackupError; folder and database are as they were then.
    """
    began = time.monotonic()
    manifest = vault.manifest(name)
    _require_room(target, manifest, database)
    with _staging(target) as staged, _database(manifest, database, staged, target) as (url, engine):
        folder = DataFolder(path=staged)
        for part in PARTS:
            if vault.digest(vault.path(name, part), name, part) != manifest.parts[part]:
                raise BackupError(f"{part}.sealed is not the manifest's: use another backup")
        _settings(vault, name, folder, url)
        for page in vault.pages(name):
            _page(vault, page, folder.blobs)
        read_pages = time.monotonic()
        _fill(vault, name, manifest, staged, url, engine)
        filled = time.monotonic()
        with disk_told(target):
            os.sync()
            if target.exists():
                target.rmdir()
            staged.rename(target)
    return Restored(
        name=name,
        head=manifest.contents.head,
        pages=manifest.pages,
        page_bytes=manifest.page_bytes,
        seconds_database=round(filled - read_pages, 3),
        seconds_pages=round(read_pages - began, 3),
        seconds=round(time.monotonic() - began, 3),
    )


def drill(vault: Vault, name: str, scratch: Path, database: str) -> Restored:
    """Restore beside the district and throw it away again. Raises BackupError."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix="drill-") as folder:
        try:
            return restore(vault, name, Path(folder) / "data", database)
        finally:
            if database:
                dumps.empty(open_database(database))


def _require_room(target: Path, manifest: Manifest, database: str) -> None:
    with disk_told(target):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise BackupError(f"{target} is not empty: give a folder that is empty or not there")
        target.parent.mkdir(parents=True, exist_ok=True)
        needed = manifest.page_bytes + 2 * manifest.parts["database"].size
        if shutil.disk_usage(target.parent).free < needed:
            raise BackupError(f"the disk of {target.parent} is too full: {needed} bytes are needed")
    if manifest.dialect == "postgresql" and not database.startswith("postgresql"):
        raise BackupError("the backup is of PostgreSQL: give --database with an empty database")
    if manifest.dialect == "sqlite" and database:
        raise BackupError("the backup is of SQLite: it is restored without --database")


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A folder beside the target; gone at the end, unless it became the target."""
    with disk_told(target):
        staged = Path(tempfile.mkdtemp(dir=target.parent, prefix=f"{target.name}.restoring-"))
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _database(manifest: Manifest, database: str, staged: Path, target: Path) -> Iterator[tuple[str, Engine]]:
    """The address that the district will have, and where it is filled; emptied again after an error."""
    if manifest.dialect == "sqlite":
        engine = open_database(f"sqlite:///{staged / DATABASE}")
        try:
            yield f"sqlite:///{target / DATABASE}", engine
        finally:
            engine.dispose()
        return
    engine = open_database(database)
    dumps.require_empty(engine)
    try:
        yield database, engine
    except BaseException:
        dumps.empty(engine)
        raise
    finally:
        engine.dispose()


def _settings(vault: Vault, name: str, folder: DataFolder, url: str) -> None:
    plain: Mapping[str, Any] = json.loads(b"".join(vault.read(name, "settings")))
    config = ServerConfig.read(dict(plain["config"]))
    with disk_told(folder.path):
        folder.create()
        for key, text in plain["keys"].items():
            write_private(folder.keys / key, bytes.fromhex(text))
        replace(config, database=url).save(folder)


def _page(vault: Vault, page: Page, blobs: Path) -> None:
    path, digest = blobs / page.owner[:2] / page.owner / page.hash, hashlib.sha256()
    with disk_told(blobs):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "wb") as file:
            for piece in vault.page_bytes(page):
                digest.update(piece)
                file.write(piece)
    if digest.hexdigest() != page.hash:
        raise BackupError("a page of the backup is not what its name says: use another backup")


def _fill(vault: Vault, name: str, manifest: Manifest, staged: Path, url: str, engine: Engine) -> None:
    if manifest.dialect == "sqlite":
        dumps.write_file(staged / DATABASE, vault.read(name, "database"))
    else:
        dump = staged / "database.dump"
        dumps.write_file(dump, vault.read(name, "database"))
        dumps.postgres_restore(url, dump)
        dump.unlink()
    try:
        with engine.connect() as connection:
            found = contents(connection, manifest.district)
    except ContentsError as error:
        raise BackupError(f"the restored log is broken ({error}): use another backup") from error
    if found != manifest.contents:
        wrong = [of for of, sums in manifest.contents.tables.items() if found.tables.get(of) != sums]
        raise BackupError(f"the restored database differs from the one that was copied ({', '.join(wrong)})")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(delete(session).where(session.c.district == manifest.district))
        epochs.mark_restored(connection, manifest.district, manifest.taken_time)
    engine.dispose()  # SQLite puts its journal away under this name
