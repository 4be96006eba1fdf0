"""The commands and their options; what they need is loaded when one runs.

Exit codes: 0 done; 1 the device or the printer failed, trying again may help; 2 the arguments are wrong; 3 nothing is
there, or it cannot be reached; 4 somebody must go to the device.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

Subparsers = argparse._SubParsersAction
DONE, FAILED, WRONG, NOT_THERE, PERSON_NEEDED = range(5)
"""Exit codes."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands beside the window; without one the window opens."""
    commands = parser.add_subparsers(dest="command", metavar="pages|devices")
    pages = commands.add_parser("pages", help="judge pages").add_subparsers(dest="act", required=True)
    inspect = pages.add_parser(
        "inspect", help="one row a page: blank, skew, orientation, codes, quality, size; exit 0 also for bad files"
    )
    inspect.add_argument("files", type=Path, nargs="+", metavar="FILE", help="image, TIFF or PDF")
    _add_json(inspect)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a row, one row a line")


def run(options: argparse.Namespace) -> int:
    """Run the chosen command. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    from yichuang_client.commands.pages import inspect

    return inspect(options.files, is_json=options.json)
