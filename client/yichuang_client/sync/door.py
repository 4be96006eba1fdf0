"""门口: what the sign-in screen may say before anybody has signed in, and why nobody was signed in.

Rules kept here: at a locked desk only what this machine may read without a password; never whether a login exists in
the district.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from yichuang_client.store.desk import DeskKind
from yichuang_client.store.store import Store
from yichuang_client.store.unlock import LockState, Unlock
from yichuang_client.sync.status import Line


class SignInReason(Enum):
    """Why nobody was signed in, beyond what store and transport say."""

    LEASE_EXPIRED = "LEASE_EXPIRED"
    CLOCK_BEHIND = "CLOCK_BEHIND"
    """The clock stands before a time that the district has signed."""
    NEEDS_LINE = "NEEDS_LINE"
    """The person never signed in at this desk."""
    NEEDS_COLLEAGUE = "NEEDS_COLLEAGUE"
    """The desk is locked and the person has no slot: one of ``people`` opens it."""
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    """This desk knows the password, the district does not any more: it was changed at another desk."""


class SignInError(Exception):
    """Nobody was signed in."""

    def __init__(self, reason: SignInReason, people: tuple[str, ...] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.people = people
        """Names of those who can open the desk."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who can sign in here without a line."""

    login: str = field(repr=False)
    name: str
    lease_ends: datetime | None = None
    """Known while the desk is open."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """What stands at the door."""

    office: tuple[str, ...] = ()
    """Place or section, and number of this desk; empty before it is known."""
    people: tuple[Visitor, ...] = ()
    """Who can open the desk, the last one first."""
    is_first: bool = False
    """Whether nobody has a slot yet: the first sign-in needs the line."""
    is_protected: bool = True
    """Whether the system keeps the device secret from a copied disk."""
    line: Line | None = None
    """None while nothing is asked, because the desk is locked."""


def office_of(store: Store) -> tuple[str, ...]:
    """What names this desk: its section, or its place, and its number. Raises StoreError."""
    desk, district = store.desk, store.people.district
    names = []
    if district is not None and desk.kind is DeskKind.SECTION:
        names = [section.name for section in district.sections if section.section == desk.section]
    elif district is not None:
        names = [place.name for place in district.places if place.place == desk.place]
    return (*names, desk.replica)


def read_door(unlock: Unlock, store: Store | None, line: Line | None) -> Door:
    """The door of a desk whose store is open, or None while it is locked. Raises StoreError."""
    is_known = store is not None and store.desk_store.load() is not None
    visitors = []
    for owner in unlock.owners:
        person = store.people.of_login(owner.login) if store is not None else None
        lease = store.people.lease(person.person) if store is not None and person is not None else None
        ends = lease.not_after if lease is not None else None
        visitors.append(Visitor(login=owner.login, name=owner.name, lease_ends=ends))
    return Door(
        office=office_of(store) if store is not None and is_known else unlock.office,
        people=tuple(visitors),
        is_first=unlock.state is LockState.SETTING_UP,
        is_protected=unlock.secret_is_protected,
        line=line,
    )
