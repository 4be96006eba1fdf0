"""The scan journal: one sync for pages that came together, and rows that nothing changes or takes away."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from yichuang_client.store.database import Database, encrypted
from yichuang_client.store.encrypted_files import EncryptedFiles
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.pages import Pages, WrittenPage
from yichuang_client.store.scan_journal import Journalled, Place, ScanJournal
from yichuang_domain.ids import BlobHash, CaseId

KEY = bytes(range(32))
CASE = CaseId("11" * 16)
CHANGES = (
    "UPDATE scan_journal SET hash = 'other'",
    "UPDATE scan_journal SET seq = seq + 100",
    "DELETE FROM scan_journal",
    "UPDATE scan_journal_end SET why = 'SENT'",
    "DELETE FROM scan_journal_end",
    "INSERT OR REPLACE INTO scan_journal SELECT seq, owner, batch, number, 'other', 1, 1, 1, 0 FROM scan_journal",
    "INSERT OR REPLACE INTO scan_journal (owner, batch, number, hash, size, width, height, is_blank) "
    "SELECT owner, batch, number, 'other', 1, 1, 1, 0 FROM scan_journal",
    "REPLACE INTO scan_journal_end SELECT seq, ended, 'SENT' FROM scan_journal_end",
    "REPLACE INTO scan_journal_end (ended, why) SELECT ended, 'SENT' FROM scan_journal_end",
)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The part of a store that keeps pages."""

    database: Database
    pages: Pages
    journal: ScanJournal

    def written(self, number: int, data: bytes) -> tuple[WrittenPage, Journalled]:
        """A page whose file is durable."""
        page = BlobHash(hashlib.sha256(data).hexdigest())
        entry = Journalled(place=Place(batch="batch", number=number), width=1, height=1, is_blank=False)
        return WrittenPage(page=page, size=len(data), file=self.pages.vault(CASE).write(page, data)), entry

    def keep(self, *pages: bytes) -> list[BlobHash]:
        """Pages that come together."""
        entries = [self.written(number, data) for number, data in enumerate(pages, 1)]
        self.pages.keep_written(CASE, entries)
        return [written.page for written, _ in entries]

    @property
    def journalled(self) -> list[BlobHash]:
        """What the journal gives back."""
        return [page.page for page in self.journal.pages(CASE)]

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The journal as it lies there."""
        ends = self.database.rows("SELECT ended, why FROM scan_journal_end ORDER BY seq")
        return [*self.database.rows("SELECT seq, hash FROM scan_journal ORDER BY seq"), *ends]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = Database(tmp_path / "desk.db", encrypted(KEY))
    database.prepare()
    pages = Pages(database, EncryptedFiles(tmp_path / "pages", KEY))
    yield Desk(database=database, pages=pages, journal=ScanJournal(database))
    database.close()


def test_pages_that_came_together_are_one_transaction(desk: Desk) -> None:
    said: list[str] = []
    desk.database.connection.set_trace_callback(said.append)
    names = desk.keep(b"one", b"two", b"one", b"three")
    desk.database.connection.set_trace_callback(None)
    assert said.count("COMMIT") == 1
    assert desk.journalled == names and names[0] == names[2]
    assert len(desk.pages.of(CASE)) == 3 and desk.pages.sweep() == 0  # the double's file is gone


def test_a_group_that_does_not_fit_on_the_disk_leaves_nothing_of_it(desk: Desk) -> None:
    before = desk.keep(b"before")
    group = [desk.written(number, b"%d" % number) for number in range(2, 60)]
    room = desk.database.rows("PRAGMA page_count")[0][0]
    desk.database.rows(f"PRAGMA max_page_count = {room}")
    with pytest.raises(StoreError) as caught:
        desk.pages.keep_written(CASE, group)
    assert caught.value.reason is StoreReason.DISK_FULL
    assert desk.journalled == before and len(desk.pages.of(CASE)) == 1
    assert desk.pages.sweep() == len(group)


def test_no_statement_changes_or_takes_a_row(desk: Desk) -> None:
    kept = desk.keep(b"one", b"two")
    desk.journal.forget(CASE, kept[0])
    before = desk.rows
    for statement in CHANGES:
        is_insert = statement.startswith(("INSERT", "REPLACE"))
        with contextlib.nullcontext() if is_insert else pytest.raises(StoreError), desk.database.write() as connection:
            connection.execute(statement)
        assert desk.rows == before, statement
    assert desk.journalled == kept[1:]


def test_what_was_thrown_away_or_sent_is_ended_by_a_later_row(desk: Desk) -> None:
    one, two, same, _ = desk.keep(b"one", b"two", b"one", b"four")
    desk.journal.forget(CASE, same)
    assert [page for page in desk.journalled if page == one] == [one]  # the picture came twice
    desk.pages.sent(BlobName(owner=CASE, hash=two))
    desk.pages.drop(CASE, one)
    assert desk.rows[4:] == [(3, "THROWN"), (2, "SENT"), (1, "THROWN")]
    assert len(desk.journalled) == 1
    desk.pages.keep_written(CASE, [desk.written(5, b"two")])  # sent, and scanned again
    assert desk.journalled[-1] == two


def test_a_case_s_rows_go_with_its_last_page(desk: Desk) -> None:
    for page in desk.keep(b"one", b"two"):
        assert len(desk.database.rows("SELECT 1 FROM scan_journal")) == 2
        desk.pages.drop(CASE, page)
        desk.pages.sweep()
    assert desk.rows == []
