"""Pages on a real S3 service, OpenStack Swift of the distribution: in pieces, sealed, moved, backed up and restored."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from minio import Minio
from sqlalchemy import Engine

from tests.server.houses import CODE, TestHouse, new_case
from tests.server.test_exchange import taking
from tests.support import swift
from tests.support.cases import page
from tests.support.swift import Swift
from yichuang_domain import actions as a
from yichuang_domain.ids import BlobHash
from yichuang_server.__main__ import main
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder, ServerConfig
from yichuang_server.services import backups, pages, restoring
from yichuang_server.services.backups import Vault
from yichuang_server.services.errors import DistrictError
from yichuang_server.store.blobs import WrongOffsetError
from yichuang_server.store.s3_pages import S3Pages
from yichuang_server.store.sealing import Secret

pytestmark = pytest.mark.long
OWNER = "c" * 32


@pytest.fixture(scope="module")
def service() -> Iterator[Swift]:
    """A service with an empty bucket."""
    with swift.running() as found:
        _client(found).make_bucket("pages")
        yield found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the one kind that needs no server."""
    from yichuang_server.store.database import migrate, open_database

    opened = open_database(f"sqlite:///{tmp_path / 'district.sqlite'}")
    migrate(opened)
    yield opened
    opened.dispose()


def _client(service: Swift) -> Minio:
    address = service.endpoint.removeprefix("http://")
    return Minio(address, swift.ACCESS, swift.SECRET, secure=False, region="us-east-1")


def _on_s3(house: TestHouse, service: Swift, folder: Path, capfd: pytest.CaptureFixture[str]) -> S3Pages:
    """The district's pages at the service, by the operator's own command."""
    url = house.house.engine.url.render_as_string(hide_password=False)
    ServerConfig(district=CODE, database=url, hosts=("127.0.0.1",)).save(DataFolder(path=folder))
    secrets = {"access_key": swift.ACCESS, "secret_key": swift.SECRET}
    file = folder / "s3-settings.json"
    file.write_text(json.dumps({"endpoint": service.endpoint, "bucket": "pages", **secrets, "secret_key": "wrong"}))
    assert main(["pages", "s3", str(file), "--data", str(folder)]) == 1  # another secret changes nothing
    assert ServerConfig.load(DataFolder(path=folder)).s3 is None
    file.write_text(json.dumps({"endpoint": service.endpoint, "bucket": "pages", **secrets}))
    assert main(["pages", "s3", str(file), "--data", str(folder)]) == 0
    told = capfd.readouterr()
    assert swift.SECRET not in told.out + told.err and "SignatureDoesNotMatch" in told.err
    assert DataFolder(path=folder).s3_secrets.stat().st_mode & 0o077 == 0
    assert swift.SECRET not in DataFolder(path=folder).config.read_text()
    store = open_house(DataFolder(path=folder))[1].pages
    assert isinstance(store, S3Pages)
    house.house = replace(house.house, pages=store)
    return store


def _attach(home: TestHouse, data: bytes) -> tuple[str, str]:
    desk, case, name = home.desk("town"), new_case(), hashlib.sha256(data).hexdigest()
    assert desk.act(case, 1, taking(number=f"330402-0137-20261124-{desk.value.replica}-X")) == "RECORDED"
    action = a.AttachPage(page=replace(page(), page=BlobHash(name), size=len(data)))
    assert desk.act(case, 1, action) == "RECORDED"
    assert pages.append(home.house, desk.value, case, name, 0, data) == len(data)
    assert pages.open_upload(home.house, desk.value, case, name, len(data)) == len(data)
    assert b"".join(pages.read(home.house, desk.value, case, name, 300_000)) == data[300_000:]
    return case, name


def test_a_page_comes_in_pieces_is_sealed_there_and_a_changed_one_is_refused(
    house: TestHouse, service: Swift, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = _on_s3(house, service, tmp_path, capfd)
    data = b"the name of a citizen " * 40_000
    name = hashlib.sha256(data).hexdigest()
    assert store.append(OWNER, name, len(data), 0, data[:1000]) == 1000
    again = open_house(DataFolder(path=tmp_path))[1].pages  # after a restart of the server
    with pytest.raises(WrongOffsetError):
        again.append(OWNER, name, len(data), 500, data[500:])
    assert again.append(OWNER, name, len(data), 1000, data[1000:]) == len(data)
    assert not list((tmp_path / "blobs").glob("*/*/*"))
    assert (again.committed(OWNER, name), list(again.listed())) == (len(data), [(OWNER, name, len(data))])
    client, key = _client(service), f"{CODE}/{OWNER}/{name}"
    kept = client.get_object("pages", key).read()
    assert b"citizen" not in kept and len(kept) > len(data)
    assert b"".join(again.read(OWNER, name)) == data
    assert b"".join(again.read(OWNER, name, 300_000)) == data[300_000:]
    desk, case, own = house.desk("town"), *_attach(house, data + b"!")
    harm = kept[:-1] + bytes([kept[-1] ^ 1])
    for wrong in (harm, kept[:-1], b"", kept):  # the last one: another page's bytes under this name
        client.put_object("pages", f"{CODE}/{case}/{own}", io.BytesIO(wrong), len(wrong))
        with pytest.raises(DistrictError, match="PAGE_DAMAGED"):
            list(pages.read(house.house, desk.value, case, own, 0))
    client.remove_object("pages", f"{CODE}/{case}/{own}")
    client.remove_object("pages", key)
    assert store.committed(OWNER, name) == 0


def test_a_district_moves_to_s3_is_backed_up_from_there_and_restored(
    house: TestHouse, service: Swift, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = _attach(house, b"before " * 60_000)
    store = _on_s3(house, service, tmp_path, capfd)
    after = _attach(house, b"after " * 60_000)
    assert b"".join(store.read(*before)) == b"before " * 60_000  # from the folder, until it is moved
    assert main(["pages", "move", "--data", str(tmp_path)]) == 0
    assert json.loads(capfd.readouterr().out) == {"moved": 1}
    assert not list((tmp_path / "blobs").glob("*/*/*")) and len(list(store.listed())) == 2

    folder, vault = DataFolder(path=tmp_path), Vault.open(tmp_path / "vault", _KEY, create=True)
    config = ServerConfig.load(folder)

    def take() -> backups.Taken:
        house.clock.forward(seconds=1)
        return backups.take(vault, folder, config, house.house.engine, store, house.clock())

    taken = take()
    assert (taken.pages, taken.new_pages, taken.damaged_pages) == (2, 2, 0)
    for owner, name in (before, after):
        _client(service).remove_object("pages", f"{CODE}/{owner}/{name}")
    assert take().damaged_pages == 2  # told, although the backups have them
    restoring.restore(vault, taken.name, tmp_path / "new", "")
    restored = open_house(DataFolder(path=tmp_path / "new"))[1].pages
    assert isinstance(restored, S3Pages) and not list(_client(service).list_objects("pages", recursive=True))
    assert b"".join(restored.read(*after)) == b"after " * 60_000
    assert main(["pages", "move", "--data", str(tmp_path / "new")]) == 0
    assert {key[:2] for key in restored.listed()} == {before, after}
    assert b"".join(store.read(*after)) == b"after " * 60_000  # under the same key


_KEY = Secret(value=bytes(range(32)), is_passphrase=False)
