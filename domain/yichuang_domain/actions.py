"""What a person may do to a case: imperative, frozen, without any effect of their own.

Rules kept here: a person's data stands only in ``Personal``; everything else is an id, a code, a date or a
number. Which of them are facts, which decisions: ``act_table``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from yichuang_domain.ids import ItemCode, PersonId, PrintId, ReplicaId
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


class Verdict(Enum):
    """What an opinion proposes."""

    GRANT = "GRANT"
    REFUSE = "REFUSE"


class DeclineGround(Enum):
    """Why a case is not accepted (行政许可法 32)."""

    NOT_REQUIRED = "NOT_REQUIRED"
    """32(1)(1): the matter needs no permit."""
    WRONG_OFFICE = "WRONG_OFFICE"
    """32(1)(2): another office decides."""
    NOT_SUPPLEMENTED = "NOT_SUPPLEMENTED"
    """What was told did not come."""


class Procedure(Enum):
    """特别程序 of art. 45, which stop the clock."""

    HEARING = "HEARING"
    TENDER = "TENDER"
    AUCTION = "AUCTION"
    INSPECTION = "INSPECTION"
    TESTING = "TESTING"
    QUARANTINE = "QUARANTINE"
    APPRAISAL = "APPRAISAL"
    EXPERT_REVIEW = "EXPERT_REVIEW"


class OpenMeans(Enum):
    """How a counter opened a case of another place."""

    TOKEN = "TOKEN"
    CARD = "CARD"
    NUMBER_AND_ID = "NUMBER_AND_ID"


class PaperKind(Enum):
    """The papers of DB4406/T 14-2021 that this desk prints."""

    RECEIPT = "RECEIPT"
    MATERIAL_SLIP = "MATERIAL_SLIP"
    ACCEPTANCE = "ACCEPTANCE"
    SUPPLEMENT = "SUPPLEMENT"
    NON_ACCEPTANCE = "NON_ACCEPTANCE"
    SPECIAL_PROCEDURE = "SPECIAL_PROCEDURE"
    EXTENSION = "EXTENSION"
    GRANT = "GRANT"
    REFUSAL = "REFUSAL"
    CERTIFICATE = "CERTIFICATE"
    DELIVERY = "DELIVERY"
    HANDOVER = "HANDOVER"
    BRIEFING = "BRIEFING"


class PrintReason(Enum):
    """Why a paper goes through the printer."""

    FIRST = "FIRST"
    """For the first time."""
    SPOILED = "SPOILED"
    """The sheet before was spoiled."""
    LOST = "LOST"
    """The paper was lost after it was handed over."""
    COPY = "COPY"
    """A further copy was asked for."""


class DeliveryMethod(Enum):
    """送达 or 出件: how the result reached the applicant."""

    COUNTER = "COUNTER"
    POST = "POST"
    LOCKER = "LOCKER"
    ELECTRONIC = "ELECTRONIC"


class Satisfaction(Enum):
    """好差评, in the words of GB/T 39046; a star count is mapped at the border only."""

    VERY_SATISFIED = "VERY_SATISFIED"
    SATISFIED = "SATISFIED"
    FAIR = "FAIR"
    DISSATISFIED = "DISSATISFIED"
    VERY_DISSATISFIED = "VERY_DISSATISFIED"


@dataclass(frozen=True, kw_only=True)
class Receive:
    """收件: the counter took papers; the five days run from here."""

    number: str
    """办件编号, a label."""
    token: Personal
    """The tracking token, kept beside the text like a person's datum."""
    token_digest: str
    """SHA-256 hex of the token, by which the district finds the case."""
    item: ItemCode
    item_version: int
    answers: tuple[Answer, ...]
    applicant: Applicant
    fields: tuple[FieldValue, ...]
    materials: tuple[HandedIn, ...]
    agent: Agent | None = None


@dataclass(frozen=True, kw_only=True)
class AttachPage:
    """Add one scanned page to the case."""

    page: Page


@dataclass(frozen=True, kw_only=True)
class Correct:
    """当场更正: the applicant put right on the spot what was wrong (行政许可法 32(1)(3))."""

    fields: tuple[FieldValue, ...] = ()
    """The fields that are another now."""
    phone: Personal | None = None
    """The applicant's other telephone number."""


@dataclass(frozen=True, kw_only=True)
class TellSupplement:
    """补正告知: once, all of it, within the five days."""

    docno: str
    points: tuple[SupplementPoint, ...]
    until: date
    """Until when the applicant is asked to bring them; a service date, not a legal one."""


