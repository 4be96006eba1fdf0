"""公文数据: the facts of the letters, from the acceptance notice to the extension notice.

Rules kept here: a letter has a document number and a date; a refusal names every fact and every article it rests on
(行政许可法 38) and a supplement notice names all that is missing (32); a due date that rests on a year without a
holiday notice says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yichuang_client.documents.form_data import ReceivedMaterial
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_head import LabelledText, PaperHead, bad, is_empty
from yichuang_domain.actions import DeclineGround, Procedure
from yichuang_domain.catalog import Limit, Pickup

_LETTER = ("authority", "applicant", "item", "docno")


@dataclass(frozen=True, kw_only=True)
class LetterData(PaperHead):
    """公文共同项."""

    authority: str
    """Authority that signs, by its full name."""
    applicant: str
    """Addressee: the person's or the body's name."""
    is_person: bool
    """Whether the addressee is a person (您) and not a body (你单位)."""
    item: str
    """Name of the item."""
    docno: str
    """文号 as printed, its year in 〔〕."""
    issued_on: date
    """Date under the authority's name."""
    is_permit: bool = True
    """Whether the item is a permit, so that 行政许可法 is the basis; other items name only their own basis."""


@dataclass(frozen=True, kw_only=True)
class RemedyData(LetterData):
    """权利救济: where a person who disagrees may turn; None prints the law's general words instead of a name."""

    review_body: str | None = None
    """行政复议机关."""
    court: str | None = None
    """人民法院."""


@dataclass(frozen=True, kw_only=True)
class DeferredMaterial:
    """容缺材料: what may come later, and by when."""

    name: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AcceptanceData(LetterData):
    """受理通知书 (行政许可法 32(1)(5))."""

    paper: ClassVar[Paper] = Paper.ACCEPTANCE
    required: ClassVar[tuple[str, ...]] = _LETTER

    received_on: date
    """Day on which the papers were taken in."""
    accepted_on: date
    """Day from which the case counts as accepted."""
    statutory: Limit | None
    """法定时限; None is 目录未载."""
    promised: Limit | None
    """承诺时限; None is 目录未载."""
    due_on: date | None
    """Last day of the promised limit, or of the statutory one; None prints no day."""
    is_provisional: bool = False
    """Whether ``due_on`` rests on a year without a holiday notice."""
    pickups: tuple[Pickup, ...] = ()
    """取件方式; none is 目录未载."""
    deferred: tuple[DeferredMaterial, ...] = ()
    """容缺受理: what is still to come."""
    materials: tuple[ReceivedMaterial, ...] = ()
    """Materials to list; the receipt has them already, so usually none."""


@dataclass(frozen=True, kw_only=True)
class SupplementPointData:
    """补正项: one thing that is missing, why, and what a person can do about it."""

    material: str
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class SupplementData(LetterData):
    """一次性补正告知书 (行政许可法 32(1)(4)): all of it, once."""

    paper: ClassVar[Paper] = Paper.SUPPLEMENT
    required: ClassVar[tuple[str, ...]] = (*_LETTER, "points")

    received_on: date
    points: tuple[SupplementPointData, ...]
    until: date
    """Service date set by the office; the text attaches no consequence to it."""
    is_provisional: bool = False
    """Whether ``until`` rests on a year without a holiday notice."""

    def __post_init__(self) -> None:
        """Raises PaperError(BAD_DATA) for an empty list or an empty word in it."""
        super().__post_init__()
        if any(is_empty(text) for point in self.points for text in (point.material, point.reason, point.remedy)):
            raise bad(self, "points")


