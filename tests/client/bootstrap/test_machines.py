"""The desk's machines do not wait for each other: a real printer without paper beside the real libsane."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.support.counter import Shown, a_desk
from tests.support.desk import open_store
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import SaneFolder, write_desk_config
from tests.support.scan_clerk import say
from tests.support.scanners import glass
from yichuang_client.actions import receiving
from yichuang_client.bootstrap.workplace import Machines
from yichuang_client.config import Config, DataFolder
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import JobState, PrintTicket
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.devices import DevicesPresenter
from yichuang_client.presenters.models.scan import ScanAct
from yichuang_client.presenters.models.sync import DevicesModel
from yichuang_client.presenters.scan import ScanPresenter
from yichuang_client.presenters.tray import Tray
from yichuang_client.ui.loop import TkLoop
from yichuang_domain.party import Page

__all__ = ["glass"]
PAPER = b"%PDF-1.7\n%%EOF\n"
PATIENCE = 20.0


class Loop:
    """The Tk thread's place: this test's own thread does what is posted."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[[], None]) -> None:
        """As ``TkLoop.post``."""
        self._calls.put(call)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Do what comes until something is so; raises queue.Empty when nothing comes any more."""
        while not is_so():
            self._calls.get(timeout=PATIENCE)()


class Counter:
    """A desk with threads of its own, whose printer has run out of paper in the middle of a job."""

    def __init__(self, desk: Desk, loop: Loop, printed: list[JobState]) -> None:
        self.desk, self.loop, self.printed = desk, loop, printed

    def print_without_paper(self) -> None:
        """Send a paper; return when the printer says that it waits for paper."""
        told: list[Trouble] = []

        def work() -> JobState:
            printer = self.desk.equipment.printer()
            job = printer.submit(PAPER, PrintTicket(name="waits"))
            state = JobState.PENDING
            for status in printer.watch(job):
                state = status.state
                for trouble in status.troubles:
                    self.loop.post(lambda trouble=trouble: told.append(trouble))  # type: ignore[misc]
            return state

        self.desk.printing.run(work, self.printed.append, lambda error: pytest.fail(str(error)))
        self.loop.until(lambda: Trouble.FEEDER_EMPTY in told)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path / "printer") as running:
        running.load(0)
        yield running


@pytest.fixture
def counter(
    tmp_path: Path, glass: SaneFolder, printer: IPPPrinterProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Counter]:
    monkeypatch.setenv("SANE_CONFIG_DIR", str(glass.folder))
    write_desk_config(tmp_path / "data", glass)
    store = open_store(tmp_path / "store")
    loop = Loop()
    config = Config(data=DataFolder(root=tmp_path / "data"), language="zh", is_traced=False, printers=(printer.uri,))
    machines = Machines(config, cast(TkLoop, loop))
    desk = replace(
        a_desk(store, equipment=machines.equipment),
        scanning=machines.scanning,
        printing=machines.printing,
        asking=machines.asking,
    )
    made = Counter(desk, loop, [])
    made.print_without_paper()
    yield made
    printer.load(250)
    loop.until(lambda: bool(made.printed))
    assert made.printed == [JobState.COMPLETED]
    machines.close()
    store.close()


def test_a_scan_goes_through_while_the_printer_waits_for_paper(counter: Counter) -> None:
    pages: list[tuple[Page, ...]] = []
    scan = ScanPresenter(Shown(), counter.desk)
    case = receiving.new_case()
    scan.open(Tray(case=case, materials=(("form", "申请书"),), target="form", pages=(), changed=pages.append))
    scan.act(ScanAct.START)
    counter.loop.until(lambda: bool(pages) and not scan.is_feeding)
    assert [page.ordinal for page in pages[-1]] == [1]
    assert counter.printed == []


def test_the_devices_page_answers_while_the_printer_waits_for_paper(counter: Counter) -> None:
    view = Shown()
    page = DevicesPresenter(view, counter.desk)

    def shown() -> DevicesModel:
        model: DevicesModel = view.last
        return model

    page.open()
    counter.loop.until(lambda: shown().progress is None)
    printers = [card for card in shown().devices if say(card.kind) == "打印机"]
    assert [say(card.state.text) for card in printers] == ["没有纸"]
    assert "正在问" not in {say(card.state.text) for card in shown().devices}
    assert counter.printed == []
