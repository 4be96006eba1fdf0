"""Every library that is imported is declared, and every declared library of the product is imported."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.house import rules
from tests.house.source import PRODUCT, REPOSITORY, Finding, Source, report, sources

OWN = frozenset({"yichuang", "yichuang_domain", "yichuang_client", "yichuang_server", "tests"})
UNSEEN = {
    "psycopg": "chosen by the URL of the database",
    "protobuf": "imported by generated code; shares the name google with the next",
    "googleapis-common-protos": "shares the name google",
}
"""Declared libraries whose import cannot be told, with the reason."""


def declared() -> Mapping[str, frozenset[str]]:
    """Distribution names by extra; the unconditional ones under the empty name."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {name: frozenset(map(distribution, group)) for name, group in groups.items()}


def distribution(requirement: str) -> str:
    """The normalised name in a requirement."""
    return normal(re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0])


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def bringing() -> Mapping[str, frozenset[str]]:
    """Which distributions bring each importable name."""
    return {module: frozenset(map(normal, names)) for module, names in packages_distributions().items()}


def undeclared(read: Iterable[Source], allowed: frozenset[str]) -> list[Finding]:
    """Imports of modules that no distribution of ``allowed`` brings."""
    modules = {module for module, names in bringing().items() if names & allowed}
    return rules.foreign_imports(read, OWN | modules)


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (("domain",), ()),
        (("proto",), ("",)),
        (("client",), ("", "client")),
        (("server",), ("", "server")),
        (("tests",), ("", "client", "server", "dev")),
    ],
    ids=str,
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    allowed = frozenset[str]().union(*(declared()[extra] for extra in extras))
    assert not (found := undeclared(sources(*folders), allowed)), report(found)


def unused(read: Iterable[Source], names: frozenset[str]) -> list[str]:
    """Distributions of ``names`` of which nothing is imported."""
    imported = {finding.what.removeprefix("imports ").partition(".")[0] for finding in undeclared(read, frozenset())}
    used = frozenset[str]().union(*(bringing().get(module, frozenset()) for module in imported))
    return sorted(names - used)


def test_what_the_product_declares_is_imported() -> None:
    groups = declared()
    product = groups[""] | groups["client"] | groups["server"]
    assert unused(sources(*PRODUCT), product - UNSEEN.keys()) == []


def test_what_is_declared_is_locked() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    locked = {normal(name) for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock)}
    assert frozenset[str]().union(*declared().values()) <= locked


def test_a_planted_import_is_found() -> None:
    planted = [Source("planted.py", "import sqlalchemy\nimport json\nimport yichuang\n")]
    assert [f.what for f in undeclared(planted, frozenset({"pillow"}))] == ["imports sqlalchemy"]
    assert undeclared(planted, frozenset({"sqlalchemy"})) == []
    assert unused(planted, frozenset({"sqlalchemy", "pillow"})) == ["pillow"]
