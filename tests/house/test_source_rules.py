"""Our own rules on our own source; beside each, the planted example that shows it can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import rules
from tests.house.source import PRODUCT, REPOSITORY, Finding, Source, report, sources

HOUSE = (*PRODUCT, "tests", "installer")
I18N = "client/yichuang_client/ui/i18n/"
ALLOWED = REPOSITORY / "tests" / "house" / "ui_text_allowed.txt"


def allowed_ui_text() -> dict[str, str]:
    """The files that may hold Chinese literals, with the reason of each."""
    lines = [line for line in ALLOWED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {path.strip(): reason.strip() for path, _, reason in (line.partition(":") for line in lines)}


def test_modules_fit_on_a_few_screens() -> None:
    assert not (found := rules.long_modules(sources(*HOUSE))), report(found)


def test_functions_fit_on_one_screen() -> None:
    assert not (found := rules.long_functions(sources(*HOUSE))), report(found)


def test_every_public_name_says_what_it_is() -> None:
    assert not (found := rules.undocumented(sources(*PRODUCT))), report(found)


def test_every_test_module_says_what_it_is_for() -> None:
    found = [f for f in rules.undocumented(sources("tests")) if f.what.startswith("module")]
    assert not found, report(found)


def test_every_function_says_what_it_returns() -> None:
    assert not (found := rules.unannotated(sources(*HOUSE))), report(found)


def test_ui_text_stands_in_the_catalogues() -> None:
    read = [source for source in sources(*PRODUCT) if not source.path.startswith(I18N)]
    assert not (found := rules.literal_ui_text(read, allowed_ui_text())), report(found)


def test_every_exception_for_ui_text_is_needed_and_has_its_reason() -> None:
    texts = {source.path: source for source in sources(*PRODUCT)}
    for path, reason in allowed_ui_text().items():
        assert reason, f"{path} has no reason"
        assert path in texts, f"{path} is gone"
        assert rules.literal_ui_text([texts[path]], {}), f"{path} needs no exception any more"


def test_tests_wait_for_events() -> None:
    assert not (found := rules.sleeps(sources("tests"))), report(found)


def test_tests_run() -> None:
    assert not (found := rules.skips(sources("tests"))), report(found)


def test_the_domain_stands_on_the_standard_library() -> None:
    found = rules.foreign_imports(sources("domain"), frozenset({"yichuang_domain"}))
    assert not found, report(found)


def test_the_glossary_is_complete() -> None:
    glossary = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert not (found := rules.unexplained_terms(sources("domain"), glossary)), report(found)


def without_exceptions(read: list[Source]) -> list[Finding]:
    """The rule on UI text, with nothing allowed."""
    return rules.literal_ui_text(read, {})


def only_domain(read: list[Source]) -> list[Finding]:
    """The rule on imports, as for the domain."""
    return rules.foreign_imports(read, frozenset({"yichuang_domain"}))


def empty_glossary(read: list[Source]) -> list[Finding]:
    """The rule on the glossary, with an empty one."""
    return rules.unexplained_terms(read, "")


PLANTED = {
    rules.long_modules: "x = 1\n" * 401,
    rules.long_functions: "def f():\n" + "    x = 1\n" * 60,
    rules.undocumented: '"""Said."""\n\n\nclass Said:\n    """Said."""\n\n    def unsaid(self): ...\n',
    rules.unannotated: "def f(): ...\n",
    without_exceptions: '"""说明"""\n\nlabel = f"共 {1}"\n',
    rules.sleeps: "import time\n\ntime.sleep(1)\n",
    rules.skips: "import pytest\n\n\n@pytest.mark.skipif(True)\ndef test() -> None: ...\n",
    only_domain: "import sqlalchemy\n",
    empty_glossary: 'class Case:\n    """办件."""\n',
}


@pytest.mark.parametrize(("rule", "bad"), PLANTED.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_each_rule_finds_its_planted_example(
    tmp_path: Path, rule: Callable[[list[Source]], list[Finding]], bad: str
) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "bad.py").write_text(bad, encoding="utf-8")
    found = rule(list(sources("planted", root=tmp_path)))
    assert [finding.path for finding in found] == ["planted/bad.py"]


GOOD = '''"""说明: a module that keeps every rule."""

import dataclasses


@dataclasses.dataclass
class Case:
    """A case."""

    state: str
    """状态"""

    def name(self) -> str:
        """Its name (名称)."""
        return "case"
'''


@pytest.mark.parametrize("rule", PLANTED, ids=lambda it: it.__name__)
def test_each_rule_lets_good_code_pass(rule: Callable[[list[Source]], list[Finding]]) -> None:
    assert rule([Source("good.py", GOOD)]) == []
