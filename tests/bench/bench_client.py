"""The desk's program: from the start of the process until the sign-in is drawn, and what it holds.

The client is a process on a display of its own, enrolled at a running district; its trace line says when the screen was
drawn. The reference of a start is a bare Tk window of the same Python. All of its processes are weighed right after a
receipt was printed, while the typesetter is still warm, and once more, without a bar, after a page was scanned too:
with the scanner's driver and the processes that prepare pages, the most that a clerk's machine has to hold.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench.memory import family_pss_mb, pss_mb
from tests.bench.row import Row, Size
from tests.bench.workplace import BUILD, folder
from tests.end_to_end import clerk, windows
from tests.end_to_end.office import Office
from tests.end_to_end.people import GU
from tests.end_to_end.story import FOOD, FOOD_QUESTIONS
from tests.support.desk_at_work import DeskAtWork, chosen_password
from tests.support.desktop import Desktop, Display
from tests.support.district import RunningDistrict

START_BAR_S = 1.5
BUNDLE_START_BAR_S = 1.2
IDLE_BAR_MB = 180.0
ALL_BAR_MB = 450.0
BUNDLE = BUILD / "dist" / "yichuang" / "yichuang"
LOGIN = "wuminmin"
BARE_TK = "import tkinter; window = tkinter.Tk(); window.update(); window.destroy()"


def bench_client(size: Size) -> list[Row]:
    """``client_start_s`` and ``bundle_start_s`` (medians), ``client_idle_mb`` after the sign-in,
    ``client_all_mb`` after a receipt, and ``client_scanned_mb`` after a scan behind it.

    Raises FileNotFoundError when the bundle was not made.
    """
    if not BUNDLE.is_file():
        raise FileNotFoundError(f"{BUNDLE}: make package")
    runs = size.of(full=5, quick=1)
    with folder() as place:
        district = RunningDistrict(place / "district", second_factor=False)
        district.start()
        display = Display()
        try:
            desk = _enrolled(place / "desk", district)
            source = _median(runs, lambda: _start_s(desk, display.name))
            bundle = _median(runs, lambda: _start_s(desk, display.name, BUNDLE))
            bare = _median(runs, lambda: _bare_s(display.name))
            idle = _idle_mb(desk, display.name)
        finally:
            display.close()
            district.stop()
        printed, scanned = _all_mb(place / "office")
    reference = {"unit": "s", "reference": "a bare Tk window", "reference_value": bare}
    return [
        Row(name="client_start_s", value=source, bar=START_BAR_S, **reference),
        Row(name="bundle_start_s", value=bundle, bar=BUNDLE_START_BAR_S, **reference),
        Row(name="client_idle_mb", value=idle, unit="MB", bar=IDLE_BAR_MB),
        Row(name="client_all_mb", value=printed, unit="MB", bar=ALL_BAR_MB),
        Row(name="client_scanned_mb", value=scanned, unit="MB"),
    ]


def _enrolled(place: Path, district: RunningDistrict) -> Path:
    """A desk at which a clerk has signed in before and the catalogue has arrived."""
    desk = DeskAtWork(place)
    desk.enrol(district, "fengqiao")
    desk.first_sign_in(district, LOGIN)
    desk.settle()
    desk.close()
    return place


def _median(runs: int, measure: Callable[[], float]) -> float:
    """Of some runs after a first one, which brings the files into memory."""
    measure()
    return statistics.median(measure() for _ in range(runs))


def _start_s(desk: Path, display: str, bundle: Path | None = None) -> float:
    with Desktop(windows.client_command(desk, bundle), display=display) as desktop:
        drawn = desktop.wait("screen", name="sign_in")
        return float(drawn["at"]) / 1000 - desktop.started


def _bare_s(display: str) -> float:
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", BARE_TK], env={"DISPLAY": display}, check=True)
    return time.monotonic() - start


def _idle_mb(desk: Path, display: str) -> float:
    with Desktop(windows.client_command(desk), display=display) as desktop:
        windows.sign_in(desktop, LOGIN, chosen_password(LOGIN))
        return pss_mb(desktop.process.pid)


def _all_mb(place: Path) -> tuple[float, float]:
    """After a receipt, and after a scan; at a counter of a district with the whole catalogue."""
    with ExitStack() as stack:
        office = Office(place, stack)
        office.begin()
        office.district.run("catalog", "import")
        office.open_doors()
        desk = office.desk("counter", "fengqiao")
        desk.sign_in(office.district, LOGIN)
        desk.desktop.now("catalogue arrived", timeout=60)
        clerk.choose_item(desk, FOOD)
        clerk.brief(desk)
        clerk.describe(desk, FOOD_QUESTIONS, GU)
        clerk.see_originals(desk, 4, 5)
        clerk.receive(desk)
        printed = family_pss_mb(desk.desktop.process.pid)
        clerk.choose_item(desk, FOOD)
        clerk.describe(desk, FOOD_QUESTIONS, GU)
        clerk.scan(desk, 1, office.glass, office.sane.pages[:1])
        return printed, family_pss_mb(desk.desktop.process.pid)
