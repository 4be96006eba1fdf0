"""工作进程: what the processes that this program spawns have in common, on Linux and on Windows.

Rules kept here: Ctrl+C in a terminal is the owner's to handle; a crash leaves no file in which a citizen's data lies,
and on Windows no window that waits for somebody. (A helper of Windows that an administrator sets up to keep dumps of
all programs is not undone.)
"""

from __future__ import annotations

import os
import signal
import sys

if sys.platform == "win32":
    from ctypes import WinDLL, wintypes
    from multiprocessing.connection import PipeConnection as PipeEnd

    _NO_WINDOWS = 0x0001 | 0x0002 | 0x8000
    """SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX (with it no error report is made), SEM_NOOPENFILEERRORBOX."""
    _BEHIND = 0x4000
    """BELOW_NORMAL_PRIORITY_CLASS."""

    def _leave_no_file() -> None:
        WinDLL("kernel32").SetErrorMode(_NO_WINDOWS)

    def step_back() -> None:
        """Behind the windows and the scanner when all want a processor."""
        kernel = WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetPriorityClass.argtypes = (wintypes.HANDLE, wintypes.DWORD)
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BEHIND)

else:
    import resource
    from multiprocessing.connection import Connection as PipeEnd

    _NICE = 5

    def _leave_no_file() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def step_back() -> None:
        """Behind the windows and the scanner when all want a processor."""
        os.nice(_NICE)


__all__ = ["PipeEnd", "stand_alone", "step_back"]


def stand_alone() -> None:
    """What a spawned process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_no_file()
