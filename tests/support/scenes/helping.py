"""帮助: the handbook's page behind F1."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.counter import Immediate, Shown
from tests.support.intake_clerk import IntakeClerk
from tests.support.scenes.stage import Scene, Stage, shell
from yichuang_client.presenters.help import HelpPresenter
from yichuang_client.presenters.models.common import msg
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.tour import Tour

_ACTS = (("F5", "scan"), ("F6", "check"), ("F8", "receive"), ("F9", "accept"))
_PLACES = (("F2", "INTAKE"), ("Ctrl+2", "CASES"), ("Ctrl+3", "SUPPLEMENTS"), ("Ctrl+4", "ISSUES"), ("Ctrl+7", "SYNC"))


def _tour(stage: Stage) -> Iterator[Scene]:
    clerk, view = IntakeClerk(stage.store()), Shown()
    tour = Tour(view, clerk.desk, is_section=False)
    tour.begin()
    for step in ("first", "missing", "last"):
        model = clerk.model
        yield Scene(name=f"tour-{step}", screen=ScreenName.INTAKE, model=model, shell=shell("intake"), tour=view.last)
        if step == "first":
            clerk.take_food()
        for _ in range(2 if step == "first" else 4):
            tour.next()


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    for screen in (ScreenName.INTAKE, ScreenName.SIGN_IN, ScreenName.SYNC):
        view = Shown()
        presenter = HelpPresenter(view, Immediate(), stage.language, lambda: None)
        acts = tuple((key, msg(f"intake.act_{name}")) for key, name in _ACTS) if screen is ScreenName.INTAKE else ()
        places = tuple((key, msg(f"shell.place_{name}")) for key, name in _PLACES)
        presenter.open(screen, is_section=False, acts=acts, places=places if screen is not ScreenName.SIGN_IN else ())
        yield Scene(name=f"help-{screen}", screen=ScreenName.HELP, model=view.last)
    yield from _tour(stage)
    presenter.search("F9")
    yield Scene(name="help-found", screen=ScreenName.HELP, model=view.last)
    presenter.search("xyzw")
    yield Scene(name="help-none", screen=ScreenName.HELP, model=view.last)
