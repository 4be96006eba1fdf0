"""``yichuang``: the desk. Heavy imports wait for ``main``, because worker processes import this module again."""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

from yichuang_client.commands.command_line import add_commands, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the client. Returns the exit code."""
    multiprocessing.freeze_support()
    parser = argparse.ArgumentParser(prog="yichuang", description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="the desk's folder")
    add_commands(parser)
    options = parser.parse_args(arguments)
    if options.command is not None:
        return run(options)
    from yichuang_client.bootstrap.client import Client
    from yichuang_client.config import read_config

    Client(read_config(data=options.data)).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
