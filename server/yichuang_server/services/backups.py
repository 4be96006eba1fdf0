"""备份: the district's database, keys and pages, sealed into a folder of backups that may lie anywhere.

Rules kept here: a backup is of one moment, taken while the district works; it counts only when every part of it was
read back and found true; pages are written once, under blind names, and shared by all backups; a folder belongs to one
district and one key; the root key and first passwords are in no backup.
"""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from yichuang_server.config import DataFolder, ServerConfig, write_private
from yichuang_server.store import blobs, dumps, sealing, times
from yichuang_server.store.blobs import PageDamagedError, PagesAwayError, PageStore
from yichuang_server.store.contents import Contents, ContentsError, Head, check, contents
from yichuang_server.store.sealing import BackupError, Secret, disk_told

FORMAT = 1
PARTS = ("database", "settings", "pages")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page in a backup."""

    owner: str
    hash: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself; written last."""

    district: str
    dialect: str
    """``sqlite`` or ``postgresql``."""
    taken_time: str
    contents: Contents
    parts: Mapping[str, sealing.Sealed]
    pages: int
    page_bytes: int


class Vault:
    """A folder of backups, opened with its key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key

    @classmethod
    def open(cls, folder: Path, secret: Secret, *, create: bool = False) -> Vault:
        """Open the folder, or begin it. Raises BackupError, for another key too."""
        mark = folder / "vault.json"
        if create and not mark.exists():
            with disk_told(folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                salt = secrets.token_bytes(16)
                plain = {"format": FORMAT, "salt": salt.hex(), "check": sealing.blind(secret.key(salt), "check")}
                write_private(mark, json.dumps(plain).encode())
        try:
            plain = json.loads(mark.read_bytes())
            salt, expected = bytes.fromhex(plain["salt"]), plain["check"]
        except FileNotFoundError as error:
            raise BackupError(f"{folder} holds no backups") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BackupError(
                f"{mark} is damaged: put back the copy of it, or use another folder of backups"
            ) from error
        key = secret.key(salt)
        if sealing.blind(key, "check") != expected:
            raise BackupError("the key is not the one of these backups")
        return cls(folder, key)

    def names(self) -> list[str]:
        """Complete backups, the oldest first."""
        return sorted(path.name for path in (self.folder / "backups").glob("*Z"))

    def path(self, name: str, part: str) -> Path:
        """The sealed file of one part of a backup."""
        return self.folder / "backups" / name / f"{part}.sealed"

    def seal(self, path: Path, name: str, part: str, plain: Iterator[bytes]) -> sealing.Sealed:
        """Write one part of a backup."""
        return sealing.seal(path, self._key, f"{name}/{part}", plain)

    def read(self, name: str, part: str) -> Iterator[bytes]:
        """The plain bytes of one part. Raises BackupError."""
        return sealing.opened(self.path(name, part), self._key, f"{name}/{part}")

    def digest(self, path: Path, name: str, part: str) -> sealing.Sealed:
        """Size and hash of a part, read anew. Raises BackupError."""
        return sealing.digest_of(path, self._key, f"{name}/{part}")

    def manifest(self, name: str) -> Manifest:
        """What a backup says of itself. Raises BackupError."""
        if name not in self.names():
            raise BackupError(f"there is no backup {name}" if name else "there is no backup yet")
        plain = json.loads(b"".join(self.read(name, "manifest")))
        if plain.pop("format") != FORMAT:
            raise BackupError(f"{name} was made by a newer program: update this one")
        sums = plain.pop("contents")
        tables = {table: (count, total) for table, (count, total) in sums["tables"].items()}
        parts = {part: sealing.Sealed(**values) for part, values in plain.pop("parts").items()}
        return Manifest(**plain, contents=Contents(head=Head(**sums["head"]), tables=tables), parts=parts)

    def pages(self, name: str) -> Iterator[Page]:
        """The pages of a backup. Raises BackupError."""
        rest = b""
        for piece in self.read(name, "pages"):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                owner, page, size = line.decode().split()
                yield Page(owner=owner, hash=page, size=int(size))

    def page_path(self, page: Page) -> Path:
        """The sealed file of a page."""
        name = sealing.blind(self._key, f"{page.owner}/{page.hash}")
        return self.folder / "pages" / name[:2] / name

    def page_bytes(self, page: Page) -> Iterator[bytes]:
        """The plain bytes of a page, to be checked by the caller. Raises BackupError."""
        return sealing.opened(self.page_path(page), self._key, f"page/{page.owner}/{page.hash}")

    def keep_page(self, page: Page, source: PageStore) -> bool:
        """Seal a page and read it back; whether it is whole at the district. Raises BackupError."""
        path, name = self.page_path(page), f"page/{page.owner}/{page.hash}"
        try:
            sealed = sealing.seal(path, self._key, name, source.read(page.owner, page.hash))
        except PageDamagedError:
            return False
        except PagesAwayError as error:
            raise BackupError(str(error)) from error
        except BackupError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return False
            raise
        if sealed.hash != page.hash:
            path.unlink()
            return False
        self.check_page(page)
        return True

    def check_page(self, page: Page) -> None:
        """Read a page of the backups. Raises BackupError for one that is not what its name says."""
        found = sealing.digest_of(self.page_path(page), self._key, f"page/{page.owner}/{page.hash}")
        if found.hash != page.hash:
            raise BackupError("a page of the backup is not what its name says: use another backup")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder against another backup; what one that was killed has left is removed. Raises BackupError."""
        with _held(self.folder / "lock"):
            for left in (self.folder / "backups").glob("*.part"):
                shutil.rmtree(left, ignore_errors=True)
            yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process. Raises BackupError."""
    with ExitStack() as stack:
        with disk_told(path.parent):
            file = stack.enter_context(open(path, "w"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(f"another backup is being taken ({path} is held)") from error
        yield


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A place for plain copies beside the district's own files; what a killed backup left there is removed.

    Raises BackupError.
    """
    place = folder / "backup-scratch"
    with _held(folder / "backup.lock"):
        with disk_told(folder):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A backup that was taken and read back."""

    name: str
    head: Head
    pages: int
    new_pages: int
    damaged_pages: int
    """Pages that are broken or gone at the district itself."""
    seconds: float


def take(
    vault: Vault, folder: DataFolder, config: ServerConfig, engine: Engine, store: PageStore, now: datetime
) -> Taken:
    """Take a backup and verify it. Raises BackupError; what was begun is removed then."""
    began = time.monotonic()
    name = times.text(now).replace("-", "").replace(":", "").replace(".", "")
    with vault.alone(), _scratch(folder.path) as scratch:
        part = vault.folder / "backups" / f"{name}.part"
        try:
            with disk_told(part):
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir(mode=0o700, parents=True)
            return _take(vault, folder, config, engine, store, now, part, scratch, began)
        except ContentsError as error:
            raise BackupError(f"the district's own database is damaged: {error}") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _take(
    vault: Vault,
    folder: DataFolder,
    config: ServerConfig,
    engine: Engine,
    store: PageStore,
    now: datetime,
    part: Path,
    scratch: Path,
    began: float,
) -> Taken:
    name = part.stem
    sealed: dict[str, sealing.Sealed] = {}
    if engine.dialect.name == "sqlite":
        copy = scratch / "copy.sqlite"
        with dumps.sqlite_copy(engine, copy) as connection:
            sums, pages = contents(connection, config.district), _pages(connection, config.district)
        sealed["database"] = vault.seal(part / "database.sealed", name, "database", dumps.read_file(copy))
        copy.unlink()
    else:
        with dumps.postgres_snapshot(engine) as (connection, snapshot):
            sums, pages = contents(connection, config.district), _pages(connection, config.district)
            dump = dumps.postgres_dump(config.database, snapshot)
            sealed["database"] = vault.seal(part / "database.sealed", name, "database", dump)
    sealed["settings"] = vault.seal(part / "settings.sealed", name, "settings", iter([_settings(folder, config)]))
    lines = (f"{page.owner} {page.hash} {page.size}\n".encode() for page in pages)
    sealed["pages"] = vault.seal(part / "pages.sealed", name, "pages", lines)
    new, damaged = 0, _lost(store, pages)
    for page in pages:
        if page not in damaged and not vault.page_path(page).exists():
            if vault.keep_page(page, store):
                new += 1
            else:
                damaged.add(page)
    manifest = Manifest(
        district=config.district,
        dialect=engine.dialect.name,
        taken_time=times.text(now),
        contents=sums,
        parts=sealed,
        pages=len(pages),
        page_bytes=sum(page.size for page in pages),
    )
    text = json.dumps({"format": FORMAT, **asdict(manifest)}).encode()
    written = vault.seal(part / "manifest.sealed", name, "manifest", iter([text]))
    for of, expected in {**sealed, "manifest": written}.items():
        if vault.digest(part / f"{of}.sealed", name, of) != expected:
            raise BackupError("the disk did not keep what was written: use another disk")
    with disk_told(part):
        part.rename(part.with_suffix(""))
        sealing.sync_folder(part.parent)
    try:
        check_database(vault, name, manifest, scratch)
    except BackupError:
        shutil.rmtree(part.with_suffix(""))
        raise
    seconds = round(time.monotonic() - began, 3)
    return Taken(
        name=name, head=sums.head, pages=len(pages), new_pages=new, damaged_pages=len(damaged), seconds=seconds
    )


def check_database(vault: Vault, name: str, manifest: Manifest, scratch: Path) -> None:
    """Read the database out of a backup and compare it. Raises BackupError.

    SQLite: every table and the log's head. PostgreSQL: the head, as pg_restore reads the leaves; its tables are
    compared when they are restored.
    """
    head = manifest.contents.head
    try:
        if manifest.dialect == "postgresql":
            check(head, dumps.postgres_leaves(vault.read(name, "database"), manifest.district))
            return
        with tempfile.TemporaryDirectory(dir=scratch, prefix="verify-") as folder:
            path = Path(folder) / "copy.sqlite"
            dumps.write_file(path, vault.read(name, "database"))
            with dumps.reading(path) as connection:
                if contents(connection, manifest.district) != manifest.contents:
                    raise BackupError("the backup holds another database than its manifest says: use another backup")
    except ContentsError as error:
        raise BackupError(f"the backup's log is broken ({error}): use another backup") from error


def verify(vault: Vault, name: str) -> dict[str, Any]:
    """Read a whole backup, with every page. Returns counts and seconds. Raises BackupError."""
    began = time.monotonic()
    manifest = vault.manifest(name)
    for part in PARTS:
        if vault.digest(vault.path(name, part), name, part) != manifest.parts[part]:
            raise BackupError(f"{part}.sealed is not the manifest's: use another backup")
    check_database(vault, name, manifest, vault.folder)
    read_database = time.monotonic()
    for page in vault.pages(name):
        vault.check_page(page)
    return {
        "backup": name,
        "log_size": manifest.contents.head.size,
        "log_root": manifest.contents.head.root,
        "pages": manifest.pages,
        "page_bytes": manifest.page_bytes,
        "seconds_database": round(read_database - began, 3),
        "seconds_pages": round(time.monotonic() - read_database, 3),
    }


def drop_old(vault: Vault, keep: int) -> int:
    """Remove all but the newest backups; pages stay. Returns how many went. Raises BackupError."""
    old = vault.names()[:-keep] if keep else []
    for name in old:
        with disk_told(vault.folder):
            shutil.rmtree(vault.folder / "backups" / name)
    return len(old)


def _pages(connection: Connection, district: str) -> list[Page]:
    complete = blobs.complete_pages(connection, district)
    return [Page(owner=owner, hash=name, size=size) for owner, name, size in complete]


def _lost(store: PageStore, pages: list[Page]) -> set[Page]:
    """The pages that are not at the district, or of another size there. Raises BackupError."""
    try:
        there = {Page(owner=owner, hash=name, size=size) for owner, name, size in store.listed()}
    except PagesAwayError as error:
        raise BackupError(str(error)) from error
    return {page for page in pages if page not in there}


def _settings(folder: DataFolder, config: ServerConfig) -> bytes:
    keys = {path.name: path.read_bytes().hex() for path in sorted(folder.keys.iterdir()) if path.is_file()}
    return json.dumps({"config": asdict(config), "keys": keys}).encode()


def newest(vault: Vault, name: str) -> str:
    """The backup of a name, the newest for none. Raises BackupError."""
    known = vault.names()
    if name and name not in known:
        raise BackupError(f"there is no backup {name}: yichuang-server backup list shows them")
    if not known:
        raise BackupError(f"{vault.folder} holds no complete backup")
    return name or known[-1]
