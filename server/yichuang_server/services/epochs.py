"""开启日志纪元: what two administrators do after a restore, before the district serves again.

Rules kept here: an administrator signs with a key of their own, kept under a passphrase of theirs; both sign the same
text; the opening is the next leaf of the log, in the transaction that begins the epoch; device numbers that may have
been given after the backup are never given again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from yichuang import bundle, codec
from yichuang_domain.log_epoch import SIGNERS, EpochReason, Opening, is_signed
from yichuang_domain.organisation import Role
from yichuang_server.config import write_private
from yichuang_server.services.house import House
from yichuang_server.store import catalogue, desks, epochs, escrows, log, people, profile, times

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
SPARE_NUMBERS = 100
"""Device numbers left out after a restore."""
SPARE_RELEASES = 1000
"""Versions of catalogue and profile left out after a restore."""


class EpochError(Exception):
    """An epoch cannot be opened; the text says what to do."""


def administrator_key(path: Path, passphrase: bytes) -> Ed25519PrivateKey:
    """The key in a file, made when there is none. Raises EpochError."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        sealed = serialization.BestAvailableEncryption(passphrase)
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    return read_key(path, passphrase)


def sealing_key_of(key: Ed25519PrivateKey) -> bytes:
    """The X25519 public key (32 bytes raw) for which things are sealed for an administrator."""
    return opening_key(key).public_key().public_bytes_raw()


def opening_key(key: Ed25519PrivateKey) -> X25519PrivateKey:
    """The X25519 key that opens them."""
    return bundle.sealing_key(key.private_bytes_raw(), "administrator")


def read_key(path: Path, passphrase: bytes) -> Ed25519PrivateKey:
    """The key in a file. Raises EpochError."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase)
    except (OSError, ValueError, TypeError) as error:
        raise EpochError(f"{path} is not the key of that passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise EpochError(f"{path} is no administrator's key: make one with yichuang-server people key")
    return key


def register(house: House, person: str, key: Ed25519PrivateKey) -> int:
    """Let an administrator sign from now on; desks learn of it. Returns how many can. Raises EpochError."""

    def work(connection: Connection) -> int:
        require_administrator(house, connection, person)
        public = key.public_key().public_bytes_raw()
        epochs.keep_key(connection, house.district, person, public, times.text(house.now()))
        escrows.keep_sealing_key(connection, house.district, person, public, sealing_key_of(key))
        profile.changed(connection, house.district)
        return len({of for of, _ in epochs.keys(connection, house.district)})

    return house.write(work)


def require_administrator(house: House, connection: Connection, person: str) -> None:
    """Raise EpochError for who is no administrator of the district now."""
    rights = people.rights_at(connection, house.district, person, times.text(house.now()))
    if rights is None or not rights.roles & ADMINISTRATORS:
        raise EpochError(f"{person} is no administrator of the district")


def sign(house: House, pending: Path, person: str, key: Ed25519PrivateKey, reason: str) -> tuple[Opening, int]:
    """Sign the opening of a new epoch; the first one begins it. Returns it and how many have signed.

    Raises EpochError.
    """
    plain = _pending(pending)
    if plain is None:
        if not reason:
            raise EpochError("the first signature needs --reason")
        opening = house.read(lambda connection: _opening(house, connection, EpochReason[reason]))
        plain = {"text": codec.encode(opening).text.decode(), "signatures": {}}
    text = plain["text"].encode()
    public = key.public_key().public_bytes_raw()
    if (person, public) not in house.read(lambda connection: epochs.keys(connection, house.district)):
        raise EpochError(f"this key is not registered for {person}: yichuang-server people key")
    plain["signatures"][person] = key.sign(text).hex()
    write_private(pending, json.dumps(plain).encode())
    return codec.decode(Opening, text), len(plain["signatures"])


def _opening(house: House, connection: Connection, reason: EpochReason) -> Opening:
    backup_time = epochs.restored_from(connection, house.district)
    if not backup_time:
        raise EpochError("the district was not restored: its log goes on as it is")
    return Opening(
        district=house.district,
        epoch=secrets.token_hex(8),
        previous=log.epoch(connection, house.district),
        size=log.size(connection, house.district),
        root=log.root(connection, house.district),
        backup_time=times.moment(backup_time),
        opened_time=times.moment(times.text(house.now())),
        reason=reason,
    )


def open_epoch(house: House, pending: Path) -> Opening:
    """Write the opening that was signed as the next leaf. Raises EpochError."""
    plain = _pending(pending)
    if plain is None:
        raise EpochError(f"{SIGNERS} administrators sign first: yichuang-server epoch sign")
    text = plain["text"].encode()
    signatures = {person: bytes.fromhex(signature) for person, signature in plain["signatures"].items()}
    opening = codec.decode(Opening, text)

    def work(connection: Connection) -> None:
        known = epochs.keys(connection, house.district)
        good = [person for person, key in known if is_good(key, signatures.get(person, b""), text)]
        if not is_signed(good):
            raise EpochError(f"{SIGNERS} different administrators sign first: yichuang-server epoch sign")
        now = _opening(house, connection, opening.reason)
        if (now.previous, now.size, now.root) != (opening.previous, opening.size, opening.root):
            raise EpochError(f"what was signed is another restore: remove {pending} and sign again")
        log.notice(connection, house.district, [text])
        epochs.keep(
            connection,
            opening,
            text,
            {person: signatures[person] for person in good},
            first_number=int(desks.next_number(connection, house.district)) + SPARE_NUMBERS,
            first_release=catalogue.newest_version(connection, house.district) + SPARE_RELEASES,
        )
        profile.changed(connection, house.district, by=SPARE_RELEASES)

    house.write(work)
    pending.unlink()
    return opening


def is_good(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a key (Ed25519, 32 bytes raw) has signed a text."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _pending(path: Path) -> dict[str, Any] | None:
    try:
        found: Mapping[str, Any] = json.loads(path.read_bytes())
        return {"text": str(found["text"]), "signatures": dict(found["signatures"])}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EpochError(f"{path} is damaged: remove it and sign again") from error


def keys_text(connection: Connection, district: str) -> bytes:
    """Canonical text of the administrators' keys, as desks keep it."""
    return codec.canonical(
        {"keys": [{"person": of, "key": key.hex()} for of, key in epochs.keys(connection, district)]}
    )


def is_waiting(house: House) -> bool:
    """Whether the district was restored and nobody has opened an epoch."""
    return bool(house.read(lambda connection: epochs.restored_from(connection, house.district)))
