"""A late decision at the review desk: said on top, adopted by one key, settled by whatever is decided next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.presenters.test_review import reviewer
from tests.support.section import FOOD, XU, ZHOU, House, said
from yichuang_domain.actions import SignOpinion, Verdict


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def test_a_decision_that_came_late_stands_above_the_case_and_is_adopted_by_f11(house: House) -> None:
    case = house.taken_in(FOOD, accepted=True).case
    text = house.clerk().seal("现场与图纸一致。")
    seat = reviewer(house).sit_down()
    seat.press_key("F8")
    seat.answered()
    house.came_late(case, ZHOU, SignOpinion(verdict=Verdict.GRANT, text=text))
    seat.answered()
    assert seat.banner == "CAME_LATE 周静 在接手之前已审核意见，件到得晚，没有记上"
    banner = seat.model.banner
    assert banner is not None and said(banner.hint) == "同意就按 F11 采用，不同意不用管"
    labels = {act.key: said(act.label) for act in seat.model.bar.acts}
    assert (labels["F11"], labels["F6"]) == ("采用", "特别程序")
    seat.press_key("F11")
    seat.answered()
    (opinion,) = house.cases[case].opinions
    assert (opinion.person, opinion.text.value) == (XU.person, "现场与图纸一致。")
    assert seat.banner == ""
