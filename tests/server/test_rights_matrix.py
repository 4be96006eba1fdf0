"""Who may call what from where: every role at every kind of desk, over EVERY rpc of the wire.

The rpcs are read from the generated descriptors: a new one without a row fails here. Each cell is one real call.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

import yichuang.v1
from tests.server.rights import (
    EVERYONE,
    HOMES,
    PAGE,
    PAGE_NAME,
    PASSWORD,
    Guest,
    Seat,
    Where,
    Who,
    World,
    person_of,
    sit,
    world,
)
from tests.support.desks import Keys, enrol, reason
from yichuang.v1 import (
    catalogue_pb2,
    district_pb2,
    enrolment_pb2,
    exchange_pb2,
    people_pb2,
    update_pb2,
)
from yichuang_domain import actions as a
from yichuang_domain.organisation import Role

DEADLINE_S = 20
COUNTER = frozenset({Role.CLERK, Role.SUPERVISOR})
WORKING = COUNTER | {Role.REVIEWER, Role.VERIFIER, Role.APPROVER}
HAVE_THE_CASE = frozenset({Where.OWN, Where.SAME_PLACE, Where.SECTION})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rpc, or one use of it."""

    rpc: str
    use: str = ""
    call: Callable[[World, Seat], object]
    """What it answers: a text for the cell, or anything for OK."""
    expects: Callable[[Seat], str] = lambda _seat: "OK"
    """The answer to a desk of ours."""
    asks_who_calls: bool = True
    """Whether a desk that was shut out is refused."""


def of_desk(*where: Where, otherwise: str) -> Callable[[Seat], str]:
    """Depends on the desk alone."""
    return lambda seat: "OK" if seat.where in where else otherwise


def of_role(roles: Iterable[Role], found: Callable[[Where], str] = lambda _where: "OK") -> Callable[[Seat], str]:
    """Needs a session of this desk, and one of the roles."""

    def expects(seat: Seat) -> str:
        if seat.who in (Guest.NOBODY, Guest.THIEF):
            return "NO_SESSION"
        return found(seat.where) if seat.who in roles else "NO_RIGHT"

    return expects


def exchange(_: World, seat: Seat) -> object:
    desk = sit(seat)
    return desk.exchanges.Exchange(exchange_pb2.ExchangeRequest(replica=desk.replica), timeout=DEADLINE_S)


def claim(world: World, seat: Seat) -> str:
    """A claim with an act behind it that is always refused, so that the deed changes nothing."""
    desk = sit(seat)
    deed = desk.deed((world.case, 1, a.Claim()), (world.case, 2, a.Grant(docno="1")))
    (result,) = desk.send(deed).results
    return "OK" if result.act == 1 else result.reason


def claimed(seat: Seat) -> str:
    if seat.who not in {*WORKING, Guest.NOBODY, Guest.THIEF}:
        return "NEEDS_ROLE"
    if not isinstance(seat.who, Role):
        return "NEEDS_LINE"
    return "OK" if seat.where is Where.SECTION else "OTHER_SECTION"


def watch(_: World, seat: Seat) -> None:
    stream = seat.desk.exchanges.Watch(exchange_pb2.WatchRequest(), timeout=DEADLINE_S)
    next(stream)
    stream.cancel()


def find(world: World, seat: Seat) -> str:
    request = exchange_pb2.FindCaseRequest(session_token=seat.token, token=world.token)
    found = seat.desk.exchanges.FindCase(request, timeout=DEADLINE_S).case_id
    return "OK" if found == world.case else found


def search(world: World, seat: Seat, **facts: object) -> str:
    request = exchange_pb2.SearchCasesRequest(session_token=seat.token, **facts)  # type: ignore[arg-type]
    found = seat.desk.exchanges.SearchCases(request, timeout=DEADLINE_S).cases
    assert all(case.masked_name == "阿*" for case in found)
    return " ".join(["found", *("openly" if case.case_id else "masked" for case in found)])


def certificates(_: World, seat: Seat) -> object:
    request = exchange_pb2.FindCertificatesRequest(
        session_token=seat.token, id_number="11010519491231002X", type_codes=["11100000MB0143028R001"]
    )
    return seat.desk.exchanges.FindCertificates(request, timeout=DEADLINE_S)


def enrol_again(_: World, seat: Seat) -> None:
    seat.desk.enrolment.Enrol(enrolment_pb2.EnrolRequest(code="AAAA"), timeout=DEADLINE_S)


def enrol_by_code(world: World, seat: Seat) -> str:
    house, (place, section) = world.house, HOMES[seat.where]
    kind = "SECTION" if section else "COUNTER"
    code = house.write(lambda c: house.enrolment.new_code(c, place, kind, section, house.now()))
    enrolled = enrol(world.district.root, world.district.ports["enrolment_port"], code, Keys())
    return "OK" if (enrolled.place_id, enrolled.section_id) == (place, section) else enrolled.place_id


