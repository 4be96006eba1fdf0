"""A real client on a real display, driven by real X events and followed by its trace lines.

Rules kept here: the driver sees only what a person or the trace can see; it waits for a trace line, never for a
span of time.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from PIL import Image, ImageChops, ImageGrab

Line = Mapping[str, Any]
_CLASS = "^Yichuang$"
"""How a desktop tells our windows from others."""
_WINDOWS = {""}
"""The windows of all desks so far, by their X numbers."""
_QUIET_S, _STILL_S = 0.15, 6.0
"""After so long without a line a client has done what it was asked; the longest that a picture waits for stillness."""


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent with the padding of XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("pad", ctypes.c_long * 24),
    )


def _ask_to_close(display: str, window: int) -> None:
    """Send WM_DELETE_WINDOW: there is no window manager on a display of our own that would."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XInternAtom.restype = ctypes.c_void_p, ctypes.c_ulong
    opened = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    protocols, delete = (x11.XInternAtom(opened, name, False) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    event = _ClientMessage(type=33, window=window, message_type=protocols, format=32)  # 33: ClientMessage
    event.data[0] = delete
    x11.XSendEvent(opened, ctypes.c_ulong(window), False, ctypes.c_long(0), ctypes.byref(event))
    x11.XCloseDisplay(opened)


def _changed(before: Image.Image, after: Image.Image) -> bool:
    """Whether more than a text cursor differs."""
    box = ImageChops.difference(before, after).getbbox()
    return box is not None and (box[2] - box[0] > 4 or box[3] - box[1] > 40)


class Display:
    """One Xvfb of its own, so that every desk has its own screen and focus."""

    def __init__(self, width: int = 1366, height: int = 768) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(write,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as numbers:
            self.name = ":" + numbers.readline().strip()
        if self.name == ":":
            raise RuntimeError("Xvfb did not start")

    def close(self) -> None:
        """End the server and every window on it."""
        self._server.terminate()
        self._server.wait()


class Desktop:
    """One running client: its process, its display, its trace."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        display: str,
        environment: Mapping[str, str] | None = None,
        is_shared: bool = False,
    ) -> None:
        """``is_shared``: other windows are on the display too, so this one comes forward before it is used."""
        self.display = display
        self._is_shared = is_shared
        self._window = ""
        self.keys = 0
        """How many keys were pressed; characters typed into a field are none."""
        self._lines: list[Line] = []
        self._read = 0
        self._arrived: queue.Queue[Line | None] = queue.Queue()
        self._noise: list[str] = []
        env = {**os.environ, "DISPLAY": display, "YICHUANG_TRACE": "1", **(environment or {})}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(command), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    def _follow(self) -> None:
        assert self.process.stderr is not None
        for raw in self.process.stderr:
            text = raw.decode(errors="replace").rstrip()
            try:
                line = json.loads(text)
            except ValueError:
                self._noise.append(text)
                continue
            if isinstance(line, dict):
                self._arrived.put(line)
        self._arrived.put(None)

    @property
    def noise(self) -> str:
        """What the client said besides its trace: warnings and tracebacks."""
        return "\n".join(self._noise)

    def wait(self, event: str, *, timeout: float = 20, **fields: object) -> Line:
        """The next trace line of ``event`` with these fields, after the last one waited for.

        Raises TimeoutError with the last lines, RuntimeError if the client ended.
        """
        end = time.monotonic() + timeout
        while True:
            while self._read < len(self._lines):
                line = self._lines[self._read]
                self._read += 1
                if line.get("event") == event and all(line.get(k) == v for k, v in fields.items()):
                    return line
            self._take(end, f"{event} {fields}")

    def now(self, event: str, *, timeout: float = 30, **fields: object) -> Line:
        """The last line of ``event`` if it has these fields, else the next one that has. Raises as ``wait``."""
        lines = self.seen(event)
        if lines and all(lines[-1].get(k) == v for k, v in fields.items()):
            return lines[-1]
        return self.wait(event, timeout=timeout, **fields)

    @property
    def focus(self) -> str:
        """Where the focus is, as last traced."""
        moves = self.seen("focus")
        return str(moves[-1]["field"]) if moves else ""

    def mark(self) -> None:
        """Wait from here on: what was traced so far counts no more."""
        self.seen("")
        self._read = len(self._lines)

    def settle(self) -> None:
        """Let the client come to rest: no line for a moment. What came can still be waited for."""
        with contextlib.suppress(queue.Empty):
            while (line := self._arrived.get(timeout=_QUIET_S)) is not None:
                self._lines.append(line)

    def both(self, first: str, second: str) -> None:
        """Wait for a line of each event, in whichever order they come; what follows ``first`` can be waited for again.

        Raises as ``wait``.
        """
        start = self._read
        self.wait(first)
        read, self._read = self._read, start
        self.wait(second)
        self._read = read

    def at(self, field: str, *, timeout: float = 20) -> None:
        """Wait until ``field`` has the focus, now or later. Raises as ``wait``."""
        if self.focus != field:
            self.wait("focus", field=field, timeout=timeout)

    def seen(self, event: str, **fields: object) -> list[Line]:
        """All lines of ``event`` so far, waited for or not."""
        while not self._arrived.empty():
            line = self._arrived.get()
            if line is not None:
                self._lines.append(line)
        return [
            line
            for line in self._lines
            if line.get("event") == event and all(line.get(k) == v for k, v in fields.items())
        ]

    def _take(self, end: float, wanted: str) -> None:
        try:
            line = self._arrived.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            last = "\n".join(map(str, self._lines[-15:]))
            raise TimeoutError(f"no {wanted}; last lines:\n{last}\n{self.noise[-4000:]}") from None
        if line is None:
            raise RuntimeError(f"the client ended while waiting for {wanted}:\n{self.noise[-4000:]}")
        self._lines.append(line)

    def key(self, *keys: str) -> None:
        """Press keys as X knows them: ``F5``, ``ctrl+2``, ``Return``."""
        self.keys += len(keys)
        self._come_forward()
        self._xdotool("key", "--clearmodifiers", "--delay", "20", *keys)

    def burst(self, milliseconds: int, *keys: str) -> None:
        """Press keys so close behind each other, whether the client is ready or not."""
        self._come_forward()
        self._xdotool("key", "--delay", str(milliseconds), *keys)

    def type(self, text: str) -> None:
        """Type into the focused field; what the keyboard has no key for comes by the clipboard."""
        if text.isascii():
            self._come_forward()
            self._xdotool("type", "--delay", "8", text)
            return
        self.copy(text)
        self.key("ctrl+v")

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""
        env = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xclip", "-selection", "clipboard"], input=text.encode(), env=env, check=True)
        there = b""
        while there != text.encode():  # the new owner answers before anything is pasted
            read = ["xclip", "-selection", "clipboard", "-o"]
            there = subprocess.run(read, env=env, capture_output=True, check=False, timeout=10).stdout

    def fill(self, field: str, text: str) -> None:
        """Type into ``field``, which must have the focus already or get it next."""
        self.wait("focus", field=field)
        self.type(text)

    def screenshot(self, path: Path) -> None:
        """What the screen shows once it stands still (a blinking cursor aside), as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._come_forward()
        before, picture = None, ImageGrab.grab(xdisplay=self.display)
        end = time.monotonic() + _STILL_S
        while before is None or (_changed(before, picture) and time.monotonic() < end):
            self.settle()
            before, picture = picture, ImageGrab.grab(xdisplay=self.display)
        picture.save(path)

    def close_window(self) -> int:
        """The window's own cross, as a window manager presses it. Returns the program's exit code."""
        window = self._xdotool("search", "--onlyvisible", "--class", _CLASS).split()[0]
        _ask_to_close(self.display, int(window))
        return self.process.wait(30)

    def kill(self) -> None:
        """SIGKILL: as a power cut, for the program."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """End the client in the ordinary way, harder if it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def _come_forward(self) -> None:
        """On a display with other windows: this one in front and with the focus, with a window manager or without."""
        if not self._is_shared:
            return
        while not self._window:  # the one that no other desk has; Tk tells X no process number
            shown = self._xdotool("search", "--sync", "--onlyvisible", "--class", _CLASS).split()
            self._window = next((window for window in shown if window not in _WINDOWS), "")
            _WINDOWS.add(self._window)
        try:
            self._xdotool("windowactivate", "--sync", self._window)
        except subprocess.CalledProcessError:
            self._xdotool("windowraise", self._window, "windowfocus", "--sync", self._window)

    def _xdotool(self, *arguments: str) -> str:
        env = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(["xdotool", *arguments], env=env, check=True, capture_output=True, text=True, timeout=30)
        return done.stdout

    def __enter__(self) -> Desktop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
