"""打印机语言: what a printer without a spool is told, apart from the line it is told on.

Rules kept here: a job is a row of pieces, each a whole command, so that a job may end between two of them; a printer
is asked how it stands before the first byte and after the last one; one that does not answer is believed to be well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import Stock
from yichuang_client.devices.wire import Wire

WIDTHS = {"escpos": 576, "tspl": 480, "zpl": 480}
"""Dots across that are usual: 72 mm and 60 mm at 203 dpi."""
ANSWER_SECONDS = 0.4
"""A printer that answers does so at once."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """幅面: how wide and fine a printer prints."""

    width: int
    """Dots across."""
    dpi: int = 203
    gap_mm: int = 2
    """Between two labels; 0: continuous."""
    is_text: bool = False
    """Whether the printer has the Chinese letters itself (GB18030)."""


class Language(Protocol):
    """打印机语言."""

    @property
    def name(self) -> str:
        """As in `config.toml`."""

    @property
    def stock(self) -> Stock:
        """What such a printer prints on."""

    def pieces(self, pdf: bytes, copies: int) -> Iterator[bytes]:
        """A paper as commands. Raises DeviceError(BAD_SETTING) for what is no PDF."""

    def give_up(self) -> bytes:
        """What ends a paper between two pieces."""

    def troubles(self, wire: Wire) -> tuple[Trouble, ...]:
        """How the printer stands. Raises DeviceError."""
