"""``make demo``: plays the road and leaves papers, pictures and report.json in build/demo.

On a display the windows open there and stay open at the end; without one they open on displays that nobody sees.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
from pathlib import Path

from tests.end_to_end.road import Road


def main() -> None:
    """Play the day in a fresh folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, help="the packaged client's program instead of the source")
    options = parser.parse_args()
    folder = Path("build/demo").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    display = os.environ.get("DISPLAY", "")
    road = Road(folder, bundle=options.bundle.absolute() if options.bundle else None, display=display)
    try:
        road.play()
        print("papers, pictures and report.json are in build/demo", flush=True)
        if display:
            print("the windows stay open: close them, or press Ctrl+C, to end", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                road.office.until_closed()
    finally:
        road.close()


if __name__ == "__main__":
    main()
