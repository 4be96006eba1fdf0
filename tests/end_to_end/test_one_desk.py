"""One desk through an ordinary bad day, key by key, and what the district then holds of it.

The window closed in the middle of a word, on each kind of screen; an idle desk that covers itself while its cases are
sent, scanned and printed; a search without a line; a card read before anything is said; a result by locker.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end import clerk
from tests.end_to_end.handing import events, recorded
from tests.end_to_end.office import Office
from tests.end_to_end.people import LIU, Citizen
from tests.end_to_end.window_desk import WindowDesk
from tests.support import leaks
from tests.support.district import empty_sources
from yichuang_server.config import public_data

pytestmark = pytest.mark.long
INSTANT, CARD, HEALTH = "老年优待证", "社会保障卡补领", "从业人员健康证明"
PERSON = Citizen(kind=0, typed=LIU.typed, form={})
PHONE = LIU.typed.phone
SECRET = "not-to-be-kept-9137"
IDLE = "lock_after_seconds = 30\n"


def test_nothing_typed_is_lost_and_nothing_stands_still_at_a_covered_desk(office: Office, tmp_path: Path) -> None:
    results_go_by_locker(office, tmp_path)
    desk = office.desk("counter", "fengqiao", settings=IDLE)
    signed_in(office, desk)
    closed_in_the_form(office, desk)
    closed_in_a_strip(office, desk)
    closed_on_the_password(office, desk)
    covered_by_idleness(office, desk)
    covered_over_scanner_and_printer(office, desk)
    searched(office, desk)
    sent_by_locker(office, desk)
    assert set(office.district.outcomes()) == {"RECORDED"}
    assert "Traceback" not in desk.desktop.noise


def results_go_by_locker(office: Office, folder: Path) -> None:
    """The district publishes that the instant item's result may lie in a locker."""
    items = json.loads((public_data() / "sample" / "items.json").read_bytes())
    for item in items:
        if item["name"].startswith(INSTANT):
            item["version"] += 1
            item["pickups"] = ["COUNTER", "LOCKER"]
    changed = folder / "items.json"
    changed.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    office.district.run("catalog", "import", "--folder", str(empty_sources(folder / "again")), "--sample", str(changed))


def signed_in(office: Office, desk: WindowDesk) -> None:
    desk.sign_in(office.district, "wuminmin")
    desk.desktop.at("intake.search")


def closed(office: Office, desk: WindowDesk) -> None:
    """The window's cross, the program again, the same person."""
    desk.close_window()
    assert "Traceback" not in desk.desktop.noise
    desk.restart()
    signed_in(office, desk)


def begun(desk: WindowDesk, text: str) -> None:
    """The health certificate with everything but the telephone, of which this is typed."""
    clerk.choose_item(desk, HEALTH)
    desk.to("intake.kind")
    for name, typed in PERSON.fields.items():
        desk.enter(f"intake.{name}", text if name == "phone" else typed)


def closed_in_the_form(office: Office, desk: WindowDesk) -> None:
    """The last figure was typed a moment ago: it is there again, and the papers can be taken in at once."""
    desk.desktop.now("catalogue arrived")
    begun(desk, PHONE)
    closed(office, desk)
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("alt+q")
    desk.wait("item chosen")
    desk.desktop.at("intake.phone")
    desk.shot("reopened_after_closing")
    case = clerk.receive(desk)
    recorded(office, desk, case, "PrintConfirmed", 2)


def open_first(desk: WindowDesk) -> str:
    """The first of the own cases."""
    desk.visit("ctrl+2")
    desk.desktop.mark()
    desk.key("Return")
    case = str(desk.wait("case shown")["case"])
    desk.desktop.settle()
    return case


def closed_in_a_strip(office: Office, desk: WindowDesk) -> None:
    """A declination's reason half written: asked again, it stands there, is finished and told."""
    case = open_first(desk)
    desk.desktop.mark()
    desk.key("F12")
    desk.desktop.at("confirm.ground")
    desk.enter("confirm.reason", "needs no per")
    closed(office, desk)
    assert open_first(desk) == case
    desk.desktop.mark()
    desk.key("F12")
    desk.desktop.at("confirm.ground")
    desk.to("confirm.reason")
    desk.key("ctrl+End")
    desk.type("mit")
    desk.desktop.settle()
    desk.shot("strip_after_closing")
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait("papers done", troubles=0)
    recorded(office, desk, case, "Declined")
    office.set_aside()


