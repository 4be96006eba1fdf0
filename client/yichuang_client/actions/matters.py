"""一件事收件: what was asked and scanned once becomes a case of each item, in one deed.

Rules kept here: all cases share one token and one number of the matter, each has a number of its own; every item gets
the answers, fields, papers and pages that it asks for itself, and no others; all are taken in or none is.
"""

from __future__ import annotations

import base64
from dataclasses import replace

from yichuang_client.actions import deciding
from yichuang_client.actions.deciding import numbered
from yichuang_client.actions.receiving import TOKEN_BYTES, Intake, check, new_case, receipt
from yichuang_client.actions.work import Work
from yichuang_client.store.drafts import DraftKind
from yichuang_domain.actions import Action, AttachPage
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion, MatterItem
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId, MatterId
from yichuang_domain.material import required
from yichuang_domain.matter import MatterPart
from yichuang_domain.matter_form import own
from yichuang_domain.matters import in_order
from yichuang_domain.party import Evidence

Acts = list[tuple[CaseId, Action]]


def receive(work: Work, intake: Intake, *, accepts: bool = False) -> tuple[Case, ...]:
    """Take a matter in, the intake's case being the id of the matter; with ``accepts`` each case is accepted too.

    Raises IntakeError, StoreError (ITEM_MISSING), Refused; nothing is written and no number is taken then.
    """
    check(work, intake)
    children = [part_of(intake, part, work.store.catalogue.item(part.code, part.version)) for part in intake.item.items]
    for child in children:
        check(work, child)
    token = base64.urlsafe_b64encode(work.random(TOKEN_BYTES)).rstrip(b"=").decode()
    matter = _matter(intake, number="")
    receipts = [replace(receipt(work, child, token), matter=matter) for child in children]
    pages: Acts = [(child.case, AttachPage(page=page)) for child in children for page in child.pages]
    decisions = [(child, _acceptance(work, child)) for child in children] if accepts else []
    refusal = work.refusal(
        *((child.case, came) for child, came in zip(children, receipts, strict=True)),
        *pages,
        *((child.case, decision) for child, decision in decisions),
    )
    if refusal is not None:
        raise Refused(refusal)
    sections = {section.section: section for section in work.district.sections}
    accepted: Acts = [
        (child.case, numbered(work, sections.get(child.item.section) if child.item.section else None, decision))
        for child, decision in decisions
    ]
    named = _matter(intake, number=_number(work))
    taken: Acts = [
        (child.case, replace(came, number=_number(work), matter=named))
        for child, came in zip(children, receipts, strict=True)
    ]
    done = work.do(*taken, *pages, *accepted, uses_draft=(intake.case, DraftKind.INTAKE))
    return in_order(done.cases.values())


def part_of(intake: Intake, part: MatterItem, item: ItemVersion) -> Intake:
    """What one item gets of the matter's one form."""
    keys = {pair.own: pair.shared for pair in part.materials}
    answers = own(part.questions, intake.answers)
    came = {one.material: one for one in intake.materials}
    asked = [material.key for material in required(item, answers)]
    return Intake(
        case=new_case(),
        item=item,
        answers=answers,
        applicant=intake.applicant,
        agent=intake.agent,
        form=own(part.fields, intake.form),
        materials=tuple(replace(came[keys[key]], material=key) for key in asked if keys[key] in came),
        pages=tuple(
            replace(page, material=key) for key in asked for page in intake.pages if page.material == keys[key]
        ),
    )


def siblings(work: Work, case: Case) -> tuple[Case, ...]:
    """Every case of the case's matter on this desk, in order; the case alone where it has none. Raises StoreError."""
    if case.matter is None:
        return (case,)
    rows = work.store.rows.of_matter(case.matter.matter)
    found = [work.store.find(row.case_id) for row in rows if row.case_id != case.case]
    return in_order([case, *(one for one in found if one is not None)])


def _matter(intake: Intake, number: str) -> MatterPart:
    return MatterPart(
        matter=MatterId(intake.case),
        number=number,
        code=intake.item.code,
        version=intake.item.version,
        name=intake.item.name,
        items=tuple(item.code for item in intake.item.items),
    )


def _acceptance(work: Work, child: Intake) -> deciding.FirstDecision:
    later = [one.material for one in child.materials if one.evidence is Evidence.DEFERRED]
    return deciding.acceptance(work, child.item, child.answers, later)


def _number(work: Work) -> str:
    desk = work.store.desk
    return work.store.serials.next_case_number(desk.district_code, desk.replica, work.today)
