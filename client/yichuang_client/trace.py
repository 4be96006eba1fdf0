"""轨迹: one JSON line to stderr for each step that a person could see, for the story, tests and benchmarks.

Rules kept here: silent unless the client was started with tracing; ids, stable names and counts only, never a
person's datum; one write a line, so that lines of several threads do not mix.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cache

from yichuang_client.config import read_config


@cache
def is_on() -> bool:
    """Whether lines are written."""
    return read_config().is_traced


def trace(event: str, **ids: str | int | float | bool | None) -> None:
    """Write one line: the event, ``at`` (monotonic milliseconds) and what identifies the step."""
    if not is_on() or sys.stderr is None:
        return
    line = json.dumps({"event": event, "at": round(time.monotonic() * 1000), **ids}, ensure_ascii=True)
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
