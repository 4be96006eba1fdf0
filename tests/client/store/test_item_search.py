"""What a clerk types finds the item: initials in every reading, syllables, characters, codes, old names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.client.store.wiring import head_of, open_store
from tests.support.cases import ITEM
from yichuang import codec
from yichuang_client.store.search_index import EntryKind
from yichuang_client.store.store import Store
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ItemCode

TODAY = date(2026, 11, 24)


def item(code: str, name: str, **more: object) -> ItemVersion:
    return replace(ITEM, code=ItemCode(code), name=name, section=None, **more)  # type: ignore[arg-type]


ITEMS = [
    ITEM,
    item("330402-A1", "朝阳街道长者补贴", aliases=("高龄津贴", "老人补贴")),
    item("B2", "失业保险金申领", former_names=("失业救济金发放",), former_codes=("OLD-77",)),
    item("C3", "失业登记", main_name="就业失业登记"),
    item("D4", "行政处罚后信用修复", local_codes=("修-00431-000-01",)),
    item("E5", "内资企业（含个体户）设立登记", handling_code="11330402MB0A271067400013101000101"),
    item("F6", "𬭎业公司VR设备备案"),
    item("G7", "食品生产许可"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("desk"))
    taken = [replace(each, version=2) for each in ITEMS] + [
        replace(ITEM, code=ItemCode("item-2"), version=2, name="占位")
    ]
    cancelled = (("C3", "2026-11-24"),)
    opened.catalogue.take_in([codec.encode(each).text for each in taken], head_of(taken, 2, cancelled))
    yield opened
    opened.close()


def found(store: Store, query: str) -> list[str]:
    return [hit.code for hit in store.search.search(query, TODAY, limit=20)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("spjyxk", "item-1"),
        ("SPJY", "item-1"),
        ("shipinjingying", "item-1"),
        ("shipinjy", "item-1"),
        ("食品jy", "item-1"),
        ("食品经营", "item-1"),
        ("zyjd", "330402-A1"),
        ("cyjd", "330402-A1"),
        ("chaoyang", "330402-A1"),
        ("zhaoyang", "330402-A1"),
        ("czbt", "330402-A1"),
        ("zzbt", "330402-A1"),
        ("zhangzhe", "330402-A1"),
        ("changzhe", "330402-A1"),
        ("xzcf", "D4"),
        ("hzcf", "D4"),
        ("失业", "B2"),
        ("老人", "330402-A1"),
        ("gljt", "330402-A1"),
        ("救济", "B2"),
        ("old-7", "B2"),
        ("00431", "D4"),
        ("1133", "E5"),
        ("67400013101", "E5"),
        ("330402-a1", "330402-A1"),
        ("企业(含", "E5"),
        ("企业（含", "E5"),
        ("𬭎", "F6"),
        ("vrsb", "F6"),
        ("登记 个体", "E5"),
    ],
)
def test_every_way_of_typing_finds_it(store: Store, query: str, code: str) -> None:
    assert code in found(store, query)


def test_better_matches_come_first_then_what_this_desk_uses(store: Store) -> None:
    assert found(store, "失业登记")[0] == "C3"
    assert found(store, "shiye")[0] == "B2"
    assert found(store, "食品")[:2] == ["G7", "item-1"]
    for _ in range(3):
        store.search.note_use(ItemCode("item-1"), TODAY)
    store.search.note_use(ItemCode("G7"), date(2026, 10, 1))
    hits = store.search.search("食品", TODAY)
    assert [(hit.code, hit.uses) for hit in hits[:2]] == [("item-1", 3), ("G7", 0)]
    assert [hit.code for hit in store.search.frequent(TODAY)] == ["item-1"]


def test_an_old_name_answers_with_the_present_one(store: Store) -> None:
    (hit,) = store.search.search("失业救济金", TODAY)
    assert (hit.kind, hit.matched, hit.name) == (EntryKind.FORMER_NAME, "失业救济金发放", "失业保险金申领")
    assert store.search.search("OLD-77", TODAY)[0].kind is EntryKind.FORMER_CODE
    assert store.search.search("失业登记", TODAY)[0].cancelled_on == TODAY


def test_nothing_finds_nothing_and_is_written_down(store: Store) -> None:
    assert found(store, "") == found(store, "  ") == found(store, "qqqq") == found(store, "火星") == []
    assert found(store, "食业") == []
    for _ in range(2):
        store.search.note_miss(" 火星 ", TODAY)
    assert store.search.misses(TODAY) == (("火星", 2),)


def test_the_index_is_there_after_a_restart_and_built_again_if_it_is_behind(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    store = open_store(tmp_path)
    assert found(store, "spjy") == ["item-1", "item-2"]
    store.meta.keep("catalogue_version", "5")
    store.close()
    store = open_store(tmp_path)
    store.search.warm(5)
    assert found(store, "spjy") == ["item-1", "item-2"]
    store.close()
