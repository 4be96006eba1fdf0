"""150 desks come at once: what is needed comes first, nobody asks too often, and everybody gets a place."""

from __future__ import annotations

import random
from contextlib import ExitStack

import pytest

from yichuang_server.services.admission import ASKED_PER_SECOND, LONGEST_S, STALLED_S, Admission
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.packing import Packed, Packing


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.time


def sent_away(admission: Admission, desk: str) -> int:
    """After how many seconds the desk shall come again."""
    with pytest.raises(DistrictError) as caught, admission.inside(desk):
        raise AssertionError("there was a place")
    assert caught.value.fault is Fault.BUSY
    return int(caught.value.detail["retry_s"])


def test_there_are_so_many_places_and_the_later_comes_who_has_more_before() -> None:
    admission = Admission(2, Clock())
    with admission.inside("1"), admission.inside("2"):
        told = [sent_away(admission, str(desk)) for desk in range(3, 153)]
        assert told == sorted(told)
        assert (told[0], told[-1]) == (1, 50)
        assert admission.waiting == 150
    with admission.inside("3"):
        assert admission.waiting == 149


def test_what_can_wait_waits_until_nobody_lacks_what_is_needed() -> None:
    clock = Clock()
    admission = Admission(1, clock)
    admission.after_what_is_needed()
    with admission.inside("1"):
        sent_away(admission, "2")
    with pytest.raises(DistrictError):
        admission.after_what_is_needed()
    with admission.inside("2"):
        pass
    admission.after_what_is_needed()
    with admission.inside("1"):
        sent_away(admission, "3")
    clock.time = 10.0  # it has not come again: it is away
    admission.after_what_is_needed()


def test_a_stream_that_does_not_move_gives_up_its_place_and_one_that_moves_does_not() -> None:
    clock = Clock()
    admission = Admission(1, clock)
    with ExitStack() as stack:
        moved = stack.enter_context(admission.inside("1"))
        clock.time = STALLED_S - 1
        moved()
        clock.time = STALLED_S + 1
        sent_away(admission, "2")
        clock.time = 2 * STALLED_S
        stack.enter_context(admission.inside("2"))


@pytest.mark.parametrize("seed", range(3))
def test_150_desks_all_get_a_place_and_no_place_stays_empty_for_long(seed: int) -> None:
    clock, chance = Clock(), random.Random(seed)
    admission, fetch_s, places = Admission(8, clock), 5.0, 8
    coming = [(0.0, desk) for desk in range(150)]
    leaving: list[tuple[float, int, ExitStack]] = []
    asked = 0
    while coming or leaving:
        coming.sort()
        leaving.sort(key=lambda one: one[:2])
        if leaving and (not coming or leaving[0][0] <= coming[0][0]):
            clock.time, _, stack = leaving.pop(0)
            stack.close()
            continue
        clock.time, desk = coming.pop(0)
        asked, stack = asked + 1, ExitStack()
        try:
            stack.enter_context(admission.inside(str(desk)))
            leaving.append((clock.time + fetch_s, desk, stack))
        except DistrictError as error:
            coming.append((clock.time + int(error.detail["retry_s"]) * (0.5 + chance.random()), desk))
    ideal = 150 / places * fetch_s
    assert clock.time < 1.25 * ideal
    assert asked < 150 + 2 * ASKED_PER_SECOND * clock.time


def test_nobody_is_told_to_come_after_more_than_a_minute() -> None:
    admission = Admission(1, Clock())
    with admission.inside("1"):
        assert max(sent_away(admission, str(desk)) for desk in range(2, 400)) == LONGEST_S


def test_the_same_change_is_packed_once() -> None:
    packing, asked = Packing(), list[int]()

    def text(version: int) -> Packed:
        return packing.packed(0, version, lambda: asked.append(version) or bytes(100_000))  # type: ignore[func-returns-value]

    assert text(1) == text(1) != Packed(data=b"", tag="")
    assert len(text(1).data) < 1_000
    for version in range(2, 7):
        text(version)
    text(1)
    assert asked == [1, 2, 3, 4, 5, 6, 1]
