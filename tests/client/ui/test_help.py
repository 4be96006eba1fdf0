"""F1: the handbook in place of the page, with the page's keys; Esc leads back and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.client.ui.conftest import Person
from tests.support import samples_frame as frame
from tests.support.counter import Immediate, a_desk
from tests.support.desk import open_store
from tests.support.listener import Listener
from tests.support.screens import Shot, Studio, shots
from yichuang_client.presenters.help import HelpPresenter
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.tour import Tour, TourModel
from yichuang_client.ui.workbench import Late, Workbench

NAMES = ScreenName


def words(widget: Any) -> str:
    """All that stands on a surface."""
    options = widget.keys()
    own = str(widget.cget("text")) if "text" in options else ""
    if widget.winfo_class() == "Text":
        own = widget.get("1.0", "end")
    return " ".join([own, *(words(child) for child in widget.winfo_children())])


class TourView:
    """The guide in the studio's window, as the workplace shows it."""

    tour: Tour

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def show(self, model: TourModel | None) -> None:
        """As ``View.show``."""
        self._bench.show_tour(model, lambda: self.tour.next(), lambda: self.tour.end())

    def focus(self, field: str) -> None:
        """As ``View.focus``."""

    flash = focus


@pytest.fixture
def reader(studio: Studio) -> HelpPresenter:
    """The handbook behind the studio's F1, as the client wires it."""
    bench, events = studio.bench, Late()
    came: list[ScreenName] = []
    made = HelpPresenter(bench.screen(NAMES.HELP, events), Immediate(), "zh", lambda: bench.raise_screen(came[-1]))
    events.presenter = made

    def asked() -> None:
        assert bench.seen is not None
        came.append(bench.seen)
        keys = bench.keys_of_page()
        made.open(bench.seen, is_section=False, acts=keys.acts, places=keys.places, more=keys.more)
        bench.raise_screen(NAMES.HELP)

    bench.help_by(asked)
    studio.shell_events.__dict__["help"] = asked
    return made


def test_the_page_of_the_screen_and_what_the_bar_and_the_rail_say(
    person: Person, studio: Studio, reader: HelpPresenter
) -> None:
    person.pose(next(shot for shot in shots() if shot.name == "sync"))
    before = person.focus
    person.press("F1")
    assert studio.bench.seen is NAMES.HELP and person.focus == "help.search"
    shown = words(studio.outlets[NAMES.HELP].screen or studio.bench.window)
    for word in (
        "没有网络的时候",
        "摆渡",
        "F5",
        "马上重试",
        "Ctrl+D",
        "复制诊断",
        "Ctrl+2",
        "我的办件",
        "空格 看全原因",
    ):
        assert word in shown
    person.press("F5")
    assert studio.listener(NAMES.SYNC).names() == [], "the page behind hears nothing"
    person.press("Down")
    person.type("F9")
    person.press("Next", "Escape")
    assert studio.bench.seen is NAMES.SYNC and person.focus == before
    person.press("F5")
    assert studio.listener(NAMES.SYNC).last("act") == ("retry",)


def test_what_was_typed_before_the_work_is_still_there(person: Person, studio: Studio, reader: HelpPresenter) -> None:
    person.pose(Shot(name="x", screen=NAMES.SIGN_IN, model=frame.SIGN_IN, focus="password"))
    person.type("Juzi")
    person.press("F1")
    assert studio.bench.seen is NAMES.HELP and studio.bench.keys_of_page().acts == ()
    person.press("F1")
    assert studio.bench.seen is NAMES.SIGN_IN and person.focus == "sign_in.password"
    person.type("9")
    person.press("Return")
    heard: Listener = studio.listener(NAMES.SIGN_IN)
    assert heard.last("sign_in") == ("limin", "Juzi9", "")


def test_the_question_of_the_strip_is_still_asked(person: Person, studio: Studio, reader: HelpPresenter) -> None:
    desk, asking = (shot for shot in shots() if shot.name in ("review", "review_refusing"))
    person.pose(desk)
    studio.outlets[NAMES.REVIEW].show(asking.model)
    person.wait(lambda: person.focus.startswith("confirm."))
    before = person.focus
    person.press("F1", "Escape")
    assert studio.bench.seen is NAMES.REVIEW and person.focus == before
    person.type("x")
    key, text = studio.listener(NAMES.REVIEW).last("type_in")
    assert before == f"confirm.{key}" and text.endswith("x")


def test_the_guide_moves_the_page_and_takes_nothing(person: Person, studio: Studio, tmp_path: Path) -> None:
    store, bench = open_store(tmp_path), studio.bench
    tour = Tour(TourView(bench), a_desk(store), is_section=False)
    TourView.tour = tour
    person.pose(next(shot for shot in shots() if shot.name == "intake_start"))
    before = person.focus
    tour.greet()
    person.studio.settle(50)
    assert before == person.focus == "intake.search" and "1 / 7" in words(bench.window)
    person.type("spjyxk")
    assert studio.listener(NAMES.INTAKE).last("search") == ("spjyxk",)
    person.press("ctrl+n")
    assert "2 / 7" in words(bench.window) and person.focus == "intake.search"
    bench.raise_screen(NAMES.DEVICES)
    assert "2 / 7" in words(bench.window)
    bench.raise_screen(NAMES.INTAKE)
    person.press("Escape")
    assert not tour.is_shown and "2 / 7" not in words(bench.window)
    assert studio.listener(NAMES.INTAKE).names()[-1] == "cancel", "Esc is the page's too"
    store.close()
