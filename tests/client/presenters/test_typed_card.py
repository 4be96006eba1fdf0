"""Readers that stand for a keyboard: what counts as a card, and what is a person's typing."""

from __future__ import annotations

import pytest

from tests.support.cards import NAME, NUMBER
from yichuang_client.presenters.typed_card import GAP_MS, KeyRun, TypedCard, read_typed


def enter(text: str, *, gap_ms: int = 5, enter_ms: int = 5) -> TypedCard | None:
    """Type with these pauses, then Enter."""
    run, at = KeyRun(), 1000
    for character in text:
        at += gap_ms
        run.add(character, at)
    return run.end(at + enter_ms)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (NUMBER, ""),
        (f"{NAME}\t{NUMBER}", NAME),
        (f"{NUMBER},{NAME}", NAME),
        (f"{NAME}|男|汉|19800101|凤桥镇禾清路1号|{NUMBER}|凤桥镇公安分局", NAME),
        (f"阿卜杜拉·买买提 {NUMBER}", "阿卜杜拉·买买提"),
    ],
)
def test_what_a_reader_types(text: str, name: str) -> None:
    found = enter(text)
    assert found is not None
    assert (found.number, found.name) == (NUMBER, name)


def test_a_small_x_is_meant_large() -> None:
    found = enter("11010519491231002x")
    assert found is not None
    assert found.number == "11010519491231002X"


@pytest.mark.parametrize(
    "text", ["", "abc", NUMBER[:-1], NUMBER[:-1] + "2", NUMBER * 2, f"{NUMBER} {NUMBER}", NAME * 9]
)
def test_what_is_no_card(text: str) -> None:
    assert enter(text) is None


def test_what_a_person_types_is_never_a_card() -> None:
    assert enter(NUMBER, gap_ms=GAP_MS + 1) is None
    assert enter(NUMBER, enter_ms=GAP_MS + 1) is None


def test_one_pause_begins_a_new_run() -> None:
    run = KeyRun()
    begun = [run.add(character, at) for at, character in enumerate("ab", start=1)]
    assert begun == [True, False]
    assert run.add("c", 2 + GAP_MS + 1)
    for at, character in enumerate(NUMBER, start=1000):
        run.add(character, at)
    found = run.end(1020)
    assert found is not None
    assert run.end(1021) is None


def test_a_card_names_nobody_in_a_trace() -> None:
    assert NUMBER not in repr(read_typed(f"{NAME} {NUMBER}"))
