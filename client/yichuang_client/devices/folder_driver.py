"""监视文件夹: a folder into which a scanner's own software writes pages, as a `ScannerDriver`.

Rules kept here:

* a file is taken when it has not changed for a while and opens as a whole; a file that is still being written is left
  alone, however long it takes;
* nothing is deleted that was not taken: a taken file moves to `taken` and stays there for some days, a broken one moves
  to `set-aside` with its reason beside it, anything else is not touched;
* names are only names: links and folders are not followed.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_client import Caller
from yichuang_client.devices.escl_driver import pause
from yichuang_client.devices.page_images import check_whole, put_pages
from yichuang_client.devices.scanning import (
    ColourMode,
    PageSink,
    ScannerCapabilities,
    ScannerDevice,
    ScanSettings,
    Source,
)

PREFIX = "folder:"
TAKEN, SET_ASIDE = "taken", "set-aside"
KEPT_SECONDS = 7 * 86_400
"""How long a taken file is kept: the case has its pages long before."""
_KINDS = (".jpg", ".jpeg", ".jfif", ".pdf", ".tif", ".tiff", ".png", ".bmp")
_MOST_BYTES = 512 << 20
_USUAL_DPI = 300


@dataclass(kw_only=True)
class FolderDriver:
    """文件夹驱动: a device's name is "folder:" and the folder's path."""

    still_seconds: float = 1.0
    """A file that did not change for so long is whole, if it opens."""
    doubt_seconds: float = 5.0
    """A file that did not change for so long and does not open is broken."""
    first_seconds: float = 20.0
    """How long the first page is waited for."""
    next_seconds: float = 3.0
    """After so long without a further page the batch is over."""
    kept_seconds: float = KEPT_SECONDS

    def list(self) -> tuple[ScannerDevice, ...]:
        """None: an administrator names the folder."""
        return ()

    def capabilities(self, device: str) -> ScannerCapabilities:
        """A feeder without settings: those are the other software's; raises DeviceError."""
        _folder(device)
        modes = (ColourMode.COLOUR, ColourMode.GRAY)
        return ScannerCapabilities(
            sources=(Source.FEEDER,), modes=modes, depths=(8,), resolutions=(), area=None, options={}
        )

    def scan(self, settings: ScanSettings, sink: PageSink, cancel: Callable[[], bool]) -> int:
        """Take the files that lie there and those that follow soon; see `ScannerDriver.scan`.

        BROKEN_FILE at the end says that files were set aside; the whole ones were taken.
        """
        folder = _folder(settings.device)
        _purge(folder / TAKEN, self.kept_seconds)
        mode = settings.mode if settings.mode is not ColourMode.COLOUR else None
        batch = _Batch(folder=folder, mode=mode, sink=sink, driver=self)
        caller = Caller(cancel=cancel)
        until = time.monotonic() + self.first_seconds
        try:
            while settings.pages is None or batch.count < settings.pages:
                took = batch.take_next(cancel)
                if took:
                    until = time.monotonic() + self.next_seconds
                elif time.monotonic() > until and not batch.is_waiting:
                    break
                else:
                    pause(min(0.2, self.still_seconds / 2), caller)
        except OSError as error:
            trouble = Trouble.ACCESS if isinstance(error, PermissionError) else Trouble.COMMUNICATION
            raise DeviceError(trouble, type(error).__name__) from error
        if batch.aside:
            raise DeviceError(Trouble.BROKEN_FILE, f"{batch.aside} set aside")
        if not batch.count:
            raise DeviceError(Trouble.FEEDER_EMPTY, "no file")
        return batch.count


