"""扫描: the values and the two protocols every scanner driver and its caller share.

A driver is three calls (`ScannerDriver`). It writes the rows of a page straight into the memory that the
sink lends it, and says of each page whether it is whole. **A page is real only when its clean end was
seen and all its rows arrived**; anything less is dropped by the driver and never reaches a caller.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from yichuang_client.devices.errors import DeviceError, Trouble

if TYPE_CHECKING:  # a driver's process never loads numpy
    from yichuang_client.devices.pixels import Pixels
    from yichuang_client.shared_memory import SharedMemory

OptionValue = bool | int | float | str
"""A value of a driver's own option; lengths in millimetres, resolutions in dots per inch."""
USUAL_RESOLUTIONS = (75, 100, 150, 200, 240, 300, 400, 600, 1200)
"""Offered, where it lies in the range, by a device that names only a range."""


class Source(enum.Enum):
    """进纸方式: where the sheets come from."""

    FLATBED = "flatbed"
    FEEDER = "feeder"
    FEEDER_DUPLEX = "feeder-duplex"

    @property
    def is_feeder(self) -> bool:
        """Whether one batch may take many sheets."""
        return self is not Source.FLATBED


class ColourMode(enum.Enum):
    """色彩: what one pixel tells."""

    LINEART = "lineart"
    GRAY = "gray"
    COLOUR = "colour"


@dataclass(frozen=True, kw_only=True)
class ScannerDevice:
    """扫描仪: one device that a driver found."""

    name: str
    """The driver's own name of the device, e.g. "test:0"; what `ScanSettings.device` takes."""
    vendor: str
    """Maker as the driver tells it."""
    model: str
    """Model as the driver tells it."""


@dataclass(frozen=True, kw_only=True)
class ScanArea:
    """扫描区域: a rectangle of the glass or sheet, in millimetres from its top left corner."""

    left: float = 0.0
    """Distance from the left edge."""
    top: float = 0.0
    """Distance from the top edge."""
    width: float = 210.0
    """Width; what lies beyond the device's glass is cut off."""
    height: float = 297.0
    """Height; what lies beyond the device's glass is cut off."""


@dataclass(frozen=True, kw_only=True)
class ScannerOption:
    """驱动选项: one option of a driver as it stands now."""

    name: str
    """The driver's name, e.g. "resolution"."""
    kind: str
    """bool, int, fixed, string, button."""
    unit: str
    """none, pixel, bit, mm, dpi, percent, microsecond."""
    value: OptionValue | None
    """Present value; None for a button, an array or an inactive option."""
    choices: tuple[OptionValue, ...] = ()
    """Allowed values when the driver lists them."""
    minimum: float | None = None
    """Lower end of a range."""
    maximum: float | None = None
    """Upper end of a range."""
    is_active: bool = True
    """Whether it may be set now; other options may switch it on or off."""


@dataclass(frozen=True, kw_only=True)
class ScannerCapabilities:
    """扫描仪能力: what a device offers; an empty tuple means that the thing cannot be chosen."""

    sources: tuple[Source, ...]
    """Feeder, glass, both."""
    modes: tuple[ColourMode, ...]
    """Colour modes."""
    depths: tuple[int, ...]
    """Bits a sample."""
    resolutions: tuple[int, ...]
    """Dots per inch: the listed ones, or the usual ones inside the device's range."""
    area: ScanArea | None
    """The largest area, None when the device has no such notion."""
    options: Mapping[str, ScannerOption]
    """Every option by name, for a settings page and for `ScanSettings.options`."""


