"""The hand-made sample: decodes, has no problems, and covers what the counter must be able to show."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from yichuang.codec import canonical, decode, encode
from yichuang_domain.catalog import AcceptBy, Grade, ItemVersion, LimitUnit, OutcomeKind
from yichuang_domain.catalog_check import problems
from yichuang_domain.material import required

FILE = Path(__file__).parents[2] / "data" / "sample" / "items.json"
ITEMS = tuple(decode(ItemVersion, canonical(row)) for row in json.loads(FILE.read_text(encoding="utf-8")))
BY_NAME = {item.name: item for item in ITEMS}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_a_sample_item_is_in_order(item: ItemVersion) -> None:
    """Marked 示范, without problems, and the same after a round trip."""
    assert item.sample
    assert problems(item) == ()
    assert decode(ItemVersion, encode(item).text) == item


def test_the_sample_covers_what_items_may_be() -> None:
    """All grades, instant and committed, both ways of acceptance, all units, fees, missing facts, a cancelled item."""
    assert len(ITEMS) == len({item.code for item in ITEMS}) >= 14
    assert {item.grade for item in ITEMS} == {*Grade, None}
    assert {item.instant for item in ITEMS} == {True, False, None}
    assert {item.accept_by for item in ITEMS} == set(AcceptBy)
    assert {item.accepts_offline for item in ITEMS} == {True, False}
    assert {item.promised_limit.unit for item in ITEMS if item.promised_limit} == set(LimitUnit)
    assert {item.fee.charged for item in ITEMS if item.fee} == {True, False}
    assert {item.section for item in ITEMS} == {"market", "health", "civil", "hr"}
    assert any(item.fee is None and item.visits is None and item.promised_limit is None for item in ITEMS)
    assert any(item.plan_cancel_on for item in ITEMS)
    assert Counter(outcome.kind for item in ITEMS for outcome in item.results)[OutcomeKind.CERTIFICATE] >= 5


def test_trap_8_names_with_heteronyms_are_in_the_sample() -> None:
    """朝阳, 长 in two readings, 行 in two readings, and a word of two characters."""
    for word in ("朝阳", "长者", "长期", "行业", "行医", "失业"):
        assert any(word in item.name for item in ITEMS), word


def test_food_permit_asks_by_situation() -> None:
    """Six materials for a leased restaurant without cold dishes, one of them deferrable; others for other answers."""
    item = BY_NAME["食品经营许可（新办）"]
    assert (item.grade, item.accept_by, item.accepts_offline) == (Grade.REVIEW_AND_VERIFY, AcceptBy.COUNTER, True)
    assert "餐饮服务许可（新办）" in item.former_names and item.former_codes and "开饭店" in item.aliases
    restaurant = required(item, {"business": "catering", "place": "leased", "raw": "no"})
    assert [m.name for m in restaurant] == [
        "食品经营许可申请书", "营业执照", "平面图和设备布局", "食品安全管理制度", "场所使用证明", "从业人员健康证明",
    ]  # fmt: skip
    assert [m.name for m in restaurant if m.deferrable] == ["从业人员健康证明"]
    shop = {m.key for m in required(item, {"business": "retail", "place": "owned", "raw": "yes"})}
    assert {"place_owned", "cold_room"} <= shop and not {"health", "place_leased"} & shop


def test_public_place_permit_is_accepted_by_the_section() -> None:
    """卫生许可 is received at the counter and accepted by the section."""
    item = BY_NAME["公共场所卫生许可（新办）"]
    assert (item.grade, item.accept_by, item.accepts_offline) == (Grade.REVIEW_AND_VERIFY, AcceptBy.SECTION, False)
