"""树头: the head of the log, signed, and the proofs that hang on it.

Rules kept here (security: audit): a head is signed over what one snapshot of the database holds; every answer to a desk
carries it with the proof that the log has only grown since the head that the desk saw last.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy import Connection

from yichuang_domain import tree_head
from yichuang_domain.tree_head import TreeHead
from yichuang_server.services.authority import Authority
from yichuang_server.store import log, tree


@dataclass(frozen=True, kw_only=True)
class Witnessed:
    """What makes a desk a witness of the log."""

    note: bytes
    """The signed head."""
    path: tuple[str, ...]
    """Hex: that it only appends to the head that the desk saw; empty where nothing is to be proved."""


NONE = Witnessed(note=b"", path=())
"""No head."""


def head(connection: Connection, district: str) -> TreeHead:
    """The head as it stands."""
    epoch, size, root = log.head_of(connection, district)
    return TreeHead(origin=tree_head.origin(district, epoch), size=size, root=root)


def signed(connection: Connection, district: str, authority: Authority) -> bytes:
    """The head as it stands, a signed note."""
    found = head(connection, district)
    return found.note(authority.public_key, authority.sign(found.text))


def witnessed(connection: Connection, district: str, authority: Authority, seen: int) -> Witnessed:
    """The signed head, and the proof for a desk that saw ``seen`` leaves."""
    found = head(connection, district)
    path = tree.consistency(connection, district, seen, found.size)
    return Witnessed(note=found.note(authority.public_key, authority.sign(found.text)), path=tuple(path))


def proof(connection: Connection, district: str, authority: Authority, position: int) -> bytes:
    """That the leaf at a position (from 1) stands in the log: C2SP tlog-proof. Raises LookupError for none there."""
    found = head(connection, district)
    if not 1 <= position <= found.size:
        raise LookupError(position)
    path = tree.inclusion(connection, district, position, found.size)
    lines = [base64.b64encode(bytes.fromhex(one)).decode() for one in path]
    start = "\n".join(["c2sp.org/tlog-proof@v1", f"index {position - 1}", *lines])
    return f"{start}\n\n".encode() + found.note(authority.public_key, authority.sign(found.text))
