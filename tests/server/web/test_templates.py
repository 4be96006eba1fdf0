"""Templates put out what a page holds, a page holds what the public view holds, and that is little."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from jinja2 import nodes

from tests.server.web.views import IN_REVIEW
from yichuang_server.web import matter_pages, pages
from yichuang_server.web.application import environment
from yichuang_server.web.public import (
    DueDate,
    DueKind,
    MatterView,
    Situation,
    Stage,
    StageKey,
    StageState,
    TrackingView,
)
from yichuang_server.web.texts import Language, texts

ENVIRONMENT = environment()
TEMPLATES = sorted(ENVIRONMENT.list_templates())
PAGES = {
    "track.html": pages.TrackPage,
    "verify.html": pages.VerifyPage,
    "matter.html": matter_pages.MatterPage,
    "home.html": pages.HomePage,
    "message.html": pages.Page,
    "base.html": pages.Page,
    "head.html": pages.Page,
    "icons.html": pages.Page,
}
ROWS = {"due": pages.DueLine, "stage": pages.StageLine, "fact": pages.Fact, "case": matter_pages.CaseLine}
FREE = {"t", "district", "icons", "is_training", "parts"}


def parsed(name: str) -> nodes.Template:
    source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)  # type: ignore[union-attr]
    return ENVIRONMENT.parse(source)


def test_public_view_holds_only_what_is_public() -> None:
    """The whole of the public: growing this list is a decision about every citizen."""
    assert {(f.name, str(f.type)) for f in dataclasses.fields(TrackingView)} == {
        ("situation", "Situation"),
        ("stages", "tuple[Stage, ...]"),
        ("dues", "tuple[DueDate, ...]"),
        ("section_alias", "str | None"),
        ("item", "str | None"),
        ("number_tail", "str | None"),
    }
    assert typing.get_type_hints(Stage) == {
        "key": StageKey,
        "state": StageState,
        "time": datetime | None,
        "on": date | None,
    }
    assert typing.get_type_hints(MatterView) == {
        "cases": tuple[TrackingView, ...],
        "name": str | None,
        "number_tail": str | None,
    }
    assert typing.get_type_hints(DueDate) == {"kind": DueKind, "on": date, "is_provisional": bool}


def test_pages_are_made_of_the_view_and_words_alone() -> None:
    for make in (pages.track, pages.verify):
        hints = typing.get_type_hints(make)
        hints.pop("return")
        assert list(hints.values()) == [TrackingView, type(texts(Language.CHINESE))]
    for of_matter in (matter_pages.track_matter, matter_pages.verify_matter):
        hints = typing.get_type_hints(of_matter)
        hints.pop("return")
        assert list(hints.values()) == [MatterView, type(texts(Language.CHINESE))]
    assert list(typing.get_type_hints(pages.unknown)) == ["texts", "return"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_name_only_fields_of_their_page(name: str) -> None:
    tree = parsed(name)
    loops = {n.target.name: n for n in tree.find_all(nodes.For) if isinstance(n.target, nodes.Name)}
    macros = {a.name for m in tree.find_all(nodes.Macro) for a in m.args}
    for used in tree.find_all(nodes.Name):
        assert used.name in FREE | {"page"} | set(loops) | macros, f"{name} names {used.name}"
    for got in tree.find_all(nodes.Getattr):
        if not isinstance(got.node, nodes.Name):
            assert got.attr == "value", f"{name} reaches through to {got.attr}"
        elif got.node.name == "page":
            assert got.attr in {f.name for f in dataclasses.fields(PAGES[name])}
        elif got.node.name in ROWS:
            assert got.attr in {f.name for f in dataclasses.fields(ROWS[got.node.name])}
        elif got.node.name == "t":
            assert got.attr == "language"
        else:
            assert got.node.name in {"icons", "parts"}, f"{name} reads {got.node.name}.{got.attr}"
    assert not list(tree.find_all(nodes.Getitem)) and not list(tree.find_all(nodes.Filter))


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_no_words_of_their_own(name: str) -> None:
    source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)  # type: ignore[union-attr]
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\{#.*?#\}", "", source, flags=re.S))


def test_both_languages_have_the_same_sentences_and_places() -> None:
    chinese, english = texts(Language.CHINESE), texts(Language.ENGLISH)
    assert chinese.keys == english.keys
    for key in chinese.keys - {"format.day", "format.moment"}:
        assert set(re.findall(r"\{(\w+)\}", chinese(key))) >= set(re.findall(r"\{(\w+)\}", english(key))), key


def test_every_sentence_has_a_use() -> None:
    keys = texts(Language.CHINESE).keys
    for situation in Situation:
        assert {f"situation.{situation}.{part}" for part in ("headline", "next", "stage")} <= keys
    for stage in StageKey:
        assert {f"stage.{stage}.{part}" for part in ("name", *StageState)} <= keys
    assert {f"due.{kind}" for kind in DueKind} | {f"stage_state.{state}" for state in StageState} <= keys
    constant = {key for name in TEMPLATES for key in _keys(parsed(name))}
    assert constant <= keys


def _keys(tree: nodes.Template) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and isinstance(call.args[0], nodes.Const):
            yield call.args[0].value


def test_view_refuses_a_full_number_and_stages_out_of_order() -> None:
    with pytest.raises(ValueError, match="end of the number"):
        dataclasses.replace(IN_REVIEW, number_tail="330402-0137-20261124-0001-X")
    with pytest.raises(ValueError, match="in their order"):
        dataclasses.replace(IN_REVIEW, stages=IN_REVIEW.stages[::-1])
    with pytest.raises(ValueError, match="only a stopped"):
        dataclasses.replace(IN_REVIEW, stages=IN_REVIEW.stages[:3])
    with pytest.raises(ValueError, match="no time"):
        Stage(key=StageKey.ISSUE, state=StageState.FUTURE, time=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="aware"):
        Stage(key=StageKey.ISSUE, state=StageState.DONE, time=datetime(2026, 1, 1))
