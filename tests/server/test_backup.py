"""Backups and their restore, on SQLite and on a real PostgreSQL: read back, compared, refused when wrong."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.server.houses import CODE, TestDesk, TestHouse, new_case
from tests.server.test_exchange import taking
from tests.support import postgres
from tests.support.cases import page
from yichuang_domain import actions as a
from yichuang_domain.ids import BlobHash
from yichuang_server.__main__ import main
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder, ServerConfig
from yichuang_server.services import backups, pages, restoring
from yichuang_server.services.backups import Vault
from yichuang_server.store import blobs, deeds, log, sealing
from yichuang_server.store.sealing import BackupError, Secret

SECRET = Secret(value=bytes(range(32)), is_passphrase=False)


@dataclass(kw_only=True)
class Site:
    """A district with a case and a page, and a folder for its backups."""

    home: TestHouse
    desk: TestDesk
    case: str
    page: bytes
    folder: DataFolder
    config: ServerConfig
    vault: Vault
    empty_database: Callable[[], str]

    def take(self) -> backups.Taken:
        """A backup, a moment later."""
        self.home.clock.forward(seconds=1)
        house = self.home.house
        return backups.take(self.vault, self.folder, self.config, house.engine, house.pages, self.home.clock())

    def attach(self, case: str, data: bytes) -> str:
        """A page of a case, sent whole."""
        name = hashlib.sha256(data).hexdigest()
        action = a.AttachPage(page=replace(page(), page=BlobHash(name), size=len(data)))
        assert self.desk.act(case, 1, action) == "RECORDED"
        assert pages.append(self.home.house, self.desk.value, case, name, 0, data) == len(data)
        return name


@pytest.fixture
def site(house: TestHouse, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Site:
    """A district with one case of one page."""
    desk, case = house.desk("town"), new_case()
    url = engine.url.render_as_string(hide_password=False)
    config = ServerConfig(district=CODE, database=url, hosts=("127.0.0.1",))
    config.save(DataFolder(path=tmp_path))
    is_sqlite = engine.dialect.name == "sqlite"
    found = Site(
        home=house,
        desk=desk,
        case=case,
        page=b"%PDF page" * 70_000,
        folder=DataFolder(path=tmp_path),
        config=config,
        vault=Vault.open(tmp_path / "backups", SECRET, create=True),
        empty_database=lambda: "" if is_sqlite else postgres.new_database(request.getfixturevalue("postgres_socket")),
    )
    assert desk.act(case, 1, taking()) == "RECORDED"
    found.attach(case, found.page)
    return found


def test_a_restored_district_is_the_one_of_the_backup(site: Site, tmp_path: Path) -> None:
    taken = site.take()
    assert (taken.pages, taken.new_pages, taken.damaged_pages) == (1, 1, 0)
    later = site.desk.deed((new_case(), 1, taking(number="330402-0137-20261124-0002-X")))
    site.desk.send(later)
    done = restoring.restore(site.vault, taken.name, tmp_path / "new", site.empty_database())
    assert done.head == taken.head
    config, restored = open_house(DataFolder(path=tmp_path / "new"))
    assert config.database != site.config.database
    assert restored.authority.public_key == site.home.house.authority.public_key
    assert b"".join(restored.pages.read(site.case, hashlib.sha256(site.page).hexdigest())) == site.page
    kept = site.home.house.read(lambda c: log.records(c, CODE, site.case))
    assert restored.read(lambda c: log.records(c, CODE, site.case)) == kept != []
    assert restored.read(lambda c: deeds.answered(c, CODE, [later.deed])) == {}
    assert restored.read(lambda c: blobs.missing(c, CODE, site.case)) == frozenset()
    restored.engine.dispose()
    assert not list(tmp_path.glob("new.restoring*")) and not list((tmp_path / "new").glob("*-wal"))


def test_a_second_backup_writes_only_new_pages(site: Site) -> None:
    first = site.take()
    names = set((site.vault.folder / "pages").glob("*/*"))
    site.attach(site.case, b"another page" * 9)
    second = site.take()
    assert (second.pages, second.new_pages) == (2, 1)
    assert names < set((site.vault.folder / "pages").glob("*/*"))
    for name in (first.name, second.name):
        assert backups.verify(site.vault, name)["backup"] == name
    assert backups.drop_old(site.vault, keep=1) == 1
    assert site.vault.names() == [second.name]


def test_a_backup_is_of_one_moment_while_the_district_works(site: Site, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            site.desk.act(new_case(), 1, taking(number=f"330402-0137-20261124-0{number}-X"))

    writing = threading.Thread(target=work)
    writing.start()
    try:
        taken = site.take()
    finally:
        stop.set()
        writing.join()
    done = restoring.restore(site.vault, taken.name, tmp_path / "new", site.empty_database())
    assert done.head == taken.head


def test_nothing_of_a_person_is_readable_in_a_backup(site: Site) -> None:
    site.take()
    case = site.home.house.read(lambda c: log.load(c, CODE, site.case))
    assert case is not None
    name = (case.applicant.name.value or "").encode()
    assert len(name) > 9, "long enough not to come about by chance in what is sealed"
    for path in site.vault.folder.rglob("*"):
        if path.is_file():
            assert name not in path.read_bytes() and b"PDF page" not in path.read_bytes()
            assert site.case not in path.name and hashlib.sha256(site.page).hexdigest() not in path.name


def test_another_key_is_refused(site: Site) -> None:
    site.take()
    with pytest.raises(BackupError, match="the key is not the one of these backups"):
        Vault.open(site.vault.folder, Secret(value=bytes(32), is_passphrase=False))


def _flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


HARM: tuple[Callable[[bytes], bytes], ...] = (
    _flip,
    lambda data: data[: len(data) - 40],
    lambda data: data + b"more",
    lambda data: b"",
)


def test_a_changed_file_is_refused_and_nothing_is_touched(site: Site, tmp_path: Path) -> None:
    taken, database = site.take(), site.empty_database()
    (sealed_page,) = (site.vault.folder / "pages").glob("*/*")
    paths = (sealed_page, *sorted((site.vault.folder / "backups" / taken.name).iterdir()))
    for path, harm in zip(paths, itertools.cycle(HARM), strict=False):
        sound = path.read_bytes()
        path.write_bytes(harm(sound))
        with pytest.raises(BackupError, match=r"is damaged or was changed: use another backup$"):
            restoring.restore(site.vault, taken.name, tmp_path / "new", database)
        with pytest.raises(BackupError):
            backups.verify(site.vault, taken.name)
        path.write_bytes(sound)
        assert not list(tmp_path.glob("new*"))
    assert restoring.restore(site.vault, taken.name, tmp_path / "new", database).pages == 1  # the control


def test_a_part_of_another_backup_is_refused(site: Site, tmp_path: Path) -> None:
    first, second = site.take(), site.take()
    site.vault.path(first.name, "database").replace(site.vault.path(second.name, "database"))
    with pytest.raises(BackupError, match="damaged or was changed"):
        restoring.restore(site.vault, second.name, tmp_path / "new", site.empty_database())


def test_what_a_killed_backup_left_goes_with_the_next(site: Site, tmp_path: Path) -> None:
    left = (site.vault.folder / "backups" / "20261124T000000000Z.part", tmp_path / "backup-scratch")
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "copy.sqlite").write_bytes(b"plain")
    with site.vault.alone(), pytest.raises(BackupError, match="another backup is being taken"):
        site.take()
    assert site.take().pages == 1
    assert not any(folder.exists() for folder in left)


def test_what_holds_anything_is_never_written_over(site: Site, tmp_path: Path) -> None:
    taken = site.take()
    full = tmp_path / "full"
    full.mkdir()
    (full / "anything").touch()
    with pytest.raises(BackupError, match="is not empty: give a folder"):
        restoring.restore(site.vault, taken.name, full, site.empty_database())
    if site.config.database.startswith("postgresql"):
        with pytest.raises(BackupError, match="is not empty: give an empty one"):
            restoring.restore(site.vault, taken.name, tmp_path / "new", site.config.database)
    assert site.home.house.read(lambda c: log.size(c, CODE)) == taken.head.size
    assert os.listdir(full) == ["anything"]


def test_a_drill_leaves_nothing(site: Site, tmp_path: Path) -> None:
    taken, database = site.take(), site.empty_database()
    before = sorted(tmp_path.iterdir())
    for _ in range(2):  # the scratch database is empty again after the first
        assert restoring.drill(site.vault, taken.name, tmp_path, database).head == taken.head
    assert sorted(tmp_path.iterdir()) == before


def test_a_page_that_is_broken_at_the_district_is_told(site: Site) -> None:
    owner = site.folder.blobs / site.case[:2] / site.case
    (owner / hashlib.sha256(site.page).hexdigest()).write_bytes(b"rotten")
    assert site.take().damaged_pages == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of 300 KB, where we may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(folder)]
    is_real = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder if is_real else None
    if is_real:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told(site: Site, small_disk: Path | None) -> None:
    with pytest.raises(BackupError, match="the disk of /dev is full"), sealing.disk_told(Path("/dev")):
        Path("/dev/full").write_bytes(b"x")
    if small_disk is None:
        return
    vault = Vault.open(small_disk / "backups", SECRET, create=True)
    with pytest.raises(BackupError, match=r"is full: make room and run it again$"):
        house = site.home.house
        backups.take(vault, site.folder, site.config, house.engine, house.pages, site.home.clock())
    assert vault.names() == [] and not list((vault.folder / "backups").iterdir())
    taken = site.take()
    with pytest.raises(BackupError, match="is too full"):
        restoring.restore(site.vault, taken.name, small_disk / "new", site.empty_database())
    assert not list(small_disk.glob("new*"))


def test_the_commands_take_verify_and_restore(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, other, words = tmp_path / "key", tmp_path / "other", tmp_path / "words"
    words.write_text("four words of a passphrase\n")
    data, vault = str(tmp_path), tmp_path / "vault"
    with_key = [str(vault), "--key-file", str(key)]
    for path in (key, other):
        assert main(["backup", "key", str(path)]) == 0
    assert main(["backup", "take", "--data", data, "--to", *with_key]) == 0
    assert main(["backup", "verify", "--from", *with_key]) == 0
    assert main(["backup", "list", "--from", *with_key]) == 0
    database = ["--database", site.empty_database()]
    assert main(["restore", "--drill", "--data", data, *database, "--from", *with_key]) == 0
    assert main(["restore", "--data", str(tmp_path / "new"), *database, "--from", *with_key]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len({line["log_size"] for line in said if "log_size" in line}) == 1
    assert [line["pages"] for line in said if "pages" in line] == [1] * 5
    assert all(line["seconds"] > 0 for line in said if line.get("drill"))
    assert main(["device", "list", "--data", str(tmp_path / "new")]) == 0
    assert main(["restore", "--data", str(tmp_path / "new"), *database, "--from", *with_key]) == 1
    assert main(["backup", "verify", "--from", str(vault), "--key-file", str(other)]) == 1
    assert main(["backup", "verify", "--from", str(vault), "--passphrase-file", str(words)]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert "is not empty" in errors[0] and all("the key is not the one" in error for error in errors[1:])


def test_a_verified_backup_is_told_to_the_desks(site: Site, tmp_path: Path) -> None:
    key = tmp_path / "key"
    assert main(["backup", "key", str(key)]) == 0
    command = ["backup", "take", "--data", str(tmp_path), "--to", str(tmp_path / "vault"), "--key-file", str(key)]
    assert site.desk.send().durable_through == 0
    assert main(command) == 0
    size = site.home.house.read(lambda c: log.size(c, CODE))
    assert site.desk.send().durable_through == size > 0
    name = site.attach(site.case, b"another page")
    assert site.desk.send().durable_through == size
    stored = site.folder.blobs / site.case[:2] / site.case / name
    stored.write_bytes(b"rotten")
    assert main(command) == 1  # a page that is in no backup holds the mark where it was
    assert site.desk.send().durable_through == size
    stored.write_bytes(b"another page")
    assert main(command) == 0
    assert site.desk.send().durable_through == size + 1


def test_a_passphrase_opens_what_it_closed(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("too short\n")
    with pytest.raises(BackupError, match="fewer than 20 characters"):
        sealing.read_passphrase(words)
    words.write_text("four words of a passphrase\nand a note\n")
    secret = sealing.read_passphrase(words)
    vault = Vault.open(tmp_path / "backups", secret, create=True)
    vault.seal(tmp_path / "sealed", "name", "part", iter([b"plain"]))
    again = Vault.open(tmp_path / "backups", secret)
    assert again.digest(tmp_path / "sealed", "name", "part").hash == hashlib.sha256(b"plain").hexdigest()


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    sealing.new_key_file(path)
    first = sealing.read_key_file(path)
    assert len(first.value) == 32 and path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="never overwritten"):
        sealing.new_key_file(path)
    assert sealing.read_key_file(path) == first
    path.write_text("something else")
    with pytest.raises(BackupError, match="no key file"):
        sealing.read_key_file(path)
