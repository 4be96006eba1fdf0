"""证照免交: what the log tells of a holder's certificates, and the copy that lies in the new case in place of a paper.

Rules kept here: without a line only what lies on this desk is known; a copy always bears the words that say where it
comes from; the copy is durable before it is shown.
"""

from __future__ import annotations

from collections.abc import Collection

from yichuang_client.actions.paper_facts import shown
from yichuang_client.actions.receiving import keep_page
from yichuang_client.actions.work import Work
from yichuang_client.documents.certificate_copy import CertificateCopyData, CopyPage, laid_over, page_of
from yichuang_client.documents.press import Press
from yichuang_client.store.errors import StoreError
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.holding import best, checked, is_same_holder, issued
from yichuang_domain.ids import CaseId
from yichuang_domain.party import HeldCertificate, Page, Trust


def on_this_desk(work: Work, id_number: str, credit_code: str, types: Collection[str]) -> tuple[HeldCertificate, ...]:
    """The certificates of a holder that this desk's cases tell of, one a type. Raises StoreError."""
    held: list[HeldCertificate] = []
    for row in work.store.rows.of_person(id_number) if types else ():
        case = _readable(work, row.case_id)
        if case is None or not is_same_holder(case.applicant, id_number, credit_code):
            continue
        item = work.store.catalogue.find(case.item, case.item_version)
        compared = checked(case, item) if item is not None else ()
        here = (
            one for one in compared if all(work.store.pages.has(case.page_owner, p.page) for p in _pages(case, one))
        )
        held += [*issued(case, work.today), *here]
    return tuple(one for one in best(held).values() if one.type_code in types)


def copy(
    work: Work, press: Press, held: HeldCertificate, case: CaseId, item: ItemVersion, material: str, holder: str
) -> tuple[Page, ...]:
    """Make the copy that stands for a material, and keep its pages. Raises PaperError, StoreError."""
    source = _readable(work, held.source)
    is_overlay = held.trust is Trust.CHECKED
    section = next((s for s in work.district.sections if s.section == held.section), None)
    said = CertificateCopyData(
        case_number=(source.number if source is not None else "") or held.docno,
        office=work.place.name,
        is_issued=not is_overlay,
        name=held.name,
        identifier=held.identifier,
        docno=held.docno,
        holder=shown(source.applicant.name) if source is not None else holder,
        issuer=section.department if section is not None else "",
        on=held.on,
        valid_until=held.valid_until,
        item=item.name,
        used_on=work.today,
        is_overlay=is_overlay,
    )
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    pages: tuple[CopyPage, ...] = (page_of(pdf),)
    if is_overlay and source is not None:
        pages = tuple(laid_over(work.store.pages.read(source.page_owner, p.page), pdf) for p in _pages(source, held))
    return tuple(
        keep_page(
            work,
            case,
            page.jpeg,
            material=material,
            ordinal=n,
            size=(page.width, page.height),
            is_blank=False,
        )
        for n, page in enumerate(pages, 1)
    )


def _pages(case: Case, held: HeldCertificate) -> tuple[Page, ...]:
    """The pages that were compared."""
    return tuple(page for page in case.pages if page.material == held.material)


def _readable(work: Work, case: CaseId) -> Case | None:
    """The case where it lies on this desk and can be read."""
    try:
        return work.store.find(case)
    except StoreError:
        return None
