"""Every command of the runbook and of the units is one that the program has."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.house.source import REPOSITORY
from yichuang_server.__main__ import parser

COMMAND = re.compile(r"(?m)(?:^|`|bin/)yichuang-server ([a-z][^`\n]*?)(?=`|\n|$)")
WHOLE = re.compile(r"--data|--from|--to|backup key")
PLACES = ("docs/runbook.md", "installer/yichuang-backup.service", "installer/yichuang-server.service")


def commands() -> list[str]:
    """What an operator is told to type, with its options."""
    texts = (REPOSITORY.joinpath(place).read_text(encoding="utf-8") for place in PLACES)
    found = [command.split(" && ")[0] for text in texts for command in COMMAND.findall(text)]
    return sorted({command for command in found if WHOLE.search(command)})


def test_the_runbook_names_commands() -> None:
    assert len(commands()) >= 12


@pytest.mark.parametrize("command", commands())
def test_a_command_is_understood(command: str) -> None:
    assert parser().parse_args(shlex.split(command)).command


def test_a_command_that_is_not_there_is_found() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["backup", "fetch", "--data", "D"])
