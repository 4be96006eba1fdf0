"""The page processes: what one's death, silence or bad page costs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import numpy
import pytest

from yichuang_client.documents.page_pipeline import prepare_page
from yichuang_client.documents.page_pool import PagePipeline
from yichuang_client.documents.page_process import PageProcess, PageWorkError
from yichuang_client.documents.page_room import PageRoom
from yichuang_client.documents.pages import RawPage

PAGE = RawPage(
    pixels=(numpy.arange(300 * 200, dtype=numpy.uint32) * 7 % 251).astype(numpy.uint8).reshape(300, 200), dpi=75
)
BOX = (100, 0)


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


def test_what_is_no_page_is_told_and_the_next_page_comes(pipeline: PagePipeline) -> None:
    with pytest.raises(ValueError, match="no page"):
        pipeline.submit(RawPage(pixels=numpy.zeros((4, 4, 2), dtype=numpy.uint8), dpi=0)).result()
    with pytest.raises(ValueError, match="no page"):
        pipeline.submit(RawPage(pixels=numpy.zeros((0, 9), dtype=numpy.uint8), dpi=0))
    assert pipeline.submit(PAGE).result() == prepare_page(PAGE)


def test_a_page_that_was_cleared_is_gone_from_the_shared_memory() -> None:
    room = PageRoom(1 << 16)
    room.map[:6] = b"page-1"
    room.clear()
    assert room.map[:6] == bytes(6)
    room.close()
