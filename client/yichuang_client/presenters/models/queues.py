"""办件列表 and 办件: queues, one case, the supplement that is brought, the result that is handed out.

Rules kept here: people are masked in lists; the countdown stands beside the due date; the view sorts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from yichuang_client.presenters.models.common import (
    ActEvents,
    Banner,
    Bar,
    Chip,
    Fact,
    Field,
    Option,
    Picture,
    Progress,
    Table,
    Text,
)
from yichuang_client.presenters.models.scan import PageView


@dataclass(frozen=True, kw_only=True)
class Filter:
    """筛选: one button above the table, Alt+n."""

    key: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class QueueModel:
    """队列: 我的办件, 待补正, 待出件 and 查询 are this one screen with other rows."""

    title: Text
    hint: Text = ""
    query: Field | None = None
    """A search field above the table (查询, and finding a case by number or receipt)."""
    clear_query: int = 0
    """When this number changes, the search field is emptied: what was looked for has been found."""
    filters: tuple[Filter, ...] = ()
    filter: str = ""
    table: Table
    reason: Text = ""
    """Why the selected case is due when it is, in one sentence below the table."""
    exports: int = 0
    """When this number changes, what the table shows is told to ``export`` in words."""
    progress: Progress | None = None
    """正在核对… beside the title; the old rows stay."""
    banner: Banner | None = None
    bar: Bar = field(default_factory=Bar)


class QueueAct(StrEnum):
    """Acts of the queues."""

    OPEN = "open"
    """Enter"""
    CLAIM = "claim"
    """F8"""
    REFRESH = "refresh"
    """F5"""
    HAND_OVER = "hand_over"
    """Ctrl+H: the papers that go to the sections"""
    EXPORT = "export"
    """Ctrl+E: what the list shows, as a file"""
    READ_CARD = "read_card"
    """F3: the applicant's card finds the cases"""


class HandoverAct(StrEnum):
    """Acts on papers that go to the sections."""

    SEND = "send"
    """F8: print the slip of what waits for one section"""
    PRINT = "print"
    """Ctrl+P: the slip once more"""
    TAKE = "take"
    """F8 at a section: the papers of the chosen case are all there"""
    AGREE = "agree"
    """F9: the slip came back signed, everything is there"""
    DIFFER = "differ"
    """F10: the papers of the chosen case were not all there"""
    OPEN = "open"
    """Enter: the case"""
    BACK = "back"


class ShiftAct(StrEnum):
    """Acts on the day at this desk."""

    PRINT = "print"
    """Ctrl+P: the closing sheet"""
    OPEN = "open"
    """Enter: the case of a print"""
    CONFIRM = "confirm"
    """F9: it came out"""
    VOID = "void"
    """F10: spoiled"""


class QueueEvents(ActEvents, Protocol):
    """What a queue tells."""

    def select(self, key: str) -> None:
        """Another row is selected."""

    def open(self, key: str) -> None:
        """Enter or a double click."""

    def filter(self, key: str) -> None:
        """Alt+n or a click."""

    def search(self, query: str) -> None:
        """The query field, debounced."""

    def export(self, lines: Sequence[Sequence[str]]) -> None:
        """The table in words: the titles, then each line as it is shown."""


class StepMark(StrEnum):
    """How an event is drawn: past filled, current ring, future hollow."""

    PAST = "PAST"
    CURRENT = "CURRENT"
    FUTURE = "FUTURE"


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """经过: one event with time, place, person, act."""

    at: Text
    text: Text
    mark: StepMark = StepMark.PAST


@dataclass(frozen=True, kw_only=True)
class MaterialPages:
    """材料与页: one material of a case and its pages' thumbnails."""

    key: str
    ordinal: int
    name: str
    state: Chip
    evidence: Text
    pages: tuple[tuple[str, Picture | None], ...] = ()
    """Page id and thumbnail; None while it is on its way."""


@dataclass(frozen=True, kw_only=True)
class CaseHead:
    """办件头: item, applicant, chips, number, the clock in one sentence."""

    item: Text
    applicant: Text
    number: str
    state: Chip | None = None
    chips: tuple[Chip, ...] = ()
    """Grade, irregular, 未到区里…; with a ``due``, the remaining time comes first and stands beside it."""
    due: Text = ""
    clock: Text = ""
    """From the calendar engine: start, count, each skipped range with its reason."""


