"""A matter of two items, and receipts of its cases, for the tests of the domain and the district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.support.cases import ITEM, SECTION_ITEM, receive
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ItemCode, MatterId
from yichuang_domain.matter import MatterPart
from yichuang_domain.matter_form import MatterTemplate, OwnKey, Part, Shared

ALL = ("form", "lease", "health")
ITEMS = (ITEM, SECTION_ITEM)
TOKEN = "M" * 22
TEMPLATE = MatterTemplate(
    code=ItemCode("matter-1"),
    name="开餐馆一件事",
    department="区市场监管局",
    type_code="01",
    items=(ITEM.code, SECTION_ITEM.code),
    shared=(Shared(part=Part.MATERIAL, of=tuple(OwnKey(item=item.code, key="lease") for item in ITEMS)),),
    effective_on=date(2026, 1, 1),
    source="test",
)
PART = MatterPart(
    matter=MatterId("a" * 32),
    number="330402-0137-20261124-0009-X",
    code=TEMPLATE.code,
    version=1,
    name=TEMPLATE.name,
    items=TEMPLATE.items,
)


def receipt(item: ItemVersion, part: MatterPart = PART, *, number: int = 1, digest: str = "d" * 64) -> a.Receive:
    """The receipt of one case of a matter, under a number of its own."""
    return replace(
        receive(*ALL, item=item),
        item_version=1,
        number=f"330402-0137-20261124-{number:04d}-X",
        token_digest=digest,
        matter=part,
    )


def receipts(part: MatterPart = PART, digest: str = "d" * 64) -> tuple[a.Receive, ...]:
    """All of them."""
    return tuple(receipt(item, part, number=n, digest=digest) for n, item in enumerate(ITEMS, 1))
