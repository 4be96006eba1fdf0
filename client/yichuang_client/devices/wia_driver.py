"""WIA 扫描驱动: the scanners that Windows itself knows, as a `ScannerDriver`.

Rules kept here: no window is shown; pages come as bitmaps, one stream each, and none that is not whole is kept. Written
by the documents, **never run on Windows**. The service calls the maker's driver in a process of its own, so that a
driver of any bitness can be reached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from ctypes import c_int32, c_void_p
from dataclasses import dataclass

from yichuang_client.devices import wia_library as wia
from yichuang_client.devices.com_objects import Pointer, guid, place
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanning import (
    USUAL_RESOLUTIONS,
    ColourMode,
    PageSink,
    ScanArea,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)
from yichuang_client.devices.wia_library import Ole, Properties, WindowsOle, check
from yichuang_client.devices.wia_transfer import Receiver

PREFIX = "wia:"
_DATA_TYPES = {ColourMode.LINEART: 0, ColourMode.GRAY: 2, ColourMode.COLOUR: 3}
_MM_A_THOUSANDTH = 25.4 / 1000
_LOCAL = 0x10


@dataclass(kw_only=True)
class WIADriver:
    """WIA 扫描驱动; travels to a process that is being spawned."""

    ole: Callable[[], Ole] = WindowsOle

    @contextlib.contextmanager
    def _manager(self) -> Iterator[tuple[Ole, Pointer]]:
        ole = self.ole()
        try:
            with ole.manager() as manager:
                yield ole, manager
        finally:
            ole.close()

    @contextlib.contextmanager
    def _opened(self, device: str) -> Iterator[tuple[Ole, Pointer]]:
        """A device's root item."""
        with self._manager() as (ole, manager):
            found, name = c_void_p(), ole.text(device.removeprefix(PREFIX))
            try:
                code = manager.call(wia.CREATE_DEVICE, c_int32(0), c_void_p(name), place(found))
            finally:
                ole.free_text(name)
            check(code, "CreateDevice")
            with Pointer(found.value or 0) as root:
                yield ole, root

    def list(self) -> tuple[ScannerDevice, ...]:
        """The scanners that Windows knows on this machine; raises DeviceError."""
        found = []
        with self._manager() as (ole, manager):
            rows = c_void_p()
            check(manager.call(wia.ENUM_DEVICES, c_int32(_LOCAL), place(rows)), "EnumDeviceInfo")
            with Pointer(rows.value or 0) as devices:
                for storage in wia.each(devices):
                    about = Properties(ole, storage)
                    kind = about.read(wia.DEVICE_TYPE)
                    if isinstance(kind, int) and kind >> 16 == wia.SCANNER:
                        name = f"{PREFIX}{about.read(wia.DEVICE_ID) or ''}"
                        vendor, model = (str(about.read(number) or "") for number in (wia.VENDOR, wia.DEVICE_NAME))
                        found.append(ScannerDevice(name=name, vendor=vendor, model=model))
        return tuple(found)

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What the device offers; raises DeviceError."""
        with self._opened(device) as (ole, root):
            sources: list[Source] = []
            with _properties(ole, root) as about:
                handling = about.read(wia.HANDLING_CAPABILITIES)
            for category, source in ((wia.FEEDER, Source.FEEDER), (wia.FLATBED, Source.FLATBED)):
                with _item(root, (category,)) as item:
                    sources += [source] if item is not None else []
                if (
                    source in sources
                    and source is Source.FEEDER
                    and isinstance(handling, int)
                    and handling & wia.DUPLEX
                ):
                    sources.append(Source.FEEDER_DUPLEX)
            with _item(root, (wia.FLATBED, wia.FEEDER)) as item:
                if item is None:
                    raise DeviceError(Trouble.OFFLINE, "nothing to scan from")
                with _properties(ole, item) as about:
                    types = about.values(wia.DATA_TYPE, ())
                    resolutions = about.values(wia.X_DPI, USUAL_RESOLUTIONS)
                    width, height = about.read(wia.MOST_WIDTH), about.read(wia.MOST_HEIGHT)
        area = None
        if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
            area = ScanArea(width=width * _MM_A_THOUSANDTH, height=height * _MM_A_THOUSANDTH)
        return ScannerCapabilities(
            sources=tuple(sources),
            modes=tuple(mode for mode, number in _DATA_TYPES.items() if number in types),
            depths=(8,),
            resolutions=resolutions,
            area=area,
            options={},
        )

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take a batch; see `ScannerDriver.scan`. An option's name is a property's number: "6154"."""
        with self._opened(settings.device) as (ole, root):
            try:
                count = _batch(ole, root, settings, sink, cancel)
                sink.ending(None)
                return count
            except DeviceError as error:
                sink.ending(error)
                raise


