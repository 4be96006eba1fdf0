"""带看: once a person and desk, step by step, again when asked for; without Tk, on the real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.counter import Shown, a_desk, both
from tests.support.desk import CLERK, REVIEWER, open_store
from yichuang_client.presenters.tour import COUNTER, SECTION, Tour
from yichuang_client.store.store import Store
from yichuang_domain.ids import PersonId

WU = replace(CLERK, person=PersonId("wuhao"), name="吴昊")


class Newcomer:
    """Somebody who sits down."""

    def __init__(self, store: Store, person: Any = CLERK, *, is_section: bool = False) -> None:
        self.view = Shown()
        self.tour = Tour(self.view, a_desk(store, person), is_section=is_section)
        self.tour.greet()

    @property
    def is_shown_around(self) -> bool:
        """Whether a step is to be seen."""
        return bool(self.view.models) and self.view.last is not None


def test_it_greets_a_person_once_at_this_desk(store: Store) -> None:
    assert Newcomer(store).is_shown_around
    assert not Newcomer(store).is_shown_around
    assert Newcomer(store, WU).is_shown_around


def test_it_is_remembered_in_the_encrypted_store(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    assert Newcomer(first).is_shown_around
    first.close()
    again = open_store(tmp_path)
    assert not Newcomer(again).is_shown_around
    again.close()


@pytest.mark.parametrize(("is_section", "steps"), [(False, COUNTER), (True, SECTION)])
def test_the_steps_follow_each_other_and_end(store: Store, is_section: bool, steps: tuple[str, ...]) -> None:
    newcomer = Newcomer(store, REVIEWER if is_section else CLERK, is_section=is_section)
    titles = []
    while newcomer.tour.is_shown:
        step = newcomer.view.last
        titles.append(both(step.title, step.text, step.count))
        assert step.is_last == (len(titles) == len(steps))
        newcomer.tour.next()
    assert len(titles) == len(set(titles)) == len(steps) and 5 <= len(steps) <= 7
    assert newcomer.view.last is None
    newcomer.tour.next()
    assert newcomer.view.last is None


def test_it_is_ended_at_any_step_and_comes_again_when_asked_for(store: Store) -> None:
    newcomer = Newcomer(store)
    newcomer.tour.next()
    newcomer.tour.end()
    assert not newcomer.is_shown_around
    newcomer.tour.begin()
    assert newcomer.is_shown_around and both(newcomer.view.last.count) == ("1 / 7", "1 / 7")


def test_a_store_that_is_closed_begins_nothing(tmp_path: Path) -> None:
    closed = open_store(tmp_path)
    closed.close()
    assert not Newcomer(closed).is_shown_around
