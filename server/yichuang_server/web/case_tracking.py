"""办件查询: the tracking that reads a case's log and says what may be said of it.

Rules kept here: the records are folded without the values of persons, which are not needed and so not read; the
item's name is said only where the law makes the matter public anyway (行政许可法 40: decisions on permits are open to
the public) and its section is not a hidden one. All else reads 区里, for the name of an item can reveal a person's
need (低保, 残疾). A matter is named where all of its items are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.matters import in_order
from yichuang_domain.organisation import Section
from yichuang_domain.workdays import Calendar
from yichuang_server.web.projection import as_of, follow, tail
from yichuang_server.web.public import MatterView, TrackingView

PERMIT = "01"
"""行政许可, by the national type code of items."""
HIDDEN_ALIAS = "区里"
"""The alias of a section that says nothing."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What the district's store gives for a token: a case, or each of a matter's."""

    case: Case
    """Folded from its records; the values of persons may be missing."""
    item: ItemVersion | None
    """The version that it is pinned to."""
    section: Section | None


class CaseTracking:
    """A ``Tracking`` over a function that finds a case by the digest of its token."""

    def __init__(
        self,
        find: Callable[[str], Sequence[Followed]],
        *,
        calendar: Callable[[], Calendar],
        today: Callable[[], date],
    ) -> None:
        """``find`` gives every case with the token; it may raise TrackingUnavailableError.

        All three are called from worker threads.
        """
        self._find = find
        self._calendar = calendar
        self._today = today

    def lookup(self, token_digest: str) -> TrackingView | MatterView | None:
        """As ``Tracking.lookup``."""
        found = self._find(token_digest)
        if not found:
            return None
        views = {one.case.case: self._view(one) for one in found}
        matter = found[0].case.matter
        cases = in_order(one.case for one in found if one.case.matter == matter)
        if matter is None or len(cases) < 2:
            return views[found[0].case.case]
        is_named = all(views[case.case].item is not None for case in cases)
        return MatterView(
            cases=tuple(views[case.case] for case in cases),
            name=matter.name if is_named else None,
            number_tail=tail(matter.number),
        )

    def _view(self, found: Followed) -> TrackingView:
        view = follow(
            found.case,
            item=found.item,
            item_name=public_name(found.item, found.section),
            section_alias=_alias(found.section),
            calendar=self._calendar(),
        )
        return as_of(view, self._today())


def public_name(item: ItemVersion | None, section: Section | None) -> str | None:
    """公开事项名称, or None where it might reveal something about a person."""
    if item is None or item.type_code != PERMIT or _alias(section) is None:
        return None
    return item.name


def _alias(section: Section | None) -> str | None:
    if section is None or section.public_alias in ("", HIDDEN_ALIAS):
        return None
    return section.public_alias
