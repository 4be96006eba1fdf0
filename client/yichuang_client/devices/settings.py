"""外设设置: which devices an administrator named for a desk, and which of them its clerk uses, and how.

Rules kept here: `config.toml` is written by people and only read here, a part that cannot be understood is left out
and said; `devices.json` is written by the program, as a whole or not at all; what was chosen survives a restart and
is the desk's, not a person's.
"""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from yichuang_client.config import DataFolder
from yichuang_client.devices.card_settings import NamedCardReader, read_row
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import is_address, read_address
from yichuang_client.devices.languages import WIDTHS, Form
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.scanning import ColourMode, OptionValue, Source
from yichuang_domain.actions import PaperKind

_FORM_KEYS = {"width_dots", "dpi", "gap_mm", "chinese"}


@dataclass(frozen=True, kw_only=True)
class NamedScanner:
    """扫描仪条目: a scanner of `config.toml`: a device with a name of its own and the driver's options for it."""

    name: str
    device: str
    """The driver's name of the device."""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    """Set for every batch."""
    rating: int = 0
    """Pages a minute by its maker, 0 when nobody said."""


@dataclass(frozen=True, kw_only=True)
class NamedPrinter:
    """打印机条目: a printer of `config.toml` or of the environment."""

    name: str
    uri: str
    language: str = ""
    """What it is told; empty: IPP with PDF."""
    form: Form | None = None
    """How wide and fine it prints; None: as usual for its language."""
    papers: tuple[str, ...] = ()
    """The papers that go to it whatever printer was chosen, by their names in the log; empty: any."""


@dataclass(frozen=True, kw_only=True)
class ScanChoice:
    """扫描选择: how a scanner is used; None: what suits most papers."""

    source: Source | None = None
    mode: ColourMode | None = None
    resolution: int | None = None


class DeviceSettings:
    """What is named and what is chosen; without a folder nothing is read and nothing outlives the program."""

    def __init__(
        self, folder: DataFolder | None = None, printers: tuple[str, ...] = (), real: DataFolder | None = None
    ) -> None:
        """``printers``: addresses from the environment; they come before those of the file.

        ``real``: in practice the real desk's folder, which says what holds numbered stock.
        """
        self.scanners: tuple[NamedScanner, ...] = ()
        named = [_printer({"uri": uri}) for uri in printers]
        self.printers = tuple(printer for printer in named if printer is not None)
        self.card_readers: tuple[NamedCardReader, ...] = ()
        self.may_listen = True
        """Whether devices that nobody named may be looked for around the desk (`discovery = false`: no)."""
        self.is_readable = None not in named
        """Whether all that was named was understood."""
        self._file = folder.devices if folder else None
        self._chosen: dict[str, Any] = {}
        if folder is not None:
            self._read_config(folder.config)
            with contextlib.suppress(OSError, ValueError):
                read = json.loads(folder.devices.read_bytes())
                self._chosen = read if isinstance(read, dict) else {}
        self.stock: frozenset[str] = frozenset()
        """Printers with certificate stock in their tray, by address: practice prints on none of them."""
        if folder is not None and folder.is_practice:
            everyone = (*self.printers, *(DeviceSettings(real).printers if real is not None else ()))
            self.stock = frozenset(row.uri for row in everyone if PaperKind.CERTIFICATE.value in row.papers)
            self.printers = tuple(row for row in self.printers if row.uri not in self.stock)

    @property
    def scanner(self) -> str:
        """Key of the chosen scanner, empty when none was chosen."""
        return str(self._chosen.get("scanner", ""))

    @property
    def scanner_name(self) -> str:
        """What the chosen scanner was called when it was chosen: said when it is not there."""
        return str(self._chosen.get("scanner_name", ""))

    @property
    def printer(self) -> str:
        """Key of the chosen printer, empty when none was chosen."""
        return str(self._chosen.get("printer", ""))

    @property
    def card_reader(self) -> NamedCardReader | None:
        """The chosen card reader, the first one while none of them was chosen; None: none is named."""
        key = str(self._chosen.get("card_reader", ""))
        named = {row.key: row for row in self.card_readers}
        return named.get(key) or next(iter(self.card_readers), None)

    def choose_card_reader(self, key: str) -> None:
        """Use this card reader from now on. Raises OSError when the disk says no."""
        self._keep({**self._chosen, "card_reader": key})

    def choose_scanner(self, key: str, name: str) -> None:
        """Use this scanner from now on. Raises OSError when the disk says no."""
        self._keep({**self._chosen, "scanner": key, "scanner_name": name})

    def choose_printer(self, key: str) -> None:
        """Use this printer from now on. Raises OSError when the disk says no."""
        self._keep({**self._chosen, "printer": key})

    def scan_choice(self, key: str) -> ScanChoice:
        """How this scanner is used."""
        kept = self._chosen.get("scan", {})
        row = kept.get(key) if isinstance(kept, dict) else None
        row = row if isinstance(row, dict) else {}
        resolution = row.get("resolution")
        return ScanChoice(
            source=next((source for source in Source if source.value == row.get("source")), None),
            mode=next((mode for mode in ColourMode if mode.value == row.get("mode")), None),
            resolution=resolution if isinstance(resolution, int) else None,
        )

    def keep_scan_choice(self, key: str, choice: ScanChoice) -> None:
        """Use this scanner in this way from now on. Raises OSError when the disk says no."""
        row: dict[str, str | int] = {}
        if choice.source is not None:
            row["source"] = choice.source.value
        if choice.mode is not None:
            row["mode"] = choice.mode.value
        if choice.resolution is not None:
            row["resolution"] = choice.resolution
        kept = self._chosen.get("scan", {})
        self._keep({**self._chosen, "scan": {**(kept if isinstance(kept, dict) else {}), key: row}})

    def _keep(self, chosen: dict[str, Any]) -> None:
        if self._file is not None:
            part = self._file.with_name(self._file.name + ".part")
            with part.open("wb") as out:
                out.write(json.dumps(chosen, ensure_ascii=False, indent=1).encode())
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._file)
        self._chosen = chosen

    def _read_config(self, file: Path) -> None:
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            self.is_readable = False
            return
        printers = [_printer(row) for row in _rows(read, "printer")]
        scanners = [_scanner(row) for row in _rows(read, "scanner")]
        readers = [read_row(row) for row in _rows(read, "card_reader")]
        self.may_listen = read.get("discovery", True) is not False
        is_known = not read.keys() - {"printer", "scanner", "card_reader", "discovery"}
        is_whole = None not in (*printers, *scanners, *readers) and is_known
        self.is_readable = self.is_readable and is_whole
        self.printers += tuple(printer for printer in printers if printer is not None)
        self.card_readers = tuple(reader for reader in readers if reader is not None)
        self.scanners = tuple(scanner for scanner in scanners if scanner is not None)


