"""练习入口: the words of the way from the real desk to practice and back, and when it is open.

Rules kept here: nobody leaves the real desk while something of it is unsent and the district can be reached; the way
is taken by a person's key alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yichuang_client.presenters.models.common import Text, msg


@dataclass(frozen=True, kw_only=True)
class OtherWorld:
    """换世界: the way to the other world."""

    is_practice: bool
    """Whether this is practice, so that the way leads back."""
    unsent: Callable[[], int]
    """Deeds and pages that would wait meanwhile; blocking. Raises StoreError."""
    go: Callable[[], None]
    """Close everything here and begin there."""

    @property
    def label(self) -> Text:
        """What its button says."""
        return msg("start.to_real") if self.is_practice else msg("start.to_practice")
