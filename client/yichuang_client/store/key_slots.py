"""The desk's data key, wrapped once a clerk (密钥槽).

Rules kept here: one random data key; a slot is that key sealed under HKDF(Argon2id(password) ‖ device secret), so
that neither the password nor the disk alone opens it; what the sign-in screen shows (office, whose slots there are)
is sealed under the device secret, so that a copied disk tells no name; the cost stands in the slot, so that it can
rise; every text has a version byte. Pure: no file, no clock.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yichuang_client.store.errors import StoreError, StoreReason

KEY_BYTES = 32
FORMAT = 1
_LABELS = "yichuang slot labels 1"


def derive(secret: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """32 bytes for one purpose (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=purpose.encode()).derive(secret)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The data key and what is derived from it."""

    data: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)
    """Data keys of before a rotation that may still be in use, the newest first."""

    @property
    def key_id(self) -> str:
        """Names the data key and tells nothing of it."""
        return derive(self.data, "yichuang key id 1").hex()[:32]

    @property
    def database(self) -> bytes:
        """Raw key of the database."""
        return derive(self.data, "yichuang database 1")

    @property
    def files(self) -> bytes:
        """Key from which each page file's key comes."""
        return derive(self.data, "yichuang files 1")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one guess of a password costs (Argon2id)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 2


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One wrapped copy of the data key."""

    cost: Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes
    failures: int = 0
    """Wrong passwords in a row, counted before each try."""
    failed_time: float = 0.0
    """Seconds since 1970 of the last of them."""
    owner: bytes = b""
    """Whose it is, sealed; empty in a file of an older release."""
    used_time: float = 0.0
    """Seconds since 1970 of the last sign-in."""
    key_id: str = ""
    """Which data key it holds; empty in a file of an older release."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """槽主: whose slot it is, as the sign-in screen lists people."""

    login: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SlotFile:
    """All slots of a desk."""

    account: str
    """Random name under which the vault keeps the device secret."""
    vault: str
    setup: Slot | None
    """Opens with the device secret alone, from enrolment until the first clerk has a slot."""
    slots: Mapping[str, Slot]
    office: bytes = b""
    """Texts that name this desk's office, sealed."""

    def with_slot(self, name: str, slot: Slot) -> SlotFile:
        """The same with one slot more, or changed."""
        return replace(self, slots={**self.slots, name: slot})


def slot_name(login: str, device_secret: bytes) -> str:
    """Name of a clerk's slot: says nothing without the device secret."""
    key = derive(device_secret, "yichuang slot names 1")
    return hmac.new(key, login.strip().casefold().encode(), hashlib.sha256).hexdigest()[:32]


def seal(texts: Sequence[str], purpose: str, device_secret: bytes) -> bytes:
    """Seal what may be read at this machine without a password; ``purpose`` binds it to its place."""
    nonce = secrets.token_bytes(12)
    plain = json.dumps(list(texts), ensure_ascii=False).encode()
    return nonce + AESGCM(derive(device_secret, _LABELS)).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, purpose: str, device_secret: bytes) -> tuple[str, ...]:
    """What ``seal`` was given; empty where there is nothing, or nothing that fits."""
    try:
        plain = AESGCM(derive(device_secret, _LABELS)).decrypt(sealed[:12], sealed[12:], purpose.encode())
    except (InvalidTag, ValueError):
        return ()
    return tuple(str(text) for text in json.loads(plain))


def wrap(keys: Keys, name: str, password: str | None, device_secret: bytes, cost: Cost) -> Slot:
    """Seal the data key; ``password`` None makes a set-up slot."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = _wrapping_key(password, device_secret, salt, cost)
    return Slot(
        cost=cost,
        salt=salt,
        nonce=nonce,
        wrapped=AESGCM(key).encrypt(nonce, keys.data, name.encode()),
        key_id=keys.key_id,
    )


def unwrap(slot: Slot, name: str, password: str | None, device_secret: bytes) -> Keys:
    """Open a slot. Raises StoreError (WRONG_PASSWORD)."""
    key = _wrapping_key(password, device_secret, slot.salt, slot.cost)
    try:
        return Keys(data=AESGCM(key).decrypt(slot.nonce, slot.wrapped, name.encode()))
    except InvalidTag as error:
        raise StoreError(StoreReason.WRONG_PASSWORD) from error


def _wrapping_key(password: str | None, device_secret: bytes, salt: bytes, cost: Cost) -> bytes:
    hashed = b""
    if password is not None:
        hashed = hash_secret_raw(
            secret=password.encode(),
            salt=salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    return derive(hashed + device_secret, "yichuang slot 1", salt)


def delay_seconds(failures: int) -> int:
    """How long to wait after that many wrong passwords in a row: three are free, then 5 s … 15 min."""
    return 0 if failures < 3 else min(5 * 3 ** (failures - 3), 900)


def remaining_seconds(slot: Slot, now: float) -> int:
    """What is left of the delay; a clock that was set back waits the whole of it again."""
    wait = delay_seconds(slot.failures)
    passed = now - slot.failed_time
    return wait if passed < 0 else max(0, -int(-(wait - passed) // 1))


def write_slots(file: SlotFile) -> bytes:
    """The slot file's text."""
    plain = {"format": FORMAT, **asdict(file)}
    return json.dumps(plain, default=bytes.hex, sort_keys=True, indent=1).encode()


def read_slots(text: bytes) -> SlotFile:
    """Read a slot file. Raises StoreError (DAMAGED, NEWER_DATABASE)."""
    try:
        plain = json.loads(text)
        if plain["format"] > FORMAT:
            raise StoreError(StoreReason.NEWER_DATABASE)
        setup = plain["setup"]
        return SlotFile(
            account=plain["account"],
            vault=plain["vault"],
            setup=None if setup is None else _slot(setup),
            slots={name: _slot(slot) for name, slot in plain["slots"].items()},
            office=bytes.fromhex(plain.get("office", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="slots") from error


def _slot(plain: Mapping[str, Any]) -> Slot:
    return Slot(
        cost=Cost(**plain["cost"]),
        salt=bytes.fromhex(plain["salt"]),
        nonce=bytes.fromhex(plain["nonce"]),
        wrapped=bytes.fromhex(plain["wrapped"]),
        failures=int(plain["failures"]),
        failed_time=float(plain["failed_time"]),
        owner=bytes.fromhex(plain.get("owner", "")),
        used_time=float(plain.get("used_time", 0.0)),
        key_id=str(plain.get("key_id", "")),
    )
