"""After a restore: who opens the log's new epoch, and what desks may offer again; on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.server.houses import CODE, TestDesk, TestHouse, new_case
from tests.server.test_backup import Site, site
from tests.server.test_exchange import taking
from tests.support.cases import CLERK, REVIEWER, SECTION_ITEM, person, secret
from tests.support.desks import Keys
from yichuang_domain import actions as a
from yichuang_domain.ids import PlaceId
from yichuang_domain.organisation import Person, Role
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder
from yichuang_server.services import epochs, restoring
from yichuang_server.services.desk_work import SETTLING
from yichuang_server.services.epochs import EpochError
from yichuang_server.services.errors import DistrictError
from yichuang_server.services.exchange import Sent
from yichuang_server.services.judging import Judgement
from yichuang_server.store import desks, epochs as stored, log, people, times
from yichuang_server.store.contents import head

__all__ = ["site"]
SYSTEM = person("system", Role.SYSTEM_ADMINISTRATOR, place=PlaceId("hall"))
AUDIT = person("audit", Role.AUDIT_ADMINISTRATOR, place=PlaceId("hall"))
KEYS = {who.person: Ed25519PrivateKey.generate() for who in (SYSTEM, AUDIT, CLERK)}


def _account(who: Person) -> people.Account:
    secrets = {"password_hash": "", "totp_secret": "", "last_totp": 0, "failures": 0, "locked_until": ""}
    return people.Account(person=who, login=who.name, disabled=False, **secrets)  # type: ignore[arg-type]


def administrators(home: TestHouse) -> None:
    """Two administrators with registered keys."""
    for who in (SYSTEM, AUDIT):
        home.house.write(lambda c, who=who: people.add(c, CODE, _account(who), times.text(home.clock())))
        epochs.register(home.house, who.person, KEYS[who.person])


def restored(site: Site, tmp_path: Path) -> TestHouse:
    """The district of the newest backup, an hour later."""
    name = site.vault.names()[-1]
    restoring.restore(site.vault, name, tmp_path / "new", site.empty_database())
    site.home.clock.forward(hours=1)
    _, house = open_house(DataFolder(path=tmp_path / "new"), site.home.clock)
    return TestHouse(house=house, clock=site.home.clock)


def open_epoch(home: TestHouse, tmp_path: Path) -> None:
    """Both sign and open."""
    for who in (SYSTEM, AUDIT):
        epochs.sign(home.house, tmp_path / "epoch.json", who.person, KEYS[who.person], "LOST")
    epochs.open_epoch(home.house, tmp_path / "epoch.json")


def at(home: TestHouse, desk: TestDesk) -> TestDesk:
    """The desk, with the restored district, from the start of its new epoch."""
    value = home.house.read(lambda c: desks.desk(c, CODE, desk.value.replica))
    assert value is not None
    epoch = home.house.read(lambda c: log.epoch(c, CODE))
    return replace(desk, home=home, value=value, token="", epoch=epoch, position=0, records={})


def again(sent: Sent, outcome: str = "RECORDED", reason: str = "", act: int = 0) -> Sent:
    """A deed, with what was answered before."""
    return replace(sent, before=Judgement(outcome=outcome, reason=reason, act=act))


def test_two_administrators_open_the_epoch_and_nobody_else(site: Site, tmp_path: Path) -> None:
    home, pending = site.home, tmp_path / "epoch.json"
    administrators(home)
    with pytest.raises(EpochError, match="no administrator"):
        epochs.register(home.house, CLERK.person, KEYS[CLERK.person])
    with pytest.raises(EpochError, match="was not restored"):
        epochs.sign(home.house, pending, SYSTEM.person, KEYS[SYSTEM.person], "LOST")
    old = site.desk.epoch
    taken = site.take()
    new = restored(site, tmp_path)
    assert epochs.is_waiting(new.house)
    with pytest.raises(EpochError, match="not registered"):
        epochs.sign(new.house, pending, SYSTEM.person, KEYS[AUDIT.person], "LOST")
    for _ in range(2):  # twice the same person is one
        epochs.sign(new.house, pending, SYSTEM.person, KEYS[SYSTEM.person], "LOST")
        with pytest.raises(EpochError, match="2 different administrators"):
            epochs.open_epoch(new.house, pending)
    epochs.sign(new.house, pending, AUDIT.person, KEYS[AUDIT.person], "")
    opening = epochs.open_epoch(new.house, pending)
    assert (opening.previous, opening.size, opening.root) == (old, taken.head.size, taken.head.root)
    assert not epochs.is_waiting(new.house)
    first = new.house.read(lambda c: head(c, CODE))  # counted from the leaves, the opening among them
    assert (first.epoch, first.size) == (opening.epoch, taken.head.size + 1)
    number = int(new.house.read(lambda c: desks.next_number(c, CODE)))
    assert number >= int(site.desk.value.replica) + epochs.SPARE_NUMBERS
    reply = replace(at(new, site.desk), epoch=old, position=1).send()
    assert [one.signed.text for one in reply.openings] == [one.text for one in _openings(new)]
    assert (reply.epoch, reply.news.position, reply.results) == (old, 1, ())
    new.house.engine.dispose()


def _openings(home: TestHouse) -> list[stored.StoredOpening]:
    return home.house.read(lambda c: stored.openings(c, CODE))


def test_what_was_recorded_waits_for_other_desks_and_what_was_refused_stays_so(site: Site, tmp_path: Path) -> None:
    home, counter = site.home, site.desk
    administrators(home)
    section = home.desk("hall", "market", who=REVIEWER)
    site.take()
    home.clock.forward(minutes=10)
    counter.take_seat(CLERK)  # with a lease that the backup does not know
    section.take_seat(REVIEWER)
    case = new_case()
    received = counter.deed((case, 1, taking(SECTION_ITEM, number="330402-0137-20261124-0007-X")))
    refused = counter.deed((case, 1, a.Resume()))
    claimed = section.deed((case, 1, a.Claim()))
    assert [result.outcome for result in counter.send(received, refused).results] == ["RECORDED", "REFUSED"]
    assert section.send(claimed).results[0].outcome == "RECORDED"
    reason = counter.send(refused).results[0].reason

    new = restored(site, tmp_path)
    open_epoch(new, tmp_path)
    there, here = at(new, section), at(new, counter)
    waits = there.send(again(claimed), signed_in=False).results[0]
    assert (waits.outcome, waits.reason) == ("NOT_YET", "SETTLING")
    offered = here.send(again(received), again(refused, "REFUSED", reason), signed_in=False).results
    assert [(one.outcome, one.reason) for one in offered] == [("RECORDED", ""), ("REFUSED", reason)]
    assert there.send(again(claimed), signed_in=False).results[0].outcome == "RECORDED"
    assert all(not record.irregular for record in there.log(case))
    assert [type(record.event).__name__ for record in there.log(case)] == section.events(case)
    new.house.engine.dispose()


def test_what_never_comes_is_refused_in_the_end(site: Site, tmp_path: Path) -> None:
    home = site.home
    administrators(home)
    section = home.desk("hall", "market", who=REVIEWER)
    site.take()
    claimed = section.deed((new_case(), 1, a.Claim()))
    new = restored(site, tmp_path)
    open_epoch(new, tmp_path)
    there = at(new, section)
    assert there.send(again(claimed), signed_in=False).results[0].outcome == "NOT_YET"
    new.clock.forward(seconds=(SETTLING + timedelta(seconds=1)).total_seconds())
    result = there.send(again(claimed), signed_in=False).results[0]
    assert (result.outcome, result.reason) == ("REFUSED", "UNKNOWN_CASE")
    later = there.deed((new_case(), 1, a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("x"))))
    assert there.send(again(later), signed_in=False).results[0].outcome == "REFUSED"  # done after the restore
    new.house.engine.dispose()


def test_a_certificate_of_after_the_backup_is_known_again(site: Site, tmp_path: Path) -> None:
    home, replica = site.home, site.desk.value.replica
    administrators(home)
    request = Keys().signing_request()

    def issued(place: str = "town", number: str = replica) -> bytes:
        return home.house.authority.issue(request, place, number, home.clock()).chain

    before = issued()
    home.clock.forward(days=1)
    site.take()
    home.clock.forward(minutes=10)
    renewed, others = issued(), (before, issued(place="hall"), issued(number="9999"))
    new = restored(site, tmp_path)

    def readopted(chain: bytes) -> str:
        try:
            return new.house.write(lambda c: new.house.enrolment.readopt(c, chain)).replica
        except DistrictError as error:
            return error.fault.value

    assert readopted(renewed) == "FOREIGN_DESK"  # nobody has opened an epoch yet
    open_epoch(new, tmp_path)
    new.clock.forward(days=1)
    assert [readopted(chain) for chain in (*others, issued())] == ["FOREIGN_DESK"] * 4
    assert readopted(renewed) == replica
    serial = f"{x509.load_pem_x509_certificate(renewed).serial_number:x}"
    assert new.house.read(lambda c: new.house.enrolment.by_serial(c, serial)).replica == replica
    new.house.write(lambda c: new.house.enrolment.revoke(c, replica, new.clock()))
    assert readopted(renewed) == "REVOKED_DESK"
    new.house.engine.dispose()
