"""``python -m tests.bench [word…]``: run all benchmarks, or those named by a word; ``QUICK=1`` checks the shape."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.bench.runner import main

if __name__ == "__main__":
    quick = os.environ.get("QUICK", "") not in ("", "0")
    sys.exit(main("tests.bench", Path("build") / "bench.json", is_quick=quick, only=sys.argv[1:]))
