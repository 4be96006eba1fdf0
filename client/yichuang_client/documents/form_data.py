"""表单数据: the facts of the papers that are read at the window, on a bench or by a machine.

Rules kept here: a receipt says how each material came in (原件, 复印件, 免交, 容缺) and what is still to come; sums are
computed by the template from the rows, never passed in.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_head import LabelledText, PaperHead
from yichuang_client.documents.qr import code128_svg
from yichuang_domain.actions import DeliveryMethod, PrintReason
from yichuang_domain.catalog import Limit


class Form(enum.StrEnum):
    """收到形式: how a material came in."""

    ORIGINAL = "ORIGINAL"
    """原件, kept."""
    COPY = "COPY"
    """复印件."""
    ORIGINAL_CHECKED = "ORIGINAL_CHECKED"
    """原件核验: compared and given back, the copy kept."""
    EXEMPT = "EXEMPT"
    """免交: taken from the certificate library."""
    CARD_READ = "CARD_READ"
    """读卡: the identity card itself, read and given back at once."""
    DEFERRED = "DEFERRED"
    """容缺: to come later."""


class ReceiptKind(enum.StrEnum):
    """回执种类: which hand-in the receipt is for."""

    APPLICATION = "APPLICATION"
    """申请材料."""
    SUPPLEMENT = "SUPPLEMENT"
    """补正材料."""
    DEFERRED = "DEFERRED"
    """容缺材料."""
    ORIGINALS = "ORIGINALS"
    """原件."""


class HandedInBy(enum.StrEnum):
    """提交身份: in which role somebody handed the papers in."""

    APPLICANT = "APPLICANT"
    """申请人本人."""
    OPERATOR = "OPERATOR"
    """经营者 or legal representative."""
    AGENT = "AGENT"
    """代办人."""


@dataclass(frozen=True, kw_only=True)
class ReceivedMaterial:
    """收到的材料: one row of a receipt."""

    name: str
    form: Form
    copies: int | None = 1
    """None prints a dash."""
    pages: int | None = None
    """None prints a dash."""
    due_on: date | None = None
    """For a deferred material: by when it must come."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptData(PaperHead):
    """接收回执 (行政许可法 32, 82), also for every later hand-in; the roll takes the same facts."""

    paper: ClassVar[Paper] = Paper.RECEIPT
    required: ClassVar[tuple[str, ...]] = ("applicant", "item", "person", "counter", "clerk")

    kind: ReceiptKind = ReceiptKind.APPLICATION
    applicant: str
    item: str
    person: str
    """Who handed in."""
    person_id: str | None
    """Masked ID number of that person."""
    role: HandedInBy
    mobile: str | None
    """Masked phone for messages."""
    received_time: datetime
    counter: str
    """Name of the counter."""
    clerk: str
    """Number of the clerk, not the name."""
    materials: tuple[ReceivedMaterial, ...]
    """What came in this time; may be empty where the item asks for no paper."""
    notice_due_on: date | None = None
    """Last of the five working days (APPLICATION); from the calendar, never from a template."""
    is_provisional: bool = False
    """Whether a date rests on a year without a holiday notice."""
    outstanding: tuple[str, ...] = ()
    """What is still missing after a later hand-in."""
    all_in_on: date | None = None
    """Day on which nothing was missing any more (SUPPLEMENT)."""
    cases: tuple[LabelledText, ...] = ()
    """一件事: each item that was handed in with the matter, and the number of its case."""

    def __post_init__(self) -> None:
        """Mask what came in clear; raises PaperError(BAD_DATA) for an empty fact."""
        super().__post_init__()
        self._mask(ids=("person_id",), phones=("mobile",))


@dataclass(frozen=True, kw_only=True)
class WithdrawalData(PaperHead):
    """撤回申请回执: the applicant's wish, signed by both sides, and what follows from it."""

    paper: ClassVar[Paper] = Paper.WITHDRAWAL
    required: ClassVar[tuple[str, ...]] = ("authority", "applicant", "item", "person", "counter", "clerk")

    authority: str
    """Authority that would have decided, by its full name."""
    applicant: str
    is_person: bool
    """Whether the applicant is a person (您) and not a body (你单位)."""
    item: str
    person: str
    """Who told the wish and signs."""
    person_id: str | None
    received_on: date
    accepted_on: date | None
    """Day from which the case counted as accepted; None before that."""
    wished_on: date
    ended_on: date | None
    """Day on which the case ended; None while the section has not ended it."""
    section: str
    """Who ends it, where it has not ended."""
    originals: int = 0
    """Originals given back."""
    counter: str
    clerk: str
    """Number of the clerk, not the name."""

    def __post_init__(self) -> None:
        """Mask what came in clear; raises PaperError(BAD_DATA) for an empty fact."""
        super().__post_init__()
        self._mask(ids=("person_id",))


@dataclass(frozen=True, kw_only=True)
class MaterialSlipData(PaperHead):
    """收件材料单: lies on top of the papers of one case on their way inside."""

    paper: ClassVar[Paper] = Paper.MATERIAL_SLIP
    required: ClassVar[tuple[str, ...]] = ("applicant", "item", "counter", "clerk", "section")

    applicant: str
    item: str
    received_time: datetime
    counter: str
    clerk: str
    section: str
    """审批科室 that gets the papers."""
    due_on: date | None
    """Due date known so far; None prints a dash."""
    materials: tuple[ReceivedMaterial, ...]


