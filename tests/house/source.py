"""The project's own source, parsed once, as the house rules read it.

Rules kept here: generated code is not ours to judge; a rule is a function from sources to findings, so that the
same function can be shown a planted bad example.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCT = ("domain", "proto", "client", "server")
NOT_OURS = {".git", ".venv", "build", "dist", "node_modules", "__pycache__", "v1"}


@dataclass(frozen=True)
class Source:
    """One Python file: where it lies in the repository and what stands in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text, self.path)

    @cached_property
    def free_strings(self) -> frozenset[int]:
        """Ids of the string nodes that stand alone: docstrings of modules, classes, functions and fields."""
        return frozenset(id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr))

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return self.text.count("\n") + (not self.text.endswith("\n") and self.text != "")


@dataclass(frozen=True)
class Finding:
    """One broken rule, printed as ``path:line: what``."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@cache
def sources(*folders: str, root: Path = REPOSITORY) -> tuple[Source, ...]:
    """Every hand-written Python file under ``folders`` of ``root``."""
    found = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            inside = path.relative_to(root)
            if not NOT_OURS.intersection(inside.parts):
                found.append(Source(str(inside), path.read_text(encoding="utf-8")))
    return tuple(found)


def report(findings: list[Finding]) -> str:
    """The findings as a message that an editor can jump from."""
    return "\n" + "\n".join(map(str, findings))
