"""A batch of ten thousand pages: neither memory nor handles nor the disk grow beyond what the pages are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy
import psutil
import pytest
from PIL import Image

from tests.support.counter import a_desk, page_pipeline
from tests.support.desk import open_store
from yichuang_client.actions import receiving
from yichuang_client.presenters.scan_feed import Feed, Kept

PAGES = int(os.environ.get("YICHUANG_TEST_PAGES", "10000"))
DIFFERENT = 180
"""Pictures; each comes again and again, as a page that is known by its place."""


@dataclass(frozen=True, kw_only=True)
class Used:
    """What the desk and its page processes hold."""

    bytes: int
    handles: int


def used() -> Used:
    me = psutil.Process()
    members = [me, *(psutil.Process(number) for number in page_pipeline().process_ids)]
    return Used(
        bytes=sum(member.memory_info().rss for member in members),
        handles=sum(member.num_fds() for member in members),
    )


def many_pages(folder: Path) -> Path:
    """A file of so many pages, small ones: what is looked for does not depend on their size."""
    file = folder / "pages.tif"
    texture = numpy.random.default_rng(1).integers(0, 2, (40, 60)).astype(bool).repeat(3, 0).repeat(3, 1)
    pictures = []
    for number in range(DIFFERENT):
        page = numpy.ones((300, 220), dtype=bool)
        page[60:180, 20:200] = numpy.roll(texture, number, axis=1)
        pictures.append(Image.fromarray(page))
    more = (pictures[number % DIFFERENT] for number in range(1, PAGES))
    pictures[0].save(file, save_all=True, append_images=more, compression="group4", dpi=(75, 75))
    return file


@pytest.mark.long
def test_ten_thousand_pages_in_one_batch(tmp_path: Path) -> None:
    file, store, seen = many_pages(tmp_path), open_store(tmp_path / "store"), list[Used]()
    told: list[str] = []

    def arrived(kept: Kept) -> None:
        told.append(kept.page.page)
        if len(told) % (PAGES // 10) == 0:
            seen.append(used())

    case = receiving.new_case()
    ended = Feed(a_desk(store), case, arrived).take_file(file)
    assert (ended.error, ended.count, len(set(told))) == (None, PAGES, DIFFERENT)
    assert [page.page for page in store.scan_journal.pages(case)] == told
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size > 0 and path.parent.parent.name == "pages" for path in files) <= DIFFERENT
    assert max(row.handles for row in seen[1:]) <= seen[0].handles + 4
    assert max(row.bytes for row in seen[1:]) <= seen[1].bytes + (40 << 20)
    store.close()