@dataclass(frozen=True, kw_only=True)
class ScanSettings:
    """扫描设置: what to scan and how; None leaves the device's own choice."""

    device: str
    """Name from `ScannerDevice.name`."""
    source: Source | None = None
    """Feeder or glass; None: one page from wherever the device takes it."""
    mode: ColourMode | None = None
    """Colour mode."""
    depth: int | None = None
    """Bits a sample: 1, 8 or 16."""
    resolution: int | None = None
    """Dots per inch."""
    area: ScanArea | None = None
    """Area; cut to what the device has."""
    pages: int | None = None
    """Most pages to take from a feeder; None: until it is empty."""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    """Driver options by name, set last and in this order, put back after the batch."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """页面格式: how the bytes of one whole page are to be read."""

    width: int
    """Pixels a row."""
    height: int
    """Rows."""
    depth: int
    """Bits a sample: 1, 8 or 16."""
    channels: int
    """1 gray, 3 red-green-blue."""
    stride: int
    """Bytes a row, padding included."""
    dpi: int
    """Dots per inch, 0 when the driver does not tell."""
    planes: tuple[int, ...] = ()
    """Three passes: which colour each of the planes is that lie one after the other; empty: pixels are whole."""


class ScanCancelled(Exception):
    """已取消: told to a driver by the sink when the batch was stopped while it waited for memory."""


class PageSink(Protocol):
    """页面去处: where a driver puts its pages, one at a time."""

    def open_page(self) -> memoryview:
        """Lend memory for one page, waiting until some is free; raises ScanCancelled."""

    def advanced(self, count: int) -> None:
        """Tell that `count` bytes of the open page are there: the sign of life the watchdog looks for."""

    def commit(self, frame: Frame) -> None:
        """The open page is whole."""

    def drop(self) -> None:
        """The open page is not whole; its bytes are forgotten."""

    def ending(self, error: DeviceError | None) -> None:
        """No more pages will come, and why; told before the device is let go, for that may hang."""


class ScannerDriver(Protocol):
    """扫描驱动: three calls, all made in the driver's own process; all raise DeviceError."""

    def list(self) -> tuple[ScannerDevice, ...]:
        """The devices that can be seen now."""

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What a device offers."""

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take pages until the feeder is empty, `pages` are taken or `cancel()` is true; return how many.

        Raises DeviceError with the trouble that ended the batch; FEEDER_EMPTY only when not one page was
        taken, CANCELLED when it was stopped. Pages committed before an error are good.
        """


@dataclass(frozen=True, kw_only=True)
class PageStarted:
    """开始一页: a sheet is being read."""

    number: int
    """Counted from 1 in the batch."""


@dataclass(frozen=True, kw_only=True)
class Lent:
    """借出: where a page lies in the memory that the driver fills; another process may map it."""

    memory: SharedMemory
    """What it can map."""
    offset: int
    """Where in it the first row begins; the rows follow each other without a gap."""
    give_back: Callable[[], None]
    """To be called once nobody looks at the pixels any more, from any thread: the driver waits for the room."""


@dataclass(frozen=True, kw_only=True)
class PageScanned:
    """一页扫完: a whole page."""

    number: int
    """Counted from 1 in the batch."""
    width: int
    """Pixels a row."""
    height: int
    """Rows."""
    depth: int
    """Bits a sample as scanned; 1-bit pixels come as uint8 0 or 255, 16-bit ones as uint16."""
    dpi: int
    """Dots per inch, 0 when unknown."""
    pixels: Pixels
    """The page; a copy that belongs to the receiver unless it is lent."""
    lent: Lent | None = None
    """Set when `pixels` are the scanner's own memory."""


@dataclass(frozen=True, kw_only=True)
class BatchEnded:
    """一批结束: the batch is complete."""

    count: int
    """Pages taken."""


@dataclass(frozen=True, kw_only=True)
class TroubleMet:
    """遇到故障: the batch stopped; every page told before is good and kept."""

    trouble: Trouble
    """The kind."""
    detail: str
    """A technical word for logs."""
    count: int
    """Good pages taken before."""


ScanEvent = PageStarted | PageScanned | BatchEnded | TroubleMet
"""What `ScanWorker.scan_pages` yields; the last one is BatchEnded or TroubleMet."""
