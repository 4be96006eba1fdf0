"""Which way a desk goes through the restores of its district."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yichuang_domain.log_epoch import EpochReason, Opening, Step, follow, is_signed

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def opening(previous: str, epoch: str, size: int) -> Opening:
    """An opening that says no more than it must."""
    return Opening(
        district="330402",
        epoch=epoch,
        previous=previous,
        size=size,
        root="",
        backup_time=NOON,
        opened_time=NOON,
        reason=EpochReason.LOST,
    )


AB, BC, AC, CD = opening("a", "b", 40), opening("b", "c", 60), opening("a", "c", 30), opening("c", "d", 90)


@pytest.mark.parametrize(
    ("epoch", "known", "told", "step"),
    [
        ("a", [], [AB], Step(epoch="b", size=40)),
        ("b", [AB], [AB, BC], Step(epoch="c", size=60)),
        ("a", [], [AB, BC], Step(epoch="c", size=40)),  # away for two restores
        ("b", [AB], [AC], Step(epoch="c", size=30)),  # restored once more, from a backup of before the first time
        ("c", [AB, BC], [AC, CD], Step(epoch="d", size=90)),
        ("b", [AB], [CD], None),
        ("x", [], [AB, BC], None),
        ("a", [], [AB, CD], None),
        ("a", [], [], None),
    ],
)
def test_a_desk_follows_openings_that_lead_from_where_it_is(
    epoch: str, known: list[Opening], told: list[Opening], step: Step | None
) -> None:
    assert follow(epoch, known, told) == step


def test_two_different_people_sign() -> None:
    assert [is_signed(people) for people in ([], ["1"], ["1", "1"], ["1", "2"])] == [False, False, False, True]
