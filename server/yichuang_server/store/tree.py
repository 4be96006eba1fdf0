"""The log's Merkle tree: what is kept of it beside the frontier, and the proofs that are read from it.

Rules kept here: every eighth level is kept, written with the leaf that completes a subtree; what lies between is
counted anew, so that a proof reads a few hundred short rows whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from yichuang_domain.merkle import EMPTY, leaf_hash, node_hash
from yichuang_server.store import merkle
from yichuang_server.store.tables import notice, record, tree_node

STEP = 8
"""Levels from one that is kept to the next."""


def grow(connection: Connection, district: str, frontier: merkle.Frontier, entry: bytes) -> merkle.Frontier:
    """The frontier with one more leaf; keeps what the leaf completes."""
    grown, done = merkle.grow(frontier, leaf_hash(entry))
    kept = [node for node in done if node.height and node.height % STEP == 0]
    if kept:
        rows = [{"district": district, "height": n.height, "number": n.number, "hash": n.hash} for n in kept]
        connection.execute(insert(tree_node), rows)
    return grown


def root_at(connection: Connection, district: str, size: int) -> str:
    """The head over the first leaves."""
    return _span(connection, district, 0, size) if size else EMPTY


def inclusion(connection: Connection, district: str, position: int, size: int) -> list[str]:
    """The hashes that prove a leaf, by its position from 1, in the tree with ``size`` leaves."""
    return [_span(connection, district, *span) for span in merkle.inclusion(position - 1, size)]


def consistency(connection: Connection, district: str, old: int, size: int) -> list[str]:
    """The hashes that prove that the tree with ``size`` leaves only appends to the one with ``old``."""
    return [_span(connection, district, *span) for span in merkle.consistency(old, size)]


def leaf(connection: Connection, district: str, position: int) -> bytes | None:
    """The text of a leaf, None where there is none."""
    found = _texts(connection, district, position, 1)
    return found[0] if found else None


def _span(connection: Connection, district: str, start: int, end: int) -> str:
    """Hash over the leaves from ``start`` to before ``end``, counted from 0."""
    frontier = tuple((h, _node(connection, district, h, number)) for h, number in merkle.subtrees(start, end))
    return merkle.root(frontier)


def _node(connection: Connection, district: str, height: int, number: int) -> str:
    below = height % STEP
    first, count = number << below, 1 << below
    if height < STEP:
        hashes = [leaf_hash(text) for text in _texts(connection, district, first + 1, count)]
    else:
        query = select(tree_node.c.hash).where(
            tree_node.c.district == district,
            tree_node.c.height == height - below,
            tree_node.c.number >= first,
            tree_node.c.number < first + count,
        )
        hashes = list(connection.execute(query.order_by(tree_node.c.number)).scalars())
    return _top(hashes, count)


def _top(hashes: Sequence[str], count: int) -> str:
    if len(hashes) != count:
        raise LookupError("leaves are missing in the log")
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def _texts(connection: Connection, district: str, first: int, count: int) -> list[bytes]:
    found: dict[int, bytes] = {}
    for table in (record, notice):
        query = select(table.c.position, table.c.text).where(
            table.c.district == district, table.c.position >= first, table.c.position < first + count
        )
        found.update((row.position, bytes(row.text)) for row in connection.execute(query))
    return [found[position] for position in sorted(found)]
