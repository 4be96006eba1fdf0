"""Sign-in, sessions, leases; enrolment codes and certificates; finding a case. With a clock that the test moves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from cryptography import x509

from tests.server.houses import CODE, OTHER_CLERK, TestDesk, TestHouse, new_case
from tests.server.test_exchange import taking
from tests.support.cases import CLERK, REVIEWER, person
from tests.support.desks import Keys
from yichuang_domain.ids import PlaceId
from yichuang_domain.numbering import make_case_number
from yichuang_domain.organisation import Role
from yichuang_server.config import ConfigError, DataFolder, PasswordPolicy, ServerConfig
from yichuang_server.services import founding
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.finding import MOST_TRIES, Finding
from yichuang_server.services.people import SignedIn
from yichuang_server.store import log

HEAD = person("head", Role.APPROVER, place=PlaceId("town"))


@pytest.fixture
def secret(house: TestHouse) -> founding.FirstSecret:
    """Of a person who decides."""
    return house.house.write(
        lambda c: founding.add_person(
            c,
            CODE,
            founding.Member(login="head", person=HEAD),
            house.clock(),
            second_factor=True,
            must_change=True,
        )
    )


def sign_in(house: TestHouse, desk: TestDesk, login: str, password: str, code: str = "") -> SignedIn | Fault:
    try:
        return house.house.sign_in(desk.value, login, password, code)
    except DistrictError as error:
        return error.fault


def code_of(house: TestHouse, secret: founding.FirstSecret) -> str:
    assert secret.totp_secret is not None
    return pyotp.TOTP(secret.totp_secret).at(house.clock())


def test_a_one_time_password_is_needed_and_used_once(house: TestHouse, secret: founding.FirstSecret) -> None:
    desk = house.desk("town")
    assert sign_in(house, desk, "head", secret.password) is Fault.SECOND_FACTOR
    assert sign_in(house, desk, "head", secret.password, "000000") is Fault.SECOND_FACTOR
    done = sign_in(house, desk, "head", secret.password, code_of(house, secret))
    assert isinstance(done, SignedIn)
    assert (done.has_second_factor, done.must_change, done.person) == (True, True, HEAD)
    assert sign_in(house, desk, "head", secret.password, code_of(house, secret)) is Fault.SECOND_FACTOR
    house.clock.forward(seconds=60)
    assert isinstance(sign_in(house, desk, "head", secret.password, code_of(house, secret)), SignedIn)


def test_unknown_login_and_wrong_password_answer_alike_and_delays_grow(
    house: TestHouse, secret: founding.FirstSecret
) -> None:
    desk = house.desk("town")
    assert sign_in(house, desk, "nobody", "x") is Fault.WRONG_LOGIN
    faults = [sign_in(house, desk, "head", "wrong") for _ in range(5)]
    assert faults == [Fault.WRONG_LOGIN] * 4 + [Fault.LOCKED]
    assert sign_in(house, desk, "head", secret.password, code_of(house, secret)) is Fault.LOCKED
    house.clock.forward(seconds=3)
    assert isinstance(sign_in(house, desk, "head", secret.password, code_of(house, secret)), SignedIn)


def test_a_person_of_another_place_or_section_cannot_sign_in(house: TestHouse, secret: founding.FirstSecret) -> None:
    for desk in (house.desk("other", who=None), house.desk("hall", "market", who=None)):
        assert sign_in(house, desk, "head", secret.password, code_of(house, secret)) is Fault.WRONG_LOGIN


def test_a_session_ends_by_idleness_by_age_at_another_desk_and_with_the_person(house: TestHouse) -> None:
    desk, other = house.desk("town"), house.desk("town")
    who = house.house.people.who

    def lives(at: TestDesk = desk) -> bool:
        return house.house.write(lambda c: who(c, desk.token, at.value.replica, house.clock())) is not None

    assert lives()
    assert not lives(other)
    for _ in range(5):
        house.clock.forward(minutes=14)
        assert lives()
    house.clock.forward(minutes=16)
    assert not lives()
    desk.take_seat(CLERK)
    for _ in range(12 * 5):
        house.clock.forward(minutes=12)
        lives()
    house.clock.forward(minutes=1)
    assert not lives()
    desk.take_seat(CLERK)
    house.disable(CLERK)
    assert not lives()


def test_a_lease_is_renewed_once_a_day_and_signed(house: TestHouse) -> None:
    desk = house.desk("town")
    assert desk.send().leases == ()
    house.clock.forward(days=2)
    desk.take_seat(CLERK)
    house.clock.forward(days=1, minutes=1)
    assert desk.send().leases == ()  # the session is over
    desk.take_seat(CLERK)
    done = house.house.write(
        lambda c: house.house.people.renewed_lease(
            c, CLERK.person, desk.value.replica, house.clock() + timedelta(days=1, seconds=1)
        )
    )
    assert done is not None
    assert json.loads(done.text)["person"] == CLERK.person


def test_a_person_chooses_a_password_that_is_not_weak(house: TestHouse, secret: founding.FirstSecret) -> None:
    desk = house.desk("town")
    done = sign_in(house, desk, "head", secret.password, code_of(house, secret))
    assert isinstance(done, SignedIn)

    def change(old: str, new: str, token: str = done.token) -> Fault | None:
        try:
            house.house.change_password(desk.value, token, old, new)
        except DistrictError as error:
            return error.fault
        return None

    assert change(secret.password, "long enough, this one", "no token") is Fault.NO_SESSION
    assert change("wrong", "long enough, this one") is Fault.WRONG_LOGIN
    assert change(secret.password, "short") is Fault.WEAK_PASSWORD
    assert change(secret.password, "long enough, this one") is None
    house.clock.forward(minutes=1)
    again = sign_in(house, desk, "head", "long enough, this one", code_of(house, secret))
    assert isinstance(again, SignedIn)
    assert not again.must_change


def test_a_district_chooses_what_a_password_must_be(
    house: TestHouse, secret: founding.FirstSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuang_server.services.people._HASHER", PasswordHasher(1, 1024, 1))  # it hashes twenty times
    house.house.people.policy = PasswordPolicy(shortest=12, kinds=3, banned=("nanhu",), history=2, days=90)
    desk = house.desk("town")
    known = [secret.password]

    def change(new: str) -> str:
        house.clock.forward(minutes=1)
        done = sign_in(house, desk, "head", known[0], code_of(house, secret))
        assert isinstance(done, SignedIn)
        try:
            house.house.change_password(desk.value, done.token, known[0], new)
        except DistrictError as error:
            return " ".join(error.detail.values())
        known.insert(0, new)
        return ""

    assert change("Aa1-Aa1-Aa1") == "SHORT 12"
    assert change("only small letters") == "KINDS 3"
    assert change("Fish&NanHu-2026") == "BANNED 0"
    assert change("My-HEAD-is-2-long") == "LOGIN 0"
    for new in ("Orange-Water-1", "Orange-Water-2", "Orange-Water-3"):
        assert change(new) == ""
    assert change("Orange-Water-3") == "SAME 0"
    assert change("Orange-Water-1") == "FORMER 2"
    assert change(secret.password + "-X1") == ""
    house.clock.forward(days=91)
    aged = sign_in(house, desk, "head", known[0], code_of(house, secret))
    assert isinstance(aged, SignedIn) and aged.must_change


def test_a_policy_that_cannot_be_is_refused_when_the_server_starts(tmp_path: Path) -> None:
    folder = DataFolder(path=tmp_path)
    policy = PasswordPolicy(shortest=14, banned=("nanhu",))
    config = ServerConfig(district=CODE, database="sqlite://", hosts=("localhost",), passwords=policy)
    config.save(folder)
    assert ServerConfig.load(folder).passwords == policy
    for right, wrong in (('"shortest": 14', '"shortest": 4'), ('"kinds": 1', '"kinds": 5'), ('"days"', '"day"')):
        folder.config.write_text(folder.config.read_text().replace(right, wrong))
        with pytest.raises(ConfigError):
            ServerConfig.load(folder)
        config.save(folder)


def test_a_code_enrols_once_within_72_hours(house: TestHouse) -> None:
    enrolment, keys = house.house.enrolment, Keys()

    def code() -> str:
        return house.house.write(lambda c: enrolment.new_code(c, "town", "COUNTER", "", house.clock()))

    def enrol(with_code: str) -> str:
        request, act = keys.signing_request(), keys.act.public_key().public_bytes_raw()
        try:
            new = house.house.write(lambda c: enrolment.enrol(c, with_code, request, act, house.clock()))
        except DistrictError as error:
            return error.fault.value
        leaf = x509.load_pem_x509_certificates(new.leaf.chain)[0]
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (name,) = names.get_values_for_type(x509.UniformResourceIdentifier)
        assert leaf.not_valid_after_utc - house.clock() == timedelta(days=30)
        return name

    first, old = code(), code()
    assert enrol(first.lower().replace("-", " ")) == "spiffe://330402/place/town/desk/0101"
    assert enrol(first) == "CODE_USED"
    assert enrol("AAAAA") == "CODE_UNKNOWN"
    assert enrol(code()) == "spiffe://330402/place/town/desk/0102"
    house.clock.forward(hours=73)
    assert enrol(old) == "CODE_EXPIRED"


def test_no_code_for_a_place_or_section_that_does_not_exist(house: TestHouse) -> None:
    for place, kind, section in (("nowhere", "COUNTER", ""), ("town", "SECTION", ""), ("town", "COUNTER", "market")):
        with pytest.raises(KeyError):
            house.house.write(
                lambda c, p=place, k=kind, s=section: house.house.enrolment.new_code(c, p, k, s, house.clock())
            )


def test_a_case_is_found_by_token_or_by_number_and_whole_identity_number(house: TestHouse) -> None:
    counter, elsewhere = house.desk("town"), house.desk("other", who=OTHER_CLERK)
    finding = Finding(house.house)
    number, identity, case = make_case_number(CODE, "0137", date(2026, 11, 24), 1), "11010519491231002X", new_case()
    digest = hashlib.sha256(("R" * 22).encode()).hexdigest()
    assert counter.act(case, 1, replace(taking(number=number), token_digest=digest)) == "RECORDED"

    def find(desk: TestDesk, token: str = "", number: str = "", identity: str = "") -> str:
        try:
            return finding.find(desk.value, desk.token, token, number, identity)[0]
        except DistrictError as error:
            return error.fault.value

    assert find(elsewhere, token="R" * 22) == case
    assert find(elsewhere, number=number.replace("-", "").lower(), identity=identity.lower()) == case
    assert house.house.read(lambda c: log.size(c, CODE)) == 3  # each view is a leaf of the log
    assert find(elsewhere, number=number, identity="110105194912310038") == "UNKNOWN"
    assert find(elsewhere, number=number) == "UNKNOWN"
    assert find(elsewhere) == "UNKNOWN"
    reviewer = house.desk("hall", "market", REVIEWER)
    assert find(reviewer, token="R" * 22) == "NO_RIGHT"
    assert find(replace(elsewhere, token="none"), token="R" * 22) == "NO_SESSION"
    for _ in range(MOST_TRIES):
        answer = find(elsewhere, token="wrong")
    assert answer == "TOO_MANY_TRIES"
    house.clock.forward(minutes=11)
    assert find(elsewhere, token="wrong") == "UNKNOWN"
