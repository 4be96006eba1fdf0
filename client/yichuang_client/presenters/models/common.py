"""What all screens' models are made of: texts to be translated, chips, facts, fields, tables, the action bar.

Rules kept here: no tkinter; every value is frozen, so that a view redraws only what changed; no language: a text
is a message of the catalogue with its arguments, or data that is shown as it is (a name from the catalogue).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Protocol, TypeVar

T = TypeVar("T")
M_contra = TypeVar("M_contra", contravariant=True)


class TimeStyle(StrEnum):
    """How a moment is written."""

    FULL = "FULL"
    """2026-11-24 周二 10:26"""
    SHORT = "SHORT"
    """11-24 10:26"""
    CLOCK = "CLOCK"
    """10:26"""
    SECONDS = "SECONDS"
    """10:26:30"""
    DAY = "DAY"
    """2026-11-24"""
    MONTH_DAY = "MONTH_DAY"
    """11-24"""
    DAY_WEEKDAY = "DAY_WEEKDAY"
    """2026-11-24 周二"""


@dataclass(frozen=True, kw_only=True)
class When:
    """时刻: a moment or a day, written by the screen; an aware moment is shown in China's time."""

    value: datetime | date
    style: TimeStyle = TimeStyle.SHORT


@dataclass(frozen=True, kw_only=True)
class Span:
    """时长: whole minutes, written as 24 分钟 or 4 时 35 分."""

    minutes: int


@dataclass(frozen=True)
class Message:
    """文案: a message of the catalogue and its arguments, sorted by name."""

    key: str
    args: tuple[tuple[str, Argument], ...] = ()


@dataclass(frozen=True)
class Joined:
    """并列: several texts with a middle dot or another separator of the catalogue between them."""

    parts: tuple[Text, ...]
    separator: str = "common.dot"


Text = str | Message | When | Span | Joined
"""What a person reads: data as it is, or something that the screen puts into words."""
Argument = str | int | Message | When | Span | Joined


def msg(key: str, **args: Argument) -> Message:
    """The message ``key`` of the catalogue with these arguments."""
    return Message(key, tuple(sorted(args.items())))


def joined(*parts: Text, separator: str = "common.dot") -> Joined:
    """Texts in a row; empty ones are left out."""
    return Joined(tuple(part for part in parts if part != ""), separator)


class Tone(StrEnum):
    """色调: what a colour means; the same word always stands beside it."""

    PRIMARY = "primary"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    NEUTRAL = "neutral"


class Mark(StrEnum):
    """图标: an icon by its meaning; the screen knows the glyph."""

    OK = "ok"
    WAIT = "wait"
    MISSING = "missing"
    WARN = "warn"
    STOP = "stop"
    UNKNOWN = "unknown"
    INFO = "info"
    CLOCK = "clock"
    PAUSE = "pause"
    OFFLINE = "offline"
    UNSENT = "unsent"
    DONE_STEP = "done_step"
    CURRENT_STEP = "current_step"
    NEXT_STEP = "next_step"
    LOCK = "lock"


@dataclass(frozen=True, kw_only=True)
class Chip:
    """状态签: icon, word and colour of one state."""

    text: Text
    tone: Tone = Tone.NEUTRAL
    mark: Mark | None = None
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Fact:
    """要点: a label and what it says; an unknown value is the message ``common.not_stated``, never blank."""

    label: Text
    value: Text
    is_strong: bool = False
    tone: Tone | None = None
    chip: Chip | None = None
    """Shown behind the value, at the right."""


class FieldInput(StrEnum):
    """How a field is filled in."""

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    SECRET = "SECRET"
    CHOICE = "CHOICE"


class FieldMark(StrEnum):
    """The live check's answer, drawn inside the field."""

    NONE = "NONE"
    GOOD = "GOOD"
    BAD = "BAD"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of several choices."""

    key: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Field:
    """输入项: one field of a form.

    The view shows ``text`` only when it differs from the text of the model before, so it never fights with what
    the clerk is typing. With ``masked``, the field shows that while it has no focus.
    """

    key: str
    """Stable name; the focus is traced as ``<screen>.<key>``."""
    label: Text
    text: str = field(default="", repr=False)
    masked: str | None = field(default=None, repr=False)
    input: FieldInput = FieldInput.TEXT
    options: tuple[Option, ...] = ()
    """For CHOICE; ``text`` is then the chosen option's key."""
    mark: FieldMark = FieldMark.NONE
    note: Text = ""
    """One sentence below the field; red when the mark is BAD, quiet otherwise."""
    placeholder: Text = ""
    suggested: Text = ""
    """Typed for the person into the field, and told, when it first appears empty."""
    is_enabled: bool = True
    is_half: bool = False
    """Whether two such fields stand in one row."""
    max_length: int = 200
    unit: str = ""


class ActKind(StrEnum):
    """How a button looks."""

    NORMAL = "normal"
    PRIMARY = "primary"
    """The next valid step; at most one a screen."""
    DANGER = "danger"
    """Irreversible: red outline, far right, behind a rule."""
    SOFT = "soft"


