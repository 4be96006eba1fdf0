"""Seats for the matrix of rights: every role at every kind of desk, with real certificates and real sessions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from argon2 import PasswordHasher

from tests.server.test_wire import FOOD, catalogue, taking
from tests.support.cases import page
from tests.support.desks import Keys, WireDesk, enrol, outcomes
from tests.support.district import RunningDistrict
from tests.support.inner_district import serving
from yichuang.v1 import enrolment_pb2
from yichuang_domain import actions as a
from yichuang_domain.ids import BlobHash, CaseId, PersonId, PlaceId, SectionId
from yichuang_domain.organisation import Person, Role
from yichuang_server.services import authority
from yichuang_server.services.authority import Authority
from yichuang_server.services.house import House
from yichuang_server.store import people, times

PASSWORD = "Juzi-Shui-2026"
PAGE = b"page" * 5_000
PAGE_NAME = hashlib.sha256(PAGE).hexdigest()


class Where(Enum):
    """Which desk calls."""

    OWN = "OWN"
    """The counter that took the case in."""
    SAME_PLACE = "SAME_PLACE"
    OTHER_PLACE = "OTHER_PLACE"
    SECTION = "SECTION"
    """A desk of the section that decides the case."""
    OTHER_SECTION = "OTHER_SECTION"
    REVOKED = "REVOKED"
    UNLISTED = "UNLISTED"
    """With a certificate of our authority that was issued to no desk."""
    FOREIGN = "FOREIGN"
    """With a certificate of another district."""


class Guest(Enum):
    """Who calls, without a role."""

    WITHOUT_ROLE = "WITHOUT_ROLE"
    """Signed in, with no role at all."""
    NOBODY = "NOBODY"
    """No session; deeds are a clerk's."""
    THIEF = "THIEF"
    """A clerk with the session of another desk."""


Who = Role | Guest
EVERYONE: tuple[Who, ...] = (*Role, *Guest)
HOMES = {
    Where.OWN: ("fengqiao", ""),
    Where.SAME_PLACE: ("fengqiao", ""),
    Where.OTHER_PLACE: ("yuxin", ""),
    Where.SECTION: ("hall", "market"),
    Where.OTHER_SECTION: ("hall", "health"),
    Where.REVOKED: ("fengqiao", ""),
    Where.UNLISTED: ("fengqiao", ""),
    Where.FOREIGN: ("fengqiao", ""),
}
"""Place and section of each desk."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Somebody at a desk."""

    where: Where
    who: Who
    desk: WireDesk
    person: PersonId
    lease: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class World:
    """A district in which everybody sits somewhere, and one case."""

    district: RunningDistrict
    house: House
    seats: tuple[Seat, ...]
    case: CaseId
    item: str
    number: str
    token: str = field(repr=False)
    """Of the case's receipt."""


def person_of(who: Who, where: Where) -> Person:
    """The person of a role whose home is a desk's place and section."""
    place, section = HOMES[where]
    role = Role.CLERK if who in (Guest.NOBODY, Guest.THIEF) else who
    return Person(
        person=PersonId(f"{role.value}-{place}-{section}".lower()),
        name="示范",
        roles=frozenset({role} if isinstance(role, Role) else set()),
        place=PlaceId(place),
        section=SectionId(section) if section else None,
    )


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Begin and serve a district, enrol its desks, seat everybody, take a case in, revoke a desk."""
    district = RunningDistrict(folder / "data", second_factor=False)
    with serving(district) as house, ExitStack() as closing:
        _hire(house)
        desks = {where: _desk(district, house, where, folder) for where in Where}
        for desk in desks.values():
            closing.callback(desk.close)
        seats = [seat for where, desk in desks.items() for seat in _seated(where, desk)]
        stolen = next(seat.token for seat in seats if (seat.where, seat.who) == (Where.OWN, Role.CLERK))
        other = next(seat.token for seat in seats if (seat.where, seat.who) == (Where.OTHER_PLACE, Role.CLERK))
        tokens = {Guest.THIEF: stolen, Guest.NOBODY: ""}
        seats = [
            replace(seat, token=other if seat.where is Where.OWN and seat.who is Guest.THIEF else tokens[seat.who])
            if seat.who in (Guest.THIEF, Guest.NOBODY)
            else seat
            for seat in seats
        ]
        case, item, receipt, token = _take_in(desks[Where.OWN], seats)
        house.write(lambda c: house.enrolment.revoke(c, desks[Where.REVOKED].replica, house.now()))
        yield World(
            district=district,
            house=house,
            seats=tuple(seats),
            case=case,
            item=item,
            number=receipt.number,
            token=token,
        )


def sit(seat: Seat) -> WireDesk:
    """The seat's desk, with its person and session."""
    seat.desk.person, seat.desk.lease, seat.desk.tokens = seat.person, seat.lease, [seat.token] if seat.token else []
    return seat.desk


