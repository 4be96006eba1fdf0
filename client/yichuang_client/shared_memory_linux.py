"""共享内存, on Linux: a memory file without a name (memfd); see `shared_memory`."""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from multiprocessing import reduction
from typing import Any

from yichuang_client.processes import PipeEnd

assert sys.platform != "win32"


class SharedMemory:
    """One piece of memory; travels to a process that is being spawned as itself, not as a copy."""

    def __init__(self, size: int) -> None:
        """Make it; raises OSError when the system refuses it."""
        file = os.memfd_create("pages")
        os.ftruncate(file, size)
        self._map_file(file, size)

    def _map_file(self, file: int, size: int) -> None:
        self._file, self.size = file, size
        self._map = mmap.mmap(file, size)
        self.view = memoryview(self._map)
        """All of it."""

    def make_room(self, start: int, count: int) -> None:
        """To be called before bytes are written for the first time; raises OSError when there is no memory."""

    def clear(self, start: int, count: int, written: int) -> None:
        """The bytes from `start` (at the edge of a page) are gone and their memory is given back.

        ``written``: how many of them may differ from zero.
        """
        self._map.madvise(mmap.MADV_REMOVE, start, count)

    def lend(self, pipe: PipeEnd, process_id: int) -> None:
        """Let a process that runs see it: there `borrow` is called next. Raises OSError."""
        reduction.send_handle(pipe, self._file, process_id)

    def close(self) -> None:
        """Unmap; what is still looked at goes when nobody looks any more."""
        self.view.release()
        with contextlib.suppress(BufferError):
            self._map.close()
        os.close(self._file)

    def __getstate__(self) -> dict[str, Any]:
        return {"file": reduction.DupFd(self._file), "size": self.size}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._map_file(state["file"].detach(), state["size"])


def borrow(pipe: PipeEnd) -> memoryview:
    """The memory that another process lends, to be read. Raises EOFError, OSError."""
    file = reduction.recv_handle(pipe)
    try:
        return memoryview(mmap.mmap(file, os.fstat(file).st_size, prot=mmap.PROT_READ))
    finally:
        os.close(file)