def closed_on_the_password(office: Office, desk: WindowDesk) -> None:
    """A password is no work: nothing of it is left, and what was being typed before is."""
    desk.go("F2", "intake")
    begun(desk, PHONE[:5])
    desk.go("ctrl+u", "password")
    desk.type(SECRET)
    closed(office, desk)
    assert not leaks.found(leaks.in_each_encoding(SECRET), desk.folder)
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("alt+q")
    desk.wait("item chosen")
    desk.desktop.at("intake.phone")


def covered_by_idleness(office: Office, desk: WindowDesk) -> None:
    """Half a number typed, nobody at the desk: covered; what waits is sent; the password leads back into the field."""
    desk.type(PHONE[5:])
    office.district.stop()
    case = clerk.receive(desk)
    begun(desk, PHONE[:5])
    desk.desktop.mark()
    desk.wait("screen", name="lock", timeout=90)
    desk.shot("covered_by_idleness")
    assert not office.district.is_running
    office.district.start(web=True)
    recorded(office, desk, case, "PrintConfirmed", 2)
    desk.uncover(office.district, "wuminmin", "intake")
    desk.desktop.at("intake.phone")
    desk.key("End")
    desk.type(PHONE[5:])
    case = clerk.receive(desk)
    recorded(office, desk, case, "PrintConfirmed", 2)
    office.set_aside()


def covered_over_scanner_and_printer(office: Office, desk: WindowDesk) -> None:
    """Ctrl+L while pages come: they come to their end; the same while papers print."""
    clerk.use_scanner(desk, 2)
    begun(desk, PHONE)
    desk.key("alt+1")
    desk.desktop.mark()
    desk.key("F5")
    desk.wait("scanner ready")
    desk.key("F5", "ctrl+l")
    desk.wait("screen", name="lock")
    pages = desk.wait("batch ended", timeout=90)["pages"]
    assert pages > 1
    desk.uncover(office.district, "wuminmin", "scan")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("F4")
    desk.wait("screen", name="intake")
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("F8", "ctrl+l")
    case = str(desk.wait("handed in")["case"])
    desk.wait("papers done", troubles=0)
    desk.desktop.now("screen", name="lock")
    recorded(office, desk, case, "PrintConfirmed", 2)
    assert len(events(office, case, "PageAttached")) == pages
    desk.uncover(office.district, "wuminmin", "intake")
    desk.desktop.at("intake.search")
    clerk.use_scanner(desk, 1)
    office.set_aside()


def searched(office: Office, desk: WindowDesk) -> None:
    """Without a line the desk's own cases are found, and Alt+2 says why no others; with one it asks the district."""
    desk.desktop.mark()
    office.district.stop()
    desk.wait("line", state="OFFLINE", timeout=90)
    desk.desktop.mark()
    desk.key("ctrl+5")
    desk.wait("screen", name="search")
    desk.type(LIU.typed.name[:4])
    desk.wait("queue shown", screen="search")
    desk.desktop.settle()
    here = desk.desktop.seen("queue shown")[-1]["rows"]
    assert here >= 4
    desk.desktop.mark()
    desk.key("alt+2")
    desk.wait("banner", kind="NOT_FOUND")
    desk.shot("search_without_a_line")
    office.district.start(web=True)
    desk.wait("line", state="ONLINE", timeout=90)
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("alt+2")
    desk.wait("queue shown", rows=here)
    desk.shot("search_with_a_line")


def sent_by_locker(office: Office, desk: WindowDesk) -> None:
    """The card first, then the item: at most 14 keys; the result lies in a locker."""
    shutil.copyfile(office.sane.pages[0], office.glass)
    desk.go("F2", "intake")
    case, keys = clerk.instant_case(desk, INSTANT, PERSON, office.glass, office.sane.pages[0], card_first=True)
    assert keys <= 14
    (received,) = recorded(office, desk, case, "Received")
    assert received["applicant"]["id_source"] == "CARD"
    recorded(office, desk, case, "PrintConfirmed", 3)
    desk.visit("ctrl+4")
    clerk.open_case(desk, case)
    clerk.hand_out(desk, way=1)
    recorded(office, desk, case, "Archived")
    (delivered,) = events(office, case, "Delivered")
    assert delivered["method"] == "LOCKER"
