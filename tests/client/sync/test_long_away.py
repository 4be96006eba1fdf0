"""Desks that come back: after a holiday longer than their certificate, after three silent weeks, from an old disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.sync import seats
from tests.client.sync.seats import PASSWORD, Seat, new_case, taking
from tests.faults.district_faults import district_history
from tests.support.cases import secret
from tests.support.district import RunningDistrict
from tests.support.history_rules import no_number_is_given_twice
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.outbox import Sending
from yichuang_client.store.store import Appended
from yichuang_client.sync.door import SignInError, SignInReason
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.rescue import begin_anew
from yichuang_client.sync.status import Line
from yichuang_domain import actions as a
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.deed import local_day
from yichuang_domain.errors import Irregularity
from yichuang_domain.ids import CaseId


@pytest.fixture
def district(tmp_path: Path) -> Iterator[RunningDistrict]:
    """A district of its own: its clock moves."""
    running = RunningDistrict(tmp_path / "district", second_factor=False)
    running.start()
    yield running
    running.stop()


def days_pass(district: RunningDistrict, days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The district stops, and comes back so many days later; desks that start then live in that time too."""
    district.stop()
    monkeypatch.setattr(seats, "now", lambda: datetime.now(UTC) + timedelta(days=days))
    district.start(clock=f"+{days}d")


def seat_of(district: RunningDistrict, folder: Path, login: str) -> Seat:
    seat = Seat(folder, district)
    seat.enrol("fengqiao")
    seat.sit(login)
    return seat


def come_back(seat: Seat, login: str) -> None:
    seat.restart()
    seat.person = seat.session.sign_in(login, PASSWORD)


def next_number(seat: Seat) -> str:
    desk = seat.session.store.desk
    return seat.session.store.serials.next_case_number(desk.district_code, desk.replica, local_day(seats.now()))


def take_in(seat: Seat, case: CaseId) -> Appended:
    return seat.do(case, taking(seat.item(AcceptBy.COUNTER), next_number(seat)))


