"""Finding devices: every way at once, with a scanner of the real libsane, an announced one, the USB bus and no CUPS."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.bench.row import Row, Size
from tests.support.escl_scanner import ESCLScanner
from tests.support.responder import LOOPBACK, Responder
from tests.support.sane import write_config
from yichuang_client.devices.announcements import Announcements
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.surroundings import Surroundings

BAR_SECONDS = 3.0


def bench_discovery(size: Size) -> list[Row]:
    """``discovery_s``: the slowest of some first looks, process start of the drivers included."""
    with tempfile.TemporaryDirectory() as folder, ESCLScanner() as scanner, Responder() as responder:
        responder.announce("_uscan._tcp", "Bench", scanner.port, rs="eSCL", ty="Bench")
        sane = write_config(Path(folder) / "sane.d").driver()
        seconds = [_first_look(ScannerDrivers(sane=sane), scanner.url) for _ in range(size.of(full=3, quick=1))]
    return [Row(name="discovery_s", value=max(seconds), unit="s", bar=BAR_SECONDS)]


def _first_look(drivers: ScannerDrivers, url: str) -> float:
    desk = Equipment(ScanWorker(drivers), surroundings=Surroundings(Announcements(interfaces=[LOOPBACK])))
    try:
        since = time.monotonic()
        scanners, _ = desk.everything()
        seconds = time.monotonic() - since
        devices = [row.device for row in scanners] if isinstance(scanners, tuple) else []
        if url not in devices or not any(device.startswith("test:") for device in devices):
            raise AssertionError(f"not found: {devices}")
        return seconds
    finally:
        desk.close()
