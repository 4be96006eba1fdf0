"""The system's own libsane with pages of our own, as fixtures for the tests of presenters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy
import pytest
from numpy.typing import NDArray

from tests.support.sane import TEST_DEVICE, SaneFolder, write_config, write_desk_config
from yichuang_client.config import DataFolder
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.settings import DeviceSettings, ScanChoice

JAMMED, FEEDER, BLANK, FIRST, SECOND = "jammed", "feeder", "page003", "page001", "page002"
"""Names of the scanners of `scan_equipment`."""
NOWHERE = "ipp://localhost:1"
"""Where no print service answers."""


def written_page(words: str) -> NDArray[numpy.uint8]:
    """An A4 page at 75 dots per inch with some lines of writing."""
    page = numpy.full((877, 620), 255, dtype=numpy.uint8)
    for row in range(8):
        cv2.putText(page, f"{words} {row}", (60, 90 + 90 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3)
    return page


@pytest.fixture(scope="session")
def glass(tmp_path_factory: pytest.TempPathFactory) -> SaneFolder:
    """A scanner's glass with three pages: two written ones and a blank one, and a feeder beside it."""
    folder = tmp_path_factory.mktemp("glass")
    pages = (written_page("first"), written_page("second"), numpy.full((877, 620), 255, dtype=numpy.uint8))
    images: list[Path] = []
    for number, page in enumerate(pages):
        images.append(folder / f"{number}.png")
        cv2.imwrite(str(images[-1]), page)
    return write_config(folder / "sane.d", images)


@pytest.fixture(scope="session")
def scan_worker(glass: SaneFolder) -> Iterator[ScanWorker]:
    """One warm driver process on the real libsane; patient, as a machine at its limit is no trouble of a scanner."""
    with ScanWorker(glass.driver(), stall_seconds=20.0, cancel_seconds=10.0) as running:
        yield running


def faulty(name: str, status: str) -> str:
    """A scanner of config.toml that meets this status of SANE at its first page."""
    options = f'{{ read-return-value = "SANE_STATUS_{status}" }}'
    return f'[[scanner]]\nname = "{name}"\ndevice = "{TEST_DEVICE}"\noptions = {options}\n'


def scan_equipment(worker: ScanWorker, glass: SaneFolder, data: Path, *printers: str, more: str = "") -> Equipment:
    """A desk's devices: page001, page002, page003 (blank), feeder (ten equal sheets), jammed."""
    feeder = f'[[scanner]]\nname = "{FEEDER}"\ndevice = "{TEST_DEVICE}"\npages_per_minute = 60\n'
    write_desk_config(data, glass, more=feeder + faulty(JAMMED, "JAMMED") + more)
    settings = DeviceSettings(DataFolder(root=data), printers)
    equipment = Equipment(worker, settings=settings, print_service=NOWHERE)
    for row in settings.scanners:
        settings.keep_scan_choice(f"{row.device} {row.name}", ScanChoice(resolution=75))
    use(equipment, FIRST)
    return equipment


def use(equipment: Equipment, name: str) -> None:
    """Choose a scanner by its name."""
    device = next(row.device for row in equipment.settings.scanners if row.name == name)
    equipment.settings.choose_scanner(f"{device} {name}", name)
