"""Key slots: neither the password nor the disk alone; delays that survive; what is not protected is said."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from yichuang_client.config import DataFolder
from yichuang_client.store.device_secret import FileVault, KeyringVault, choose_vault
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.key_slots import Cost, Keys, Owner, delay_seconds
from yichuang_client.store.unlock import LockState, Unlock

CHEAP = Cost(memory_kib=1024, passes=1, lanes=1)
NOW = 1_800_000_000.0


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(root=tmp_path / "desk")


def unlock(folder: DataFolder) -> Unlock:
    """The program, started anew."""
    return Unlock(folder, cost=CHEAP, vaults=[FileVault(folder.secret)])


def made(folder: DataFolder, login: str = "limin", password: str = "Juzi-1") -> Keys:
    fresh = unlock(folder)
    keys = fresh.create()
    fresh.admit(login, password, keys)
    return keys


def refused(folder: DataFolder, login: str, password: str, now: float) -> StoreError:
    with pytest.raises(StoreError) as caught:
        unlock(folder).open(login, password, now)
    return caught.value


def test_from_nothing_to_a_clerks_slot(folder: DataFolder) -> None:
    assert unlock(folder).state is LockState.NOT_SET_UP
    keys = unlock(folder).create()
    assert unlock(folder).state is LockState.SETTING_UP
    assert unlock(folder).open_setup() == keys
    unlock(folder).admit("limin", "Juzi-1", keys)
    assert unlock(folder).state is LockState.LOCKED
    with pytest.raises(StoreError) as gone:
        unlock(folder).open_setup()
    assert gone.value.reason is StoreReason.NO_SLOT
    assert unlock(folder).open(" LiMin ", "Juzi-1", NOW) == keys
    assert refused(folder, "zhouhang", "Juzi-1", NOW).reason is StoreReason.NO_SLOT
    with pytest.raises(StoreError) as twice:
        unlock(folder).create()
    assert twice.value.reason is StoreReason.IN_USE


def test_two_clerks_two_slots_one_key(folder: DataFolder) -> None:
    keys = made(folder)
    unlock(folder).admit("zhouhang", "Pingguo-2", keys)
    assert unlock(folder).open("limin", "Juzi-1", NOW) == unlock(folder).open("zhouhang", "Pingguo-2", NOW) == keys
    unlock(folder).dismiss("limin")
    assert refused(folder, "limin", "Juzi-1", NOW).reason is StoreReason.NO_SLOT
    unlock(folder).check("zhouhang", "Pingguo-2", keys, NOW)
    for other, password in ((keys, "Juzi-1"), (Keys(data=bytes(32)), "Pingguo-2")):
        with pytest.raises(StoreError) as caught:
            unlock(folder).check("zhouhang", password, other, NOW)
        assert caught.value.reason is StoreReason.WRONG_PASSWORD


def test_a_locked_desk_knows_its_office_and_who_can_open_it(folder: DataFolder) -> None:
    keys = made(folder)
    assert unlock(folder).owners == ()
    unlock(folder).admit("zhouhang", "Pingguo-2", keys)
    unlock(folder).note_use(Owner(login="limin", name="李敏"), NOW)
    unlock(folder).note_use(Owner(login=" zhouhang", name="周航"), NOW + 1)
    unlock(folder).note_use(Owner(login="nobody", name="无人"), NOW + 2)
    unlock(folder).keep_office(("凤桥镇便民服务中心", "0137"))
    assert [owner.name for owner in unlock(folder).owners] == ["周航", "李敏"]
    assert unlock(folder).office == ("凤桥镇便民服务中心", "0137")
    unlock(folder).dismiss("zhouhang")
    assert unlock(folder).owners == (Owner(login="limin", name="李敏"),)
    assert unlock(folder).open("limin", "Juzi-1", NOW) == keys
    text = folder.slots.read_bytes()
    for told in ("limin", "李敏", "凤桥"):
        assert told.encode() not in text
        assert told.encode("unicode_escape") not in text
    folder.secret.write_bytes(bytes(32))
    assert unlock(folder).owners == () and unlock(folder).office == ()


def test_a_slot_file_of_an_older_release_still_opens(folder: DataFolder) -> None:
    keys = made(folder)
    plain = json.loads(folder.slots.read_bytes())
    del plain["office"]
    for slot in plain["slots"].values():
        del slot["owner"], slot["used_time"]
    folder.slots.write_text(json.dumps(plain))
    assert unlock(folder).open("limin", "Juzi-1", NOW) == keys
    assert unlock(folder).owners == ()


def test_wrong_passwords_cost_growing_delays_over_restarts(folder: DataFolder) -> None:
    keys, now = made(folder), NOW
    waits = [refused(folder, "limin", "falsch", now).seconds for _ in range(3)]
    assert waits == [0, 0, 5]
    locked = refused(folder, "limin", "Juzi-1", now + 1)
    assert (locked.reason, locked.seconds) == (StoreReason.LOCKED_FOR, 4)
    now += 5
    assert refused(folder, "limin", "falsch", now).seconds == 15
    assert refused(folder, "limin", "Juzi-1", now - 3600).seconds == 15
    assert unlock(folder).open("limin", "Juzi-1", now + 15) == keys
    assert refused(folder, "limin", "falsch", now).seconds == 0
    assert [delay_seconds(n) for n in (6, 7, 8, 60)] == [135, 405, 900, 900]


def test_a_try_is_on_the_disk_before_the_password_is_looked_at(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(folder)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("yichuang_client.store.unlock.unwrap", power_cut)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            unlock(folder).open("limin", "Juzi-1", NOW)
    assert refused(folder, "limin", "Juzi-1", NOW).reason is StoreReason.LOCKED_FOR


def test_the_slot_file_tells_nothing(folder: DataFolder) -> None:
    keys = made(folder)
    text = folder.slots.read_bytes() + folder.secret.read_bytes()
    for secret in (b"limin", b"Juzi-1", keys.data, keys.data.hex().encode(), keys.database, keys.files):
        assert secret not in text
    assert stat.S_IMODE(folder.slots.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.secret.stat().st_mode) == 0o600
    assert "limin" not in repr(keys) and keys.data.hex() not in repr(keys)


def test_a_copied_folder_without_the_device_secret_stays_shut(folder: DataFolder) -> None:
    made(folder)
    folder.secret.write_bytes(bytes(32))
    assert refused(folder, "limin", "Juzi-1", NOW).reason is StoreReason.NO_SLOT
    folder.secret.unlink()
    assert refused(folder, "limin", "Juzi-1", NOW).reason is StoreReason.SECRET_LOST


def test_revocation_destroys_slots_and_secret(folder: DataFolder) -> None:
    made(folder)
    unlock(folder).destroy()
    assert unlock(folder).state is LockState.NOT_SET_UP
    assert not folder.secret.exists()


def test_damaged_and_newer_slot_files_are_told_apart(folder: DataFolder) -> None:
    made(folder)
    plain = json.loads(folder.slots.read_bytes())
    for text, reason in (
        (b"{", StoreReason.DAMAGED),
        (json.dumps(plain | {"slots": {"x": {}}}).encode(), StoreReason.DAMAGED),
        (json.dumps(plain | {"format": 9}).encode(), StoreReason.NEWER_DATABASE),
    ):
        folder.slots.write_bytes(text)
        assert refused(folder, "limin", "Juzi-1", NOW).reason is reason


class _Ring(keyring.backend.KeyringBackend):
    """A keyring that keeps what it is given."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[_Ring]:
    before = keyring.get_keyring()
    ring = _Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_the_secret_lies_in_the_keyring_where_it_is_protected(
    folder: DataFolder, ring: _Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Ring, "__module__", "keyring.backends.SecretService")
    assert isinstance(choose_vault(folder.secret), KeyringVault)
    fresh = Unlock(folder, cost=CHEAP)
    keys = fresh.create()
    fresh.admit("limin", "Juzi-1", keys)
    assert fresh.secret_is_protected
    assert not folder.secret.exists()
    assert Unlock(folder, cost=CHEAP).open("limin", "Juzi-1", NOW) == keys
    ring.kept.clear()
    with pytest.raises(StoreError) as lost:
        Unlock(folder, cost=CHEAP).open("limin", "Juzi-1", NOW)
    assert lost.value.reason is StoreReason.SECRET_LOST


def test_a_plaintext_keyring_is_not_taken_for_protection(folder: DataFolder, ring: _Ring) -> None:
    assert isinstance(choose_vault(folder.secret), FileVault)
    fresh = Unlock(folder, cost=CHEAP)
    assert not fresh.secret_is_protected
    fresh.create()
    assert not fresh.secret_is_protected
    assert ring.kept == {}
    assert sys.platform == "win32" or folder.secret.stat().st_mode & 0o077 == 0
