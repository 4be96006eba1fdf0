"""A desk whose scanner is the real libsane's feeder, for the benchmarks of scanning."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.support.counter import a_desk, page_pipeline
from tests.support.desk import open_store
from tests.support.sane import FEEDER_SHEETS, PNM_DEVICE, TEST_DEVICE, write_config
from tests.support.scanners import NOWHERE
from yichuang_client.actions import receiving
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanning import ColourMode, PageScanned, ScanEvent, ScanSettings, Source
from yichuang_client.devices.settings import DeviceSettings, ScanChoice
from yichuang_client.presenters.scan_feed import Feed, Kept

DPI = 300
VIEW = (760, 0)
"""Pixels of the page view of a window of 1366 × 768."""
_LOOK_SECONDS = 0.1
_BITS, _MARK = 16, 40


class Stamping(ScanWorker):
    """The scanner's process, each of whose pages gets a mark of its own: the backend's sheets are all the same."""

    _stamped = 0

    def scan_pages(self, settings: ScanSettings, *, lend: bool = False) -> Iterator[ScanEvent]:
        """As ``ScanWorker.scan_pages``."""
        for event in super().scan_pages(settings, lend=lend):
            if isinstance(event, PageScanned):
                self._stamped += 1
                for bit in range(_BITS):
                    event.pixels[:_MARK, bit * _MARK : (bit + 1) * _MARK] = 255 * (self._stamped >> bit & 1)
            yield event


class ScanDesk:
    """A desk's store, scanner and page processes; every batch goes the way of F5, to the disk."""

    def __init__(self, place: Path, images: tuple[Path, ...] = ()) -> None:
        sane = write_config(place / "sane", images)
        data = place / "data"
        data.mkdir()
        rows = [f'[[scanner]]\nname = "feeder"\ndevice = "{TEST_DEVICE}"\n']
        rows += [
            f'[[scanner]]\nname = "{page.stem}"\ndevice = "{PNM_DEVICE}"\noptions = {{ filename = "{page}" }}\n'
            for page in sane.pages
        ]
        (data / "config.toml").write_text("\n".join(rows), encoding="utf-8")
        self.images = tuple(f"{PNM_DEVICE} {page.stem}" for page in sane.pages)
        self.sane = sane
        self.store = open_store(place / "desk")
        self.worker = Stamping(sane.driver())
        self.settings = DeviceSettings(DataFolder(root=data))
        self.equipment = Equipment(self.worker, settings=self.settings, print_service=NOWHERE)
        self.desk = a_desk(self.store, equipment=self.equipment)

    def use(self, key: str, mode: ColourMode | None = None) -> None:
        """Choose a scanner; one with a feeder takes A4 in this mode."""
        source = Source.FEEDER if mode is not None else None
        self.settings.keep_scan_choice(key, ScanChoice(source=source, mode=mode, resolution=DPI))
        self.settings.choose_scanner(key, key)

    def use_feeder(self, mode: ColourMode) -> None:
        """Choose the feeder."""
        self.use(f"{TEST_DEVICE} feeder", mode)

    def feed(self) -> list[Kept]:
        """One batch. Raises what ended it too early."""
        kept: list[Kept] = []
        feed = Feed(self.desk, receiving.new_case(), kept.append)
        feed.view_size = VIEW
        ended = feed.scan(None)
        if ended.error is not None:
            raise ended.error
        return kept

    def images_a_minute(self, batches: int) -> float:
        """Of so many feeders full, after one that warms what it uses."""
        self.feed()
        start = time.perf_counter()
        count = sum(len(self.feed()) for _ in range(batches))
        return 60 * count / (time.perf_counter() - start)

    def close(self) -> None:
        """End its processes but the page processes, which all desks of this process share."""
        self.equipment.close()
        self.store.close()


def _memory_mb(process: int) -> float:
    """PSS of a process and of all that it started, without shared memory, in MB (10^6 bytes)."""
    total = 0.0
    for member in (process, *(child.pid for child in psutil.Process(process).children(recursive=True))):
        rows: dict[str, int] = {}
        for line in Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, _, rest = line.partition(":")
            rows[name] = int(rest.split()[0])
        total += (rows["Pss"] - rows["Pss_Shmem"]) * 1024 / 1e6
    return total


def peak_memory_mb(place: Path, sheets: int) -> float:
    """Feed so many colour pages; the most memory that this process and all that it started held meanwhile.

    Without the memory in which pixels travel between them.
    """
    peak, is_over = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not is_over.wait(_LOOK_SECONDS):
            peak = max(peak, _memory_mb(os.getpid()))

    desk = ScanDesk(place)
    desk.use_feeder(ColourMode.COLOUR)
    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(-(-sheets // FEEDER_SHEETS)):
            desk.feed()
    finally:
        is_over.set()
        looking.join()
        page_pipeline().close()
        desk.close()
    return peak
