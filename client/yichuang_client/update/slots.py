"""The places of the program's versions (A/B), and which of them starts.

Rules kept here: the standard library only, for this runs before everything else, and it runs from the version that
was INSTALLED, so that no update can break the way back; what is written is durable before it is named; a version that
was started twice and never said that it works is left for the one before it and not tried again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

TRIES = 2
SLOT = "YICHUANG_SLOT"
"""Environment: which version of the slots runs; absent in the installed one."""


@dataclass(frozen=True, kw_only=True)
class Slots:
    """Which version starts next, and what is known of it."""

    current: str = ""
    """Version; empty for the installed program."""
    previous: str = ""
    """The one before, to which a failed start leads back."""
    tries: int = 0
    """Starts of the current one since it was put there."""
    is_confirmed: bool = True
    """Whether the current one has said that it works."""
    bad: tuple[str, ...] = field(default=())
    """Versions that did not start; they are not taken again."""
    installed: str = ""
    """Version of the installed program that last looked here: a new installation wins over the slots."""


def program_of(folder: Path, version: str) -> Path:
    """The executable of a version in its slot."""
    return folder / "slots" / version / ("yichuang.exe" if sys.platform == "win32" else "yichuang")


def read_slots(folder: Path) -> Slots:
    """What stands in the folder; the installed program where nothing readable stands there."""
    try:
        plain = json.loads((folder / "state.json").read_bytes())
        return Slots(**{**plain, "bad": tuple(plain["bad"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Slots()


def write_slots(folder: Path, slots: Slots) -> None:
    """Keep it, durably, in one step. Raises OSError."""
    write_durably(folder / "state.json", json.dumps(asdict(slots)).encode())


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and the folder's entry of it. Raises OSError."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, where the system knows how."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put_next(folder: Path, version: str) -> None:
    """Let a version, whole in its slot, start next time. Raises OSError."""
    now = read_slots(folder)
    previous = now.current if now.is_confirmed else now.previous
    write_slots(folder, replace(now, current=version, previous=previous, tries=0, is_confirmed=False))


def back(folder: Path) -> None:
    """Leave the current version for the one before it, and do not take it again. Raises OSError."""
    now = read_slots(folder)
    write_slots(folder, Slots(current=now.previous, bad=(*now.bad, now.current), installed=now.installed))


def confirm(folder: Path) -> bool:
    """The running version works. Returns whether that was news. Raises OSError."""
    now = read_slots(folder)
    if now.is_confirmed or os.environ.get(SLOT) != now.current:
        return False
    write_slots(folder, replace(now, is_confirmed=True, tries=0))
    return True


def take_try_back(folder: Path) -> None:
    """The running version was closed in order before it could show that it works. Raises OSError."""
    now = read_slots(folder)
    if not now.is_confirmed and os.environ.get(SLOT) == now.current:
        write_slots(folder, replace(now, tries=max(0, now.tries - 1)))


def choose(folder: Path, installed: str = "") -> Path | None:
    """The program that shall start now, its try counted; None for the installed one. Raises OSError.

    ``installed`` is the version of the installed program.
    """
    now = read_slots(folder)
    if now.current and now.installed != installed:
        now = replace(now, installed=installed) if not now.installed else Slots(bad=now.bad, installed=installed)
        write_slots(folder, now)
    if now.current and not now.is_confirmed and now.tries >= TRIES:
        back(folder)
        return choose(folder, installed)
    if not now.current:
        return None
    program = program_of(folder, now.current)
    if not program.exists():
        back(folder)
        return choose(folder, installed)
    if not now.is_confirmed:
        write_slots(folder, replace(now, tries=now.tries + 1))
    return program


def hand_over(folder: Path, arguments: list[str], installed: str) -> int | None:
    """Start the version of the slots in place of this one. Returns its exit code, or None to go on with this one."""
    if SLOT in os.environ:
        return None
    try:
        program = choose(folder, installed)
    except OSError:  # a full disk must not keep the window shut: the installed one works
        return None
    if program is None:
        return None
    environment = os.environ | {SLOT: program.parent.name}
    try:
        if sys.platform != "win32":
            os.execve(program, [str(program), *arguments], environment)
        return subprocess.call([str(program), *arguments], env=environment)
    except OSError:  # not a program of this machine
        back(folder)
        return hand_over(folder, arguments, installed)
