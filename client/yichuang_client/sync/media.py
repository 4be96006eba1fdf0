"""Media that a person carries (U 盘): which are plugged in, and where the district's answer lies on one.

Rules kept here: nothing is written here; a medium that cannot be read is not there.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from yichuang import bundle
from yichuang_client.store.desk import Desk

_ROOTS = (Path("/media"), Path("/run/media"))


def sticks(roots: tuple[Path, ...] = _ROOTS) -> tuple[Path, ...]:
    """Folders of the removable media that are mounted now."""
    if sys.platform == "win32":
        import ctypes

        drives = [Path(f"{letter}:\\") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
        return tuple(drive for drive in drives if ctypes.windll.kernel32.GetDriveTypeW(str(drive)) == 2)
    found: list[Path] = []
    for root in roots:
        with contextlib.suppress(OSError):
            found += [place for pattern in ("*", "*/*") for place in root.glob(pattern) if os.path.ismount(place)]
    return tuple(sorted(set(found)))


def newest_answer(place: Path, desk: Desk) -> Path | None:
    """The newest answer for a desk in a folder, the file itself where it is one, None for none."""
    if place.is_file():
        return place
    named = f"yichuang-{desk.district_code}-{desk.replica}{bundle.IS_ANSWER}*{bundle.SUFFIX}"
    with contextlib.suppress(OSError):
        return max(place.glob(named), key=lambda file: file.name, default=None)
    return None
