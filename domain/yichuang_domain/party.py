"""Who applies and what they bring: the values that actions and events share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from yichuang_domain.ids import BlobHash, CaseId, SectionId
from yichuang_domain.personal import Personal


class ApplicantKind(Enum):
    """What kind of applicant asks."""

    PERSON = "PERSON"
    """个人"""
    SOLE_TRADER = "SOLE_TRADER"
    """个体工商户"""
    COMPANY = "COMPANY"
    """企业"""


class IdSource(Enum):
    """How an identity number came in; a typed one is marked 手输."""

    TYPED = "TYPED"
    CARD = "CARD"


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """申请人: a person, or a body with the person who speaks for it."""

    kind: ApplicantKind
    name: Personal
    """The person's name, or the body's."""
    id_number: Personal
    """公民身份号码 of the person, or of the body's operator."""
    id_source: IdSource
    phone: Personal
    credit_code: Personal | None = None
    """统一社会信用代码 of a body."""
    operator: Personal | None = None
    """经营者: who speaks for a body."""
    address: Personal | None = None


@dataclass(frozen=True, kw_only=True)
class Agent:
    """代办人 with a mandate that has a scope and an end."""

    name: Personal
    id_number: Personal
    phone: Personal
    scope: Personal
    until: date
    id_source: IdSource | None = None
    """None: not noted."""


class Evidence(Enum):
    """What stands for a material: exactly one a material."""

    SCANNED = "SCANNED"
    ORIGINAL_CHECKED = "ORIGINAL_CHECKED"
    """原件已核"""
    CERTIFICATE = "CERTIFICATE"
    """证照库免交"""
    CARD_READ = "CARD_READ"
    """身份证已读: the card itself, read by a reader; no paper is taken in."""
    DEFERRED = "DEFERRED"
    """容缺: promised for later."""


class Trust(Enum):
    """How far a certificate that stands for a paper is believed (国办函〔2016〕108号)."""

    ISSUED = "ISSUED"
    """Level A: made by a body of this district; used directly."""
    CHECKED = "CHECKED"
    """Level B: compared with its original at a counter before; may be used again."""


@dataclass(frozen=True, kw_only=True)
class HeldCertificate:
    """证照 of a holder, as the log of an earlier case tells of it."""

    trust: Trust
    type_code: str
    name: str
    """Public name of the certificate, or of the material that was compared."""
    identifier: str = ""
    """Electronic identifier (GB/T 36904); level B has none."""
    docno: str = ""
    """Number of the decision that granted it; level B has none."""
    on: date
    """Day of that decision, or of the comparison."""
    valid_until: date | None = None
    source: CaseId
    """The case that issued it, or for which it was compared."""
    section: SectionId | None = None
    """Whose section issued it."""
    material: str = ""
    """Level B: key of the material in the source."""


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One material as it was taken in."""

    material: str
    """Key of the material in the item version."""
    evidence: Evidence
    copies: int = 1
    pages: int = 0
    certificate: HeldCertificate | None = None
    """What stands for the paper, where ``evidence`` is CERTIFICATE."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One scanned side of paper; its bytes are a blob named by owner and hash."""

    page: BlobHash
    material: str
    ordinal: int
    """1, 2, … within the material."""
    size: int
    """Bytes."""
    width: int
    height: int
    is_blank: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The applicant's answer to one situation question (情形)."""

    question: str
    option: str


@dataclass(frozen=True, kw_only=True)
class FieldValue:
    """One field of the item's form, as typed."""

    key: str
    value: Personal


@dataclass(frozen=True, kw_only=True)
class SupplementPoint:
    """One thing that is missing, why, and what the applicant can do about it."""

    material: str
    reason: Personal
    remedy: Personal


@dataclass(frozen=True, kw_only=True)
class Deferral:
    """容缺: a material that may come later, and by when."""

    material: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class MadeCertificate:
    """证照 as produced: its public name, electronic identifier (GB/T 36904) and validity."""

    name: str
    identifier: str
    valid_from: date
    valid_until: date | None = None
