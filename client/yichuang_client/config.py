"""Where the client keeps its things and how it was started.

Rules kept here: one folder holds all of a desk's data; nothing in it has a name that says anything about a citizen;
the environment is read in one place.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCK_SECONDS, LOCK_BOUNDS = 600, (30, 1800)
"""After so long without a key or a move of the mouse the cover goes on; between which times a desk may set it."""


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """The desk's data folder and the paths in it."""

    root: Path
    is_practice: bool = False
    """Whether it belongs to practice (综合轮训): then only a training district fits it, else only a real one."""

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.root / "desk.db"

    @property
    def pages(self) -> Path:
        """Folder of the encrypted page files."""
        return self.root / "pages"

    @property
    def slots(self) -> Path:
        """Key slots of the clerks, outside the database."""
        return self.root / "slots.json"

    @property
    def secret(self) -> Path:
        """The device secret, only where the system has no protected place for it."""
        return self.root / "device-secret"

    @property
    def links(self) -> Path:
        """From former data keys to the one of now, until no slot holds a former one."""
        return self.root / "key-links.json"

    @property
    def recovery(self) -> Path:
        """Private key of a request to two administrators, until their answer has been used."""
        return self.root / "recovery.key"

    @property
    def serial(self) -> Path:
        """Last case serial, outside the database, so that a restored image is noticed."""
        return self.root / "serial.json"

    @property
    def config(self) -> Path:
        """What an administrator set for this desk; may be absent."""
        return self.root / "config.toml"

    @property
    def devices(self) -> Path:
        """Which scanner and printer were chosen here, and how they are used."""
        return self.root / "devices.json"

    @property
    def program(self) -> Path:
        """Newer versions of the program than the installed one, and what was seen of them."""
        return self.root / "program"

    @property
    def update_root(self) -> Path:
        """The root of releases that this desk believes, where none came with the program."""
        return self.root / "update-root.json"

    @property
    def lock(self) -> Path:
        """Held by the one running client."""
        return self.root / "in-use"


@dataclass(frozen=True, kw_only=True)
class Config:
    """How the client was started."""

    data: DataFolder
    real: DataFolder | None = None
    """In practice the real desk's folder, of which only the lock is held, so that both are never open at once."""
    language: str
    """``zh`` or ``en``."""
    is_traced: bool
    """Whether one line for each step goes to stderr (ids and counts only)."""
    printers: tuple[str, ...] = ()
    """Addresses of printers from YICHUANG_PRINTER, several separated by spaces."""


def read_config(
    environment: Mapping[str, str] = os.environ, data: Path | None = None, *, is_practice: bool = False
) -> Config:
    """The configuration from the environment; ``data`` as given on the command line wins.

    Practice has a folder of its own beside the real desk's.
    """
    language = "en" if environment.get("YICHUANG_LANG", "").lower().startswith("en") else "zh"
    root = data if data is not None else _default_folder(environment)
    real = DataFolder(root=root.absolute())
    practice = DataFolder(root=real.root.with_name(f"{real.root.name}-practice"), is_practice=True)
    return Config(
        data=practice if is_practice else real,
        real=real if is_practice else None,
        language=language,
        is_traced=environment.get("YICHUANG_TRACE") == "1",
        printers=tuple(environment.get("YICHUANG_PRINTER", "").split()),
    )


def lock_seconds(folder: DataFolder) -> int:
    """Idle time after which this desk covers itself: `lock_after_seconds` of its `config.toml`, kept within bounds."""
    named = _set(folder, "lock_after_seconds")
    least, most = LOCK_BOUNDS
    return min(max(named, least), most) if named is not None else LOCK_SECONDS


def update_ring(folder: DataFolder) -> int:
    """Which ring of desks this one belongs to when a newer program comes: `update_ring` of its `config.toml`."""
    named = _set(folder, "update_ring")
    return named if named is not None else 1


def _set(folder: DataFolder, name: str) -> int | None:
    try:
        named = tomllib.loads(folder.config.read_text(encoding="utf-8")).get(name)
    except (OSError, ValueError):  # the devices page says that the file cannot be read
        return None
    return named if isinstance(named, int) else None


def _default_folder(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Yichuang"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "yichuang"
