"""事项版本的检查: what is wrong with an item version before it is published.

Rules kept here: a problem is data (which, where); an ERROR keeps a version from being published, a WARNING is shown
to the keeper and lets it pass, because real catalogues contain it (a body with a wrong check, a promise longer
than the law's limit). The check is total: it reports everything, not the first.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yichuang_domain.approval import Grade
from yichuang_domain.catalog import AcceptBy, FieldKind, FormField, ItemVersion
from yichuang_domain.identity import CodeFault, read_credit_code
from yichuang_domain.material import Material, MaterialForm, Question

__all__ = ["ITEM_TYPES", "Problem", "ProblemKind", "Severity", "is_publishable", "problems"]

ITEM_TYPES: frozenset[str] = frozenset({"00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"})
"""事项类型代码 of GB/T 39046-2020, table A.1."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")


class Severity(enum.StrEnum):
    """严重程度: whether a problem keeps the version from being published."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class ProblemKind(enum.StrEnum):
    """目录问题: what is wrong."""

    TEXT_EMPTY = "TEXT_EMPTY"
    """A name, text or code that must be there is blank."""
    VERSION = "VERSION"
    """The version is below 1."""
    KEY_SHAPE = "KEY_SHAPE"
    """A key is not small ASCII letters, digits and underscores."""
    KEY_TWICE = "KEY_TWICE"
    """Two parts of one kind have the same key."""
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    """The type of item is not on the national table."""
    BODY_CODE = "BODY_CODE"
    """The implementing body's credit code has a fault."""
    OPTIONS_FEW = "OPTIONS_FEW"
    """A question has fewer than two options."""
    QUESTION_UNKNOWN = "QUESTION_UNKNOWN"
    """A condition names a question that the item does not have."""
    OPTION_UNKNOWN = "OPTION_UNKNOWN"
    """A condition names an option that its question does not have."""
    CONDITION_EMPTY = "CONDITION_EMPTY"
    """A condition without options is never met."""
    COPIES = "COPIES"
    """Fewer than one copy."""
    DEFERRAL = "DEFERRAL"
    """Deferrable without a number of working days, or the other way round."""
    CHOICES = "CHOICES"
    """A choice without values, or values on another kind of field."""
    FIELD_LENGTH = "FIELD_LENGTH"
    """A field that nothing can be typed into."""
    LIMIT_NEGATIVE = "LIMIT_NEGATIVE"
    """A limit below zero."""
    PROMISE_LONGER = "PROMISE_LONGER"
    """The promised limit is longer than the statutory one."""
    OFFLINE_BY_SECTION = "OFFLINE_BY_SECTION"
    """Accepted by the section, and yet without a line at the counter."""
    COUNTER_GRANTS = "COUNTER_GRANTS"
    """Granted at the counter, and yet not instant, of several levels, or not accepted there."""
    SECTION_MISSING = "SECTION_MISSING"
    """No section: a case could be received but nobody would decide it."""
    CANCELLED_BEFORE_EFFECT = "CANCELLED_BEFORE_EFFECT"
    """The planned cancellation lies on or before the first day."""
    MATERIALS_CONTRADICT = "MATERIALS_CONTRADICT"
    """Materials are listed although the source is said to list none."""
    CARD = "CARD"
    """A card that is read, and yet a page of it or the card itself is to stay here."""


_WARNINGS = frozenset({ProblemKind.BODY_CODE, ProblemKind.PROMISE_LONGER, ProblemKind.SECTION_MISSING})


@dataclass(frozen=True, kw_only=True)
class Problem:
    """目录问题: one fault and the part it was found in."""

    kind: ProblemKind
    """What is wrong."""
    where: str
    """Path of the part, such as ``materials.lease.copies``."""

    @property
    def severity(self) -> Severity:
        """Whether it keeps the version from being published."""
        return Severity.WARNING if self.kind in _WARNINGS else Severity.ERROR


def problems(item: ItemVersion) -> tuple[Problem, ...]:
    """检查事项版本: everything that is wrong with it, in the order of its parts."""
    return tuple(
        [
            *_facts(item),
            *_keys("questions", [q.key for q in item.questions]),
            *(p for question in item.questions for p in _question(question)),
            *_keys("materials", [m.key for m in item.materials]),
            *(p for material in item.materials for p in _material(material, item)),
            *_keys("fields", [f.key for f in item.fields]),
            *(p for field in item.fields for p in _field(field)),
        ]
    )


def is_publishable(item: ItemVersion) -> bool:
    """是否可发布: whether nothing worse than a warning was found."""
    return all(problem.severity is Severity.WARNING for problem in problems(item))


