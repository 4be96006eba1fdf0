"""What a crash in the middle of a batch costs: nothing that was whole, and no order."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
from PIL import Image

from tests.support.desk import open_store
from tests.support.sane import FEEDER_SHEETS, SaneFolder
from tests.support.scan_clerk import ScanClerk, say
from tests.support.scanners import FEEDER, FIRST, SECOND, glass, scan_equipment, scan_worker, written_page
from yichuang_client.actions import receiving
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.store.pages import WrittenPage
from yichuang_client.store.scan_journal import Journalled, Place
from yichuang_client.store.store import Store
from yichuang_domain.ids import BlobHash, CaseId

__all__ = ["glass", "scan_worker"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store, scan_worker: ScanWorker, glass: SaneFolder, tmp_path: Path) -> ScanClerk:
    return ScanClerk(store, scan_equipment(scan_worker, glass, tmp_path / "data"))


def again(clerk: ScanClerk, case: CaseId, saved: int) -> ScanClerk:
    """The same desk after a crash; so many pages had been saved with the draft."""
    pages = clerk.told[case][:saved]
    other = ScanClerk(clerk.store, clerk.equipment)
    other.open(case, pages=pages)
    return other


def journalled(store: Store, case: CaseId) -> list[str]:
    return [page.page for page in store.scan_journal.pages(case)]


def test_pages_that_no_draft_names_come_back_in_order(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND, FEEDER)
    before = [page.page for page in clerk.pages]
    assert journalled(clerk.store, clerk.case) == before
    after = again(clerk, clerk.case, 1)
    assert [page.page for page in after.pages] == before
    assert [page.material for page in after.pages] == ["form", *[""] * (FEEDER_SHEETS + 1)]
    assert say(after.model.bar.sentence.lead).startswith(f"上次中断前的 {FEEDER_SHEETS + 1} 页都找回来了")
    assert all(cell.thumbnail is not None for cell in after.model.strip)


def test_what_the_clerk_threw_away_does_not_come_back(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND, FIRST)
    clerk.press(ScanAct.DROP)
    clerk.presenter.rotate(1)
    left = [page.page for page in clerk.pages]
    assert journalled(clerk.store, clerk.case) == left[:1]
    assert [page.page for page in again(clerk, clerk.case, 2).pages] == left


def test_a_whole_sitting_leaves_nothing_to_give_back(clerk: ScanClerk) -> None:
    clerk.scan(FIRST, SECOND)
    clerk.press(ScanAct.FINISH)
    after = again(clerk, clerk.case, 2)
    assert len(after.pages) == 2
    assert not say(after.model.bar.sentence.lead).startswith("上次中断")


def test_a_page_is_known_by_its_hash_and_its_place(store: Store) -> None:
    case, batch = receiving.new_case(), "batch"

    def keep(data: bytes, number: int) -> None:
        place = Place(batch=batch, number=number)
        page = BlobHash(hashlib.sha256(data).hexdigest())
        written = WrittenPage(page=page, size=len(data), file=store.pages.vault(case).write(page, data))
        entry = Journalled(place=place, width=1, height=1, is_blank=False)
        store.pages.keep_written(case, [(written, entry)])

    for data, number in ((b"same", 1), (b"other", 2), (b"same", 3), (b"same", 3), (b"other", 2)):
        keep(data, number)
    hashes = journalled(store, case)
    assert len(hashes) == 3 and hashes[0] == hashes[2] != hashes[1]
    assert [page.page for page in store.scan_journal.missing(case, hashes[:1])] == hashes[1:]
    assert store.pages.read(case, hashes[0]) == b"same"
    assert store.pages.sweep() == 0  # what was written twice lies there once


def test_killed_in_a_batch_every_page_that_was_told_is_there_in_order(tmp_path: Path) -> None:
    pages = [Image.fromarray(numpy.roll(written_page("page"), 13 * n, axis=0)) for n in range(6)]
    file, case = tmp_path / "pages.tif", receiving.new_case()
    pages[0].save(file, save_all=True, append_images=pages[1:], dpi=(75, 75))
    open_store(tmp_path / "store").close()
    command = [sys.executable, "-m", "tests.support.scan_writer", str(tmp_path / "store"), case, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().strip() for _ in range(8)]
        writer.kill()
        told += writer.stdout.read().split()
    store = open_store(tmp_path / "store")
    found = journalled(store, case)
    assert found[: len(told)] == told
    assert len(set(told[:6])) == 6
    assert all(store.pages.read(case, page.page) for page in store.scan_journal.pages(case))
    store.close()
