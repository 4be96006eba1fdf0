"""Scanning: A4 at 300 dpi through the real libsane to the disk, everything included.

Every page is judged (blank, skew, codes, quality), turned upright, compressed, hashed, encrypted, durable and told to
the screen's side with its picture, as F5 does it. The scanner is SANE's ``test`` backend with the picture
``Color pattern``, ten sheets a batch, or its ``pnm`` backend with the project's sample pages (colour and gray, one
askew, one blank) on its glass, one page a batch; the reference, ``scanimage --batch --format=jpeg``, compresses and
does nothing else.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.row import Row, Size
from tests.bench.scan_desk import DPI, ScanDesk
from tests.bench.workplace import folder
from tests.support.desktop import Display
from tests.support.listener import Listener
from tests.support.samples_frame import shell
from tests.support.sane import FEEDER_SHEETS, TEST_DEVICE
from yichuang_client.actions import receiving
from yichuang_client.devices.scanning import ColourMode
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.scan import ScanPresenter
from yichuang_client.presenters.tray import Tray
from yichuang_client.ui.loop import Worker
from yichuang_client.ui.workbench import Late, Workbench

GRAY_BAR, COLOUR_BAR = 1200.0, 600.0
SCANIMAGE_BAR = 0.8
MEMORY_BAR_MB = 400.0
STALL_BAR_MS = 50.0
BEAT_MS = 2
LONGEST_S = 300.0
_AREA_S = 0.5
"""After which the view has told how large it is."""
PAGES = Path(__file__).resolve().parents[2] / "data" / "pages"


def bench_scan_speed(size: Size) -> list[Row]:
    """``scan_gray_ipm``, ``scan_colour_ipm``, ``scan_real_ipm``, ``scan_gray_vs_scanimage``."""
    batches = size.of(full=6, quick=1)
    with folder() as place:
        desk = ScanDesk(place, tuple(sorted(PAGES.glob("*.jpg"))))
        try:
            desk.use_feeder(ColourMode.GRAY)
            gray = desk.images_a_minute(batches)
            reference = _scanimage_ipm(desk.sane.folder, place / "reference", batches)
            desk.use_feeder(ColourMode.COLOUR)
            colour = desk.images_a_minute(batches)
            real = _real_ipm(desk, size.of(full=5, quick=1))
        finally:
            desk.close()
    return [
        Row(
            name="scan_gray_ipm",
            value=gray,
            unit="images/min",
            reference="scanimage --batch --format=jpeg",
            reference_value=reference,
            least=GRAY_BAR,
        ),
        Row(name="scan_colour_ipm", value=colour, unit="images/min", least=COLOUR_BAR),
        Row(name="scan_real_ipm", value=real, unit="images/min"),
        Row(name="scan_gray_vs_scanimage", value=gray / reference, unit="times", least=SCANIMAGE_BAR),
    ]


def bench_scan_memory(size: Size) -> list[Row]:
    """``scan_pages_mb``: the most that all processes hold while 200 colour pages are fed."""
    sheets = size.of(full=200, quick=10)
    with folder() as place:
        command = [sys.executable, "-m", "tests.bench.scan_batch", str(place), str(sheets)]
        peak = float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return [Row(name="scan_pages_mb", value=peak, unit="MB", bar=MEMORY_BAR_MB)]


def bench_scan_window(size: Size) -> list[Row]:
    """``scan_ui_stall_ms``: the longest that the window's thread was away while pages streamed in.

    The real scan screen, gray pages at full speed, followed by the view; the window beats every 2 ms.
    """
    batches = size.of(full=10, quick=1)
    display = Display()
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = display.name
    try:
        with folder() as place:
            desk = ScanDesk(place)
            desk.use_feeder(ColourMode.GRAY)
            try:
                stall = _longest_stall_ms(desk, batches)
            finally:
                desk.close()
    finally:
        os.environ.pop("DISPLAY")
        if before is not None:
            os.environ["DISPLAY"] = before
        display.close()
    return [Row(name="scan_ui_stall_ms", value=stall, unit="ms", bar=STALL_BAR_MS)]


def _scanimage_ipm(sane: Path, out: Path, batches: int) -> float:
    out.mkdir()
    page = [f"--resolution={DPI}", "-x", "210", "-y", "297", "--mode=Gray", "--test-picture=Color pattern"]
    command = ["scanimage", "-d", TEST_DEVICE, "--source=Automatic Document Feeder", *page]
    command += ["--format=jpeg", f"--batch={out}/%d.jpg", f"--batch-count={FEEDER_SHEETS}"]
    start = time.perf_counter()
    for _ in range(batches):
        subprocess.run(command, env={**os.environ, "SANE_CONFIG_DIR": str(sane)}, check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    if len(list(out.iterdir())) != FEEDER_SHEETS:
        raise AssertionError("scanimage gave other pages")
    shutil.rmtree(out)
    return 60 * FEEDER_SHEETS * batches / seconds


def _real_ipm(desk: ScanDesk, rounds: int) -> float:
    count, start = 0, time.perf_counter()
    for key in desk.images * rounds:
        desk.use(key)
        count += len(desk.feed())
    return 60 * count / (time.perf_counter() - start)


def _longest_stall_ms(scan_desk: ScanDesk, batches: int) -> float:
    """Feed so many batches in a window and return the longest pause between two beats, less the beat's own wait."""
    bench = Workbench()
    errors: queue.SimpleQueue[object] = queue.SimpleQueue()
    bench.window.report_callback_exception = lambda *error: errors.put(error)  # type: ignore[method-assign]
    scanning, background = Worker("scanning", bench.loop), Worker("desk", bench.loop)
    desk = replace(scan_desk.desk, scanning=scanning, background=background, later=bench.loop)
    show_frame, events = bench.frame(Listener()), Late()
    events.presenter = presenter = ScanPresenter(bench.screen(ScreenName.SCAN, events), desk)
    tray = Tray(case=receiving.new_case(), materials=(("form", "申请书"),), target="form", pages=(), changed=_ignore)
    presenter.open(tray)
    show_frame(shell(ScreenName.SCAN))
    bench.raise_screen(ScreenName.SCAN)
    area = time.monotonic() + _AREA_S
    _settle(bench, lambda: bench.is_seen(ScreenName.SCAN) and time.monotonic() > area)
    stalls: list[float] = []
    for _ in range(1 + batches):  # the first one warms what it uses
        presenter.act(ScanAct.START)
        stalls.append(_beat_while(bench, lambda: presenter.is_feeding))
    if not errors.empty():
        raise AssertionError(f"the window met {errors.get()}")
    scanning.close()
    background.close()
    bench.close()
    return max(stalls[1:])


def _ignore(_pages: Any) -> None:
    """The tray's owner is not part of the measure."""


def _settle(bench: Workbench, is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_S
    while not is_so():
        bench.window.update()
        if time.monotonic() > end:
            raise TimeoutError("the window did not settle")


def _beat_while(bench: Workbench, is_so: Callable[[], bool]) -> float:
    """Serve the window while something is so; the longest pause between two beats in ms."""
    longest, last, end = 0.0, time.perf_counter(), time.monotonic() + LONGEST_S

    def beat() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, (now - last) * 1000 - BEAT_MS), now
        if is_so() and time.monotonic() < end:
            bench.window.after(BEAT_MS, beat)
        else:
            bench.window.quit()

    bench.window.after(BEAT_MS, beat)
    bench.window.mainloop()
    return longest
