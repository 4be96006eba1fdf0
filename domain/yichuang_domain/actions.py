"""What a person may do to a case: imperative, frozen, without any effect of their own.

Rules kept here: a person's data stands only in ``Personal``; everything else is an id, a code, a date or a
number. Which of them are facts, which decisions: ``act_table``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang_domain.choices import (
    DeclineGround as DeclineGround,
    DeliveryMethod as DeliveryMethod,
    OpenMeans as OpenMeans,
    PaperKind as PaperKind,
    PrintReason as PrintReason,
    Procedure as Procedure,
    Satisfaction as Satisfaction,
    Verdict as Verdict,
)
from yichuang_domain.ids import CaseId, ItemCode, PersonId, PrintId, ReplicaId
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
    corrects: CaseId | None = None
    """更正: the concluded case whose result this one is to put right."""
    matter: MatterPart | None = None
    """The matter (一件事) that it is handed in with."""


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
    stays: bool = False
    """Whether the counter keeps the hold, to grant in the same deed; else the section goes on from here."""


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
class GrantAtCounter:
    """当场准予 of an instant case by the clerk, with the opinion and the result, where the item version says so."""

    docno: str
    text: Personal
    certificates: tuple[MadeCertificate, ...] = ()


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
    ahead: bool = False
    """先领: of a matter of which another case is still being worked on, because the applicant wishes it."""


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
    | GrantAtCounter
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
