"""The district's house: everything that its services need, put together once (bootstrap) and handed around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from yichuang_domain.workdays import Calendar
from yichuang_server.feed.wakeups import Wakeups
from yichuang_server.services import people
from yichuang_server.services.admission import Admission
from yichuang_server.services.authority import Authority
from yichuang_server.services.enrolment import Enrolment
from yichuang_server.services.exchange import Exchange
from yichuang_server.services.limits import Limits
from yichuang_server.services.packing import Packing
from yichuang_server.services.people import People, SignedIn
from yichuang_server.services.releases import Releases
from yichuang_server.store import database, profile
from yichuang_server.store.blobs import PageStore
from yichuang_server.store.desks import Desk

T = TypeVar("T")


def district_time() -> datetime:
    """The district's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class House:
    """One district at work."""

    district: str
    """Six digits."""
    engine: Engine
    authority: Authority
    pages: PageStore
    people: People
    enrolment: Enrolment
    exchange: Exchange = field(default_factory=Exchange)
    wakeups: Wakeups = field(default_factory=Wakeups)
    limits: Limits = field(default_factory=Limits)
    admission: Admission = field(default_factory=Admission)
    packing: Packing = field(default_factory=Packing)
    now: Callable[[], datetime] = district_time
    trusts_standby: bool = False
    """Whether what a synchronous standby has counts as durable."""
    releases: Releases | None = None
    """Of the desk's program, where this district hands them out."""
    _calendars: dict[int, Calendar] = field(default_factory=dict)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in one write transaction, again when the database could not order it."""
        return database.write(self.engine, work)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot."""
        return database.read(self.engine, work)

    def sign_in(self, desk: Desk, login: str, password: str, code: str) -> SignedIn:
        """Sign a person in at a desk. Raises DistrictError."""
        return people.sign_in(self.engine, self.people, self.district, desk, login, password, code, self.now())

    def change_password(self, desk: Desk, token: str, old: str, new: str) -> None:
        """Let a signed-in person choose a password. Raises DistrictError."""
        people.change_password(self.engine, self.people, self.district, desk, token, old, new, self.now())

    def calendar(self, connection: Connection) -> Calendar:
        """The working-day calendar; read again when the profile has changed."""
        version = profile.version(connection, self.district)
        if version not in self._calendars:
            self._calendars.clear()
            self._calendars[version] = profile.calendar(connection, self.district)
        return self._calendars[version]
