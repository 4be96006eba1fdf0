"""Deeds as they were answered, for ever."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from yichuang_server.store.tables import deed


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to a deed."""

    deed: str
    replica: str
    seq: int
    hash: str
    outcome: str
    """RECORDED or REFUSED."""
    reason: str = ""
    act: int = 0


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
    """Store an answer with its deed."""
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
