"""Which cases a desk works on, and what is new for it after a cursor.

Rules kept here: a case that ENTERS a slice is sent whole, whatever the cursor, with the item version to which it is
pinned where the desk's catalogue has another; one that leaves is marked; both are at a position of the log, so that a
replay gives the same slice. An answer reaches to a position that depends on the log, the cursor, the desk's
catalogue and how much it asked for alone; it is never larger than that, but for one case's whole log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, literal_column, select, true, update

from yichuang_domain.case import Case, State
from yichuang_domain.ids import CaseId
from yichuang_server.store import catalogue, log
from yichuang_server.store.desks import Desk
from yichuang_server.store.tables import audience, record

PAGE = 128
"""Changes that an answer tells of, at most."""
MOST_BYTES = 1 << 20
"""Texts of an answer, about."""
_MOVES: tuple[tuple[ColumnElement[int], ColumnElement[bool]], ...] = (
    (audience.c.entered, true()),
    (audience.c.left, audience.c.left > literal_column("0")),
)
"""Where a move stands, and what its statement must say for its index to be used."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What is new for a desk after a cursor."""

    records: tuple[log.StoredRecord, ...]
    """In the order of the log; a case that entered comes whole."""
    left: tuple[CaseId, ...]
    position: int
    has_more: bool
    items: tuple[bytes, ...] = ()
    """Texts of the item versions to which the cases that entered are pinned and which the desk may lack."""


def audiences_of(case: Case) -> frozenset[str]:
    """Who works on a case: its place, the places that opened it, its section, its holder."""
    found = {f"place:{case.place}"} | {f"place:{place}" for place in case.opened_by}
    if case.section is not None and case.state is not State.DRAFT:
        found.add(f"section:{case.section}")
    if case.holder is not None:
        found.add(f"desk:{case.holder}")
    return frozenset(found)


def audiences_for(desk: Desk) -> tuple[str, ...]:
    """Whose cases a desk gets: those of its place or its section, and what it holds."""
    return (f"desk:{desk.replica}", f"section:{desk.section}" if desk.section else f"place:{desk.place}")


def enlist(connection: Connection, district: str, cases: Sequence[tuple[Case, int]]) -> frozenset[str]:
    """Move cases in and out of slices, each as of a position. Returns every audience that has something new."""
    query = select(audience).where(
        audience.c.district == district, audience.c.case.in_([case.case for case, _ in cases])
    )
    before: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        before.setdefault(row.case, {})[row.audience] = row.left
    touched: set[str] = set()
    new = []
    for case, position in cases:
        now, known = audiences_of(case), before.get(case.case, {})
        entered = {"entered": position, "left": 0}
        new += [{"district": district, "case": case.case, "audience": name, **entered} for name in now - known.keys()]
        gone = {name for name, left in known.items() if name not in now and not left}
        changes = {name: entered for name in now if known.get(name)} | {name: {"left": position} for name in gone}
        for name, values in changes.items():
            key = audience.c.district == district, audience.c.case == case.case, audience.c.audience == name
            connection.execute(update(audience).where(*key).values(**values))
        touched |= now | gone
    if new:
        connection.execute(insert(audience), new)
    return frozenset(touched)


def has_case(connection: Connection, district: str, desk: Desk, of: str) -> bool:
    """Whether a case lies in the desk's slice now."""
    query = select(audience.c.case).where(
        audience.c.district == district,
        audience.c.audience.in_(audiences_for(desk)),
        audience.c.case == of,
        audience.c.left == 0,
    )
    return connection.execute(query).first() is not None


def has_page(connection: Connection, district: str, desk: Desk, owner: str, name: str) -> bool:
    """Whether a case in the desk's slice has a page of an owner: of a matter, only what that case was handed."""
    if has_case(connection, district, desk, owner):
        return True
    mark = f'"page":"{name}"'.encode()
    return any(
        mark in row.text
        for of in log.cases_of_matter(connection, district, owner)
        if has_case(connection, district, desk, of)
        for row in log.records(connection, district, of)
    )


def audiences_with(connection: Connection, district: str, owner: str) -> frozenset[str]:
    """Every audience in whose slice a case lies now, or a case of a matter."""
    cases = (owner, *log.cases_of_matter(connection, district, owner))
    query = select(audience.c.audience).where(
        audience.c.district == district, audience.c.case.in_(cases), audience.c.left == 0
    )
    return frozenset(connection.execute(query).scalars())


