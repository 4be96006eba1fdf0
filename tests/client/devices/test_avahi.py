"""Discovery beside programs of others: Avahi as the responder, sane-airscan as another listener."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.avahi import Avahi
from tests.support.escl_scanner import ESCLScanner
from tests.support.responder import LOOPBACK
from yichuang_client.devices.announcements import Announcements
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.surroundings import Surroundings

NOWHERE = "ipp://localhost:1"


@pytest.fixture(scope="module")
def scanner() -> Iterator[ESCLScanner]:
    with ESCLScanner() as running:
        yield running


@pytest.mark.long
def test_what_avahi_announces_is_heard(scanner: ESCLScanner) -> None:
    """The counterpart: a responder that is not the library's own, on the loopback, as ipp-usb uses it."""
    with Avahi() as avahi:
        avahi.announce("_uscan._tcp", "Theirs", scanner.port, rs="eSCL", ty="Their scanner", UUID="A-1")
        avahi.announce("_ipps._tcp", "Press", 8632, rp="ipp/print", ty="Their printer", UUID="B-2")
        avahi.announce("_ipp._tcp", "Press", 8631, rp="ipp/print", ty="Their printer", UUID="B-2")
        heard = Announcements()
        heard.start()
        heard.wait()
        rows = {row.key: row for row in heard.now()}
        heard.close()
    assert (rows["escl a-1"].name, rows["escl a-1"].address) == ("Their scanner", scanner.url)
    assert rows["printer b-2"].address == f"ipp://{LOOPBACK}:8631/ipp/print"


@pytest.mark.long
def test_a_scanner_that_sane_airscan_finds_too_stands_once(
    scanner: ESCLScanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dll.conf").write_text("airscan\n", encoding="ascii")
    (tmp_path / "airscan.conf").write_text("[options]\ndiscovery = enable\nws-discovery = off\n", encoding="ascii")
    with Avahi() as avahi:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", avahi.bus)
        avahi.announce("_uscan._tcp", "Theirs [9]", scanner.port, rs="eSCL", ty="Their scanner", UUID="A-1")
        with ScanWorker(ScannerDrivers(sane=SaneDriver(config_dir=str(tmp_path)))) as worker:
            assert "airscan:e0:Theirs [9]" in [device.name for device in worker.devices()]
            around = Surroundings(Announcements(interfaces=[LOOPBACK]), usb=tuple, cable_ports=range(0))
            desk = Equipment(worker, print_service=NOWHERE, surroundings=around)
            assert [row.device for row in desk.all_scanners()] == [scanner.url]
            around.close()
