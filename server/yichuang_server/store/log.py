"""The district's one log: records under one growing position, the frontier of its Merkle tree, the case projection.

Rules kept here: positions are given under the lock of the one ``log`` row, taken last in the batch's transaction, so
that position order is commit order and no reader skips a row whose transaction was still open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, text as sql, update

from yichuang import codec
from yichuang_domain.case import Case, State
from yichuang_domain.deed import Record
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId
from yichuang_server.store import merkle, tree
from yichuang_server.store.tables import case as case_table, disclosure, log, notice as notice_table, record

_MOST_NAMES = 500


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """A record as it was hashed, with its place in the log."""

    position: int
    case: CaseId
    n: int
    hash: str
    text: bytes


@dataclass(frozen=True, kw_only=True)
class WrittenRecord:
    """A record that was decided and waits for its position."""

    record: Record
    encoded: codec.Encoded
    hash: str


def open_log(connection: Connection, district: str) -> None:
    """Begin the log of a new district."""
    connection.execute(
        insert(log).values(
            district=district, epoch=secrets.token_hex(8), size=0, frontier="[]", durable_through=0, restored_from=""
        )
    )


def epoch(connection: Connection, district: str) -> str:
    """The log's epoch."""
    return str(connection.execute(select(log.c.epoch).where(log.c.district == district)).scalar_one())


def size(connection: Connection, district: str) -> int:
    """The newest position."""
    return int(connection.execute(select(log.c.size).where(log.c.district == district)).scalar_one())


def end(connection: Connection, district: str) -> tuple[str, int]:
    """Epoch and newest position of one moment."""
    row = connection.execute(select(log.c.epoch, log.c.size).where(log.c.district == district)).one()
    return str(row.epoch), int(row.size)


def root(connection: Connection, district: str) -> str:
    """The tree head over all records."""
    return head_of(connection, district)[2]


def head_of(connection: Connection, district: str) -> tuple[str, int, str]:
    """Epoch, size and root of one moment."""
    row = connection.execute(select(log.c.epoch, log.c.size, log.c.frontier).where(log.c.district == district)).one()
    return str(row.epoch), int(row.size), merkle.root(_frontier(row.frontier))


def append(connection: Connection, district: str, written: Sequence[WrittenRecord]) -> int:
    """Give positions to records, in their order, and write them. Returns the first position.

    Must be the last lock of the transaction.
    """
    row = connection.execute(
        select(log.c.size, log.c.frontier).where(log.c.district == district).with_for_update()
    ).one()
    first, frontier = row.size + 1, _frontier(row.frontier)
    for new in written:
        frontier = tree.grow(connection, district, frontier, new.encoded.text)
    rows = [
        {
            "district": district,
            "position": position,
            "case": new.record.case,
            "n": new.record.n,
            "hash": new.hash,
            "text": new.encoded.text,
        }
        for position, new in enumerate(written, first)
    ]
    connection.execute(insert(record), rows)
    _disclose(connection, district, written)
    connection.execute(
        update(log)
        .where(log.c.district == district)
        .values(size=first + len(written) - 1, frontier=json.dumps(frontier))
    )
    return int(first)


def notice(connection: Connection, district: str, texts: Sequence[bytes]) -> None:
    """Write leaves that are no records (refusals, views of personal data), under the same lock."""
    row = connection.execute(
        select(log.c.size, log.c.frontier).where(log.c.district == district).with_for_update()
    ).one()
    frontier, position = _frontier(row.frontier), int(row.size)
    for position, text in enumerate(texts, row.size + 1):
        frontier = tree.grow(connection, district, frontier, text)
        connection.execute(insert(notice_table).values(district=district, position=position, text=text))
    connection.execute(
        update(log).where(log.c.district == district).values(size=position, frontier=json.dumps(frontier))
    )


def durable_through(connection: Connection, district: str) -> int:
    """Records up to this position lie in a verified backup."""
    query = select(log.c.durable_through).where(log.c.district == district)
    return int(connection.execute(query).scalar_one())


