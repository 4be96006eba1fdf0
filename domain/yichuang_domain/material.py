"""材料与情形: which papers an applicant must bring, given the answers of the situation.

Rules kept here: a material without a condition is always required; a material with conditions is required when
EVERY one of them is met; a question that is not answered yet meets no condition, so the list that is shown grows with
the answers and never asks for too much. ``possible`` is the other bound: what may still be asked for.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "CardOf",
    "Condition",
    "Material",
    "MaterialForm",
    "Option",
    "Question",
    "possible",
    "required",
    "unanswered",
]


class MaterialForm(enum.StrEnum):
    """材料形式: in which form the paper is taken in."""

    ORIGINAL = "ORIGINAL"
    """原件: the original stays with the case."""
    COPY = "COPY"
    """复印件: a copy is enough."""
    ORIGINAL_CHECKED = "ORIGINAL_CHECKED"
    """原件核验: the original is compared and given back, the copy stays."""


class CardOf(enum.StrEnum):
    """谁的身份证: whose identity card a material is."""

    APPLICANT = "APPLICANT"
    """Of who applies, or speaks for the body that does."""
    AGENT = "AGENT"
    """代办人."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """情形选项: one possible answer to a question."""

    key: str
    """Stable key inside the question (ASCII)."""
    text: str
    """What the clerk reads."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """情形问题: one question whose answer decides which materials are needed."""

    key: str
    """Stable key inside the item (ASCII)."""
    text: str
    """What the clerk asks."""
    options: tuple[Option, ...]
    """The possible answers; exactly one is chosen."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """情形条件: met when the question was answered with one of the options."""

    question: str
    """Key of the question."""
    options: tuple[str, ...]
    """Keys of the options that meet the condition."""

    def is_met(self, answers: Mapping[str, str]) -> bool:
        """Tell whether the answers meet this condition; an unanswered question does not."""
        return answers.get(self.question) in self.options

    def may_be_met(self, answers: Mapping[str, str]) -> bool:
        """Tell whether the answers meet this condition or may still do so."""
        return self.question not in answers or self.is_met(answers)


@dataclass(frozen=True, kw_only=True)
class Material:
    """申请材料: one paper that the catalogue asks for."""

    key: str
    """Stable key inside the item (ASCII)."""
    name: str
    """Name as the applicant reads it."""
    form: MaterialForm = MaterialForm.COPY
    """In which form it is taken in."""
    copies: int = 1
    """Number of copies, 1 or more."""
    note: str = ""
    """What the applicant must know about it."""
    required_when: tuple[Condition, ...] = ()
    """All must be met; empty means always required."""
    deferrable: bool = False
    """容缺: may be brought later."""
    deferral_workdays: int = 0
    """Working days within which a deferred material must be brought; 0 when it is not deferrable."""
    certificate_type: str | None = None
    """Type code of the certificate that stands for it in the certificate library (证照库), if any."""
    needs_scan: bool = True
    """Whether a page must be scanned; otherwise it is enough that a clerk has seen the paper."""
    card_of: CardOf | None = None
    """读卡即可: an identity card that need not be shown besides once it was read by a reader; None for other papers."""


class HasMaterials(Protocol):
    """What the rules of this module need of an item version."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The situation's questions."""

    @property
    def materials(self) -> tuple[Material, ...]:
        """All materials that the item may ask for."""


def required(item: HasMaterials, answers: Mapping[str, str]) -> tuple[Material, ...]:
    """应交材料: what these answers ask for, in the catalogue's order.

    ``answers`` maps a question's key to the chosen option's key; unknown keys are ignored.
    """
    return tuple(m for m in item.materials if all(c.is_met(answers) for c in m.required_when))


def possible(item: HasMaterials, answers: Mapping[str, str]) -> tuple[Material, ...]:
    """可能应交材料: what these answers ask for or may still ask for once every question is answered."""
    return tuple(m for m in item.materials if all(c.may_be_met(answers) for c in m.required_when))


def unanswered(item: HasMaterials, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """未答情形: the questions without a valid answer, in the catalogue's order."""
    return tuple(q for q in item.questions if answers.get(q.key) not in {o.key for o in q.options})
