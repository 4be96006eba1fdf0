"""What Windows tells of its devices: the bus, and a scanner that two of its drivers know."""

from __future__ import annotations

import queue
from ctypes import Array, c_ulong, c_wchar
from pathlib import Path
from typing import Any

import pytest

from yichuang_client.devices.hot_plug import BusWatch
from yichuang_client.devices.scanner_drivers import without_doubles
from yichuang_client.devices.scanning import ScannerDevice
from yichuang_client.devices.usb_files import USBFiles
from yichuang_client.devices.windows_bus import plugged_in, read_ids

SCANNER, PRINTER = r"USB\VID_04C5&PID_132E\A1", r"USB\VID_0483&PID_5720\6&1F"


class ConfigurationManager:
    """A stand-in of ours for cfgmgr32.dll, by its documents; devices may come between its two answers."""

    def __init__(self, *ids: str, coming: str = "") -> None:
        self.ids, self.coming = list(ids), coming

    def _text(self) -> str:
        return "".join(f"{name}\0" for name in self.ids) + "\0"

    def CM_Get_Device_ID_List_SizeW(self, length: Any, name: str, flags: c_ulong) -> int:
        """The room that the list takes, in characters."""
        assert (name, flags.value) == ("USB", 0x101)
        length._obj.value = len(self._text())
        self.ids += [self.coming] if self.coming else []
        return 0

    def CM_Get_Device_ID_ListW(self, name: str, ids: Array[c_wchar], length: c_ulong, flags: c_ulong) -> int:
        """The list, or CR_BUFFER_SMALL."""
        assert (name, flags.value) == ("USB", 0x101)
        text = self._text()
        if len(text) > length.value:
            return 0x1A
        ids[: len(text)] = text  # type: ignore[assignment]
        return 0


@pytest.mark.never_run
def test_the_bus_of_windows_is_read() -> None:
    assert read_ids(ConfigurationManager(SCANNER, PRINTER)) == {SCANNER, PRINTER}
    assert read_ids(ConfigurationManager()) == frozenset()
    assert read_ids(ConfigurationManager(SCANNER, coming=PRINTER)) == frozenset()
    assert plugged_in() == frozenset()  # elsewhere


def test_what_comes_and_goes_on_the_bus_of_windows_is_told(tmp_path: Path) -> None:
    told: queue.Queue[bool] = queue.Queue()
    bus = ConfigurationManager(SCANNER)
    watch = BusWatch(
        lambda: told.put(True),
        files=USBFiles(usb=tmp_path / "usb", udev_data=tmp_path / "udev", nodes=tmp_path / "nodes"),
        cameras=tmp_path,
        on_windows=lambda: read_ids(bus),
        seconds=0.05,
    )
    watch.start()
    bus.ids.append(PRINTER)
    assert told.get(timeout=5)
    bus.ids.remove(SCANNER)
    assert told.get(timeout=5)
    watch.close()
    assert told.empty()


def device(name: str, model: str) -> ScannerDevice:
    return ScannerDevice(name=name, vendor="", model=model)


@pytest.mark.parametrize(
    ("wia", "twain", "is_once"),
    [
        ("fi-7160", "PaperStream IP fi-7160", True),
        ("fi-7160", "fi-7160 #2", True),
        ("Canon DR-C225 USB", "Canon DR-C225 TWAIN", True),
        ("EPSON DS-530", "WIA-EPSON DS-530", True),
        ("Handy Scanner", "Handy_Scanner", True),
        ("HP LaserJet MFP M227", "HP LJ M230 TWAIN", False),
        ("AV 2000", "ScanMaker 2000", False),
        ("Scanner #2", "Other #2", False),
    ],
)
def test_a_scanner_with_two_drivers_is_listed_once(wia: str, twain: str, is_once: bool) -> None:
    first, second, named = device("wia:1", wia), device(f"twain:{twain}", twain), device("camera:1", twain)
    assert without_doubles([first, second, named]) == ((first, named) if is_once else (first, second, named))
    assert without_doubles([second]) == (second,)
