"""页面内存: memory that a driver's process fills with pages and the caller's process reads.

Its slots are the back-pressure: a driver that is faster than its reader waits for a free one. Beside the pages stands
how far each slot was written, so that clearing need not touch what no page reached.
"""

from __future__ import annotations

import mmap
import struct
import sys

from yichuang_client.shared_memory import SharedMemory

SLOT_BYTES = (256 if sys.platform == "win32" else 512) << 20
"""Room for one page (A4, 1200 dpi, colour is 418 MB; A3, 600 dpi, colour 209 MB). On Linux memory that no page touches
costs nothing; Windows counts a slot as a whole from its first page on."""
_HEAD = mmap.ALLOCATIONGRANULARITY
_NUMBER = struct.Struct("=Q")
_OPEN = 1 << 63
"""Mark of a slot whose page is not whole: it may have reached the slot's end."""


class PageSlots:
    """页面槽: a fixed number of slots and a counter that shows the driver is alive."""

    def __init__(self, count: int, slot_bytes: int = SLOT_BYTES) -> None:
        """Make the memory; raises OSError when the system refuses it."""
        self.count = count
        self.slot_bytes = slot_bytes
        self.memory = SharedMemory(_HEAD + count * slot_bytes)
        """Where the slots lie."""
        self.memory.make_room(0, _HEAD)

    def offset(self, index: int) -> int:
        """Where in the memory a slot begins."""
        return _HEAD + index * self.slot_bytes

    def slot(self, index: int) -> memoryview:
        """The whole memory of a slot, to be read."""
        start = self.offset(index)
        return self.memory.view[start : start + self.slot_bytes]

    def open(self, index: int) -> memoryview:
        """The whole memory of a slot, for a page to be written. Raises OSError when there is no memory."""
        self.memory.make_room(self.offset(index), self.slot_bytes)
        self._put(1 + index, self._get(1 + index) | _OPEN)
        return self.slot(index)

    def fill(self, index: int, count: int) -> None:
        """The page that was being written is whole and has `count` bytes."""
        self._put(1 + index, max(self._get(1 + index) & ~_OPEN, count))

    @property
    def pulse(self) -> int:
        """Bytes that the driver has read so far, ever."""
        return self._get(0)

    def beat(self, count: int) -> None:
        """Add `count` bytes to the pulse."""
        self._put(0, self.pulse + count)

    def clear(self) -> None:
        """The bytes of all pages are gone, and their memory is given back where the system can."""
        for index in range(self.count):
            reached = self._get(1 + index)
            if reached:
                self.memory.clear(self.offset(index), self.slot_bytes, min(reached, self.slot_bytes))
                self._put(1 + index, 0)

    def close(self) -> None:
        """Let the memory go; what is still looked at goes when nobody looks any more."""
        self.memory.close()

    def _get(self, number: int) -> int:
        return int(_NUMBER.unpack_from(self.memory.view, number * _NUMBER.size)[0])

    def _put(self, number: int, value: int) -> None:
        _NUMBER.pack_into(self.memory.view, number * _NUMBER.size, value)
