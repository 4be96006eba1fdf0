"""The desk with the cases of years in it: how soon a list opens, how it scrolls, how long anything holds the window.

Five thousand cases were taken in and sent to a real district; then the client is a process on a display of its own, and
somebody opens the list, leafs through it to the end, opens a case and every other place, grants a case at once and
opens what is to be handed out, types an intake, and walks about while the feeder (SANE's, ten gray sheets, faster than
300 images a minute) runs empty several times; somebody else looks through cases at a section's desk. The client's own
watchdog says when its window was held, by the clock and by what the window's thread worked meanwhile: all that was
served between two of its beats counts as one. The time of a key runs from before it is pressed.
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
from tests.end_to_end.people import GU, LIU
from tests.end_to_end.story import FOOD, FOOD_QUESTIONS, INSTANT
from tests.end_to_end.window_desk import WindowDesk
from tests.support.counter import whole
from tests.support.desk_at_work import DeskAtWork, chosen_password
from yichuang_client.actions import deciding, receiving
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
REVIEWED = 20
"""How many cases wait for the section."""
LEAVES = 120
"""Screens of lines that are leafed through."""


def bench_desk(size: Size) -> list[Row]:
    """``queue_open_ms`` (the longest of several), ``queue_scroll_ms`` (the longest that the window was held while the
    list was leafed through), ``desk_held_ms`` and ``desk_worked_ms`` (the longest that anything held the window, and
    the most that its thread worked meanwhile)."""
    cases = size.of(full=5000, quick=40)
    with folder() as place, ExitStack() as stack:
        office = Office(place, stack)
        office.begin()
        office.district.run("catalog", "import")
        office.open_doors()
        desk = office.desk("counter", "fengqiao")
        desk.desktop.close()
        _take_in(office, place / "desks" / "counter", cases)
        begun = _sign_in(desk)
        opened = [_open_list(desk, cases) for _ in range(size.of(full=7, quick=2))]
        leafed = _leaf(desk, size.of(full=LEAVES, quick=4))
        _look_around(desk)
        if not size.is_quick:
            _hand_out(desk, office)
        _scan(desk, size.of(full=5, quick=1))
        held = _held(desk, begun)
        if not size.is_quick:
            held += _review(office)
    return [
        Row(name="queue_open_ms", value=max(opened), unit="ms", bar=OPEN_BAR_MS),
        Row(name="queue_scroll_ms", value=leafed, unit="ms", bar=HELD_BAR_MS),
        Row(name="desk_held_ms", value=max((by for by, _ in held), default=0.0), unit="ms", bar=HELD_BAR_MS),
        Row(name="desk_worked_ms", value=max((worked for _, worked in held), default=0.0), unit="ms", bar=HELD_BAR_MS),
    ]


def _now() -> float:
    """The clock of the trace."""
    return time.monotonic() * 1000


def _sign_in(desk: WindowDesk) -> float:
    """Somebody signs in and waits until what is made ahead is there. Returns when the workbench was drawn."""
    desk.restart()
    desk.desktop.at("sign_in.account")
    desk.type(LOGIN)
    desk.to("sign_in.password")
    desk.type(chosen_password(LOGIN))
    desk.key("Return")
    desk.desktop.both("signed in", "screen")
    desk.desktop.settle()
    begun = _now()
    desk.desktop.now("all made")
    return begun


def _held(desk: WindowDesk, since: float) -> list[tuple[float, float]]:
    """How long the window was held, by the clock and by its thread's work, each time that it was."""
    lines = desk.desktop.seen("window held")
    return [(float(line["milliseconds"]), float(line["worked"])) for line in lines if line["at"] > since]


def _take_in(office: Office, place: Path, cases: int) -> None:
    """Somebody takes that many cases in at the closed desk, accepts some more, and the district gets them."""
    desk = DeskAtWork(place)
    desk.first_sign_in(office.district, LOGIN)
    desk.settle()
    intake = whole(desk.work, FULL_FOOD)
    taken = [receiving.receive(desk.work, replace(intake, case=receiving.new_case())) for _ in range(cases + REVIEWED)]
    for case in taken[:REVIEWED]:
        deciding.accept(desk.work, case)
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


def _leaf(desk: WindowDesk, screens: int) -> float:
    """Down through the list as a held key does it, to its end and back; the longest that the window was held, in ms."""
    desk.go("ctrl+2", "cases")
    desk.desktop.settle()
    begun = _now()
    desk.desktop.burst(33, *["Next"] * screens)
    desk.key("End", "Home")
    desk.desktop.settle()
    return max((by for by, _ in _held(desk, begun)), default=0.0)


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


def _hand_out(desk: WindowDesk, office: Office) -> None:
    """A case granted at once, scanned on the glass, and its papers on the screen where they are handed out."""
    desk.go("F2", "intake")
    case, _keys = clerk.instant_case(desk, INSTANT, LIU, office.glass, office.sane.pages[0])
    desk.visit("ctrl+4")
    clerk.open_case(desk, case)
    desk.desktop.settle()


def _scan(desk: WindowDesk, batches: int) -> None:
    """An intake is typed; then feeders full of gray pages come in while somebody looks at other things."""
    desk.go("F2", "intake")
    clerk.use_scanner(desk, 2)
    clerk.choose_item(desk, FOOD)
    clerk.describe(desk, FOOD_QUESTIONS, GU)
    for _ in range(batches):
        desk.key("alt+1")
        desk.desktop.mark()
        desk.key("F5")
        desk.wait("scanner ready")
        desk.key("F5")
        desk.wait("page scanned")
        desk.go("ctrl+2", "cases")
        desk.desktop.burst(33, *["Next"] * 20)
        for key, screen in PLACES:
            desk.go(key, screen)
        desk.go("F2", "intake")
        desk.desktop.now("batch ended", timeout=90)
        desk.desktop.settle()


def _review(office: Office) -> list[tuple[float, float]]:
    """Somebody of the section leafs through its list and a case's pages."""
    desk = office.desk("market", "hall", "market")
    desk.sign_in(office.district, "xuwen")
    desk.desktop.now("case shown")
    desk.desktop.settle()
    begun = _now()
    desk.desktop.now("all made")
    desk.key("F3", *["Down"] * 5)
    desk.desktop.settle()
    for key in ("alt+j", "alt+b", "Next", "Prior"):
        desk.key(key)
        desk.desktop.settle()
    return _held(desk, begun)
