"""页面: the values of a page on its way from glass or file to the store.

A page comes as pixels (`RawPage`) and leaves as the bytes of a file with what was measured on it (`PreparedPage`). It
lives in memory only: encrypting and storing it is the store's task.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from yichuang_client.shared_memory import SharedMemory


class PageProblem(enum.Enum):
    """页面问题: why a file gives no page."""

    EMPTY_FILE = "empty-file"
    """The file has no byte in it, as a crashed program leaves it."""
    NOT_AN_IMAGE = "not-an-image"
    """Neither JPEG, PNG, TIFF, BMP, WebP nor PDF."""
    BROKEN = "broken"
    """The right kind of file, but cut short or damaged."""
    ENCRYPTED = "encrypted"
    """A PDF that asks for a password."""
    TOO_LARGE = "too-large"
    """More bytes, pixels or pages than a counter ever needs."""
    NO_PAGES = "no-pages"
    """A PDF without a single page."""
    UNREADABLE = "unreadable"
    """Not there, a folder, or this user may not read it."""


class PageError(Exception):
    """页面错误: a file cannot be read as pages.

    Attributes:
        problem: the reason, for the catalogue of texts.
        page: the page of the file at which it happened, from 1; 0 when the file as a whole is meant.
    """

    def __init__(self, problem: PageProblem, page: int = 0) -> None:
        super().__init__(f"{problem.value} (page {page})" if page else problem.value)
        self.problem = problem
        self.page = page


class CodeKind(enum.Enum):
    """码制: the kinds of codes that separator sheets and slips carry."""

    QR = "qr"
    CODE_128 = "code-128"
    CODE_39 = "code-39"
    EAN = "ean"
    """EAN-13 and UPC-A: goods, not sheets, but told all the same."""
    PATCH = "patch"
    """A patch code: four bars along an edge of a separator sheet; its text is 1, 2, 3, 4, 6 or T."""


@dataclass(frozen=True, kw_only=True)
class PageCode:
    """页面上的码: one code that was read on a page."""

    kind: CodeKind
    """How it is written."""
    text: str
    """What it says."""


class PageFlaw(enum.Enum):
    """质量问题: why somebody should look at a page again; never a reason to drop it."""

    TOO_DARK = "too-dark"
    """Even the paper is dark."""
    CUT = "cut"
    """Writing runs over an edge of the picture."""
    BLURRED = "blurred"
    """Strokes have no edges."""


@dataclass(frozen=True, kw_only=True)
class Orientation:
    """方向: how a page lies, as a suggestion."""

    turned: int
    """How far the page lies turned, in degrees with the clock: 0, 90, 180 or 270."""
    confidence: float
    """From 0 to 1."""
    is_trusted: bool
    """Whether it may be turned back without asking."""

    @property
    def to_turn(self) -> int:
        """How far to turn it with the clock until it is upright: 0, 90, 180 or 270."""
        return (360 - self.turned) % 360


@dataclass(frozen=True, kw_only=True)
class LentPixels:
    """借来的像素: where in whose memory the pixels lie, so that a page process reads them there."""

    memory: SharedMemory
    """What a page process can map."""
    offset: int
    """Where in it the first row begins; the others follow without a gap."""
    give_back: Callable[[], None]
    """Called once when nobody reads them any more; from any thread."""


@dataclass(frozen=True, kw_only=True)
class RawPage:
    """原始页: pixels of one page as a device or a file gave them."""

    pixels: NDArray[Any]
    """Rows × columns (gray) or rows × columns × 3 (red, green, blue), uint8 or uint16; 0 is black."""
    dpi: int
    """Dots per inch; 0 when nobody knows."""
    lent: LentPixels | None = None
    """Set when the pixels are somebody else's memory."""


class Vault(Protocol):
    """页库: writes finished pages where they stay; travels to the process that finishes them."""

    def write(self, page: str, data: bytes) -> str:
        """Keep the bytes of the page with this hash, durable; returns its file's name.

        What it raises can be sent from process to process.
        """


@dataclass(frozen=True, kw_only=True)
class PageImage:
    """看的图: a page as small as it is looked at."""

    width: int
    """Pixels a row."""
    height: int
    """Rows."""
    is_gray: bool
    """One byte a pixel; otherwise three: red, green, blue."""
    pixels: bytes
    """Row by row."""


@dataclass(frozen=True, kw_only=True)
class PreparedPage:
    """成品页: one page ready to be stored and shown."""

    data: bytes
    """The page as JFIF, or as TIFF in G4 when it is black and white; these bytes are what is stored and hashed.

    Empty when they were written already."""
    thumbnail: PageImage
    """How strips and lists show it."""
    width: int
    """Pixels a row."""
    height: int
    """Rows."""
    dpi: int
    """Dots per inch, 0 when unknown."""
    blank_score: float
    """Share of the page's inner part that carries marks, in per cent; what `is_blank` was judged by."""
    is_blank: bool
    """Marked as blank. A blank page is kept like any other; only a person drops one."""
    skew_degrees: float
    """How far the page lay askew, clockwise positive; 0.0 when the estimate was not trusted."""
    is_straightened: bool
    """Whether it was turned upright by that angle."""
    sha256: str
    """SHA-256 of `data` in hex: the page's name."""
    size: int
    """Bytes of `data`."""
    file: str = ""
    """Name of the file into which a `Vault` wrote it."""
    skew_confidence: float = 0.0
    """How sure the angle is, from 0 to 1; also told when it was not trusted."""
    codes: tuple[PageCode, ...] = ()
    """The codes on it, from top to bottom."""
    flaws: tuple[PageFlaw, ...] = ()
    """What is wrong with the picture of it."""
    view: PageImage | None = None
    """How it looks in the box that was asked for."""
    seconds: float = field(default=0.0, compare=False)
    """How long it took."""
