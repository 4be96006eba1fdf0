"""Recovery keys, desks' data keys sealed for them, and the openings by two administrators.

Rules kept here: rows are added and never changed, but for a key that is kept again; the newest recovery key counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select, update

from yichuang_server.store.tables import administrator_key, escrow, key_opening, recovery_key


@dataclass(frozen=True, kw_only=True)
class RecoveryKey:
    """恢复密钥: the public half, and the private one sealed for each pair of administrators."""

    key: str
    """X25519, hex."""
    made_time: str
    halves: Mapping[str, str] = field(repr=False)
    """By "FIRST SECOND": sealed for the first one around what is sealed for the second, hex."""


@dataclass(frozen=True, kw_only=True)
class Escrow:
    """A desk's data key, sealed for a recovery key."""

    replica: str
    key_id: str
    recovery_key: str
    sealed: bytes = field(repr=False)
    kept_time: str


def keep_sealing_key(connection: Connection, district: str, person: str, key: bytes, sealing: bytes) -> None:
    """Note for which key things are sealed for an administrator, beside the key that signs."""
    table = administrator_key.c
    which = (table.district == district) & (table.person == person) & (table.key == key.hex())
    connection.execute(update(administrator_key).where(which).values(sealing_key=sealing.hex()))


def sealing_keys(connection: Connection, district: str) -> dict[str, str]:
    """By administrator: the newest key to seal for, hex."""
    table = administrator_key.c
    query = select(table.person, table.sealing_key).where(table.district == district, table.sealing_key != "")
    return {row.person: row.sealing_key for row in connection.execute(query.order_by(table.from_time))}


def administrator_keys(connection: Connection, district: str) -> list[tuple[str, str, str]]:
    """(person, key, since when) of every administrator's key."""
    table = administrator_key.c
    query = select(table.person, table.key, table.from_time).where(table.district == district)
    return [(row.person, row.key, row.from_time) for row in connection.execute(query.order_by(table.from_time))]


def add_recovery_key(connection: Connection, district: str, new: RecoveryKey) -> None:
    """Begin a recovery key; desks seal for it from now on."""
    values = {"key": new.key, "made_time": new.made_time, "halves": json.dumps(dict(new.halves))}
    connection.execute(insert(recovery_key).values(district=district, **values))


def recovery_keys(connection: Connection, district: str) -> list[RecoveryKey]:
    """All of them, the newest last."""
    query = select(recovery_key).where(recovery_key.c.district == district).order_by(recovery_key.c.made_time)
    rows = connection.execute(query)
    return [RecoveryKey(key=row.key, made_time=row.made_time, halves=json.loads(row.halves)) for row in rows]


def keep(connection: Connection, district: str, new: Escrow) -> None:
    """Keep a sealed data key; one that is kept again replaces itself."""
    table = escrow.c
    which = (
        (table.district == district)
        & (table.replica == new.replica)
        & (table.key_id == new.key_id)
        & (table.recovery_key == new.recovery_key)
    )
    values = {"sealed": new.sealed, "kept_time": new.kept_time}
    if not connection.execute(update(escrow).where(which).values(**values)).rowcount:
        connection.execute(insert(escrow).values(district=district, **vars(new)))


def escrows(connection: Connection, district: str, replica: str = "") -> list[Escrow]:
    """The sealed data keys of a desk, or of all; the newest first."""
    query = select(escrow).where(escrow.c.district == district).order_by(escrow.c.kept_time.desc())
    rows = connection.execute(query.where(escrow.c.replica == replica) if replica else query)
    return [
        Escrow(
            replica=row.replica,
            key_id=row.key_id,
            recovery_key=row.recovery_key,
            sealed=row.sealed,
            kept_time=row.kept_time,
        )
        for row in rows
    ]


def note_opening(
    connection: Connection, district: str, replica: str, time: str, text: bytes, signatures: Mapping[str, str]
) -> None:
    """Two administrators have opened a desk's data key."""
    values = {"replica": replica, "opened_time": time, "text": text, "signatures": json.dumps(dict(signatures))}
    connection.execute(insert(key_opening).values(district=district, **values))


def opened_time(connection: Connection, district: str, replica: str) -> str:
    """When a desk's data key was opened last; empty for never."""
    query = select(func.max(key_opening.c.opened_time))
    found = connection.execute(query.where(key_opening.c.district == district, key_opening.c.replica == replica))
    return found.scalar() or ""
