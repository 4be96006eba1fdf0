"""The confirmed log of each case on this desk, and its fold.

Rules kept here: a record is taken in only as the next one of its case's hash chain, over the bytes that came; the
same record again changes nothing; a record of a type that this release does not know is kept and ends the fold: the
case is read only until the program is updated. The fold is cached, never stored.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yichuang import codec
from yichuang_client.store.database import Database
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import SentRecord
from yichuang_client.store.outbox import read_disclosures, write_disclosures
from yichuang_domain.case import Case
from yichuang_domain.deed import Record
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId, DeedId, ReplicaId

_CACHED = 400


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A case as the district has recorded it, as far as this desk has it."""

    case: Case | None = None
    n: int = 0
    """Number of the last record here."""
    head: str = ""
    """Hash of the last record here."""
    is_read_only: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordHead:
    """What the chain needs of a record, whatever its event is."""

    case: CaseId
    n: int
    previous: str
    deed: DeedId
    replica: ReplicaId


class Cases:
    """Records of the slice. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._folded: OrderedDict[CaseId, Confirmed] = OrderedDict()

    def take_in(self, sent: SentRecord) -> RecordHead:
        """Append a record; inside the caller's transaction. Raises StoreError (DAMAGED for a broken chain)."""
        head = _head(sent)
        known = self._database.row("SELECT hash FROM record WHERE case_id = ? AND n = ?", head.case, head.n)
        if known is not None:
            if known[0] != sent.envelope.hash:
                raise StoreError(StoreReason.DAMAGED, detail="record")
            return head
        last = self._last(head.case)
        if (head.n, head.previous) != (last[0] + 1, last[1]):
            raise StoreError(StoreReason.DAMAGED, detail="chain")
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    head.case,
                    head.n,
                    sent.index,
                    head.deed,
                    sent.envelope.hash,
                    sent.envelope.text,
                    write_disclosures(sent.envelope.disclosures),
                ),
            )
        return head

    def heard(self, cases: Iterable[CaseId]) -> None:
        """Records of these cases came: a restore has not taken them from here."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM unheard_case WHERE case_id = ?", [(case,) for case in cases])

    def unheard(self) -> frozenset[CaseId]:
        """Cases that were here before a restore and of which nothing came again; none are left after it."""
        rows = self._database.rows("SELECT case_id FROM unheard_case")
        if rows:
            with self._database.write() as connection:
                connection.execute("DELETE FROM unheard_case")
        return frozenset(CaseId(row[0]) for row in rows)

    def confirmed(self, case: CaseId) -> Confirmed:
        """The fold of what is here."""
        last = self._last(case)
        with self._guard:
            known = self._folded.get(case, Confirmed())
        if (known.n, known.head) == last:
            return known
        if known.n and (known.n >= last[0] or not self._continues(case, known)):
            # Another thread folded what this one does not see yet, or the case left and came back.
            known = Confirmed()
        rows = self._database.rows(
            "SELECT text, disclosures FROM record WHERE case_id = ? AND n > ? AND n <= ? ORDER BY n",
            case,
            known.n,
            last[0],
        )
        found = _fold(known, rows, last)
        with self._guard:
            self._folded[case] = found
            self._folded.move_to_end(case)
            while len(self._folded) > _CACHED:
                self._folded.popitem(last=False)
        return found

    def forget(self, case: CaseId) -> None:
        """The case left the slice; inside the caller's transaction."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM record WHERE case_id = ?", (case,))

    def rewind(self, epoch: str, size: int) -> frozenset[CaseId]:
        """Move what lies above the head of a restored log to the evidence; inside the caller's transaction.

        Returns the cases that have lost records.
        """
        rows = self._database.rows("SELECT DISTINCT case_id FROM record WHERE log_index > ?", size)
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO evidence SELECT ?, log_index, case_id, n, hash, text FROM record "
                "WHERE log_index > ?",
                (epoch, size),
            )
            connection.execute("DELETE FROM record WHERE log_index > ?", (size,))
            connection.execute("INSERT OR IGNORE INTO unheard_case SELECT DISTINCT case_id FROM record")
        return frozenset(CaseId(row[0]) for row in rows)

    def _last(self, case: CaseId) -> tuple[int, str]:
        row = self._database.row("SELECT n, hash FROM record WHERE case_id = ? ORDER BY n DESC LIMIT 1", case)
        return (0, "") if row is None else (row[0], row[1])

    def _continues(self, case: CaseId, known: Confirmed) -> bool:
        row = self._database.row("SELECT hash FROM record WHERE case_id = ? AND n = ?", case, known.n)
        return not known.is_read_only and row is not None and row[0] == known.head


def _fold(known: Confirmed, rows: list[tuple[Any, ...]], last: tuple[int, str]) -> Confirmed:
    case, is_read_only = known.case, known.is_read_only
    try:
        for text, disclosures in rows:
            if is_read_only:
                break
            try:
                case = apply(case, codec.decode(Record, text, read_disclosures(disclosures)))
            except codec.UnknownTypeError:
                is_read_only = True
    except (codec.CodecError, ValueError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="record") from error
    return Confirmed(case=case, n=last[0], head=last[1], is_read_only=is_read_only)


def _head(sent: SentRecord) -> RecordHead:
    if codec.digest(sent.envelope.text) != sent.envelope.hash:
        raise StoreError(StoreReason.DAMAGED, detail="record")
    try:
        plain = json.loads(sent.envelope.text)
        head = RecordHead(
            case=CaseId(plain["case"]),
            n=int(plain["n"]),
            previous=str(plain["previous"]),
            deed=DeedId(plain["deed"]),
            replica=ReplicaId(plain["replica"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(StoreReason.DAMAGED, detail="record") from error
    if head.case != sent.case:
        raise StoreError(StoreReason.DAMAGED, detail="record")
    return head
