"""A district's house without a wire, with a clock that the test moves, and desks that speak to it directly."""

from __future__ import annotations

import itertools
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from tests.support.cases import CALENDAR, CLERK, ITEM, NOON, NOTICES_2026, REVIEWER, SECTION_ITEM, VERIFIER, person
from yichuang import codec
from yichuang_domain.actions import Action
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.ids import CaseId, DeedId, PlaceId, ReplicaId, SectionId
from yichuang_domain.organisation import District, Level, Person, Place, Role, Section
from yichuang_server.services import authority, desk_work, founding
from yichuang_server.services.authority import Authority
from yichuang_server.services.enrolment import Enrolment
from yichuang_server.services.exchange import Sent
from yichuang_server.services.founding import DistrictFile
from yichuang_server.services.house import House
from yichuang_server.services.people import People, token_hash
from yichuang_server.store import catalogue, desks, people, profile, times
from yichuang_server.store.blobs import BlobFiles

CODE = "330402"
OTHER_CLERK = person("other-clerk", Role.CLERK, place=PlaceId("other"))
STAFF = (CLERK, REVIEWER, VERIFIER, OTHER_CLERK)


@dataclass(kw_only=True)
class Clock:
    """The district's clock, moved by the test."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        """The time."""
        return self.time

    def forward(self, **span: float) -> None:
        """Let time go by."""
        self.time += timedelta(**span)


@dataclass(kw_only=True)
class TestHouse:
    """A house and its clock."""

    __test__ = False

    house: House
    clock: Clock
    numbers: Any = field(default_factory=lambda: itertools.count(137))

    def desk(self, place: str, section: str = "", who: Person | None = CLERK) -> TestDesk:
        """A new desk, with a lease for a person."""
        key = Ed25519PrivateKey.generate()
        replica = f"{next(self.numbers):04d}"
        value = desks.Desk(
            replica=replica,
            place=place,
            kind="SECTION" if section else "COUNTER",
            section=section,
            act_key=key.public_key().public_bytes_raw(),
            enrolled_time=times.text(self.clock()),
        )
        self.house.write(lambda c: desks.enlist(c, self.house.district, value))
        desk = TestDesk(home=self, value=value, key=key)
        if who is not None:
            desk.take_seat(who)
        return desk

    def disable(self, who: Person) -> None:
        """Take a person's rights, from now on."""
        self.house.write(lambda c: people.disable(c, self.house.district, who.person, times.text(self.clock())))

    def cancel(self, code: str, on: date) -> None:
        """Cancel an item."""
        self.house.write(lambda c: catalogue.cancel(c, self.house.district, code, on, times.text(self.clock())))

    def publish(self, *items: ItemVersion) -> int:
        """Publish a release. Returns its version."""
        return self.house.write(lambda c: founding.publish(c, self.house.district, items, self.clock()))


