"""办件 (Case): the fold of its records.

Rules kept here: a case is never updated, only folded; a record applied to a case gives the next case and
nothing else; time stands in the records; a record that was written at the desk and waits for the district
folds in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from yichuang_domain.actions import (
    Action,
    DeclineGround,
    DeliveryMethod,
    PaperKind,
    PrintReason,
    Procedure,
    Satisfaction,
    Verdict,
)
from yichuang_domain.errors import Irregularity
from yichuang_domain.ids import CaseId, ItemCode, PageOwner, PersonId, PlaceId, PrintId, ReplicaId, SectionId
from yichuang_domain.matter import MatterPart
from yichuang_domain.party import (
    Agent,
    Answer,
    Applicant,
    Deferral,
    Evidence,
    FieldValue,
    HandedIn,
    MadeCertificate,
    Page,
    SupplementPoint,
)
from yichuang_domain.personal import Personal


class State(Enum):
    """Where a case stands (domain: the life of a case); DRAFT lives at the desk alone."""

    DRAFT = "DRAFT"
    RECEIVED = "RECEIVED"
    SUPPLEMENT_ASKED = "SUPPLEMENT_ASKED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    IN_REVIEW = "IN_REVIEW"
    SUSPENDED = "SUSPENDED"
    DECIDED = "DECIDED"
    READY_TO_ISSUE = "READY_TO_ISSUE"
    CONCLUDED = "CONCLUDED"
    ARCHIVED = "ARCHIVED"


ENDED = frozenset({State.DECLINED, State.WITHDRAWN, State.CONCLUDED, State.ARCHIVED})
"""States from which only the archive follows."""


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """补正: what was told, until when, and what is still outstanding."""

    docno: str
    points: tuple[SupplementPoint, ...]
    until: date
    told_time: datetime
    outstanding: tuple[str, ...]
    """Keys of the materials that have not come yet."""
    all_in_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """受理: the day that counts and the dates that were told."""

    docno: str
    accepted_on: date
    statutory_due_on: date | None
    promised_due_on: date | None
    is_provisional: bool


@dataclass(frozen=True, kw_only=True)
class Declination:
    """不予受理."""

    docno: str
    ground: DeclineGround
    reason: Personal
    right_office: str


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """审核 or 核准意见: who, when, at which level, what."""

    level: int
    person: PersonId
    verdict: Verdict
    text: Personal
    time: datetime


@dataclass(frozen=True, kw_only=True)
class DecisionMade:
    """准予 or 不予 and what the paper says."""

    granted: bool
    docno: str
    person: PersonId
    decided_on: date
    deliver_by: date
    facts: tuple[Personal, ...] = ()
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """One 特别程序: the clock stands from ``from_on`` until ``to_on``."""

    procedure: Procedure
    by: str
    docno: str
    workdays: int
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Extension:
    """延长审批: once."""

    docno: str
    workdays: int
    reason: Personal
    approved_by: PersonId


class PrintState(Enum):
    """What is known of a print run; a crash between leaves STARTED, visibly."""

    STARTED = "STARTED"
    CONFIRMED = "CONFIRMED"
    VOIDED = "VOIDED"


@dataclass(frozen=True, kw_only=True)
class PrintRun:
    """One paper on its way through a printer."""

    run: PrintId
    paper: PaperKind
    serial: str
    state: PrintState
    time: datetime
    ordinal: int = 1
    """Which of several papers of this kind."""
    reason: PrintReason = PrintReason.FIRST


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """送达: how, to whom, when."""

    method: DeliveryMethod
    recipient: Personal
    on: date


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the case's story: an event's name, when, where, by whom."""

    name: str
    occurred_time: datetime
    recorded_time: datetime | None
    person: PersonId
    place: PlaceId
    replica: ReplicaId


@dataclass(frozen=True, kw_only=True)
class LateDecision:
    """A decision of a desk that held the case before: it came after the hold had gone."""

    action: Action
    person: PersonId
    replica: ReplicaId


@dataclass(frozen=True, kw_only=True)
class Case:
    """办件: everything that its records say, folded."""

    case: CaseId
    state: State
    number: str
    token: Personal
    token_digest: str
    item: ItemCode
    item_version: int
    section: SectionId | None
    place: PlaceId
    """Where it was received."""
    received_time: datetime
    received_on: date
    notice_due_on: date
    is_provisional: bool
    applicant: Applicant
    answers: tuple[Answer, ...]
    agent: Agent | None = None
    corrects: CaseId | None = None
    """更正: the concluded case whose result this one is to put right."""
    matter: MatterPart | None = None
    """The matter (一件事) that it was handed in with."""
    fields: tuple[FieldValue, ...] = ()
    materials: tuple[HandedIn, ...] = ()
    pages: tuple[Page, ...] = ()
    holder: ReplicaId | None = None
    """The desk that may decide; None while the case lies free."""
    assignee: PersonId | None = None
    epoch: int = 1
    """Rises with every change of the hold."""
    supplement: Supplement | None = None
    acceptance: Acceptance | None = None
    declination: Declination | None = None
    deferrals: tuple[Deferral, ...] = ()
    """容缺 still outstanding."""
    opinions: tuple[Opinion, ...] = ()
    decision: DecisionMade | None = None
    suspensions: tuple[Suspension, ...] = ()
    extension: Extension | None = None
    certificates: tuple[MadeCertificate, ...] = ()
    prints: tuple[PrintRun, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    opened_by: frozenset[PlaceId] = frozenset()
    """Places besides its own that opened it."""
    withdrawal_wished: bool = False
    returned: Personal | None = None
    """Reason of a 内部退回 that was not answered yet."""
    notes: tuple[Personal, ...] = ()
    """What was noted to the file, in order; a case folded by an earlier release lacks the first of them."""
    late: LateDecision | None = None
    """晚到的决定: the newest one; whether it may still be adopted, the state machine says."""
    irregular: frozenset[Irregularity] = frozenset()
    rating: Satisfaction | None = None
    steps: tuple[Step, ...] = ()
    n: int = 0
    """Number of the last record folded; pending ones count too."""
    head: str = field(default="", repr=False)
    """Hash of the last record of the district, as far as folded."""

    def hand_in(self, material: str) -> HandedIn | None:
        """The latest hand-in of a material, None if it never came."""
        return next((m for m in reversed(self.materials) if m.material == material), None)

    def has(self, material: str) -> bool:
        """Whether the material is there now, not only promised."""
        found = self.hand_in(material)
        return found is not None and found.evidence is not Evidence.DEFERRED

    @property
    def page_owner(self) -> PageOwner:
        """Who owns its pages: the matter, for one paper serves several of its cases, else the case itself."""
        return self.case if self.matter is None else self.matter.matter

    @property
    def is_ended(self) -> bool:
        """Whether only the archive can follow."""
        return self.state in ENDED
