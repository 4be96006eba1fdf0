"""Plausible people, an item and acts, for the tests of the domain and what stands on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from yichuang_domain import actions as a
from yichuang_domain.approval import Grade
from yichuang_domain.case import Case
from yichuang_domain.catalog import AcceptBy, ItemVersion, Limit, LimitUnit
from yichuang_domain.decide import Context, Decision, decide
from yichuang_domain.deed import Record
from yichuang_domain.folding import apply
from yichuang_domain.ids import BlobHash, CaseId, DeedId, ItemCode, PersonId, PlaceId, ReplicaId, SectionId
from yichuang_domain.material import Material
from yichuang_domain.organisation import Person, Role
from yichuang_domain.party import Applicant, ApplicantKind, Evidence, HandedIn, IdSource, Page
from yichuang_domain.personal import Personal, seal
from yichuang_domain.workdays import Calendar

NOTICES_2026 = {
    "year": 2026,
    "papers": ["notice"],
    "days": [{"name": "国庆节", "date": f"2026-10-0{day}", "isOffDay": True} for day in range(1, 8)],
}
CALENDAR = Calendar.from_notices([NOTICES_2026])
COUNTER, OTHER_COUNTER, DESK, OTHER_DESK = (ReplicaId(n) for n in ("0137", "0138", "0201", "0202"))
TOWN, OTHER_TOWN, HALL = PlaceId("town"), PlaceId("other"), PlaceId("hall")
MARKET = SectionId("market")
_salts: Iterator[int] = itertools.count(1)


def secret(value: str) -> Personal:
    """A sealed value under a fresh salt."""
    return seal(value, next(_salts).to_bytes(16, "big"))


def person(name: str, *roles: Role, section: SectionId | None = None, place: PlaceId = TOWN) -> Person:
    """A member of staff."""
    return Person(person=PersonId(name), name=name, roles=frozenset(roles), place=place, section=section)


CLERK = person("clerk", Role.CLERK, Role.SUPERVISOR)
REVIEWER = person("reviewer", Role.REVIEWER, Role.VERIFIER, section=MARKET, place=HALL)
VERIFIER = person("verifier", Role.VERIFIER, section=MARKET, place=HALL)
STRANGER = person("stranger", Role.REVIEWER, section=SectionId("health"), place=HALL)
EVERYONE = (CLERK, REVIEWER, VERIFIER, STRANGER)

ITEM = ItemVersion(
    code=ItemCode("item-1"),
    version=1,
    name="食品经营许可（新办）",
    department="区市场监管局",
    section=MARKET,
    type_code="01",
    grade=Grade.REVIEW_AND_VERIFY,
    accept_by=AcceptBy.COUNTER,
    accepts_offline=True,
    statutory_limit=Limit(amount=20, unit=LimitUnit.WORKDAYS),
    promised_limit=Limit(amount=5, unit=LimitUnit.WORKDAYS),
    materials=(
        Material(key="form", name="申请书"),
        Material(key="lease", name="场所使用证明"),
        Material(key="health", name="健康证明", deferrable=True, deferral_workdays=5),
    ),
    effective_on=date(2026, 1, 1),
    source="test",
)
SECTION_ITEM = replace(ITEM, code=ItemCode("item-2"), accept_by=AcceptBy.SECTION, accepts_offline=False)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Tuesday noon in Beijing."""


def context(actor: Person = CLERK, replica: ReplicaId = COUNTER, *, epoch: int = 1, **changes: object) -> Context:
    """A context on Tuesday 2026-11-24; ``changes`` replace its other fields."""
    base = Context(
        item=ITEM,
        item_cancelled_on=None,
        calendar=CALENDAR,
        actor=actor,
        replica=replica,
        place=actor.place,
        epoch=epoch,
        occurred_time=NOON,
        has_session=True,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def receive(*materials: str, item: ItemVersion = ITEM) -> a.Receive:
    """Take in the named materials as scanned."""
    return a.Receive(
        number="330402-0137-20261124-0001-X",
        token=secret("R" * 22),
        token_digest="0" * 64,
        item=item.code,
        item_version=item.version,
        answers=(),
        applicant=Applicant(
            kind=ApplicantKind.PERSON,
            name=secret("阿依古丽·买买提"),
            id_number=secret("11010519491231002X"),
            id_source=IdSource.TYPED,
            phone=secret("13800005521"),
        ),
        fields=(),
        materials=tuple(handed_in(key) for key in materials),
    )


def handed_in(key: str) -> HandedIn:
    """One scanned material."""
    return HandedIn(material=key, evidence=Evidence.SCANNED, pages=1)


def page(material: str = "form", ordinal: int = 1) -> Page:
    """A page of one material."""
    name = BlobHash(f"{ordinal:064x}")
    return Page(page=name, material=material, ordinal=ordinal, size=1000, width=1654, height=2339)


def record_all(case: Case | None, decision: Decision, given: Context) -> Case:
    """Write and fold the events of a decision as the district would."""
    for event in decision.events:
        n = case.n + 1 if case else 1
        record = Record(
            case=CaseId("c" * 32),
            n=n,
            previous="",
            deed=DeedId("d" * 32),
            replica=given.replica,
            person=given.actor.person,
            place=given.place,
            occurred_time=given.occurred_time,
            recorded_time=given.occurred_time,
            irregular=decision.irregular,
            event=event,
        )
        case = apply(case, record)
    assert case is not None
    return case


def act(case: Case | None, action: a.Action, given: Context | None = None) -> Case:
    """Decide and fold; raises Refused as ``decide`` does. The epoch is the case's unless the context says else."""
    given = given or context()
    if case is not None and given.epoch == 1:
        given = replace(given, epoch=case.epoch)
    return record_all(case, decide(case, action, given), given)
