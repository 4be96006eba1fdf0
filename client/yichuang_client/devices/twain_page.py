"""TWAIN 读一页: one page that is ready, by strips of memory, straight into what the sink lends.

Rules kept here: a page is whole only when the source said that it was done and all rows are there; a source that does
not know the rows beforehand is asked once more at the end; strips that leave out or turn back are no page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.scanning import Frame, PageSink, ScanCancelled
from yichuang_client.devices.twain_library import (
    CONTROL,
    IMAGE,
    MEMORY_IS_OURS,
    Data,
    ImageInfo,
    MemorySetup,
    MemoryTransfer,
    Message,
    Return,
)
from yichuang_client.devices.twain_session import Session

STRIP_BYTES = 1 << 20
"""Most bytes asked for at once unless the source wants more: small enough that a cancel is seen soon."""
_ANY = 0xFFFFFFFF
RGB = 2
_VANILLA = 1
"""Zero is the lightest."""
_INVERTED = bytes(255 - value for value in range(256))


@dataclass(frozen=True, kw_only=True)
class PageReader:
    """读页: reads the pages of a source that is enabled."""

    session: Session
    sink: PageSink
    cancel: Callable[[], bool]
    flavor: int
    """Whether zero is the darkest (0) or the lightest (1) where there are no colours."""

    def read(self) -> None:
        """Read the page that is ready, and commit it. Raises DeviceError; then nothing of it is kept."""
        info = self._info()
        try:
            room = self.sink.open_page()
        except ScanCancelled:
            raise DeviceError(Trouble.CANCELLED, "before a page") from None
        is_whole = False
        try:
            frame = self._strips(info, room)
            if self._is_turned(frame):
                count = frame.stride * frame.height
                room[:count] = bytes(room[:count]).translate(_INVERTED)
            is_whole = True
        finally:
            if not is_whole:
                self.sink.drop()
        self.sink.commit(frame)

    def _is_turned(self, frame: Frame) -> bool:
        """A set bit is black in a page of one bit, zero is black in all others."""
        return frame.channels == 1 and (self.flavor == _VANILLA) != (frame.depth == 1)

    def _info(self) -> ImageInfo:
        info = ImageInfo()
        self.session.manager.check(self.session.source, IMAGE, Data.IMAGE_INFO, Message.GET, info)
        is_known = info.pixel_type == RGB if info.samples == 3 else info.samples == 1 and info.pixel_type in (0, 1)
        if not is_known or info.bits_a_sample[0] not in (1, 8, 16) or info.is_planar or info.compression:
            raise DeviceError(Trouble.BAD_SETTING, f"pixels of type {info.pixel_type}, {info.bits} bits")
        return info

    def _strips(self, info: ImageInfo, room: memoryview) -> Frame:
        setup = MemorySetup()
        self.session.manager.check(self.session.source, CONTROL, Data.MEMORY_SETUP, Message.GET, setup)
        wanted = max(setup.least, min(setup.preferred or STRIP_BYTES, STRIP_BYTES))
        base = ctypes.addressof(ctypes.c_uint8.from_buffer(room))
        width = stride = rows = 0
        while True:
            if self.cancel():
                raise DeviceError(Trouble.CANCELLED, "in a page")
            space = min(wanted, len(room) - rows * stride)
            if space < max(setup.least, stride, 1):
                raise DeviceError(Trouble.BAD_SETTING, "the page is larger than the memory for one page")
            strip = MemoryTransfer(compression=_ANY & 0xFFFF, flags=MEMORY_IS_OURS, length=space)
            strip.row_bytes = strip.columns = strip.rows = strip.x = strip.y = strip.written = _ANY
            strip.memory = base + rows * stride
            code = self.session.manager.check(self.session.source, IMAGE, Data.MEMORY_TRANSFER, Message.GET, strip)
            if code == Return.CANCEL:
                raise DeviceError(Trouble.CANCELLED, "the source ended the page")
            self.session.begin_transfer()
            if not rows:
                width, stride = strip.columns, strip.row_bytes
            is_next = (strip.x, strip.y, strip.columns, strip.row_bytes) == (0, rows, width, stride)
            if not is_next or strip.rows * stride > space:
                raise DeviceError(Trouble.BAD_SETTING, "strips that do not follow each other")
            rows += strip.rows
            self.sink.advanced(strip.rows * stride)
            if code == Return.TRANSFER_DONE:
                break
        return self._frame(info, width, stride, rows)

    def _frame(self, info: ImageInfo, width: int, stride: int, rows: int) -> Frame:
        if info.height < 0:
            info = self._info()
        height = rows if info.height < 0 else info.height
        channels, depth = info.samples, info.bits_a_sample[0]
        if rows < max(height, 1) or stride * 8 < width * channels * depth:
            trouble = Trouble.CANCELLED if self.cancel() else Trouble.COMMUNICATION
            raise DeviceError(trouble, f"{rows} of {height} rows")
        dpi = round(info.x_dpi.value)
        return Frame(width=width, height=height, depth=depth, channels=channels, stride=stride, dpi=dpi)
