"""版本差异: what changed between two versions of an item, and what that means for a draft.

Rules kept here: a case that was received stays pinned to its version; only a draft moves, and the clerk is shown what
changed before it does; parts are the same when their keys are, whatever their order; an answer the new version does
not know is dropped, never guessed; a paper that was scanned already is kept by the caller, whatever this module says.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Protocol

from yichuang_domain.catalog import ItemVersion
from yichuang_domain.material import Material, Question, required, unanswered

__all__ = ["ChangeKind", "Difference", "DraftMove", "FactChange", "PartChange", "difference", "move_draft"]

_PARTS = frozenset({"questions", "materials", "fields"})
_NOT_FACTS = _PARTS | {"version", "effective_on"}


class ChangeKind(enum.StrEnum):
    """变动: what happened to a part."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, kw_only=True)
class FactChange:
    """要素变动: one attribute of the item version."""

    attribute: str
    """Name of the attribute of ``ItemVersion``."""
    before: object
    """Value in the old version."""
    after: object
    """Value in the new version."""


@dataclass(frozen=True, kw_only=True)
class PartChange:
    """组成变动: one question, material or form field."""

    part: str
    """``questions``, ``materials`` or ``fields``."""
    key: str
    """Key of the part."""
    kind: ChangeKind
    """What happened to it."""
    attributes: tuple[str, ...] = ()
    """For a changed part: which of its attributes."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """版本差异: all changes; equal versions have none."""

    facts: tuple[FactChange, ...] = ()
    """In the order of the attributes."""
    parts: tuple[PartChange, ...] = ()
    """Questions, materials, fields, each removed first, then in the new order."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the version's number and first day changed."""
        return not self.facts and not self.parts


@dataclass(frozen=True, kw_only=True)
class DraftMove:
    """草稿迁移: what becomes of a draft under the new version."""

    answers: Mapping[str, str]
    """Answers that are kept."""
    dropped_answers: tuple[str, ...]
    """Keys of questions whose answer the new version does not know."""
    to_answer: tuple[Question, ...]
    """Questions that must be asked now."""
    needed: tuple[Material, ...]
    """Materials needed now that were not before."""
    not_needed: tuple[Material, ...]
    """Materials of the old version that are not needed any more."""
    changed: tuple[Material, ...]
    """Materials needed before and now whose requirement changed, as the new version has them."""


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


def difference(old: ItemVersion, new: ItemVersion) -> Difference:
    """比较两个版本: what changed from ``old`` to ``new``."""
    facts = tuple(
        FactChange(attribute=f.name, before=getattr(old, f.name), after=getattr(new, f.name))
        for f in fields(ItemVersion)
        if f.name not in _NOT_FACTS and getattr(old, f.name) != getattr(new, f.name)
    )
    parts = (
        *_changes("questions", old.questions, new.questions),
        *_changes("materials", old.materials, new.materials),
        *_changes("fields", old.fields, new.fields),
    )
    return Difference(facts=facts, parts=parts)


def move_draft(old: ItemVersion, new: ItemVersion, answers: Mapping[str, str]) -> DraftMove:
    """迁移草稿: what a draft with these answers keeps, loses and needs under ``new``."""
    options = {question.key: {option.key for option in question.options} for question in new.questions}
    kept = {key: answer for key, answer in answers.items() if answer in options.get(key, ())}
    before = {material.key: material for material in required(old, answers)}
    after = {material.key: material for material in required(new, kept)}
    return DraftMove(
        answers=kept,
        dropped_answers=tuple(key for key in answers if key not in kept),
        to_answer=unanswered(new, kept),
        needed=tuple(material for key, material in after.items() if key not in before),
        not_needed=tuple(material for key, material in before.items() if key not in after),
        changed=tuple(m for key, m in after.items() if key in before and _changed(before[key], m)),
    )


def _changes(part: str, old: tuple[_Keyed, ...], new: tuple[_Keyed, ...]) -> list[PartChange]:
    before, after = {p.key: p for p in old}, {p.key: p for p in new}
    found = [PartChange(part=part, key=key, kind=ChangeKind.REMOVED) for key in before if key not in after]
    for key, now in after.items():
        if key not in before:
            found.append(PartChange(part=part, key=key, kind=ChangeKind.ADDED))
        elif attributes := _changed(before[key], now):
            found.append(PartChange(part=part, key=key, kind=ChangeKind.CHANGED, attributes=attributes))
    return found


def _changed(before: object, after: object) -> tuple[str, ...]:
    names = [f.name for f in fields(after)]  # type: ignore[arg-type]  # every part is a dataclass
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
