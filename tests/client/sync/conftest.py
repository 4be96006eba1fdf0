"""One real district a module, and desks in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.sync.seats import Seat
from tests.support.district import RunningDistrict


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    """A district that serves."""
    running = RunningDistrict(tmp_path_factory.mktemp("district") / "data", second_factor=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def new_seat(district: RunningDistrict, tmp_path: Path) -> Iterator[Callable[[str], Seat]]:
    """Makes machines that are no desks yet; closes them at the end."""
    seats: list[Seat] = []

    def make(name: str) -> Seat:
        seats.append(Seat(tmp_path / name, district))
        return seats[-1]

    yield make
    for seat in seats:
        seat.session.close()
