"""Scan journal (扫描流水): in which order pages came, so that a crash costs none of them and no order.

Rules kept here: a row is written in the transaction that names the page's file, so that it names whole pages only; a
page is known by its hash and by its place in its batch: the same picture twice is two pages, the same place twice is
one; rows are only appended, which the schema sees to: a page that was thrown away, or that the district has, is ended
by a later row; a case's rows go as a whole, once no page of it is on this desk (ADR 13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from yichuang_client.store.database import Database
from yichuang_domain.ids import BlobHash, CaseId, PageOwner
from yichuang_domain.party import Page

UNSORTED = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """位置: where in which batch a page came."""

    batch: str
    """A random name."""
    number: int
    """From 1."""


@dataclass(frozen=True, kw_only=True)
class Journalled:
    """流水的一行: what is noted of a page, besides its name."""

    place: Place
    width: int
    height: int
    is_blank: bool


class EndReason(Enum):
    """流水终了的原因: why a row gives no page back any more."""

    THROWN = "THROWN"
    """Somebody threw the page away."""
    SENT = "SENT"
    """The district has it."""


class ScanJournal:
    """The journal of this desk. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pages(self, owner: CaseId) -> tuple[Page, ...]:
        """The journal's pages of a case whose bytes are here, in the order in which they came; of no material."""
        rows = self._database.rows(
            "SELECT hash, scan_journal.size, width, height, is_blank FROM scan_journal "
            "JOIN page USING (owner, hash) WHERE owner = ? "
            "AND NOT EXISTS (SELECT 1 FROM scan_journal_end WHERE ended = scan_journal.seq) ORDER BY seq",
            owner,
        )
        return tuple(
            Page(
                page=BlobHash(page),
                material=UNSORTED,
                ordinal=0,
                size=size,
                width=width,
                height=height,
                is_blank=bool(is_blank),
            )
            for page, size, width, height, is_blank in rows
        )

    def missing(self, owner: CaseId, known: Iterable[BlobHash]) -> tuple[Page, ...]:
        """The journal's pages that are not among the known ones; each of these stands for one page only."""
        left = Counter(known)
        missing = []
        for page in self.pages(owner):
            if left[page.page]:
                left[page.page] -= 1
            else:
                missing.append(page)
        return tuple(missing)

    def forget(self, owner: CaseId, page: BlobHash) -> None:
        """Somebody threw this page away: the newest of its rows that still stand is ended."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO scan_journal_end (ended, why) SELECT seq, ? FROM scan_journal "
                "WHERE owner = ? AND hash = ? "
                "AND NOT EXISTS (SELECT 1 FROM scan_journal_end WHERE ended = scan_journal.seq) "
                "ORDER BY seq DESC LIMIT 1",
                (EndReason.THROWN.value, owner, page),
            )


def append(connection: Any, owner: PageOwner, page: BlobHash, size: int, entry: Journalled) -> None:
    """Add a row inside the caller's transaction; the same place again changes nothing."""
    place = entry.place
    connection.execute(
        "INSERT OR IGNORE INTO scan_journal (owner, batch, number, hash, size, width, height, is_blank) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (owner, place.batch, place.number, page, size, entry.width, entry.height, entry.is_blank),
    )


def end_all(connection: Any, owner: str, page: str, why: EndReason) -> None:
    """End every row of a page that still stands, inside the caller's transaction."""
    connection.execute(
        "INSERT INTO scan_journal_end (ended, why) SELECT seq, ? FROM scan_journal WHERE owner = ? AND hash = ?",
        (why.value, owner, page),
    )


def leave(connection: Any, owners: Iterable[PageOwner]) -> None:
    """The rows of those of these owners go of whom no page is on this desk, inside the caller's transaction."""
    connection.executemany(
        "DELETE FROM scan_journal WHERE owner = ?1 AND NOT EXISTS (SELECT 1 FROM page WHERE owner = ?1)",
        [(owner,) for owner in owners],
    )


def leave_all(connection: Any) -> None:
    """As ``leave``, of every owner."""
    connection.execute("DELETE FROM scan_journal WHERE owner NOT IN (SELECT owner FROM page)")
