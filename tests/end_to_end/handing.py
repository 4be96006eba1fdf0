"""What becomes of papers and results, key by key: batches to the section, the issue, the ledger.

Rules kept here: keys and typed text only; each step waits for what a person would see.
"""

from __future__ import annotations

from typing import Any

from tests.end_to_end.clerk import describe, scan
from tests.end_to_end.office import Office
from tests.end_to_end.people import Citizen
from tests.end_to_end.window_desk import WindowDesk
from tests.support.district import RunningDistrict


def fill(desk: WindowDesk, query: str, citizen: Citizen, questions: tuple[str, ...] = ()) -> None:
    """An item chosen by its name, its form filled; what was printed before is set aside."""
    desk.desktop.at("intake.search")
    desk.key("ctrl+a", "BackSpace")
    desk.desktop.mark()
    desk.type(query)
    desk.hits()
    desk.key("Return")
    desk.wait("item chosen")
    desk.wait("focus")
    describe(desk, questions, citizen)


def scan_each(desk: WindowDesk, office: Office, count: int) -> None:
    """One page from the glass for each of the first materials."""
    for number, page in zip(range(1, count + 1), office.sane.pages, strict=False):
        scan(desk, number, office.glass, [page])


def send_papers(desk: WindowDesk, person: str) -> None:
    """Ctrl+H in the list, F8: everything of the first line's section goes on one slip."""
    desk.visit("ctrl+2")
    desk.visit("ctrl+h", "handover shown")
    confirm_with(desk, "F8", "handover shown", person)


def confirm_with(desk: WindowDesk, key: str, event: str, text: str = "") -> None:
    """An act that asks: its key, a text where one is asked for, Ctrl+Enter; until the event."""
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key(key)
    desk.wait("focus")
    assert desk.desktop.focus.startswith("confirm."), f"{key} asked nothing; the focus is at {desk.desktop.focus}"
    if text:
        desk.type(text)
        desk.desktop.settle()
    desk.shot(f"{key}-{event}".replace(" ", "_"))
    desk.desktop.mark()
    desk.key("ctrl+Return")
    desk.wait(event)


def find(desk: WindowDesk, words: str, line: int) -> str:
    """Ctrl+5, the words, Enter, down to a line (from 1), Enter: the case that opens."""
    desk.desktop.mark()
    desk.key("ctrl+5")
    desk.wait("screen", name="search")
    desk.key("ctrl+a", "BackSpace")
    desk.type(words)
    desk.wait("queue shown")
    desk.desktop.settle()
    desk.key("Return", *["Down"] * (line - 1))
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("Return")
    return str(desk.wait("case shown")["case"])


def print_next(desk: WindowDesk) -> None:
    """Ctrl+P on the issue screen: what is printed next."""
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key("ctrl+p")
    desk.wait("papers done", troubles=0)
    desk.wait("issue shown")
    desk.desktop.settle()


def option(desk: WindowDesk, wanted: str, *, after: str) -> None:
    """In a row of options behind the field ``after``: to the wanted one by arrows."""
    while not desk.desktop.focus.startswith(after):
        desk.desktop.mark()
        desk.key("Tab")
        desk.wait("focus")
    for _ in range(9):
        if desk.desktop.focus == wanted:
            return
        desk.key("Right")
        desk.desktop.settle()
    raise AssertionError(f"{wanted} cannot be reached; the focus is at {desk.desktop.focus}")


def events(office: Office, case: str, kind: str = "") -> list[dict[str, Any]]:
    """The district's records of a case, of one kind or all."""
    found = [record["event"] for record in office.district.records(case)]
    return [event for event in found if kind in ("", event["type"])]


def recorded(office: Office, desk: WindowDesk, case: str, kind: str, count: int = 1) -> list[dict[str, Any]]:
    """These records, once the district has so many."""
    return recorded_at(office.district, desk, case, kind, count)


def recorded_at(
    district: RunningDistrict, desk: WindowDesk, case: str, kind: str, count: int = 1
) -> list[dict[str, Any]]:
    """The same, of a district."""
    while True:
        found = [record["event"] for record in district.records(case) if record["event"]["type"] == kind]
        if len(found) >= count:
            return found
        desk.wait("deeds answered", timeout=60)
