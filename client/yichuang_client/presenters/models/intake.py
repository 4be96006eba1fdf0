"""受理登记 and 一口清: what the intake screen and the briefing show and tell.

Rules kept here: exactly one state a material; a missing fact is a message, never blank; a green state says who or
what verified it and when; the view never computes what is missing.
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
    Field,
    Option,
    Picture,
    Text,
    Tone,
)
from yichuang_client.presenters.typed_card import TypedCard


class IntakeAct(StrEnum):
    """Acts of the intake screen, told by ``act``."""

    SCAN = "scan"
    """F5"""
    CHECK = "check"
    """F6 核验"""
    RECEIVE = "receive"
    """F8 收件"""
    ACCEPT = "accept"
    """F9 受理"""
    TELL_SUPPLEMENT = "tell_supplement"
    """F10 补正告知"""
    DECLINE = "decline"
    """F12 不予受理"""
    SEARCH = "search"
    """F2: back to the item search"""
    READ_CARD = "read_card"
    """F3"""
    BRIEF = "brief"
    """F7 一口清"""
    DEFER = "defer"
    """Alt+R 容缺 of the selected material"""
    USE_CERTIFICATES = "use_certificates"
    """Alt+C 证照免交 of what is offered, or of the selected material not any more"""
    SEE_ALL_ORIGINALS = "see_all_originals"
    """A: 全部原件已核"""
    WITHDRAW = "withdraw"
    """Ctrl+W"""
    UNDO = "undo"
    """Ctrl+Z"""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """命中: one row of the search, best first."""

    code: str
    name_parts: tuple[tuple[str, bool], ...]
    """The name in pieces; True marks what matched."""
    reason: Text
    """市场监管 · 近 30 天 21 件, or 现名… for a former name."""
    is_selected: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchBox:
    """事项搜索: query, hits, how many there are."""

    query: str = ""
    placeholder: Text = ""
    hits: tuple[Hit, ...] = ()
    """The first three; none once an item is chosen and the window is low."""
    count: Text = ""
    hint: Text = ""
    folded: Text = ""
    """What stands instead of the hits once an item is chosen and the window is low."""
    note: Chip | None = None
    """E.g. 目录更新中，现用第 36 版."""


@dataclass(frozen=True, kw_only=True)
class Frequent:
    """常办: one of the nine items of this window's last 30 days; Alt+n."""

    code: str
    name: str
    detail: Text


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """没办完: a draft kept on this machine; Alt+Q, Alt+W."""

    draft: str
    title: Text
    chip: Chip | None
    at: Text


