"""列表: the queues, the search, the day and its print ledger, papers on their way to the sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.client.presenters.test_handover import Screen as HandoverScreen, accepted
from tests.client.presenters.test_issue import granted
from tests.client.presenters.test_queues import Screen as QueueScreen, taken_in
from tests.client.presenters.test_shift import Screen as ShiftScreen, a_day
from tests.support.counter import Line as District, a_desk, an_intake, at_counter
from tests.support.desk import SECTION
from tests.support.scenes.stage import OFFLINE, Scene, Stage, section_shell, shell
from yichuang_client.actions import deciding, handover, receiving
from yichuang_client.presenters.handover_model import COMING, SENT, Seen, Standing, handover_model
from yichuang_client.presenters.models.queues import HandoverAct
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.shift_model import LEDGER
from yichuang_client.store.store import Store
from yichuang_client.sync.errors import TransportError, TransportReason

FOOD, HEALTH = "食品经营许可（新办）", "公共场所卫生许可（新办）"


def scenes(stage: Stage) -> Iterator[Scene]:
    """All of them."""
    yield from _queues(stage)
    yield from _search(stage)
    yield from _shift(stage)
    yield from _handover(stage)


def _scene(name: str, screen: ScreenName, model: Any, *, offline: bool = False) -> Scene:
    place = ScreenName.CASES if screen is ScreenName.HANDOVER else screen
    return Scene(name=name, screen=screen, model=model, shell=shell(place, OFFLINE) if offline else shell(place))


def _full(store: Store) -> None:
    """Cases in every list."""
    work = at_counter(store)
    for name, days in ((FOOD, 8), (HEALTH, 3), (FOOD, 1), (FOOD, 0)):
        taken_in(store, name, days_ago=days)
    short = receiving.receive(work, an_intake(work, FOOD, ("application", "licence", "rules")))
    deciding.tell_supplement(work, short, [deciding.Point(material="layout", reason="没有带来", remedy="补一张")])
    granted(store)
    accepted(store)


def _queues(stage: Stage) -> Iterator[Scene]:
    empty, full = stage.store(), stage.store()
    _full(full)
    away = District()
    away.status = OFFLINE
    for name in (ScreenName.CASES, ScreenName.SUPPLEMENTS, ScreenName.ISSUES):
        yield _scene(f"{name}-empty", name, QueueScreen(a_desk(empty), name).model)
        yield _scene(f"{name}-busy", name, QueueScreen(a_desk(full), name).model)
        there = QueueScreen(a_desk(full, line=away, on_line=lambda: False), name)
        yield _scene(f"{name}-offline", name, there.model, offline=True)


def _search(stage: Stage) -> Iterator[Scene]:
    store = stage.store()
    _full(store)
    name = ScreenName.SEARCH
    screen = QueueScreen(a_desk(store), name)
    yield _scene("search-empty", name, screen.model)
    screen.presenter.search("顾小燕")
    yield _scene("search-busy", name, screen.model)
    screen.presenter.search("没有这个人")
    yield _scene("search-none", name, screen.model)
    away = District()
    away.status, away.answer = OFFLINE, TransportError(TransportReason.OFFLINE)
    there = QueueScreen(a_desk(store, line=away, on_line=lambda: False), name)
    there.presenter.search("330402-0138-20261120-0007")
    yield _scene("search-offline", name, there.model, offline=True)


def _shift(stage: Stage) -> Iterator[Scene]:
    name = ScreenName.SHIFT
    yield _scene("shift-empty", name, ShiftScreen(stage.store(), stage.press).model)
    store = stage.store()
    a_day(store)
    screen = ShiftScreen(store, stage.press)
    yield _scene("shift-busy", name, screen.model)
    screen.presenter.filter(LEDGER)
    yield _scene("shift-ledger", name, screen.model)
    broken = ShiftScreen(store, stage.press)
    broken.sheets.is_away = True
    broken.presenter.act("print")
    yield _scene("shift-error", name, broken.model)
    asked = ShiftScreen(store, stage.press)
    asked.presenter.filter(LEDGER)
    asked.presenter.act("void")
    yield _scene("shift-voiding", name, asked.model)
    yield _scene("shift-offline", name, ShiftScreen(store, stage.press).model, offline=True)


def _handover(stage: Stage) -> Iterator[Scene]:
    name = ScreenName.HANDOVER
    yield _scene("handover-empty", name, HandoverScreen(stage.store(), stage.press).model)
    store = stage.store()
    for _ in range(3):
        accepted(store)
    screen = HandoverScreen(store, stage.press)
    yield _scene("handover-here", name, screen.model)
    screen.presenter.act(HandoverAct.SEND)
    screen.presenter.type_in("person", "钱以宁")
    yield _scene("handover-sending", name, screen.model)
    screen.presenter.confirm(HandoverAct.SEND)
    screen.presenter.filter(SENT)
    yield _scene("handover-sent", name, screen.model)
    yield _scene("handover-offline", name, screen.model, offline=True)
    screen.sheets.is_away = True
    screen.presenter.act(HandoverAct.PRINT)
    yield _scene("handover-error", name, screen.model)
    yield _signing(store)


def _signing(store: Store) -> Scene:
    """签收: the section's side."""
    work = at_counter(store)
    seen = Seen(
        here=(),
        sent=handover.on_their_way(work),
        sections={SECTION.section: SECTION.name},
        today=work.today,
        calendar=store.people.calendar,
        is_section=True,
    )
    first = seen.sent[0].papers.row.case_id
    now = Standing(seen=seen, shown=COMING, selected=first, asked="", typed={}, notice=None, is_busy=False)
    return Scene(
        name="handover-signing",
        screen=ScreenName.HANDOVER,
        model=handover_model(now),
        shell=section_shell(ScreenName.HANDOVER),
    )
