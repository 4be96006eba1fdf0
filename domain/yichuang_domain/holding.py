"""证照库: the certificates of a holder that stand for a paper, by what the logs of this district say.

Rules kept here (国办函〔2016〕108号): level A was issued by a body of this district and is used directly; level B was
compared with its original at a counter before and may be used again; what has ended, or was not granted, stands for
nothing; a paper whose original stays with the case is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.certificate import CertificateIdError, read_certificate_id
from yichuang_domain.material import Material, MaterialForm
from yichuang_domain.party import Applicant, Evidence, HeldCertificate, Trust

_OUT = frozenset({State.READY_TO_ISSUE, State.CONCLUDED, State.ARCHIVED})


def is_same_holder(one: Applicant, id_number: str, credit_code: str = "") -> bool:
    """Whether certificates of ``one`` are those of who has these numbers: two bodies of one person are two holders."""
    if not id_number or (one.id_number.value or "") != id_number:
        return False
    known = (one.credit_code.value or "") if one.credit_code is not None else ""
    return not known or not credit_code or known == credit_code


def issued(case: Case, on: date) -> tuple[HeldCertificate, ...]:
    """Level A: the certificates of a case that was granted, as far as they have a mark and are in force on that day."""
    if case.state not in _OUT or case.decision is None or not case.decision.granted:
        return ()
    found = []
    for made in case.certificates:
        try:
            mark = read_certificate_id(made.identifier)
        except CertificateIdError:
            continue
        if made.valid_from > on or (made.valid_until is not None and made.valid_until < on):
            continue
        found.append(
            HeldCertificate(
                trust=Trust.ISSUED,
                type_code=mark.type_code,
                name=made.name,
                identifier=made.identifier,
                docno=case.decision.docno,
                on=case.decision.decided_on,
                valid_until=made.valid_until,
                source=case.case,
                section=case.section,
            )
        )
    return tuple(found)


def checked(case: Case, item: ItemVersion) -> tuple[HeldCertificate, ...]:
    """Level B: what was compared with its original when this case was taken in, as far as its pages were scanned."""
    scanned = {page.material for page in case.pages}
    found = []
    for material in item.materials:
        came = case.hand_in(material.key)
        is_compared = came is not None and came.evidence is Evidence.ORIGINAL_CHECKED
        if material.certificate_type is None or not is_compared or material.key not in scanned:
            continue
        found.append(
            HeldCertificate(
                trust=Trust.CHECKED,
                type_code=material.certificate_type,
                name=material.name,
                on=case.received_on,
                source=case.case,
                material=material.key,
            )
        )
    return tuple(found)


def best(held: Iterable[HeldCertificate]) -> dict[str, HeldCertificate]:
    """One certificate a type: issued before compared, then the newest."""
    ranked = sorted(held, key=lambda one: (one.trust is Trust.ISSUED, one.on))
    return {one.type_code: one for one in ranked}


def offered(materials: Iterable[Material], held: Mapping[str, HeldCertificate]) -> dict[str, HeldCertificate]:
    """What stands for which material, by its key."""
    return {
        material.key: held[material.certificate_type]
        for material in materials
        if material.certificate_type is not None
        and material.certificate_type in held
        and material.form is not MaterialForm.ORIGINAL
    }
