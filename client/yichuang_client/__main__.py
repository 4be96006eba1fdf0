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
    parser.add_argument("--selfcheck", action="store_true", help="look whether the program has all it needs, and end")
    parser.add_argument("--practice", action="store_true", help="open practice, a desk of the training district")
    add_commands(parser)
    options = parser.parse_args(arguments)
    if options.command is not None:
        return run(options)
    if options.selfcheck:
        from yichuang_client.bootstrap.selfcheck import check_self

        return check_self()
    from yichuang_client.bootstrap import updates
    from yichuang_client.config import read_config

    config = read_config(data=options.data, is_practice=options.practice)
    if (code := updates.start_newer(config, arguments)) is not None:
        return code
    from yichuang_client.bootstrap.client import Client

    client = Client(config)
    if client.run():
        from yichuang_client.bootstrap.worlds import change_world

        return change_world(to_practice=not options.practice)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
