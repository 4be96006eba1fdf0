"""SANE 扫描驱动: any scanner that the system's libsane can reach, as a `ScannerDriver`.

Rules kept here:

* a batch from a feeder is start, read, start, read … without a cancel in between, then one cancel;
* a feeder that tells its end while a page is read has ended all the same, once there was a page;
* how a batch went is told before the device is let go: backends hang in a cancel now and then;
* every option that a batch set is put back, because backends keep them for the next one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from ctypes import c_void_p
from dataclasses import dataclass, field
from typing import TypeVar

from yichuang_client.devices import sane_library as sane
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.sane_library import Library
from yichuang_client.devices.sane_options import Options
from yichuang_client.devices.sane_page import PageReader
from yichuang_client.devices.scanning import (
    USUAL_RESOLUTIONS,
    ColourMode,
    OptionValue,
    PageSink,
    ScanArea,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)

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
            kept = _Kept(options)
            try:
                _apply(kept, settings)
                for name, value in settings.options.items():
                    kept.set(name, value)
                count = self._batch(handle, options, settings, sink, cancel)
                sink.ending(None)
                return count
            except DeviceError as error:
                sink.ending(error)
                raise
            finally:
                self._loaded().raw.sane_cancel(handle)
                kept.put_back()

    def _batch(
        self, handle: c_void_p, options: Options, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]
    ) -> int:
        is_feeder = settings.source is not None and settings.source.is_feeder
        limit = settings.pages if is_feeder else 1
        dpi = options.get("resolution") if "resolution" in options else None
        reader = PageReader(library=self._loaded(), handle=handle, dpi=int(dpi or 0), sink=sink, cancel=cancel)
        count = 0
        while limit is None or count < limit:
            if cancel():
                raise DeviceError(Trouble.CANCELLED, "between pages")
            try:
                sane.check(self._loaded().raw.sane_start(handle), "sane_start")
                reader.read()
            except DeviceError as error:
                if error.trouble is Trouble.FEEDER_EMPTY and count:
                    break
                raise
            count += 1
        return count


class _Kept:
    """Options that are set for a batch, and how they were before."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._before: dict[str, OptionValue] = {}

    def set(self, name: str, value: OptionValue) -> None:
        """Set an option; raises DeviceError(BAD_SETTING, name)."""
        was = self.options.get(name) if name in self.options else None
        self.options.set(name, value)
        if was is not None:
            self._before.setdefault(name, was)

    def put_back(self) -> None:
        """Set them as they were, the last one first; what cannot be set any more stays."""
        for name, value in reversed(self._before.items()):
            with contextlib.suppress(DeviceError):
                self.options.set(name, value)


def _apply(kept: _Kept, settings: ScanSettings) -> None:
    """Set what the settings name, in the order in which options depend on each other."""
    if settings.source is not None:
        _choose(kept, "source", settings.source, _source)
    if settings.mode is not None:
        _choose(kept, "mode", settings.mode, _mode)
    if settings.depth is not None:
        kept.set("depth", settings.depth)
    if settings.resolution is not None:
        kept.set("resolution", settings.resolution)
    if settings.area is not None:
        area = settings.area
        corners = (area.left, area.top, area.left + area.width, area.top + area.height)
        for name, value in zip(_EDGES, corners, strict=True):
            row = kept.options.describe(name)
            kept.set(name, min(max(value, row.minimum or 0.0), value if row.maximum is None else row.maximum))


def _choose(kept: _Kept, name: str, wanted: _T, meaning: Callable[[str], _T | None]) -> None:
    """Set a string option to the backend's word for `wanted`."""
    for word in kept.options.describe(name).choices:
        if meaning(str(word)) is wanted:
            kept.set(name, word)
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