class CaseAct(StrEnum):
    """Acts on one case at a counter."""

    PRINT_RECEIPT = "print_receipt"
    """Ctrl+P: print again"""
    ACCEPT = "accept"
    TELL_SUPPLEMENT = "tell_supplement"
    DECLINE = "decline"
    CORRECT = "correct"
    """Ctrl+G: what the applicant puts right on the spot"""
    BRING = "bring"
    """F8: take in what is brought"""
    ISSUE = "issue"
    """F8: hand out"""
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    """F11: a supervisor takes it from a desk that cannot go on"""
    WITHDRAW = "withdraw"
    """Ctrl+W"""
    REOPEN = "reopen"
    """Ctrl+G once it has ended: a new case that corrects the result"""
    ARCHIVE = "archive"
    """F8 on a case that has ended"""
    ADOPT = "adopt"
    """F11: make a decision one's own that came after the hold had gone"""
    STOP_PRINT = "stop_print"
    """While a paper is on its way"""
    BACK = "back"
    """Esc"""


@dataclass(frozen=True, kw_only=True)
class CaseModel:
    """办件: one case, read at a counter."""

    head: CaseHead
    facts: tuple[Fact, ...] = ()
    materials: tuple[MaterialPages, ...] = ()
    selected_page: str | None = None
    page: PageView = field(default_factory=PageView)
    events: tuple[EventLine, ...] = ()
    banner: Banner | None = None
    """Irregular, refused, 等线路…: what a person must do."""
    bar: Bar = field(default_factory=Bar)


class CaseEvents(ActEvents, Protocol):
    """What the case screen tells."""

    def select_page(self, page: str) -> None:
        """A thumbnail, PgUp or PgDn."""

    def move(self, step: int) -> None:
        """PgUp (−1), PgDn (+1)."""

    def page_area(self, width: int, height: int) -> None:
        """The page view's size in device pixels."""


@dataclass(frozen=True, kw_only=True)
class BroughtRow:
    """补正项: one point that was told, why, and whether it is here now."""

    key: str
    ordinal: int
    name: str
    reason: Text
    state: Chip
    states: tuple[Option, ...]
    """未交, 已扫描, 原件已核…: as segmented buttons."""
    chosen: str = ""
    thumbnails: tuple[Picture, ...] = ()
    is_selected: bool = False


class SupplementAct(StrEnum):
    """Acts of the supplement entry."""

    SCAN = "scan"
    """F5"""
    BRING = "bring"
    """F8: take in what is here, print its receipt"""
    PRINT = "print"
    """Ctrl+P: print the receipt again"""
    CASE = "case"
    """Enter: the case, once everything is in"""
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class SupplementModel:
    """补正登记: what was asked for, until when, what has been brought."""

    head: CaseHead
    told: Text
    until: Chip | None
    rows: tuple[BroughtRow, ...] = ()
    person: tuple[Field, ...] = ()
    """Who brings it: name, and what shows that they may (receipt, card)."""
    banner: Banner | None = None
    bar: Bar = field(default_factory=Bar)


class SupplementEvents(ActEvents, Protocol):
    """What the supplement entry tells; ``type_in`` also tells the fields of ``person``."""

    def choose(self, key: str, state: str) -> None:
        """The state of one point."""

    def select(self, key: str) -> None:
        """Alt+n or a click: the target of scanning."""


class IssueAct(StrEnum):
    """Acts of the issue screen."""

    PRINT = "print"
    """Ctrl+P: print what is selected"""
    CONFIRM_PRINT = "confirm_print"
    """F9 after printing on numbered stock: it came out well"""
    VOID_PRINT = "void_print"
    """F10: spoiled"""
    DELIVER = "deliver"
    """F8: handed out, signed for"""
    ARCHIVE = "archive"
    """F8 once it is concluded"""
    READ_CARD = "read_card"
    """F3: the card of who receives"""
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class ResultPaper:
    """结果纸张: one paper to hand out, its serial, its print state."""

    key: str
    name: Text
    detail: Text
    state: Chip
    is_selected: bool = False


@dataclass(frozen=True, kw_only=True)
class IssueModel:
    """出件: what was granted, the papers, to whom, how."""

    head: CaseHead
    papers: tuple[ResultPaper, ...] = ()
    methods: tuple[Option, ...] = ()
    method: str = ""
    fields: tuple[Field, ...] = ()
    """Recipient, identity number, what was signed…"""
    after: tuple[Text, ...] = ()
    """办后须知, read out to the holder when the papers are handed over."""
    preview: PageView = field(default_factory=PageView)
    progress: Progress | None = None
    """A paper on its way through the printer."""
    banner: Banner | None = None
    bar: Bar = field(default_factory=Bar)


class IssueEvents(ActEvents, Protocol):
    """What the issue screen tells; ``type_in`` also tells its fields."""

    def select_paper(self, key: str) -> None:
        """Alt+n or a click."""

    def choose_method(self, key: str) -> None:
        """窗口, 邮寄…"""

    def cancel_print(self) -> None:
        """The progress' 取消."""

    def page_area(self, width: int, height: int) -> None:
        """The preview's size in device pixels."""
