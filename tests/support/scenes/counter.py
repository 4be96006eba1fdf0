"""The acts on a case that was taken in: the case itself, its strips, its second copies, the supplement, the scanner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.client.presenters.test_case import FOOD, Screen as CaseScreen
from tests.client.presenters.test_case_copies import handed_out
from tests.client.presenters.test_intake_correction import begun
from tests.client.presenters.test_supplement import Screen as SupplementScreen
from tests.support.counter import an_intake, at_counter, whole
from tests.support.samples_pages import APPLICATION, HEALTH, IDENTITY, LAYOUT, LEASE
from tests.support.scenes import intake
from tests.support.scenes.stage import OFFLINE, Scene, Stage, a_sheet, shell
from yichuang_client.actions import deciding, receiving
from yichuang_client.presenters.models.queues import CaseAct, SupplementAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.store.store import Store
from yichuang_domain.case import Case

CASES = ScreenName.CASES


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    yield from _case(stage)
    yield from _strips(stage)
    yield from _copies(stage)
    yield from _supplement(stage)


def with_pages(store: Store, *without: str) -> Case:
    """A case with the project's own pages, less these materials."""
    work = at_counter(store)
    made = whole(work, FOOD)
    looks = {"layout": LAYOUT, "place_leased": LEASE, "health": HEALTH, "identity": IDENTITY}
    keys = [came.material for came in made.materials if came.material not in without]
    pages = tuple(a_sheet(work, made.case, key, looks.get(key, APPLICATION), n) for n, key in enumerate(keys, 1))
    kept = tuple(came for came in made.materials if came.material in keys)
    return receiving.receive(work, replace(made, materials=kept, pages=pages))


def _scene(state: str, screen: CaseScreen, *, offline: bool = False) -> Scene:
    frame = shell(CASES, OFFLINE) if offline else shell(CASES)
    return Scene(name=f"case-{state}", screen=ScreenName.CASE, model=screen.model, shell=frame)


def _opened(stage: Stage, store: Store, case: Case, **options: object) -> CaseScreen:
    screen = CaseScreen(store, case, press=stage.press, **options)
    screen.presenter.page_area(586, 413)
    return screen


def _case(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    yield _scene("received", _opened(stage, store, with_pages(store)))
    accepted = deciding.accept(at_counter(store), with_pages(store))
    yield _scene("accepted", _opened(stage, store, accepted))
    yield _scene("offline", _opened(stage, store, accepted, on_line=lambda: False), offline=True)
    broken = _opened(stage, store, with_pages(store))
    broken.sheets.is_away = True
    broken.presenter.act(CaseAct.ACCEPT)
    broken.presenter.confirm(CaseAct.ACCEPT)
    yield _scene("printer_error", broken)


def _strips(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    case = with_pages(store, "layout")
    for state, act, typed in (
        ("correcting", CaseAct.CORRECT, {"address": "凤桥镇桃园路 12 号"}),
        ("supplement", CaseAct.TELL_SUPPLEMENT, {}),
        ("withdrawing", CaseAct.WITHDRAW, {}),
        ("declining", CaseAct.DECLINE, {}),
    ):
        screen = _opened(stage, store, case)
        screen.presenter.act(act)
        for key, text in typed.items():
            screen.presenter.type_in(key, text)
        stage.suggest(screen.presenter, screen.model.bar.confirm)
        yield _scene(state, screen)


def _copies(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    screen = _opened(stage, store, handed_out(store))
    screen.presenter.act(CaseAct.PRINT_RECEIPT)
    screen.presenter.type_in("paper", "CERTIFICATE_1")
    screen.presenter.type_in("why", "LOST")
    yield _scene("second_copy", screen)
    _, clerk = begun(stage.store(), stage.press)
    yield intake.scene("correction", clerk)


def _supplement(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    work = at_counter(store)
    short = an_intake(work, FOOD, ("application", "licence", "place_leased", "health"))
    lacks = [
        deciding.Point(material="layout", reason="没有标出消毒间", remedy="请补一张标明消毒间的平面图"),
        deciding.Point(material="rules", reason="没有带来", remedy="请补一份，盖章"),
    ]
    case = deciding.tell_supplement(work, receiving.receive(work, short), lacks)

    def scene(state: str, screen: SupplementScreen, *, offline: bool = False) -> Scene:
        frame = shell(ScreenName.SUPPLEMENTS, OFFLINE) if offline else shell(ScreenName.SUPPLEMENTS)
        return Scene(name=f"supplement-{state}", screen=ScreenName.SUPPLEMENT, model=screen.model, shell=frame)

    screen = SupplementScreen(store, case.case, press=stage.press)
    yield scene("empty", screen)
    tray = screen.tray()
    tray.changed((*tray.pages, a_sheet(work, tray.case, "layout", LAYOUT)))
    yield scene("busy", screen)
    away = SupplementScreen(store, case.case, press=stage.press, on_line=lambda: False)
    yield scene("offline", away, offline=True)
    broken = screen
    broken.sheets.is_away = True
    broken.presenter.act(SupplementAct.BRING)
    yield scene("error", broken)
