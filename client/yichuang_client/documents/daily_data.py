"""日结单的数据: the closing sheet of a desk's day.

Rules kept here: the totals are sums of the rows and never passed in; nothing names a citizen; the head of the desk's
own chain of deeds stands on it, so that a later change of the day could not fit it; so does the head of
the district's log, which no administrator of the district can take back from the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_head import PaperHead


@dataclass(frozen=True, kw_only=True)
class DailyRow:
    """日结行: what one person did at this desk on the day."""

    person: str
    received: int
    accepted: int
    supplements: int
    declined: int
    withdrawn: int
    delivered: int


@dataclass(frozen=True, kw_only=True)
class DailyData(PaperHead):
    """日结单; ``case_number`` is the number of the sheet."""

    paper: ClassVar[Paper] = Paper.DAILY
    required: ClassVar[tuple[str, ...]] = ("day", "person", "chain")

    day: date
    person: str
    """Who closes the day."""
    closed_time: datetime
    rows: tuple[DailyRow, ...]
    stock: tuple[str, ...]
    """Numbers of the certificates printed today, in their order."""
    spoiled: tuple[str, ...]
    """Numbers of the spoiled certificate sheets."""
    reprints: int
    """Papers printed once more, each with its reason."""
    open_prints: int
    """Prints of which nobody has said whether they came out."""
    slips_signed: int
    """Cases whose hand-over slip came back signed today."""
    slips_open: int
    """Cases whose hand-over slip is not back."""
    unsent: int
    """Deeds that the district has not answered."""
    deeds: int
    """Number of the desk's newest deed."""
    chain: str
    """Hash of the desk's newest deed, hex."""
    log_size: int = 0
    """Leaves of the newest head of the district's log that this desk has witnessed; 0 for none."""
    log_root: str = ""
    """Root of that head, hex."""
