"""The training district: its robot at work as section, and that nothing of a real district fits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.server.houses import TestDesk, TestHouse, new_case, new_house
from tests.support.cases import ITEM, REVIEWER, SECTION_ITEM, handed_in, receive
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.training import TRAINING_DISTRICT
from yichuang_server.services import robot
from yichuang_server.services.robot import Robot
from yichuang_server.services.robot_mind import ASKED_ONE_IN, REFUSED_ONE_IN, is_chosen
from yichuang_server.store.database import migrate, open_database

ALL = ("form", "lease", "health")


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TestHouse]:
    engine = open_database(f"sqlite:///{tmp_path / 'district.sqlite'}")
    migrate(engine)
    yield new_house(engine, tmp_path, TRAINING_DISTRICT)
    engine.dispose()


def case_that(*, is_asked: bool, is_refused: bool) -> str:
    """A new case's id for which the robot has made up its mind in that way."""
    while True:
        case = SimpleNamespace(case=new_case())
        asked = is_chosen(case, "supplement", ASKED_ONE_IN)  # type: ignore[arg-type]
        refused = is_chosen(case, "refuse", REFUSED_ONE_IN)  # type: ignore[arg-type]
        if (asked, refused) == (is_asked, is_refused):
            return str(case.case)


def take_in(desk: TestDesk, case: str, item: ItemVersion = ITEM, materials: tuple[str, ...] = ALL) -> None:
    number = f"999999-0137-20261124-0001-{case[:1].upper()}"
    assert desk.act(case, 1, replace(receive(*materials, item=item), item_version=1, number=number)) == "RECORDED"


def play(house: TestHouse, player: Robot, steps: int = 8) -> None:
    """Let the robot work for as long as all its delays together may take."""
    for _ in range(steps):
        house.clock.forward(seconds=robot.LONGEST)
        player.step()


def a_robot(house: TestHouse, pace: float = 1.0) -> Robot:
    return Robot(house.house, robot.enlist(house.house, None), pace)


def test_the_robot_reviews_verifies_and_grants_what_the_counter_accepted(training: TestHouse) -> None:
    player, desk, case = a_robot(training), training.desk("town"), case_that(is_asked=True, is_refused=False)
    take_in(desk, case)
    play(training, player)
    desk.pull()
    assert desk.events(case) == ["Received"], "what lies for the counter stays there"
    assert desk.act(case, 1, a.Accept(docno="练受")) == "RECORDED"
    play(training, player)
    desk.pull()
    assert desk.events(case)[2:] == [
        "Claimed",
        "OpinionSigned",
        "Claimed",
        "OpinionSigned",
        "Granted",
        "MadeReady",
    ]
    first, second = (record.person for record in desk.log(case) if type(record.event).__name__ == "OpinionSigned")
    assert (first, second) == ("robot-market-reviewer", "robot-market-verifier")
    assert not [record for record in desk.log(case) if record.irregular]


def test_the_robot_asks_once_and_refuses_where_its_mind_says_so(training: TestHouse) -> None:
    player, desk, case = a_robot(training), training.desk("town"), case_that(is_asked=True, is_refused=True)
    take_in(desk, case, SECTION_ITEM)
    play(training, player)
    desk.pull()
    assert desk.events(case) == ["Received", "Claimed", "SupplementTold"]
    assert desk.act(case, 1, a.BringSupplement(materials=(handed_in("form"),))) == "RECORDED"
    play(training, player)
    desk.pull()
    assert "Accepted" in desk.events(case)
    assert desk.events(case)[-2:] == ["PermitRefused", "MadeReady"]
    assert desk.events(case).count("SupplementTold") == 1


def test_what_lacks_is_told_and_nothing_is_done_before_its_time(training: TestHouse) -> None:
    player, desk, case = a_robot(training), training.desk("town"), case_that(is_asked=False, is_refused=False)
    take_in(desk, case, SECTION_ITEM, ("form",))
    training.clock.forward(seconds=robot.SHORTEST - 1)
    assert player.step() == 0
    play(training, player)
    desk.pull()
    told = desk.log(case)[-1].event
    assert [point.material for point in told.points] == ["lease", "health"]  # type: ignore[union-attr]


def test_a_pace_shortens_the_delays_and_a_restart_keeps_desk_and_people(training: TestHouse) -> None:
    first = robot.enlist(training.house, None)
    again = robot.enlist(training.house, first)
    assert again is first
    player, desk, case = (
        Robot(training.house, again, 0.001),
        training.desk("town"),
        case_that(is_asked=False, is_refused=False),
    )
    take_in(desk, case)
    assert desk.act(case, 1, a.Accept(docno="练受")) == "RECORDED"
    for _ in range(12):
        training.clock.time += timedelta(seconds=1)
        player.step()
    desk.pull()
    assert desk.events(case)[-1] == "MadeReady"


def test_a_case_that_a_person_of_the_section_took_is_theirs(training: TestHouse) -> None:
    player, desk, case = a_robot(training), training.desk("town"), case_that(is_asked=False, is_refused=False)
    section = training.desk("hall", "market", REVIEWER)
    take_in(desk, case)
    assert desk.act(case, 1, a.Accept(docno="练受")) == "RECORDED"
    section.pull()
    assert section.act(case, 1, a.Claim()) == "RECORDED"
    play(training, player)
    desk.pull()
    assert desk.events(case) == ["Received", "Accepted", "Claimed"]


def test_no_robot_works_in_a_real_district(training: TestHouse) -> None:
    real = replace(training.house, district="330402")
    with pytest.raises(robot.NotTrainingError):
        robot.enlist(real, None)
