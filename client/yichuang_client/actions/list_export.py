"""导出列表: what a list shows, as a table file for the clerk.

Rules kept here: exactly the cells that stood on the screen, so nothing more of a person than the list showed; a cell
is never read as a formula; the file is the person's alone.
"""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from yichuang_client.store.files import disk_errors

_DOWNLOADS = re.compile(r'^XDG_DOWNLOAD_DIR="\$HOME/(.+)"$', re.MULTILINE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_list(lines: Sequence[Sequence[str]], name: str, now: datetime) -> Path:
    """Write the lines, the first one being the titles; ``name`` is the list's in ASCII. Raises StoreError (disk)."""
    text = io.StringIO()
    csv.writer(text).writerows([_plain(cell) for cell in line] for line in lines)
    stem = f"yichuang-{name}-{now:%Y%m%d-%H%M%S}"
    with disk_errors():
        folder = downloads()
        path = next(p for n in range(1, 1000) if not (p := folder / f"{stem}{f'-{n}' if n > 1 else ''}.csv").exists())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.getvalue().encode("utf-8-sig"))
    return path


def downloads() -> Path:
    """The person's folder for what was downloaded, else their own folder."""
    home = Path.home()
    named = home / ".config" / "user-dirs.dirs"
    if sys.platform != "win32" and named.is_file():
        found = _DOWNLOADS.search(named.read_text(encoding="utf-8", errors="replace"))
        if found is not None and (home / found[1]).is_dir():
            return home / found[1]
    return home / "Downloads" if (home / "Downloads").is_dir() else home


def _plain(cell: str) -> str:
    """A cell that a table program shows and does not work out."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
