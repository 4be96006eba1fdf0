"""What a database holds, as sums that two copies of it must share, and the log's Merkle head counted anew.

Rules kept here: every table is counted, also those of another release; the order of rows does not matter, for a
restored database may sort otherwise; the head is made of the leaves as they lie there, never of the stored frontier.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, select

from yichuang_domain.merkle import leaf_hash
from yichuang_server.store import log, merkle
from yichuang_server.store.tables import notice, record

_MODULUS = 1 << 256


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of the district's log."""

    epoch: str
    size: int
    root: str
    """Hex."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A database's sums."""

    head: Head
    tables: dict[str, tuple[int, str]]
    """Rows and the sum of their hashes, by table."""


class ContentsError(Exception):
    """The log's leaves do not lead to its head."""


def contents(connection: Connection, district: str) -> Contents:
    """Read everything. Raises ContentsError."""
    known = MetaData()
    known.reflect(connection)
    options = {"yield_per": 2000}
    tables: dict[str, tuple[int, str]] = {}
    for table in known.sorted_tables:
        columns = [table.c[name] for name in sorted(table.c.keys())]
        tables[table.name] = _sum(connection.execute(select(*columns), execution_options=options))
    return Contents(head=head(connection, district), tables=tables)


def head(connection: Connection, district: str) -> Head:
    """The head, counted from the leaves. Raises ContentsError where the stored one is another."""
    stored = Head(
        epoch=log.epoch(connection, district),
        size=log.size(connection, district),
        root=log.root(connection, district),
    )
    check(stored, leaves(connection, district))
    return stored


def leaves(connection: Connection, district: str) -> Iterator[tuple[int, str]]:
    """(position, leaf hash) of every leaf, in order."""
    found = []
    for table in (record, notice):
        query = select(table.c.position, table.c.text).where(table.c.district == district).order_by(table.c.position)
        found.append(connection.execute(query, execution_options={"yield_per": 2000}))
    for position, text in heapq.merge(*found, key=lambda row: row[0]):
        yield position, leaf_hash(text)


def check(stored: Head, found: Iterable[tuple[int, str]]) -> None:
    """Raises ContentsError unless the leaves, in order, lead to the head."""
    frontier: merkle.Frontier = ()
    size = 0
    for position, leaf in found:
        size += 1
        if position != size:
            raise ContentsError(f"position {size} is missing in the log")
        frontier = merkle.append_hash(frontier, leaf)
    if size != stored.size or merkle.root(frontier) != stored.root:
        raise ContentsError("the log does not lead to its head")


def _sum(rows: Iterable[Iterable[object]]) -> tuple[int, str]:
    count, total, encode = 0, 0, json.JSONEncoder(default=_plain).encode
    for row in rows:
        text = encode(list(row))
        total = (total + int.from_bytes(hashlib.sha256(text.encode()).digest())) % _MODULUS
        count += 1
    return count, f"{total:064x}"


def _plain(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
