"""页面内存: memory that a driver's process fills with pages and the caller's process reads.

One anonymous, sparse memory file (memfd): it has no name on any disk or in /dev/shm, it is not bound by the
size of /dev/shm, and the kernel frees it when both processes are gone, however they went. Its slots are the
back-pressure: a driver that is faster than its reader waits for a free one. Linux only.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
from multiprocessing.reduction import DupFd
from typing import Any

SLOT_BYTES = 512 << 20
"""Room for one page (A4, 1200 dpi, colour is 418 MB); memory that no page touches costs nothing."""
_HEAD = mmap.PAGESIZE
_PULSE = struct.Struct("=Q")


class PageSlots:
    """页面槽: a fixed number of slots and a counter that shows the driver is alive."""

    def __init__(self, count: int, slot_bytes: int = SLOT_BYTES) -> None:
        """Make the memory; raises OSError when the system refuses it."""
        self._map_file(os.memfd_create("pages"), count, slot_bytes, is_new=True)

    def _map_file(self, file: int, count: int, slot_bytes: int, *, is_new: bool) -> None:
        self.count = count
        self.slot_bytes = slot_bytes
        self._file = file
        size = _HEAD + count * slot_bytes
        if is_new:
            os.ftruncate(file, size)
        self._map = mmap.mmap(file, size)
        self._view = memoryview(self._map)

    def slot(self, index: int) -> memoryview:
        """The whole memory of a slot."""
        start = _HEAD + index * self.slot_bytes
        return self._view[start : start + self.slot_bytes]

    def place(self, index: int) -> tuple[int, int]:
        """The memory file's descriptor, and where in it a slot begins."""
        return self._file, _HEAD + index * self.slot_bytes

    @property
    def pulse(self) -> int:
        """Bytes that the driver has read so far, ever."""
        return int(_PULSE.unpack_from(self._map, 0)[0])

    def beat(self, count: int) -> None:
        """Add `count` bytes to the pulse."""
        _PULSE.pack_into(self._map, 0, self.pulse + count)

    def clear(self) -> None:
        """Give the memory of all pages back to the system; their bytes are gone."""
        self._map.madvise(mmap.MADV_REMOVE, _HEAD, self.count * self.slot_bytes)

    def close(self) -> None:
        """Unmap; what is still looked at goes when nobody looks any more."""
        self._view.release()
        with contextlib.suppress(BufferError):
            self._map.close()
        os.close(self._file)

    def __getstate__(self) -> dict[str, Any]:
        """Travel to a process that is being spawned: the memory itself, not a copy."""
        return {"file": DupFd(self._file), "count": self.count, "slot_bytes": self.slot_bytes}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._map_file(state["file"].detach(), state["count"], state["slot_bytes"], is_new=False)
