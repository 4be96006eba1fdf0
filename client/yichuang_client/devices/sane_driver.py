"""SANE 扫描驱动: any scanner that the system's libsane can reach, as a `ScannerDriver`.

Rules kept here:

* a page is whole only when its clean end was seen and rows got = rows expected: a cancelled SANE read ends
  like a finished one, only short;
* a driver's height of -1 (hand scanners) means that the rows are counted at the end;
* a batch from a feeder is start, read, start, read … without a cancel in between, then one cancel;
* how a batch went is told before the device is let go: backends hang in a cancel now and then;
* options that a batch set by name are put back, because backends keep them for the next one.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_int, c_uint8, c_void_p, cast
from dataclasses import dataclass, field
from typing import TypeVar

from yichuang_client.devices import sane_library as sane
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.sane_library import Library, Parameters, Status
from yichuang_client.devices.sane_options import Options
from yichuang_client.devices.scanning import (
    ColourMode,
    Frame,
    OptionValue,
    PageSink,
    ScanArea,
    ScanCancelled,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)

READ_BYTES = 1 << 18
"""Most bytes asked for in one read: small enough that a cancel is seen soon."""
USUAL_RESOLUTIONS = (75, 100, 150, 200, 240, 300, 400, 600, 1200)
"""Offered, where it lies in the range, by a device that names only a range."""
_T = TypeVar("_T")
_EDGES = ("tl-x", "tl-y", "br-x", "br-y")


@dataclass(kw_only=True)
class SaneDriver:
    """SANE 驱动: loads libsane on its first call, so that the object may be made and sent anywhere."""

    config_dir: str | None = None
    """Folder of dll.conf and its companions; None: the system's."""
    _library: Library | None = field(default=None, init=False, repr=False)

    def _loaded(self) -> Library:
        if self._library is None:
            self._library = Library(config_dir=self.config_dir)
        return self._library

    @contextlib.contextmanager
    def _opened(self, device: str) -> Iterator[tuple[c_void_p, Options]]:
        library = self._loaded()
        handle = library.open(device)
        try:
            yield handle, Options(library, handle)
        finally:
            library.close(handle)

    def list(self) -> tuple[ScannerDevice, ...]:
        """The devices that any backend of the configuration sees."""
        return tuple(
            ScannerDevice(name=row.name, vendor=row.vendor, model=row.model) for row in self._loaded().devices()
        )

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What the device offers; raises DeviceError."""
        with self._opened(device) as (_, options):
            table = {name: options.describe(name) for name in options}
            sources = tuple(_by_name(_source, table["source"].choices)) if "source" in table else ()
            modes = tuple(_by_name(_mode, table["mode"].choices)) if "mode" in table else ()
            depths = tuple(int(value) for value in table["depth"].choices) if "depth" in table else ()
            edges = [table[name] for name in _EDGES if name in table]
            area = None
            if len(edges) == len(_EDGES) and edges[0].unit == "mm":
                right, bottom = edges[2].maximum or 0.0, edges[3].maximum or 0.0
                area = ScanArea(left=0.0, top=0.0, width=right, height=bottom)
            resolution = table.get("resolution")
            resolutions: tuple[int, ...] = ()
            if resolution is not None and resolution.choices:
                resolutions = tuple(int(value) for value in resolution.choices)
            elif resolution is not None:
                low, high = resolution.minimum or 0, resolution.maximum or 0
                resolutions = tuple(value for value in USUAL_RESOLUTIONS if low <= value <= high)
            return ScannerCapabilities(
                sources=sources, modes=modes, depths=depths, resolutions=resolutions, area=area, options=table
            )

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take a batch; see `ScannerDriver.scan`."""
        with self._opened(settings.device) as (handle, options):
            before: list[tuple[str, OptionValue]] = []
            try:
                _apply(options, settings)
                for name, value in settings.options.items():
                    was = options.get(name) if name in options else None
                    options.set(name, value)
                    if was is not None:
                        before.append((name, was))
                count = self._batch(handle, options, settings, sink, cancel)
                sink.ending(None)
                return count
            except DeviceError as error:
                sink.ending(error)
                raise
            finally:
                self._loaded().raw.sane_cancel(handle)
                for name, value in reversed(before):
                    with contextlib.suppress(DeviceError):
                        options.set(name, value)

    def _batch(
        self, handle: c_void_p, options: Options, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]
    ) -> int:
        is_feeder = settings.source is not None and settings.source.is_feeder
        limit = settings.pages if is_feeder else 1
        dpi = options.get("resolution") if "resolution" in options else None
        count = 0
        while limit is None or count < limit:
            if cancel():
                raise DeviceError(Trouble.CANCELLED, "between pages")
            status = self._loaded().raw.sane_start(handle)
            if status == Status.NO_DOCS and count:
                break
            sane.check(status, "sane_start")
            self._page(handle, int(dpi or 0), sink, cancel)
            count += 1
        return count

    def _page(self, handle: c_void_p, dpi: int, sink: PageSink, cancel: Callable[[], bool]) -> None:
        parameters = self._parameters(handle)
        try:
            room = sink.open_page()
        except ScanCancelled:
            raise DeviceError(Trouble.CANCELLED, "before a page") from None
        is_whole = False
        try:
            got = self._read(handle, room, sink, cancel)
            frame = _frame(parameters, got, dpi)
            is_whole = True
        finally:
            if not is_whole:
                sink.drop()
        sink.commit(frame)

    def _parameters(self, handle: c_void_p) -> Parameters:
        parameters = Parameters()
        sane.check(self._loaded().raw.sane_get_parameters(handle, byref(parameters)), "sane_get_parameters")
        is_plain = parameters.format == sane.FRAME_GRAY or (
            parameters.format == sane.FRAME_RGB and parameters.depth != 1
        )
        if not is_plain or not parameters.last_frame or parameters.depth not in (1, 8, 16):
            # three passes, 1-bit colour and vendor formats: no scanner of the last twenty years needs them
            raise DeviceError(Trouble.BAD_SETTING, f"format {parameters.format}, depth {parameters.depth}")
        return parameters

    def _read(self, handle: c_void_p, room: memoryview, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Read until the clean end; return how many bytes came."""
        raw, length, got = self._loaded().raw, c_int(), 0
        base = ctypes.addressof(c_uint8.from_buffer(room))
        while True:
            if cancel():
                raise DeviceError(Trouble.CANCELLED, "in a page")
            space = min(READ_BYTES, len(room) - got)
            if space == 0:
                raise DeviceError(Trouble.BAD_SETTING, "the page is larger than the memory for one page")
            status = raw.sane_read(handle, cast(c_void_p(base + got), POINTER(c_uint8)), space, byref(length))
            if status == Status.EOF:
                return got
            sane.check(status, "sane_read")
            got += length.value
            sink.advanced(length.value)


def _frame(parameters: Parameters, got: int, dpi: int) -> Frame:
    """The frame of a page of which `got` bytes came; raises DeviceError(CANCELLED) for a short one."""
    stride = parameters.bytes_per_line
    rows, rest = divmod(got, stride) if stride > 0 else (0, 1)
    if rest or rows == 0 or (parameters.lines >= 0 and rows < parameters.lines):
        raise DeviceError(Trouble.CANCELLED, f"{rows} of {parameters.lines} rows")
    if parameters.lines >= 0 and rows > parameters.lines:
        raise DeviceError(Trouble.COMMUNICATION, f"{rows} of {parameters.lines} rows")
    return Frame(
        width=parameters.pixels_per_line,
        height=rows,
        depth=parameters.depth,
        channels=3 if parameters.format == sane.FRAME_RGB else 1,
        stride=stride,
        dpi=dpi,
    )


def _apply(options: Options, settings: ScanSettings) -> None:
    """Set what the settings name, in the order in which options depend on each other."""
    if settings.source is not None:
        _choose(options, "source", settings.source, _source)
    if settings.mode is not None:
        _choose(options, "mode", settings.mode, _mode)
    if settings.depth is not None:
        options.set("depth", settings.depth)
    if settings.resolution is not None:
        options.set("resolution", settings.resolution)
    if settings.area is not None:
        area = settings.area
        corners = (area.left, area.top, area.left + area.width, area.top + area.height)
        for name, value in zip(_EDGES, corners, strict=True):
            row = options.describe(name)
            options.set(name, min(max(value, row.minimum or 0.0), value if row.maximum is None else row.maximum))


def _choose(options: Options, name: str, wanted: _T, meaning: Callable[[str], _T | None]) -> None:
    """Set a string option to the backend's word for `wanted`."""
    for word in options.describe(name).choices:
        if meaning(str(word)) is wanted:
            options.set(name, word)
            return
    raise DeviceError(Trouble.BAD_SETTING, name)


def _by_name(meaning: Callable[[str], _T | None], words: tuple[OptionValue, ...]) -> Iterator[_T]:
    found = [meaning(str(word)) for word in words]
    return iter(dict.fromkeys(value for value in found if value is not None))


def _source(word: str) -> Source | None:
    """The source that a backend's word means: the standard leaves the words to each backend."""
    low = word.lower()
    if "duplex" in low:
        return Source.FEEDER_DUPLEX
    if "adf" in low or "feeder" in low:
        return Source.FEEDER
    return Source.FLATBED if "flatbed" in low or "glass" in low else None


def _mode(word: str) -> ColourMode | None:
    """The colour mode that a backend's word means."""
    low = word.lower()
    if "lineart" in low or "black" in low or "binary" in low:
        return ColourMode.LINEART
    if "gray" in low or "grey" in low:
        return ColourMode.GRAY
    return ColourMode.COLOUR if "colo" in low else None
