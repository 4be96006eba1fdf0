"""From a case to the facts of its papers: one short function a paper.

Rules kept here: what the catalogue does not state stays None (目录未载); dates that were told are taken from the case
as they were told; a person's numbers are masked by the paper itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from yichuang_client.actions.matters import siblings
from yichuang_client.actions.paper_facts import NothingToPrintError, authority, head, is_body, letter, shown
from yichuang_client.actions.result_papers import certificate, delivery, grant, refusal
from yichuang_client.actions.time_papers import extension, special_procedure
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper_data import (
    AcceptanceData,
    DeferredMaterial,
    Form,
    HandedInBy,
    LabelledText,
    MaterialSlipData,
    NonAcceptanceData,
    PaperHead,
    ReceiptData,
    ReceiptKind,
    ReceivedMaterial,
    RightOffice,
    SupplementData,
    SupplementPointData,
    WithdrawalData,
)
from yichuang_client.documents.qr import slip_payload
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion, MaterialForm
from yichuang_domain.deed import local_day
from yichuang_domain.events import WithdrawalWished, Withdrawn
from yichuang_domain.matter import MatterPart
from yichuang_domain.party import Evidence, HandedIn

__all__ = ["Bringer", "NothingToPrintError", "facts", "hand_in_receipt"]

_FORMS = {
    MaterialForm.ORIGINAL: Form.ORIGINAL,
    MaterialForm.COPY: Form.COPY,
    MaterialForm.ORIGINAL_CHECKED: Form.ORIGINAL_CHECKED,
}


@dataclass(frozen=True, kw_only=True)
class Bringer:
    """送件人: who brought a later hand-in, as told at the counter."""

    name: str = field(repr=False)
    phone: str = field(default="", repr=False)


def facts(work: Work, case: Case, paper: PaperKind) -> PaperHead:
    """The facts of a paper of a case.

    Raises NothingToPrintError, PaperError for a fact that is missing, StoreError.
    """
    item = work.item_of(case)
    builder = _BUILDERS.get(paper)
    if builder is None:
        raise NothingToPrintError(paper.value)
    return builder(work, case, item)


def _received(item: ItemVersion, came: tuple[HandedIn, ...], case: Case) -> tuple[ReceivedMaterial, ...]:
    known = {m.key: m for m in item.materials}
    due = {d.material: d.due_on for d in case.deferrals}
    rows = []
    for one in came:
        material = known.get(one.material)
        form = _FORMS[material.form] if material else Form.COPY
        if one.evidence is Evidence.CERTIFICATE:
            form = Form.EXEMPT
        elif one.evidence is Evidence.CARD_READ:
            form = Form.CARD_READ
        elif one.evidence is Evidence.DEFERRED:
            form = Form.DEFERRED
        has_paper = form not in {Form.EXEMPT, Form.CARD_READ, Form.DEFERRED}
        rows.append(
            ReceivedMaterial(
                name=material.name if material else one.material,
                form=form,
                copies=one.copies if has_paper else None,
                pages=one.pages or None,
                due_on=due.get(one.material),
            )
        )
    return tuple(rows)


def _receipt(work: Work, case: Case, item: ItemVersion) -> ReceiptData:
    said = _receipt_for(work, case, item, ReceiptKind.APPLICATION, case.materials, case.received_time)
    return said if case.matter is None else _matter_receipt(work, case, case.matter, said)


def _matter_receipt(work: Work, case: Case, matter: MatterPart, said: ReceiptData) -> ReceiptData:
    """一张回执: the receipt of any case of a matter is that of the matter, with every paper once."""
    cases = siblings(work, case)
    form = work.store.catalogue.find(matter.code, matter.version)
    once: dict[str, ReceivedMaterial] = {}
    for one in cases:
        item = work.item_of(one)
        part = next((p for p in form.items if p.code == one.item), None) if form is not None else None
        keys = {pair.own: pair.shared for pair in part.materials} if part is not None else {}
        names = {m.key: m.name for m in form.materials} if form is not None else {}
        for came, row in zip(one.materials, _received(item, one.materials, one), strict=True):
            shared = keys.get(came.material, "")
            once.setdefault(shared or row.name, replace(row, name=names.get(shared, row.name)))
    return replace(
        said,
        case_number=matter.number,
        item=matter.name,
        materials=tuple(once.values()),
        notice_due_on=min(one.notice_due_on for one in cases),
        cases=tuple(LabelledText(label=work.item_of(one).name, text=one.number) for one in cases),
    )


def hand_in_receipt(
    work: Work, case: Case, came: tuple[HandedIn, ...], *, deferred: bool, by: Bringer | None = None
) -> ReceiptData:
    """接收回执 of a later hand-in: 补正 or 容缺; ``by`` names who brought it where that is somebody else.

    Raises as ``facts``.
    """
    kind = ReceiptKind.DEFERRED if deferred else ReceiptKind.SUPPLEMENT
    said = _receipt_for(work, case, work.item_of(case), kind, came, work.clock())
    if by is None or by.name == said.person:
        return said if by is None or not by.phone else replace(said, mobile=by.phone)
    return replace(said, person=by.name, person_id=None, mobile=by.phone or None, role=HandedInBy.AGENT)


def _receipt_for(
    work: Work,
    case: Case,
    item: ItemVersion,
    kind: ReceiptKind,
    came: tuple[HandedIn, ...],
    time: datetime,
) -> ReceiptData:
    agent = case.agent
    person = agent.name if agent else case.applicant.operator or case.applicant.name
    role = HandedInBy.AGENT if agent else HandedInBy.OPERATOR if is_body(case) else HandedInBy.APPLICANT
    names = {m.key: m.name for m in item.materials}
    left = case.supplement.outstanding if case.supplement else ()
    first = kind is ReceiptKind.APPLICATION
    return ReceiptData(
        **head(work, case),
        kind=kind,
        applicant=shown(case.applicant.name),
        item=item.name,
        person=shown(person),
        person_id=shown(agent.id_number if agent else case.applicant.id_number),
        role=role,
        mobile=shown(agent.phone if agent else case.applicant.phone),
        received_time=time,
        counter=work.store.desk.replica,
        clerk=work.person.person,
        materials=_received(item, came, case),
        notice_due_on=case.notice_due_on if first else None,
        is_provisional=case.is_provisional and first,
        outstanding=() if first else tuple(names.get(key, key) for key in left),
        all_in_on=None if first or case.supplement is None else case.supplement.all_in_on,
    )


def _slip(work: Work, case: Case, item: ItemVersion) -> MaterialSlipData:
    section = work.section_of(case)
    due = case.acceptance.promised_due_on if case.acceptance else None
    return MaterialSlipData(
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=slip_payload(case.number),
        applicant=shown(case.applicant.name),
        item=item.name,
        received_time=case.received_time,
        counter=work.store.desk.replica,
        clerk=work.person.person,
        section=section.name if section else item.department,
        due_on=due,
        materials=_received(item, case.materials, case),
    )


def _acceptance(work: Work, case: Case, item: ItemVersion) -> AcceptanceData:
    told = case.acceptance
    if told is None:
        raise NothingToPrintError(PaperKind.ACCEPTANCE.value)
    names = {m.key: m.name for m in item.materials}
    later = tuple(DeferredMaterial(name=names.get(d.material, d.material), due_on=d.due_on) for d in case.deferrals)
    return AcceptanceData(
        **letter(work, case, item),
        docno=told.docno,
        issued_on=work.today,
        received_on=case.received_on,
        accepted_on=told.accepted_on,
        statutory=item.statutory_limit,
        promised=item.promised_limit,
        due_on=told.promised_due_on or told.statutory_due_on,
        is_provisional=told.is_provisional,
        pickups=item.pickups,
        deferred=later,
    )


def _supplement(work: Work, case: Case, item: ItemVersion) -> SupplementData:
    told = case.supplement
    if told is None:
        raise NothingToPrintError(PaperKind.SUPPLEMENT.value)
    names = {m.key: m.name for m in item.materials}
    return SupplementData(
        **letter(work, case, item),
        docno=told.docno,
        issued_on=work.today,
        received_on=case.received_on,
        points=tuple(
            SupplementPointData(
                material=names.get(point.material, point.material),
                reason=shown(point.reason),
                remedy=shown(point.remedy),
            )
            for point in told.points
        ),
        until=told.until,
    )


def _non_acceptance(work: Work, case: Case, item: ItemVersion) -> NonAcceptanceData:
    told = case.declination
    if told is None:
        raise NothingToPrintError(PaperKind.NON_ACCEPTANCE.value)
    forms = {m.key: m.form for m in item.materials}
    return NonAcceptanceData(
        **letter(work, case, item),
        docno=told.docno,
        issued_on=work.today,
        received_on=case.received_on,
        ground=told.ground,
        reason=shown(told.reason).strip().rstrip("。."),
        right_office=RightOffice(name=told.right_office) if told.right_office else None,
        originals=sum(case.has(key) for key, form in forms.items() if form is MaterialForm.ORIGINAL),
    )


def _withdrawal(work: Work, case: Case, item: ItemVersion) -> WithdrawalData:
    days = {step.name: local_day(step.occurred_time) for step in case.steps}
    if not case.withdrawal_wished:
        raise NothingToPrintError(PaperKind.WITHDRAWAL.value)
    section, agent = work.section_of(case), case.agent
    person = agent.name if agent else case.applicant.operator or case.applicant.name
    forms = {m.key: m.form for m in item.materials}
    return WithdrawalData(
        **head(work, case),
        authority=authority(work, case, item),
        applicant=shown(case.applicant.name),
        is_person=not is_body(case),
        item=item.name,
        person=shown(person),
        person_id=shown(agent.id_number if agent else case.applicant.id_number) or None,
        received_on=case.received_on,
        accepted_on=case.acceptance.accepted_on if case.acceptance else None,
        wished_on=days[WithdrawalWished.__name__],
        ended_on=days.get(Withdrawn.__name__),
        section=section.name if section else item.department,
        originals=sum(case.has(key) for key, form in forms.items() if form is MaterialForm.ORIGINAL),
        counter=work.store.desk.replica,
        clerk=work.person.person,
    )


_BUILDERS = {
    PaperKind.RECEIPT: _receipt,
    PaperKind.MATERIAL_SLIP: _slip,
    PaperKind.ACCEPTANCE: _acceptance,
    PaperKind.SUPPLEMENT: _supplement,
    PaperKind.NON_ACCEPTANCE: _non_acceptance,
    PaperKind.SPECIAL_PROCEDURE: special_procedure,
    PaperKind.EXTENSION: extension,
    PaperKind.WITHDRAWAL: _withdrawal,
    PaperKind.GRANT: grant,
    PaperKind.REFUSAL: refusal,
    PaperKind.CERTIFICATE: certificate,
    PaperKind.DELIVERY: delivery,
}
