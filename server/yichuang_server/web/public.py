"""进度公开视图: the whole of what a stranger with a receipt may see of a case or a matter.

Rules kept here: no name, no identity number, no material, no document number, no decision for or against, and of the
case number its last four characters at most. What is not a field of a view cannot reach a page, for pages
are made of this value and nothing else. A case is found by the digest of its token; the token goes no further than
the request.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

TAIL_LENGTH = 4
"""Characters of the case number that a public page may show."""


class StageKey(enum.StrEnum):
    """阶段: the five steps that a citizen knows, in their order."""

    RECEIVE = "RECEIVE"
    """收件."""
    ACCEPT = "ACCEPT"
    """受理."""
    REVIEW = "REVIEW"
    """审查."""
    DECIDE = "DECIDE"
    """决定."""
    ISSUE = "ISSUE"
    """出件."""


class StageState(enum.StrEnum):
    """阶段状态: how far a stage is."""

    DONE = "DONE"
    CURRENT = "CURRENT"
    FUTURE = "FUTURE"
    STOPPED = "STOPPED"
    """The case ended here: declined or withdrawn."""


class Situation(enum.StrEnum):
    """眼下情形: what the citizen is told to do, or not to do, next."""

    AWAITING_ACCEPTANCE = "AWAITING_ACCEPTANCE"
    """已收件: acceptance, supplement or declination is owed within five working days."""
    SUPPLEMENT_ASKED = "SUPPLEMENT_ASKED"
    """请补正: the citizen's turn."""
    SUPPLEMENT_BROUGHT = "SUPPLEMENT_BROUGHT"
    """补正已交齐."""
    NOTICE_OVERDUE = "NOTICE_OVERDUE"
    """告知期限已过: counts as accepted unless a notice in time is still on its way (art. 32(1)(4))."""
    DECLINED = "DECLINED"
    """不予受理."""
    WITHDRAWN = "WITHDRAWN"
    """已撤回."""
    UNDER_REVIEW = "UNDER_REVIEW"
    """已受理, waiting for or in review."""
    SUSPENDED = "SUSPENDED"
    """特别程序: the clock stands."""
    DECIDED = "DECIDED"
    """已作决定: the paper is being made."""
    READY_TO_ISSUE = "READY_TO_ISSUE"
    """可以领取: the citizen's turn."""
    CONCLUDED = "CONCLUDED"
    """已办结."""


class DueKind(enum.StrEnum):
    """期限种类: who owes what by a date."""

    NOTICE = "NOTICE"
    """The window: accept, or tell all that is missing."""
    DECISION = "DECISION"
    """The section: decide."""
    DELIVERY = "DELIVERY"
    """The window: hand out."""
    SUPPLEMENT = "SUPPLEMENT"
    """The citizen: bring the supplement."""
    DEFERRED = "DEFERRED"
    """The citizen: bring what was allowed to come later (容缺)."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the five."""

    key: StageKey
    state: StageState
    time: datetime | None = None
    """When it was done or stopped, or since when it lasts; None when nothing public tells it."""
    on: date | None = None
    """The day that counts in law, where it is another than the day of ``time``."""

    def __post_init__(self) -> None:
        if self.state is StageState.FUTURE and (self.time is not None or self.on is not None):
            raise ValueError("a stage to come has no time")
        if self.time is not None and self.time.tzinfo is None:
            raise ValueError("times are aware")


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """期限: a date that somebody owes."""

    kind: DueKind
    on: date
    is_provisional: bool = False
    """暂定: rests on a year whose holidays are not announced."""


@dataclass(frozen=True, kw_only=True)
class TrackingView:
    """办件进度: everything public about one case.

    Raises ValueError for stages out of order, or a number tail that is longer than allowed.
    """

    situation: Situation
    stages: tuple[Stage, ...]
    """All five; fewer only where the last one is STOPPED."""
    dues: tuple[DueDate, ...] = ()
    """What is owed now, the nearest first."""
    section_alias: str | None = None
    """公开称谓 of the section; None reads 区里."""
    item: str | None = None
    """事项名称; None for an item whose name would tell too much."""
    number_tail: str | None = None
    """Last characters of the case number."""

    def __post_init__(self) -> None:
        if [stage.key for stage in self.stages] != list(StageKey)[: len(self.stages)] or not self.stages:
            raise ValueError("stages are the five, in their order")
        if len(self.stages) < len(StageKey) and self.stages[-1].state is not StageState.STOPPED:
            raise ValueError("only a stopped case has fewer stages")
        if self.number_tail is not None and len(self.number_tail) > TAIL_LENGTH:
            raise ValueError("a public page shows the end of the number only")

    @property
    def current(self) -> Stage:
        """The stage where the case stands: the one that lasts, else the last that is over."""
        reached: Sequence[Stage] = [stage for stage in self.stages if stage.state is not StageState.FUTURE]
        return next((stage for stage in reached if stage.state is StageState.CURRENT), reached[-1])


@dataclass(frozen=True, kw_only=True)
class MatterView:
    """一件事进度: everything public about the cases that were handed in together.

    Raises ValueError for fewer than two cases, or a number tail that is longer than allowed.
    """

    cases: tuple[TrackingView, ...]
    """In the matter's order."""
    name: str | None = None
    """一件事名称; None where one of its items may not be named."""
    number_tail: str | None = None
    """Last characters of the matter's number."""

    def __post_init__(self) -> None:
        if len(self.cases) < 2:
            raise ValueError("a matter has two cases or more")
        if self.number_tail is not None and len(self.number_tail) > TAIL_LENGTH:
            raise ValueError("a public page shows the end of the number only")


class TrackingUnavailableError(Exception):
    """The district's records cannot be read now; the citizen is asked to come back."""


class Tracking(Protocol):
    """查进度: where public views come from."""

    def lookup(self, token_digest: str) -> TrackingView | MatterView | None:
        """The view of the case or matter whose token has this SHA-256 (hex); None when there is none, yet or ever.

        Raises:
            TrackingUnavailableError: the records cannot be read now.
        """


def digest(token: str) -> str:
    """The name under which a token is looked up: SHA-256, hex, of whatever was asked for."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
