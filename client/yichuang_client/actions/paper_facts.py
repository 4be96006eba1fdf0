"""纸件的共同事实: what every paper of a case takes from it in the same way.

Rules kept here: a value that is hidden or erased prints as nothing; the code is there while the token is.
"""

from __future__ import annotations

from typing import TypedDict

from yichuang_client.actions.work import Work
from yichuang_client.documents.qr import tracking_url
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.party import ApplicantKind
from yichuang_domain.personal import Personal

PERMIT = "01"
"""行政许可, by the national type code."""


class NothingToPrintError(Exception):
    """The case has not come to what the paper would say."""


def shown(value: Personal | None) -> str:
    """The plain value."""
    return (value.value or "") if value is not None else ""


def code(work: Work, case: Case) -> str | None:
    """扫一扫，查进度: what the code of a citizen's paper holds."""
    return tracking_url(work.district.public_url, case.token.value) if case.token.value else None


def authority(work: Work, case: Case, item: ItemVersion) -> str:
    """The department that decides, by its full name."""
    section = work.section_of(case)
    return section.department if section is not None else item.department


def is_body(case: Case) -> bool:
    """Whether the applicant is a body and not a person."""
    return case.applicant.kind is not ApplicantKind.PERSON


class Head(TypedDict):
    """What stands on every paper of a case, by the names of ``PaperHead``."""

    case_number: str
    office: str
    phone: str | None
    qr: str | None


class Letter(Head):
    """What stands on every letter of the authority, by the names of ``LetterData``."""

    authority: str
    applicant: str
    is_person: bool
    item: str
    is_permit: bool


def head(work: Work, case: Case) -> Head:
    """纸头: case, office and the citizen's code. Raises StoreError."""
    return {
        "case_number": case.number,
        "office": work.place.name,
        "phone": work.place.phone or None,
        "qr": code(work, case),
    }


def letter(work: Work, case: Case, item: ItemVersion) -> Letter:
    """公文头: the paper's head, the authority, to whom, on what. Raises StoreError."""
    return {
        **head(work, case),
        "authority": authority(work, case, item),
        "applicant": shown(case.applicant.name),
        "is_person": not is_body(case),
        "item": item.name,
        "is_permit": item.type_code == PERMIT,
    }
