"""SANE 读一页: one page of a started scan into the memory that the sink lends.

Rules kept here:

* a page is whole only when its clean end was seen and rows got = rows expected: a cancelled SANE read ends like a
  finished one, only short; a short page that nobody asked for is a broken connection, a page without rows too;
* a driver's height of -1 (hand scanners) means that the rows are counted at the end;
* a scanner that takes three passes for a colour page gives three frames, in an order of its own; they lie in the
  memory one after the other, and the page is whole when all three are and have the same rows.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from ctypes import POINTER, byref, c_int, c_uint8, c_void_p, cast
from dataclasses import dataclass

from yichuang_client.devices import sane_library as sane
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.sane_library import Library, Parameters, Status
from yichuang_client.devices.scanning import Frame, PageSink, ScanCancelled

READ_BYTES = 1 << 18
"""Most bytes asked for in one read: small enough that a cancel is seen soon."""
_LOOK_SECONDS = 0.005
"""Shortest time between two looks for a cancel: drivers give a few kilobytes at a time, and a look is a system call."""
_COLOURS = {sane.FRAME_RED: 0, sane.FRAME_GREEN: 1, sane.FRAME_BLUE: 2}


@dataclass(frozen=True, kw_only=True)
class PageReader:
    """读页: reads the pages of one open device."""

    library: Library
    handle: c_void_p
    dpi: int
    """Dots per inch that the device was set to, 0 when it does not tell."""
    sink: PageSink
    cancel: Callable[[], bool]
    """Whether the batch was stopped."""

    def read(self) -> None:
        """Read the page that was started, and commit it. Raises DeviceError; then nothing of it is kept."""
        try:
            room = self.sink.open_page()
        except ScanCancelled:
            raise DeviceError(Trouble.CANCELLED, "before a page") from None
        is_whole = False
        try:
            frame = self._frames(room)
            is_whole = True
        finally:
            if not is_whole:
                self.sink.drop()
        self.sink.commit(frame)

    def _frames(self, room: memoryview) -> Frame:
        parameters, got = self._one(room, 0)
        rows = self._rows(parameters, got)
        order: tuple[int, ...] = ()
        if parameters.format in _COLOURS:
            order = (_COLOURS[parameters.format],)
            while not parameters.last_frame and len(order) < len(_COLOURS):
                sane.check(self.library.raw.sane_start(self.handle), "sane_start")
                parameters, more = self._one(room, len(order) * got)
                if more != got or self._rows(parameters, more) != rows:
                    raise DeviceError(self._why_short(), "passes of different length")
                order = (*order, _COLOURS.get(parameters.format, -1))
        is_complete = sorted(order) == [0, 1, 2] if order else parameters.format in (sane.FRAME_GRAY, sane.FRAME_RGB)
        if not is_complete or not parameters.last_frame:
            raise DeviceError(Trouble.BAD_SETTING, f"format {parameters.format}")
        return Frame(
            width=parameters.pixels_per_line,
            height=rows,
            depth=parameters.depth,
            channels=1 if parameters.format == sane.FRAME_GRAY else 3,
            stride=parameters.bytes_per_line,
            dpi=self.dpi,
            planes=order,
        )

    def _one(self, room: memoryview, start: int) -> tuple[Parameters, int]:
        """Read one frame behind what is there; return its parameters and how many bytes came."""
        parameters = Parameters()
        status = self.library.raw.sane_get_parameters(self.handle, byref(parameters))
        sane.check(status, "sane_get_parameters")
        if parameters.depth not in (1, 8, 16):
            raise DeviceError(Trouble.BAD_SETTING, f"depth {parameters.depth}")
        return parameters, self._bytes(room, start)

    def _bytes(self, room: memoryview, start: int) -> int:
        """Read until the clean end; return how many bytes came."""
        raw, length, got = self.library.raw, c_int(), 0
        base = ctypes.addressof(c_uint8.from_buffer(room)) + start
        looked = 0.0
        while True:
            if (now := time.monotonic()) - looked >= _LOOK_SECONDS:
                looked = now
                if self.cancel():
                    raise DeviceError(Trouble.CANCELLED, "in a page")
            space = min(READ_BYTES, len(room) - start - got)
            if space <= 0:
                raise DeviceError(Trouble.BAD_SETTING, "the page is larger than the memory for one page")
            status = raw.sane_read(self.handle, cast(c_void_p(base + got), POINTER(c_uint8)), space, byref(length))
            if status == Status.EOF:
                return got
            sane.check(status, "sane_read")
            got += length.value
            self.sink.advanced(length.value)

    def _rows(self, parameters: Parameters, got: int) -> int:
        """How many rows came; raises DeviceError unless they are all that were expected."""
        stride = parameters.bytes_per_line
        rows, rest = divmod(got, stride) if stride > 0 else (0, 1)
        is_short = rest or rows == 0 or rows < parameters.lines
        if is_short or 0 <= parameters.lines < rows:
            trouble = self._why_short() if is_short else Trouble.COMMUNICATION
            raise DeviceError(trouble, f"{rows} of {parameters.lines} rows")
        return rows

    def _why_short(self) -> Trouble:
        return Trouble.CANCELLED if self.cancel() else Trouble.COMMUNICATION
