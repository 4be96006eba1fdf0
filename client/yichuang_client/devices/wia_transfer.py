"""WIA 收页: what the service calls while a batch comes: a stream for each page, its progress, its end.

Rules kept here: a page is put into the sink when its stream has ended and only if it is a whole picture; whatever goes
wrong in a call of the service's is kept and told after it has come back, for no error may pass through it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_int32, c_int64, c_uint32, c_uint64, c_void_p
from typing import Any

from yichuang_client.devices.com_objects import S_FALSE, S_OK, Deed, OwnObject, Pointer, function_type, place
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_images import put_pages
from yichuang_client.devices.scanning import ColourMode, PageSink
from yichuang_client.devices.wia_library import STREAM_READ, STREAM_SEEK, TRANSFER_CALLBACK, Ole, check

_STATUS, _END_OF_STREAM = 1, 2
_FROM_START, _FROM_END = 0, 2
_HOLD = 1
_MOST_BYTES = 1 << 30


class TransferParams(ctypes.Structure):
    """WiaTransferParams."""

    _fields_ = (("message", c_int32), ("percent", c_int32), ("bytes", c_uint64), ("status", c_int32))


class Receiver:
    """The callback of one batch."""

    def __init__(
        self,
        ole: Ole,
        sink: PageSink,
        cancel: Callable[[], bool],
        *,
        mode: ColourMode | None,
        dpi: int,
        most: int | None,
    ) -> None:
        self._ole, self._sink, self._cancel = ole, sink, cancel
        self._mode, self._dpi, self._most = mode, dpi, most
        self._stream: Pointer | None = None
        self._told = 0
        self.count = 0
        """Whole pages."""
        self.error: DeviceError | None = None
        """What went wrong in a call."""
        functions: list[tuple[Any, Deed]] = [
            (function_type(c_int32, c_void_p), self._hear),
            (function_type(c_int32, c_void_p, c_void_p, c_void_p), self._next_stream),
        ]
        self.object = OwnObject([TRANSFER_CALLBACK], functions)

    @property
    def is_full(self) -> bool:
        """Whether no more pages are wanted."""
        return self._most is not None and self.count >= self._most

    def _hear(self, _self: int, _flags: int, place_of_params: int) -> int:
        return self._guarded(lambda: self._deal_with(TransferParams.from_address(place_of_params)))

    def _next_stream(self, _self: int, _flags: int, _name: int, _full_name: int, place_of_stream: int) -> int:
        return self._guarded(lambda: self._open(place_of_stream))

    def _guarded(self, deed: Callable[[], None]) -> int:
        """S_FALSE ends the batch."""
        try:
            if self.error is None and self._cancel():
                self.error = DeviceError(Trouble.CANCELLED, "in a batch")
            if self.error is None and not self.is_full:
                deed()
        except DeviceError as error:
            self.error = error
        except Exception as error:
            self.error = DeviceError(Trouble.DRIVER_CRASH, type(error).__name__)
        return S_FALSE if self.error is not None or self.is_full else S_OK

    def _open(self, place_of_stream: int) -> None:
        self.close()
        self._stream, self._told = self._ole.stream(), 0
        self._stream.call(_HOLD)  # the service lets its own go
        c_void_p.from_address(place_of_stream).value = self._stream.address

    def _deal_with(self, params: TransferParams) -> None:
        if params.message == _STATUS:
            self._sink.advanced(max(0, params.bytes - self._told))
            self._told = max(self._told, params.bytes)
        elif params.message == _END_OF_STREAM and self._stream is not None:
            raw = _all_of(self._stream)
            self.close()
            left = None if self._most is None else self._most - self.count
            self.count += put_pages(raw, self._mode, self._dpi, self._sink, most=left)

    def close(self) -> None:
        """Let the stream go."""
        if self._stream is not None:
            self._stream.release()
            self._stream = None


def _all_of(stream: Pointer) -> bytes:
    size = c_uint64()
    check(stream.call(STREAM_SEEK, c_int64(0), c_uint32(_FROM_END), place(size)), "Seek")
    check(stream.call(STREAM_SEEK, c_int64(0), c_uint32(_FROM_START), c_void_p()), "Seek")
    if not 0 < size.value <= _MOST_BYTES:
        raise DeviceError(Trouble.COMMUNICATION, "the page is not whole")
    raw, got = ctypes.create_string_buffer(size.value), c_uint32()
    check(stream.call(STREAM_READ, place(raw), c_uint32(size.value), place(got)), "Read")
    return raw.raw[: got.value]
