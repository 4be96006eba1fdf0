"""Getting at the desk's keys (开机解锁): by a clerk's password and the machine, never by one of them alone.

Rules kept here: a try is counted on the disk BEFORE the password is looked at, so that no power cut gives free tries;
wrong passwords cost growing delays; a new password replaces the slot, so that the old one opens nothing any more; the
slot file is replaced as a whole; from enrolment until the first clerk signs
in the keys open with the device secret alone (nothing of a citizen's is there yet); revocation destroys slots and
secret and leaves the ciphertext.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from yichuang_client.config import DataFolder
from yichuang_client.store import key_links
from yichuang_client.store.device_secret import Vault, choose_vault, vault_named
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, make_folder, read_file, write_atomically
from yichuang_client.store.key_slots import (
    KEY_BYTES,
    Cost,
    Keys,
    Owner,
    SlotFile,
    read_slots,
    remaining_seconds,
    seal,
    slot_name,
    unseal,
    unwrap,
    wrap,
    write_slots,
)

_SETUP = "setup"
_OFFICE = "office"


class LockState(Enum):
    """What the sign-in screen finds."""

    NOT_SET_UP = "NOT_SET_UP"
    """No keys: enrol first."""
    SETTING_UP = "SETTING_UP"
    """Enrolled, no clerk yet: opens without a password, the first sign-in needs the line."""
    LOCKED = "LOCKED"
    """Opens with a clerk's password."""


