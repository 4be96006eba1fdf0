"""出件 and 审批: results on their way out of the house, and the desks on which they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from tests.client.presenters.test_issue import Screen as IssueScreen, granted
from tests.client.presenters.test_review import reviewer
from tests.support.counter import Waiting
from tests.support.scenes.stage import OFFLINE, Scene, Stage, section_shell, shell
from tests.support.section import FOOD, SALON, House
from yichuang_client.presenters.models.queues import IssueAct
from yichuang_client.presenters.models.session import ScreenName

ISSUES = ScreenName.ISSUES


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    yield from _issue(stage)
    yield from _review(stage)


def _issue(stage: Stage) -> Iterator[Scene]:
    def scene(state: str, screen: IssueScreen, *, offline: bool = False) -> Scene:
        frame = shell(ISSUES, OFFLINE) if offline else shell(ISSUES)
        return Scene(name=f"issue-{state}", screen=ScreenName.ISSUE, model=screen.model, shell=frame)

    store = stage.store()
    screen = IssueScreen(store, granted(store), stage.press)
    yield scene("empty", screen)
    screen.print()
    screen.print("A0000009")
    yield scene("certificate", screen)
    waiting = Waiting()
    other = stage.store()
    busy = IssueScreen(other, granted(other), stage.press, machines=waiting)
    busy.print()
    yield scene("busy", busy)
    third = stage.store()
    broken = IssueScreen(third, granted(third), stage.press)
    broken.sheets.is_away = True
    broken.print()
    yield scene("error", broken)
    fourth = stage.store()
    done = IssueScreen(fourth, granted(fourth), stage.press, on_line=lambda: False)
    done.print_all()
    done.presenter.act(IssueAct.DELIVER)
    yield scene("offline", done, offline=True)


def _review(stage: Stage) -> Iterator[Scene]:
    house = House(stage.folder())
    try:
        for _ in range(2):
            house.taken_in(FOOD, accepted=True)
        house.taken_in(SALON)
        seat = reviewer(house, press=stage.press).sit_down()

        turns = count(1)

        def scene(state: str, *, offline: bool = False) -> Scene:
            frame = section_shell(ScreenName.REVIEW, OFFLINE) if offline else section_shell(ScreenName.REVIEW)
            model, case = seat.model, seat.model.case
            if case is not None:  # as on a window of its own, which takes the whole text over
                opinion = replace(case.opinion, revision=next(turns))
                model = replace(model, case=replace(case, opinion=opinion))
            return Scene(name=f"review-{state}", screen=ScreenName.REVIEW, model=model, shell=frame)

        yield scene("queue")
        seat.press_key("F8")
        yield scene("claiming")
        seat.answered()
        seat.presenter.write_opinion("材料齐全，符合法定形式。")
        seat.press_key("F9")
        yield scene("agreeing")
        seat.presenter.cancel()
        seat.on_line = False
        seat.presenter.open()
        yield scene("offline", offline=True)
    finally:
        house.close()
