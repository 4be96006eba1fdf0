"""Papers and results at one counter and one section, key by key, and what the district then holds of them.

Batches of originals with a difference, materials that come later, a duplicate and its decline, spoiled and numbered
sheets, post, archive, a second copy, a correction, the day's closing sheet.
"""

from __future__ import annotations

import pytest

from tests.end_to_end import clerk, handing, reviewer
from tests.end_to_end.handing import events, recorded
from tests.end_to_end.office import Office
from tests.end_to_end.people import GU, Citizen
from tests.end_to_end.window_desk import WindowDesk

pytestmark = pytest.mark.long
RENEWAL, CLOSING = "食品经营许可（延续", "个体工商户登记（注销"
TRADER = Citizen(kind=1, typed=GU.typed, form={})


def test_papers_go_and_come_back_and_results_reach_the_applicant(office: Office) -> None:
    desk = office.desk("counter", "fengqiao")
    desk.sign_in(office.district, "wuminmin")
    desk.desktop.now("catalogue arrived")
    section = office.desk("market", "hall", "market")
    section.sign_in(office.district, "zhoujing")
    first, second = taken_in(office, desk)
    declined_as_a_duplicate(office, desk)
    handed_over(office, desk, section, first, second)
    completed_later(office, desk, second)
    granted_and_posted(office, desk, section, first)
    copied(office, desk, first)
    corrected_by_a_new_case(office, desk, first)
    day_closed(office, desk)
    assert set(office.district.outcomes()) == {"RECORDED"}
    assert "Traceback" not in desk.desktop.noise + section.desktop.noise


def taken_in(office: Office, desk: WindowDesk) -> tuple[str, str]:
    """Two cases of one section: one complete, one with a material that comes later (Alt+R)."""
    handing.fill(desk, RENEWAL, TRADER)
    handing.scan_each(desk, office, 3)
    first = clerk.accept(desk)
    handing.fill(desk, CLOSING, TRADER)
    handing.scan_each(desk, office, 2)
    desk.to("intake.materials")
    desk.key("alt+3", "alt+r")
    second = clerk.accept(desk)
    (accepted,) = recorded(office, desk, second, "Accepted")
    assert [deferral["material"] for deferral in accepted["deferred"]] == ["tax"]
    office.printed("receipt", "slip", "acceptance", "receipt", "slip", "acceptance")
    return first, second


def declined_as_a_duplicate(office: Office, desk: WindowDesk) -> None:
    """The same applicant asks once more: the banner says so; received, declined with the right office, printed anew."""
    handing.fill(desk, RENEWAL, TRADER)
    desk.desktop.now("banner", kind="duplicate")
    case = clerk.receive(desk)
    desk.visit("ctrl+2")
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case, state="RECEIVED")
    desk.desktop.settle()
    desk.key("F12")
    desk.desktop.at("confirm.ground")
    desk.key("Right")
    desk.enter("confirm.reason", "already asked for here")
    desk.enter("confirm.office", "Drug office, 5 Example Road, 0573-00000099")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait("papers done", troubles=0)
    (declined,) = recorded(office, desk, case, "Declined")
    assert declined["ground"] == "WRONG_OFFICE" and declined["right_office"]
    handing.option(desk_asked(desk, "ctrl+p"), "confirm.why.SPOILED", after="confirm.why")
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait("papers done", troubles=0)
    recorded(office, desk, case, "PrintConfirmed", 4)
    spoiled, anew = [e for e in events(office, case, "PrintStarted") if e["paper"] == "NON_ACCEPTANCE"]
    assert [e["run"] for e in events(office, case, "PrintVoided")] == [spoiled["run"]]
    assert (spoiled["reason"], anew["reason"]) == ("FIRST", "SPOILED")
    office.set_aside()


def desk_asked(desk: WindowDesk, key: str) -> WindowDesk:
    """The desk, once the strip of a key asks."""
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key(key)
    desk.wait("focus")
    return desk


def handed_over(office: Office, desk: WindowDesk, section: WindowDesk, first: str, second: str) -> None:
    """One batch; the section misses a page of one and signs for the other; the one goes again, and is signed for."""
    handing.send_papers(desk, "Wang")
    office.printed("handover")
    section.visit("ctrl+3", "handover shown")
    handing.confirm_with(section, "F10", "handover act done", "one page short")
    section.desktop.settle()
    handing.confirm_with(section, "F8", "handover act done")
    recorded(office, section, second, "PrintConfirmed", 4)
    assert events(office, first, "Noted") and events(office, first, "PrintVoided")
    handing.send_papers(desk, "Wang")
    office.printed("handover")
    section.visit("F2", "screen")
    section.visit("ctrl+3", "handover shown")
    handing.confirm_with(section, "F9", "handover act done")
    recorded(office, section, first, "PrintConfirmed", 4)
    batches = [e["serial"] for e in events(office, first, "PrintStarted") if e["paper"] == "HANDOVER"]
    assert len(batches) == 2 and batches[0].rpartition("/")[0] != batches[1].rpartition("/")[0]