def newest(connection: Connection, district: str, desk: Desk, after: int) -> bool:
    """Whether anything is new for the desk after a position."""
    return next(_changes(connection, district, audiences_for(desk), after, 1), None) is not None


def after(
    connection: Connection,
    district: str,
    desk: Desk,
    cursor: int,
    catalogue_version: int,
    most_bytes: int = 0,
) -> Slice:
    """What is new for ``desk``, whose catalogue is complete up to a release, after ``cursor``; 0 for the usual size."""
    most = min(most_bytes or MOST_BYTES, MOST_BYTES)
    page = PAGE
    while True:
        found = _page(connection, district, desk, cursor, page, catalogue_version)
        size = sum(len(row.text) for row in found.records) + sum(map(len, found.items))
        if page == 1 or size <= most:
            return found
        page = max(1, page // 4)


def _page(connection: Connection, district: str, desk: Desk, cursor: int, page: int, catalogue_version: int) -> Slice:
    names, head = audiences_for(desk), log.size(connection, district)
    changes = sorted(set(_changes(connection, district, names, cursor, page + 1)))
    has_more = len(changes) > page
    until = changes[page - 1] if has_more else head
    entered, left = _moves(connection, district, names, cursor, until)
    found = [*log.records_of(connection, district, entered, until), *_grown(connection, district, names, cursor, until)]
    unique = {row.position: row for row in found}
    return Slice(
        records=tuple(unique[position] for position in sorted(unique)),
        left=tuple(sorted(CaseId(name) for name in left)),
        position=until,
        has_more=has_more,
        items=tuple(catalogue.pinned(connection, district, entered, catalogue_version).values()),
    )


def _changes(connection: Connection, district: str, names: tuple[str, ...], after: int, limit: int) -> Iterator[int]:
    """The first positions after a position at which something changed for the audiences, in no order."""
    for name in names:
        for column, moved in _MOVES:
            of_one = audience.c.district == district, audience.c.audience == name, moved, column > after
            yield from connection.execute(select(column).where(*of_one).order_by(column).limit(limit)).scalars()
    mine = (audience.c.district == district) & audience.c.audience.in_(names)
    grown = (
        select(record.c.position)
        .distinct()
        .join(audience, (audience.c.case == record.c.case) & (audience.c.district == record.c.district))
        .where(mine, audience.c.left == 0, record.c.district == district, record.c.position > after)
        .order_by(record.c.position)
        .limit(limit)
    )
    yield from connection.execute(grown).scalars()


def _moves(
    connection: Connection, district: str, names: tuple[str, ...], cursor: int, until: int
) -> tuple[list[str], set[str]]:
    """Cases that entered, and those that left and lie in no other of the desk's audiences."""
    mine = (audience.c.district == district) & audience.c.audience.in_(names)
    cases: set[str] = set()
    for column, moved in _MOVES:
        query = select(audience.c.case).where(mine, moved, column.between(cursor + 1, until))
        cases.update(connection.execute(query).scalars())
    entered: list[str] = []
    left: set[str] = set()
    for start in range(0, len(cases), 500):
        some = sorted(cases)[start : start + 500]
        here_since: dict[str, list[int]] = {name: [] for name in some}
        for row in connection.execute(select(audience).where(mine, audience.c.case.in_(some), audience.c.left == 0)):
            here_since[row.case].append(row.entered)
        for name, here in here_since.items():
            if any(at <= cursor for at in here):
                continue
            if any(at <= until for at in here):
                entered.append(name)
            elif not here:
                left.add(name)
    return entered, left


def _grown(
    connection: Connection, district: str, names: tuple[str, ...], cursor: int, until: int
) -> Iterator[log.StoredRecord]:
    """New records of the cases that the desk has had since before the cursor."""
    query = (
        select(record)
        .distinct()
        .join(audience, (audience.c.case == record.c.case) & (audience.c.district == record.c.district))
        .where(
            audience.c.district == district,
            audience.c.audience.in_(names),
            audience.c.left == 0,
            audience.c.entered <= cursor,
            record.c.district == district,
            record.c.position.between(cursor + 1, until),
        )
    )
    yield from map(log.stored, connection.execute(query))
