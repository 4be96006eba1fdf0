"""结果的纸件: the papers that carry a decision to the citizen, from the case to their facts.

Rules kept here: dates and reasons are those of the decision as it was signed; what the catalogue does not state stays
None (目录未载).
"""

from __future__ import annotations

from dataclasses import replace

from yichuang_client.actions.paper_facts import PERMIT, NothingToPrintError, authority, head, letter, shown
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import (
    CertificateData,
    Copy,
    DeliveryData,
    GrantData,
    LabelledText,
    RefusalData,
    ServedDocument,
)
from yichuang_domain.actions import DeliveryMethod, PaperKind, PrintReason
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion


def grant(work: Work, case: Case, item: ItemVersion) -> GrantData:
    """准予决定书. Raises NothingToPrintError, PaperError, StoreError."""
    made, told = case.decision, case.acceptance
    if made is None or told is None or not made.granted:
        raise NothingToPrintError(PaperKind.GRANT.value)
    labels = {f.key: f.label for f in item.fields}
    return GrantData(
        **letter(work, case, item),
        docno=made.docno,
        issued_on=made.decided_on,
        received_on=case.received_on,
        accepted_on=told.accepted_on,
        basis=item.basis,
        terms=tuple(LabelledText(label=labels.get(f.key, f.key), text=shown(f.value)) for f in case.fields),
        deliver_by=made.deliver_by,
        has_certificate=bool(case.certificates),
    )


def refusal(work: Work, case: Case, item: ItemVersion) -> RefusalData:
    """不予决定书. Raises NothingToPrintError, PaperError, StoreError."""
    made, told = case.decision, case.acceptance
    if made is None or told is None or made.granted:
        raise NothingToPrintError(PaperKind.REFUSAL.value)
    return RefusalData(
        **letter(work, case, item),
        docno=made.docno,
        issued_on=made.decided_on,
        received_on=case.received_on,
        accepted_on=told.accepted_on,
        facts=tuple(shown(fact) for fact in made.facts),
        articles=made.articles,
    )


def certificate(work: Work, case: Case, item: ItemVersion, ordinal: int = 1) -> CertificateData:
    """证照, as it was made; ``ordinal`` says which, from 1. Raises NothingToPrintError, PaperError, StoreError."""
    if not 1 <= ordinal <= len(case.certificates) or case.decision is None:
        raise NothingToPrintError(PaperKind.CERTIFICATE.value)
    made = case.certificates[ordinal - 1]
    labels = {f.key: f.label for f in item.fields}
    return CertificateData(
        **head(work, case),
        title=made.name,
        subject=item.name,
        number=case.decision.docno,
        holder=shown(case.applicant.name),
        fields=tuple(LabelledText(label=labels.get(f.key, f.key), text=shown(f.value)) for f in case.fields[:5]),
        authority=authority(work, case, item),
        issued_on=case.decision.decided_on,
        valid_from=made.valid_from,
        valid_until=made.valid_until,
        identifier=made.identifier or None,
    )


def certificate_again(work: Work, case: Case, item: ItemVersion, ordinal: int, reason: PrintReason) -> CertificateData:
    """证照 once more after it was handed out, as a duplicate that says why; a sheet after a spoiled one is none.

    Raises as ``certificate``.
    """
    said = certificate(work, case, item, ordinal)
    if reason not in (PrintReason.LOST, PrintReason.COPY):
        return said
    return replace(said, copy=Copy.DUPLICATE, again=reason, again_on=work.today)


def delivery(
    work: Work,
    case: Case,
    item: ItemVersion,
    method: DeliveryMethod = DeliveryMethod.COUNTER,
    recipient: str = "",
) -> DeliveryData:
    """送达回证, for the way that was chosen; ``recipient`` names who signs where that is not the applicant.

    Raises NothingToPrintError, PaperError, StoreError.
    """
    made = case.decision
    if made is None:
        raise NothingToPrintError(PaperKind.DELIVERY.value)
    kind = Paper.GRANT if made.granted else Paper.REFUSAL
    operator, name = shown(case.applicant.operator), shown(case.applicant.name)
    person = recipient if recipient not in ("", name, operator) else operator
    documents = [ServedDocument(kind=kind, number=made.docno)]
    documents += [ServedDocument(kind=Paper.CERTIFICATE, title=c.name, number=made.docno) for c in case.certificates]
    return DeliveryData(
        **head(work, case),
        authority=authority(work, case, item),
        docno=made.docno,
        issued_on=work.today,
        recipient=shown(case.applicant.name),
        person=person or None,
        person_id=shown(case.applicant.id_number) or None if person == operator else None,
        documents=tuple(documents),
        method=method,
        is_permit=item.type_code == PERMIT,
        servers=(work.person.name,),
    )
