"""Searching the district (全区检索): what is asked and what is shown, masked by the district.

Rules kept here: the whole district needs two facts, one of them the beginning of a number; nothing here holds a full
name or an identity number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from yichuang_domain.case import State
from yichuang_domain.ids import CaseId, ItemCode, MatterId, PlaceId

SHORTEST_NUMBER = 10
"""Characters of a number, without dashes, that count in the whole district: area and device."""


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """What is looked for; empty texts are no facts."""

    number: str = ""
    """How the number begins, with or without dashes."""
    name: str = field(default="", repr=False)
    """How the applicant's name begins."""
    item: str = ""
    """Code of the item."""
    place: str = ""
    state: State | None = None
    """Narrows the answer; no fact of its own."""
    whole_district: bool = False

    def is_enough(self) -> bool:
        """Whether the district will answer."""
        digits = sum(map(str.isalnum, self.number))
        facts = sum(map(bool, (digits, self.name, self.item, self.place)))
        return facts > 1 and digits >= SHORTEST_NUMBER if self.whole_district else facts > 0


@dataclass(frozen=True, kw_only=True)
class FoundCase:
    """One line of the answer."""

    case: CaseId | None
    """None for a case that this desk does not have and no card was read for: the applicant's own means open it."""
    number: str
    item: ItemCode
    item_name: str
    state: State
    place: PlaceId
    masked_name: str
    matter: MatterId | None = None
    """Told with the case's id: the cases of one matter are opened together."""


@dataclass(frozen=True, kw_only=True)
class FoundCases:
    """The answer."""

    rows: tuple[FoundCase, ...]
    has_more: bool
