"""审批工作台: queue, case, pages, form, events, opinion.

Rules kept here: the clock's sentence comes from the calendar engine; who may act is said, not guessed; an opinion
draft is never lost, not even when somebody else has acted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from yichuang_client.presenters.models.common import (
    ActEvents,
    Banner,
    Bar,
    Chip,
    Fact,
    Progress,
    Text,
)
from yichuang_client.presenters.models.queues import CaseHead, EventLine, MaterialPages
from yichuang_client.presenters.models.scan import PageView


class ReviewAct(StrEnum):
    """Acts of the review desk."""

    AGREE = "agree"
    """F9 同意"""
    RETURN = "return"
    """F10 内部退回"""
    PROCEDURE = "procedure"
    """F11 特别程序; F6 while there is a late decision"""
    ADOPT = "adopt"
    """F11 采用: a late decision is made one's own"""
    REFUSE = "refuse"
    """F12 不予许可"""
    TELL_SUPPLEMENT = "tell_supplement"
    """F10 while the case is only received: 补正告知"""
    ACCEPT = "accept"
    """F9 while the case is only received: 受理"""
    DECLINE = "decline"
    """F12 while the case is only received: 不予受理"""
    CLAIM = "claim"
    """F8 签收"""
    MAKE_READY = "make_ready"
    """F8 after the decision: 转出件"""
    REFRESH = "refresh"
    """F5"""
    QUEUE = "queue"
    """F2, F3: focus the queue"""
    NOTE = "note"
    """N"""


class ReviewTab(StrEnum):
    """The right column's tabs."""

    FORM = "form"
    MATERIALS = "materials"
    EVENTS = "events"


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """待审批: one case of the queue, 70 high."""

    key: str
    item: Text
    chip: Chip
    """超 1 日, 剩 0.5 日, 剩 3 日, 暂停计时."""
    applicant: Text
    due: Text
    is_urgent: bool = False
    """At most one day left: bold."""
    is_selected: bool = False


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """意见框: templates, text, what the previous step said."""

    title: Text
    text: str = field(default="", repr=False)
    revision: int = 0
    """The box takes ``text`` over only when this number (or the case) changes, never while the person types."""
    limit: int = 500
    templates: tuple[tuple[str, Text], ...] = ()
    """Key and label; Alt+1…9 insert at the cursor by ``insert_template``."""
    previous: Text = ""
    """The last opinion of the previous step, read only."""
    signer: Chip | None = None
    """已双因素登录 / 需重新验证."""
    is_read_only: bool = False


@dataclass(frozen=True, kw_only=True)
class ReviewCase:
    """The case on the desk."""

    key: str
    head: CaseHead
    materials: tuple[MaterialPages, ...] = ()
    selected_page: str | None = None
    page: PageView = field(default_factory=PageView)
    position: Text = ""
    """③ 平面图 1 / 1"""
    overall: Text = ""
    """全件 8 / 11"""
    form: tuple[Fact, ...] = ()
    events: tuple[EventLine, ...] = ()
    opinion: Opinion


@dataclass(frozen=True, kw_only=True)
class ReviewModel:
    """审批工作台."""

    queue_title: Text
    queue_hint: Text = ""
    queue: tuple[QueueRow, ...] = ()
    empty: Text = ""
    """没有待审批的件。下一件最早…"""
    case: ReviewCase | None = None
    tab: str = ReviewTab.FORM
    progress: Progress | None = None
    banner: Banner | None = None
    """周一 09:10 陈立群 已退回本件; 缓存于 09:05."""
    bar: Bar = field(default_factory=Bar)


class ReviewEvents(ActEvents, Protocol):
    """What the review desk tells."""

    def select(self, key: str) -> None:
        """Another case of the queue."""

    def select_page(self, page: str) -> None:
        """A thumbnail."""

    def move(self, step: int) -> None:
        """PgUp (−1), PgDn (+1)."""

    def move_material(self, step: int) -> None:
        """Alt+PgUp, Alt+PgDn."""

    def tab(self, tab: str) -> None:
        """Alt+B, Alt+C, Alt+J or a click."""

    def write_opinion(self, text: str) -> None:
        """The opinion changed (each keystroke); auto-saved."""

    def insert_template(self, key: str) -> Text:
        """The template's text, to be put into words and inserted at the cursor by the view."""

    def fit(self, fit: str) -> None:
        """W or P."""

    def page_area(self, width: int, height: int) -> None:
        """The page view's size in device pixels."""
