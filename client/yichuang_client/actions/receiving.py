"""收件: what the clerk typed and scanned becomes a case.

Rules kept here: the case's id and token are random, its number is a label; a cancelled item, and one without a section
that could decide it, is refused HERE, before the fact happens; pages are durable before the deed names them.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from yichuang_client.actions.deciding import FirstDecision, grant_at_counter, numbered
from yichuang_client.actions.work import Work
from yichuang_client.store.drafts import DraftKind
from yichuang_client.store.pages import WrittenPage
from yichuang_client.store.scan_journal import UNSORTED, Journalled
from yichuang_domain.actions import (
    Accept,
    Action,
    AttachPage,
    BringDeferred,
    BringSupplement,
    Correct,
    Open,
    OpenMeans,
    Receive,
)
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.errors import Refused
from yichuang_domain.identity import (
    CitizenId,
    CodeFault,
    CodeFaultKind,
    NameFault,
    name_fault,
    read_citizen_id,
    read_credit_code,
)
from yichuang_domain.ids import CaseId
from yichuang_domain.material import unanswered
from yichuang_domain.party import (
    Agent,
    Answer,
    Applicant,
    ApplicantKind,
    Evidence,
    FieldValue,
    HandedIn,
    IdSource,
    Page,
)

TOKEN_BYTES = 16


class IntakeFault(Enum):
    """Why papers cannot be taken in yet."""

    ITEM_CANCELLED = "ITEM_CANCELLED"
    ITEM_WITHOUT_SECTION = "ITEM_WITHOUT_SECTION"
    NAME = "NAME"
    ID_NUMBER = "ID_NUMBER"
    CREDIT_CODE = "CREDIT_CODE"
    PHONE = "PHONE"
    QUESTION_OPEN = "QUESTION_OPEN"
    FIELD_MISSING = "FIELD_MISSING"


class IntakeError(Exception):
    """The intake is not ready; ``key`` names the field, ``detail`` the exact fault where there is one."""

    def __init__(self, fault: IntakeFault, key: str = "", detail: CodeFault | NameFault | date | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.key = key
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Who applies, as typed; text only."""

    kind: ApplicantKind
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    credit_code: str = field(default="", repr=False)
    operator: str = field(default="", repr=False)
    id_source: IdSource = IdSource.TYPED


