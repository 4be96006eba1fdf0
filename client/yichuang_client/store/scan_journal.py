"""Scan journal (扫描流水): in which order pages came, so that a crash costs none of them and no order.

Rules kept here: a row is written in the transaction that names the page's file, so that it names whole pages only; a
page is known by its hash and by its place in its batch: the same picture twice is two pages, the same place twice is
one; rows are appended; they go with their page, or when the district has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
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


class ScanJournal:
    """The journal of this desk. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pages(self, owner: CaseId) -> tuple[Page, ...]:
        """The journal's pages of a case whose bytes are here, in the order in which they came; of no material."""
        rows = self._database.rows(
            "SELECT hash, scan_journal.size, width, height, is_blank FROM scan_journal "
            "JOIN page USING (owner, hash) WHERE owner = ? ORDER BY seq",
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
        """Somebody threw this page away: its newest row goes."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM scan_journal WHERE seq = (SELECT max(seq) FROM scan_journal WHERE owner = ? AND hash = ?)",
                (owner, page),
            )


def append(connection: Any, owner: PageOwner, page: BlobHash, size: int, entry: Journalled) -> None:
    """Add a row inside the caller's transaction; the same place again changes nothing."""
    place = entry.place
    connection.execute(
        "INSERT OR IGNORE INTO scan_journal (owner, batch, number, hash, size, width, height, is_blank) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (owner, place.batch, place.number, page, size, entry.width, entry.height, entry.is_blank),
    )
