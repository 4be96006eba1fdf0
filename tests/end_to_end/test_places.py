"""A case and its people at several places, key by key, and what the district then holds.

Results handed out at another town by receipt, by number and identity number, by card; the district's search and the
desk's own; a locked desk that goes on; a supervisor who takes a case from a dead desk, and the refusal it finds later.
"""

from __future__ import annotations

import pytest

from tests.end_to_end import clerk, handing
from tests.end_to_end.handing import events, recorded
from tests.end_to_end.office import Office
from tests.end_to_end.people import LIU, Citizen
from tests.end_to_end.window_desk import WindowDesk

pytestmark = pytest.mark.long
INSTANT, CARD, HEALTH = "老年优待证", "社会保障卡补领", "从业人员健康证明"
PERSON = Citizen(kind=0, typed=LIU.typed, form={})


def test_any_counter_serves_and_no_case_dies_with_its_desk(office: Office) -> None:
    desk = office.desk("counter", "fengqiao")
    desk.sign_in(office.district, "wuminmin")
    desk.desktop.now("catalogue arrived")
    other = office.desk("other", "yuxin")
    other.sign_in(office.district, "panyan")
    handed_out_elsewhere(office, desk, other)
    searched(office, desk, other)
    locked_and_changed(office, desk)
    case = decided_without_a_line(office, desk)
    taken_over(office, other, case)
    refused_and_told(office, desk, case)
    assert "Traceback" not in desk.desktop.noise + other.desktop.noise


def handed_out_elsewhere(office: Office, desk: WindowDesk, other: WindowDesk) -> None:
    """同城通取: three results, each opened at the other town by another means, printed, signed for, archived."""
    cases, codes = [], []
    for _ in range(3):
        case, _keys = clerk.instant_case(desk, INSTANT, PERSON, office.glass, office.sane.pages[0])
        recorded(office, desk, case, "PrintConfirmed", 3)
        cases.append(case)
        codes.append(office.code_of(office.printed("receipt", "slip", "acceptance")[0]))
    number = events(office, cases[1])[0]["number"]
    clerk.find_by_code(other, codes[0])
    issue_here(office, other, cases[0])
    clerk.find_by_code(other, f"{number} {LIU.typed.id_number}")
    issue_here(office, other, cases[1])
    by_card(office, other, cases[2])
    means = [events(office, case, "Opened")[0]["means"] for case in cases]
    assert means == ["TOKEN", "NUMBER_AND_ID", "CARD"]


def by_card(office: Office, desk: WindowDesk, case: str) -> None:
    """F3 in the list of what is ready: of the applicant's cases the only one that waits opens at once."""
    desk.visit("ctrl+4")
    desk.desktop.mark()
    desk.key("F3")
    assert desk.wait("card cases")["rows"] == 3
    desk.wait("issue shown", case=case, state="READY_TO_ISSUE")
    clerk.hand_out(desk)
    recorded(office, desk, case, "Archived")
    office.set_aside()


def issue_here(office: Office, desk: WindowDesk, case: str) -> None:
    """F8 on the case that was found: its result is handed out here."""
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("F8")
    desk.wait("issue shown", case=case)
    clerk.hand_out(desk)
    recorded(office, desk, case, "Archived")
    (delivered,) = events(office, case, "Delivered")
    assert delivered["method"] == "COUNTER"
    office.printed("grant", "certificate", "delivery")


def searched(office: Office, desk: WindowDesk, other: WindowDesk) -> None:
    """Words in the desk's own cases; at the district two facts, masked and logged."""
    desk.desktop.mark()
    desk.key("ctrl+5")
    desk.wait("screen", name="search")
    desk.type(LIU.typed.name[:4])
    desk.wait("queue shown", rows=3)
    other.desktop.mark()
    other.key("ctrl+5")
    other.wait("screen", name="search")
    other.key("ctrl+a", "BackSpace")
    other.type(f"330402-0101 {LIU.typed.name}")
    other.desktop.settle()
    other.desktop.mark()
    other.key("alt+2")
    other.wait("queue shown", rows=3)
    other.shot("search_district")


def locked_and_changed(office: Office, desk: WindowDesk) -> None:
    """Ctrl+L hides everything while what waited is sent; a second clerk signs in and goes on with the case."""
    desk.go("F2", "intake")
    handing.fill(desk, CARD, PERSON, ("agent",))
    office.district.stop()
    case = clerk.receive(desk)
    desk.key("ctrl+l")
    desk.wait("screen", name="lock")
    assert events(office, case) == []
    desk.desktop.mark()
    office.district.start(web=True)
    recorded(office, desk, case, "PrintConfirmed", 2)
    desk.desktop.mark()
    desk.key("F8", "ctrl+2", "ctrl+7")
    desk.desktop.settle()
    assert desk.desktop.focus.startswith("lock.")
    desk.shot("locked_while_sending")
    desk.change_person_of_lock(office.district, "jinhe")
    desk.visit("ctrl+2")
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case)
    handing.confirm_with(desk, "ctrl+w", "papers done", "comes another day")
    recorded(office, desk, case, "Withdrawn")
    people = {record["event"]["type"]: record["person"] for record in office.district.records(case)}
    assert people["Received"] != people["Withdrawn"]
    desk.change_person(office.district, "wuminmin")
    office.set_aside()


def decided_without_a_line(office: Office, desk: WindowDesk) -> str:
    """A case received on line and declined without one; then the machine dies."""
    desk.go("F2", "intake")
    handing.fill(desk, HEALTH, PERSON)
    case = clerk.receive(desk)
    recorded(office, desk, case, "PrintConfirmed", 2)
    desk.desktop.mark()
    office.district.stop()
    desk.wait("line", state="OFFLINE", timeout=90)
    desk.visit("ctrl+2")
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case)
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("F12")
    desk.desktop.at("confirm.ground")
    desk.enter("confirm.reason", "needs no permit")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait("papers done", troubles=0)
    desk.kill()
    office.district.start(web=True)
    office.set_aside()
    return case


def taken_over(office: Office, other: WindowDesk, case: str) -> None:
    """F11: the supervisor of the place takes it at another desk, and tells what is missing."""
    desk = office.desk("second", "fengqiao")
    desk.sign_in(office.district, "jinhe")
    desk.desktop.now("catalogue arrived", timeout=60)
    assert handing.find(desk, events(office, case)[0]["number"], 1) == case
    handing.confirm_with(desk, "F11", "case act done", "its computer is broken")
    recorded(office, desk, case, "TakenOver")
    desk.desktop.settle()
    handing.confirm_with(desk, "F10", "papers done")
    recorded(office, desk, case, "SupplementTold")
    assert not events(office, case, "Declined")
    office.set_aside()


def refused_and_told(office: Office, desk: WindowDesk, case: str) -> None:
    """The first machine comes back: its decline is refused and stands in the sync doctor with what to do next."""
    desk.restart()
    desk.sign_in(office.district, "wuminmin")
    desk.desktop.now("line", state="ONLINE", unsent=0, timeout=90)
    assert not events(office, case, "Declined")
    assert office.district.outcomes()["REFUSED"] >= 1
    desk.desktop.mark()
    desk.key("ctrl+7")
    desk.wait("screen", name="sync")
    desk.desktop.settle()
    desk.shot("sync_refused")
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case)
    desk.desktop.now("banner", kind="NOT_HOLDER")
    desk.desktop.settle()
    desk.go("ctrl+7", "sync")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("Delete")
    desk.wait("refusal put away")
