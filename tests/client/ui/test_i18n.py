"""The catalogues are complete, alike and well worded; moments and spans are written as the screens want them."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

import pytest

import yichuang_client
from yichuang.bundle import Flaw
from yichuang_client.devices.errors import Trouble
from yichuang_client.documents.pages import PageProblem
from yichuang_client.documents.paper import PaperTrouble
from yichuang_client.presenters.models.common import Span, TimeStyle, When, joined, msg
from yichuang_client.store.errors import StoreReason
from yichuang_client.sync.errors import TransportReason
from yichuang_client.ui.i18n.catalogue import Catalogue, UnknownTextError, read_po
from yichuang_domain.deed import CHINA
from yichuang_domain.errors import Irregularity, Reason

CLIENT = Path(yichuang_client.__file__).parent
FOLDER = CLIENT / "ui" / "i18n"
CALLS = {"msg", "key", "Message"}
FAMILIES: dict[str, type[Enum]] = {
    "reason": Reason,
    "irregularity": Irregularity,
    "device": Trouble,
    "store": StoreReason,
    "paper": PaperTrouble,
    "page": PageProblem,
    "transport": TransportReason,
    "bundle": Flaw,
}
FORBIDDEN = ("请勿", "非法", "异常", "未知错误", "错误代码", "你")


def catalogue(language: str) -> dict[str, str]:
    """All texts of a language."""
    texts: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.po")):
        read = read_po(file)
        assert all(key.partition(".")[0] == file.stem for key in read), file
        texts.update(read)
    return texts


CHINESE, ENGLISH = catalogue("zh_CN"), catalogue("en")


def placeholders(text: str) -> set[str]:
    """The arguments that a text wants."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def constants() -> Iterator[tuple[Path, str, bool]]:
    """Every string of the client, and whether it is asked for as a key."""
    for file in CLIENT.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        asked = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in CALLS:
                    asked.add(id(node.args[0]))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield file, node.value, id(node) in asked


def test_every_key_asked_for_is_there() -> None:
    shape = re.compile(r"[a-z_]+\.[A-Za-z_.]+")
    missing = {
        (file.name, text)
        for file, text, is_asked in constants()
        if is_asked and shape.fullmatch(text) and text not in CHINESE
    }
    assert missing == set()


def families_by_formatting() -> set[str]:
    """First parts of keys that are put together, as in ``msg(f"state.{case.state.value}")``."""
    found = set()
    for file in CLIENT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                found.add(str(node.values[0].value))
    return found


def test_no_key_is_unused() -> None:
    said = {text for _, text, _ in constants()}
    prefixes = tuple(prefix for prefix in families_by_formatting() if re.fullmatch(r"[a-z_]+\.[A-Za-z_.]*", prefix))
    # The common words are for any screen, whether one needs them now or not.
    known = {*FAMILIES, "common"}
    unused = {
        key
        for key in CHINESE
        if key.partition(".")[0] not in known and key not in said and not key.startswith(prefixes)
    }
    assert unused == set()


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    assert CHINESE.keys() == ENGLISH.keys()
    assert {key for key in CHINESE if placeholders(CHINESE[key]) != placeholders(ENGLISH[key])} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_trouble_has_its_sentence(family: str) -> None:
    wanted = {f"{family}.{member.name}" for member in FAMILIES[family]}
    there = {key for key in CHINESE if key.startswith(f"{family}.")}
    assert there == wanted


def test_sentences_say_what_happened_what_is_safe_and_what_to_do_in_few_characters() -> None:
    for key, text in CHINESE.items():
        assert not any(word in text for word in FORBIDDEN), key
        if key.partition(".")[0] in FAMILIES:
            parts = [part for part in re.split("[。，；]", text) if part]
            assert len(parts) >= 2, key
            assert all(len(part) <= 30 for part in parts), key
            assert text.endswith("。"), key
            assert ENGLISH[key].isascii() and ENGLISH[key].endswith("."), key
            assert len(re.findall("[.,;:]", ENGLISH[key])) >= 2, key


def test_a_key_that_nobody_wrote_raises() -> None:
    with pytest.raises(UnknownTextError):
        Catalogue("zh").key("intake.nobody_wrote_this")


def test_moments_are_written_in_chinas_time() -> None:
    words, noon = Catalogue("zh"), datetime(2026, 11, 24, 10, 26, 30, tzinfo=CHINA).astimezone(None)
    assert words.say(When(value=noon, style=TimeStyle.FULL)) == "2026-11-24 周二 10:26"
    assert words.say(When(value=noon)) == "11-24 10:26"
    assert words.say(When(value=noon, style=TimeStyle.SECONDS)) == "10:26:30"
    assert words.say(When(value=date(2026, 11, 24), style=TimeStyle.DAY_WEEKDAY)) == "2026-11-24 周二"
    assert Catalogue("en").say(When(value=noon, style=TimeStyle.FULL)) == "2026-11-24 Tue 10:26"


def test_spans_numbers_and_rows_of_texts() -> None:
    words = Catalogue("zh")
    assert words.say(Span(minutes=24)) == "24 分钟"
    assert words.say(Span(minutes=timedelta(hours=4, minutes=35) // timedelta(minutes=1))) == "4 时 35 分"
    assert words.say(joined("食品经营许可", "", "王*")) == "食品经营许可 · 王*"
    assert words.say(msg("review.count", n=1240, limit=500)) == "1,240 / 500 字"


def test_a_catalogue_reads_continued_lines_and_escapes(tmp_path: Path) -> None:
    file = tmp_path / "x.po"
    file.write_text('msgid ""\nmsgstr "h"\n\n# why\nmsgid "x."\n"a"\nmsgstr "one\\n"\n"\\"two\\""\n', encoding="utf-8")
    assert read_po(file) == {"x.a": 'one\n"two"'}
    file.write_text("not a catalogue", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        read_po(file)
