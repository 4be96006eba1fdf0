"""A district is destroyed and restored from a backup; its desks bring back what it lost, once."""

from __future__ import annotations

import hashlib
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.sync.seats import Seat, new_case, now, taking
from tests.support.cases import secret
from tests.support.district import RunningDistrict
from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.ids import BlobHash, CaseId
from yichuang_domain.party import Page

PASSPHRASE = "four words of a passphrase"


class Administrators:
    """Two people with keys, and the operator's backups."""

    def __init__(self, folder: Path, district: RunningDistrict) -> None:
        self.folder = folder
        self.district = district
        self.words = folder / "words"
        self.words.write_text(PASSPHRASE)
        self.vault = ["--passphrase-file", str(self.words)]

    def _key(self, person: str) -> tuple[str, ...]:
        return person, str(self.folder / f"{person}.pem"), *self.vault

    def register(self) -> None:
        """Give both a key."""
        for person in ("9001", "9002"):
            self.district.run("people", "key", *self._key(person))

    def back_up(self) -> None:
        """Take a backup."""
        self.district.run("backup", "take", "--to", str(self.folder / "backups"), *self.vault)

    def restore(self) -> None:
        """Put the district back where it was."""
        self.district.run("restore", "--from", str(self.folder / "backups"), *self.vault)

    def open_epoch(self) -> None:
        """Both sign, and the log goes on."""
        for person in ("9001", "9002"):
            self.district.run("epoch", "sign", *self._key(person), "--reason", "LOST")
        self.district.run("epoch", "open")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[RunningDistrict]:
    """A district that does not serve yet."""
    running = RunningDistrict(tmp_path / "data", second_factor=False)
    yield running
    running.stop()


@pytest.fixture
def seats(tmp_path: Path, district: RunningDistrict) -> Iterator[tuple[Seat, Seat]]:
    """A counter and a section's desk, to be enrolled."""
    made = Seat(tmp_path / "counter", district), Seat(tmp_path / "desk", district)
    yield made
    for seat in made:
        seat.session.close()


def _take_in(seat: Seat, data: bytes) -> CaseId:
    """A case with a page, accepted."""
    store, case = seat.session.store, new_case()
    desk = store.desk
    number = store.serials.next_case_number(desk.district_code, desk.replica, now().date())
    item = seat.item(AcceptBy.COUNTER)
    name = store.pages.keep(case, data)
    assert name == hashlib.sha256(data).hexdigest()
    sheet = Page(page=BlobHash(name), material=item.materials[0].key, ordinal=1, size=len(data), width=1, height=1)
    seat.do(case, taking(item, number), a.AttachPage(page=sheet), a.Accept(docno="1"))
    return case


@pytest.mark.long
def test_what_the_restored_district_lost_comes_back_once(
    district: RunningDistrict, seats: tuple[Seat, Seat], tmp_path: Path
) -> None:
    people = Administrators(tmp_path, district)
    people.register()
    district.start()
    counter, desk = seats
    counter.enrol("fengqiao")
    counter.sit("jinhe")
    desk.enrol("hall", "market")
    desk.sit("zhoujing")
    old = _take_in(counter, b"old page" * 9000)
    counter.sent()
    people.back_up()
    new = _take_in(counter, b"new page" * 90_000)
    counter.sent()
    desk.has(new, lambda case: case.state is State.ACCEPTED)
    desk.do(new, a.Claim())
    desk.do(new, a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")))
    desk.sent()
    counter.has(new, lambda case: bool(case.opinions))
    before, outcomes = _events(district, new), district.outcomes()

    district.stop(signal.SIGKILL)
    shutil.rmtree(district.folder)
    people.restore()
    assert district.outcomes() == {"RECORDED": 1}
    with pytest.raises(RuntimeError):
        district.start()
    people.open_epoch()
    district.start()
    for seat in (desk, counter):
        seat.session.sync.wake()
    for seat in (counter, desk):
        seat.wait(lambda seat=seat: bool(seat.session.store.epochs.followed()))  # type: ignore[misc]
        seat.sent()
        seat.has(new, lambda case: bool(case.opinions) and case.steps[-1].recorded_time is not None)
    assert _events(district, new) == before
    assert district.outcomes() == outcomes
    assert max(Counter(record["deed"] for record in district.records(old)).values()) == 3
    assert counter.view(new).steps == desk.view(new).steps
    assert counter.session.store.epochs.evidence() > 0 and desk.session.store.epochs.evidence() > 0
    for case, data in ((old, b"old page" * 9000), (new, b"new page" * 90_000)):
        name = hashlib.sha256(data).hexdigest()
        assert (district.folder / "blobs" / case[:2] / case / name).read_bytes() == data
    later = _take_in(counter, b"later")  # and the day goes on
    counter.sent()
    desk.has(later, lambda case: case.state is State.ACCEPTED)


def _events(district: RunningDistrict, case: CaseId) -> list[tuple[str, str, object]]:
    """What the district has of a case, without the time at which it wrote it."""
    return [(record["deed"], str(record["irregular"]), record["event"]) for record in district.records(case)]
