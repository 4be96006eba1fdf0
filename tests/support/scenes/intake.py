"""受理: the start page, the form in its states, a matter, certificates instead of papers, a correction, practice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.counter import Line as District, Shown, an_item, at_counter
from tests.support.desk import sample_items, sample_matters
from tests.support.intake_clerk import ANSWERS, FOOD, ID, IntakeClerk, a_counter
from tests.support.samples_pages import APPLICATION, HEALTH, IDENTITY, LAYOUT, LEASE
from tests.support.scenes.stage import OFFLINE, Scene, Stage, a_sheet, shell
from yichuang_client.presenters.briefing import BriefingPresenter
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_domain.material import required

INTAKE = ScreenName.INTAKE
_LOOKS = {"layout": LAYOUT, "place_leased": LEASE, "health": HEALTH, "identity": IDENTITY}
_LOST_WORK = "失业一件事"


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    yield from _start(stage)
    yield from _form(stage)
    yield from _asked(stage)
    yield from _matter(stage)
    yield from _certificates(stage)
    yield from _briefing(stage)


def scene(state: str, clerk: IntakeClerk, *, offline: bool = False, focus: str = "", practice: bool = False) -> Scene:
    """The intake as the clerk sees it."""
    frame = shell(INTAKE, OFFLINE) if offline else shell(INTAKE)
    return Scene(
        name=f"intake-{state}", screen=INTAKE, model=clerk.model, shell=frame, focus=focus, is_practice=practice
    )


def scanned(clerk: IntakeClerk, *but: str) -> None:
    """Scan the project's own pages for everything that is scanned."""
    tray, work = clerk.tray(), at_counter(clerk.store)
    keys = [m.key for m in required(an_item(work, FOOD), ANSWERS) if m.needs_scan and m.key not in but]
    tray.changed(tuple(a_sheet(work, tray.case, key, _LOOKS.get(key, APPLICATION), n) for n, key in enumerate(keys, 1)))


def ready(stage: Stage, *but: str, **options: Any) -> IntakeClerk:
    """A clerk with the food licence in hand, everything typed, scanned and compared, less these materials."""
    store = stage.store()
    clerk = IntakeClerk(store, a_counter(store, **options))
    clerk.take_food()
    scanned(clerk, *but)
    clerk.screen.act(IntakeAct.SEE_ALL_ORIGINALS)
    return clerk


def _start(stage: Stage) -> Iterator[Scene]:
    yield scene("no_catalogue", IntakeClerk(stage.store(items=())), focus="search")
    begun = IntakeClerk(stage.store())
    yield scene("empty", begun, focus="search")
    begun.take_food()
    begun.screen.cancel()
    yield scene("start", begun, focus="search")
    begun.screen.search("yl")
    yield scene("search", begun, focus="search")
    begun.screen.search("xyzw")
    yield scene("search_none", begun, focus="search")
    yield scene("practice", IntakeClerk(stage.store()), focus="search", practice=True)


def _form(stage: Stage) -> Iterator[Scene]:
    clerk = ready(stage, "place_leased")
    yield scene("missing", clerk)
    clerk.type("id_number", ID[:-1] + "3")
    yield scene("wrong", clerk, focus="id_number")
    yield scene("ready", ready(stage))
    away = ready(stage, on_line=lambda: False)
    yield scene("offline", away, offline=True)


def _asked(stage: Stage) -> Iterator[Scene]:
    clerk = ready(stage)
    clerk.screen.act(IntakeAct.ACCEPT)
    yield scene("accepting", clerk)
    clerk.screen.confirm(IntakeAct.ACCEPT)
    yield scene("accepted", clerk)
    short = ready(stage, "layout")
    short.screen.act(IntakeAct.TELL_SUPPLEMENT)
    stage.suggest(short.screen, short.model.bar.confirm)
    yield scene("supplement", short)
    away = ready(stage)
    away.screen.act(IntakeAct.DECLINE)
    yield scene("declining", away)


def _matter(stage: Stage) -> Iterator[Scene]:
    clerk = IntakeClerk(stage.store(items=(*sample_items(), *sample_matters())))
    clerk.choose(_LOST_WORK)
    for question, option in {"p2_why": "ended", "p3_agent": "self"}.items():
        clerk.screen.answer(question, option)
    for key, text in {"name": "王𬭎", "id_number": ID, "phone": "13800005521"}.items():
        clerk.type(key, text)
    yield scene("matter", clerk)
    clerk.screen.act(IntakeAct.TELL_SUPPLEMENT)
    yield scene("matter_supplement", clerk)
    clerk.screen.cancel()
    clerk.screen.act(IntakeAct.DECLINE)
    clerk.screen.type_in("ground", "WRONG_OFFICE")
    yield scene("matter_declining", clerk)


def _certificates(stage: Stage) -> Iterator[Scene]:
    from tests.client.presenters.test_intake_certificates import SUBSIDY, at_intake, granted

    store = stage.store()
    granted(at_counter(store))
    clerk = at_intake(store, stage.press, SUBSIDY)
    yield scene("certificates", clerk)
    clerk.screen.act(IntakeAct.USE_CERTIFICATES)
    yield scene("certificates_used", clerk)
    asked = District()
    away = at_intake(store, stage.press, SUBSIDY, asked)
    yield scene("certificates_offline", away, offline=True)


def _briefing(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    desk, view = a_counter(store), Shown()
    presenter = BriefingPresenter(view, desk)
    presenter.open(an_item(at_counter(store), FOOD), ANSWERS)
    yield Scene(name="briefing", screen=ScreenName.BRIEFING, model=view.last, shell=shell(INTAKE))
