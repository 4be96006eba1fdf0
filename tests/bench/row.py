"""One figure of a benchmark, and how large a run is.

Rules kept here: a figure is better when smaller, unless its bar is the least that it may be; a reference is measured in
the same run, never remembered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured figure."""

    name: str
    value: float
    unit: str
    reference: str | None = None
    """What it is compared with."""
    reference_value: float | None = None
    """In the same unit, from the same run."""
    bar: float | None = None
    """The most that it may be."""
    least: float | None = None
    """The bar of a figure that is better when larger: the least that it may be."""

    @property
    def ratio(self) -> float | None:
        """Value over reference value."""
        return self.value / self.reference_value if self.reference_value else None

    @property
    def holds(self) -> bool | None:
        """Whether the value is within the bar; None without a bar."""
        if self.least is not None:
            return self.value >= self.least
        return None if self.bar is None else self.value <= self.bar

    def to_json(self) -> dict[str, str | float | bool | None]:
        """The row as it stands in ``bench.json``."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "reference": self.reference,
            "reference_value": None if self.reference_value is None else round(self.reference_value, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "bar": self.bar if self.least is None else self.least,
            "holds": self.holds,
        }


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a run is."""

    is_quick: bool

    def of(self, full: int, quick: int) -> int:
        """``full``, or ``quick`` when only the shape is checked."""
        return quick if self.is_quick else full


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 to 1) of the values do not exceed. Raises ValueError if empty."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
