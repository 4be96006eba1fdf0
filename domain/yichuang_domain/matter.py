"""一件事里的一件: what a case says of the matter that it was handed in with.

Rules kept here: a matter IS its cases, and the same value stands in each of them: there is no second kind of log.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_domain.ids import ItemCode, MatterId


@dataclass(frozen=True, kw_only=True)
class MatterPart:
    """一件事里的一件: the matter that a case was handed in with, the same in all of its cases."""

    matter: MatterId
    number: str
    """一件事编号, a label like a case's number."""
    code: ItemCode
    """The matter in the catalogue."""
    version: int
    name: str
    """Its name as it was handed in."""
    items: tuple[ItemCode, ...]
    """Every item, in the matter's order; one case each."""

    @property
    def size(self) -> int:
        """How many cases it has."""
        return len(self.items)

    def ordinal(self, item: ItemCode) -> int:
        """The place of an item in the matter, from 1. Raises ValueError for another item."""
        return self.items.index(item) + 1
