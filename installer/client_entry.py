"""The bundle's entry: a spawned worker is served before anything of the client is loaded."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    from yichuang_client.__main__ import main

    sys.exit(main())
