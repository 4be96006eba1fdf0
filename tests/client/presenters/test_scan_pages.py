"""The order of pages: what goes where, what is taken back, what the selection does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, strategies as st

from yichuang_client.presenters.scan_pages import UNSORTED, PageStack, Sheet
from yichuang_domain.ids import BlobHash
from yichuang_domain.party import Page


def page(number: int, material: str = UNSORTED) -> Page:
    """A page of its own."""
    return Page(page=BlobHash(f"{number:064x}"), material=material, ordinal=0, size=1, width=1, height=1)


def sheet(number: int) -> Sheet:
    """A sheet as it comes."""
    return Sheet(id=0, page=page(number))


def stack(*materials: str) -> PageStack:
    """One page of each."""
    return PageStack(page(number, material) for number, material in enumerate(materials))


def shape(pages: PageStack) -> list[tuple[str, str]]:
    """Picture and material of each page, in order."""
    return [(str(row.page.page[-2:]), row.page.material) for row in pages.sheets]


def test_a_page_counts_within_its_material() -> None:
    told = stack("a", "b", "a", "", "a").pages()
    assert [(row.material, row.ordinal) for row in told] == [("a", 1), ("b", 1), ("a", 2), ("", 1), ("a", 3)]


def test_equal_pictures_are_pages_of_their_own() -> None:
    pages = PageStack((), "a")
    for _ in range(3):
        pages.add(sheet(7))
    pages.move(-1)
    pages.drop()
    assert [row.ordinal for row in pages.pages()] == [1, 2]
    assert len({row.id for row in pages.sheets}) == 2


def test_assigning_takes_what_belongs_together_and_leaves_the_rest() -> None:
    pages = stack("", "", "a", "a", "")
    pages.move(-5)
    pages.assign("b")
    assert [material for _, material in shape(pages)] == ["b", "b", "a", "a", ""]
    assert pages.target == UNSORTED
    pages.move(3)
    pages.assign("c")
    assert [material for _, material in shape(pages)] == ["b", "b", "a", "c", ""]


def test_assigning_the_last_pages_sends_the_next_ones_there_too() -> None:
    pages = stack("a", "", "")
    pages.move(-1)
    pages.assign("b")
    assert pages.add(sheet(9)).page.material == "b"


def test_a_page_put_before_another_belongs_to_its_material() -> None:
    pages = stack("a", "b", "b")
    pages.target = "c"
    made = pages.add(sheet(9), before=pages.sheets[1].id)
    assert pages.index(made.id) == 1
    assert made.page.material == "b"


def test_the_selection_follows_until_the_clerk_moves() -> None:
    pages = PageStack()
    for number in range(3):
        made = pages.add(sheet(number))
        assert pages.selected == made
    pages.move(-1)
    for number in range(3, 8):
        pages.add(sheet(number))
    assert (pages.selected_index, pages.newer) == (1, 5)
    pages.move(1_000_000)
    assert (pages.selected_index, pages.newer, pages.follows) == (7, 0, True)


def test_what_was_dropped_comes_back_where_it_was_though_pages_came_meanwhile() -> None:
    pages = stack("a", "a", "a")
    pages.move(-1)
    assert pages.drop() is not None
    pages.add(sheet(9))
    assert pages.undo()
    assert [name for name, _ in shape(pages)] == ["00", "01", "02", "09"]
    assert pages.selected_index == 1
    assert not pages.undo()


def test_a_page_that_is_gone_takes_no_other_picture() -> None:
    pages = stack("a")
    gone = pages.sheets[0].id
    pages.drop()
    assert not pages.put(gone, sheet(9))
    assert pages.selected is None and pages.drop() is None


def test_a_separator_is_no_page_and_no_hindrance() -> None:
    pages = PageStack((), "")
    pages.add(sheet(1))
    pages.add(replace(sheet(2), is_separator=True))
    pages.add(sheet(3))
    pages.select_first(UNSORTED)
    assert pages.selected_index == 0
    pages.assign("a")
    assert [(row.material, row.ordinal) for row in pages.pages()] == [("a", 1), ("a", 2)]
    assert pages.counts() == {"a": 2}
    assert pages.target == "a"


EDITS: list[Callable[[PageStack, int], object]] = [
    lambda pages, n: pages.move(n - 3),
    lambda pages, n: pages.assign("abc"[n % 3]),
    lambda pages, _: pages.drop(),
    lambda pages, n: pages.shift(n - 3),
    lambda pages, n: pages.selected and pages.put(pages.selected.id, sheet(100 + n), is_again=bool(n % 2)),
]


@given(st.lists(st.sampled_from(["", "a", "b"]), max_size=6), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6))))
def test_undoing_everything_leads_back(materials: list[str], steps: list[tuple[int, int]]) -> None:
    pages = stack(*materials)
    before = list(pages.sheets)
    for which, number in steps:
        EDITS[which](pages, number)
    while pages.undo():
        pass
    assert pages.sheets == before


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=30))
def test_no_way_of_editing_loses_order_or_counts(steps: list[tuple[int, int]]) -> None:
    pages = PageStack((), "a")
    for which, number in steps:
        if which == 5:
            pages.add(sheet(number))
        else:
            EDITS[which](pages, number)
        assert pages.selected is None or pages.selected in pages.sheets
        assert (pages.selected is None) == (not pages.sheets)
        seen = [(row.material, row.ordinal) for row in pages.pages()]
        assert len(set(seen)) == len(seen)


def test_ten_thousand_pages_keep_their_places() -> None:
    stack = PageStack(target="form")
    for n in range(10_000):
        stack.add(Sheet(id=0, page=Page(page=BlobHash(str(n)), material="", ordinal=0, size=1, width=1, height=1)))
    before = stack.pages()
    assert [page.ordinal for page in before] == list(range(1, 10_001))
    stack.select(1)
    stack.drop()
    after = stack.pages()
    assert [page.page for page in after] == [page.page for page in before[1:]]
    assert [page.ordinal for page in after] == list(range(1, 10_000))
    assert stack.undo() and stack.pages() == before
