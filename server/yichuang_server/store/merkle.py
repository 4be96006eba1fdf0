"""The frontier of a Merkle tree (RFC 6962): what must be kept to append a leaf and to know the head; which hashes a
proof is made of.

Rules kept here: pure; the hashes are those of ``yichuang_domain.merkle``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yichuang_domain.merkle import EMPTY, leaf_hash, node_hash

Frontier = tuple[tuple[int, str], ...]
"""(height, hash) of the complete subtrees, highest first."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A complete subtree."""

    height: int
    """0 for a leaf."""
    number: int
    """From the left, 0 the first of its height."""
    hash: str


def append(frontier: Frontier, entry: bytes) -> Frontier:
    """The frontier with one more leaf."""
    return append_hash(frontier, leaf_hash(entry))


def append_hash(frontier: Frontier, leaf: str) -> Frontier:
    """The frontier with one more leaf, of which only the hash is at hand."""
    return grow(frontier, leaf)[0]


def grow(frontier: Frontier, leaf: str) -> tuple[Frontier, list[Node]]:
    """The frontier with one more leaf, and the subtrees that it completes, lowest first, itself among them."""
    number = sum(1 << height for height, _ in frontier)
    rest, done = list(frontier), [Node(height=0, number=number, hash=leaf)]
    while rest and rest[-1][0] == done[-1].height:
        below = done[-1]
        top = node_hash(rest.pop()[1], below.hash)
        done.append(Node(height=below.height + 1, number=below.number >> 1, hash=top))
    return (*rest, (done[-1].height, done[-1].hash)), done


def root(frontier: Frontier) -> str:
    """The tree head; the hash of nothing for an empty tree."""
    if not frontier:
        return EMPTY
    top = frontier[-1][1]
    for _, left in reversed(frontier[:-1]):
        top = node_hash(left, top)
    return top


def subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """(height, number) of the complete subtrees that make up the leaves from ``start`` to before ``end``.

    ``start`` is a multiple of the power of two that the span begins with, as in every proof.
    """
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def inclusion(index: int, size: int) -> list[tuple[int, int]]:
    """Spans of leaves whose hashes prove that the leaf at ``index`` stands in the tree (RFC 6962 section 2.1.1)."""
    return list(_path(index, 0, size))


def _path(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start < 2:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle)
        yield middle, end
    else:
        yield from _path(index, middle, end)
        yield start, middle


def consistency(old: int, size: int) -> list[tuple[int, int]]:
    """Spans of leaves whose hashes prove that a tree only appends to an older one (RFC 6962 section 2.1.2)."""
    return list(_proof(old, 0, size, is_whole=True)) if 0 < old < size else []


def _proof(old: int, start: int, end: int, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    if old == end:
        if not is_whole:
            yield start, end
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _proof(old, start, middle, is_whole=is_whole)
        yield middle, end
    else:
        yield from _proof(old, middle, end, is_whole=False)
        yield start, middle


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)