def completed_later(office: Office, desk: WindowDesk, case: str) -> None:
    """The material that was to come is brought, with a receipt of its own."""
    desk.visit("ctrl+2")
    desk.key("alt+5")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case)
    clerk.bring(desk, office.glass, office.sane.pages[1:2])
    (brought,) = recorded(office, desk, case, "DeferredBrought")
    assert [material["material"] for material in brought["materials"]] == ["tax"]
    office.printed("receipt")


def granted_and_posted(office: Office, desk: WindowDesk, section: WindowDesk, case: str) -> None:
    """Granted; the first sheet of the numbered stock spoils; the second goes by post; archived."""
    section.desktop.mark()
    section.key("F2")
    section.wait("screen", name="review")
    section.desktop.settle()
    if section.desktop.seen("case shown")[-1]["case"] != case:
        section.key("Down")
        section.wait("case shown", case=case)
    reviewer.claim(section, case)
    reviewer.sign(section, case)
    desk.visit("ctrl+4")
    clerk.open_case(desk, case)
    desk.to("issue.method")
    desk.key("Right")
    handing.print_next(desk)
    desk.enter("issue.serial", "A0000001")
    handing.print_next(desk)
    handing.confirm_with(desk, "F10", "case act done")
    desk.wait("issue shown")
    handing.print_next(desk)
    desk.desktop.mark()
    desk.key("F9")
    desk.wait("case act done", act="confirm_print")
    desk.wait("issue shown")
    handing.print_next(desk)
    desk.to("issue.signed")
    desk.key("Right")
    handing.confirm_with(desk, "F8", "case act done")
    desk.wait("issue shown", state="CONCLUDED")
    handing.confirm_with(desk, "F8", "case act done")
    recorded(office, desk, case, "Archived")
    (delivered,) = events(office, case, "Delivered")
    assert delivered["method"] == "POST"
    sheets = [event["serial"] for event in events(office, case, "PrintStarted") if event["paper"] == "CERTIFICATE"]
    assert sheets == ["A0000001", "A0000002"] and len(events(office, case, "PrintVoided")) == 2
    office.printed("grant", "certificate", "certificate", "delivery")


def copied(office: Office, desk: WindowDesk, case: str) -> None:
    """Ctrl+P on the archived case: its certificate was lost and prints again, on a number of its own; confirmed."""
    assert handing.find(desk, "330402", 3) == case
    handing.option(desk_asked(desk, "ctrl+p"), "confirm.paper.CERTIFICATE_1", after="confirm.paper")
    handing.option(desk, "confirm.why.LOST", after="confirm.why")
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait("papers done", troubles=0)
    desk.visit("ctrl+6", "shift shown")
    desk.key("alt+2")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("F9")
    desk.wait("ledger act done", act="confirm")
    last = events(office, case, "PrintStarted")[-1]
    assert (last["paper"], last["reason"], last["serial"]) == ("CERTIFICATE", "LOST", "A0000003")
    recorded(office, desk, case, "PrintConfirmed", 8)
    assert events(office, case, "PrintConfirmed")[-1]["run"] == last["run"]
    office.printed("duplicate")


def corrected_by_a_new_case(office: Office, desk: WindowDesk, case: str) -> None:
    """Ctrl+G on the concluded case: a new one that names it, begun with what is known; then it is withdrawn."""
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=case)
    handing.confirm_with(desk, "ctrl+g", "screen")
    desk.desktop.now("screen", name="intake")
    desk.desktop.settle()
    correction = clerk.receive(desk)
    assert recorded(office, desk, correction, "Received")[0]["corrects"] == case
    desk.visit("ctrl+2")
    desk.key("alt+1")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("Return")
    desk.wait("case shown", case=correction)
    handing.confirm_with(desk, "ctrl+w", "papers done", "changed my mind")
    recorded(office, desk, correction, "Withdrawn")
    office.printed("receipt", "slip", "withdrawal")


def day_closed(office: Office, desk: WindowDesk) -> None:
    """Ctrl+6, Ctrl+P: the closing sheet."""
    desk.visit("ctrl+6", "shift shown")
    desk.desktop.mark()
    desk.key("ctrl+p")
    desk.wait("day closed")
    desk.shot("closing")
    office.printed("closing")
