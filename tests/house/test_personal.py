"""A person's data stands in ``Personal`` only: walked over every action and every event."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import make_dataclass

import pytest

from tests.house.personal_rule import PLAIN_TEXT, exposed_fields
from yichuang_domain.actions import Action
from yichuang_domain.events import Event

ACTS = (*typing.get_args(Action), *typing.get_args(Event))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_no_text_of_an_act_can_hold_a_persons_data(act: type) -> None:
    assert exposed_fields(act) == []


def test_every_plain_text_field_is_still_needed() -> None:
    for name in PLAIN_TEXT:
        without = {key: reason for key, reason in PLAIN_TEXT.items() if key != name}
        assert any(exposed_fields(act, without) for act in ACTS), f"{name} is used by no act"


@pytest.mark.parametrize(
    "kind", [str, str | None, tuple[str, ...], dict, bytes, float, object, Mapping[str, str]], ids=str
)
def test_the_rule_finds_a_planted_field(kind: object) -> None:
    planted = make_dataclass("Planted", [("remark", kind)], frozen=True, kw_only=True)
    outer = make_dataclass("Outer", [("inner", tuple[planted, ...])], frozen=True, kw_only=True)  # type: ignore[valid-type]
    assert exposed_fields(outer) != []