def _batch(ole: Ole, root: Pointer, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
    is_feeder = settings.source is not None and settings.source.is_feeder
    wanted = (wia.FLATBED, wia.FEEDER) if settings.source is None else (wia.FEEDER if is_feeder else wia.FLATBED,)
    limit = settings.pages if is_feeder else 1
    with _item(root, wanted) as item:
        if item is None:
            raise DeviceError(Trouble.BAD_SETTING, "source")
        with _properties(ole, item) as properties:
            _apply(properties, settings, limit)
            dpi = properties.read(wia.X_DPI)
        code, transfer = item.query(wia.TRANSFER)
        check(code, "IWiaTransfer")
        mode, known = settings.mode, dpi if isinstance(dpi, int) else 0
        receiver = Receiver(ole, sink, cancel, mode=mode, dpi=known, most=limit)
        with transfer, Pointer(receiver.object.address) as callback:
            try:
                code = transfer.call(wia.DOWNLOAD, c_int32(0), c_void_p(callback.address))
            finally:
                receiver.close()
    if receiver.error is not None:
        raise receiver.error
    error = wia.error_of(code, "Download") if code < 0 else None
    if error is not None and not receiver.is_full and not (receiver.count and error.trouble is Trouble.FEEDER_EMPTY):
        raise error
    if not receiver.count:
        raise DeviceError(Trouble.FEEDER_EMPTY if is_feeder else Trouble.COMMUNICATION, "no page")
    return receiver.count


@contextlib.contextmanager
def _properties(ole: Ole, item: Pointer) -> Iterator[Properties]:
    code, storage = item.query(wia.PROPERTIES)
    check(code, "IWiaPropertyStorage")
    with storage:
        yield Properties(ole, storage)


@contextlib.contextmanager
def _item(root: Pointer, wanted: tuple[object, ...]) -> Iterator[Pointer | None]:
    """The first child of one of the categories, in their order; None when there is none."""
    for category in wanted:
        rows = c_void_p()
        check(root.call(wia.ENUM_CHILDREN, c_void_p(), place(rows)), "EnumChildItems")
        with Pointer(rows.value or 0) as children:
            for child in wia.each(children):
                found = guid(wia.FLATBED)
                if child.call(wia.ITEM_CATEGORY, place(found)) >= 0 and found.raw == guid(category).raw:  # type: ignore[arg-type]
                    yield child
                    return
    yield None


def _apply(properties: Properties, settings: ScanSettings, limit: int | None) -> None:
    """Set what the settings name, in the order in which properties depend on each other."""
    if settings.source is not None and settings.source.is_feeder:
        if settings.source is Source.FEEDER_DUPLEX:
            properties.write(wia.HANDLING_SELECT, wia.DUPLEX)
        else:
            properties.try_write(wia.HANDLING_SELECT, wia.FRONT_ONLY)
        properties.try_write(wia.PAGES, limit or 0)
    if settings.mode is not None:
        properties.write(wia.DATA_TYPE, _DATA_TYPES[settings.mode])
    if settings.resolution is not None:
        properties.write(wia.X_DPI, settings.resolution)
        properties.write(wia.Y_DPI, settings.resolution)
    if settings.area is not None:
        _lay_out(properties, settings.area)
    properties.write(wia.FORMAT, wia.BITMAP)
    for name, value in settings.options.items():
        if not name.isdecimal() or isinstance(value, float | str):
            raise DeviceError(Trouble.BAD_SETTING, name)
        properties.write(int(name), int(value))


def _lay_out(properties: Properties, area: ScanArea) -> None:
    dpi = properties.read(wia.X_DPI)
    dots = (dpi if isinstance(dpi, int) else 0) / 25.4
    edges = ((wia.X_START, area.left), (wia.Y_START, area.top), (wia.X_EXTENT, area.width), (wia.Y_EXTENT, area.height))
    for number, length in edges:
        most = properties.read(wia.MOST_WIDTH if number in (wia.X_START, wia.X_EXTENT) else wia.MOST_HEIGHT)
        left = length if not isinstance(most, int) or most <= 0 else min(length, most * _MM_A_THOUSANDTH)
        properties.try_write(number, round(left * dots))
