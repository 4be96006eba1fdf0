"""The table of ``make faults``: one row a fault, honest about what could not be made here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width


class CannotMake(Exception):
    """This machine does not let the fault be made; the row fails and says what is lacking."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a fault came to."""

    fault: str
    runs: int
    acknowledged: int
    """Acts of which a person was told: saved."""
    found_once: int
    """Of these, those found exactly once afterwards."""
    broken: tuple[str, ...] = ()
    """What else was wrong."""
    seconds: float = 0.0
    notes: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise was kept, on acts that were really made."""
        return not self.broken and self.acknowledged == self.found_once > 0

    @property
    def verdict(self) -> str:
        """In a word."""
        return "holds" if self.holds else "BROKEN"


Fault = Callable[[bool], Row]
"""Makes a fault, for long or for short."""


def play(faults: Iterable[tuple[str, Fault]], *, is_long: bool) -> bool:
    """Make every fault and print its row at once; whether all hold."""
    print(f"{'fault':44}{'runs':>6}{'acts acknowledged':>19}{'found exactly once':>20}{'s':>7}  verdict", flush=True)
    all_hold = True
    for name, fault in faults:
        start = time.monotonic()
        try:
            row = fault(is_long)
        except CannotMake as no:
            row = Row(fault=name, runs=0, acknowledged=0, found_once=0, broken=(f"NOT RUN: {no}",))
        except Exception as error:
            row = Row(fault=name, runs=0, acknowledged=0, found_once=0, broken=(f"{type(error).__name__}: {error}",))
        wide = sum(east_asian_width(letter) in "WF" for letter in row.fault)
        numbers = f"{row.runs:>6}{row.acknowledged:>19}{row.found_once:>20}{time.monotonic() - start:>7.1f}"
        print(f"{row.fault:{44 - wide}}{numbers}  {row.verdict}  {row.notes}", flush=True)
        for line in row.broken[:8]:
            print(f"    {line}", flush=True)
        all_hold &= row.holds
    return all_hold
