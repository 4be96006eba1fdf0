"""``yichuang-server``: the district's side, from the command line.

Rules kept here: every answer is one line of JSON, for people and programs alike; a secret is printed once, or written
to a file that only this user may read; an error ends with exit code 1 and says what to do.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_Commands = argparse._SubParsersAction


def _say(**values: object) -> None:
    print(json.dumps(values, ensure_ascii=False), flush=True)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    program = argparse.ArgumentParser(prog="yichuang-server", description="The district's side of Yichuang.")
    commands = program.add_subparsers(dest="command", required=True)

    from yichuang_server.journal import LEVELS

    def command(name: str, under: _Commands[argparse.ArgumentParser]) -> argparse.ArgumentParser:
        new: argparse.ArgumentParser = under.add_parser(name)
        new.add_argument("--data", type=Path, required=True, help="the district's folder")
        return new

    init = command("init", commands)
    init.add_argument("--database", default="", help="URL; SQLite in the folder by default")
    init.add_argument("--district", default="sample", help="a district file, or: sample")
    init.add_argument("--host", action="append", default=[], help="name or address by which desks reach the server")
    init.add_argument(
        "--public-url", default="", help="where citizens follow a case; http://HOST:PORT also sets --web-port"
    )
    init.add_argument("--calendar", type=Path, default=None, help="folder of holiday notices")
    init.add_argument("--without-second-factor", action="store_true")
    init.add_argument("--training", action="store_true", help="begin the training district (999999) of that district")
    for name in ("serve", "web"):
        serving = command(name, commands)
        for option in ("--listen", "--web-listen"):
            serving.add_argument(option, default=None)
        for option in ("--port", "--enrolment-port", "--web-port", "--metrics-port"):
            serving.add_argument(option, type=int, default=None)
        serving.add_argument("--no-web", action="store_true")
        serving.add_argument(
            "--robot-pace", type=float, default=None, help="factor of the training robot's delays; 0 for no robot"
        )
        serving.add_argument("--log-level", default="INFO", choices=LEVELS)
    command("migrate", commands)

    groups = {name: commands.add_parser(name).add_subparsers(dest="act", required=True) for name in _GROUPS}
    load = command("import", groups["catalog"])
    load.add_argument("--folder", type=Path, default=None, help="folder of the sources; the project's own by default")
    load.add_argument("--sample", type=Path, default=None, help="JSON list of items; the project's own by default")
    load.add_argument("--matters", type=Path, default=None, help="JSON list of matters; the project's own by default")
    retire = command("retire", groups["catalog"])
    retire.add_argument("code")
    retire.add_argument("--on", default="", help="first day, yyyy-mm-dd; today by default")
    command("load", groups["calendar"]).add_argument("files", type=Path, nargs="+")
    code = command("code", groups["device"])
    code.add_argument("--place", required=True)
    code.add_argument("--kind", choices=("COUNTER", "SECTION"), default="COUNTER")
    code.add_argument("--section", default="")
    command("revoke", groups["device"]).add_argument("number")
    command("list", groups["device"])
    command("add", groups["people"]).add_argument("file", type=Path, help="JSON: login and person")
    command("disable", groups["people"]).add_argument("person")
    command("keys", commands)
    _declare(groups, commands)
    return program


def _declare(
    groups: Mapping[str, _Commands[argparse.ArgumentParser]], commands: _Commands[argparse.ArgumentParser]
) -> None:
    from yichuang_server import auditing, operations, recovering, updating

    operations.declare_backup(groups["backup"].add_parser)
    operations.declare_people_key(groups["people"].add_parser("key"))
    operations.declare_pages(groups["pages"].add_parser)
    operations.declare_bundle(groups["bundle"].add_parser)
    operations.declare_epoch(groups["epoch"].add_parser)
    auditing.declare(groups["audit"].add_parser)
    recovering.declare(groups["recovery"].add_parser)
    updating.declare(groups["update"].add_parser)
    operations.declare_restore(commands.add_parser("restore"))


_GROUPS = (
    "catalog",
    "calendar",
    "device",
    "people",
    "backup",
    "pages",
    "bundle",
    "epoch",
    "audit",
    "recovery",
    "update",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    options = parser().parse_args(arguments)
    from yichuang_server import commands

    name = "_".join(part for part in (options.command, getattr(options, "act", "")) if part)
    try:
        commands.COMMANDS[name](options, _say)
    except commands.CommandError as error:
        print(json.dumps({"error": str(error)}, ensure_ascii=False), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
