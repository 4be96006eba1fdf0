"""Discovery: a real responder on the loopback, a real libusb on an emulated bus, looks that hang."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.escl_scanner import SHEETS, ESCLScanner
from tests.support.responder import LOOPBACK, Responder
from tests.support.sane import TEST_DEVICE, SaneFolder
from tests.support.usb_bus import RECEIPT_PRINTER, on_bus
from yichuang_client.config import DataFolder
from yichuang_client.devices.announcements import Announcements, Service
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.looks import Looked, Looks, Way
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import BatchEnded
from yichuang_client.devices.settings import DeviceSettings
from yichuang_client.devices.surroundings import Lack, Surroundings, UndrivenPrinter
from yichuang_client.devices.usb_devices import USBDevice

NOWHERE = "ipp://localhost:1"
UUID = "cfe92100-67c4-11d4-a45f-389d92b27db4"


@pytest.fixture(scope="module")
def scanner() -> Iterator[ESCLScanner]:
    with ESCLScanner() as running:
        yield running


@pytest.fixture(scope="module")
def responder(scanner: ESCLScanner) -> Iterator[Responder]:
    with Responder() as running:
        running.announce("_uscan._tcp", "Sim [1]", scanner.port, rs="/eSCL/", ty="Simulated eSCL Scanner", UUID=UUID)
        running.announce("_ipp._tcp", "Press [2]", 8631, rp="ipp/print", ty="Press 2")
        running.announce("_pdl-datastream._tcp", "Raw [3]", 9100, ty="Raw 3")
        running.announce("_uscan._tcp", "Odd [4]", 1, rs="eSCL", ty=b"\xff\x00\x1b[31m" + b"x" * 200)
        running.announce("_ipp._tcp", "Worse [5]", 1, rp="a b", ty="Worse")
        yield running


class NoDrivers(ScannerDrivers):
    """A machine without libsane."""

    def list(self) -> tuple[()]:
        raise DeviceError(Trouble.DRIVER_CRASH, "no libsane")


def listening() -> Announcements:
    return Announcements(interfaces=[LOOPBACK])


def hearing(around: Surroundings, address: str) -> None:
    """Listen until a device is heard, however busy the machine is."""
    changed = threading.Event()
    around.announcements.on_change(changed.set)
    around.start()
    while address not in [row.address for row in around.announcements.now()]:
        assert changed.wait(20)
        changed.clear()


def until(check: threading.Event, seconds: float = 5.0) -> bool:
    return check.wait(seconds)


def test_what_is_announced_is_heard_and_cleaned(responder: Responder, scanner: ESCLScanner) -> None:
    heard = listening()
    heard.start()
    heard.wait()
    odd = next(row for row in heard.now() if row.instance == "Odd [4]")
    assert odd.name.isprintable() and len(odd.name) <= 60
    assert "Worse" not in [row.name for row in heard.now()]
    rows = {row.service: row for row in heard.now() if row is not odd}
    heard.close()
    assert rows[Service.SCANNER].address == scanner.url
    assert (rows[Service.SCANNER].key, rows[Service.SCANNER].name) == (f"escl {UUID}", "Simulated eSCL Scanner")
    assert rows[Service.PRINTER].address == f"ipp://{LOOPBACK}:8631/ipp/print"
    assert rows[Service.RAW_PRINTER].address == f"socket://{LOOPBACK}:9100"
    assert heard.now() == ()


def test_a_device_appears_and_vanishes_while_somebody_listens(responder: Responder) -> None:
    heard, changed = listening(), threading.Event()
    heard.start()
    heard.wait()
    heard.on_change(changed.set)
    for kind in ("_uscan._tcp", "_uscans._tcp"):
        responder.announce(kind, "New", 80 if kind == "_uscan._tcp" else 443, rs="eSCL", UUID="New-1")
        assert until(changed)
        changed.clear()
    assert [row.address for row in heard.now() if row.key == "escl new-1"] == [f"https://{LOOPBACK}/eSCL"]
    for kind in ("_uscan._tcp", "_uscans._tcp"):
        responder.withdraw(kind, "New")
        assert until(changed)
        changed.clear()
    assert "escl new-1" not in [row.key for row in heard.now()]
    heard.close()


def test_a_desk_finds_everything_at_once_and_says_how_far_it_is(
    responder: Responder, scanner: ESCLScanner, sane_folder: SaneFolder, tmp_path: Path
) -> None:
    told: list[Looked] = []
    bus = (USBDevice(key="usb://04b8:0202/1", name="Receipts", is_open=False, is_ipp=False),)
    around = Surroundings(listening(), usb=lambda: bus, cable_ports=range(scanner.port, scanner.port + 1))
    with ScanWorker(ScannerDrivers(sane=sane_folder.driver())) as worker:
        worker.devices()
        settings = DeviceSettings(DataFolder(root=tmp_path))
        desk = Equipment(worker, settings=settings, print_service=NOWHERE, surroundings=around)
        desk.looks.on_looked = told.append
        hearing(around, f"socket://{LOOPBACK}:9100")
        hearing(around, scanner.url)
        scanners, printers = desk.everything()
        assert not isinstance(scanners, DeviceError)
        scanners = desk.all_scanners()
        assert {looked.way for looked in told} == set(Way)
        announced = next(row for row in scanners if row.key == f"escl {UUID}")
        assert announced.is_announced and announced.device == scanner.url
        assert TEST_DEVICE in [row.device for row in scanners]
        lacks = {row.name: row.lack for row in printers}
        assert {"Press 2": None, "Raw 3": Lack.DRIVER, "Receipts": Lack.UDEV_RULE}.items() <= lacks.items()
        # nobody vouches for what announces itself: it is not used before a person has chosen it
        assert desk.chosen_scanner().device != scanner.url
        with pytest.raises(DeviceError):
            desk.chosen_printer()
        settings.choose_scanner(announced.key, announced.name)
        again = Equipment(worker, settings=settings, print_service=NOWHERE, surroundings=around)
        assert again.chosen_scanner().device == scanner.url
        assert list(worker.scan_pages(again.scan_settings()))[-1] == BatchEnded(count=SHEETS)
        around.close()


def test_a_scanner_behind_ipp_usb_is_found_at_its_port(scanner: ESCLScanner) -> None:
    around = Surroundings(listening(), usb=tuple, cable_ports=range(scanner.port, scanner.port + 1))
    (found,) = around.on_cable()
    assert (found.name, found.address) == ("Simulated eSCL Scanner", f"http://localhost:{scanner.port}/eSCL")


def test_printers_on_the_bus_are_told_by_the_real_libusb(tmp_path: Path) -> None:
    code = "from yichuang_client.devices.usb_devices import usb_printers; print(usb_printers()[0].key)"
    ran = subprocess.run(
        on_bus(RECEIPT_PRINTER, tmp_path, [sys.executable, "-c", code]), capture_output=True, text=True, check=True
    )
    assert ran.stdout == "usb://04b8:0202/J0001\n"


@pytest.mark.parametrize(
    ("is_open", "is_ipp", "lack", "trouble"),
    [
        (True, False, Lack.DRIVER, Trouble.OFFLINE),
        (False, False, Lack.UDEV_RULE, Trouble.ACCESS),
        (False, True, Lack.UDEV_RULE, Trouble.ACCESS),
    ],
)
def test_a_printer_on_the_bus_says_what_it_lacks(is_open: bool, is_ipp: bool, lack: Lack, trouble: Trouble) -> None:
    device = USBDevice(key="usb://1:2", name="P", is_open=is_open, is_ipp=is_ipp)
    (row,) = Surroundings(listening(), usb=lambda: (device,)).on_bus()
    assert row.lack is lack
    with pytest.raises(DeviceError) as caught:
        UndrivenPrinter(lack=lack).capabilities()
    assert caught.value.trouble is trouble


def test_a_way_that_hangs_delays_nobody_and_is_told_when_it_ends() -> None:
    looks, go_on, late = Looks(), threading.Event(), threading.Event()
    looks.on_late = late.set

    def hang() -> list[int]:
        go_on.wait(10)
        return [1]

    found = looks.collect({Way.DRIVERS: hang, Way.USB: lambda: [1, 2]}, seconds=0.1)
    assert found[Way.USB] == [1, 2]
    assert isinstance(found[Way.DRIVERS], DeviceError) and found[Way.DRIVERS].trouble is Trouble.TIMEOUT
    assert {row.way: row.trouble for row in looks.last}[Way.DRIVERS] is Trouble.TIMEOUT
    go_on.set()
    assert until(late)
    looks.settle(Way.DRIVERS)
    assert {row.way: row.count for row in looks.last} == {Way.DRIVERS: 1, Way.USB: 2}
    assert looks.is_late(Way.DRIVERS)
    assert looks.collect({Way.DRIVERS: lambda: [9, 9]}) == {Way.DRIVERS: [1]}  # what it found is not looked for again
    assert not looks.is_late(Way.DRIVERS)
    assert looks.collect({Way.DRIVERS: lambda: [9, 9]}) == {Way.DRIVERS: [9, 9]}


def test_a_machine_without_libsane_still_finds_what_announces_itself(
    responder: Responder, scanner: ESCLScanner
) -> None:
    with ScanWorker(NoDrivers()) as worker:
        around = Surroundings(listening(), usb=tuple)
        hearing(around, scanner.url)
        desk = Equipment(worker, print_service=NOWHERE, surroundings=around)
        assert scanner.url in [row.device for row in desk.scanners()]
        around.close()


def test_an_administrator_may_forbid_to_look_around(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("discovery = false\n", encoding="utf-8")
    settings = DeviceSettings(DataFolder(root=tmp_path))
    assert (settings.may_listen, settings.is_readable) == (False, True)
