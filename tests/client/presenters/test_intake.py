"""受理登记 from the first key to the case: what is shown, what is saved, which deeds were done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counter import WORDS, Shown, a_desk, a_page, an_item, at_counter, steps
from tests.support.desk import open_store
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.intake import IntakePresenter
from yichuang_client.presenters.models.common import Field
from yichuang_client.presenters.models.intake import CaseForm, IntakeAct, IntakeModel, StartModel
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.store import Store
from yichuang_domain.case import Case, State
from yichuang_domain.material import required
from yichuang_domain.party import Evidence

FOOD = "食品经营许可（新办）"
ID = "330402199001010019"


class Clerk:
    """A person at the intake: what they do and what they see."""

    def __init__(self, store: Store, desk: Desk | None = None) -> None:
        self.store = store
        self.desk = desk or a_desk(store, press=NoPress(), equipment=NoPrinter())  # type: ignore[arg-type]
        self.view = Shown()
        self.screen = IntakePresenter(self.view, self.desk)
        self.screen.open()

    @property
    def model(self) -> IntakeModel:
        """What is seen now."""
        shown: IntakeModel = self.view.last
        return shown

    @property
    def start(self) -> StartModel:
        """The start page."""
        assert isinstance(self.model.body, StartModel)
        return self.model.body

    @property
    def form(self) -> CaseForm:
        """The form."""
        assert isinstance(self.model.body, CaseForm)
        return self.model.body

    def field(self, key: str) -> Field:
        """One field of the form."""
        fields = (*self.form.applicant.fields, *self.form.applicant.agent_fields)
        return next(field for field in fields if field.key == key)

    def type(self, key: str, text: str) -> None:
        """Type into a field and leave it."""
        self.screen.enter(key)
        for end in range(1, len(text) + 1):
            self.screen.type_in(key, text[:end])
        self.screen.leave(key)

    def choose(self, query: str) -> None:
        """Search and take the best hit."""
        self.screen.search(query)
        self.screen.choose_hit(self.start.search.hits[0].code)

    def take_food(self) -> None:
        """The food licence with everything but papers."""
        self.choose("spjyxk")
        for question, option in (("business", "retail"), ("place", "leased"), ("raw", "no")):
            self.screen.answer(question, option)
        self.type("name", "王𬭎")
        self.type("id_number", ID)
        self.type("phone", "13800005521")
        for key, text in (("address", "桃园路 1 号"), ("area", "86"), ("staff", "3"), ("opening_on", "20261201")):
            self.type(f"form.{key}", text)
        self.screen.type_in("form.scope", "热食类食品制售")

    def bring_papers(self, *but: str) -> None:
        """Scan a page of everything that is scanned, then compare all originals."""
        self.screen.act(IntakeAct.SCAN)
        tray = steps(self.desk)[-1][1]
        assert isinstance(tray, Tray)
        work = at_counter(self.store)
        item = an_item(work, FOOD)
        keys = [m.key for m in required(item, {"business": "retail", "place": "leased", "raw": "no"}) if m.needs_scan]
        pages = [a_page(work, tray.case, key, n) for n, key in enumerate(keys, 1) if key not in but]
        tray.changed(tuple(pages))
        self.screen.act(IntakeAct.SEE_ALL_ORIGINALS)

    def said(self) -> str:
        """The action bar's sentence."""
        said = self.model.bar.sentence
        return " ".join(WORDS.say(text) for text in (said.lead, said.subject, said.hint) if text != "")

    def banner(self) -> str:
        """The banner."""
        banner = self.model.banner
        return "" if banner is None else f"{WORDS.say(banner.text)} | {WORDS.say(banner.hint)}"

    def cases(self) -> list[Case]:
        """The cases of this desk."""
        names = {act.case for row in self.store.outbox.list() for act in row.deed.acts}
        return [self.store.view(name) for name in sorted(names)]


class NoPress:
    """A press that is never asked to print."""

    def warm(self) -> None:
        """As ``Press.warm``."""

    def missing_characters(self, text: str) -> tuple[str, ...]:
        """As ``Press.missing_characters``: here nothing is missing."""
        return ()


class NoPrinter:
    """A desk without a printer."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "counter")
    yield opened
    opened.close()


@pytest.fixture
def clerk(store: Store) -> Clerk:
    return Clerk(store)


def test_everything_there_is_accepted_in_one_deed(clerk: Clerk) -> None:
    clerk.take_food()
    assert clerk.said().startswith("还缺 5 件： ① 食品经营许可申请书")
    clerk.bring_papers()
    assert clerk.said() == "可以受理。 按 F9 受理"
    clerk.screen.act(IntakeAct.ACCEPT)
    strip = clerk.model.bar.confirm
    assert strip is not None
    assert "王* 最晚 2026-12-01 周二 得到结果" in WORDS.say(strip.lines[0])
    clerk.screen.confirm(IntakeAct.ACCEPT)
    (case,) = clerk.cases()
    assert case.state is State.ACCEPTED
    assert [came.evidence for came in case.materials] == [Evidence.ORIGINAL_CHECKED] * 5
    assert len(case.pages) == 4
    assert clerk.store.drafts.list(DraftKind.INTAKE) == ()
    assert clerk.view.focused[-1] == "search"
    assert clerk.banner().startswith(f"已受理 {case.number}")
