"""What a clerk does at a counter, key by key.

Rules kept here: keys and typed text only; every step waits for what a person would see before the next one.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.end_to_end.people import Citizen
from tests.end_to_end.window_desk import WindowDesk


def find_item(desk: WindowDesk, query: str) -> str:
    """Type into the item search; returns the code of the first hit."""
    desk.desktop.at("intake.search")
    desk.key("ctrl+a", "BackSpace")
    desk.desktop.mark()
    desk.type(query)
    return str(desk.hits()["first"])


def choose_item(desk: WindowDesk, query: str) -> str:
    """Find an item and take the first hit."""
    code = find_item(desk, query)
    desk.shot("intake_search")
    desk.key("Return")
    desk.wait("item chosen", item=code)
    desk.wait("focus")  # its form is there
    return code


def brief(desk: WindowDesk) -> None:
    """F7: the whole briefing, and back."""
    desk.key("F7")
    desk.wait("screen", name="briefing")
    desk.shot("briefing")
    desk.key("F7")
    desk.wait("screen", name="intake")


def describe(desk: WindowDesk, questions: Sequence[str], citizen: Citizen) -> None:
    """The first answer to every question, then the applicant and the item's own form."""
    for question in questions:
        desk.to(f"intake.answer.{question}")
        desk.until("space", "answered")
    desk.to("intake.kind")
    for _ in range(citizen.kind):
        desk.key("Right")
    for name, text in citizen.fields.items():
        desk.enter(f"intake.{name}", text)
    desk.key("Tab")


def _to_scanner(desk: WindowDesk, material: int) -> None:
    desk.key(f"alt+{material}")
    desk.desktop.mark()
    desk.key("F5")
    desk.wait("scanner ready")


def scan(desk: WindowDesk, material: int, glass: Path, pages: Sequence[Path]) -> None:
    """Scan pages that are laid on the glass, one after the other, for a material."""
    _to_scanner(desk, material)
    for page in pages:
        shutil.copyfile(page, glass)
        desk.key("F5")
        assert desk.wait("batch ended")["pages"] == 1
    desk.shot("scan_glass")
    _from_scanner(desk)


def feed(desk: WindowDesk, material: int) -> int:
    """Scan what lies in the feeder for a material; returns how many pages came."""
    _to_scanner(desk, material)
    desk.key("F5")
    count = int(desk.wait("batch ended", timeout=90)["pages"])
    desk.shot("scan_feeder")
    _from_scanner(desk)
    return count


def _from_scanner(desk: WindowDesk) -> None:
    desk.key("F4")
    desk.wait("scan finished")
    desk.wait("screen", name="intake")


def use_scanner(desk: WindowDesk, number: int) -> None:
    """The devices page: choose the n-th device, and back to what was being typed."""
    desk.key("ctrl+8")
    desk.wait("devices answered")
    desk.desktop.at("devices.list")
    desk.key(f"alt+{number}")
    desk.shot("devices")
    desk.key("F8")
    desk.wait("scanner chosen")
    desk.go("F2", "intake")


def find_by_code(desk: WindowDesk, code: str) -> None:
    """The code reader types the receipt's code into the search, and Enter: the case comes and opens."""
    desk.go("ctrl+5", "search")
    desk.type(code)
    desk.shot("search")
    desk.key("Return")
    desk.wait("case found")
    desk.desktop.both("case shown", "screen")
    desk.shot("case_elsewhere")


def open_case(desk: WindowDesk, case: str) -> None:
    """The first line of a list."""
    desk.key("Return")
    desk.wait("issue shown", case=case)


def bring(desk: WindowDesk, glass: Path, pages: Sequence[Path]) -> None:
    """F8 on the case: what was told to be missing is scanned and taken in; its receipt prints."""
    desk.key("F8")
    desk.desktop.both("supplement shown", "screen")
    desk.key("F5")
    desk.wait("scanner ready")
    for page in pages:
        shutil.copyfile(page, glass)
        desk.key("F5")
        assert desk.wait("batch ended")["pages"] == 1
    desk.key("F4")
    desk.wait("screen", name="supplement")
    desk.shot("supplement")
    desk.desktop.mark()
    desk.key("F8")
    desk.wait("papers done", troubles=0)