def backed_up(connection: Connection, district: str, of_epoch: str, through: int) -> None:
    """Note that a verified backup holds an epoch's log up to a position; never goes back."""
    connection.execute(
        update(log)
        .where(log.c.district == district, log.c.epoch == of_epoch, log.c.durable_through < through)
        .values(durable_through=through)
    )


def has_standby(connection: Connection) -> bool:
    """Whether a commit here has reached the disk of a second PostgreSQL before it is seen by anyone."""
    if connection.dialect.name != "postgresql":
        return False
    waits = connection.execute(sql("SHOW synchronous_commit")).scalar() in {"on", "remote_apply"}
    query = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')"
    return waits and bool(connection.execute(sql(query)).scalar())


def _frontier(text: str) -> merkle.Frontier:
    return tuple((height, top) for height, top in json.loads(text))


def _disclose(connection: Connection, district: str, written: Sequence[WrittenRecord]) -> None:
    """Keep values and salts that are not kept yet."""
    cases = sorted({new.record.case for new in written})
    query = select(disclosure.c.case, disclosure.c.commitment)
    query = query.where(disclosure.c.district == district, disclosure.c.case.in_(cases))
    known = {(row.case, row.commitment) for row in connection.execute(query)}
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for new in written:
        for commitment, (value, salt) in new.encoded.disclosures.items():
            key = (new.record.case, commitment)
            if key not in known:
                values = {"commitment": commitment, "value": value, "salt": salt}
                rows.setdefault(key, {"district": district, "case": new.record.case, **values})
    if rows:
        connection.execute(insert(disclosure), list(rows.values()))


def records(connection: Connection, district: str, of: str, after: int = 0) -> list[StoredRecord]:
    """The records of a case after a position, in order."""
    rows = connection.execute(
        select(record)
        .where(record.c.district == district, record.c.case == of, record.c.position > after)
        .order_by(record.c.n)
    )
    return [stored(row) for row in rows]


def stored(row: Any) -> StoredRecord:
    """The value of a row of ``record``."""
    return StoredRecord(position=row.position, case=CaseId(row.case), n=row.n, hash=row.hash, text=row.text)


def records_of(connection: Connection, district: str, cases: Iterable[str], until: int) -> Iterator[StoredRecord]:
    """The records of cases up to a position, in no order."""
    query = select(record).where(record.c.district == district, record.c.position <= until)
    for some in _chunks(cases):
        yield from map(stored, connection.execute(query.where(record.c.case.in_(some))))


def disclosures(connection: Connection, district: str, of: str) -> codec.Disclosures:
    """Values and salts of a case."""
    return disclosures_of(connection, district, [of])[of]


def disclosures_of(connection: Connection, district: str, cases: Iterable[str]) -> dict[str, codec.Disclosures]:
    """Values and salts of cases, by case."""
    query = select(disclosure).where(disclosure.c.district == district)
    found: dict[str, codec.Disclosures] = {}
    for some in _chunks(cases):
        found |= {of: {} for of in some}
        for row in connection.execute(query.where(disclosure.c.case.in_(some))):
            found[row.case][row.commitment] = (row.value, row.salt)
    return found


