"""Deeds as they were answered, and the ends of the desks' chains."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from yichuang_server.store.tables import deed, device


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to a deed, for ever."""

    deed: str
    replica: str
    seq: int
    hash: str
    outcome: str
    """RECORDED or REFUSED."""
    reason: str = ""
    act: int = 0


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An enrolled desk."""

    replica: str
    place: str
    kind: str
    section: str
    act_key: bytes
    serial: str
    revoked: bool
    last_seq: int
    last_hash: str


def answered(connection: Connection, district: str, deed_id: str) -> Answer | None:
    """The stored answer to a deed, None for a new one."""
    row = connection.execute(select(deed).where(deed.c.district == district, deed.c.deed == deed_id)).first()
    if row is None:
        return None
    return Answer(
        deed=row.deed,
        replica=row.replica,
        seq=row.seq,
        hash=row.hash,
        outcome=row.outcome,
        reason=row.reason,
        act=row.act,
    )


def answer(connection: Connection, district: str, value: Answer, text: bytes, recorded_time: str) -> None:
    """Store an answer with its deed and move the end of the desk's chain."""
    connection.execute(
        insert(deed).values(
            district=district,
            deed=value.deed,
            replica=value.replica,
            seq=value.seq,
            hash=value.hash,
            text=text,
            outcome=value.outcome,
            reason=value.reason,
            act=value.act,
            recorded_time=recorded_time,
        )
    )
    connection.execute(
        update(device)
        .where(device.c.district == district, device.c.replica == value.replica)
        .values(last_seq=value.seq, last_hash=value.hash)
    )


def desk(connection: Connection, district: str, replica: str, *, lock: bool = False) -> Desk | None:
    """A desk by its device number, None for an unknown one."""
    query = select(device).where(device.c.district == district, device.c.replica == replica)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        return None
    return Desk(
        replica=row.replica,
        place=row.place,
        kind=row.kind,
        section=row.section,
        act_key=row.act_key,
        serial=row.serial,
        revoked=bool(row.revoked_time),
        last_seq=row.last_seq,
        last_hash=row.last_hash,
    )


def desks(connection: Connection, district: str) -> list[Desk]:
    """All desks, in the order of their numbers."""
    numbers = connection.execute(
        select(device.c.replica).where(device.c.district == district).order_by(device.c.replica)
    ).scalars()
    return [found for number in numbers if (found := desk(connection, district, number))]