def _facts(item: ItemVersion) -> Iterator[Problem]:
    for where, text in (("code", item.code), ("name", item.name), ("department", item.department)):
        if not text.strip():
            yield Problem(kind=ProblemKind.TEXT_EMPTY, where=where)
    if item.version < 1:
        yield Problem(kind=ProblemKind.VERSION, where="version")
    if item.type_code not in ITEM_TYPES:
        yield Problem(kind=ProblemKind.TYPE_UNKNOWN, where="type_code")
    if item.body_code is not None and isinstance(read_credit_code(item.body_code), CodeFault):
        yield Problem(kind=ProblemKind.BODY_CODE, where="body_code")
    if item.section is None:
        yield Problem(kind=ProblemKind.SECTION_MISSING, where="section")
    if item.accepts_offline and item.accept_by is AcceptBy.SECTION:
        yield Problem(kind=ProblemKind.OFFLINE_BY_SECTION, where="accepts_offline")
    may_grant = item.instant is True and item.grade is Grade.SINGLE and item.accept_by is AcceptBy.COUNTER
    if item.counter_grants and not may_grant:
        yield Problem(kind=ProblemKind.COUNTER_GRANTS, where="counter_grants")
    if item.plan_cancel_on is not None and item.plan_cancel_on <= item.effective_on:
        yield Problem(kind=ProblemKind.CANCELLED_BEFORE_EFFECT, where="plan_cancel_on")
    if item.materials and not item.lists_materials:
        yield Problem(kind=ProblemKind.MATERIALS_CONTRADICT, where="lists_materials")
    yield from _limits(item)


def _limits(item: ItemVersion) -> Iterator[Problem]:
    statutory, promised = item.statutory_limit, item.promised_limit
    for where, limit in (("statutory_limit", statutory), ("promised_limit", promised)):
        if limit is not None and limit.amount < 0:
            yield Problem(kind=ProblemKind.LIMIT_NEGATIVE, where=where)
    if statutory and promised and statutory.unit is promised.unit and promised.amount > statutory.amount:
        yield Problem(kind=ProblemKind.PROMISE_LONGER, where="promised_limit")


def _keys(where: str, keys: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in keys:
        if _KEY.fullmatch(key) is None:
            yield Problem(kind=ProblemKind.KEY_SHAPE, where=f"{where}.{key}")
        if key in seen:
            yield Problem(kind=ProblemKind.KEY_TWICE, where=f"{where}.{key}")
        seen.add(key)


def _question(question: Question) -> Iterator[Problem]:
    where = f"questions.{question.key}"
    if not question.text.strip():
        yield Problem(kind=ProblemKind.TEXT_EMPTY, where=f"{where}.text")
    if len(question.options) < 2:
        yield Problem(kind=ProblemKind.OPTIONS_FEW, where=f"{where}.options")
    yield from _keys(f"{where}.options", [option.key for option in question.options])
    for option in question.options:
        if not option.text.strip():
            yield Problem(kind=ProblemKind.TEXT_EMPTY, where=f"{where}.options.{option.key}.text")


def _material(material: Material, item: ItemVersion) -> Iterator[Problem]:
    where = f"materials.{material.key}"
    if not material.name.strip():
        yield Problem(kind=ProblemKind.TEXT_EMPTY, where=f"{where}.name")
    if material.copies < 1:
        yield Problem(kind=ProblemKind.COPIES, where=f"{where}.copies")
    if material.deferrable != (material.deferral_workdays > 0):
        yield Problem(kind=ProblemKind.DEFERRAL, where=f"{where}.deferral_workdays")
    if material.card_of is not None and (material.needs_scan or material.form is MaterialForm.ORIGINAL):
        yield Problem(kind=ProblemKind.CARD, where=f"{where}.card_of")
    options = {question.key: {option.key for option in question.options} for question in item.questions}
    for condition in material.required_when:
        if condition.question not in options:
            yield Problem(kind=ProblemKind.QUESTION_UNKNOWN, where=f"{where}.required_when.{condition.question}")
        elif not set(condition.options) <= options[condition.question]:
            yield Problem(kind=ProblemKind.OPTION_UNKNOWN, where=f"{where}.required_when.{condition.question}")
        if not condition.options:
            yield Problem(kind=ProblemKind.CONDITION_EMPTY, where=f"{where}.required_when.{condition.question}")


def _field(field: FormField) -> Iterator[Problem]:
    where = f"fields.{field.key}"
    if not field.label.strip():
        yield Problem(kind=ProblemKind.TEXT_EMPTY, where=f"{where}.label")
    if (field.kind is FieldKind.CHOICE) != bool(field.choices):
        yield Problem(kind=ProblemKind.CHOICES, where=f"{where}.choices")
    if field.max_length < 1:
        yield Problem(kind=ProblemKind.FIELD_LENGTH, where=f"{where}.max_length")
