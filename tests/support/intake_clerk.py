"""A clerk at the intake screen, for the tests of its presenter: what they do, and what they read."""

from __future__ import annotations

from typing import Any, cast

from tests.support.counter import WORDS, Shown, a_desk, a_page, an_item, at_counter, steps
from yichuang_client.devices.equipment import Equipment
from yichuang_client.documents.press import Press
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.intake import IntakePresenter
from yichuang_client.presenters.models.common import Act, Confirm, Field, Text
from yichuang_client.presenters.models.intake import CaseForm, IntakeAct, IntakeModel, MaterialRow, StartModel
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.store import Store
from yichuang_domain.case import Case
from yichuang_domain.material import required

BLANK = "\U000300f7"
NOWHERE = "ipp://localhost:9"
FOOD = "食品经营许可（新办）"
ID = "330402199001010019"
ANSWERS = {"business": "retail", "place": "leased", "raw": "no"}
FIELDS = {
    "name": "王𬭎",
    "id_number": ID,
    "phone": "13800005521",
    "form.address": "桃园路 1 号",
    "form.area": "86",
    "form.staff": "3",
    "form.scope": "热食类食品制售",
    "form.opening_on": "2026-12-01",
}


class Unprinted:
    """A press at a desk where no paper is set: it knows one character that no font has."""

    def warm(self) -> None:
        """As ``Press.warm``."""

    def missing_characters(self, text: str) -> tuple[str, ...]:
        """As ``Press.missing_characters``."""
        return tuple(character for character in text if character == BLANK)


def a_counter(store: Store, **parts: Any) -> Desk:
    """A desk without a printer, unless it is given."""
    parts.setdefault("press", cast(Press, Unprinted()))
    parts.setdefault("equipment", Equipment(cast(Any, None), print_service=NOWHERE))
    return a_desk(store, **parts)


class IntakeClerk:
    """A person at the intake."""

    def __init__(self, store: Store, desk: Desk | None = None) -> None:
        self.store = store
        self.desk = desk or a_counter(store)
        self.view = Shown()
        self.screen = IntakePresenter(self.view, self.desk)
        self.screen.open()

    # ---- what is read -----------------------------------------------------------------------------------------

    @property
    def model(self) -> IntakeModel:
        """What is seen now."""
        return cast(IntakeModel, self.view.last)

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

    @property
    def strip(self) -> Confirm:
        """The open confirmation strip."""
        assert self.model.bar.confirm is not None
        return self.model.bar.confirm

    def field(self, key: str) -> Field:
        """One field of the form."""
        fields = (*self.form.applicant.fields, *self.form.applicant.agent_fields)
        return next(field for field in fields if field.key == key)

    def note(self, key: str) -> str:
        """The sentence below a field."""
        return say(self.field(key).note)

    def row(self, key: str) -> MaterialRow:
        """One row of the checklist."""
        rows = (*self.form.materials.rows, *self.form.materials.no_longer)
        return next(row for row in rows if row.key == key)

    def state(self, key: str) -> str:
        """State and evidence of a material."""
        row = self.row(key)
        return f"{say(row.state.text)} | {say(row.evidence)}"

    def act(self, act: IntakeAct) -> Act:
        """One act of the bar."""
        return next(one for one in self.model.bar.acts if one.id == act)

    def said(self) -> str:
        """The action bar's sentence."""
        sentence = self.model.bar.sentence
        return " ".join(say(text) for text in (sentence.lead, sentence.subject, sentence.hint) if text != "")

    def banner(self) -> str:
        """The banner."""
        banner = self.model.banner
        return "" if banner is None else f"{say(banner.text)} | {say(banner.hint)}"

    def cases(self) -> list[Case]:
        """The cases of this desk, in the order of their numbers."""
        names = {act.case for row in self.store.outbox.list() for act in row.deed.acts}
        return sorted((self.store.view(name) for name in names), key=lambda case: case.number)

    # ---- what is done -----------------------------------------------------------------------------------------

    def type(self, key: str, text: str) -> None:
        """Type into a field and leave it."""
        self.screen.enter(key)
        self.screen.type_in(key, text)
        self.screen.leave(key)

    def choose(self, query: str) -> None:
        """Search and take the best hit."""
        self.screen.search(query)
        self.screen.choose_hit(self.start.search.hits[0].code)

    def take_food(self, **texts: str) -> None:
        """The food licence with everything but the papers."""
        self.choose("spjyxk")
        for question, option in ANSWERS.items():
            self.screen.answer(question, option)
        for key, text in {**FIELDS, **texts}.items():
            self.type(key, text)

    def tray(self) -> Tray:
        """F5: what the scan screen is opened with."""
        self.screen.act(IntakeAct.SCAN)
        tray = steps(self.desk)[-1][1]
        assert isinstance(tray, Tray)
        return tray

    def scan(self, *but: str) -> None:
        """Scan one page of everything that is scanned."""
        tray, work = self.tray(), at_counter(self.store)
        item = an_item(work, FOOD)
        keys = [m.key for m in required(item, ANSWERS) if m.needs_scan and m.key not in but]
        tray.changed(tuple(a_page(work, tray.case, key, n) for n, key in enumerate(keys, 1)))

    def bring_papers(self, *but: str) -> None:
        """Scan everything and compare the originals."""
        self.scan(*but)
        self.screen.act(IntakeAct.SEE_ALL_ORIGINALS)


def say(text: Text) -> str:
    """What a person reads."""
    return WORDS.say(text)
