"""What is drawn, or made ahead, step by step: in order, whole, and with the keys heard in between."""

from __future__ import annotations

from collections.abc import Iterator

from tests.client.ui.conftest import Person
from yichuang_client.ui.ahead import Ahead
from yichuang_client.ui.screen import Screen
from yichuang_client.ui.widgets.base import Box

STEPS = 3


class Stepwise(Screen[int]):
    """A screen that draws in three steps and notes them."""

    name = "stepwise"

    def __init__(self, person: Person) -> None:
        bench = person.studio.bench
        super().__init__(Box(bench.window, bench.kit), bench)
        self.seen: list[tuple[int, int]] = []
        self.told: int | None = None

    def draw(self, model: int, before: int | None) -> Iterator[None]:
        """Note the steps; what is told meanwhile comes from within the second one."""
        for step in range(STEPS):
            self.seen.append((model, step))
            if step == 1 and self.told is not None:
                told, self.told = self.told, None
                self.show(told)
            yield


def whole(*models: int) -> list[tuple[int, int]]:
    """All steps of these models, in order."""
    return [(model, step) for model in models for step in range(STEPS)]


def test_steps_give_the_control_back_and_what_waits_comes_after_the_last(person: Person) -> None:
    screen, came = Stepwise(person), list[int]()
    screen.show(1)
    screen.when_drawn(lambda: came.append(len(screen.seen)))
    assert (screen.seen, came) == ([(1, 0)], [])
    person.wait(lambda: bool(came))
    assert (screen.seen, came) == (whole(1), [STEPS])
    screen.when_drawn(lambda: came.append(-1))
    assert came[-1] == -1


def test_a_newer_model_lets_the_older_be_drawn_whole_first(person: Person) -> None:
    screen = Stepwise(person)
    screen.show(1)
    screen.show(2)
    assert screen.seen == [*whole(1), (2, 0)]
    screen.complete()
    assert screen.seen == whole(1, 2)


def test_a_model_that_a_step_itself_brings_is_drawn_after_it(person: Person) -> None:
    screen, came = Stepwise(person), list[int]()
    screen.told = 2
    screen.show(1)
    screen.when_drawn(lambda: came.append(len(screen.seen)))
    person.wait(lambda: bool(came))
    assert (screen.seen, came) == (whole(1, 2), [2 * STEPS])


def test_nothing_is_made_ahead_while_somebody_types(person: Person) -> None:
    quiet, made = [0.0], list[int]()

    def steps() -> Iterator[None]:
        for number in range(STEPS):
            made.append(number)
            yield

    ahead = Ahead(person.studio.bench.window, lambda: quiet[0])
    ahead.take(steps())
    person.studio.settle(100)
    assert made == []
    quiet[0] = 60.0
    person.wait(lambda: made == list(range(STEPS)))
    ahead.close()