@dataclass(frozen=True, kw_only=True)
class SeparatorData(PaperHead):
    """材料分隔页; its code is `qr.separator_payload`, its bar code 18 digits."""

    paper: ClassVar[Paper] = Paper.SEPARATOR
    required: ClassVar[tuple[str, ...]] = ("applicant", "item", "material", "qr")
    code_level: ClassVar[str] = "h"

    applicant: str
    item: str
    material: str
    ordinal: int
    total: int
    pages: int | None
    """Pages expected; None leaves the line out."""
    bar_digits: str
    """device 4, date 8, serial 4, ordinal 2."""

    def to_data(self) -> dict[str, object]:
        """The facts with the bar code drawn; raises ValueError for other than an even number of digits."""
        drawing = code128_svg(self.bar_digits)
        bar = {"svg": drawing.text, "modules": drawing.width, "digits": self.bar_digits}
        return {**super().to_data(), "bar": bar}


@dataclass(frozen=True, kw_only=True)
class ServedDocument:
    """送达文书: one document that is handed over."""

    kind: Paper
    """Which paper it is; its name stands in the template."""
    title: str | None = None
    """Name to print instead, as for a certificate."""
    number: str
    """文号 or number of the certificate."""
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class DeliveryData(PaperHead):
    """送达回证."""

    paper: ClassVar[Paper] = Paper.DELIVERY
    required: ClassVar[tuple[str, ...]] = ("authority", "recipient", "docno", "documents")

    authority: str
    docno: str
    issued_on: date
    recipient: str
    """受送达人: the applicant by name."""
    person: str | None = None
    """The person for a body."""
    person_id: str | None = None
    """Masked."""
    address: str | None = None
    """送达地点; None leaves a blank to be written by hand."""
    documents: tuple[ServedDocument, ...]
    method: DeliveryMethod | None = None
    """Ticked; None leaves all boxes open."""
    is_permit: bool = True
    """Whether the documents are about a permit, which is in their names."""
    servers: tuple[str, ...] = ()
    """送达人: names, two at most; blanks where none is given."""

    def __post_init__(self) -> None:
        """Mask what came in clear; raises PaperError(BAD_DATA) for an empty fact."""
        super().__post_init__()
        self._mask(ids=("person_id",))


class Copy(enum.StrEnum):
    """正本或副本."""

    ORIGINAL = "ORIGINAL"
    DUPLICATE = "DUPLICATE"


@dataclass(frozen=True, kw_only=True)
class CertificateData(PaperHead):
    """行政许可证 (行政许可法 39), only for items without a national form; the sheet says so."""

    paper: ClassVar[Paper] = Paper.CERTIFICATE
    required: ClassVar[tuple[str, ...]] = ("authority", "holder", "subject", "number")

    title: str | None = None
    """Name of the certificate; None prints 行政许可证."""
    subject: str
    """What is permitted, under the title."""
    number: str
    """许可证编号; numbered stock, confirmed by the clerk."""
    copy: Copy = Copy.ORIGINAL
    again: PrintReason | None = None
    """Why a duplicate was printed after the original was handed out: LOST or COPY."""
    again_on: date | None = None
    holder: str
    fields: tuple[LabelledText, ...] = ()
    """Lines between holder and validity, five at most read well."""
    authority: str
    issued_on: date
    valid_from: date
    valid_until: date | None = None
    """None where the catalogue states no term (目录未载)."""
    identifier: str | None = None
    """电子证照标识 (GB/T 36904)."""


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """交接行: the papers of one case."""

    case_number: str
    applicant: str
    item: str
    pieces: int
    pages: int
    originals: int
    """Originals that must go back to the applicant."""
    due_on: date | None
    """None prints a dash."""


@dataclass(frozen=True, kw_only=True)
class HandoverData(PaperHead):
    """物料流转交接单; ``case_number`` is the number of the batch."""

    paper: ClassVar[Paper] = Paper.HANDOVER
    required: ClassVar[tuple[str, ...]] = ("from_party", "to_party", "rows")

    from_party: str
    """Who gives: counter and person."""
    to_party: str
    """Who takes: section and person."""
    handed_time: datetime
    bag: str | None = None
    """封包 and seal number; None leaves a blank to be written by hand."""
    container: str | None = None
    rows: tuple[HandoverRow, ...]


@dataclass(frozen=True, kw_only=True)
class BriefingMaterial:
    """要带的材料."""

    name: str
    form: Form
    copies: int = 1
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BriefingPlace:
    """在哪办: a place that takes the item; what is not known prints 目录未载."""

    name: str
    address: str | None = None
    hours: str | None = None


@dataclass(frozen=True, kw_only=True)
class BriefingStep:
    """办理步骤."""

    title: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class BriefingData(PaperHead):
    """一口清告知单, for one item and one situation; from the published guide only.

    ``case_number`` is the item's code. None everywhere means that the catalogue is silent (目录未载); an empty list
    means that there is nothing (no paper to bring, no usual mistake).
    """

    paper: ClassVar[Paper] = Paper.BRIEFING
    required: ClassVar[tuple[str, ...]] = ("item", "version")

    item: str
    situation: str | None = None
    """The answers in plain words; None leaves the line out."""
    materials: tuple[BriefingMaterial, ...] | None
    places: tuple[BriefingPlace, ...] | None
    promised: Limit | None
    statutory: Limit | None
    is_instant: bool | None = None
    """即办件: decided while the applicant waits."""
    steps: tuple[BriefingStep, ...] | None = None
    is_charged: bool | None = None
    fee: str | None = None
    """Tariff and basis in plain words."""
    mistakes: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    basis: str | None = None
    version: str
    """Version of the item in the catalogue."""
    effective_on: date
    printed_time: datetime
