"""The page processes: what one's death, silence or bad page costs."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy
import pytest

from yichuang_client.devices.page_slots import PageSlots
from yichuang_client.documents.page_pipeline import prepare_page
from yichuang_client.documents.page_pool import PagePipeline
from yichuang_client.documents.page_process import PageProcess, PageWorkError
from yichuang_client.documents.pages import LentPixels, RawPage
from yichuang_client.store.encrypted_files import EncryptedFiles, PageVault
from yichuang_client.store.errors import StoreError, StoreReason

PAGE = RawPage(
    pixels=(numpy.arange(300 * 200, dtype=numpy.uint32) * 7 % 251).astype(numpy.uint8).reshape(300, 200), dpi=75
)
BOX = (100, 0)
KEY = bytes(range(32))


@pytest.fixture
def pipeline() -> Iterator[PagePipeline]:
    made = PagePipeline(processes=1)
    yield made
    made.close()


def test_a_process_makes_the_page_that_is_made_here(pipeline: PagePipeline) -> None:
    assert pipeline.submit(PAGE, BOX).result() == prepare_page(PAGE, BOX)


def test_a_page_comes_with_a_picture_for_the_view() -> None:
    view = prepare_page(PAGE, BOX).view
    assert view is not None
    assert (view.width, view.height, view.is_gray, len(view.pixels)) == (100, 150, True, 15_000)
    high = prepare_page(PAGE, (100, 90)).view
    assert high is not None and (high.width, high.height) == (60, 90)
    assert prepare_page(PAGE).view is None


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_died_is_replaced_and_the_page_comes(pipeline: PagePipeline, fate: signal.Signals) -> None:
    pipeline.submit(PAGE).result()
    (before,) = pipeline.process_ids
    os.kill(before, fate)
    assert pipeline.submit(PAGE).result() == prepare_page(PAGE)
    assert before not in pipeline.process_ids


def test_a_process_that_falls_silent_is_replaced_and_a_page_that_silences_two_is_told() -> None:
    process = PageProcess(answer_seconds=0.0)
    with pytest.raises(PageWorkError):
        process.prepare(process.load(PAGE, BOX))
    assert process.process_id is None
    process.close()


def test_a_page_is_written_by_its_process_and_the_key_is_not_told(pipeline: PagePipeline, tmp_path: Path) -> None:
    files = EncryptedFiles(tmp_path, KEY)
    page = pipeline.submit(PAGE, vault=PageVault(files, "case")).result()
    assert page.data == b"" and page.size == len(prepare_page(PAGE).data)
    assert files.read(page.file, "case", page.sha256) == prepare_page(PAGE).data
    (worker,) = pipeline.process_ids
    for told in ("cmdline", "environ"):
        assert KEY not in Path(f"/proc/{worker}/{told}").read_bytes()
    task = PageProcess().load(PAGE, BOX, PageVault(files, "case"))
    assert "EncryptedFiles" not in repr(task) and repr(KEY) not in repr(task)


def test_what_the_vault_says_is_heard_and_the_next_page_comes(pipeline: PagePipeline, tmp_path: Path) -> None:
    (tmp_path / "pages").write_bytes(b"no folder")
    with pytest.raises(StoreError) as caught:
        pipeline.submit(PAGE, vault=PageVault(EncryptedFiles(tmp_path / "pages", KEY), "case")).result()
    assert caught.value.reason is StoreReason.DISK_FAILED
    assert pipeline.submit(PAGE).result() == prepare_page(PAGE)


def test_lent_pixels_are_read_where_they_lie_and_given_back(pipeline: PagePipeline) -> None:
    back: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number, shift in enumerate((0, 5)):  # the second one in another file, maybe with the same descriptor
        slots, pixels = PageSlots(1, slot_bytes=1 << 16), numpy.roll(PAGE.pixels, shift, axis=0)
        slots.open(0)[: pixels.nbytes] = pixels.tobytes()
        lent = LentPixels(memory=slots.memory, offset=slots.offset(0), give_back=partial(back.put, number))
        raw = RawPage(pixels=pixels, dpi=PAGE.dpi, lent=lent)
        assert pipeline.submit(raw).result() == prepare_page(RawPage(pixels=pixels, dpi=PAGE.dpi))
        assert back.get(timeout=5) == number
        slots.close()


def test_what_is_no_page_is_told_and_the_next_page_comes(pipeline: PagePipeline) -> None:
    with pytest.raises(ValueError, match="no page"):
        pipeline.submit(RawPage(pixels=numpy.zeros((4, 4, 2), dtype=numpy.uint8), dpi=0)).result()
    with pytest.raises(ValueError, match="no page"):
        pipeline.submit(RawPage(pixels=numpy.zeros((0, 9), dtype=numpy.uint8), dpi=0))
    assert pipeline.submit(PAGE).result() == prepare_page(PAGE)