def see_originals(desk: WindowDesk, *materials: int) -> None:
    """Alt+n and Enter: the original was seen."""
    desk.to("intake.materials")
    for material in materials:
        desk.key(f"alt+{material}")
        desk.key("Return")


def receive(desk: WindowDesk) -> str:
    """F8: received; returns the case once its papers are out."""
    desk.desktop.mark()
    desk.key("F8")
    return _handed_in(desk)


def _handed_in(desk: WindowDesk) -> str:
    case = str(desk.wait("handed in")["case"])
    desk.wait("papers done", troubles=0)
    return case


def instant_case(
    desk: WindowDesk, query: str, citizen: Citizen, glass: Path, page: Path, *, card_first: bool = False
) -> tuple[str, int]:
    """An item with one question and two materials, granted at once, the card read; the case, and the keys it took.

    ``card_first``: the applicant lays the card down before saying what for.
    """
    shutil.copyfile(page, glass)
    desk.desktop.at("intake.search")
    before = desk.desktop.keys
    desk.desktop.mark()
    if card_first:
        desk.key("F3")
        desk.wait("card", outcome="read")
    desk.type(query)
    desk.hits()
    desk.key("Return")
    desk.wait("item chosen")
    desk.wait("focus")
    desk.key("space")
    desk.wait("answered")
    desk.key("F6" if card_first else "F3")  # to what is missing
    if not card_first:
        desk.wait("card", outcome="read")
    desk.desktop.at("intake.phone")
    desk.type(citizen.fields["phone"])
    desk.key("alt+1", "Return", "alt+2", "F5")
    desk.wait("scanner ready")
    desk.key("F5")
    desk.wait("batch ended", pages=1)
    desk.key("F4")
    desk.wait("screen", name="intake")
    desk.key("F9")
    desk.desktop.at("confirm.opinion")
    desk.shot("instant")
    desk.key("ctrl+Return")
    case = _handed_in(desk)
    return case, desk.desktop.keys - before


def confirm(desk: WindowDesk, key: str, picture: str = "") -> None:
    """An act with a question: its key, the strip, and the strip's button."""
    desk.desktop.settle()
    desk.desktop.mark()
    desk.key(key)
    desk.wait("focus")
    assert desk.desktop.focus.startswith("confirm."), f"{key} asked nothing; the focus is at {desk.desktop.focus}"
    if picture:
        desk.shot(picture)
    desk.to("confirm.yes")
    desk.key("Return")


def accept(desk: WindowDesk) -> str:
    """F9: received and accepted; returns the case once its papers are out."""
    confirm(desk, "F9", "accept")
    return _handed_in(desk)


def hand_out(desk: WindowDesk, serial: str = "", *, way: int = 0) -> None:
    """Print decision, certificate (on stock with a number, if any) and delivery receipt; signed for; archived.

    ``way``: place of the way out in the row of ways, from 0.
    """
    desk.shot("issue")
    if way:
        desk.to("issue.method")
        desk.key(*["Right"] * way)
    desk.desktop.mark()
    desk.key("ctrl+p")
    desk.wait("papers done", troubles=0)
    desk.key("alt+2")
    if serial:
        desk.enter("issue.serial", serial)
    desk.key("ctrl+p")
    desk.wait("papers done", troubles=0)
    desk.shot("issue_certificate")
    if serial:
        desk.key("F9")
        desk.wait("case act done", act="confirm_print")
    desk.key("alt+3")
    desk.key("ctrl+p")
    desk.wait("papers done", troubles=0)
    desk.to("issue.signed")
    desk.key("Right")
    confirm(desk, "F8", "issue_deliver")
    desk.wait("issue shown", state="CONCLUDED")
    confirm(desk, "F8", "issue_archive")
    desk.wait("issue shown", state="ARCHIVED")