class Unlock:
    """The key slots of one data folder."""

    def __init__(self, folder: DataFolder, *, cost: Cost | None = None, vaults: Sequence[Vault] = ()) -> None:
        """``vaults`` replace the system's: the first is the one to choose."""
        self._folder = folder
        self._cost = cost or Cost()
        self._vaults = vaults

    @property
    def state(self) -> LockState:
        """What there is to open. Raises StoreError (DAMAGED)."""
        file = self._read()
        if file is None:
            return LockState.NOT_SET_UP
        return LockState.LOCKED if file.setup is None else LockState.SETTING_UP

    @property
    def secret_is_protected(self) -> bool:
        """Whether the device secret lies where the system protects it; the screen says so when not."""
        file = self._read()
        return self._choose().is_protected if file is None else self._vault(file).is_protected

    def create(self) -> Keys:
        """Make the keys of a new desk. Raises StoreError (IN_USE when there are some already)."""
        if self._read() is not None:
            raise StoreError(StoreReason.IN_USE)
        make_folder(self._folder.root)
        vault, account = self._choose(), secrets.token_hex(16)
        device_secret = secrets.token_bytes(KEY_BYTES)
        vault.write(account, device_secret)
        keys = Keys(data=secrets.token_bytes(KEY_BYTES))
        setup = wrap(keys, _SETUP, None, device_secret, self._cost)
        self._write(SlotFile(account=account, vault=vault.name, setup=setup, slots={}))
        return keys

    def open_setup(self) -> Keys:
        """The keys while no clerk has a slot. Raises StoreError (NOT_SET_UP, NO_SLOT, SECRET_LOST)."""
        file = self._must_read()
        if file.setup is None:
            raise StoreError(StoreReason.NO_SLOT)
        return unwrap(file.setup, _SETUP, None, self._secret(file))

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Who can open this desk, who signed in last first. Raises StoreError (SECRET_LOST, DAMAGED)."""
        file = self._read()
        if file is None or not file.slots:
            return ()
        device_secret = self._secret(file)
        newest = sorted(file.slots.items(), key=lambda named: -named[1].used_time)
        read = (unseal(slot.owner, name, device_secret) for name, slot in newest)
        return tuple(Owner(login=texts[0], name=texts[1]) for texts in read if len(texts) == 2)

    @property
    def office(self) -> tuple[str, ...]:
        """The texts that ``keep_office`` was given last, empty before. Raises StoreError."""
        file = self._read()
        return () if file is None or not file.office else unseal(file.office, _OFFICE, self._secret(file))

    def keep_office(self, texts: Sequence[str]) -> None:
        """Remember what names this desk, for the sign-in screen of a locked desk. Raises StoreError."""
        if tuple(texts) != self.office:
            file = self._must_read()
            self._write(replace(file, office=seal(texts, _OFFICE, self._secret(file))))

    def note_use(self, owner: Owner, now: float) -> None:
        """A person with a slot has signed in; ``now`` in seconds since 1970. Raises StoreError."""
        file = self._must_read()
        device_secret = self._secret(file)
        name = slot_name(owner.login, device_secret)
        slot = file.slots.get(name)
        if slot is not None:
            sealed = seal((owner.login.strip(), owner.name), name, device_secret)
            self._write(file.with_slot(name, replace(slot, owner=sealed, used_time=now)))

    def has_slot(self, login: str) -> bool:
        """Whether that person can open the desk without a line."""
        file = self._read()
        return file is not None and slot_name(login, self._secret(file)) in file.slots

    def open(self, login: str, password: str, now: float) -> Keys:
        """The keys by a clerk's password; ``now`` in seconds since 1970.

        Raises StoreError: NOT_SET_UP, NO_SLOT, LOCKED_FOR(seconds), WRONG_PASSWORD(seconds until the next try),
        SECRET_LOST, DAMAGED.
        """
        file = self._must_read()
        device_secret = self._secret(file)
        name = slot_name(login, device_secret)
        slot = file.slots.get(name)
        if slot is None:
            raise StoreError(StoreReason.NO_SLOT)
        wait = remaining_seconds(slot, now)
        if wait:
            raise StoreError(StoreReason.LOCKED_FOR, seconds=wait)
        tried = replace(slot, failures=slot.failures + 1, failed_time=now)
        self._write(file.with_slot(name, tried))
        try:
            keys = unwrap(slot, name, password, device_secret)
        except StoreError as error:
            error.seconds = remaining_seconds(tried, now)
            raise
        self._write(file.with_slot(name, replace(slot, failures=0, failed_time=0.0)))
        return key_links.follow(self._folder, keys)

    def admit(self, login: str, password: str, keys: Keys) -> None:
        """Give a clerk a slot, or a new password; the set-up slot goes with the first one. Raises StoreError."""
        file = self._must_read()
        device_secret = self._secret(file)
        name = slot_name(login, device_secret)
        slot = wrap(keys, name, password, device_secret, self._cost)
        before = file.slots.get(name)
        if before is not None:
            slot = replace(slot, owner=before.owner, used_time=before.used_time)
        self._write(replace(file.with_slot(name, slot), setup=None))

    def recover(self, login: str, password: str, keys: Keys) -> None:
        """After two administrators have opened the data key: a slot for one clerk.

        Where the device secret is gone, or was destroyed, a new one is made and every other slot goes. Raises
        StoreError.
        """
        file = self._read()
        try:
            is_whole = file is not None and bool(self._secret(file))
        except StoreError as error:
            if error.reason is not StoreReason.SECRET_LOST:
                raise
            is_whole = False
        if not is_whole:
            vault, account = self._choose(), secrets.token_hex(16)
            vault.write(account, secrets.token_bytes(KEY_BYTES))
            self._write(SlotFile(account=account, vault=vault.name, setup=None, slots={}))
        self.admit(login, password, keys)

    def rotate(self, keys: Keys) -> Keys:
        """A new data key, to which the one of now leads; nothing lies under it yet. Raises StoreError."""
        if self.state is not LockState.LOCKED:
            raise StoreError(StoreReason.NO_SLOT)
        new = Keys(data=secrets.token_bytes(KEY_BYTES), former=(keys.data, *keys.former))
        key_links.add(self._folder, keys, new)
        return new

    def behind(self, keys: Keys) -> int:
        """How many slots still hold a former data key. Raises StoreError."""
        file = self._read()
        return 0 if file is None else sum(slot.key_id != keys.key_id for slot in file.slots.values())

    def settle(self, login: str, password: str, keys: Keys, *, is_escrowed: bool) -> None:
        """All lies under the key of now: a clerk's slot follows, and the way from former keys goes when none needs it.

        Raises StoreError.
        """
        if keys.former:
            self.admit(login, password, keys)
        if is_escrowed and not self.behind(keys):
            key_links.drop(self._folder)

    @property
    def slots(self) -> int:
        """How many people can open this desk. Raises StoreError."""
        file = self._read()
        return 0 if file is None else len(file.slots)

    def check(self, login: str, password: str, keys: Keys, now: float) -> None:
        """Raise unless the password is the clerk's, at a desk that is open already. Raises StoreError as ``open``."""
        if not hmac.compare_digest(self.open(login, password, now).data, keys.data):
            raise StoreError(StoreReason.WRONG_PASSWORD)

    def dismiss(self, login: str) -> None:
        """Take a clerk's slot away. Raises StoreError."""
        file = self._must_read()
        name = slot_name(login, self._secret(file))
        self._write(replace(file, slots={n: s for n, s in file.slots.items() if n != name}))

    def destroy(self) -> None:
        """Revocation: no slot and no secret remain; only the district's escrow opens the ciphertext."""
        file = self._read()
        if file is None:
            return
        with contextlib.suppress(StoreError):
            self._vault(file).erase(file.account)
        self._write(replace(file, setup=None, slots={}))
        with disk_errors():
            self._folder.slots.unlink()

    def _read(self) -> SlotFile | None:
        text = read_file(self._folder.slots)
        return None if text is None else read_slots(text)

    def _must_read(self) -> SlotFile:
        file = self._read()
        if file is None:
            raise StoreError(StoreReason.NOT_SET_UP)
        return file

    def _write(self, file: SlotFile) -> None:
        write_atomically(self._folder.slots, write_slots(file))

    def _vault(self, file: SlotFile) -> Vault:
        known = {vault.name: vault for vault in self._vaults}
        return known.get(file.vault) or vault_named(file.vault, self._folder.secret)

    def _choose(self) -> Vault:
        return self._vaults[0] if self._vaults else choose_vault(self._folder.secret)

    def _secret(self, file: SlotFile) -> bytes:
        found = self._vault(file).read(file.account)
        if found is None or len(found) != KEY_BYTES:
            raise StoreError(StoreReason.SECRET_LOST)
        return found
