"""Hot plug: devices appear on the devices page and vanish from it while it is open, each with what it lacks."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.counter import Shown, a_desk
from tests.support.desk import open_store
from tests.support.escl_scanner import ESCLScanner
from tests.support.responder import LOOPBACK, Responder
from tests.support.sane import SaneFolder
from tests.support.scanners import NOWHERE, glass
from tests.support.usb_bus import plug_in, unplug
from yichuang_client.config import DataFolder
from yichuang_client.devices.announcements import Announcements
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.hot_plug import BusWatch
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.devices.surroundings import Surroundings
from yichuang_client.devices.usb_files import USBFiles
from yichuang_client.presenters.devices import DevicesPresenter
from yichuang_client.presenters.models.sync import DeviceCard
from yichuang_client.store.store import Store
from yichuang_client.ui.i18n.catalogue import Catalogue

__all__ = ["glass"]
WORDS = Catalogue("zh")
SECONDS = 20.0


class TkThread:
    """The Tk thread's queue; the test is that thread."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def post(self, call: Callable[[], None]) -> None:
        """As ``Later.post``."""
        self._calls.put(call)

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """As ``Later.after``: nobody here wants it."""
        raise NotImplementedError

    def until(self, check: Callable[[], bool]) -> bool:
        """Work until something is true, or it takes too long."""
        end = time.monotonic() + SECONDS
        while not check() and time.monotonic() < end:
            self._calls.get(timeout=SECONDS)()
        return check()


@pytest.fixture
def files(tmp_path: Path) -> USBFiles:
    made = USBFiles(usb=tmp_path / "usb", udev_data=tmp_path / "udev", nodes=tmp_path / "nodes")
    for folder in (made.usb, made.udev_data, made.nodes):
        folder.mkdir()
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


def test_devices_appear_and_vanish_while_the_page_is_open(
    store: Store, glass: SaneFolder, files: USBFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Surroundings(Announcements(interfaces=[LOOPBACK]), usb=tuple, cable_ports=range(0), files=files)
    drivers = ScannerDrivers(sane=glass.driver())
    with ScanWorker(drivers) as worker, ESCLScanner() as scanner, Responder() as responder:
        settings = DeviceSettings(DataFolder(root=tmp_path))
        desk = Equipment(worker, settings=settings, print_service=NOWHERE, surroundings=around)
        thread, view = TkThread(), Shown()
        DevicesPresenter(view, replace(a_desk(store, equipment=desk), later=thread)).open()

        def card(name: str) -> DeviceCard | None:
            return next((row for row in view.last.devices if WORDS.say(row.name) == name), None)

        assert card("New") is None and card("Device 4") is None
        responder.announce("_uscan._tcp", "New", scanner.port, rs="eSCL", ty="New")
        assert thread.until(lambda: card("New") is not None)
        new = card("New")
        assert new is not None and WORDS.say(new.state.text) == "就绪"
        facts = {WORDS.say(fact.label): WORDS.say(fact.value) for fact in new.facts}
        assert facts == {"驱动": "eSCL（免驱动）", "设备号": scanner.url, "线路": "未加密"}
        responder.withdraw("_uscan._tcp", "New")
        assert thread.until(lambda: card("New") is None)

        forbidden = plug_in(files, 4, kind="ff", is_matched=True)
        monkeypatch.setattr("os.access", lambda node, mode: node != forbidden)
        assert thread.until(lambda: card("Device 4") is not None)
        lacking = card("Device 4")
        assert lacking is not None and WORDS.say(lacking.state.text) == "还不能用"
        assert WORDS.say(lacking.advice) == WORDS.key("devices.lack_UDEV_RULE")
        unplug(files, 4)
        assert thread.until(lambda: card("Device 4") is None)
        around.close()


def test_a_permission_that_comes_late_is_a_change_too(
    files: USBFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: queue.Queue[bool] = queue.Queue()
    watch = BusWatch(lambda: told.put(True), files=files, cameras=tmp_path, seconds=0.05)
    watch.start()
    node = plug_in(files, 3)
    assert told.get(timeout=SECONDS)
    monkeypatch.setattr("os.access", lambda path, mode: path != node)
    assert told.get(timeout=SECONDS)
    (tmp_path / "video0").touch()
    assert told.get(timeout=SECONDS)
    watch.close()
    assert told.empty()