@dataclass(frozen=True, kw_only=True)
class RightOffice:
    """有权机关: which office decides instead; what is not known prints 目录未载."""

    name: str
    address: str | None = None
    hours: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NonAcceptanceData(RemedyData):
    """不予受理通知书 (行政许可法 32)."""

    paper: ClassVar[Paper] = Paper.NON_ACCEPTANCE
    required: ClassVar[tuple[str, ...]] = (*_LETTER, "reason")

    received_on: date
    ground: DeclineGround
    reason: str
    """A clause that stands after 经审查, without a full stop at its end."""
    right_office: RightOffice | None = None
    originals: int = 0
    """Originals given back with the notice."""

    def __post_init__(self) -> None:
        """Raises PaperError(BAD_DATA) also when the wrong office is the ground and the right one is not named."""
        super().__post_init__()
        right = None if self.right_office is None else self.right_office.name
        if self.ground is DeclineGround.WRONG_OFFICE and is_empty(right):
            raise bad(self, "right_office")


@dataclass(frozen=True, kw_only=True)
class GrantData(LetterData):
    """准予行政许可决定书 (行政许可法 38, 40, 44)."""

    paper: ClassVar[Paper] = Paper.GRANT
    required: ClassVar[tuple[str, ...]] = _LETTER

    received_on: date
    accepted_on: date
    basis: str | None = None
    """The item's own law with its article, beside 行政许可法; None names that one alone."""
    terms: tuple[LabelledText, ...] = ()
    """What is granted, one line each, beside applicant and item."""
    deliver_by: date | None = None
    """Last day of the ten working days for delivery; None says ten working days without a day."""
    is_provisional: bool = False
    """Whether ``deliver_by`` rests on a year without a holiday notice."""
    has_certificate: bool = True
    """Whether a certificate follows, or this paper is the whole result."""


@dataclass(frozen=True, kw_only=True)
class RefusalData(RemedyData):
    """不予行政许可决定书 (行政许可法 38(2)); never with an empty fact or article."""

    paper: ClassVar[Paper] = Paper.REFUSAL
    required: ClassVar[tuple[str, ...]] = (*_LETTER, "facts", "articles")

    received_on: date
    accepted_on: date
    facts: tuple[str, ...]
    """What was found, each with its date and evidence, each a whole sentence."""
    articles: tuple[str, ...]
    """The articles that the facts fail, as they are cited."""


@dataclass(frozen=True, kw_only=True)
class ProcedureData:
    """特别程序: one procedure of art. 45 and its time."""

    procedure: Procedure
    by: str
    """Who carries it out."""
    workdays: int
    from_on: date
    until_on: date


@dataclass(frozen=True, kw_only=True)
class SpecialProcedureData(LetterData):
    """特别程序告知书 (行政许可法 45): the time that is not counted, in writing."""

    paper: ClassVar[Paper] = Paper.SPECIAL_PROCEDURE
    required: ClassVar[tuple[str, ...]] = (*_LETTER, "procedures")

    accepted_on: date
    due_before: date | None
    """The due date that had been told; None leaves it out."""
    procedures: tuple[ProcedureData, ...]
    due_after: date | None
    """The due date once the procedures are over; None when they end on no known day."""
    is_provisional: bool = False
    """Whether a date rests on a year without a holiday notice."""
    duty: str | None = None
    """What the applicant has to do, a whole sentence; None when nothing."""


@dataclass(frozen=True, kw_only=True)
class ExtensionData(LetterData):
    """延长办理期限告知书 (行政许可法 42(1)): once, approved by the head of the authority."""

    paper: ClassVar[Paper] = Paper.EXTENSION
    required: ClassVar[tuple[str, ...]] = (*_LETTER, "reason", "due_after")

    accepted_on: date
    due_before: date
    reason: str
    """A clause that stands after 因, without a full stop at its end."""
    workdays: int
    """1 to 10."""
    due_after: date
    basis: str | None = None
    """The item's own law, beside 行政许可法."""
    is_provisional: bool = False
    """Whether ``due_after`` rests on a year without a holiday notice."""

    def __post_init__(self) -> None:
        """Raises PaperError(BAD_DATA) also for more than ten working days."""
        super().__post_init__()
        if not 1 <= self.workdays <= 10:
            raise bad(self, "workdays")
