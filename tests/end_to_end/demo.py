"""``make demo``: plays the road and leaves papers, pictures and report.json in build/demo."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.end_to_end.road import Road


def main() -> None:
    """Play the day in a fresh folder."""
    folder = Path("build/demo")
    shutil.rmtree(folder, ignore_errors=True)
    Road(folder.absolute()).play()
    print(f"papers, pictures and report.json are in {folder}")


if __name__ == "__main__":
    main()
