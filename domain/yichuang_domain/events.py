"""What happened to a case: past tense, frozen, for ever.

Rules kept here: a released event never changes its meaning, new fields are optional; dates that were told
to a citizen are stored as they were told, with the version of the calendar that gave them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang_domain.actions import (
    Action,
    DeclineGround,
    DeliveryMethod,
    OpenMeans,
    PaperKind,
    PrintReason,
    Procedure,
    Satisfaction,
    Verdict,
)
from yichuang_domain.ids import CaseId, ItemCode, PersonId, PlaceId, PrintId, ReplicaId, SectionId
from yichuang_domain.matter import MatterPart
from yichuang_domain.party import (
    Agent,
    Answer,
    Applicant,
    Deferral,
    FieldValue,
    HandedIn,
    MadeCertificate,
    Page,
    SupplementPoint,
)
from yichuang_domain.personal import Personal


@dataclass(frozen=True, kw_only=True)
class Received:
    """收件."""

    number: str
    token: Personal
    token_digest: str
    item: ItemCode
    item_version: int
    answers: tuple[Answer, ...]
    applicant: Applicant
    fields: tuple[FieldValue, ...]
    materials: tuple[HandedIn, ...]
    received_on: date
    notice_due_on: date
    """Last of the five working days of art. 32(1)(4)."""
    is_provisional: bool
    """Whether a date rests on a year without a holiday notice (暂定)."""
    section: SectionId | None = None
    holder: ReplicaId | None = None
    agent: Agent | None = None
    corrects: CaseId | None = None
    matter: MatterPart | None = None


@dataclass(frozen=True, kw_only=True)
class PageAttached:
    """A page was added."""

    page: Page


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """当场更正."""

    fields: tuple[FieldValue, ...] = ()
    phone: Personal | None = None


@dataclass(frozen=True, kw_only=True)
class SupplementTold:
    """补正告知."""

    docno: str
    points: tuple[SupplementPoint, ...]
    until: date


@dataclass(frozen=True, kw_only=True)
class SupplementBrought:
    """补正材料 came in; ``all_in_on`` is the day on which nothing was outstanding any more."""

    materials: tuple[HandedIn, ...]
    all_in_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DeferredBrought:
    """容缺材料 came in."""

    materials: tuple[HandedIn, ...]


@dataclass(frozen=True, kw_only=True)
class WithdrawalWished:
    """The applicant wished to withdraw."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """撤回."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A note to the file."""

    text: Personal


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """受理; after a supplement ``accepted_on`` is the day all of it was in (art. 32(1)(5))."""

    docno: str
    accepted_on: date
    deferred: tuple[Deferral, ...]
    is_provisional: bool
    statutory_due_on: date | None = None
    promised_due_on: date | None = None
    stays: bool = False
    """Whether the counter keeps the hold, to grant in the same deed."""


@dataclass(frozen=True, kw_only=True)
class Declined:
    """不予受理."""

    docno: str
    ground: DeclineGround
    reason: Personal
    right_office: str


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """The hold was taken; the epoch rises by one."""


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """The hold was given on; the epoch rises by one."""

    to: ReplicaId


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """The hold was taken from a silent desk; the epoch rises by one."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class CameLate:
    """晚到: a decision of before its desk could know that the case had gone to another; it changed nothing."""

    action: Action
    """The new holder may make it its own."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A counter of another place opened the case."""

    means: OpenMeans
    place: PlaceId


@dataclass(frozen=True, kw_only=True)
class OpinionSigned:
    """审核 or 核准意见; ``level`` is 1 for the reviewer, 2 for the verifier, 3 for the approver."""

    level: int
    verdict: Verdict
    text: Personal
    releases: bool
    """Whether the hold goes free for the next level."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """准予; the result must be out by ``deliver_by`` (art. 44)."""

    docno: str
    decided_on: date
    deliver_by: date


@dataclass(frozen=True, kw_only=True)
class PermitRefused:
    """不予."""

    docno: str
    decided_on: date
    deliver_by: date
    facts: tuple[Personal, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MadeReady:
    """制证: ready to issue at any counter of the district."""

    certificates: tuple[MadeCertificate, ...]


@dataclass(frozen=True, kw_only=True)
class Suspended:
    """特别程序 began."""

    docno: str
    procedure: Procedure
    by: str
    workdays: int
    from_on: date


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """特别程序 ended."""

    on: date


@dataclass(frozen=True, kw_only=True)
class Extended:
    """延长审批."""

    docno: str
    workdays: int
    reason: Personal
    approved_by: PersonId


@dataclass(frozen=True, kw_only=True)
class ReturnedInternally:
    """内部退回."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class Enquired:
    """核实."""

    question: Personal


@dataclass(frozen=True, kw_only=True)
class PrintStarted:
    """A paper was sent to a printer, or was about to be."""

    run: PrintId
    paper: PaperKind
    serial: str
    ordinal: int = 1
    """Which of several papers of this kind."""
    reason: PrintReason = PrintReason.FIRST


@dataclass(frozen=True, kw_only=True)
class PrintConfirmed:
    """The paper came out."""

    run: PrintId


@dataclass(frozen=True, kw_only=True)
class PrintVoided:
    """The paper was spoiled."""

    run: PrintId


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """送达."""

    method: DeliveryMethod
    recipient: Personal
    on: date
    ahead: bool = False
    """先领, before the rest of its matter."""


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """办结."""


@dataclass(frozen=True, kw_only=True)
class Archived:
    """归档."""


@dataclass(frozen=True, kw_only=True)
class Rated:
    """好差评."""

    score: Satisfaction
    text: Personal | None = None


Event = (
    Received
    | PageAttached
    | Corrected
    | SupplementTold
    | SupplementBrought
    | DeferredBrought
    | WithdrawalWished
    | Withdrawn
    | Noted
    | Accepted
    | Declined
    | Claimed
    | HandedOver
    | TakenOver
    | CameLate
    | Opened
    | OpinionSigned
    | Granted
    | PermitRefused
    | MadeReady
    | Suspended
    | Resumed
    | Extended
    | ReturnedInternally
    | Enquired
    | PrintStarted
    | PrintConfirmed
    | PrintVoided
    | Delivered
    | Concluded
    | Archived
    | Rated
)
