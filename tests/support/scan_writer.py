"""A desk that takes pages until somebody kills it: ``python -m tests.support.scan_writer FOLDER CASE FILE``.

Each page is named on stdout once it is safe.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.counter import a_desk
from tests.support.desk import open_store
from yichuang_client.presenters.scan_feed import Feed
from yichuang_domain.ids import CaseId


def main(folder: Path, case: CaseId, file: Path) -> None:
    """Take the file again and again."""
    desk = a_desk(open_store(folder))
    while True:
        Feed(desk, case, lambda kept: print(kept.page.page, flush=True)).take_file(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), CaseId(sys.argv[2]), Path(sys.argv[3]))
