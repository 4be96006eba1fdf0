"""模拟打印后台: stands for `SpoolerLibrary`, written by Microsoft's documents; ours, and no spooler of Windows.

What it holds true: a job goes through the looks that it was told to have and is gone after the last one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from ctypes import c_void_p
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble

Look = tuple[int, int, int] | None


class Spooler:
    """打印后台; one printer of the name Office, 2,480 × 3,508 dots at 300 dpi."""

    def __init__(self, *looks: Look) -> None:
        """``looks``: status bits, pages, printed pages of the job, one a look."""
        self.looks = list(looks)
        self.status, self.attributes = 0, 0
        self.raw: list[bytes] = []
        self.modes: list[tuple[dict[str, int], int]] = []
        self.drawn: list[tuple[tuple[int, int, int, int], tuple[int, int], bytes]] = []
        self.told: list[str] = []
        self.draws_left = 1000

    def names(self) -> tuple[str, ...]:
        """As `SpoolerLibrary.names`."""
        return ("Office 1 楼",)

    def printer(self, name: str) -> tuple[str, int, int]:
        """As `SpoolerLibrary.printer`."""
        if name != "Office":
            raise DeviceError(Trouble.OFFLINE, "OpenPrinter: 1801")
        return "Simulated driver (ours)", self.status, self.attributes

    def job(self, name: str, number: int) -> Look:
        """As `SpoolerLibrary.job`."""
        return self.looks.pop(0) if self.looks else None

    def delete_job(self, name: str, number: int) -> None:
        """As `SpoolerLibrary.delete_job`."""
        self.told.append(f"delete {number}")

    def send_raw(self, name: str, title: str, data: bytes) -> int:
        """As `SpoolerLibrary.send_raw`."""
        self.raw.append(data)
        return 7

    def mode(self, name: str, wanted: dict[str, int], fields: int) -> Any:
        """As `SpoolerLibrary.mode`."""
        self.modes.append((wanted, fields))
        return None

    @contextlib.contextmanager
    def canvas(self, name: str, mode: Any) -> Iterator[c_void_p]:
        """As `SpoolerLibrary.canvas`."""
        yield c_void_p(1)
        self.told.append("let go")

    def extent(self, canvas: c_void_p) -> tuple[int, int, int, int]:
        """As `SpoolerLibrary.extent`."""
        return 2480, 3508, 300, 300

    def begin(self, canvas: c_void_p, title: str) -> int:
        """As `SpoolerLibrary.begin`."""
        self.told.append(f"begin {title}")
        return 8

    def end(self, canvas: c_void_p) -> None:
        """As `SpoolerLibrary.end`."""
        self.told.append("end")

    def abort(self, canvas: c_void_p) -> None:
        """As `SpoolerLibrary.abort`."""
        self.told.append("abort")

    def start_page(self, canvas: c_void_p) -> None:
        """As `SpoolerLibrary.start_page`."""
        self.told.append("page")

    def end_page(self, canvas: c_void_p) -> None:
        """As `SpoolerLibrary.end_page`."""
        self.told.append("page whole")

    def draw(self, canvas: c_void_p, box: tuple[int, int, int, int], size: tuple[int, int], rows: bytes) -> None:
        """As `SpoolerLibrary.draw`."""
        if not self.draws_left:
            raise DeviceError(Trouble.COMMUNICATION, "StretchDIBits: 0")
        self.draws_left -= 1
        self.drawn.append((box, size, rows))