@dataclass(kw_only=True)
class _Batch:
    """One batch: looks again and again at what lies in the folder."""

    folder: Path
    mode: ColourMode | None
    sink: PageSink
    driver: FolderDriver
    count: int = 0
    aside: int = 0
    is_waiting: bool = False
    """Whether a file lies there that is not whole yet."""

    def __post_init__(self) -> None:
        self._seen: dict[str, tuple[tuple[int, int], float, float]] = {}

    def take_next(self, cancel: Callable[[], bool]) -> bool:
        """Take the oldest whole file; False: there is none now. Raises DeviceError, OSError."""
        self.is_waiting = False
        for file, state in _files(self.folder):
            if cancel():
                raise DeviceError(Trouble.CANCELLED, "between files")
            still, watched = self._still_seconds(file.name, state)
            if still < self.driver.still_seconds:
                self.is_waiting = True
                return False  # later files wait for this one: the order of the sheets
            reason = self._take(file)
            if not reason:
                return True
            if watched < self.driver.doubt_seconds:
                self.is_waiting = True
                return False
            _move(file, self.folder / SET_ASIDE, reason)
            self.aside += 1
            return True
        return False

    def _still_seconds(self, name: str, state: tuple[int, int]) -> tuple[float, float]:
        """How long a file did not change, by its own time, and how long it was seen not to change."""
        now = time.monotonic()
        before = self._seen.get(name)
        if before is None or before[0] != state:
            age = 0.0 if before else min(max(0.0, time.time() - state[1] / 1e9), 3600.0)
            self._seen[name] = before = (state, now - age, now)
        return now - before[1], now - before[2]

    def _take(self, file: Path) -> str:
        """Take a file's pages; the reason when it is not whole. Raises DeviceError, OSError."""
        raw = _read(file)
        if not raw:
            return "empty"
        if len(raw) > _MOST_BYTES:
            return "too large"
        try:
            check_whole(raw)
        except DeviceError as error:
            return error.detail
        self.count += put_pages(raw, self.mode, _dpi(raw), self.sink)
        _move(file, self.folder / TAKEN)
        return ""


def folder_of(device: str) -> Path:
    """The folder that a device's name means."""
    return Path(device.removeprefix(PREFIX))


def _folder(device: str) -> Path:
    folder = folder_of(device)
    if not folder.is_dir():
        raise DeviceError(Trouble.OFFLINE, "no such folder")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise DeviceError(Trouble.ACCESS, "the folder may not be written to")
    return folder


def _files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """The files that may be pages, the oldest first, each with its size and time."""
    rows = []
    with os.scandir(folder) as entries:
        for entry in entries:
            is_page = not entry.name.startswith((".", "~")) and entry.name.lower().endswith(_KINDS)
            with contextlib.suppress(FileNotFoundError):
                state = entry.stat(follow_symlinks=False)
                if is_page and stat.S_ISREG(state.st_mode):
                    rows.append(((state.st_mtime_ns, entry.name), Path(entry.path), (state.st_size, state.st_mtime_ns)))
    for _, file, state_of in sorted(rows):
        yield file, state_of


def _read(file: Path) -> bytes:
    """A file's bytes, a little more than what is allowed for one that is too large; never through a link."""
    with open(os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb") as source:
        return source.read(_MOST_BYTES + 1)


def _dpi(raw: bytes) -> int:
    from PIL import Image

    with contextlib.suppress(Exception), Image.open(io.BytesIO(raw)) as image:
        dpi = round(float(image.info["dpi"][0]))
        return dpi if 50 <= dpi <= 2400 else 0
    return _USUAL_DPI if raw[:1024].lstrip().startswith(b"%PDF-") else 0


def _move(file: Path, folder: Path, reason: str = "") -> None:
    """Move a file into a folder under a name that is free there, its reason beside it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    number, target = 1, folder / file.name
    while target.exists():
        number += 1
        target = folder / f"{file.stem} ({number}){file.suffix}"
    if reason:
        target.with_name(f"{target.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    file.rename(target)
    os.utime(target)


def _purge(folder: Path, seconds: float) -> None:
    """Delete what was taken long ago."""
    if folder.is_dir() and not folder.is_symlink():
        for file in folder.iterdir():
            with contextlib.suppress(OSError):
                if file.is_file() and time.time() - file.lstat().st_mtime > seconds:
                    file.unlink()
