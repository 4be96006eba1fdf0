"""Where benchmarks write: a folder on the disk that the project lies on, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build"


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder; never in memory, so that an fsync costs what it costs."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as name:
        yield Path(name)
