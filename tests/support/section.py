"""Desks of a section and a counter beside one truth: the real stores, and the district's answers by the same domain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.client.store.truth import Truth
from tests.support.counter import WORDS, Shown, a_desk, whole
from tests.support.desk import CLERK, HALL, REVIEWER, TUESDAY, at_work, open_store, sample_items
from yichuang_client.actions import deciding, receiving
from yichuang_client.actions.work import Work
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.review import ReviewModel
from yichuang_client.presenters.review import ReviewPresenter
from yichuang_client.store.store import Store
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.status import CasesChanged, Line, SyncStatus
from yichuang_domain.actions import Action
from yichuang_domain.case import Case
from yichuang_domain.decide import Context
from yichuang_domain.deed import CaseAct, Deed
from yichuang_domain.events import CameLate
from yichuang_domain.ids import CaseId, DeedId, PersonId, ReplicaId, SectionId
from yichuang_domain.organisation import Person, Role

HEALTH, MARKET = SectionId("health"), SectionId("market")
FOOD, SALON = "食品经营许可（新办）", "公共场所卫生许可（新办）"
"""Accepted at the counter, by the market section; accepted by the health section."""


def officer(name: str, shown: str, section: SectionId, *roles: Role) -> Person:
    """A member of a section."""
    return Person(person=PersonId(name), name=shown, roles=frozenset(roles), place=HALL.place, section=section)


XU = officer("xuwen", "徐文", MARKET, Role.REVIEWER, Role.VERIFIER)
GU = officer("guding", "顾定", MARKET, Role.VERIFIER, Role.APPROVER)
ZHOU = officer("zhoujing", "周静", MARKET, Role.REVIEWER)
HAN = officer("hanxue", "韩雪", HEALTH, Role.REVIEWER)
DONG = officer("dongping", "董平", HEALTH, Role.REVIEWER, Role.VERIFIER)
FU = officer("fuheng", "傅恒之", HEALTH, Role.VERIFIER, Role.APPROVER)
NOTHING_CONNECTED = Equipment(cast(ScanWorker, None), print_service="ipp://localhost:1")
"""A desk without a printer; its scanner is never asked for."""
EVERYONE = (CLERK, XU, GU, ZHOU, HAN, DONG, FU)


class House(Truth):
    """The district of these people, over the shipped items."""

    def __init__(self, folder: Path) -> None:
        super().__init__(items={(item.code, item.version): item for item in sample_items()})
        self.sessions = frozenset(person.person for person in EVERYONE)
        self._folder = folder
        self.stores: list[Store] = []
        self.counter = self.store("0137")
        self.now = TUESDAY

    def store(self, replica: str, section: SectionId | None = None) -> Store:
        """The store of one more desk."""
        store = open_store(self._folder / replica, replica=replica, section=section)
        for person in (replace(REVIEWER, section=None, roles=frozenset()), *EVERYONE):
            store.people.keep_person(person)
        self.stores.append(store)
        return store

    def close(self) -> None:
        """Close every store."""
        for store in self.stores:
            store.close()

    def exchange(self, store: Store) -> CasesChanged:
        """What is pending goes up, what is new comes down."""
        results = self.take(store.outbox.to_send(1 << 20))
        return CasesChanged(changed=store.apply_exchange(self.answer(store.meta.cursor, results)))

    def clerk(self) -> Work:
        """The clerk at work at the counter."""
        return at_work(self.counter, CLERK, now=self.now)

    def taken_in(self, name: str, *, short_of: int = 0, accepted: bool = False) -> Case:
        """A case that the counter has taken in and the district has recorded."""
        intake = whole(self.clerk(), name)
        kept = intake.materials[: len(intake.materials) - short_of]
        case = receiving.receive(self.clerk(), replace(intake, case=receiving.new_case(), materials=kept))
        if accepted:
            case = deciding.accept(self.clerk(), case)
        self.exchange(self.counter)
        return self.counter.view(case.case)

    def came_late(self, case: CaseId, person: Person, action: Action) -> None:
        """A decision of somebody whose desk did not hold the case any more arrives."""
        newest = self.records[-1]
        deed = Deed(
            deed=DeedId("f" * 32),
            replica=ReplicaId("0209"),
            seq=1,
            previous="",
            person=person.person,
            lease="",
            place=newest.place,
            occurred_time=newest.occurred_time,
            seen_time=None,
            skew_ms=0,
            acts=(),
        )
        self.write(deed, case, CameLate(action=action))
        self.ends.append(len(self.log))

    def _context(self, deed: Deed, act: CaseAct, case: Case | None) -> Context:
        actor = next(person for person in EVERYONE if person.person == deed.person)
        receive: Any = act.action
        key = (case.item, case.item_version) if case else (receive.item, receive.item_version)
        return Context(
            item=self.items[key],
            item_cancelled_on=None,
            calendar=self.counter.people.calendar,
            actor=actor,
            replica=deed.replica,
            place=deed.place,
            epoch=act.epoch,
            occurred_time=deed.occurred_time,
            has_session=deed.person in self.sessions,
        )


@dataclass
class Seat:
    """A person at the review desk."""

    house: House
    store: Store
    person: Person
    background: Any = None
    machines: Any = None
    equipment: Any = NOTHING_CONNECTED
    press: Any = None
    on_line: bool = True
    later: timedelta = timedelta()
    view: Shown = field(default_factory=Shown)

    def __post_init__(self) -> None:
        sessions = Sessions()
        sessions.open(self.person.person, "token", has_second_factor=True)
        self.sync = SimpleNamespace(
            sessions=sessions, status=SyncStatus(line=Line.ONLINE, since=TUESDAY), wake=lambda: None
        )
        self.desk = a_desk(
            self.store,
            self.person,
            self.background,
            machines=self.machines,
            equipment=self.equipment,
            press=self.press,
            now=self.now,
            on_line=lambda: self.on_line,
            line=SimpleNamespace(sync=self.sync),  # type: ignore[arg-type]
        )
        self.presenter = ReviewPresenter(self.view, self.desk)

    def now(self) -> datetime:
        """The moment at which the person works."""
        return self.house.now + self.later

    def sit_down(self) -> Seat:
        """Exchange, and open the screen."""
        self.house.exchange(self.store)
        self.presenter.open()
        return self

    def answered(self) -> None:
        """The district answers, and the screen hears of it."""
        self.presenter.told([self.house.exchange(self.store)])

    def press_key(self, key: str) -> None:
        """The act of a key, if it is enabled, as the action bar does it."""
        act = next(act for act in self.model.bar.acts if act.key == key)
        if act.is_enabled:
            self.presenter.act(act.id)

    def confirm(self, **typed: str) -> None:
        """Fill the strip in and confirm it, if it lets one."""
        for name, text in typed.items():
            self.presenter.type_in(name, text)
        asked = self.model.bar.confirm
        assert asked is not None, "no strip is open"
        if asked.can_confirm:
            self.presenter.confirm(asked.act)

    @property
    def model(self) -> ReviewModel:
        """What the screen shows."""
        model: ReviewModel = self.view.last
        return model

    @property
    def sentence(self) -> str:
        """The action bar's sentence."""
        said = self.model.bar.sentence
        return " ".join(part for part in map(WORDS.say, (said.lead, said.subject, said.hint)) if part)

    @property
    def acts(self) -> dict[str, str]:
        """Keys of the visible acts, each with the reason that disables it, empty where there is none."""
        return {act.key: act.reason for act in self.model.bar.acts if not act.is_hidden}

    @property
    def banner(self) -> str:
        """Kind and text of the banner, empty without one."""
        found = self.model.banner
        return f"{found.kind} {WORDS.say(found.text)}" if found is not None else ""


def said(text: Text) -> str:
    """A text in Chinese."""
    return WORDS.say(text)