@dataclass(frozen=True, kw_only=True)
class StartModel:
    """Nothing chosen yet: 办什么事？"""

    search: SearchBox
    card_hint: Text
    frequent_hint: Text
    frequent: tuple[Frequent, ...] = ()
    drafts_title: Text = ""
    drafts_hint: Text = ""
    drafts: tuple[DraftLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """事项要点: name, chip, eight facts (the low window shows the first four)."""

    name: str
    chips: tuple[Chip, ...] = ()
    """承诺件, 示范, 暂定…"""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """情形: one question with its options; ``chosen`` is an option's key."""

    key: str
    text: str
    options: tuple[Option, ...]
    chosen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """情形块."""

    summary: Text
    """3 问已答 3，应交 6 件"""
    questions: tuple[QuestionRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApplicantForm:
    """申请人块: kind, the fields of that kind and of the item's own form, the agent."""

    kinds: tuple[Option, ...]
    kind: str
    fields: tuple[Field, ...]
    """Key ``name``, ``id_number``, ``phone``, ``credit_code``, ``operator``…, then ``form.<key>`` of the item."""
    check: Chip | None = None
    """The line below: 校验位正确 · 身份证读卡 10:24."""
    has_agent: bool = False
    agent_hint: Text = ""
    agent_fields: tuple[Field, ...] = ()
    can_read_card: bool = True
    card_note: Text = ""
    """读卡中断，可手输."""


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """材料行: ordinal, name, requirement, pages, exactly one state and its evidence."""

    key: str
    ordinal: int
    name: Text
    requirement: Text
    state: Chip
    evidence: Text
    thumbnails: tuple[Picture, ...] = ()
    """At most three, 50 high (44 when low, 60 when wide)."""
    more_pages: int = 0
    """Pages beyond those shown: +n."""
    is_selected: bool = False
    """Target of scanning and of Alt+R; ringed."""
    tone: Tone | None = None
    """DANGER for the missing row that is the target: tinted."""


@dataclass(frozen=True, kw_only=True)
class Materials:
    """材料块: summary, counts that jump to the first such row, the rows in their fixed order."""

    summary: Text
    counts: tuple[tuple[str, Chip], ...] = ()
    """Key of the first such material, and the chip 缺 1 / 容缺 1 / 齐 4."""
    rows: tuple[MaterialRow, ...] = ()
    no_longer: tuple[MaterialRow, ...] = ()
    """不再需要: scanned, but no longer asked for."""
    empty: Text = ""
    """无 (nothing is needed) or 目录未载."""


@dataclass(frozen=True, kw_only=True)
class RecentCase:
    """此人近期办件, on wide screens."""

    title: Text
    at: Text
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class Preview:
    """预览, on wide screens: one page of the selected material."""

    title: Text
    count: Text
    picture: Picture | None = None
    waiting: Text = ""


@dataclass(frozen=True, kw_only=True)
class CaseForm:
    """An item is chosen: everything of the case in hand."""

    search: SearchBox
    item: ItemFacts
    situation: Situation
    applicant: ApplicantForm
    materials: Materials
    recent: tuple[RecentCase, ...] = ()
    preview: Preview | None = None


@dataclass(frozen=True, kw_only=True)
class IntakeModel:
    """受理登记: either the start page or the form; the bar belongs to both."""

    body: StartModel | CaseForm
    bar: Bar = field(default_factory=Bar)
    banner: Banner | None = None


class IntakeEvents(ActEvents, Protocol):
    """What the intake screen tells. ``type_in`` also tells the applicant's and the agent's fields."""

    def search(self, query: str) -> None:
        """The query changed (committed text, debounced by the view)."""

    def move_hit(self, step: int) -> None:
        """Up (−1) or down (+1) in the hits."""

    def choose_hit(self, code: str) -> None:
        """Enter, a digit or a click on a hit or a frequent item; empty: Enter without a hit."""

    def open_draft(self, draft: str) -> None:
        """Alt+Q, Alt+W or a click."""

    def answer(self, question: str, option: str) -> None:
        """An option of a situation's question."""

    def choose_kind(self, kind: str) -> None:
        """The applicant's kind."""

    def enter(self, place: str) -> None:
        """Something of the screen got the focus: a field, an option, the materials."""

    def leave(self, key: str) -> None:
        """A field lost the focus: the draft is saved."""

    def unmask(self, key: str) -> None:
        """A masked field got the focus and shows its full value (logged)."""

    def typed_card(self, card: TypedCard) -> None:
        """A reader that stands for a keyboard typed a card into the form; the fields hold what they held before."""

    def toggle_agent(self, has_agent: bool) -> None:
        """Alt+D or the box."""

    def select_material(self, key: str) -> None:
        """Alt+n, arrows or a click."""

    def material_states(self, key: str) -> None:
        """Enter or a double click on a material: its next possible state (原件已核…)."""

    def preview_page(self, step: int) -> None:
        """PgUp (−1), PgDn (+1) in the preview."""

    def resized(self, width: int, height: int) -> None:
        """The work area's size in logical pixels: low (< 740 window) and wide (>= 1600) change what is shown."""


class BriefingAct(StrEnum):
    """Acts of the briefing."""

    BACK = "back"
    """Esc or F7"""
    START = "start"
    """F2: take this item in"""
    PRINT = "print"
    """Ctrl+P: give it to the applicant on paper"""


@dataclass(frozen=True, kw_only=True)
class BriefingSection:
    """One heading and its lines; a section without lines says 目录未载."""

    title: Text
    lines: tuple[Text, ...] = ()
    is_numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class BriefingModel:
    """一口清: everything that the applicant must know, in one go."""

    item: ItemFacts
    sections: tuple[BriefingSection, ...]
    """材料, 条件, 流程, 常见错误, 办后须知, 依据…: drawn in two columns."""
    bar: Bar = field(default_factory=Bar)


class BriefingEvents(ActEvents, Protocol):
    """What the briefing tells."""
