"""审批层级: who signs a decision, and in which order.

The grade of approval is data of the item version, never of the case or of the office. Each level signs an
opinion of its own; that two levels are two different PERSONS is checked where the decision is made, because only
there is it known who has signed already.

Rules kept here: an instant matter signed by a single officer (独任审核) has one level; 一审一核 has two; 报批审核 has
three. An item whose catalogue states no grade (目录未载) is treated as 一审一核, because verifying content takes two
officers (行政许可法 art. 34).
"""

from __future__ import annotations

import enum

from yichuang_domain.organisation import Role

__all__ = ["Grade", "following_level", "levels"]


class Grade(enum.StrEnum):
    """审批级别: how many officers a decision takes."""

    SINGLE = "SINGLE"
    """独任审核: one reviewer decides alone."""
    REVIEW_AND_VERIFY = "REVIEW_AND_VERIFY"
    """一审一核: a reviewer proposes, another person verifies and thereby decides."""
    ESCALATED = "ESCALATED"
    """报批审核: reviewed, verified, and approved by the head of the authority."""


_LEVELS: dict[Grade, tuple[Role, ...]] = {
    Grade.SINGLE: (Role.REVIEWER,),
    Grade.REVIEW_AND_VERIFY: (Role.REVIEWER, Role.VERIFIER),
    Grade.ESCALATED: (Role.REVIEWER, Role.VERIFIER, Role.APPROVER),
}


def levels(grade: Grade | None) -> tuple[Role, ...]:
    """审批链: the roles that sign, in order; the last of them decides.

    ``None`` (目录未载) gives the two levels of 一审一核.
    """
    return _LEVELS[Grade.REVIEW_AND_VERIFY if grade is None else grade]


def following_level(grade: Grade | None, signed: int) -> Role | None:
    """下一审批级别: the role that signs after ``signed`` opinions, or ``None`` when all levels have signed."""
    chain = levels(grade)
    return chain[signed] if signed < len(chain) else None
