"""审计: the log taken out of the district, and checked without it.

Rules kept here (security: audit): an exported log is checked with the district's public key alone, which the auditor
has from elsewhere; every head that is at hand (of a desk, of a closing sheet, of last year) must be one that the log
had; a leaf holds commitments and no value of a person, so an export may leave the house.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from yichuang_domain import tree_head
from yichuang_domain.merkle import EMPTY, leaf_hash
from yichuang_domain.tree_head import HeadError, TreeHead
from yichuang_server.services import heads
from yichuang_server.services.house import House
from yichuang_server.store import merkle
from yichuang_server.store.tables import notice, record


class AuditError(Exception):
    """The log is not what was signed, or there is nothing to check; the text says which."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """What the log must have been at one size."""

    size: int
    root: str
    """Hex."""


def export(house: House, file: Path) -> int:
    """Write the signed head and every leaf, a line each. Returns how many leaves. Raises OSError."""

    def work(connection: Connection) -> int:
        note = heads.signed(connection, house.district, house.authority)
        with open(file, "x", encoding="utf-8") as out:
            out.write(json.dumps({"head": note.decode()}, ensure_ascii=False) + "\n")
            count = 0
            for position, text in _leaves(connection, house.district):
                out.write(json.dumps({"position": position, "text": text.decode()}, ensure_ascii=False) + "\n")
                count += 1
        return count

    return house.read(work)


def _leaves(connection: Connection, district: str) -> Iterator[tuple[int, bytes]]:
    found = []
    for table in (record, notice):
        query = select(table.c.position, table.c.text).where(table.c.district == district).order_by(table.c.position)
        found.append(connection.execute(query, execution_options={"yield_per": 2000}))
    for position, text in heapq.merge(*found, key=lambda row: row[0]):
        yield position, bytes(text)


def check(file: Path, key: bytes, notes: Sequence[bytes], points: Sequence[Point]) -> TreeHead:
    """The head of an exported log, found true with every other head given. Raises AuditError."""
    try:
        with open(file, encoding="utf-8") as lines:
            head = read_head(json.loads(next(lines))["head"].encode(), key)
            others = [read_head(note, key) for note in notes]
            wanted = [Point(size=one.size, root=one.root) for one in (head, *others)]
            _follow((json.loads(line) for line in lines), head.size, [*wanted, *points])
    except (OSError, StopIteration, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuditError(f"{file} is no exported log: {type(error).__name__}") from error
    return head


def read_head(note: bytes, key: bytes) -> TreeHead:
    """A head, if the key signed it. Raises AuditError."""
    try:
        signed = tree_head.read_note(note, key)
        Ed25519PublicKey.from_public_bytes(key).verify(signed.signature, signed.head.text)
    except (HeadError, InvalidSignature) as error:
        raise AuditError("a head is not signed by the district") from error
    return signed.head


def _follow(leaves: Iterable[Mapping[str, Any]], size: int, points: Sequence[Point]) -> None:
    by_size: dict[int, list[str]] = {}
    for point in points:
        by_size.setdefault(point.size, []).append(point.root)
    frontier: merkle.Frontier = ()
    count = 0
    _meet(by_size, 0, EMPTY)
    for leaf in leaves:
        count += 1
        if leaf["position"] != count:
            raise AuditError(f"leaf {count} is missing or stands elsewhere")
        frontier = merkle.append_hash(frontier, leaf_hash(leaf["text"].encode()))
        if count in by_size:
            _meet(by_size, count, merkle.root(frontier))
    if count != size:
        raise AuditError(f"the head was signed over {size} leaves, {count} are there")
    if by_size:
        raise AuditError(f"a head of {min(by_size)} leaves lies beyond the log")


def _meet(by_size: dict[int, list[str]], size: int, root: str) -> None:
    if any(wanted != root for wanted in by_size.pop(size, ())):
        raise AuditError(f"a leaf up to {size} was changed, removed, added or moved: the signed head is another")
