"""一件事一张表: the one form of a matter, made of its items' forms, and the way back to each item.

Rules kept here: what the template calls the same is asked once, everything else stays apart; the strictest form of a
shared paper holds, and it is asked for when any of its items asks for it; each item gets back only what it asks for
itself; the matter promises the longest of its items' limits, and may do at the counter only what every item allows.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yichuang_domain.catalog import (
    AcceptBy,
    Condition,
    Fee,
    FormField,
    ItemVersion,
    Limit,
    Material,
    MaterialForm,
    MatterItem,
    Question,
    SharedKey,
)
from yichuang_domain.ids import ItemCode

MOST_ITEMS = 9
"""Items of a matter: keys of the form begin with p1_ to p9_."""
_STRICTEST = (MaterialForm.ORIGINAL, MaterialForm.ORIGINAL_CHECKED, MaterialForm.COPY)


class MatterError(ValueError):
    """A template does not fit its items; the text names the part."""


class Part(enum.StrEnum):
    """共用种类: what may be asked once for several items."""

    QUESTION = "QUESTION"
    FIELD = "FIELD"
    MATERIAL = "MATERIAL"


@dataclass(frozen=True, kw_only=True)
class OwnKey:
    """One part of one item."""

    item: ItemCode
    key: str


@dataclass(frozen=True, kw_only=True)
class Shared:
    """共用: parts of several items that are one and the same for the applicant; the first one names it."""

    part: Part
    of: tuple[OwnKey, ...]


@dataclass(frozen=True, kw_only=True)
class MatterTemplate:
    """一件事目录: what the keeper of the catalogue says of a matter; the rest follows from its items."""

    code: ItemCode
    name: str
    aliases: tuple[str, ...] = ()
    department: str
    """牵头部门."""
    type_code: str
    items: tuple[ItemCode, ...]
    shared: tuple[Shared, ...] = ()
    condition: str | None = None
    sample: bool = False
    effective_on: date
    source: str


Keys = dict[tuple[ItemCode, str], str]
"""(item, own key) to shared key, of one kind of part."""


def compose(template: MatterTemplate, items: Sequence[ItemVersion]) -> ItemVersion:
    """The matter as the one item that a counter opens, asks about and scans for.

    ``items`` are those of the template, in its order. Raises MatterError where the template does not fit them.
    """
    if tuple(item.code for item in items) != template.items or len(set(template.items)) != len(template.items):
        raise MatterError("items")
    if not 1 < len(items) <= MOST_ITEMS:
        raise MatterError("items: two to nine")
    keys = {part: _keys(template, items, part) for part in Part}
    limits = [item.promised_limit for item in items]
    all_counter = all(item.accept_by is AcceptBy.COUNTER for item in items)
    return ItemVersion(
        code=template.code,
        version=1,
        name=template.name,
        aliases=template.aliases,
        department=template.department,
        section=items[0].section if all(item.section is not None for item in items) else None,
        type_code=template.type_code,
        objects=tuple(o for o in items[0].objects if all(o in item.objects for item in items)),
        promised_limit=_longest(limits),
        statutory_limit=_longest([item.statutory_limit for item in items]),
        accept_by=AcceptBy.COUNTER if all_counter else AcceptBy.SECTION,
        accepts_offline=all_counter and all(item.accepts_offline for item in items),
        fee=_fee(items),
        visits=1,
        pickups=tuple(way for way in items[0].pickups if all(way in item.pickups for item in items)),
        questions=_questions(items, keys[Part.QUESTION]),
        materials=_materials(items, keys),
        lists_materials=all(item.lists_materials for item in items),
        fields=_fields(items, keys[Part.FIELD]),
        condition=template.condition,
        steps=tuple(item.name for item in items),
        mistakes=tuple(dict.fromkeys(text for item in items for text in item.mistakes)),
        after=tuple(dict.fromkeys(text for item in items for text in item.after)),
        results=tuple(result for item in items for result in item.results),
        effective_on=template.effective_on,
        plan_cancel_on=min((item.plan_cancel_on for item in items if item.plan_cancel_on), default=None),
        sample=template.sample,
        source=template.source,
        items=tuple(_item(item, keys) for item in items),
    )


def own(pairs: Iterable[SharedKey], values: Mapping[str, str]) -> dict[str, str]:
    """What was said once, as one item asked it: the values of the matter's form under the item's own keys."""
    return {pair.own: values[pair.shared] for pair in pairs if pair.shared in values}


def _item(item: ItemVersion, keys: Mapping[Part, Keys]) -> MatterItem:
    def pairs(part: Part) -> tuple[SharedKey, ...]:
        return tuple(SharedKey(own=key, shared=keys[part][item.code, key]) for key in _own_keys(item, part))

    return MatterItem(
        code=item.code,
        version=item.version,
        name=item.name,
        questions=pairs(Part.QUESTION),
        materials=pairs(Part.MATERIAL),
        fields=pairs(Part.FIELD),
    )


def _keys(template: MatterTemplate, items: Sequence[ItemVersion], part: Part) -> Keys:
    keys: Keys = {(item.code, key): f"p{n}_{key}" for n, item in enumerate(items, 1) for key in _own_keys(item, part)}
    for shared in template.shared:
        if shared.part is part:
            named = [(one.item, one.key) for one in shared.of]
            if len(named) < 2 or len({code for code, _ in named}) < len(named) or not set(named) <= set(keys):
                raise MatterError(f"{part.value} {'.'.join(named[0]) if named else ''}")
            keys |= dict.fromkeys(named, keys[named[0]])
    return keys


def _own_keys(item: ItemVersion, part: Part) -> tuple[str, ...]:
    if part is Part.QUESTION:
        return tuple(question.key for question in item.questions)
    if part is Part.FIELD:
        return tuple(field.key for field in item.fields)
    return tuple(material.key for material in item.materials)


def _questions(items: Sequence[ItemVersion], keys: Keys) -> tuple[Question, ...]:
    made: dict[str, Question] = {}
    for item in items:
        for question in item.questions:
            key = keys[item.code, question.key]
            known = made.setdefault(key, replace(question, key=key))
            if {o.key for o in known.options} != {o.key for o in question.options}:
                raise MatterError(f"QUESTION {key}: options")
    return tuple(made.values())


def _fields(items: Sequence[ItemVersion], keys: Keys) -> tuple[FormField, ...]:
    made: dict[str, FormField] = {}
    for item in items:
        for field in item.fields:
            key = keys[item.code, field.key]
            known = made.get(key, replace(field, key=key))
            if (known.kind, known.choices, known.unit) != (field.kind, field.choices, field.unit):
                raise MatterError(f"FIELD {key}: kind")
            longest = min(known.max_length, field.max_length)
            made[key] = replace(known, required=known.required or field.required, max_length=longest)
    return tuple(made.values())


def _materials(items: Sequence[ItemVersion], keys: Mapping[Part, Keys]) -> tuple[Material, ...]:
    made: dict[str, Material] = {}
    for item in items:
        for material in item.materials:
            key = keys[Part.MATERIAL][item.code, material.key]
            conditions = tuple(
                replace(c, question=keys[Part.QUESTION][item.code, c.question]) for c in material.required_when
            )
            new = replace(material, key=key, required_when=conditions)
            made[key] = _merged(made[key], new) if key in made else new
    return tuple(made.values())


def _merged(one: Material, other: Material) -> Material:
    deferrable = one.deferrable and other.deferrable
    return replace(
        one,
        form=min(one.form, other.form, key=_STRICTEST.index),
        copies=max(one.copies, other.copies),
        note=one.note or other.note,
        required_when=_either(one, other),
        deferrable=deferrable,
        deferral_workdays=min(one.deferral_workdays, other.deferral_workdays) if deferrable else 0,
        certificate_type=one.certificate_type if one.certificate_type == other.certificate_type else None,
        needs_scan=one.needs_scan or other.needs_scan,
        card_of=one.card_of if one.card_of is other.card_of else None,
    )


def _either(one: Material, other: Material) -> tuple[Condition, ...]:
    """When either is asked for. Raises MatterError where conditions cannot say that."""
    first, second = one.required_when, other.required_when
    if not (first and second):
        return ()
    if set(first) == set(second):
        return first
    if len(first) == len(second) == 1 and first[0].question == second[0].question:
        return (replace(first[0], options=tuple(dict.fromkeys((*first[0].options, *second[0].options)))),)
    raise MatterError(f"MATERIAL {one.key}: conditions")


def _longest(limits: Sequence[Limit | None]) -> Limit | None:
    """The longest of them, None where one is not stated or they are counted in different units."""
    stated = [limit for limit in limits if limit is not None]
    if len(stated) < len(limits) or len({limit.unit for limit in stated}) != 1:
        return None
    return max(stated, key=lambda limit: limit.amount)


def _fee(items: Sequence[ItemVersion]) -> Fee | None:
    """Charged where one of them is; None where one does not say."""
    fees = [item.fee for item in items if item.fee is not None]
    if len(fees) < len(items):
        return None
    named = [f"{item.name} {item.fee.text}" for item in items if item.fee is not None and item.fee.charged]
    return Fee(charged=any(fee.charged for fee in fees), text="\n".join(named))
