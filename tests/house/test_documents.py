"""The documents: links lead somewhere, tests that are named are there, commands are doors of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import NOT_OURS, REPOSITORY
from yichuang_client.devices.errors import Trouble

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
DOOR = re.compile(r"(?m)\bmake ([a-z][a-z-]*)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TARGET = re.compile(r"(?m)^([a-z][a-z-]*):")


def documents(root: Path) -> list[Path]:
    """Every Markdown file under ``root`` that is ours."""
    return [path for path in root.rglob("*.md") if not NOT_OURS.intersection(path.relative_to(root).parts)]


def dead_links(root: Path) -> list[str]:
    """``file: target`` for links inside the repository that lead nowhere."""
    return [
        f"{path.relative_to(root)}: {target}"
        for path in documents(root)
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]


def missing_tests(text: str, root: Path) -> list[str]:
    """Tests named in ``text`` that are not there."""
    return [
        f"{path}::{name}"
        for path, name in TEST.findall(text)
        if not (root / path).exists() or f"def {name}(" not in (root / path).read_text(encoding="utf-8")
    ]


def missing_doors(text: str, makefile: str) -> set[str]:
    """Commands ``make x`` in ``text`` for which the Makefile has no target."""
    return set(DOOR.findall(text)) - set(TARGET.findall(makefile))


def test_every_link_leads_somewhere() -> None:
    assert dead_links(REPOSITORY) == []


def test_every_test_that_the_security_table_names_is_there() -> None:
    text = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    assert len(TEST.findall(text)) > 30
    assert missing_tests(text, REPOSITORY) == []
    assert missing_tests("`tests/house/test_documents.py::test_gone`", REPOSITORY) != []


def test_every_trouble_of_the_device_guide_has_a_test_that_is_there() -> None:
    text = (REPOSITORY / "docs" / "device-guide.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\| ([A-Z_]+) \| `tests/", text)) == {trouble.name for trouble in Trouble}
    assert missing_tests(text, REPOSITORY) == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_command_of_the_readme_is_a_door(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test"} <= set(DOOR.findall(text))
    assert missing_doors(text, makefile) == set()


def test_a_planted_dead_link_and_a_missing_door_are_found(tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text("[a](here.md#x) [b](gone.md) [c](https://host/)", encoding="utf-8")
    assert dead_links(tmp_path) == ["here.md: gone.md"]
    assert missing_doors("run `make walk` and make test", "test: setup\n") == {"walk"}
