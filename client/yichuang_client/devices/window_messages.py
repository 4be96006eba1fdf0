"""窗口消息: what drivers of Windows want of the thread that calls them: a window, and its messages looked at.

Rules kept here: the window is never shown; elsewhere than on Windows there is none and nothing to look at.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Protocol

Seen = Callable[[int], bool]
"""Gets the address of a message (MSG) and tells whether it was the driver's own."""


class Messages(Protocol):
    """The messages of the thread that made it."""

    window: int | None
    """Handle of its window."""

    def look(self, seen: Seen) -> None:
        """Deal with all messages that wait."""

    def wait(self, seconds: float) -> None:
        """Wait until there may be one, `seconds` at most."""

    def close(self) -> None:
        """Let the window go."""


class NoMessages:
    """For systems without them."""

    window: int | None = None

    def look(self, seen: Seen) -> None:
        """There are none."""

    def wait(self, seconds: float) -> None:
        """Wait all the same: a driver may tell of itself from another thread."""
        threading.Event().wait(seconds)

    def close(self) -> None:
        """There is none."""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _PEEK_REMOVES, _ALL_INPUT = 0x0001, 0x04FF
    _POPUP = 0x80000000

    class WindowMessages:
        """Of this thread, with a window of a kind that every Windows knows."""

        def __init__(self) -> None:
            self._user = ctypes.WinDLL("user32", use_last_error=True)
            self._user.CreateWindowExW.restype = wintypes.HWND
            self._user.CreateWindowExW.argtypes = (
                wintypes.DWORD,
                wintypes.LPCWSTR,
                wintypes.LPCWSTR,
                wintypes.DWORD,
                *(ctypes.c_int,) * 4,
                wintypes.HWND,
                wintypes.HMENU,
                wintypes.HINSTANCE,
                wintypes.LPVOID,
            )
            self._user.DestroyWindow.argtypes = (wintypes.HWND,)
            message = ctypes.POINTER(wintypes.MSG)
            self._user.PeekMessageW.argtypes = (message, wintypes.HWND, *(wintypes.UINT,) * 3)
            self._user.TranslateMessage.argtypes = self._user.DispatchMessageW.argtypes = (message,)
            made = self._user.CreateWindowExW(0, "STATIC", "", _POPUP, 0, 0, 1, 1, None, None, None, None)
            self.window: int | None = made or None

        def look(self, seen: Seen) -> None:
            """Deal with all messages that wait."""
            message = wintypes.MSG()
            while self._user.PeekMessageW(ctypes.byref(message), None, 0, 0, _PEEK_REMOVES):
                if not seen(ctypes.addressof(message)):
                    self._user.TranslateMessage(ctypes.byref(message))
                    self._user.DispatchMessageW(ctypes.byref(message))

        def wait(self, seconds: float) -> None:
            """Wait until there may be one, `seconds` at most."""
            self._user.MsgWaitForMultipleObjects(0, None, False, int(seconds * 1000), _ALL_INPUT)

        def close(self) -> None:
            """Let the window go."""
            if self.window:
                self._user.DestroyWindow(self.window)

    messages_here: Callable[[], Messages] = WindowMessages
else:
    messages_here = NoMessages
