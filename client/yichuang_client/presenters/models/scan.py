"""扫描工作台: the strip of pages, the page, the targets, the speed.

Rules kept here: the number in the jam banner is the last page safely on disk; blanks are marked, never dropped; a
speed that is not live says so.
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
    Picture,
    Progress,
    Text,
    Tone,
)


class ScanAct(StrEnum):
    """Acts of the scan screen."""

    START = "start"
    """F5: feed; Space: continue after a stop"""
    CONTINUE = "continue"
    STOP = "stop"
    """Esc while feeding"""
    INSERT = "insert"
    """Ins"""
    REPLACE = "replace"
    """R"""
    ASSIGN = "assign"
    """M"""
    DROP = "drop"
    """Del, undone by Ctrl+Z"""
    UNDO = "undo"
    CROP = "crop"
    """C: lay a frame around the page; Enter cuts, Esc does not"""
    CUT = "cut"
    SHIFT_BACK = "shift_back"
    """Ctrl+Left, Ctrl+Up: the page goes one place back"""
    SHIFT_ON = "shift_on"
    """Ctrl+Right, Ctrl+Down: one place on"""
    SEPARATORS = "separators"
    """F11: print separator sheets"""
    FINISH = "finish"
    """F4: done, back to the intake"""
    FIND = "find"
    """F5 when no scanner was found: look again"""
    IMPORT = "import"
    """Ctrl+O: take image files instead"""


class Fit(StrEnum):
    """How a page is fitted into the view."""

    WIDTH = "WIDTH"
    PAGE = "PAGE"


@dataclass(frozen=True, kw_only=True)
class StripPage:
    """条上的一页: number, thumbnail (62 high), the word below it."""

    page: str
    """Stable id of the page."""
    number: int
    thumbnail: Picture | None = None
    word: Text = ""
    """空白页, 模糊, 倾斜已纠正, 分隔页, 重扫, 当前, 卡在进纸口."""
    tone: Tone | None = None
    """WARNING for a blank or poor page, DANGER for the one in the feeder, PRIMARY for a separator."""
    is_selected: bool = False


@dataclass(frozen=True, kw_only=True)
class PageView:
    """页面: its title, how it is fitted, its pixels at the view's size."""

    title: Text = ""
    detail: Text = ""
    picture: Picture | None = None
    """Rendered for the size told by ``page_area``; longer than the view when fitted to the width."""
    waiting: Text = ""
    """What the grey sheet says while there is no picture."""
    fit: Fit = Fit.WIDTH
    number: int = 0
    """Which page it is, for the trace."""
    frame: tuple[int, int, int, int] | None = None
    """裁剪框: what would be cut away at the left, the top, the right and the bottom, in hundredths."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """归到哪份材料: one material (or 未归类) and its pages."""

    key: str
    ordinal: int
    """0 for 未归类."""
    name: Text
    count: Text
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Speed:
    """速度: the median of the last minute, the feeder's rating, one sentence that names the bottleneck."""

    number: Text
    label: Text
    """近 1 分钟, or 卡住前 1 分钟 while stopped."""
    rating: Text = ""
    fraction: float | None = None
    """Share of the scale that the bar fills; None where no rating is known, and no bar is drawn."""
    tick: float | None = None
    sentence: Text = ""


@dataclass(frozen=True, kw_only=True)
class ScanModel:
    """扫描工作台."""

    title: Text
    """第 29 – 38 页"""
    hint: Text = ""
    strip: tuple[StripPage, ...] = ()
    """The pages around the selected one; the strip shows ten and scrolls to the selected."""
    newer: Chip | None = None
    """新到 5 页 End, when the clerk looks at an older page."""
    page: PageView = field(default_factory=PageView)
    targets: tuple[Target, ...] = ()
    speed: Speed | None = None
    facts: tuple[Fact, ...] = ()
    """清晰度, 倾斜, 存放."""
    banner: Banner | None = None
    progress: Progress | None = None
    empty: tuple[Text, ...] = ()
    """Lines in the middle when there is no page: put the paper in, press F5…"""
    is_assigning: bool = False
    """Whether M was pressed and the digit of a material is awaited."""
    bar: Bar = field(default_factory=Bar)


class ScanEvents(ActEvents, Protocol):
    """What the scan screen tells."""

    def select_page(self, page: str) -> None:
        """A click on the strip."""

    def move(self, step: int) -> None:
        """Arrow or PgUp/PgDn: −1, +1; ±1000000 for Home and End."""

    def fit(self, fit: str) -> None:
        """W or P."""

    def rotate(self, quarter_turns: int) -> None:
        """[ is −1, ] is +1."""

    def crop_edge(self, edge: str, step: int) -> None:
        """An arrow while the page has a frame: ``left``, ``top``, ``right`` or ``bottom``, 1 inwards, -1 outwards."""

    def choose_target(self, key: str) -> None:
        """M + digit or a click: the next pages (after M: the selected one and those behind it) go to this material."""

    def page_area(self, width: int, height: int) -> None:
        """The page view's size in device pixels; the next picture should fit it."""