def _hire(house: House) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    staff = {(p := person_of(who, where)).person: p for who in EVERYONE for where in Where}
    early = times.text(house.now() - timedelta(days=1))
    for member in staff.values():
        account = people.Account(
            person=member,
            login=member.person,
            password_hash=cheap,
            totp_secret="",
            last_totp=0,
            failures=0,
            locked_until="",
            disabled=False,
        )
        house.write(lambda c, account=account: people.add(c, house.district, account, early))  # type: ignore[misc]


def _desk(district: RunningDistrict, house: House, where: Where, folder: Path) -> WireDesk:
    place, section = HOMES[where]
    keys = Keys()
    if where in (Where.UNLISTED, Where.FOREIGN):
        signs = house.authority if where is Where.UNLISTED else _other_authority(folder)
        leaf = signs.issue(keys.signing_request(), place, "0999", house.now())
        enrolled = enrolment_pb2.EnrolResponse(
            certificate_chain=leaf.chain,
            device_number="0999",
            place_id=place,
            district_key=house.authority.public_key,
        )
    else:
        kind = "SECTION" if section else "COUNTER"
        code = house.write(lambda c: house.enrolment.new_code(c, place, kind, section, house.now()))
        enrolled = enrol(district.root, district.ports["enrolment_port"], code, keys)
    return WireDesk(district.root, district.ports["port"], enrolled, keys)


def _other_authority(folder: Path) -> Authority:
    keys, offline = folder / "other", folder / "other-offline"
    keys.mkdir()
    offline.mkdir()
    authority.create(keys, offline, "330402", ["127.0.0.1"], datetime.now(UTC))
    return Authority(keys, "330402")


def _seated(where: Where, desk: WireDesk) -> Iterator[Seat]:
    for who in EVERYONE:
        member = person_of(who, where).person
        if where in (Where.UNLISTED, Where.FOREIGN):
            yield Seat(where=where, who=who, desk=desk, person=member)
            continue
        answer = desk.sign_in(member, PASSWORD)
        yield Seat(where=where, who=who, desk=desk, person=member, lease=desk.lease, token=answer.session_token)


def _take_in(desk: WireDesk, seats: list[Seat]) -> tuple[CaseId, str, a.Receive, str]:
    sit(next(seat for seat in seats if (seat.where, seat.who) == (Where.OWN, Role.CLERK)))
    item = {found.name: found for found in catalogue(desk)[0]}[FOOD]
    token = secrets.token_urlsafe(16)
    case, receipt = taking(item)
    receipt = replace(
        receipt, number="330402-0137-20261124-0001-F", token_digest=hashlib.sha256(token.encode()).hexdigest()
    )
    sheet = replace(page(item.materials[0].key), page=BlobHash(PAGE_NAME), size=len(PAGE))
    acts = (receipt, a.AttachPage(page=sheet), a.Accept(docno="南市监许受〔2026〕1号"))
    answer = desk.send(desk.deed(*((case, 1, act) for act in acts)))
    assert outcomes(answer) == ["RECORDED"], answer.results
    assert desk.upload(case, PAGE, PAGE_NAME) == len(PAGE)
    return case, item.code, receipt, token
