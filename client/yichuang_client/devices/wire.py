"""线路: the way of bytes to a printer without a spool, whatever language it speaks.

Rules kept here: a wire is opened for one job or one question and closed after it; it never resets a device; a printer
that takes nothing for a while is no error yet, because it may wait for paper: whoever prints decides.
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from yichuang_client.devices.errors import Trouble


class Wire(Protocol):
    """An open way to a printer; every call may raise DeviceError."""

    def __enter__(self) -> Self:
        """The wire itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it, the device as it was before."""

    def write(self, data: bytes | memoryview) -> int:
        """Send; how many bytes were taken before the printer took no more for a moment."""

    def read(self, count: int, seconds: float) -> bytes:
        """At most ``count`` bytes of an answer; what came within so many seconds, perhaps nothing."""

    def port_troubles(self) -> tuple[Trouble, ...]:
        """What the line itself tells of the printer, also while it takes no bytes."""
