"""``python -m tests.bench.scan_batch FOLDER SHEETS``: feed colour pages, print the peak memory of all processes in MB.

A module of its own that loads nothing by itself: processes that are spawned load the module that was started, and
that of the client is as small.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    from tests.bench.scan_desk import peak_memory_mb

    print(round(peak_memory_mb(Path(sys.argv[1]), int(sys.argv[2])), 1))
