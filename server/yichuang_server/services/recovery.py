"""密钥托管与恢复: desks' data keys lie here sealed, and two administrators open one, each with a key of their own.

Rules kept here: the private half of the recovery key exists nowhere but sealed, once for each pair of administrators,
for one around the other; both sign the same text, which says which desk, for whom and why, and is a leaf of the log in
the transaction that notes the opening; what is opened leaves sealed for the key of the request alone.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from yichuang import codec, escrow
from yichuang.escrow import Answer, Request, SealError
from yichuang_domain.log_epoch import SIGNERS
from yichuang_server.config import write_private
from yichuang_server.services import epochs
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.store import desks, escrows, log, profile, times
from yichuang_server.store.desks import Desk
from yichuang_server.store.escrows import Escrow, RecoveryKey

_LONGEST_ID = 32
_HALF = "recovery half 1"


class RecoveryError(Exception):
    """A key cannot be made or opened; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class Signer:
    """An administrator at the machine, with the key from their own medium."""

    person: str
    key: Ed25519PrivateKey


@dataclass(frozen=True, kw_only=True)
class Done:
    """How far it is."""

    signatures: int
    made: str = ""
    """Public half of the new recovery key, or the name of the answer; empty while a second administrator is missing."""
    keys: int = 0
    """Data keys that were opened."""


def keep(house: House, desk: Desk, key: bytes, key_id: str, sealed: bytes) -> None:
    """Keep a desk's sealed data key. Raises DistrictError (MALFORMED, UNKNOWN for a recovery key that is not ours)."""
    if not (0 < len(sealed) <= escrow.LARGEST and 0 < len(key_id) <= _LONGEST_ID and key_id.isalnum()):
        raise DistrictError(Fault.MALFORMED)

    def work(connection: Connection) -> None:
        if key.hex() not in {one.key for one in escrows.recovery_keys(connection, house.district)}:
            raise DistrictError(Fault.UNKNOWN)
        now = times.text(house.now())
        new = Escrow(replica=desk.replica, key_id=key_id, recovery_key=key.hex(), sealed=sealed, kept_time=now)
        escrows.keep(connection, house.district, new)

    house.write(work)


def key_text(connection: Connection, district: str) -> bytes:
    """Canonical text of the recovery key of now, as desks read it; empty where there is none."""
    known = escrows.recovery_keys(connection, district)
    return codec.canonical({"district": district, "recovery_key": known[-1].key}) if known else b""


def create(house: House, pending: Path, signer: Signer) -> Done:
    """Make a new recovery key; the second administrator's call does it. Raises RecoveryError, EpochError."""
    known = house.read(lambda connection: _signed_in(house, connection, signer))
    plain = _pending(pending, "RECOVERY_KEY", {})
    if plain is None:
        told = {"act": "RECOVERY_KEY", "administrators": sorted(known), "time": times.text(house.now())}
        return _begin(pending, house, told, signer, {})
    text, signatures = _second(house, plain, signer)
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw().hex()
    halves = {
        f"{first} {second}": _wrap(known[first], _wrap(known[second], own.private_bytes_raw())).hex()
        for first, second in itertools.permutations(known, 2)
    }

    def work(connection: Connection) -> None:
        now = times.text(house.now())
        escrows.add_recovery_key(connection, house.district, RecoveryKey(key=public, made_time=now, halves=halves))
        made = {"recovery_key": public, "text": json.loads(text), "signatures": signatures}
        log.notice(connection, house.district, [codec.canonical(made)])
        profile.changed(connection, house.district)

    house.write(work)
    pending.unlink()
    return Done(signatures=len(signatures), made=public)


def open_for(house: House, pending: Path, request: Request, signer: Signer, reason: str) -> tuple[Done, Answer | None]:
    """Open a desk's data keys for who asks; the second administrator's call brings the answer.

    Raises RecoveryError, EpochError.
    """
    if request.district != house.district:
        raise RecoveryError(f"the request is of district {request.district}")
    house.read(lambda connection: _signed_in(house, connection, signer))
    kept = house.read(lambda c: escrows.escrows(c, house.district, request.replica))[: escrow.MOST_KEYS]
    if not kept:
        raise RecoveryError(f"no data key of desk {request.replica} lies here: see yichuang-server recovery list")
    told = {"act": "KEY_OPENED", "replica": request.replica, "request": request.words}
    plain = _pending(pending, "KEY_OPENED", told)
    if plain is None:
        if not reason:
            raise RecoveryError("the first administrator needs --reason")
        halves = _first_halves(house, kept, signer)
        return _begin(pending, house, told | {"reason": reason, "time": times.text(house.now())}, signer, halves), None
    text, signatures = _second(house, plain, signer)
    answer = Answer(request=request, sealed=tuple(_reseal(house, one, plain, signer, request) for one in kept))

    def work(connection: Connection) -> None:
        now = times.text(house.now())
        opened = codec.canonical({"text": json.loads(text), "signatures": signatures})
        log.notice(connection, house.district, [opened])
        escrows.note_opening(connection, house.district, request.replica, now, text, signatures)

    house.write(work)
    pending.unlink()
    return Done(signatures=len(signatures), keys=len(kept)), answer


