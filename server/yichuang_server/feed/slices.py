"""Which cases a desk works on, and what is new for it after a cursor.

Rules kept here: a case that ENTERS a slice is sent whole, whatever the cursor; one that leaves is marked; both are at
a position of the log, so that a replay gives the same slice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from yichuang_domain.case import Case, State
from yichuang_domain.ids import CaseId
from yichuang_server.store import log
from yichuang_server.store.deeds import Desk
from yichuang_server.store.tables import audience, record

PAGE = 500
"""Records an answer carries, about; a case is never cut."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What is new for a desk after a cursor."""

    records: tuple[log.StoredRecord, ...]
    left: tuple[CaseId, ...]
    position: int
    has_more: bool


def audiences_of(case: Case) -> frozenset[str]:
    """Who works on a case: its place, the places that opened it, its section, its holder."""
    found = {f"place:{case.place}"} | {f"place:{place}" for place in case.opened_by}
    if case.section is not None and case.state is not State.DRAFT:
        found.add(f"section:{case.section}")
    if case.holder is not None:
        found.add(f"desk:{case.holder}")
    return frozenset(found)


def audiences_for(desk: Desk) -> tuple[str, ...]:
    """Whose cases a desk gets: those of its place, its section's, and what it holds."""
    found = [f"desk:{desk.replica}"]
    found.append(f"section:{desk.section}" if desk.section else f"place:{desk.place}")
    return tuple(found)


def enlist(connection: Connection, district: str, case: Case, position: int) -> None:
    """Move a case in and out of slices as of ``position``."""
    key = (audience.c.district == district) & (audience.c.case == case.case)
    before = {row.audience: row for row in connection.execute(select(audience).where(key))}
    now = audiences_of(case)
    for name in now:
        row = before.get(name)
        values = {"entered": position, "left": 0}
        if row is None:
            connection.execute(insert(audience).values(district=district, case=case.case, audience=name, **values))
        elif row.left:
            connection.execute(update(audience).where(key, audience.c.audience == name).values(**values))
    for name, row in before.items():
        if name not in now and not row.left:
            connection.execute(update(audience).where(key, audience.c.audience == name).values(left=position))


def newest(connection: Connection, district: str, desk: Desk, after: int) -> bool:
    """Whether anything is new for the desk after a position."""
    mine = (audience.c.district == district) & audience.c.audience.in_(audiences_for(desk))
    moved = select(audience.c.case).where(mine, (audience.c.entered > after) | (audience.c.left > after)).limit(1)
    if connection.execute(moved).first() is not None:
        return True
    grown = (
        select(record.c.position)
        .join(audience, (audience.c.case == record.c.case) & (audience.c.district == record.c.district))
        .where(mine, audience.c.left == 0, record.c.district == district, record.c.position > after)
        .limit(1)
    )
    return connection.execute(grown).first() is not None


def after(connection: Connection, district: str, desk: Desk, cursor: int) -> Slice:
    """What is new for ``desk`` after ``cursor``."""
    head = log.size(connection, district)
    entered, left = _moves(connection, district, desk)
    whole = sorted((at, name) for name, at in entered.items() if at > cursor)
    part = _grown(connection, district, [name for name, at in entered.items() if at <= cursor], cursor)
    found: list[log.StoredRecord] = []
    for at, name in sorted([*whole, *part]):
        if len(found) >= PAGE:
            return Slice(records=tuple(found), left=(), position=at - 1, has_more=True)
        found += log.records(connection, district, name, after=0 if (at, name) in whole else cursor)
    gone = tuple(CaseId(name) for name, at in left.items() if at > cursor and name not in entered)
    return Slice(records=tuple(found), left=gone, position=head, has_more=False)


def _moves(connection: Connection, district: str, desk: Desk) -> tuple[dict[str, int], dict[str, int]]:
    mine = (audience.c.district == district) & audience.c.audience.in_(audiences_for(desk))
    entered: dict[str, int] = {}
    left: dict[str, int] = {}
    for row in connection.execute(select(audience).where(mine)):
        if row.left:
            left[row.case] = max(left.get(row.case, 0), row.left)
        else:
            entered[row.case] = min(entered.get(row.case, row.entered), row.entered)
    return entered, left


def _grown(connection: Connection, district: str, names: list[str], cursor: int) -> list[tuple[int, str]]:
    """(first new position, case) of the known cases that have new records."""
    if not names:
        return []
    rows = connection.execute(
        select(record.c.case, record.c.position)
        .where(record.c.district == district, record.c.position > cursor)
        .order_by(record.c.position)
    )
    known, first = set(names), {}
    for row in rows:
        if row.case in known:
            first.setdefault(row.case, row.position)
    return [(at, name) for name, at in first.items()]
