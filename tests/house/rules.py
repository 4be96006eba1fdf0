"""The house rules that read source code, each a function from sources to findings."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from tests.house.source import Finding, Source

MODULE_LINES = 400
FUNCTION_LINES = 60
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_modules(sources: Iterable[Source]) -> list[Finding]:
    """Modules above the budget."""
    return [Finding(s.path, 1, f"{s.lines} lines") for s in sources if s.lines > MODULE_LINES]


def long_functions(sources: Iterable[Source]) -> list[Finding]:
    """Functions above the budget, their decorators and docstring counted."""
    findings = []
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    findings.append(Finding(source.path, node.lineno, f"{node.name} has {length} lines"))
    return findings


def undocumented(sources: Iterable[Source]) -> list[Finding]:
    """Modules, public classes and public functions that do not say what they are."""
    findings = []
    for source in sources:
        if source.text.strip() and ast.get_docstring(source.tree) is None:
            findings.append(Finding(source.path, 1, "module without a docstring"))
        for name, node in public_names(source.tree):
            if ast.get_docstring(node) is None:
                findings.append(Finding(source.path, node.lineno, f"{name} without a docstring"))
    return findings


def public_names(parent: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Public classes and functions of a module and of its public classes; an overload speaks through its last form."""
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if any(_last_name(mark) in {"overload", "override", "setter"} for mark in node.decorator_list):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public_names(node, f"{prefix}{node.name}.")


def unannotated(sources: Iterable[Source]) -> list[Finding]:
    """Functions without a return annotation; mypy says the rest."""
    return [
        Finding(source.path, node.lineno, f"{node.name} does not say what it returns")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, Function) and node.returns is None and node.name != "__init__"
    ]


def literal_ui_text(sources: Iterable[Source], allowed: Mapping[str, str]) -> list[Finding]:
    """Chinese in string literals outside the message catalogues; ``allowed`` maps a path to its reason."""
    return [
        Finding(source.path, node.lineno, f"UI text outside i18n: {node.value[:30]!r}")
        for source in sources
        if source.path not in allowed
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in source.free_strings
        and CHINESE.search(node.value)
    ]


def sleeps(sources: Iterable[Source]) -> list[Finding]:
    """Calls of anything named sleep."""
    return [
        Finding(source.path, node.lineno, "sleeps; wait for the event instead")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _last_name(node.func) == "sleep"
    ]


def skips(sources: Iterable[Source]) -> list[Finding]:
    """Tests that are skipped or expected to fail."""
    names = {"skip", "skipif", "xfail", "importorskip"}
    return [
        Finding(source.path, node.lineno, f"{node.attr}: a test runs or is not there")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in names and "pytest" in ast.unparse(node)
    ]


def foreign_imports(sources: Iterable[Source], own: frozenset[str]) -> list[Finding]:
    """Imports that are neither the standard library's nor of the packages ``own``."""
    allowed = sys.stdlib_module_names | own
    findings = []
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                outside = [name for name in _imported(node) if name.partition(".")[0] not in allowed]
                findings += [Finding(source.path, node.lineno, f"imports {name}") for name in outside]
    return findings


def unexplained_terms(sources: Iterable[Source], glossary: str) -> list[Finding]:
    """Public classes whose docstring opens with a Chinese term and which the glossary does not name."""
    return [
        Finding(source.path, node.lineno, f"{node.name} is not in the glossary")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and CHINESE.search((ast.get_docstring(node) or "").partition("\n")[0])
        and f"`{node.name}`" not in glossary
    ]


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or "."] if node.level == 0 else []


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