def may_rescue(connection: Connection, district: str, desk: Desk) -> bool:
    """Whether what a revoked desk had saved is taken in: its key was opened by two administrators after that."""
    return bool(desk.revoked_time) and escrows.opened_time(connection, district, desk.replica) > desk.revoked_time


def _signed_in(house: House, connection: Connection, signer: Signer) -> dict[str, bytes]:
    """The administrators for whom halves are sealed, if the signer is one of them."""
    epochs.require_administrator(house, connection, signer.person)
    known = escrows.sealing_keys(connection, house.district)
    if known.get(signer.person) != epochs.sealing_key_of(signer.key).hex():
        raise RecoveryError(f"this key is not registered for {signer.person}: yichuang-server people key")
    if len(known) < SIGNERS:
        raise RecoveryError(f"{SIGNERS} administrators register their keys first: yichuang-server people key")
    return {person: bytes.fromhex(key) for person, key in known.items()}


def _begin(
    pending: Path, house: House, told: Mapping[str, object], signer: Signer, halves: Mapping[str, Mapping[str, str]]
) -> Done:
    text = codec.canonical({**told, "district": house.district})
    plain = {"text": text.decode(), "signatures": {signer.person: signer.key.sign(text).hex()}, "halves": halves}
    write_private(pending, json.dumps(plain).encode())
    return Done(signatures=1)


def _second(house: House, plain: Mapping[str, Any], signer: Signer) -> tuple[bytes, dict[str, str]]:
    """The text that both sign, and both signatures. Raises RecoveryError."""
    text, signatures = plain["text"].encode(), dict(plain["signatures"])
    signatures[signer.person] = signer.key.sign(text).hex()
    known = house.read(lambda c: escrows.administrator_keys(c, house.district))
    good = {
        person
        for person, key, _ in known
        if epochs.is_good(bytes.fromhex(key), bytes.fromhex(signatures.get(person, "")), text)
    }
    if len(good) < SIGNERS:
        raise RecoveryError("another administrator than the first one does this")
    return text, {person: signatures[person] for person in sorted(good)}


def _first_halves(house: House, kept: list[Escrow], signer: Signer) -> dict[str, dict[str, str]]:
    """What the first administrator opens: by recovery key and second administrator, still sealed for the second."""
    known = {one.key: one.halves for one in house.read(lambda c: escrows.recovery_keys(c, house.district))}
    own = epochs.opening_key(signer.key)
    found: dict[str, dict[str, str]] = {}
    for key in {one.recovery_key for one in kept}:
        pairs = [pair.split(" ") for pair in known.get(key, {}) if pair.startswith(f"{signer.person} ")]
        opened = {second: _unwrap(own, bytes.fromhex(known[key][f"{first} {second}"])) for first, second in pairs}
        found[key] = {second: half.hex() for second, half in opened.items()}
    return found


def _reseal(house: House, one: Escrow, plain: Mapping[str, Any], signer: Signer, request: Request) -> str:
    half = plain["halves"].get(one.recovery_key, {}).get(signer.person)
    if half is None:
        raise RecoveryError(f"{signer.person} was no administrator when the key of this desk was sealed")
    recovery = X25519PrivateKey.from_private_bytes(_unwrap(epochs.opening_key(signer.key), bytes.fromhex(half)))
    try:
        data = escrow.unseal(recovery, one.sealed, escrow.escrow_purpose(house.district, one.replica))
    except SealError as error:
        raise RecoveryError(f"the sealed key of desk {one.replica} is damaged: {error}") from error
    return escrow.seal(bytes.fromhex(request.key), data, escrow.answer_purpose(request)).hex()


def _wrap(key: bytes, plain: bytes) -> bytes:
    return escrow.seal(key, plain, _HALF)


def _unwrap(own: X25519PrivateKey, sealed: bytes) -> bytes:
    try:
        return escrow.unseal(own, sealed, _HALF)
    except SealError as error:
        raise RecoveryError("a half of the recovery key does not open with this administrator's key") from error


def _pending(path: Path, act: str, told: Mapping[str, object]) -> dict[str, Any] | None:
    """What the first administrator began; None where nobody has. Raises RecoveryError for something else."""
    try:
        plain: dict[str, Any] = json.loads(path.read_bytes())
        begun = json.loads(plain["text"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecoveryError(f"{path} is damaged: remove it and begin again") from error
    if begun.get("act") != act or any(begun.get(name) != value for name, value in told.items()):
        raise RecoveryError(f"something else was begun: remove {path} to give it up")
    return plain


def desk_states(connection: Connection, district: str) -> list[dict[str, str]]:
    """For each desk, whether its data key lies sealed for the recovery key of now."""
    known, kept = escrows.recovery_keys(connection, district), escrows.escrows(connection, district)
    newest = known[-1].key if known else ""
    rows = []
    for desk in desks.desks(connection, district):
        own = [one for one in kept if one.replica == desk.replica]
        current = next((one for one in own if one.recovery_key == newest), None)
        state = "CURRENT" if current else "FORMER_KEY" if own else "NONE"
        row = {"replica": desk.replica, "escrow": state, "kept": own[0].kept_time if own else ""}
        rows.append(row | {"key_id": own[0].key_id if own else "", "revoked": desk.revoked_time})
    return rows