@dataclass(frozen=True, kw_only=True)
class BringSupplement:
    """补正材料 were handed in, at any counter."""

    materials: tuple[HandedIn, ...]


@dataclass(frozen=True, kw_only=True)
class BringDeferred:
    """容缺 materials were handed in, at any counter."""

    materials: tuple[HandedIn, ...]


@dataclass(frozen=True, kw_only=True)
class WishWithdraw:
    """The applicant wishes to withdraw."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """撤回: end the case as the applicant wished."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note of the staff to the file."""

    text: Personal


@dataclass(frozen=True, kw_only=True)
class Accept:
    """受理: the law's acceptance; starts the limits."""

    docno: str
    deferred: tuple[Deferral, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decline:
    """不予受理, with the right office named where there is one."""

    docno: str
    ground: DeclineGround
    reason: Personal
    right_office: str = ""
    """Public name, address and phone of the office that decides."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Take the hold of a case that lies free."""


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Give the hold to another desk."""

    to: ReplicaId


@dataclass(frozen=True, kw_only=True)
class TakeOver:
    """A supervisor takes the hold from a desk that is silent, lost or revoked."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class Open:
    """A counter opens a case of another place, by the applicant's own means."""

    means: OpenMeans


@dataclass(frozen=True, kw_only=True)
class SignOpinion:
    """审核意见 of the first level; a bare signature is not an opinion."""

    verdict: Verdict
    text: Personal


@dataclass(frozen=True, kw_only=True)
class Verify:
    """核准意见 of a further level, by another person."""

    verdict: Verdict
    text: Personal


@dataclass(frozen=True, kw_only=True)
class Grant:
    """准予."""

    docno: str


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """不予, with the facts and the articles they fail."""

    docno: str
    facts: tuple[Personal, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MakeReady:
    """制证: the result can be issued."""

    certificates: tuple[MadeCertificate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suspend:
    """特别程序 begins; told in writing; the clock stops."""

    docno: str
    procedure: Procedure
    by: str
    """Public name of the body that carries it out."""
    workdays: int


@dataclass(frozen=True, kw_only=True)
class Resume:
    """特别程序 has ended; the clock runs on."""


@dataclass(frozen=True, kw_only=True)
class Extend:
    """延长审批: once, approved by the head, the reason told."""

    docno: str
    workdays: int
    reason: Personal
    approved_by: PersonId


@dataclass(frozen=True, kw_only=True)
class ReturnInternally:
    """内部退回 to the counter for a clerical error; the clock runs on, the applicant is asked for nothing."""

    reason: Personal


@dataclass(frozen=True, kw_only=True)
class Enquire:
    """核实: ask another body; the clock does not wait."""

    question: Personal


@dataclass(frozen=True, kw_only=True)
class StartPrint:
    """The intent to print, recorded before a byte goes to the printer."""

    run: PrintId
    paper: PaperKind
    serial: str = ""
    """Number of the numbered stock, for a certificate."""
    ordinal: int = 1
    """Which of several papers of this kind, as of a case with several certificates."""
    reason: PrintReason = PrintReason.FIRST


@dataclass(frozen=True, kw_only=True)
class ConfirmPrint:
    """The paper came out well: said by the printer, by the clerk for numbered stock."""

    run: PrintId


@dataclass(frozen=True, kw_only=True)
class VoidPrint:
    """The paper was spoiled; its serial is void."""

    run: PrintId


@dataclass(frozen=True, kw_only=True)
class Deliver:
    """送达: the result was handed out and signed for."""

    method: DeliveryMethod
    recipient: Personal


@dataclass(frozen=True, kw_only=True)
class Archive:
    """归档."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """好差评 of the visit."""

    score: Satisfaction
    text: Personal | None = None


Action = (
    Receive
    | AttachPage
    | Correct
    | TellSupplement
    | BringSupplement
    | BringDeferred
    | WishWithdraw
    | Withdraw
    | Note
    | Accept
    | Decline
    | Claim
    | HandOver
    | TakeOver
    | Open
    | SignOpinion
    | Verify
    | Grant
    | Refuse
    | MakeReady
    | Suspend
    | Resume
    | Extend
    | ReturnInternally
    | Enquire
    | StartPrint
    | ConfirmPrint
    | VoidPrint
    | Deliver
    | Archive
    | Rate
)
