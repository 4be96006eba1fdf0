"""Who works at this desk now, and with what: the one value that every action takes.

Rules kept here: the clock and the randomness are given, never reached for; a salt is made for every personal value.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.store import Appended, Doer, Store
from yichuang_domain.actions import Action
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.errors import Reason
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import District, Person, Place, Section
from yichuang_domain.personal import SALT_BYTES, Personal, seal


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A person at work: store, rights, lease, line."""

    store: Store
    person: Person
    lease: str
    has_session: Callable[[], bool]
    """Whether the district knows the person as signed in, now."""
    clock: Callable[[], datetime] = _now
    random: Callable[[int], bytes] = secrets.token_bytes

    @property
    def doer(self) -> Doer:
        """The person as a deed names it."""
        return Doer(person=self.person, lease=self.lease, has_session=self.has_session())

    @property
    def today(self) -> date:
        """The law's day."""
        return local_day(self.clock())

    @property
    def district(self) -> District:
        """The district's profile. Raises StoreError (NOT_SET_UP before the first sync)."""
        found = self.store.people.district
        if found is None:
            raise StoreError(StoreReason.NOT_SET_UP)
        return found

    @property
    def place(self) -> Place:
        """Where this desk stands. Raises StoreError."""
        here = self.store.desk.place
        return next(place for place in self.district.places if place.place == here)

    def section_of(self, case: Case) -> Section | None:
        """The case's section, None where the item has none."""
        return next((s for s in self.district.sections if s.section == case.section), None)

    def item_of(self, case: Case) -> ItemVersion:
        """The item version to which a case is pinned. Raises StoreError."""
        return self.store.catalogue.item(case.item, case.item_version)

    def seal(self, text: str) -> Personal:
        """Make a personal value of a text."""
        return seal(text, self.random(SALT_BYTES))

    def do(self, *acts: tuple[CaseId, Action], uses_draft: tuple[CaseId, DraftKind] | None = None) -> Appended:
        """Do acts as one deed, all or none; durable when this returns. Raises Refused, StoreError."""
        return self.store.append_deed(acts, self.doer, self.clock(), uses_draft=uses_draft)

    def refusal(self, *acts: tuple[CaseId, Action]) -> Reason | None:
        """Why the district would refuse these acts now, None if it would not. Raises StoreError."""
        return self.store.would_refuse(acts, self.doer, self.clock())
