"""A scanner behind `saned`: what the desk sees when its server dies or hangs in the middle of a page.

The `net` backend waits for ever for a server that fell silent, and brings its process down when it is cancelled
after the server died: both are reasons for a process of its own and for its watchdog.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.sane import FEEDER_SHEETS, feeder_settings
from tests.support.saned import SanedProcess
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import BatchEnded, PageScanned, PageStarted, ScanEvent, ScanSettings, TroubleMet

STEADY = {"read-limit": True, "read-limit-size": 10_000, "read-delay": True, "read-delay-duration": 20_000}
"""A fifth of a second for a page."""
SLOW = {**STEADY, "read-limit-size": 1, "read-delay-duration": 200_000}


@pytest.fixture(scope="module")
def saned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SanedProcess]:
    with SanedProcess(tmp_path_factory.mktemp("saned")) as running:
        yield running


@pytest.fixture(scope="module")
def worker(saned: SanedProcess) -> Iterator[ScanWorker]:
    with ScanWorker(saned.client.driver(), stall_seconds=1.0, cancel_seconds=0.5) as running:
        yield running


def settings(saned: SanedProcess, options: dict[str, int | bool] | None = None) -> ScanSettings:
    return replace(feeder_settings(options=options or {}), device=saned.device)


def troubled(events: Iterator[ScanEvent]) -> tuple[Trouble, int]:
    last = list(events)[-1]
    assert isinstance(last, TroubleMet)
    return last.trouble, last.count


def test_the_scanner_of_a_server_is_listed_and_feeds(worker: ScanWorker, saned: SanedProcess) -> None:
    assert saned.device in {device.name for device in worker.devices()}
    assert list(worker.scan_pages(settings(saned)))[-1] == BatchEnded(count=FEEDER_SHEETS)


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_that_dies_or_hangs_in_a_page_costs_that_page(
    worker: ScanWorker, saned: SanedProcess, fate: signal.Signals
) -> None:
    events = worker.scan_pages(settings(saned, SLOW))
    assert next(events) == PageStarted(number=1)
    assert saned.signal_children(fate)
    trouble, count = troubled(events)
    # after a kill the backend may also crash, or tell the broken line, before the watchdog looks
    is_killed = fate is signal.SIGKILL
    assert trouble in (
        (Trouble.TIMEOUT, Trouble.DRIVER_CRASH, Trouble.COMMUNICATION) if is_killed else (Trouble.TIMEOUT,)
    )
    assert count == 0
    assert list(worker.scan_pages(settings(saned)))[-1] == BatchEnded(count=FEEDER_SHEETS)


def test_pages_before_the_server_died_are_kept(worker: ScanWorker, saned: SanedProcess) -> None:
    events = worker.scan_pages(settings(saned, STEADY))
    kept = [next(page for page in events if isinstance(page, PageScanned))]
    assert saned.signal_children(signal.SIGKILL)
    rest = list(events)
    kept += [page for page in rest if isinstance(page, PageScanned)]
    last = rest[-1]
    assert isinstance(last, TroubleMet)
    assert last.count == len(kept) < FEEDER_SHEETS
    assert len({page.pixels.tobytes() for page in kept}) == 1


def test_a_server_that_is_gone_is_offline(tmp_path: Path) -> None:
    server = SanedProcess(tmp_path)
    with ScanWorker(server.client.driver(), stall_seconds=10.0) as worker:
        assert worker.devices() == ()
        assert troubled(worker.scan_pages(settings(server))) == (Trouble.OFFLINE, 0)
