"""Deeds as they were answered, for ever."""

from __future__ import annotations

from collections.abc import Iterable
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


def answered(connection: Connection, district: str, ids: Iterable[str]) -> dict[str, Answer]:
    """The stored answers to deeds, by id; a new deed has none."""
    found = connection.execute(select(deed).where(deed.c.district == district, deed.c.deed.in_(list(ids))))
    return {
        row.deed: Answer(
            deed=row.deed,
            replica=row.replica,
            seq=row.seq,
            hash=row.hash,
            outcome=row.outcome,
            reason=row.reason,
            act=row.act,
        )
        for row in found
    }


def answer(connection: Connection, district: str, given: Iterable[tuple[Answer, bytes]], recorded_time: str) -> None:
    """Store answers, each with its deed's text."""
    rows = [
        {
            "district": district,
            "deed": value.deed,
            "replica": value.replica,
            "seq": value.seq,
            "hash": value.hash,
            "text": text,
            "outcome": value.outcome,
            "reason": value.reason,
            "act": value.act,
            "recorded_time": recorded_time,
        }
        for value, text in given
    ]
    if rows:
        connection.execute(insert(deed), rows)
