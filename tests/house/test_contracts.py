"""The import contracts and the comparison of generated code can fail: planted in a small copy of the house."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import REPOSITORY

PLANTED = {
    "The house": ("yichuang_domain/planted.py", "import yichuang.codec"),
    "Inside the client": ("yichuang_client/presenters/planted.py", "import yichuang_client.ui"),
    "Inside the server": ("yichuang_server/store/planted.py", "import yichuang_server.services"),
    "No package waits": ("yichuang_domain/planted.py", "import yichuang_domain.other"),
    "Only the screens": ("yichuang_client/presenters/planted.py", "import tkinter.ttk"),
    "Only the edges": ("yichuang_client/store/planted.py", "import yichuang.v1.exchange_pb2"),
    "The domain does no input": ("yichuang_domain/planted.py", "import os"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The four packages with every layer of the contracts in it, and nothing else."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    contracts = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    modules = ["yichuang/codec", "yichuang/v1/exchange_pb2", "yichuang_domain/other"]
    for contract in contracts["contracts"]:
        for container in contract.get("containers", []):
            names = re.findall(r"\w+", " ".join(contract["layers"]))
            modules += [f"{container}/{name}/__init__" for name in names]
    modules.append("yichuang_client/sync/transport")
    modules.append("yichuang_client/sync/wire")
    for module in [*modules, "yichuang/__init__", "yichuang/v1/__init__", "yichuang_domain/__init__"]:
        write(tmp_path / f"{module}.py", "")
    write(tmp_path / "yichuang_domain/other.py", "import yichuang_domain.planted")
    write(tmp_path / "yichuang_domain/planted.py", "")
    for package in ("yichuang_client", "yichuang_server"):
        write(tmp_path / package / "__init__.py", "")
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def broken(house: Path) -> list[str]:
    """Names of the contracts that the house breaks."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    assert (done.returncode != 0) == ("BROKEN" in done.stdout)
    return re.findall(r"(?m)^(.*) BROKEN", done.stdout)


def test_a_house_in_order_keeps_every_contract(house: Path) -> None:
    assert broken(house) == []


@pytest.mark.parametrize("contract", PLANTED)
def test_each_contract_finds_its_planted_import(house: Path, contract: str) -> None:
    path, text = PLANTED[contract]
    write(house / path, text)
    assert [name for name in broken(house) if name.startswith(contract)]


@pytest.mark.parametrize("package", ["yichuang_client", "yichuang_server"])
def test_a_layer_that_nobody_placed_is_found(house: Path, package: str) -> None:
    write(house / package / "helpers" / "__init__.py", "")
    assert len(broken(house)) == 1


def test_a_change_of_the_wire_without_its_code_is_found(tmp_path: Path) -> None:
    proto = tmp_path / "proto"
    shutil.copytree(REPOSITORY / "proto", proto, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    check = ["bash", str(proto / "generate.sh"), "--check"]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    with (proto / "yichuang" / "v1" / "envelope.proto").open("a", encoding="utf-8") as file:
        file.write("\nmessage Planted {}\n")
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
