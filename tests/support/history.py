"""What happened in a district and at its desks, read from their databases when all is quiet, for the history checker.

Rules kept here: only what is durable counts; a desk's claim (what it told its clerk was saved) is kept outside the
desk, by who drove it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from yichuang_client.store.store import Store
from yichuang_server.store import log, merkle
from yichuang_server.store.tables import audience, deed, device, notice, record


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A deed of which a desk said: saved."""

    deed: str
    replica: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A deed as the district answered it."""

    deed: str
    replica: str
    seq: int
    hash: str
    outcome: str
    reason: str
    plain: dict[str, Any]
    """The text of the deed."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A record of the district's log."""

    position: int
    case: str
    n: int
    hash: str
    text: bytes

    @property
    def plain(self) -> dict[str, Any]:
        """The text of the record."""
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True, kw_only=True)
class DistrictHistory:
    """All that a district has."""

    deeds: tuple[Answered, ...]
    records: tuple[Recorded, ...]
    """In the order of the log."""
    notices: dict[int, bytes]
    size: int
    root: str
    fenced: frozenset[str]
    """Desks that were found to be forked."""
    slices: dict[str, frozenset[str]]
    """Cases of each audience, now."""

    def slice_of(self, audiences: Iterable[str]) -> frozenset[str]:
        """The cases of a desk of these audiences."""
        return frozenset().union(*(self.slices.get(name, frozenset()) for name in audiences))


@dataclass(frozen=True, kw_only=True)
class DeskHistory:
    """All that a desk has, and what it said."""

    replica: str
    audiences: tuple[str, ...]
    saved: tuple[Saved, ...]
    outbox: dict[str, tuple[str, str]]
    """State and reason of each deed that is kept here."""
    tray: frozenset[str]
    """Refused deeds that the desk shows."""
    records: dict[str, tuple[tuple[int, str], ...]]
    """(n, hash) of the confirmed log of each case here, in order."""
    shown: frozenset[str]
    """Cases that the lists show as lying here."""
    problems: tuple[str, ...] = ()
    """What the desk could not take in."""


def read_district(connection: Connection, district: str) -> DistrictHistory:
    """Read a district in one snapshot."""
    deeds = tuple(
        Answered(
            deed=row.deed,
            replica=row.replica,
            seq=row.seq,
            hash=row.hash,
            outcome=row.outcome,
            reason=row.reason,
            plain=json.loads(row.text),
        )
        for row in connection.execute(select(deed).where(deed.c.district == district).order_by(deed.c.seq))
    )
    records = tuple(
        Recorded(position=row.position, case=row.case, n=row.n, hash=row.hash, text=row.text)
        for row in connection.execute(select(record).where(record.c.district == district).order_by(record.c.position))
    )
    notices = {
        row.position: row.text for row in connection.execute(select(notice).where(notice.c.district == district))
    }
    fenced = connection.execute(
        select(device.c.replica).where(device.c.district == district, device.c.forked_time != "")
    )
    slices: dict[str, set[str]] = {}
    for row in connection.execute(select(audience).where(audience.c.district == district, audience.c.left == 0)):
        slices.setdefault(row.audience, set()).add(row.case)
    return DistrictHistory(
        deeds=deeds,
        records=records,
        notices=notices,
        size=log.size(connection, district),
        root=log.root(connection, district),
        fenced=frozenset(fenced.scalars()),
        slices={name: frozenset(cases) for name, cases in slices.items()},
    )


def read_desk(store: Store, saved: Iterable[Saved], problems: Iterable[str] = ()) -> DeskHistory:
    """Read a desk's store."""
    desk, database = store.desk, store._database
    records: dict[str, list[tuple[int, str]]] = {}
    for case, n, text_hash in database.rows("SELECT case_id, n, hash FROM record ORDER BY case_id, n"):
        records.setdefault(case, []).append((n, text_hash))
    outbox = {row[0]: (row[1], row[2]) for row in database.rows("SELECT deed_id, state, reason FROM outbox")}
    mine = f"section:{desk.section}" if desk.section else f"place:{desk.place}"
    return DeskHistory(
        replica=desk.replica,
        audiences=(f"desk:{desk.replica}", mine),
        saved=tuple(saved),
        outbox=outbox,
        tray=frozenset(row.deed.deed for row in store.outbox.refused()),
        records={case: tuple(rows) for case, rows in records.items()},
        shown=frozenset(row[0] for row in database.rows("SELECT case_id FROM case_row WHERE is_here")),
        problems=tuple(problems),
    )


def head_of(history: DistrictHistory) -> str:
    """The tree head, reckoned anew over every leaf."""
    leaves = {row.position: row.text for row in history.records} | history.notices
    frontier: merkle.Frontier = ()
    for position in sorted(leaves):
        frontier = merkle.append(frontier, leaves[position])
    return merkle.root(frontier)