def _rows(read: Mapping[str, Any], key: str) -> list[Any]:
    rows = read.get(key, [])
    return rows if isinstance(rows, list) else [rows]


def _printer(row: Any) -> NamedPrinter | None:
    """A printer, None where any part of it is not understood."""
    if not isinstance(row, dict) or not isinstance(row.get("uri"), str):
        return None
    uri = row["uri"].replace("socket://", "tcp://", 1)
    has_form = row.keys() & _FORM_KEYS
    language = row.get("language", "escpos" if uri.startswith(("usb:", "tcp:")) else "")
    papers = row.get("papers", [])
    try:
        form = _form(row, language) if has_form else None
        printer_driver(uri, language, form)
    except (DeviceError, TypeError):
        return None
    kinds = {kind.value for kind in PaperKind}
    if not isinstance(papers, list) or not all(isinstance(paper, str) and paper.upper() in kinds for paper in papers):
        return None
    name, kept = str(row.get("name") or uri), tuple(paper.upper() for paper in papers)
    return NamedPrinter(name=name, uri=uri, language=language, form=form, papers=kept)


def _form(row: Mapping[str, Any], language: str) -> Form:
    """How a printer prints; raises DeviceError(BAD_SETTING)."""
    width, dpi, gap = row.get("width_dots", WIDTHS.get(language, 0)), row.get("dpi", 203), row.get("gap_mm", 2)
    are_numbers = all(isinstance(value, int) and not isinstance(value, bool) for value in (width, dpi, gap))
    is_known = row.get("chinese", "raster") in ("raster", "gb18030")
    if not are_numbers or not is_known or not (64 <= width <= 4096 and 100 <= dpi <= 1200 and 0 <= gap <= 20):
        raise DeviceError(Trouble.BAD_SETTING, "printer form")
    return Form(width=width, dpi=dpi, gap_mm=gap, is_text=row.get("chinese") == "gb18030")


def _device(row: Any) -> str | None:
    """The driver's name of the device that a row means, whichever way it is written."""
    if not isinstance(row, dict):
        return None
    folder = row.get("folder")
    if isinstance(folder, str) and Path(folder).is_absolute():
        return f"folder:{folder}"
    device = row.get("escl", row.get("device"))
    if not isinstance(device, str) or not device:
        return None
    if "escl" not in row and not is_address(device):
        return device
    more = {key: row[name] for key, name in (("sha256", "sha256"), ("login", "login_file")) if name in row}
    whole = device if "://" in device else f"{'https' if more else 'http'}://{device}"
    try:
        return str(read_address(f"{whole}#{urlencode(more)}" if more else whole))
    except DeviceError:
        return None


def _scanner(row: Any) -> NamedScanner | None:
    device = _device(row)
    if device is None:
        return None
    options = row.get("options", {})
    is_plain = isinstance(options, dict) and all(
        isinstance(value, bool | int | float | str) for value in options.values()
    )
    if not is_plain:
        return None
    rating = row.get("pages_per_minute", 0)
    return NamedScanner(
        name=str(row.get("name") or device),
        device=device,
        options=options,
        rating=rating if isinstance(rating, int) and rating > 0 else 0,
    )