@dataclass(kw_only=True)
class TestDesk:
    """A desk that keeps its chain, its cursor and what came."""

    __test__ = False

    home: TestHouse
    value: desks.Desk
    key: Ed25519PrivateKey
    who: Person = CLERK
    lease: str = ""
    token: str = ""
    seq: int = 0
    previous: str = ""
    epoch: str = ""
    position: int = 0
    catalogue_version: int = 1
    records: dict[int, Any] = field(default_factory=dict)

    def take_seat(self, who: Person) -> None:
        """Seat a person, whose deeds follow, with a session and a lease; passwords have their own tests."""
        house, now = self.home.house, self.home.clock()
        self.who, self.token = who, secrets.token_urlsafe(32)

        def work(connection: Connection) -> bytes:
            opened = token_hash(self.token), who.person, self.value.replica, times.text(now)
            people.open_session(connection, house.district, *opened, second_factor=False)
            return house.people.new_lease(connection, who.person, self.value.replica, now).text

        self.lease = json.loads(house.write(work))["lease"]

    def deed(self, *acts: tuple[str, int, Action], **changes: Any) -> Sent:
        """The next deed of the chain, done now."""
        self.seq += 1
        deed = Deed(
            deed=DeedId(secrets.token_hex(16)),
            replica=ReplicaId(self.value.replica),
            seq=self.seq,
            previous=self.previous,
            person=self.who.person,
            lease=self.lease,
            place=PlaceId(self.value.place),
            occurred_time=self.home.clock(),
            seen_time=None,
            skew_ms=0,
            acts=tuple(CaseAct(case=CaseId(case), epoch=epoch, action=action) for case, epoch, action in acts),
        )
        deed = replace(deed, **changes)
        encoded = codec.encode(deed)
        self.previous = codec.digest(encoded.text)
        return Sent(deed=deed.deed, seq=deed.seq, text=encoded.text, disclosures=encoded.disclosures)

    def send(self, *sent: Sent, signed_in: bool = True, signature: bytes | None = None) -> desk_work.Reply:
        """One exchange, applied."""
        head = self.key.sign(bytes.fromhex(codec.digest(sent[-1].text))) if sent else b""
        call = desk_work.Call(
            epoch=self.epoch,
            position=self.position,
            sent=sent,
            signature=head if signature is None else signature,
            tokens=(self.token,) if signed_in and self.token else (),
            catalogue_version=self.catalogue_version,
        )
        reply = desk_work.exchange(self.home.house, self.value, call)
        self.records |= {row.position: row for row in reply.news.records}
        self.records = {at: row for at, row in self.records.items() if row.case not in reply.news.left}
        self.epoch, self.position = reply.epoch, reply.news.position
        return reply

    def act(self, case: str, epoch: int, *actions: Action, signed_in: bool = True) -> str:
        """One deed of several acts on a case, sent. Returns its outcome, or the reason of a refusal."""
        result = self.send(self.deed(*((case, epoch, action) for action in actions)), signed_in=signed_in).results[0]
        return result.reason or result.outcome

    def pull(self) -> None:
        """Exchange until nothing is left."""
        while self.send().news.has_more:
            continue

    def log(self, case: str) -> list[Record]:
        """What the desk has of a case."""
        rows = [row for _, row in sorted(self.records.items()) if row.case == case]
        return [codec.decode(Record, row.text) for row in rows]

    def events(self, case: str) -> list[str]:
        """Names of the case's events."""
        return [type(record.event).__name__ for record in self.log(case)]


def new_case() -> str:
    """The id of a case that is about to be received."""
    return secrets.token_hex(16)


def new_house(engine: Engine, folder: Path, code: str = CODE) -> TestHouse:
    """Found a district in an empty database, at the noon of ``tests.support.cases``."""
    clock = Clock()
    early = NOON - timedelta(days=30)
    levels = {"hall": Level.DISTRICT, "town": Level.TOWN, "other": Level.TOWN}
    district = District(
        code=code,
        name="示范区",
        places=tuple(Place(place=PlaceId(name), name=name, level=level) for name, level in levels.items()),
        sections=(
            Section(section=SectionId("market"), name="市场科", public_alias="市场科", department="市监局"),
            Section(section=SectionId("health"), name="卫健科", public_alias="卫健科", department="卫健局"),
        ),
        public_url="http://127.0.0.1:1",
    )
    file = DistrictFile(district=district, people=())
    with engine.begin() as connection:
        founding.found(connection, file, early, second_factor=False)
        for member in STAFF:
            people.add(connection, code, _account(member), times.text(early))
        profile.load_notice(connection, code, "2026", NOTICES_2026)
        assert profile.calendar(connection, code).version == CALENDAR.version
        founding.publish(connection, code, [ITEM, SECTION_ITEM], early)
    keys, offline = folder / "keys", folder / "offline"
    keys.mkdir()
    offline.mkdir()
    authority.create(keys, offline, code, ["127.0.0.1"], NOON)
    signs = Authority(keys, code)
    house = House(
        district=code,
        engine=engine,
        authority=signs,
        pages=BlobFiles(folder / "blobs"),
        people=People(code, signs),
        enrolment=Enrolment(code, signs),
        now=clock,
    )
    return TestHouse(house=house, clock=clock)


def _account(member: Person) -> people.Account:
    return people.Account(
        person=member,
        login=member.name,
        password_hash="",
        totp_secret="",
        last_totp=0,
        failures=0,
        locked_until="",
        disabled=False,
    )
