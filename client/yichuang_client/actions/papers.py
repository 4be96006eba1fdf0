"""From a case to the facts of its papers: one short function a paper.

Rules kept here: what the catalogue does not state stays None (目录未载); dates that were told are taken from the case
as they were told; a person's numbers are masked by the paper itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from yichuang_client.actions.work import Work
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import (
    AcceptanceData,
    CertificateData,
    DeferredMaterial,
    DeliveryData,
    Form,
    GrantData,
    HandedInBy,
    LabelledText,
    MaterialSlipData,
    NonAcceptanceData,
    PaperHead,
    ReceiptData,
    ReceiptKind,
    ReceivedMaterial,
    RightOffice,
    ServedDocument,
    SupplementData,
    SupplementPointData,
)
from yichuang_client.documents.qr import slip_payload, tracking_url
from yichuang_domain.actions import DeliveryMethod, PaperKind
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion, MaterialForm
from yichuang_domain.party import ApplicantKind, Evidence, HandedIn
from yichuang_domain.personal import Personal

PERMIT = "01"
"""行政许可, by the national type code."""
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


class NothingToPrintError(Exception):
    """The case has not come to what the paper would say."""


def facts(work: Work, case: Case, paper: PaperKind) -> PaperHead:
    """The facts of a paper of a case.

    Raises NothingToPrintError, PaperError for a fact that is missing, StoreError.
    """
    item = work.item_of(case)
    builder = _BUILDERS.get(paper)
    if builder is None:
        raise NothingToPrintError(paper.value)
    return builder(work, case, item)


def _shown(value: Personal | None) -> str:
    return (value.value or "") if value is not None else ""


def _code(work: Work, case: Case) -> str | None:
    return tracking_url(work.district.public_url, case.token.value) if case.token.value else None


def _authority(work: Work, case: Case, item: ItemVersion) -> str:
    section = work.section_of(case)
    return section.department if section is not None else item.department


def _received(item: ItemVersion, came: tuple[HandedIn, ...], case: Case) -> tuple[ReceivedMaterial, ...]:
    known = {m.key: m for m in item.materials}
    due = {d.material: d.due_on for d in case.deferrals}
    rows = []
    for one in came:
        material = known.get(one.material)
        form = _FORMS[material.form] if material else Form.COPY
        if one.evidence is Evidence.CERTIFICATE:
            form = Form.EXEMPT
        elif one.evidence is Evidence.DEFERRED:
            form = Form.DEFERRED
        has_paper = form not in {Form.EXEMPT, Form.DEFERRED}
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


def _is_body(case: Case) -> bool:
    return case.applicant.kind is not ApplicantKind.PERSON


def _receipt(work: Work, case: Case, item: ItemVersion) -> ReceiptData:
    return _receipt_for(work, case, item, ReceiptKind.APPLICATION, case.materials, case.received_time)


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
    role = HandedInBy.AGENT if agent else HandedInBy.OPERATOR if _is_body(case) else HandedInBy.APPLICANT
    names = {m.key: m.name for m in item.materials}
    left = case.supplement.outstanding if case.supplement else ()
    first = kind is ReceiptKind.APPLICATION
    return ReceiptData(
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        kind=kind,
        applicant=_shown(case.applicant.name),
        item=item.name,
        person=_shown(person),
        person_id=_shown(agent.id_number if agent else case.applicant.id_number),
        role=role,
        mobile=_shown(agent.phone if agent else case.applicant.phone),
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
        applicant=_shown(case.applicant.name),
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
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        authority=_authority(work, case, item),
        applicant=_shown(case.applicant.name),
        is_person=not _is_body(case),
        item=item.name,
        docno=told.docno,
        issued_on=work.today,
        is_permit=item.type_code == PERMIT,
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
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        authority=_authority(work, case, item),
        applicant=_shown(case.applicant.name),
        is_person=not _is_body(case),
        item=item.name,
        docno=told.docno,
        issued_on=work.today,
        is_permit=item.type_code == PERMIT,
        received_on=case.received_on,
        points=tuple(
            SupplementPointData(
                material=names.get(point.material, point.material),
                reason=_shown(point.reason),
                remedy=_shown(point.remedy),
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
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        authority=_authority(work, case, item),
        applicant=_shown(case.applicant.name),
        is_person=not _is_body(case),
        item=item.name,
        docno=told.docno,
        issued_on=work.today,
        is_permit=item.type_code == PERMIT,
        received_on=case.received_on,
        ground=told.ground,
        reason=_shown(told.reason).strip().rstrip("。."),
        right_office=RightOffice(name=told.right_office) if told.right_office else None,
        originals=sum(case.has(key) for key, form in forms.items() if form is MaterialForm.ORIGINAL),
    )


def _grant(work: Work, case: Case, item: ItemVersion) -> GrantData:
    made, told = case.decision, case.acceptance
    if made is None or told is None or not made.granted:
        raise NothingToPrintError(PaperKind.GRANT.value)
    labels = {f.key: f.label for f in item.fields}
    return GrantData(
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        authority=_authority(work, case, item),
        applicant=_shown(case.applicant.name),
        is_person=not _is_body(case),
        item=item.name,
        docno=made.docno,
        issued_on=made.decided_on,
        is_permit=item.type_code == PERMIT,
        received_on=case.received_on,
        accepted_on=told.accepted_on,
        basis=item.basis,
        terms=tuple(LabelledText(label=labels.get(f.key, f.key), text=_shown(f.value)) for f in case.fields),
        deliver_by=made.deliver_by,
        has_certificate=bool(case.certificates),
    )


def _certificate(work: Work, case: Case, item: ItemVersion) -> CertificateData:
    if not case.certificates or case.decision is None:
        raise NothingToPrintError(PaperKind.CERTIFICATE.value)
    made = case.certificates[0]
    labels = {f.key: f.label for f in item.fields}
    return CertificateData(
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        title=made.name,
        subject=item.name,
        number=case.decision.docno,
        holder=_shown(case.applicant.name),
        fields=tuple(LabelledText(label=labels.get(f.key, f.key), text=_shown(f.value)) for f in case.fields[:5]),
        authority=_authority(work, case, item),
        issued_on=case.decision.decided_on,
        valid_from=made.valid_from,
        valid_until=made.valid_until,
        identifier=made.identifier or None,
    )


def _delivery(work: Work, case: Case, item: ItemVersion) -> DeliveryData:
    made = case.decision
    if made is None:
        raise NothingToPrintError(PaperKind.DELIVERY.value)
    kind = Paper.GRANT if made.granted else Paper.REFUSAL
    documents = [ServedDocument(kind=kind, number=made.docno)]
    documents += [ServedDocument(kind=Paper.CERTIFICATE, title=c.name, number=made.docno) for c in case.certificates]
    return DeliveryData(
        case_number=case.number,
        office=work.place.name,
        phone=work.place.phone or None,
        qr=_code(work, case),
        authority=_authority(work, case, item),
        docno=made.docno,
        issued_on=work.today,
        recipient=_shown(case.applicant.name),
        person=_shown(case.applicant.operator) or None,
        person_id=_shown(case.applicant.id_number) or None,
        documents=tuple(documents),
        method=DeliveryMethod.COUNTER,
        is_permit=item.type_code == PERMIT,
        servers=(work.person.name,),
    )


_BUILDERS = {
    PaperKind.RECEIPT: _receipt,
    PaperKind.MATERIAL_SLIP: _slip,
    PaperKind.ACCEPTANCE: _acceptance,
    PaperKind.SUPPLEMENT: _supplement,
    PaperKind.NON_ACCEPTANCE: _non_acceptance,
    PaperKind.GRANT: _grant,
    PaperKind.CERTIFICATE: _certificate,
    PaperKind.DELIVERY: _delivery,
}