def read_release(_: World, seat: Seat) -> object:
    """Of a district that hands out none."""
    request = update_pb2.ReadReleaseRequest(path="metadata/timestamp.json")
    return seat.desk.updates.ReadRelease(request, timeout=DEADLINE_S)


def renew(_: World, seat: Seat) -> object:
    request = enrolment_pb2.RenewRequest(signing_request=seat.desk.keys.signing_request())
    return seat.desk.enrolment.Renew(request, timeout=DEADLINE_S)


def renew_expired(_: World, seat: Seat) -> None:
    """On the ordinary door."""
    seat.desk.enrolment.RenewExpired(enrolment_pb2.RenewExpiredRequest(), timeout=DEADLINE_S)


def keep_escrow(_: World, seat: Seat) -> object:
    """Sealed for a recovery key that the district does not have."""
    request = enrolment_pb2.KeepEscrowRequest(recovery_key=bytes(32), key_id="0" * 32, sealed=b"x")
    return seat.desk.enrolment.KeepEscrow(request, timeout=DEADLINE_S)


def sign_in(home: Where) -> Callable[[World, Seat], object]:
    def call(_: World, seat: Seat) -> object:
        login = person_of(seat.who, home).person
        request = people_pb2.SignInRequest(login=login, password=PASSWORD)
        return seat.desk.people.SignIn(request, timeout=DEADLINE_S)

    return call


def sign_out(world: World, seat: Seat) -> str:
    """Of somebody else: it must do nothing."""
    other = next(one for one in world.seats if one.who is Role.KEEPER and one.where is Where.OWN)
    token = "none" if seat.where is Where.OWN else other.token
    seat.desk.people.SignOut(people_pb2.SignOutRequest(session_token=token), timeout=DEADLINE_S)
    house = world.house
    lives = house.write(lambda c: house.people.who(c, other.token, other.desk.replica, house.now()))
    return "OK" if lives else "ENDED ANOTHER'S"


def change_password(_: World, seat: Seat) -> object:
    """To a weak one: the answer shows that the session was asked for first, and nothing changes."""
    request = people_pb2.ChangePasswordRequest(session_token=seat.token, old_password=PASSWORD, new_password="1")
    return seat.desk.people.ChangePassword(request, timeout=DEADLINE_S)


def district_found(where: Where) -> str:
    return "found openly" if where in HAVE_THE_CASE else "found masked"


EXCHANGE, BLOBS, PEOPLE = (f"yichuang.v1.{name}Service" for name in ("Exchange", "Blob", "People"))
ENROLMENT = "yichuang.v1.EnrolmentService"
CASE = of_desk(*HAVE_THE_CASE, otherwise="UNKNOWN")
ROWS = (
    Row(rpc=f"{EXCHANGE}.Exchange", call=exchange),
    Row(rpc=f"{EXCHANGE}.Exchange", use="claim", call=claim, expects=claimed),
    Row(rpc=f"{EXCHANGE}.Watch", call=watch),
    Row(rpc=f"{EXCHANGE}.FindCase", call=find, expects=of_role(COUNTER)),
    Row(
        rpc=f"{EXCHANGE}.SearchCases",
        use="own",
        call=lambda w, s: search(w, s, number_prefix=w.number),
        expects=of_role(WORKING, lambda where: "found openly" if where in HAVE_THE_CASE else "found"),
    ),
    Row(
        rpc=f"{EXCHANGE}.SearchCases",
        use="district",
        call=lambda w, s: search(w, s, number_prefix=w.number, item_code=w.item, whole_district=True),
        expects=of_role(COUNTER, district_found),
    ),
    Row(
        rpc=f"{EXCHANGE}.SearchCases",
        use="by card",
        call=lambda w, s: search(
            w, s, card=exchange_pb2.CardRead(id_number="11010519491231002X", name="阿依古丽·买买提")
        ),
        expects=of_role(COUNTER, lambda _where: "found openly"),
    ),
    Row(rpc=f"{EXCHANGE}.FindCertificates", call=certificates, expects=of_role(COUNTER)),
    Row(
        rpc=f"{BLOBS}.CreateUpload",
        call=lambda w, s: s.desk.create_upload(w.case, PAGE_NAME, len(PAGE)),
        expects=CASE,
    ),
    Row(rpc=f"{BLOBS}.Upload", call=lambda w, s: s.desk.upload(w.case, PAGE, PAGE_NAME), expects=CASE),
    Row(rpc=f"{BLOBS}.Download", call=lambda w, s: s.desk.download(w.case, PAGE_NAME), expects=CASE),
    Row(
        rpc="yichuang.v1.CatalogueService.GetCatalogue",
        call=lambda _, s: list(s.desk.catalogue.GetCatalogue(catalogue_pb2.GetCatalogueRequest(), timeout=DEADLINE_S)),
    ),
    Row(
        rpc="yichuang.v1.DistrictService.GetProfile",
        call=lambda _, s: s.desk.districts.GetProfile(district_pb2.GetProfileRequest(), timeout=DEADLINE_S),
    ),
    Row(rpc="yichuang.v1.UpdateService.ReadRelease", call=read_release, expects=lambda _: "UNKNOWN"),
    Row(rpc=f"{ENROLMENT}.Enrol", call=enrol_again, expects=lambda _: "NO_RIGHT", asks_who_calls=False),
    Row(rpc=f"{ENROLMENT}.Renew", call=renew),
    Row(rpc=f"{ENROLMENT}.RenewExpired", call=renew_expired, expects=lambda _: "NO_RIGHT", asks_who_calls=False),
    Row(rpc=f"{ENROLMENT}.KeepEscrow", call=keep_escrow, expects=lambda _: "UNKNOWN"),
    Row(
        rpc=f"{PEOPLE}.SignIn",
        use="of a counter",
        call=sign_in(Where.OWN),
        expects=of_desk(Where.OWN, Where.SAME_PLACE, otherwise="WRONG_LOGIN"),
    ),
    Row(
        rpc=f"{PEOPLE}.SignIn",
        use="of a section",
        call=sign_in(Where.SECTION),
        expects=of_desk(Where.SECTION, otherwise="WRONG_LOGIN"),
    ),
    Row(rpc=f"{PEOPLE}.SignOut", call=sign_out),
    Row(
        rpc=f"{PEOPLE}.ChangePassword",
        call=change_password,
        expects=lambda seat: "NO_SESSION" if seat.who in (Guest.NOBODY, Guest.THIEF) else "WEAK_PASSWORD",
    ),
)


