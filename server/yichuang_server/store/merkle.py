"""The frontier of a Merkle tree (RFC 6962): what must be kept to append a leaf and to know the head.

Rules kept here: pure; hashes are SHA-256 with the domain separation of RFC 6962 section 2.1.
"""

from __future__ import annotations

import hashlib

Frontier = tuple[tuple[int, str], ...]
"""(height, hash) of the complete subtrees, highest first."""


def leaf_hash(entry: bytes) -> str:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()


def node_hash(left: str, right: str) -> str:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def append(frontier: Frontier, entry: bytes) -> Frontier:
    """The frontier with one more leaf."""
    return append_hash(frontier, leaf_hash(entry))


def append_hash(frontier: Frontier, leaf: str) -> Frontier:
    """The frontier with one more leaf, of which only the hash is at hand."""
    height, top = 0, leaf
    rest = list(frontier)
    while rest and rest[-1][0] == height:
        top = node_hash(rest.pop()[1], top)
        height += 1
    return (*rest, (height, top))


def root(frontier: Frontier) -> str:
    """The tree head; the hash of nothing for an empty tree."""
    if not frontier:
        return hashlib.sha256(b"").hexdigest()
    top = frontier[-1][1]
    for _, left in reversed(frontier[:-1]):
        top = node_hash(left, top)
    return top
