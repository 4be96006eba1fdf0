"""页面场地: memory that this process and one page process share, for one page's pixels.

An anonymous, sparse memory file (memfd), as for the pages of a scanner: no name on any disk, and gone with its
processes. Linux only.
"""

from __future__ import annotations

import mmap
import os
from multiprocessing.reduction import DupFd
from typing import Any

ROOM_BYTES = 1 << 30
"""Room for one page; memory that no page touches costs nothing."""


def mapped(file: int) -> mmap.mmap:
    """A memory file of another process, to be read; takes the descriptor. Raises OSError."""
    try:
        return mmap.mmap(file, os.fstat(file).st_size, prot=mmap.PROT_READ)
    finally:
        os.close(file)


class PageRoom:
    """One page's memory; travels to a process that is being spawned."""

    def __init__(self, size: int = ROOM_BYTES) -> None:
        """Make the memory; raises OSError when the system refuses it."""
        file = os.memfd_create("page")
        os.ftruncate(file, size)
        self._map_file(file, size)

    def _map_file(self, file: int, size: int) -> None:
        self._file, self.size = file, size
        self.map = mmap.mmap(file, size)

    def clear(self) -> None:
        """Give the memory back to the system; the page is gone."""
        self.map.madvise(mmap.MADV_REMOVE, 0, self.size)

    def close(self) -> None:
        """Unmap; no array may look into it any more."""
        self.map.close()
        os.close(self._file)

    def __getstate__(self) -> dict[str, Any]:
        """The memory itself, not a copy."""
        return {"file": DupFd(self._file), "size": self.size}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._map_file(state["file"].detach(), state["size"])
