"""默克尔树: hashes of the district's log, and how a proof is checked (RFC 6962 section 2.1, RFC 9162 section 2.1).

Rules kept here: pure; SHA-256 with a prefix that tells leaves from nodes; a proof counts with exactly the hashes that
it needs, no more and no fewer; hashes are 64 hex characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").hexdigest()
"""Head of a tree without leaves."""


def leaf_hash(entry: bytes) -> str:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()


def node_hash(left: str, right: str) -> str:
    """Hash of an inner node. Raises ValueError for what is not hex."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def is_included(leaf: str, index: int, size: int, path: Sequence[str], root: str) -> bool:
    """Whether a leaf stands at an index (from 0) of the tree with that size and root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, top = index, size - 1, leaf
    try:
        for step in path:
            if last == 0:
                return False
            if first & 1 or first == last:
                top = node_hash(step, top)
                while not first & 1 and first:
                    first, last = first >> 1, last >> 1
            else:
                top = node_hash(top, step)
            first, last = first >> 1, last >> 1
    except ValueError:
        return False
    return last == 0 and top == root


def is_consistent(old_size: int, old_root: str, size: int, root: str, path: Sequence[str]) -> bool:
    """Whether the tree with ``size`` leaves only appends to the one with ``old_size`` (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old_size <= size:
        return False
    if old_size in (0, size):
        return not path and old_root == (root if old_size else EMPTY)
    steps = list(path)
    if not old_size & (old_size - 1):
        steps.insert(0, old_root)
    if not steps:
        return False
    first, last = old_size - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = steps[0]
    try:
        for step in steps[1:]:
            if last == 0:
                return False
            if first & 1 or first == last:
                old, new = node_hash(step, old), node_hash(step, new)
                while not first & 1 and first:
                    first, last = first >> 1, last >> 1
            else:
                new = node_hash(new, step)
            first, last = first >> 1, last >> 1
    except ValueError:
        return False
    return last == 0 and (old, new) == (old_root, root)
