"""见证: whether the district's log has only grown since this desk last saw its head.

Rules kept here (security: audit): a head counts with the district's signature, under the name of the desk's district
and log epoch, and with a proof that it appends to the one seen; who has signed once signs for ever: an answer without
a head is refused then. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yichuang_client.store.exchange_values import Cursor
from yichuang_client.store.log_heads import SeenHead
from yichuang_domain import merkle, tree_head
from yichuang_domain.tree_head import HeadError, TreeHead


class Verdict(Enum):
    """What a head is."""

    GOOD = "GOOD"
    ABSENT = "ABSENT"
    """No head, and none was seen before: a district of an older release."""
    UNPROVED = "UNPROVED"
    """Not signed, or not of this log: a fault, or a stranger."""
    CONTRADICTED = "CONTRADICTED"
    """Signed by the district and not what its log was."""


def judge(
    note: bytes, path: Sequence[str], seen: SeenHead | None, district: str, key: bytes, cursor: Cursor
) -> tuple[Verdict, TreeHead | None]:
    """The verdict on a head that came with an answer whose cursor is given, and the head."""
    if not note:
        return (Verdict.ABSENT if seen is None else Verdict.UNPROVED), None
    try:
        signed = tree_head.read_note(note, key)
        Ed25519PublicKey.from_public_bytes(key).verify(signed.signature, signed.head.text)
    except (HeadError, InvalidSignature, ValueError):
        return Verdict.UNPROVED, None
    head = signed.head
    if head.origin != tree_head.origin(district, cursor.epoch):
        return Verdict.UNPROVED, None
    if head.size < cursor.position:
        return Verdict.CONTRADICTED, head
    if seen is None:
        return Verdict.GOOD, head
    before = seen.head
    if before.origin != head.origin:  # another epoch that no opening led to
        return Verdict.CONTRADICTED, head
    is_good = merkle.is_consistent(before.size, before.root, head.size, head.root, path)
    return (Verdict.GOOD if is_good else Verdict.CONTRADICTED), head