def test_an_expired_certificate_is_renewed_at_sign_in(
    district: RunningDistrict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat, case = seat_of(district, tmp_path / "desk", "wuminmin"), new_case()
    district.stop()
    take_in(seat, case)  # waits through the holiday
    before = seat.session.store.desk
    seat.session.close()
    days_pass(district, 45, monkeypatch)
    seat.restart()
    with pytest.raises(StoreError):
        seat.session.sign_in("wuminmin", "not it")
    come_back(seat, "wuminmin")
    assert seat.person is not None and seat.person.is_online
    seat.sent()
    after = seat.session.store.desk
    assert (after.replica, after.tls_key) == (before.replica, before.tls_key)
    assert after.certificate_chain != before.certificate_chain
    assert [row["event"]["type"] for row in district.records(case)] == ["Received"]
    seat.session.close()


@pytest.mark.long
def test_a_certificate_that_expired_too_long_ago_is_not_renewed(
    district: RunningDistrict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = seat_of(district, tmp_path / "desk", "wuminmin")
    seat.session.close()
    days_pass(district, 65, monkeypatch)
    seat.restart()
    with pytest.raises(TransportError) as no:
        seat.session.sign_in("wuminmin", PASSWORD)
    assert no.value.reason is TransportReason.FOREIGN_DESK
    seat.session.close()


@pytest.mark.long
def test_without_a_line_the_holiday_is_longer_than_the_lease(
    district: RunningDistrict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = seat_of(district, tmp_path / "desk", "wuminmin")
    seat.session.close()
    district.stop()
    monkeypatch.setattr(seats, "now", lambda: datetime.now(UTC) + timedelta(days=45))
    seat.restart()
    with pytest.raises(SignInError) as no:
        seat.session.sign_in("wuminmin", PASSWORD)
    assert no.value.reason is SignInReason.LEASE_EXPIRED
    seat.session.close()


@pytest.mark.long
def test_a_desk_silent_for_three_weeks_whose_case_was_taken_over(
    district: RunningDistrict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent, case = seat_of(district, tmp_path / "silent", "wuminmin"), new_case()
    other = seat_of(district, tmp_path / "other", "jinhe")
    take_in(silent, case)
    silent.sent()
    other.has(case, lambda here: here.holder == silent.session.store.desk.replica)
    district.stop()
    silent.wait_line(Line.OFFLINE)
    silent.do(case, a.Note(text=secret("带来了原件")))
    accepted = silent.do(case, a.Accept(docno="1")).deed
    silent.session.close()
    other.session.close()
    days_pass(district, 21, monkeypatch)
    come_back(other, "jinhe")
    other.wait_line(Line.ONLINE)
    other.do(case, a.TakeOver(reason=secret("三周没有音信")))
    other.sent()
    other.has(case, lambda here: here.holder == other.session.store.desk.replica)
    come_back(silent, "wuminmin")
    silent.sent()
    (refused,) = silent.session.store.outbox.refused()
    assert (refused.deed.deed, refused.reason) == (accepted.deed, "NOT_HOLDER")
    assert silent.view(case).holder == other.session.store.desk.replica
    other.has(case, lambda here: here.late is not None and "Noted" in {step.name for step in here.steps})
    late = other.view(case).late
    assert late is not None and late.person == accepted.person
    other.do(case, late.action)
    other.sent()
    other.has(case, lambda here: here.acceptance is not None)
    for seat in (silent, other):
        seat.session.close()


def test_a_desk_restored_from_an_old_disk_is_fenced_and_told(district: RunningDistrict, tmp_path: Path) -> None:
    seat = seat_of(district, tmp_path / "desk", "wuminmin")
    first = take_in(seat, new_case())
    seat.sent()
    seat.session.close()
    image = tmp_path / "image"
    shutil.copytree(seat.folder.root, image)
    come_back(seat, "wuminmin")
    lost = take_in(seat, new_case())
    seat.sent()
    seat.session.close()
    # The database comes from the image; what lies beside it does not.
    for name in image.glob("desk.db*"):
        shutil.copyfile(name, seat.folder.root / name.name)
    district.stop()
    come_back(seat, "wuminmin")
    with pytest.raises(StoreError) as no:
        next_number(seat)
    assert no.value.reason is StoreReason.SERIAL_BEHIND
    district.start()
    come_back(seat, "wuminmin")
    seat.wait_line(Line.ONLINE)
    after = take_in(seat, new_case())
    seat.wait(lambda: seat.session.sync.status.is_forked)
    fenced = seat.session.store.desk.replica
    with pytest.raises(StoreError) as no:
        seat.do(new_case(), taking(seat.item(AcceptBy.COUNTER), "unused"))
    assert no.value.reason is StoreReason.FORKED
    history = district_history(district)
    assert history.fenced == {fenced}
    assert {deed.deed for deed in history.deeds} == {first.deed.deed, lost.deed.deed}
    numbers = [row.plain["event"]["number"] for row in history.records]
    assert after.cases[after.deed.acts[0].case].number not in numbers
    assert not list(no_number_is_given_twice(history, []))
    kept = seat.session.store.outbox.find(after.deed.deed)
    assert kept is not None and kept.state is Sending.PENDING
    seat.session.close()


def fork(district: RunningDistrict, seat: Seat, image: Path) -> CaseId:
    """The desk does what its image does not know, and is then its image, serial file and all; the case of then."""
    lost = new_case()
    take_in(seat, lost)
    seat.sent()
    seat.session.close()
    shutil.rmtree(seat.folder.root)
    shutil.copytree(image, seat.folder.root)
    district.stop()
    come_back(seat, "wuminmin")
    return lost


def test_what_was_done_after_the_fork_is_rescued_once_under_a_new_number(
    district: RunningDistrict, tmp_path: Path
) -> None:
    seat, held, done = seat_of(district, tmp_path / "desk", "wuminmin"), new_case(), new_case()
    for case in (held, done):
        take_in(seat, case)
    seat.sent()
    seat.session.close()
    shutil.copytree(seat.folder.root, tmp_path / "image")
    come_back(seat, "wuminmin")
    lost = fork(district, seat, tmp_path / "image")
    old, fresh = seat.session.store.desk.replica, new_case()
    taken = take_in(seat, fresh)
    noted = seat.do(held, a.Note(text=secret("带来了原件")))
    accepted = seat.do(done, a.Accept(docno="1"))
    district.start()
    seat.wait(lambda: seat.session.sync.status.is_forked)
    assert seat.person is not None
    with pytest.raises(TransportError) as no:
        begin_anew(seat.session, district.code("yuxin"), seat.session.doer(seat.person), seats.now())
    assert no.value.reason is TransportReason.CODE_ELSEWHERE
    code = district.code("fengqiao")
    assert begin_anew(seat.session, code, seat.session.doer(seat.person), seats.now()) == 5
    seat.sent()
    store = seat.session.store
    assert store.desk.replica != old
    seat.wait(lambda: not seat.session.sync.status.is_forked)
    assert not store.outbox.refused()
    history = district_history(district)
    assert [deed.deed for deed in history.deeds if deed.replica == store.desk.replica][:3] == [
        deed.deed.deed for deed in (taken, noted, accepted)
    ]
    seat.has(done, lambda here: here.acceptance is not None)
    seat.has(fresh, lambda here: here.holder == store.desk.replica)
    for case in (held, lost):
        seat.has(case, lambda here: here.holder == store.desk.replica)
    # The image gave a number that the desk had given before it: the second case has another, and its clerk is told.
    seat.has(fresh, lambda here: Irregularity.DUPLICATE_NUMBER in here.irregular)
    assert seat.view(fresh).number != taken.cases[fresh].number
    numbers = {row.plain["event"]["number"] for row in history.records if row.plain["event"]["type"] == "Received"}
    assert len(numbers) == 4
    assert not any(row.plain["irregular"] for row in history.records if row.case in (held, done))
    assert lost in {row.case for row in history.records}
    seat.person = seat.session.sign_in("wuminmin", PASSWORD)
    seat.do(fresh, a.Accept(docno="2"))
    seat.sent()
    assert not store.outbox.refused()
    seat.session.close()
