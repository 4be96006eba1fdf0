"""TWAIN 扫描驱动: the scanners whose makers ship a TWAIN source for Windows, as a `ScannerDriver`.

Rules kept here: no window of the maker's is shown; what a batch sets holds as long as the source is open, and it is
opened for each batch anew. Written by the specification, **never run with a real source**. A source has the bitness of
the program that loads it: those of 32 bits are reached by WIA, or not at all.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
from yichuang_client.devices.twain_capabilities import Cap, Capabilities
from yichuang_client.devices.twain_library import IMAGE, MANAGER, Data, Fix32, ImageLayout, Manager, Message
from yichuang_client.devices.twain_page import PageReader
from yichuang_client.devices.twain_session import READY_SECONDS, Session
from yichuang_client.devices.window_messages import Messages, messages_here

PREFIX = "twain:"
_PIXEL_TYPES = {ColourMode.LINEART: 0, ColourMode.GRAY: 1, ColourMode.COLOUR: 2}
_BOOL, _INT16, _UINT16 = 6, 1, 4
_INCHES, _BY_MEMORY, _HIGH_BIT_FIRST, _ANY_COUNT = 0, 2, 1, -1
_MM = 25.4


@dataclass(kw_only=True)
class TwainDriver:
    """TWAIN 扫描驱动; travels to a process that is being spawned."""

    manager: str = MANAGER
    """File of the source manager."""
    messages: Callable[[], Messages] = messages_here
    ready_seconds: float = READY_SECONDS

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        manager, messages = Manager(self.manager), self.messages()
        try:
            session = Session(manager, messages, ready_seconds=self.ready_seconds)
            try:
                yield session
            finally:
                session.close()
        finally:
            messages.close()

    def list(self) -> tuple[ScannerDevice, ...]:
        """The sources that are installed, whether their device is there or not; raises DeviceError."""
        with self._session() as session:
            return tuple(
                ScannerDevice(
                    name=f"{PREFIX}{row.text('product')}", vendor=row.text("manufacturer"), model=row.text("product")
                )
                for row in session.sources()
            )

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What the source offers; raises DeviceError."""
        with self._session() as session:
            caps = session.open_source(device.removeprefix(PREFIX))
            caps.try_set(Cap.UNITS, _INCHES, _UINT16)
            types = caps.offer(Cap.PIXEL_TYPE)
            known = types.choices or (types.current,) if types is not None else ()
            resolution = caps.offer(Cap.X_RESOLUTION)
            width, height = caps.current(Cap.PHYSICAL_WIDTH), caps.current(Cap.PHYSICAL_HEIGHT)
            return ScannerCapabilities(
                sources=tuple(_sources(caps)),
                modes=tuple(mode for mode, number in _PIXEL_TYPES.items() if number in known),
                depths=(8,),
                resolutions=resolution.within(USUAL_RESOLUTIONS) if resolution is not None else (),
                area=ScanArea(width=width * _MM, height=height * _MM) if width and height else None,
                options={},
            )

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take a batch; see `ScannerDriver.scan`. An option's name is a capability's number: "0x1150"."""
        with self._session() as session:
            try:
                count = _batch(session, settings, sink, cancel)
                sink.ending(None)
                return count
            except DeviceError as error:
                sink.ending(error)
                raise


def _batch(session: Session, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
    caps = session.open_source(settings.device.removeprefix(PREFIX))
    is_feeder = settings.source is not None and settings.source.is_feeder
    limit = settings.pages if is_feeder else 1
    _apply(session, caps, settings, limit)
    if is_feeder and caps.current(Cap.PAPER_DETECTABLE) and caps.current(Cap.FEEDER_LOADED) == 0:
        raise DeviceError(Trouble.FEEDER_EMPTY, "FEEDERLOADED")
    flavor = int(caps.current(Cap.PIXEL_FLAVOR) or 0)
    reader = PageReader(session=session, sink=sink, cancel=cancel, flavor=flavor)
    session.enable()
    if not session.wait_ready(cancel):
        is_empty = is_feeder and caps.current(Cap.FEEDER_LOADED) == 0
        raise DeviceError(Trouble.FEEDER_EMPTY if is_empty else Trouble.CANCELLED, "the source ended")
    count = 0
    while limit is None or count < limit:
        if cancel():
            raise DeviceError(Trouble.CANCELLED, "between pages")
        try:
            reader.read()
        except DeviceError as error:
            if error.trouble is Trouble.FEEDER_EMPTY and count:
                break
            raise
        count += 1
        if not session.end_transfer():
            break
    return count


def _sources(caps: Capabilities) -> Iterator[Source]:
    feeder = caps.offer(Cap.FEEDER_ENABLED)
    kinds = (feeder.choices or (feeder.current,)) if feeder is not None else (0,)
    if 1 in kinds:
        yield Source.FEEDER
        if caps.current(Cap.DUPLEX):
            yield Source.FEEDER_DUPLEX
    if 0 in kinds:
        yield Source.FLATBED


def _apply(session: Session, caps: Capabilities, settings: ScanSettings, limit: int | None) -> None:
    """Set what the settings name, in the order in which capabilities depend on each other."""
    caps.try_set(Cap.UNITS, _INCHES, _UINT16)
    caps.set(Cap.TRANSFER_MECHANISM, _BY_MEMORY, _UINT16)
    caps.try_set(Cap.INDICATORS, 0, _BOOL)
    if settings.source is not None:
        is_feeder, is_duplex = settings.source.is_feeder, settings.source is Source.FEEDER_DUPLEX
        if not caps.try_set(Cap.FEEDER_ENABLED, int(is_feeder), _BOOL) and is_feeder:
            raise DeviceError(Trouble.BAD_SETTING, "source")
        if is_feeder:
            caps.try_set(Cap.AUTO_FEED, 1, _BOOL)
            if not caps.try_set(Cap.DUPLEX_ENABLED, int(is_duplex), _BOOL) and is_duplex:
                raise DeviceError(Trouble.BAD_SETTING, "source")
    caps.try_set(Cap.TRANSFER_COUNT, _ANY_COUNT if limit is None else limit, _INT16)
    caps.try_set(Cap.COMPRESSION, 0, _UINT16)
    caps.try_set(Cap.PLANAR_CHUNKY, 0, _UINT16)
    caps.try_set(Cap.BIT_ORDER, _HIGH_BIT_FIRST, _UINT16)
    if settings.mode is not None:
        caps.set(Cap.PIXEL_TYPE, _PIXEL_TYPES[settings.mode], _UINT16)
    if settings.depth is not None:
        samples = 3 if settings.mode is ColourMode.COLOUR else 1
        caps.try_set(Cap.BIT_DEPTH, settings.depth * samples, _UINT16)
    if settings.resolution is not None:
        for cap in (Cap.X_RESOLUTION, Cap.Y_RESOLUTION):
            caps.set(cap, settings.resolution)
    if settings.area is not None:
        _lay_out(session, settings.area)
    for name, value in settings.options.items():
        if not name.startswith("0x") or isinstance(value, str):
            raise DeviceError(Trouble.BAD_SETTING, name)
        try:
            caps.set(int(name, 16), value)
        except (ValueError, DeviceError) as error:
            raise DeviceError(Trouble.BAD_SETTING, name) from error


def _lay_out(session: Session, area: ScanArea) -> None:
    layout = ImageLayout(
        left=Fix32.of(area.left / _MM),
        top=Fix32.of(area.top / _MM),
        right=Fix32.of((area.left + area.width) / _MM),
        bottom=Fix32.of((area.top + area.height) / _MM),
        document=1,
        page=1,
        frame=1,
    )
    session.manager.check(session.source, IMAGE, Data.IMAGE_LAYOUT, Message.SET, layout)
