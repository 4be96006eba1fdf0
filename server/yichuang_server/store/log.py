"""The district's one log: records under one growing position, the frontier of its Merkle tree, the case projection.

Rules kept here: positions are given under the lock of the one ``log`` row, taken last in the batch's transaction, so
that position order is commit order and no reader skips a row whose transaction was still open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from yichuang import codec
from yichuang_domain.case import Case
from yichuang_domain.deed import Record
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId
from yichuang_server.store import merkle
from yichuang_server.store.tables import case as case_table
from yichuang_server.store.tables import disclosure, log, record


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
    connection.execute(insert(log).values(district=district, epoch=secrets.token_hex(8), size=0, frontier="[]"))


def epoch(connection: Connection, district: str) -> str:
    """The log's epoch."""
    return str(connection.execute(select(log.c.epoch).where(log.c.district == district)).scalar_one())


def size(connection: Connection, district: str) -> int:
    """The newest position."""
    return int(connection.execute(select(log.c.size).where(log.c.district == district)).scalar_one())


def root(connection: Connection, district: str) -> str:
    """The tree head over all records."""
    text = connection.execute(select(log.c.frontier).where(log.c.district == district)).scalar_one()
    return merkle.root(_frontier(text))


def append(connection: Connection, district: str, written: Sequence[WrittenRecord]) -> int:
    """Give positions to records, in their order, and write them. Returns the first position.

    Must be the last lock of the transaction.
    """
    row = connection.execute(
        select(log.c.size, log.c.frontier).where(log.c.district == district).with_for_update()
    ).one()
    first, frontier = row.size + 1, _frontier(row.frontier)
    for position, new in enumerate(written, first):
        frontier = merkle.append(frontier, new.encoded.text)
        connection.execute(
            insert(record).values(
                district=district,
                position=position,
                case=new.record.case,
                n=new.record.n,
                hash=new.hash,
                text=new.encoded.text,
            )
        )
        _disclose(connection, district, new.record.case, new.encoded.disclosures)
    connection.execute(
        update(log)
        .where(log.c.district == district)
        .values(size=first + len(written) - 1, frontier=json.dumps(frontier))
    )
    return int(first)


def _frontier(text: str) -> merkle.Frontier:
    return tuple((height, top) for height, top in json.loads(text))


def _disclose(connection: Connection, district: str, of: str, values: codec.Disclosures) -> None:
    key = (disclosure.c.district == district) & (disclosure.c.case == of)
    for commitment, (value, salt) in values.items():
        known = connection.execute(select(disclosure.c.salt).where(key, disclosure.c.commitment == commitment)).first()
        if known is None:
            row = {"district": district, "case": of, "commitment": commitment, "value": value, "salt": salt}
            connection.execute(insert(disclosure).values(**row))


def records(connection: Connection, district: str, of: str, after: int = 0) -> list[StoredRecord]:
    """The records of a case after a position, in order."""
    rows = connection.execute(
        select(record)
        .where(record.c.district == district, record.c.case == of, record.c.position > after)
        .order_by(record.c.n)
    )
    return [StoredRecord(position=r.position, case=CaseId(r.case), n=r.n, hash=r.hash, text=r.text) for r in rows]


def disclosures(connection: Connection, district: str, of: str) -> codec.Disclosures:
    """Values and salts of a case."""
    rows = connection.execute(select(disclosure).where(disclosure.c.district == district, disclosure.c.case == of))
    return {row.commitment: (row.value, row.salt) for row in rows}


def load(connection: Connection, district: str, of: str) -> Case | None:
    """Fold a case from its records, locking its row; None for an unknown one."""
    key = (case_table.c.district == district) & (case_table.c.case == of)
    connection.execute(select(case_table.c.n).where(key).with_for_update())
    return fold(records(connection, district, of), disclosures(connection, district, of))


def fold(stored: Iterable[StoredRecord], known: codec.Disclosures) -> Case | None:
    """Fold stored records."""
    folded: Case | None = None
    for row in stored:
        folded = apply(folded, codec.decode(Record, row.text, known))
    return folded


def head(connection: Connection, district: str, of: str) -> str:
    """Hash of the case's last record; empty for an unknown case."""
    found = connection.execute(
        select(case_table.c.head).where(case_table.c.district == district, case_table.c.case == of)
    ).scalar()
    return str(found or "")


def project(connection: Connection, district: str, folded: Case, last_hash: str) -> None:
    """Write the case's row anew."""
    connection.execute(delete(case_table).where(case_table.c.district == district, case_table.c.case == folded.case))
    connection.execute(
        insert(case_table).values(
            district=district,
            case=folded.case,
            number=folded.number,
            token_digest=folded.token_digest,
            item=folded.item,
            item_version=folded.item_version,
            state=folded.state.value,
            place=folded.place,
            section=folded.section or "",
            holder=folded.holder or "",
            epoch=folded.epoch,
            n=folded.n,
            head=last_hash,
        )
    )


def find(connection: Connection, district: str, *, token_digest: str = "", number: str = "") -> CaseId | None:
    """The case behind a token's digest or a number; None for neither or unknown."""
    query = select(case_table.c.case).where(case_table.c.district == district)
    if token_digest:
        query = query.where(case_table.c.token_digest == token_digest)
    elif number:
        query = query.where(case_table.c.number == number)
    else:
        return None
    found = connection.execute(query).scalar()
    return CaseId(found) if found else None
