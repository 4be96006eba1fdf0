"""裁剪框: which part of a page stays, as a person sets it edge by edge."""

from __future__ import annotations

from dataclasses import dataclass, replace

SMALLEST = 10
"""Least width and height of a frame, in hundredths of the page."""


@dataclass(frozen=True, kw_only=True)
class CropFrame:
    """裁剪框: what is cut away at each side, in hundredths of the page."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def moved(self, edge: str, step: int) -> CropFrame:
        """An edge goes inwards (positive) or outwards; it stops at the page's rim and before the opposite one."""
        other = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[edge]
        most = 100 - SMALLEST - getattr(self, other)
        return replace(self, **{edge: max(0, min(most, getattr(self, edge) + step))})

    @property
    def is_whole(self) -> bool:
        """Whether nothing would be cut away."""
        return self == CropFrame()