def rpcs() -> set[str]:
    """Every rpc of the wire, from the generated code."""
    modules = [name for _, name, _ in pkgutil.iter_modules(yichuang.v1.__path__) if name.endswith("_pb2")]
    files = [importlib.import_module(f"yichuang.v1.{name}").DESCRIPTOR for name in modules]
    services = [service for file in files for service in file.services_by_name.values()]
    return {method.full_name for service in services for method in service.methods}


def without_row(names: Iterable[str]) -> set[str]:
    """Rpcs that nobody has judged."""
    return set(names) - {row.rpc for row in ROWS}


def test_every_rpc_has_a_row_and_every_row_an_rpc() -> None:
    assert without_row(rpcs()) == set()
    assert {row.rpc for row in ROWS} <= rpcs()
    assert len(rpcs()) > 10


def test_an_rpc_without_a_row_is_found() -> None:
    assert without_row({*rpcs(), "yichuang.v1.PeopleService.Promote"}) == {"yichuang.v1.PeopleService.Promote"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("rights")) as made:
        yield made


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rpc.rpartition('.')[2]} {row.use}".strip())
def test_every_role_at_every_desk(here: World, row: Row) -> None:
    found = {(seat.where, seat.who): answered(row, here, seat) for seat in here.seats}
    assert set(found) == {(where, who) for where in Where for who in EVERYONE}
    expected = {(seat.where, seat.who): wanted(row, seat) for seat in here.seats}
    wrong = {cell: (found[cell], expected[cell]) for cell in found if found[cell] != expected[cell]}
    assert not wrong, "\n".join(f"{where.name} {who.name}: {is_} not {be}" for (where, who), (is_, be) in wrong.items())


def wanted(row: Row, seat: Seat) -> str:
    if seat.where is Where.FOREIGN:
        return "UNAVAILABLE"
    if row.asks_who_calls and seat.where is Where.UNLISTED:
        return "FOREIGN_DESK"
    if row.asks_who_calls and seat.where is Where.REVOKED:
        return "REVOKED_DESK"
    return row.expects(seat)


def answered(row: Row, here: World, seat: Seat) -> str:
    try:
        answer: Any = row.call(here, seat)
    except grpc.RpcError as error:
        return reason(error)
    return answer if isinstance(answer, str) else "OK"


def test_the_code_alone_makes_a_desk(here: World) -> None:
    """The other door asks for no certificate: whoever has a code becomes a desk of the code's place, once."""
    for where in HOMES:
        seat = next(seat for seat in here.seats if seat.where is where)
        assert enrol_by_code(here, seat) == "OK"


def test_the_matrix_has_every_role() -> None:
    people: set[Who] = {*Role, *Guest}
    assert set(EVERYONE) == people
