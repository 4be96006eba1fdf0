"""Enrolment, sign-in and sync of a real desk with a real district, over real mTLS."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.cases import page, secret
from tests.support.district import RunningDistrict
from yichuang_client.store.case_rows import Queue
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.unlock import LockState
from yichuang_client.sync.desk_session import DeskState
from yichuang_client.sync.door import SignInError, SignInReason
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import Line, PageArrived
from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.catalog import AcceptBy
from yichuang_domain.errors import Irregularity, Reason
from yichuang_domain.ids import BlobHash

NewSeat = Callable[[str], Seat]
JPEG = b"\xff\xd8page\xff\xd9" * 200_000
"""Two segments and a half."""


def number(seat: Seat) -> str:
    desk = seat.session.store.desk
    return seat.session.store.serials.next_case_number(desk.district_code, desk.replica, now().date())


def refused(seat: Seat, code: str, **changes: object) -> TransportReason:
    with pytest.raises(TransportError) as caught:
        seat.session.enrol(seat.slip(code, **changes))
    return caught.value.reason


def test_enrolment_is_pinned_and_its_code_works_once(new_seat: NewSeat, district: RunningDistrict) -> None:
    seat, code = new_seat("a"), district.code("fengqiao")
    assert seat.session.state is DeskState.NOT_ENROLLED
    assert refused(seat, code, root_fingerprint="00" * 32) is TransportReason.FOREIGN_CERTIFICATE
    assert refused(seat, "AAAAA-BBBBB") is TransportReason.CODE_UNKNOWN
    assert refused(seat, code, port=1) is TransportReason.OFFLINE
    assert seat.session.state is DeskState.NOT_ENROLLED
    seat.session.enrol(seat.slip(code))
    assert seat.session.state is DeskState.OPEN
    assert seat.session.store.desk.place == "fengqiao"
    assert refused(new_seat("b"), code) is TransportReason.CODE_USED


def test_first_sign_in_brings_the_catalogue_and_makes_a_slot(new_seat: NewSeat) -> None:
    seat = new_seat("a")
    seat.enrol("fengqiao")
    assert seat.session.unlock.state is LockState.SETTING_UP
    with pytest.raises(TransportError) as caught:
        seat.session.sign_in("wuminmin", "not it")
    assert caught.value.reason is TransportReason.WRONG_LOGIN
    signed_in = seat.sit("wuminmin")
    assert signed_in.person.name == "吴敏敏"
    assert signed_in.is_online
    assert seat.session.unlock.state is LockState.LOCKED
    assert seat.session.store.catalogue.count() >= 12
    district = seat.session.store.people.district
    assert district is not None
    assert district.code == "330402"
    assert seat.session.store.people.calendar.is_workday(now().date()) in (True, False)


def test_a_case_goes_to_the_section_and_its_decision_comes_back_by_itself(new_seat: NewSeat) -> None:
    counter, desk = new_seat("counter"), new_seat("desk")
    counter.enrol("fengqiao")
    counter.sit("jinhe")
    desk.enrol("hall", "market")
    desk.sit("zhoujing")
    case, item = new_case(), counter.item(AcceptBy.COUNTER)
    scanned = counter.session.store.pages.keep(case, JPEG)
    sheet = page(item.materials[0].key)
    sheet = type(sheet)(**{**vars(sheet), "page": scanned, "size": len(JPEG)})
    counter.do(case, taking(item, number(counter)), a.AttachPage(page=sheet), a.Accept(docno="南市监受〔2026〕1号"))
    shown = counter.view(case)
    assert shown.state is State.ACCEPTED
    assert shown.steps[-1].recorded_time is None
    counter.sent()
    desk.has(case, lambda found: found.state is State.ACCEPTED)
    assert case in desk.queue(Queue.TO_CLAIM)
    desk.wait(lambda: desk.session.store.pages.has(case, scanned))
    assert desk.session.store.pages.read(case, scanned) == JPEG
    assert PageArrived(name=BlobName(owner=case, hash=scanned)) in desk.seen
    desk.do(case, a.Claim())
    desk.do(case, a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合规定")))
    desk.sent()
    assert not desk.session.store.outbox.refused()
    counter.has(case, lambda found: len(found.opinions) == 1)
    assert counter.view(case) == desk.view(case)
    assert counter.view(case).opinions[0].text.value == "符合规定"


def test_without_a_line_the_slot_and_the_lease_do_and_everything_arrives_once(
    new_seat: NewSeat, district: RunningDistrict
) -> None:
    seat = new_seat("a")
    seat.enrol("yuxin")
    seat.sit("panyan")
    item = seat.item(AcceptBy.COUNTER)
    district.stop()
    try:
        seat.restart()
        assert seat.session.state is DeskState.LOCKED
        with pytest.raises(StoreError) as wrong:
            seat.session.sign_in("panyan", "not it")
        assert wrong.value.reason is StoreReason.WRONG_PASSWORD
        with pytest.raises(SignInError) as stranger:
            seat.session.sign_in("tangjie", PASSWORD)
        assert stranger.value.reason is SignInReason.NEEDS_COLLEAGUE
        assert stranger.value.people == ("潘燕",)
        door = seat.session.door()
        assert door.office[0].startswith("余新镇") and door.line is None
        assert [(visitor.login, visitor.name) for visitor in door.people] == [("panyan", "潘燕")]
        seat.person = seat.session.sign_in("panyan", PASSWORD)
        assert not seat.person.is_online
        assert seat.session.door().people[0].lease_ends == seat.person.lease_ends
        with pytest.raises(SignInError) as first:
            seat.session.sign_in("tangjie", PASSWORD)
        assert first.value.reason is SignInReason.NEEDS_LINE
        seat.wait_line(Line.OFFLINE)
        case = new_case()
        seat.do(case, taking(item, number(seat)))
        assert seat.session.store.waiting().deeds == 1
        district.run("catalog", "retire", item.code, "--on", now().date().isoformat())
    finally:
        district.start()
    seat.session.sync.wake()
    seat.sent()
    seat.has(case, lambda found: Irregularity.ITEM_CANCELLED in found.irregular)
    assert [step.name for step in seat.view(case).steps] == ["Received"]
    seat.wait(lambda: seat.session.store.catalogue.version == 2)
    assert seat.session.store.catalogue.cancelled_on(item) is not None


def test_a_refused_decision_lies_in_the_tray_and_blocks_nothing(new_seat: NewSeat) -> None:
    counter = new_seat("counter")
    counter.enrol("hall")
    counter.sit("luqing")
    case, item = new_case(), counter.item(AcceptBy.COUNTER)
    counter.do(case, taking(item, number(counter)))
    counter.sent()
    counter.session.sync.sessions.open(counter.person.person.person, "not a session")  # type: ignore[union-attr]
    counter.do(case, a.TakeOver(reason=secret("核对")))
    counter.do(new_case(), taking(item, number(counter)))
    counter.sent()
    (tray,) = counter.session.store.outbox.refused()
    assert tray.reason == Reason.NEEDS_LINE.value
    assert counter.view(case).epoch == 1
    counter.session.store.outbox.put_away(tray.deed.deed)
    assert not counter.session.store.outbox.refused()


def test_a_revoked_desk_is_told_so_and_loses_its_keys_not_its_ciphertext(
    new_seat: NewSeat, district: RunningDistrict
) -> None:
    seat = new_seat("a")
    seat.enrol("lianfeng")
    seat.sit("yaolan")
    district.run("device", "revoke", seat.session.store.desk.replica)
    seat.session.sync.wake()
    seat.wait_line(Line.BLOCKED)
    assert seat.session.sync.status.problem is TransportReason.REVOKED
    seat.session.shut_out()
    assert seat.session.unlock.state is LockState.NOT_SET_UP
    assert seat.folder.database.stat().st_size > 0
    assert not seat.folder.secret.exists()


def test_a_page_nobody_made_is_not_believed(new_seat: NewSeat) -> None:
    seat = new_seat("a")
    seat.enrol("hall")
    seat.sit("shenyun")
    name = BlobName(owner=new_case(), hash=BlobHash("0" * 64))
    with pytest.raises(TransportError) as caught:
        seat.session.sync.call(lambda transport: transport.download(name, bytearray())).result(20)
    assert caught.value.reason is TransportReason.NOT_FOUND


def test_a_password_changed_elsewhere_replaces_the_slot_at_the_next_sign_in(new_seat: NewSeat) -> None:
    here, there = new_seat("here"), new_seat("there")
    here.enrol("hall", "health")
    here.sit("hanxue")
    here.session.close()
    there.enrol("hall", "health")
    signed_in = there.session.sign_in("hanxue", PASSWORD)
    there.session.change_password(signed_in, PASSWORD, f"{PASSWORD}-new")
    here.restart()
    with pytest.raises(StoreError) as unknown:
        here.session.sign_in("hanxue", f"{PASSWORD}-new")
    assert unknown.value.reason is StoreReason.WRONG_PASSWORD
    with pytest.raises(SignInError) as changed:
        here.session.sign_in("hanxue", PASSWORD)
    assert changed.value.reason is SignInReason.PASSWORD_CHANGED
    assert here.session.sign_in("hanxue", f"{PASSWORD}-new").is_online
    here.restart()
    with pytest.raises(StoreError) as old:
        here.session.sign_in("hanxue", PASSWORD)
    assert old.value.reason is StoreReason.WRONG_PASSWORD
    assert here.session.sign_in("hanxue", f"{PASSWORD}-new").is_online


def test_the_cover_opens_for_the_same_person_with_and_without_a_line(
    new_seat: NewSeat, district: RunningDistrict
) -> None:
    seat = new_seat("a")
    seat.enrol("hall", "civil")
    given = district.secret("caimei")["password"]
    new = seat.sit("caimei")
    assert seat.session.door().office[0] == "社会救助和养老科"
    seat.session.check_password(new, PASSWORD)
    district.stop()
    try:
        started = now()
        seat.session.check_password(new, PASSWORD)
        with pytest.raises(StoreError) as wrong:
            seat.session.check_password(new, given)
        assert wrong.value.reason is StoreReason.WRONG_PASSWORD
        assert (now() - started).total_seconds() < 3
    finally:
        district.start()
    seat.session.close()
    with pytest.raises(StoreError) as closed:
        seat.session.check_password(new, PASSWORD)
    assert closed.value.reason is StoreReason.CLOSED
