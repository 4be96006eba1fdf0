"""The desk with the cases of years in it: how soon a list opens, and how long anything ever holds the window.

Five thousand cases were taken in and sent to a real district; then the client is a process on a display of its own, and
somebody opens the list, leafs through it to the end, opens a case and the other places, begins an intake and scans the
feeder empty (ten sheets, several times). The client's own trace says when the list was drawn and whenever its
window was held (after the sign-in, which builds the workbench). The time of a key runs from before it is pressed.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.bench.row import Row, Size
from tests.bench.workplace import folder
from tests.end_to_end import clerk
from tests.end_to_end.office import Office
from tests.end_to_end.people import GU
from tests.end_to_end.story import FOOD, FOOD_QUESTIONS
from tests.end_to_end.window_desk import WindowDesk
from tests.support.counter import whole
from tests.support.desk_at_work import DeskAtWork, chosen_password
from yichuang_client.actions import receiving
from yichuang_client.presenters.queues_reading import PAGE

OPEN_BAR_MS, HELD_BAR_MS = 150.0, 50.0
LOGIN = "wuminmin"
FULL_FOOD = "食品经营许可（新办）"
PLACES = (
    ("ctrl+3", "supplements"),
    ("ctrl+4", "issues"),
    ("ctrl+5", "search"),
    ("ctrl+6", "shift"),
    ("ctrl+7", "sync"),
)
LEAVES = 120
"""Screens of lines that are leafed through."""


def bench_desk(size: Size) -> list[Row]:
    """``queue_open_ms`` (the longest of several) and ``desk_held_ms`` (the longest that anything held the window)."""
    cases = size.of(full=5000, quick=40)
    with folder() as place, ExitStack() as stack:
        office = Office(place, stack)
        office.begin()
        office.district.run("catalog", "import")
        office.open_doors()
        desk = office.desk("counter", "fengqiao")
        desk.desktop.close()
        _take_in(office, place / "desks" / "counter", cases)
        desk.restart()
        desk.desktop.at("sign_in.account")
        desk.type(LOGIN)
        desk.to("sign_in.password")
        desk.type(chosen_password(LOGIN))
        desk.key("Return")
        desk.desktop.both("signed in", "screen")
        desk.desktop.settle()
        begun = time.monotonic() * 1000
        opened = [_open_list(desk, cases) for _ in range(size.of(full=7, quick=2))]
        _leaf(desk, size.of(full=LEAVES, quick=4))
        _look_around(desk)
        _scan(desk, size.of(full=5, quick=1))
        held = [float(line["milliseconds"]) for line in desk.desktop.seen("window held") if line["at"] > begun]
    return [
        Row(name="queue_open_ms", value=max(opened), unit="ms", bar=OPEN_BAR_MS),
        Row(name="desk_held_ms", value=max(held, default=0.0), unit="ms", bar=HELD_BAR_MS),
    ]


def _take_in(office: Office, place: Path, cases: int) -> None:
    """Somebody takes that many cases in at the closed desk, and the district gets them."""
    desk = DeskAtWork(place)
    desk.first_sign_in(office.district, LOGIN)
    desk.settle()
    intake = whole(desk.work, FULL_FOOD)
    for _ in range(cases):
        receiving.receive(desk.work, replace(intake, case=receiving.new_case()))
    desk.settle()
    desk.close()


def _open_list(desk: WindowDesk, cases: int) -> float:
    """From the key until its first lines are there, in ms; then the rest comes, and somebody goes back."""
    desk.desktop.mark()
    start = time.monotonic() * 1000
    desk.key("ctrl+2")
    shown = desk.wait("queue shown", screen="cases")["at"] - start
    if cases > PAGE:
        desk.wait("queue shown", rows=cases)
    desk.desktop.settle()
    desk.go("F2", "intake")
    desk.desktop.settle()
    return float(shown)


def _leaf(desk: WindowDesk, screens: int) -> None:
    """Down through the list as a held key does it, to its end and back."""
    desk.go("ctrl+2", "cases")
    desk.desktop.settle()
    desk.desktop.burst(33, *["Next"] * screens)
    desk.key("End", "Home")
    desk.desktop.settle()


def _look_around(desk: WindowDesk) -> None:
    """A case and back, a search by name, the day, the line, the devices."""
    desk.key("Return")
    desk.wait("screen", name="case")
    desk.desktop.settle()
    desk.key("Escape")
    desk.wait("screen", name="cases")
    for key, screen in PLACES:
        desk.go(key, screen)
        desk.desktop.settle()


def _scan(desk: WindowDesk, batches: int) -> None:
    """Feeders full of gray pages, for a material of an intake that was typed."""
    desk.go("F2", "intake")
    clerk.use_scanner(desk, 2)
    clerk.choose_item(desk, FOOD)
    clerk.describe(desk, FOOD_QUESTIONS, GU)
    for _ in range(batches):
        clerk.feed(desk, 1)
