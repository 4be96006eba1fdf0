"""真实的 SANE: configurations of the system's own libsane for tests and for the story.

Two of its backends take the place of a scanner: `test` (a feeder of ten sheets, every fault on demand) and
`pnm` (a scanner on whose glass lies the picture of a file). Both are vendor code that this project did not
write; the driver under test talks to them as to any device.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2

from yichuang_client.devices.sane_driver import SaneDriver
from yichuang_client.devices.scanning import ColourMode, OptionValue, ScanArea, ScanSettings, Source

TEST_DEVICE = "test:0"
PNM_DEVICE = "pnm:0"
FEEDER_SHEETS = 10
"""Sheets that the test backend's feeder holds; it is full again for the next batch."""

_TEST_CONF = """\
number_of_devices 2
mode Gray
depth 8
resolution_min 1.0
resolution_max 1200.0
resolution_quant 1.0
resolution 75.0
test-picture "Color pattern"
geometry_min 0.0
geometry_max 400.0
geometry_quant 1.0
tl_x 0.0
tl_y 0.0
br_x 210.0
br_y 297.0
"""


@dataclass(frozen=True, kw_only=True)
class SaneFolder:
    """SANE 配置: a folder for SANE_CONFIG_DIR, and the pages that lie on the pnm scanner's glass."""

    folder: Path
    """The folder; give it to a process as SANE_CONFIG_DIR or to `driver()`."""
    pages: tuple[Path, ...] = ()
    """The picture files, in the order in which they were given."""

    def driver(self) -> SaneDriver:
        """A driver of this configuration, for a `ScanWorker`."""
        return SaneDriver(config_dir=str(self.folder))

    def page(self, number: int, *, resolution: int | None = None) -> ScanSettings:
        """Settings that scan the pnm scanner's page `number`, counted from 1.

        The resolution is a mere label here (75 to 300): a PNM has none, and its pixels come as they are.
        """
        options = {"filename": str(self.pages[number - 1])}
        return ScanSettings(device=PNM_DEVICE, resolution=resolution, options=options)


def feeder_settings(*, pages: int | None = None, options: Mapping[str, OptionValue] | None = None) -> ScanSettings:
    """Settings for a small gray batch from the test backend's feeder."""
    return ScanSettings(
        device=TEST_DEVICE,
        source=Source.FEEDER,
        mode=ColourMode.GRAY,
        depth=8,
        resolution=75,
        area=ScanArea(width=100.0, height=100.0),
        pages=pages,
        options=options or {},
    )


def write_config(folder: Path, images: Iterable[Path] = ()) -> SaneFolder:
    """Write a configuration with the `test` and `pnm` backends; `images` become the pnm scanner's pages.

    Any picture that OpenCV reads will do; gray ones stay gray. The device names are TEST_DEVICE and PNM_DEVICE.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dll.conf").write_text("test\npnm\n", encoding="ascii")
    (folder / "test.conf").write_text(_TEST_CONF, encoding="ascii")
    pages = []
    for number, image in enumerate(images, start=1):
        pixels = cv2.imread(str(image), cv2.IMREAD_ANYCOLOR)
        if pixels is None:
            raise ValueError(f"not a picture: {image}")
        page = folder / f"page{number:03d}{'.pgm' if pixels.ndim == 2 else '.ppm'}"
        cv2.imwrite(str(page), pixels)
        pages.append(page)
    return SaneFolder(folder=folder, pages=tuple(pages))


def write_desk_config(data: Path, sane: SaneFolder, *, more: str = "") -> Path:
    """Write a desk's config.toml that names one scanner for each picture on the glass, after its file's name."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = [
        f"[[scanner]]\nname = '{page.stem}'\ndevice = '{PNM_DEVICE}'\noptions = {{ filename = '{page}' }}\n"
        for page in sane.pages
    ]
    file = data / "config.toml"
    file.write_text("\n".join([*rows, more]), encoding="utf-8")
    return file
