"""Pages (扫描页) on this desk: which there are, which must go up, which must come down.

Rules kept here: a row appears only after its file is durable, so that no row names a missing file; a page is named by
owner and hash, never shared between owners; a page made here stays until its case, or every case of its matter, has
left and a backup of the district holds it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yichuang_client.store.database import Database
from yichuang_client.store.encrypted_files import PageFiles, PageVault
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.files import disk_errors
from yichuang_client.store.scan_journal import EndReason, Journalled, append, end_all, leave, leave_all
from yichuang_domain.ids import BlobHash, PageOwner


@dataclass(frozen=True, kw_only=True)
class StoredPage:
    """One page of which the bytes are here."""

    name: BlobName
    size: int
    """Plain bytes."""
    is_own: bool
    """Made at this desk."""
    is_sent: bool
    """The district has said that it has it."""


@dataclass(frozen=True, kw_only=True)
class WrittenPage:
    """A page whose file a page process has made durable."""

    page: BlobHash
    size: int
    """Plain bytes."""
    file: str
    """Its name."""


class Pages:
    """Rows and files of pages. Every method raises StoreError."""

    def __init__(self, database: Database, files: PageFiles) -> None:
        self._database = database
        self._files = files
        self._forgotten: list[str] = []

    def sweep(self) -> int:
        """At start-up: remove the files that no row names, and the journal of cases without pages."""
        with self._database.write() as connection:
            leave_all(connection)
        return self._files.sweep({row[0] for row in self._database.rows("SELECT file FROM page")})

    def keep(self, owner: PageOwner, data: bytes, *, is_own: bool = True) -> BlobHash:
        """Keep a page's bytes, durable when this returns; the same page twice is kept once."""
        page = BlobHash(hashlib.sha256(data).hexdigest())
        if not self.has(owner, page):
            file = self._files.write(owner, page, data)
            with self._database.write() as connection:
                _note(connection, owner, WrittenPage(page=page, size=len(data), file=file), is_own=is_own)
        return page

    def vault(self, owner: PageOwner) -> PageVault:
        """Writes files of pages of this owner, in any process; ``keep_written`` makes them pages."""
        return PageVault(self._files, owner)

    def keep_written(self, owner: PageOwner, pages: Sequence[tuple[WrittenPage, Journalled]]) -> None:
        """Keep pages made here whose files are durable, in their order: one transaction, synced once.

        All of them are durable when this returns, none when it raises; the same page twice is kept once, and journalled
        twice.
        """
        doubles = []
        with self._database.write() as connection:
            for written, journalled in pages:
                if not _note(connection, owner, written, is_own=True):
                    doubles.append(written)
                append(connection, owner, written.page, written.size, journalled)
        for written in doubles:
            self.drop_written(written)

    def drop_written(self, written: WrittenPage) -> None:
        """Remove the file of a page that shall not be kept."""
        self._files.remove(written.file)

    def has(self, owner: PageOwner, page: BlobHash) -> bool:
        """Whether the bytes are here."""
        return self._database.row("SELECT 1 FROM page WHERE owner = ? AND hash = ?", owner, page) is not None

    def read(self, owner: PageOwner, page: BlobHash) -> bytes:
        """A page's bytes. Raises StoreError (PAGE_MISSING while it is on its way, DAMAGED)."""
        row = self._database.row("SELECT file FROM page WHERE owner = ? AND hash = ?", owner, page)
        if row is None:
            raise StoreError(StoreReason.PAGE_MISSING)
        return self._files.read(row[0], owner, page)

    def of(self, owner: PageOwner) -> tuple[StoredPage, ...]:
        """The pages of an owner that are here."""
        rows = self._database.rows("SELECT hash, size, is_own, is_sent FROM page WHERE owner = ?", owner)
        return tuple(
            StoredPage(name=BlobName(owner=owner, hash=page), size=size, is_own=bool(own), is_sent=bool(sent))
            for page, size, own, sent in rows
        )

    def drop(self, owner: PageOwner, page: BlobHash) -> None:
        """Remove a page that no deed names (a draft's page that the clerk dropped)."""
        row = self._database.row("SELECT file FROM page WHERE owner = ? AND hash = ?", owner, page)
        with self._database.write() as connection:
            end_all(connection, owner, page, EndReason.THROWN)
            connection.execute("DELETE FROM page WHERE owner = ? AND hash = ?", (owner, page))
        if row is not None:
            self._files.remove(row[0])

    def want(self, names: tuple[BlobName, ...]) -> None:
        """The district lacks these; those made here go up."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE page SET is_wanted = 1, is_sent = 0, sent_index = NULL WHERE owner = ? AND hash = ? AND is_own",
                [(name.owner, name.hash) for name in names],
            )

    def to_send(self) -> tuple[StoredPage, ...]:
        """Pages that the district asked for."""
        rows = self._database.rows("SELECT owner, hash, size FROM page WHERE is_wanted LIMIT 500")
        return tuple(
            StoredPage(name=BlobName(owner=owner, hash=page), size=size, is_own=True, is_sent=False)
            for owner, page, size in rows
        )

    def came_otherwise(self) -> None:
        """The district has told all pages that it lacks: it has those of recorded acts that it did not name.

        They came on a medium, or from another server; inside the transaction that has taken the names in.
        """
        with self._database.write() as connection:
            connection.execute(
                "UPDATE page SET is_sent = 1, sent_index = NULL WHERE is_own AND NOT is_sent AND NOT is_wanted "
                "AND owner NOT IN (SELECT a.case_id FROM outbox_act a JOIN outbox o USING (seq) "
                "WHERE o.state = 'PENDING') AND EXISTS (SELECT 1 FROM record "
                "WHERE case_id = page.owner AND instr(record.text, CAST(page.hash AS BLOB)) > 0)"
            )

    def to_carry(self) -> tuple[StoredPage, ...]:
        """Pages made here that the district does not have, of cases of which something was done."""
        rows = self._database.rows(
            "SELECT owner, hash, size FROM page WHERE is_own AND NOT is_sent "
            "AND owner IN (SELECT case_id FROM outbox_act) ORDER BY owner, hash"
        )
        return tuple(
            StoredPage(name=BlobName(owner=owner, hash=page), size=size, is_own=True, is_sent=False)
            for owner, page, size in rows
        )

    def sent(self, name: BlobName) -> None:
        """The district has the whole page."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE page SET is_wanted = 0, is_sent = 1, sent_index = NULL WHERE owner = ? AND hash = ?",
                (name.owner, name.hash),
            )
            end_all(connection, name.owner, name.hash, EndReason.SENT)

    def head_seen(self, position: int) -> None:
        """An exchange has told the log's head: pages sent before it was asked are in what comes after that position.

        An answer on its way may be older than a page that was sent meanwhile: the second one counts.
        """
        with self._database.write() as connection:
            connection.execute(
                "UPDATE page SET sent_index = CASE WHEN sent_index IS NULL THEN -1 ELSE ? END "
                "WHERE is_own AND is_sent AND (sent_index IS NULL OR sent_index < 0)",
                (position,),
            )

    def unplace(self, size: int) -> None:
        """The district was restored: what was sent above that position waits for another backup."""
        with self._database.write() as connection:
            connection.execute("UPDATE page SET sent_index = NULL WHERE is_own AND sent_index >= ?", (size,))

    def prune(self, durable_through: int) -> int:
        """Drop pages made here that a backup of the district holds and whose cases have left; inside a transaction."""
        rows = self._database.rows(
            "SELECT owner, hash, file FROM page WHERE is_own AND is_sent AND sent_index >= 0 AND sent_index < ? "
            "AND owner NOT IN (SELECT case_id FROM case_row) AND owner NOT IN (SELECT case_id FROM draft) "
            "AND owner NOT IN (SELECT matter FROM case_row WHERE matter IS NOT NULL)",
            durable_through,
        )
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM page WHERE owner = ? AND hash = ?", [(owner, page) for owner, page, _ in rows]
            )
            leave(connection, {owner for owner, _, _ in rows})
        self._forgotten.extend(file for _, _, file in rows)
        return len(rows)

    def free_bytes(self) -> int:
        """Room that is left on the disk of the desk. Raises StoreError."""
        with disk_errors():
            return shutil.disk_usage(self._database.folder).free

    def unsent(self) -> int:
        """How many pages made here the district has asked for and not got."""
        found = self._database.row("SELECT count(*) FROM page WHERE is_wanted")
        return 0 if found is None else int(found[0])

    def note_lacking(self, owner: PageOwner, pages: tuple[BlobHash, ...]) -> None:
        """The case names these pages; those that are not here come down."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO page_lacking SELECT ?1, ?2 "
                "WHERE NOT EXISTS (SELECT 1 FROM page WHERE owner = ?1 AND hash = ?2)",
                [(owner, page) for page in pages],
            )

    def to_fetch(self) -> tuple[BlobName, ...]:
        """Pages of cases here whose bytes are not."""
        rows = self._database.rows("SELECT owner, hash FROM page_lacking LIMIT 500")
        return tuple(BlobName(owner=owner, hash=page) for owner, page in rows)

    def forget(self, owner: PageOwner) -> None:
        """The case, or the last one of the matter, has left: drop the rows of what came from the district.

        Inside the caller's transaction.
        """
        rows = self._database.rows("SELECT file FROM page WHERE owner = ? AND NOT is_own", owner)
        with self._database.write() as connection:
            connection.execute("DELETE FROM page_lacking WHERE owner = ?", (owner,))
            connection.execute("DELETE FROM page WHERE owner = ? AND NOT is_own", (owner,))
        self._forgotten.extend(row[0] for row in rows)

    def remove_forgotten(self) -> None:
        """After the transaction: remove the files of forgotten rows; what is left goes at the next start."""
        while self._forgotten:
            self._files.remove(self._forgotten.pop())


def _note(connection: Any, owner: PageOwner, written: WrittenPage, *, is_own: bool) -> bool:
    """Write a page's row inside the caller's transaction; whether there was none."""
    noted = connection.execute(
        "INSERT OR IGNORE INTO page (owner, hash, file, size, is_own, is_sent) VALUES (?, ?, ?, ?, ?, ?)",
        (owner, written.page, written.file, written.size, is_own, not is_own),
    )
    connection.execute("DELETE FROM page_lacking WHERE owner = ? AND hash = ?", (owner, written.page))
    return bool(noted.rowcount)
