"""见证: the newest head of the district's log that this desk has believed, and what contradicts it.

Rules kept here (security: audit): a head is replaced only by one that was found consistent with it; two signed heads
that contradict each other are kept as they came, for ever.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuang_client.store.database import Database
from yichuang_client.store.times import to_text
from yichuang_domain.log_epoch import Opening, Step
from yichuang_domain.tree_head import TreeHead, origin


@dataclass(frozen=True, kw_only=True)
class SeenHead:
    """A head and the note that it stood in."""

    head: TreeHead
    note: bytes
    """Empty for a head that an opening of the log named: administrators have signed that."""


class LogHeads:
    """One head and the evidence. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def seen(self) -> SeenHead | None:
        """The newest head; None before the first."""
        row = self._database.row("SELECT origin, size, root, note FROM log_head")
        if row is None:
            return None
        return SeenHead(head=TreeHead(origin=row[0], size=row[1], root=row[2]), note=row[3])

    def keep(self, seen: SeenHead) -> None:
        """A head was found consistent with the one before."""
        head = seen.head
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO log_head VALUES (1, ?, ?, ?, ?)", (head.origin, head.size, head.root, seen.note)
            )

    def keep_evidence(self, told: bytes, proof: Sequence[str], now: datetime) -> None:
        """The district has signed a head that contradicts the one seen."""
        seen = self.seen
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO head_evidence (seen, told, proof, heard_time) VALUES (?, ?, ?, ?)",
                (b"" if seen is None else seen.note, told, json.dumps(list(proof)), to_text(now)),
            )

    @property
    def evidence(self) -> list[tuple[bytes, bytes, str]]:
        """(head seen, head told, when heard) of every contradiction."""
        rows = self._database.rows("SELECT seen, told, heard_time FROM head_evidence ORDER BY id")
        return [(row[0], row[1], row[2]) for row in rows]

    def rewind(self, step: Step, openings: Sequence[Opening]) -> None:
        """The log goes on in a new epoch: a head above the restored one is replaced by that; inside a transaction."""
        seen = self.seen
        if seen is None:
            return
        name, size, root, note = origin(openings[-1].district, step.epoch), seen.head.size, seen.head.root, b""
        if size > step.size:
            root = next((one.root for one in reversed(openings) if one.size == step.size), "")
            size = step.size
        if not root:
            with self._database.write() as connection:
                connection.execute("DELETE FROM log_head")
            return
        self.keep(SeenHead(head=TreeHead(origin=name, size=size, root=root), note=note))