@dataclass(frozen=True, kw_only=True)
class TypedAgent:
    """Who hands in for the applicant, as typed."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    scope: str = field(repr=False)
    until: date
    id_source: IdSource = IdSource.TYPED


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Everything of one intake."""

    case: CaseId
    item: ItemVersion
    answers: Mapping[str, str]
    applicant: Typed
    materials: tuple[HandedIn, ...]
    pages: tuple[Page, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    agent: TypedAgent | None = None
    corrects: CaseId | None = None


def new_case() -> CaseId:
    """A fresh id."""
    return CaseId(secrets.token_hex(16))


def check(work: Work, intake: Intake) -> None:
    """Raises IntakeError for the first thing that keeps the papers from being taken in."""
    cancelled = work.store.catalogue.cancelled_on(intake.item)
    if cancelled is not None and work.today >= cancelled:
        raise IntakeError(IntakeFault.ITEM_CANCELLED, detail=cancelled)
    if intake.item.section is None:
        raise IntakeError(IntakeFault.ITEM_WITHOUT_SECTION)
    check_applicant(intake.applicant, work.today)
    if intake.agent is not None:
        _check_person(intake.agent.name, intake.agent.id_number, work.today, "agent_")
    open_questions = unanswered(intake.item, intake.answers)
    if open_questions:
        raise IntakeError(IntakeFault.QUESTION_OPEN, open_questions[0].key)
    for form_field in intake.item.fields:
        if form_field.required and not intake.form.get(form_field.key, "").strip():
            raise IntakeError(IntakeFault.FIELD_MISSING, form_field.key)


def check_applicant(typed: Typed, today: date) -> None:
    """Raises IntakeError for a name, number or phone that cannot be right."""
    body = typed.kind is not ApplicantKind.PERSON
    fault = name_fault(typed.name) if not body else None
    if fault is not None or not typed.name.strip():
        raise IntakeError(IntakeFault.NAME, "name", fault)
    if body:
        code = read_credit_code(typed.credit_code)
        if isinstance(code, CodeFault) and code.kind is not CodeFaultKind.CHECK:  # real bodies fail their check
            raise IntakeError(IntakeFault.CREDIT_CODE, "credit_code", code)
    _check_person(typed.operator if body else typed.name, typed.id_number, today, "")
    if not typed.phone.strip():
        raise IntakeError(IntakeFault.PHONE, "phone")


def _check_person(name: str, id_number: str, today: date, prefix: str) -> None:
    fault = name_fault(name)
    if fault is not None:
        raise IntakeError(IntakeFault.NAME, f"{prefix}name", fault)
    read = read_citizen_id(id_number, today)
    if not isinstance(read, CitizenId):
        raise IntakeError(IntakeFault.ID_NUMBER, f"{prefix}id_number", read)


def receive(work: Work, intake: Intake, decision: FirstDecision | None = None, *, opinion: str = "") -> Case:
    """Take the papers in and, with ``decision``, accept, tell the supplement or decline in the same deed.

    With ``opinion`` an instant case that is accepted is granted in the same deed (当场办结).

    Raises IntakeError, StoreError, Refused; nothing is written and no number is taken then.
    """
    check(work, intake)
    token = base64.urlsafe_b64encode(work.random(TOKEN_BYTES)).rstrip(b"=").decode()
    came = receipt(work, intake, token)
    pages = [(intake.case, AttachPage(page=page)) for page in intake.pages]
    rest: list[tuple[CaseId, Action]] = [*pages]
    if opinion and isinstance(decision, Accept):
        decision = replace(decision, stays=True)
    if decision is not None:
        refusal = work.refusal((intake.case, came), *pages, (intake.case, decision))
        if refusal is not None:
            raise Refused(refusal)
        section = next((s for s in work.district.sections if s.section == intake.item.section), None)
        rest.append((intake.case, numbered(work, section, decision)))
        if opinion:
            rest.append((intake.case, grant_at_counter(work, section, intake.item, opinion)))
    desk = work.store.desk
    number = work.store.serials.next_case_number(desk.district_code, desk.replica, work.today)
    acts = ((intake.case, replace(came, number=number)), *rest)
    return work.do(*acts, uses_draft=(intake.case, DraftKind.INTAKE)).cases[intake.case]


def receipt(work: Work, intake: Intake, token: str) -> Receive:
    """The receipt as an act without its number."""
    return Receive(
        number="",
        token=work.seal(token),
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        item=intake.item.code,
        item_version=intake.item.version,
        answers=tuple(Answer(question=q, option=o) for q, o in sorted(intake.answers.items())),
        applicant=_applicant(work, intake.applicant),
        agent=_agent(work, intake.agent) if intake.agent else None,
        corrects=intake.corrects,
        fields=tuple(FieldValue(key=k, value=work.seal(v)) for k, v in sorted(intake.form.items()) if v),
        materials=intake.materials,
    )


def _applicant(work: Work, typed: Typed) -> Applicant:
    return Applicant(
        kind=typed.kind,
        name=work.seal(typed.name.strip()),
        id_number=work.seal(typed.id_number.strip().upper()),
        id_source=typed.id_source,
        phone=work.seal(typed.phone.strip()),
        credit_code=work.seal(typed.credit_code.strip().upper()) if typed.credit_code else None,
        operator=work.seal(typed.operator.strip()) if typed.operator else None,
    )


def _agent(work: Work, typed: TypedAgent) -> Agent:
    return Agent(
        name=work.seal(typed.name.strip()),
        id_number=work.seal(typed.id_number.strip().upper()),
        phone=work.seal(typed.phone.strip()),
        scope=work.seal(typed.scope),
        until=typed.until,
        id_source=typed.id_source,
    )


def keep_page(
    work: Work,
    case: CaseId,
    data: bytes,
    *,
    material: str,
    ordinal: int,
    size: tuple[int, int],
    is_blank: bool,
) -> Page:
    """Keep one page of a case, durable when this returns; ``size`` is width and height. Raises StoreError."""
    name = work.store.pages.keep(case, data)
    width, height = size
    return Page(
        page=name,
        material=material,
        ordinal=ordinal,
        size=len(data),
        width=width,
        height=height,
        is_blank=is_blank,
    )


def keep_written(work: Work, case: CaseId, pages: Sequence[tuple[WrittenPage, Journalled]]) -> tuple[Page, ...]:
    """Keep scanned pages, of no material yet, whose files page processes have made durable: all of them or none.

    What is journalled gives them back after a crash. Raises StoreError.
    """
    work.store.pages.keep_written(case, pages)
    return tuple(
        Page(
            page=written.page,
            material=UNSORTED,
            ordinal=0,
            size=written.size,
            width=journalled.width,
            height=journalled.height,
            is_blank=journalled.is_blank,
        )
        for written, journalled in pages
    )


def scanned(material: str, pages: Sequence[Page]) -> HandedIn:
    """The hand-in of a material by its scanned pages."""
    count = sum(page.material == material for page in pages)
    return HandedIn(material=material, evidence=Evidence.SCANNED, pages=count)


def open_elsewhere(work: Work, cases: Sequence[CaseId], means: OpenMeans) -> None:
    """Open cases of another place that the district found by the applicant's own means; its answer brings them.

    Raises Refused (NEEDS_LINE), StoreError.
    """
    work.do(*((case, Open(means=means)) for case in cases))


def correct(work: Work, case: CaseId, fields: Mapping[str, str], phone: str | None = None) -> Case:
    """当场更正: what the applicant put right on the spot; ``phone`` None: as before. Raises Refused, StoreError."""
    values = tuple(FieldValue(key=key, value=work.seal(text.strip())) for key, text in sorted(fields.items()))
    act = Correct(fields=values, phone=work.seal(phone.strip()) if phone is not None else None)
    return work.do((case, act)).cases[case]


def bring_supplement(work: Work, case: CaseId, materials: Sequence[HandedIn], pages: Sequence[Page]) -> Case:
    """补正材料 came in, at whatever counter. Raises Refused, StoreError."""
    attached = [(case, AttachPage(page=page)) for page in pages]
    bring = (case, BringSupplement(materials=tuple(materials)))
    return work.do(*attached, bring, uses_draft=(case, DraftKind.BROUGHT)).cases[case]


def bring_deferred(work: Work, case: CaseId, materials: Sequence[HandedIn], pages: Sequence[Page]) -> Case:
    """容缺材料 came in. Raises Refused, StoreError."""
    attached = [(case, AttachPage(page=page)) for page in pages]
    bring = (case, BringDeferred(materials=tuple(materials)))
    return work.do(*attached, bring, uses_draft=(case, DraftKind.BROUGHT)).cases[case]
