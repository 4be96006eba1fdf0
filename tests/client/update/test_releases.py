"""A hostile update server: every attack starts from a desk that follows an older release, with an honest one beside."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.releases import DESK, NOW, PLATFORM, Publisher, look
from yichuang_client.update.releases import Release, ReleaseFile, bucket
from yichuang_client.update.status import UpdateError, UpdateReason
from yichuang_server.services.releases import ReleaseError, Releases


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "releases")
    made.publish("0.2.0")
    return made


def refused(publisher: Publisher, folder: Path, read: Callable[[str, int], bytes] | None = None) -> UpdateReason:
    with pytest.raises(UpdateError) as raised:
        look(publisher, folder, read)
    return raised.value.reason


def follow(publisher: Publisher, folder: Path) -> Release:
    release = look(publisher, folder)
    assert release is not None
    return release


def test_an_honest_server_leads_from_one_version_to_the_next(publisher: Publisher, tmp_path: Path) -> None:
    assert follow(publisher, tmp_path / "desk").version == "0.2.0"
    publisher.publish("0.3.0")
    release = follow(publisher, tmp_path / "desk")
    assert release.version == "0.3.0"
    assert [file.path for file in release.files] == ["lib/new", "lib/same", "yichuang"]
    assert [file.executable for file in release.files] == [False, False, True]


def test_an_older_set_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    old = publisher.keep("old")
    publisher.publish("0.3.0")
    follow(publisher, tmp_path / "desk")
    shutil.rmtree(publisher.folder)
    shutil.copytree(old, publisher.folder)
    assert refused(publisher, tmp_path / "desk") is UpdateReason.UNTRUSTED


def test_parts_of_two_sets_are_refused(publisher: Publisher, tmp_path: Path) -> None:
    follow(publisher, tmp_path / "desk")
    old = publisher.file("targets/rings.json").read_bytes()
    publisher.publish("0.3.0")
    new = publisher.file("targets/rings.json").read_bytes()
    publisher.file("targets/rings.json").write_bytes(old)
    assert refused(publisher, tmp_path / "desk") is UpdateReason.UNTRUSTED
    publisher.file("targets/rings.json").write_bytes(new)
    assert follow(publisher, tmp_path / "desk").version == "0.3.0"


def test_a_set_that_has_expired_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    follow(publisher, tmp_path / "desk")
    publisher.file("metadata/timestamp.json").unlink()
    publisher.releases.set_ring(
        {"ring": 1, "platform": PLATFORM, "version": "0.2.0", "percent": 100, "fallback": ""},
        publisher.keys,
        NOW - timedelta(days=3),
    )

    def frozen(path: str, offset: int) -> bytes:
        if not publisher.file(path).exists():
            raise UpdateError(UpdateReason.NOT_FOUND)
        return publisher.file(path).read_bytes()[offset:]

    assert refused(publisher, tmp_path / "new", frozen) is UpdateReason.OUT_OF_DATE
    assert follow(publisher, tmp_path / "new").version == "0.2.0", "the server itself signs anew what it is asked for"


def test_one_of_two_release_keys_is_not_enough(publisher: Publisher, tmp_path: Path) -> None:
    follow(publisher, tmp_path / "desk")
    with pytest.raises(ReleaseError):
        publisher.releases.set_ring(
            {"ring": 1, "platform": PLATFORM, "version": "0.2.0", "percent": 0, "fallback": ""},
            [publisher.keys[0], Ed25519PrivateKey.generate()],
            NOW,
        )
    publisher.publish("0.3.0")
    newest = publisher.file("metadata/5.targets.json")
    whole = json.loads(newest.read_bytes())
    whole["signatures"] = whole["signatures"][:1]
    newest.write_bytes(json.dumps(whole).encode())
    assert refused(publisher, tmp_path / "desk") is UpdateReason.UNTRUSTED


def test_a_stolen_key_of_the_server_changes_nothing(publisher: Publisher, tmp_path: Path) -> None:
    """It can say that nothing is newer, no more: a set signed by it alone is none."""
    follow(publisher, tmp_path / "desk")
    thief = Publisher(tmp_path / "thief")
    thief.publish("6.6.6")
    shutil.copy(publisher.file("online.key"), thief.file("online.key"))
    thief.ring("6.6.6")
    for name in ("4.targets.json", "4.snapshot.json", "timestamp.json"):
        shutil.copy(thief.file(f"metadata/{name}"), publisher.file(f"metadata/{name}"))
    shutil.copy(thief.file("targets/rings.json"), publisher.file("targets/rings.json"))
    assert refused(publisher, tmp_path / "desk") is UpdateReason.UNTRUSTED


def test_a_strangers_root_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    stranger = Publisher(tmp_path / "stranger")
    stranger.publish("6.6.6")
    assert refused(publisher, tmp_path / "desk", stranger.read) is UpdateReason.UNTRUSTED
    assert follow(stranger, tmp_path / "other").version == "6.6.6"


def test_endless_data_ends_at_the_signed_length(publisher: Publisher, tmp_path: Path) -> None:
    pieces = 0

    def endless(path: str, offset: int) -> bytes:
        nonlocal pieces
        if path.startswith("targets/"):
            pieces += 1
            return b"x" * 100_000
        return publisher.read(path, offset)

    assert refused(publisher, tmp_path / "desk", endless) is UpdateReason.UNTRUSTED
    assert pieces <= 2


def test_a_line_that_breaks_is_told_apart_from_an_attack(publisher: Publisher, tmp_path: Path) -> None:
    def broken(_path: str, _offset: int) -> bytes:
        raise UpdateError(UpdateReason.OFFLINE)

    assert refused(publisher, tmp_path / "desk", broken) is UpdateReason.OFFLINE


def test_a_district_without_releases_offers_none(tmp_path: Path) -> None:
    assert Releases(tmp_path / "none").read("metadata/timestamp.json", 0, NOW) is None
    with pytest.raises(ReleaseError, match="update begin"):
        Releases(tmp_path / "none").rings()


def test_a_name_cannot_leave_the_folder(publisher: Publisher) -> None:
    (publisher.folder / "online.key").touch()
    for path in ("metadata/../online.key", "online.key", "targets/../../x", "metadata/", "targets//etc/passwd"):
        assert publisher.releases.read(path, 0, NOW) is None, path
    for path in ("../x", "/x", "a/../x", "a\\x", "c:x", "a//x", "a" * 401):
        with pytest.raises(ValueError, match="path"):
            ReleaseFile(path=path, sha256="0" * 64, size=1, executable=False)


def test_a_part_of_the_desks_comes_first_and_goes_back(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish("0.3.0", percent=bucket("0.3.0", DESK), fallback="0.2.0")
    assert follow(publisher, tmp_path / "desk").version == "0.2.0", "this desk is just outside"
    publisher.ring("0.3.0", percent=bucket("0.3.0", DESK) + 1)
    assert follow(publisher, tmp_path / "desk").version == "0.3.0"
    publisher.ring("0.3.0", percent=0, fallback="0.2.0")
    assert follow(publisher, tmp_path / "desk").version == "0.2.0", "called back by both keys"
    many = sum(bucket("0.3.0", f"{n:04d}") < 10 for n in range(2000))
    assert 140 < many < 260


def test_a_published_version_never_changes(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="already"):
        publisher.releases.publish(tmp_path / "made-0.2.0", "0.2.0", PLATFORM, publisher.keys, NOW)
