"""共享内存, on Windows: a section of the paging file without a name; see `shared_memory`.

The section is reserved as a whole and its pages are claimed (committed) when room is made for them: a claim counts
against what the system may give out, whether a page is touched or not. Claimed pages of a section cannot be given back,
so clearing writes zeros over what was written; the memory goes with the section.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from ctypes import wintypes
from multiprocessing import reduction
from typing import Any

from yichuang_client.processes import PipeEnd

assert sys.platform == "win32"

_PAGING_FILE = wintypes.HANDLE(-1)
_PAGE_READWRITE = 0x04
_SEC_RESERVE = 0x4000000
_MEM_COMMIT = 0x1000
_MAP_WRITE = 0x0002
_MAP_READ = 0x0004
"""FILE_MAP_… for a view, and SECTION_MAP_… for a handle: the same values."""

_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateFileMappingW.argtypes = (
    wintypes.HANDLE,
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.LPCWSTR,
)
_kernel.CreateFileMappingW.restype = wintypes.HANDLE
_kernel.MapViewOfFile.argtypes = (
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.c_size_t,
)
_kernel.MapViewOfFile.restype = ctypes.c_void_p
_kernel.UnmapViewOfFile.argtypes = (ctypes.c_void_p,)
_kernel.VirtualAlloc.argtypes = (ctypes.c_void_p, ctypes.c_size_t, wintypes.DWORD, wintypes.DWORD)
_kernel.VirtualAlloc.restype = ctypes.c_void_p
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)


class SharedMemory:
    """As in `shared_memory_linux`."""

    def __init__(self, size: int) -> None:
        """Reserve it; raises OSError when the system refuses it."""
        kind = _PAGE_READWRITE | _SEC_RESERVE
        section = _kernel.CreateFileMappingW(_PAGING_FILE, None, kind, size >> 32, size & 0xFFFFFFFF, None)
        if not section:
            raise ctypes.WinError(ctypes.get_last_error())
        self._map_section(section, size)

    def _map_section(self, section: int, size: int) -> None:
        self._section, self.size = section, size
        self._start, self.view = _mapped(section, size, _MAP_READ | _MAP_WRITE)

    def make_room(self, start: int, count: int) -> None:
        """Claim pages: to be called before bytes are written for the first time; raises OSError."""
        if not _kernel.VirtualAlloc(self._start + start, count, _MEM_COMMIT, _PAGE_READWRITE):
            raise ctypes.WinError(ctypes.get_last_error())

    def clear(self, start: int, count: int, written: int) -> None:
        """The bytes from `start` are gone. ``written``: how many of them may differ from zero."""
        if written:
            ctypes.memset(self._start + start, 0, min(count, written))

    def lend(self, pipe: PipeEnd, process_id: int) -> None:
        """Let a process that runs see it: there `borrow` is called next. Raises OSError."""
        pipe.send((reduction.DupHandle(self._section, _MAP_READ, process_id), self.size))

    def close(self) -> None:
        """Let it go; what is still looked at goes when nobody looks any more."""
        self.view.release()
        _kernel.CloseHandle(self._section)

    def __getstate__(self) -> dict[str, Any]:
        return {"section": reduction.DupHandle(self._section, _MAP_READ | _MAP_WRITE), "size": self.size}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._map_section(state["section"].detach(), state["size"])


def borrow(pipe: PipeEnd) -> memoryview:
    """The memory that another process lends, to be read. Raises EOFError, OSError."""
    handle, size = pipe.recv()
    section = handle.detach()
    try:
        return _mapped(section, size, _MAP_READ)[1].toreadonly()
    finally:
        _kernel.CloseHandle(section)


def _mapped(section: int, size: int, access: int) -> tuple[int, memoryview]:
    """Where a section lies in this process, and its bytes; it is unmapped once nobody looks at them any more."""
    start = _kernel.MapViewOfFile(section, access, 0, 0, size)
    if not start:
        raise ctypes.WinError(ctypes.get_last_error())
    place = (ctypes.c_ubyte * size).from_address(start)
    weakref.finalize(place, _kernel.UnmapViewOfFile, start).atexit = False
    return start, memoryview(place).cast("B")