@dataclass(frozen=True, kw_only=True)
class Act:
    """操作: one button with its key. Pressing key or button calls the screen's ``act(id)``."""

    id: str
    """A member of the screen's act enum."""
    key: str
    """As in the key map: ``F9``, ``Ctrl+D``, ``Enter``, ``Space``, ``Esc``, ``M``; empty for none."""
    label: Text
    kind: ActKind = ActKind.NORMAL
    is_enabled: bool = True
    blocked_by: str | None = None
    """While disabled, the key moves the focus to this field and flashes it."""
    reason: str = ""
    """Stable name of why it is disabled; traced when its key is pressed, never shown."""
    starts_group: bool = False
    """Whether a rule stands before it."""
    is_hidden: bool = False
    """Whether only the key works and no button is drawn."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """The action bar's sentence: icon, what stands (bold), of what (bold, dark), what to do (quiet)."""

    mark: Mark = Mark.INFO
    tone: Tone = Tone.PRIMARY
    lead: Text = ""
    subject: Text = ""
    hint: Text = ""


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """确认条: what will happen, to whom, which paper prints; above the action bar, no dialog.

    The focus starts on 返回, or in the first field if there is one. The confirm button repeats verb and object.
    """

    act: str
    """The act that is asked about; ``confirm(act)`` is called."""
    title: Text
    lines: tuple[Text, ...] = ()
    fields: tuple[Field, ...] = ()
    """Reason, ground, terms…; each keystroke calls ``type_in(key, text)``."""
    confirm_label: Text = ""
    kind: ActKind = ActKind.PRIMARY
    can_confirm: bool = True
    blocked_text: Text = ""
    """Why it cannot be confirmed yet."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """操作栏: the sentence and the buttons of one screen, with the strip above them while something is asked."""

    sentence: Sentence = field(default_factory=Sentence)
    acts: tuple[Act, ...] = ()
    confirm: Confirm | None = None


@dataclass(frozen=True, kw_only=True)
class Banner:
    """横幅: one thing that must be read before going on; ``kind`` is traced and never shown."""

    kind: str
    text: Text
    tone: Tone = Tone.WARNING
    mark: Mark = Mark.WARN
    hint: Text = ""
    at: Text = ""
    is_solid: bool = False
    """Solid red is kept for "work has stopped"."""


class PixelFormat(Enum):
    """How a picture's bytes are to be read."""

    GRAY = "L"
    RGB = "RGB"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """图像: decoded pixels, ready to be drawn in their own size. Two pictures are equal when their keys are.

    Presenters decode and shrink in a worker; the view only draws.
    """

    key: str
    """Page id and size: says everything about the pixels."""
    width: int
    height: int
    format: PixelFormat = PixelFormat.GRAY
    pixels: bytes = field(compare=False, repr=False)


class Align(StrEnum):
    """Where a cell's text stands."""

    LEFT = "w"
    RIGHT = "e"


@dataclass(frozen=True, kw_only=True)
class Column:
    """表列: one column; width in logical pixels."""

    key: str
    title: Text
    width: int
    align: Align = Align.LEFT
    stretches: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """表行: one row: a chip in the first column, then one text a column."""

    key: str
    """Stable: a case id, a deed id…; the selection follows it."""
    chip: Chip | None = None
    cells: tuple[Text, ...] = ()
    tone: Tone | None = None
    """Tint of the whole row: DANGER for what the clerk must do."""
    is_muted: bool = False
    is_strong: bool = False
    is_group: bool = False
    """A heading row: its first cell stands in the chip's column; it cannot be selected."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """表: columns (the first is the chip's), rows in their order, the selected row."""

    chip_title: Text
    chip_width: int = 132
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    selected: str | None = None
    empty: Text = ""
    """What stands in the empty table."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """进度: what is awaited, how far it is, since when; it can be cancelled if ``can_cancel``."""

    text: Text
    fraction: float | None = None
    """0…1, None when it is not known."""
    detail: Text = ""
    can_cancel: bool = False


class View(Protocol[M_contra]):
    """What a presenter may do with its screen, on the Tk thread."""

    def show(self, model: M_contra) -> None:
        """Draw the model; only what changed is redrawn, the focus stays."""

    def focus(self, field: str) -> None:
        """Move the focus to the field with this name (without the screen's prefix) and scroll it into view."""

    def flash(self, field: str) -> None:
        """Move the focus there and flash its ring once."""


class Background(Protocol):
    """后台: work off the Tk thread; its outcome comes back on the Tk thread."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Do ``work`` on the worker's one thread, then call ``done`` or ``failed`` on the Tk thread."""


class Later(Protocol):
    """稍后: the Tk thread's clock, for debouncing and retrying."""

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """Call once after that time; the result cancels it."""

    def post(self, call: Callable[[], None]) -> None:
        """From any thread: call soon on the Tk thread."""


class ActEvents(Protocol):
    """What every screen with an action bar tells its presenter."""

    def act(self, act: str) -> None:
        """A button or its key was pressed; only enabled acts are told."""

    def confirm(self, act: str) -> None:
        """The strip's confirm button was pressed; only when ``can_confirm``."""

    def cancel(self) -> None:
        """返回 or Esc: close the strip, or one level back when none is open."""

    def type_in(self, key: str, text: str) -> None:
        """A field of the strip changed (each keystroke)."""
