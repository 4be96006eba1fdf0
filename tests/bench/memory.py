"""What processes hold: proportional set size, so that shared pages count once."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil


def pss_mb(process: int) -> float:
    """PSS of one process in MB (10^6 bytes). Raises OSError if it is gone."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError(f"process {process} tells no Pss")


def family_pss_mb(process: int) -> float:
    """PSS of a process and all that it has started, in MB. Raises OSError if it is gone; a child may end meanwhile."""
    held = pss_mb(process)
    for child in psutil.Process(process).children(recursive=True):
        with contextlib.suppress(OSError):
            held += pss_mb(child.pid)
    return held
