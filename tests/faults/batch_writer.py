"""A desk that takes page after page in one batch: ``python -m tests.faults.batch_writer FOLDER [careless]``.

The real way of F5 with its page processes, from a file beside the folder instead of a scanner; the same few pictures
come again and again, so that pages have to be told apart by their places. It prints ``saved NUMBER BATCH CASE PAGE``
for each page that the screen was told of. A test ends it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from itertools import count
from pathlib import Path

import numpy
from PIL import Image

from tests.support.counter import a_desk
from tests.support.desk import open_store
from tests.support.scanners import written_page
from yichuang_client.actions import receiving
from yichuang_client.presenters.scan_feed import Feed

PAGES = 300


def main() -> None:
    """Take pages until the end."""
    folder = Path(sys.argv[1])
    if sys.argv[2:] == ["careless"]:
        os.fsync = lambda handle: None
    pages = [Image.fromarray(numpy.roll(written_page("page"), 13 * n, axis=0)) for n in range(5)]
    with tempfile.NamedTemporaryFile(suffix=".tif") as file:
        pages[0].save(file.name, save_all=True, append_images=pages[1:] * (PAGES // 4), dpi=(75, 75))
        desk, case, numbers = a_desk(open_store(folder)), receiving.new_case(), count(1)
        print("ready", flush=True)
        ended = Feed(
            desk, case, lambda kept: print("saved", next(numbers), "batch", case, kept.page.page, flush=True)
        ).take_file(Path(file.name))
        print("failed", type(ended.error).__name__, ended.error, flush=True)


if __name__ == "__main__":
    main()
