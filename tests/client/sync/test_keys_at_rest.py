"""The desk's keys when nobody is at work, and the slots of people who have left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.client.sync.seats import PASSWORD, Seat, new_case, now, taking
from tests.support.district import RunningDistrict
from yichuang_client.sync.desk_session import HANDOVER, LONGEST_ALONE, DeskState
from yichuang_domain.catalog import AcceptBy

NewSeat = Callable[[str], Seat]


def test_the_keys_go_when_nobody_is_at_work_and_nothing_is_left_to_send(new_seat: NewSeat) -> None:
    seat = new_seat("a")
    seat.enrol("yuxin")
    person = seat.sit("panyan").person.person
    seat.sent()
    assert not seat.session.rest(now() - 2 * LONGEST_ALONE)
    seat.session.sign_out(person)
    assert not seat.session.rest(now())
    assert seat.session.rest(now() - HANDOVER)
    assert seat.session.state is DeskState.LOCKED
    assert seat.session.door().people[0].login == "panyan"
    assert seat.session.sign_in("panyan", PASSWORD, seat.district.one_time_password("panyan")).is_online


def test_what_is_unsent_keeps_the_keys_for_twelve_hours(new_seat: NewSeat) -> None:
    seat = new_seat("a")
    seat.enrol("yuxin")
    person = seat.sit("tangjie").person.person
    seat.sent()
    seat.session.sync.stop()
    store = seat.session.store
    number = store.serials.next_case_number(store.desk.district_code, store.desk.replica, now().date())
    seat.do(new_case(), taking(seat.item(AcceptBy.COUNTER), number))
    seat.session.sync.sessions.close(person)
    seat.session.sign_out(person)
    assert not seat.session.rest(now() - LONGEST_ALONE + timedelta(minutes=5))
    assert seat.session.rest(now() - LONGEST_ALONE)
    assert seat.session.state is DeskState.LOCKED


def test_who_was_disabled_loses_the_slot_by_the_profile(new_seat: NewSeat, district: RunningDistrict) -> None:
    seat = new_seat("a")
    seat.enrol("fengqiao")
    leaver = seat.sit("wuminmin").person.person
    seat.session.sign_out(leaver)
    seat.sit("jinhe")
    assert seat.session.dismiss_gone() == 0
    district.run("people", "disable", leaver)
    seat.session.sync.wake()
    people = seat.session.store.people
    seat.wait(lambda: (known := people.person(leaver)) is not None and not known.roles)
    assert seat.session.dismiss_gone() == 1
    assert (seat.session.unlock.has_slot("wuminmin"), seat.session.unlock.has_slot("jinhe")) == (False, True)
