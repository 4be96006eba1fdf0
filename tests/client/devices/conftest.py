"""Real counterparts shared by the device tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy
import pytest

from tests.support.sane import SaneFolder, write_config
from yichuang_client.devices.scan_worker import ScanWorker


@pytest.fixture(scope="session")
def sane_folder(tmp_path_factory: pytest.TempPathFactory) -> SaneFolder:
    """Both backends; two pages on the pnm scanner's glass: a gray gradient and a colour one."""
    folder = tmp_path_factory.mktemp("sane")
    ramp = numpy.arange(90 * 130, dtype=numpy.uint32).reshape(130, 90)
    gray = (ramp * 7 % 256).astype(numpy.uint8)
    images: list[Path] = []
    for name, pixels in (("gray", gray), ("colour", numpy.dstack([gray, gray.T.reshape(130, 90), 255 - gray]))):
        images.append(folder / f"{name}.png")
        cv2.imwrite(str(images[-1]), pixels)
    return write_config(folder / "sane.d", images)


@pytest.fixture(scope="session")
def worker(sane_folder: SaneFolder) -> Iterator[ScanWorker]:
    """One warm driver process on the real libsane."""
    with ScanWorker(sane_folder.driver(), stall_seconds=20.0, forget_seconds=0.05) as running:
        yield running
