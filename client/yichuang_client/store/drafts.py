"""Drafts (草稿): what is typed but not handed in; saved at every field's end, so that a crash costs one field.

Rules kept here: a draft is the presenter's own text and never leaves the desk; the deed that uses a draft up deletes
it in its own transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from yichuang_client.store.database import Database
from yichuang_client.store.times import to_moment, to_text
from yichuang_domain.ids import CaseId, PersonId


class DraftKind(Enum):
    """What is being written."""

    INTAKE = "INTAKE"
    """受理登记: a case that was not received yet."""
    OPINION = "OPINION"
    """审核意见."""
    CASE = "CASE"
    """办件: the strips of a case, 补正告知 and 不予受理 among them."""
    BROUGHT = "BROUGHT"
    """补正登记: what was brought and is not taken in yet."""
    ISSUE = "ISSUE"
    """出件: who signs, and how the result goes out."""
    HANDOVER = "HANDOVER"
    """交接: who takes the papers along; of no case."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft."""

    case: CaseId
    kind: DraftKind
    person: PersonId
    """Who writes it."""
    body: Mapping[str, Any] = field(repr=False)
    """Plain JSON data of the presenter."""
    changed_time: datetime


class Drafts:
    """Drafts of this desk. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft) -> None:
        """Write a draft, durable when this returns."""
        text = json.dumps(draft.body).encode()  # escaped: half of a surrogate pair, as pasted, must not stop it
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
                (draft.case, draft.kind.value, draft.person, text, to_text(draft.changed_time)),
            )

    def find(self, case: CaseId, kind: DraftKind) -> Draft | None:
        """One draft, None if there is none."""
        row = self._database.row(
            "SELECT case_id, kind, person, text, changed_time FROM draft WHERE case_id = ? AND kind = ?",
            case,
            kind.value,
        )
        return None if row is None else _read(row)

    def list(self, kind: DraftKind) -> tuple[Draft, ...]:
        """All drafts of a kind, the newest first."""
        rows = self._database.rows(
            "SELECT case_id, kind, person, text, changed_time FROM draft WHERE kind = ? ORDER BY changed_time DESC",
            kind.value,
        )
        return tuple(_read(row) for row in rows)

    def delete(self, case: CaseId, kind: DraftKind) -> None:
        """Remove a draft."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM draft WHERE case_id = ? AND kind = ?", (case, kind.value))


def _read(row: tuple[Any, ...]) -> Draft:
    case, kind, person, text, changed = row
    return Draft(case=case, kind=DraftKind(kind), person=person, body=json.loads(text), changed_time=to_moment(changed))
