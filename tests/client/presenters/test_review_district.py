"""The review desk beside a real district: its answers come by the sync loop, not from a test's own mouth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.counter import Immediate, Shown, Steps, page_pipeline
from tests.support.desk_at_work import PATIENCE_S, DeskAtWork
from tests.support.district import RunningDistrict
from tests.support.intakes import GU, intake_of
from tests.support.section import NOTHING_CONNECTED, said
from yichuang_client.actions import deciding, receiving
from yichuang_client.documents.press import Press
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.review import ReviewModel
from yichuang_client.presenters.review import ReviewPresenter
from yichuang_domain.case import State
from yichuang_domain.ids import CaseId

FOOD = "食品经营许可（新办）"


class Officer:
    """A person of the section at a desk of their own."""

    def __init__(self, district: RunningDistrict, folder: Path, login: str) -> None:
        self.desk = DeskAtWork(folder)
        self.desk.enrol(district, "hall", "market")
        self.desk.first_sign_in(district, login)
        self.view = Shown()
        desk = Desk(
            work=lambda: self.desk.work,
            background=Immediate(),
            scanning=Immediate(),
            printing=Immediate(),
            asking=Immediate(),
            reading=Immediate(),
            later=Immediate(),
            equipment=NOTHING_CONNECTED,
            pages=page_pipeline,
            press=cast(Press, None),
            session=self.desk.session,
            way=Steps(),
        )
        self.presenter = ReviewPresenter(self.view, desk)
        self.presenter.open()

    @property
    def model(self) -> ReviewModel:
        """What the screen shows."""
        model: ReviewModel = self.view.last
        return model

    @property
    def acts(self) -> dict[str, str]:
        """Keys of the visible acts and what disables them."""
        return {act.key: act.reason for act in self.model.bar.acts if not act.is_hidden}

    def until(self, holds: Callable[[], bool]) -> None:
        """Hear what the sync loop tells until something holds. Raises queue.Empty."""
        while not holds():
            self.presenter.told([self.desk.session.sync.events.get(timeout=PATIENCE_S)])

    def press(self, key: str, text: str = "") -> None:
        """Press a key and confirm what is asked, once it can be; the district's answer is waited for."""
        self.until(lambda: key in self.acts and self.acts[key] in ("", "TEXT_MISSING"))
        if text:
            self.presenter.write_opinion(text)
        act = next(act for act in self.model.bar.acts if act.key == key)
        assert act.is_enabled, act.reason
        self.presenter.act(act.id)
        if self.model.bar.confirm is not None:
            self.presenter.confirm(act.id)
        assert set(self.acts.values()) in ({"UNANSWERED"}, set())
        self.until(lambda: self.desk.store.outbox.unsent() == 0 and "UNANSWERED" not in self.acts.values())


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def counter_case(district: RunningDistrict, folder: Path, stack: ExitStack) -> CaseId:
    """A case that a town counter has accepted."""
    counter = DeskAtWork(folder)
    stack.callback(counter.close)
    counter.enrol(district, "fengqiao")
    counter.first_sign_in(district, "wuminmin")
    hits = counter.store.search.search(FOOD, counter.work.today)
    item = next(i for i in (counter.store.catalogue.current(hit.code) for hit in hits) if i.name == FOOD)
    case = receiving.receive(counter.work, intake_of(item, GU))
    deciding.accept(counter.work, case)
    counter.settle()
    return case.case


def test_two_people_decide_at_two_desks(tmp_path: Path, stack: ExitStack) -> None:
    district = RunningDistrict(tmp_path / "district")
    stack.callback(district.stop)
    district.start()
    case = counter_case(district, tmp_path / "counter", stack)
    reviewer = Officer(district, tmp_path / "market-1", "xuwen")
    stack.callback(reviewer.desk.close)
    reviewer.until(lambda: [row.key for row in reviewer.model.queue] == [case])
    signer: Any = reviewer.model.case and reviewer.model.case.opinion.signer
    assert said(signer.text) == "已双因素登录 · 徐文"
    reviewer.press("F8")
    reviewer.press("F9", "材料齐全，符合法定形式。")
    assert reviewer.acts["F9"] == "SAME_PERSON"
    assert said(reviewer.model.bar.sentence.lead) == "这件要由 顾定 核准。"
    verifier = Officer(district, tmp_path / "market-2", "guding")
    stack.callback(verifier.desk.close)
    verifier.press("F8")
    verifier.press("F9", "同意。")
    assert verifier.desk.store.view(case).state is State.READY_TO_ISSUE
    assert verifier.model.queue == ()
    reviewer.until(lambda: reviewer.model.queue == ())
    assert reviewer.model.banner is not None
    assert reviewer.model.banner.kind == "OVERTAKEN"