def _chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Names without doubles, as many at once as a statement may hold."""
    unique = sorted(set(names))
    for start in range(0, len(unique), _MOST_NAMES):
        yield unique[start : start + _MOST_NAMES]


def lock(connection: Connection, district: str, cases: Iterable[str]) -> dict[str, str]:
    """Lock the rows of cases, in the order of their ids, so that two batches never wait for each other.

    Returns the hash of the last record of each case that is known.
    """
    query = (
        select(case_table.c.case, case_table.c.head)
        .where(case_table.c.district == district, case_table.c.case.in_(sorted(set(cases))))
        .order_by(case_table.c.case)
    )
    return {row.case: row.head for row in connection.execute(query.with_for_update())}


def load(connection: Connection, district: str, of: str) -> Case | None:
    """Fold a case from its records; None for an unknown one."""
    return fold(records(connection, district, of), disclosures(connection, district, of))


def load_bare(connection: Connection, district: str, of: str) -> Case | None:
    """Fold a case without the values of persons; None for an unknown one."""
    return fold(records(connection, district, of), {})


def fold(stored: Iterable[StoredRecord], known: codec.Disclosures) -> Case | None:
    """Fold stored records."""
    folded: Case | None = None
    for row in stored:
        folded = apply(folded, codec.decode(Record, row.text, known))
    return folded


_CHANGED = update(case_table).where(
    case_table.c.district == bindparam("of_district"), case_table.c.case == bindparam("of_case")
)


def project(connection: Connection, district: str, folded: Iterable[tuple[Case, str]], known: Container[str]) -> None:
    """Write the rows of cases anew, each with the hash of its last record; ``known`` are those that have a row."""
    new, changed = [], []
    for case, last_hash in folded:
        row = _row(case, last_hash)
        if case.case in known:
            changed.append({"of_district": district, "of_case": case.case, **row})
        else:
            new.append({"district": district, "case": case.case, **row})
    if new:
        connection.execute(insert(case_table), new)
    if changed:
        connection.execute(_CHANGED, changed)


def _row(folded: Case, last_hash: str) -> dict[str, str | int]:
    return {
        "number": folded.number,
        "token_digest": folded.token_digest,
        "item": folded.item,
        "item_version": folded.item_version,
        "state": folded.state.value,
        "place": folded.place,
        "section": folded.section or "",
        "holder": folded.holder or "",
        "epoch": folded.epoch,
        "n": folded.n,
        "head": last_hash,
        "matter": folded.matter.matter if folded.matter else "",
        "matter_number": folded.matter.number if folded.matter else "",
    }


def lying(
    connection: Connection, district: str, states: Iterable[State], holders: Iterable[str]
) -> list[tuple[CaseId, str]]:
    """Cases in one of the states with one of the holders (empty: free), each with the hash of its last record."""
    query = (
        select(case_table.c.case, case_table.c.head)
        .where(case_table.c.district == district, case_table.c.state.in_([state.value for state in states]))
        .where(case_table.c.holder.in_(list(holders)))
        .order_by(case_table.c.case)
    )
    return [(CaseId(row.case), str(row.head)) for row in connection.execute(query)]


def find(connection: Connection, district: str, *, token_digest: str = "", number: str = "") -> tuple[CaseId, ...]:
    """The cases behind a token's digest or a number, all of a matter's behind one of its own; none for neither."""
    query = select(case_table.c.case).where(case_table.c.district == district).order_by(case_table.c.case)
    if token_digest:
        query = query.where(case_table.c.token_digest == token_digest)
    elif number:
        query = query.where(or_(case_table.c.number == number, case_table.c.matter_number == number))
    else:
        return ()
    return tuple(CaseId(found) for found in connection.execute(query).scalars())


def numbered(connection: Connection, district: str, numbers: Iterable[str]) -> dict[str, set[CaseId]]:
    """The cases behind numbers, their own or a matter's, by number."""
    own, matters = case_table.c.number, case_table.c.matter_number
    query = select(case_table.c.case, own, matters).where(case_table.c.district == district)
    found: dict[str, set[CaseId]] = {}
    for some in _chunks(numbers):
        for column in (own, matters):
            for row in connection.execute(query.where(column.in_(some))):
                found.setdefault(row._mapping[column], set()).add(CaseId(row.case))
    return found


def cases_of_matter(connection: Connection, district: str, matter: str) -> tuple[CaseId, ...]:
    """The cases of a matter; none for an unknown one."""
    query = select(case_table.c.case).where(case_table.c.district == district, case_table.c.matter == matter)
    return tuple(CaseId(found) for found in connection.execute(query).scalars())
