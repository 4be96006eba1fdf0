"""Pages that are ready together are kept together, and none waits for another."""

from __future__ import annotations

import queue
from concurrent.futures import Future
from typing import Any

from yichuang_client.presenters.scan_coming import Coming, OnItsWay


def page(*, is_ready: bool = True, error: Exception | None = None) -> OnItsWay:
    future: Future[Any] = Future()
    if error is not None:
        future.set_exception(error)
    elif is_ready:
        future.set_result(None)
    return OnItsWay(future=future, waited=0.0, view_size=(0, 0))


def coming(*rows: OnItsWay | Exception | None) -> Coming:
    taken: queue.Queue[OnItsWay | Exception | None] = queue.Queue()
    for row in rows:
        taken.put(row)
    return Coming(taken)


def test_what_is_ready_comes_together_in_order() -> None:
    pages = [page(), page(), page()]
    rows = coming(*pages, None)
    assert rows.next_group() == pages
    assert (rows.next_group(), rows.end) == ([], None)


def test_a_page_waits_for_none_that_is_not_ready() -> None:
    late, last, end = page(is_ready=False), page(), OSError("jam")
    first = page()
    rows = coming(first, late, last, end)
    assert rows.next_group() == [first]
    late.future.set_result(None)  # type: ignore[arg-type]
    assert rows.next_group() == [late, last]
    assert (rows.next_group(), rows.end) == ([], end)


def test_a_single_page_comes_while_nothing_else_is_there() -> None:
    only = page()
    assert coming(only).next_group() == [only]


def test_a_page_that_failed_does_not_take_good_ones_with_it() -> None:
    good, bad, after = page(), page(error=ValueError("no page")), page()
    rows = coming(good, bad, after, None)
    assert rows.next_group() == [good]
    assert rows.next_group()[0] is bad
