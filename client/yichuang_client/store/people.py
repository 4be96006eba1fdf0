"""The district as this desk knows it: places, people, leases, the calendar.

Rules kept here: a person may work without a line only under a lease that the district signed for this desk, until its
end; a clock that stands before the newest signed district time is not believed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from yichuang import codec
from yichuang_client.store.database import Database
from yichuang_client.store.exchange_values import SignedText
from yichuang_client.store.meta import Meta
from yichuang_client.store.times import to_moment, to_text
from yichuang_domain.ids import PersonId, SectionId
from yichuang_domain.organisation import District, Person
from yichuang_domain.workdays import Calendar

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far this desk's clock may stand before the district's newest signed time."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """离线授权: until when a person may work at this desk without a line."""

    lease: str
    person: PersonId
    replica: str
    not_after: datetime


class LeaseState(Enum):
    """Whether a lease lets its person work."""

    VALID = "VALID"
    NONE = "NONE"
    """The person never signed in on line here."""
    EXPIRED = "EXPIRED"
    CLOCK_BEHIND = "CLOCK_BEHIND"
    """This desk's clock stands before a time that the district has signed."""


@dataclass(frozen=True, kw_only=True)
class DeskKey:
    """A row of the published list of desk keys."""

    device_number: str
    act_key: bytes
    from_time: str
    until_time: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What GetProfile brings."""

    version: int
    district: SignedText
    people: tuple[bytes, ...] = field(default=(), repr=False)
    calendar_notices: tuple[bytes, ...] = ()
    desk_keys: tuple[DeskKey, ...] = ()
    administrator_keys: SignedText = field(default_factory=lambda: SignedText(text=b""))
    """Canonical text {"keys": [{"key", "person"}]}."""
    bundle_key: SignedText = field(default_factory=lambda: SignedText(text=b""))
    """Canonical text {"bundle_key", "district"}; empty from a district of before."""
    recovery_key: SignedText = field(default_factory=lambda: SignedText(text=b""))
    """Canonical text {"district", "recovery_key"}; empty where the district has none."""


class People:
    """People, leases, district and calendar. Every method raises StoreError."""

    def __init__(self, database: Database, meta: Meta) -> None:
        self._database = database
        self._meta = meta
        self._calendar: tuple[int, Calendar] | None = None

    def enrolled_time(self, replica: str) -> str:
        """Since when the published list names a desk's key; empty for one that it does not name."""
        row = self._database.row("SELECT from_time FROM desk_key WHERE device_number = ?", replica)
        return "" if row is None else str(row[0])

    def keep_profile(self, profile: Profile) -> None:
        """Take a profile in, as a whole."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM calendar_notice")
            connection.executemany("INSERT INTO calendar_notice (text) VALUES (?)", _each(profile.calendar_notices))
            connection.execute("DELETE FROM desk_key")
            connection.executemany(
                "INSERT OR REPLACE INTO desk_key VALUES (?, ?, ?, ?)",
                [(k.device_number, k.act_key, k.from_time, k.until_time) for k in profile.desk_keys],
            )
            for text in profile.people:
                self.keep_person(codec.decode(Person, text))
            self._meta.keep("district", profile.district.text.decode())
            self._meta.keep("profile_version", str(profile.version))
        self._calendar = None

    @property
    def district(self) -> District | None:
        """The district, None before the first profile."""
        text = self._meta.text("district")
        return codec.decode(District, text.encode()) if text else None

    @property
    def calendar(self) -> Calendar:
        """The working-day calendar as known here."""
        version = self._meta.number("profile_version")
        if self._calendar is None or self._calendar[0] != version:
            rows = self._database.rows("SELECT text FROM calendar_notice ORDER BY position")
            self._calendar = (version, Calendar.from_notices(json.loads(row[0]) for row in rows))
        return self._calendar[1]

    def keep_person(self, person: Person) -> None:
        """Take a person in, or new rights."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO person VALUES (?, ?)", (person.person, codec.encode(person).text)
            )

    def person(self, person: PersonId) -> Person | None:
        """A member of staff, None for one who is not known here."""
        row = self._database.row("SELECT text FROM person WHERE person = ?", person)
        return None if row is None else codec.decode(Person, row[0])

    def of_section(self, section: SectionId) -> tuple[Person, ...]:
        """Who works in a section, by name."""
        rows = self._database.rows("SELECT text FROM person")
        found = (codec.decode(Person, row[0]) for row in rows)
        return tuple(sorted((p for p in found if p.section == section), key=lambda p: p.name))

    def keep_login(self, login: str, person: Person) -> None:
        """Remember who signs in under a login."""
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO login VALUES (?, ?)", (_login(login), person.person))
            self.keep_person(person)

    def of_login(self, login: str) -> Person | None:
        """Who signs in under a login here, None for one who never did."""
        row = self._database.row("SELECT person FROM login WHERE login = ?", _login(login))
        return None if row is None else self.person(row[0])

    def keep_lease(self, signed: SignedText) -> Lease:
        """Take a lease in whose signature was verified. Raises CodecError."""
        lease = codec.decode(Lease, signed.text)
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO lease VALUES (?, ?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET lease = excluded.lease, "
                "not_after = excluded.not_after, text = excluded.text, signature = excluded.signature "
                "WHERE excluded.not_after >= lease.not_after",
                (lease.person, lease.lease, to_text(lease.not_after), signed.text, signed.signature),
            )
        return lease

    def lease(self, person: PersonId) -> Lease | None:
        """The newest lease of a person."""
        row = self._database.row("SELECT text FROM lease WHERE person = ?", person)
        return None if row is None else codec.decode(Lease, row[0])

    def end_leases(self) -> None:
        """The desk has another number, for which none of them was given."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM lease")

    def leases(self) -> tuple[Lease, ...]:
        """The newest lease of each person."""
        return tuple(codec.decode(Lease, row[0]) for row in self._database.rows("SELECT text FROM lease"))

    def lease_state(self, person: PersonId, now: datetime) -> LeaseState:
        """Whether the person may work here without a line, now."""
        row = self._database.row("SELECT not_after FROM lease WHERE person = ?", person)
        if row is None:
            return LeaseState.NONE
        seen = self._meta.seen_time
        if seen is not None and now < seen - CLOCK_TOLERANCE:
            return LeaseState.CLOCK_BEHIND
        return LeaseState.VALID if now <= to_moment(row[0]) else LeaseState.EXPIRED


def _login(login: str) -> str:
    return login.strip().casefold()


def _each(texts: Iterable[bytes]) -> list[tuple[Any, ...]]:
    return [(text,) for text in texts]
