"""一件事收件: what was asked and scanned once becomes a case of each item, in one deed.

Rules kept here: all cases share one token and one number of the matter, each has a number of its own; every item gets
the answers, fields, papers and pages that it asks for itself, and no others; all are taken in or none is. What is
decided with the receipt is decided of each item by itself: a supplement notice names all of its own papers that are
missing, and an item that lacks nothing is accepted in the same deed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from yichuang_client.actions import deciding
from yichuang_client.actions.deciding import FirstDecision, Point, numbered
from yichuang_client.actions.receiving import TOKEN_BYTES, Intake, check, new_case, receipt
from yichuang_client.actions.work import Work
from yichuang_client.store.drafts import DraftKind
from yichuang_domain.actions import Action, AttachPage, DeclineGround
from yichuang_domain.case import Case
from yichuang_domain.catalog import AcceptBy, ItemVersion, MatterItem
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId, ItemCode, MatterId
from yichuang_domain.material import required
from yichuang_domain.matter import MatterPart
from yichuang_domain.matter_form import own
from yichuang_domain.matters import in_order
from yichuang_domain.party import Evidence

Acts = list[tuple[CaseId, Action]]


@dataclass(frozen=True, kw_only=True)
class Child:
    """一件: one item of the matter, and what it gets of the one form."""

    part: MatterItem
    intake: Intake


Ruling = Callable[[Child], FirstDecision | None]
"""What is decided of each item in the deed that takes it in."""


class Standing(Enum):
    """What a supplement at the intake makes of one item of the matter."""

    TOLD = "TOLD"
    """补正告知: some of its papers are missing."""
    ACCEPTED = "ACCEPTED"
    """受理: it lacks nothing and may be accepted here and now."""
    RECEIVED = "RECEIVED"
    """收件: it lacks nothing that would be told, and is accepted later."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why one item of a matter is not accepted."""

    reason: str = field(repr=False)
    right_office: str = ""


def receive(work: Work, intake: Intake, ruling: Ruling | None = None) -> tuple[Case, ...]:
    """Take a matter in, the intake's case being the id of the matter, and decide of each item by ``ruling``.

    Raises IntakeError, StoreError (ITEM_MISSING), Refused; nothing is written and no number is taken then.
    """
    check(work, intake)
    items = {part.code: work.store.catalogue.item(part.code, part.version) for part in intake.item.items}
    among = children(intake, items)
    for child in among:
        check(work, child.intake)
    token = base64.urlsafe_b64encode(work.random(TOKEN_BYTES)).rstrip(b"=").decode()
    matter = _matter(intake, number="")
    cases = [child.intake.case for child in among]
    receipts = [replace(receipt(work, child.intake, token), matter=matter) for child in among]
    pages: Acts = [(child.intake.case, AttachPage(page=page)) for child in among for page in child.intake.pages]
    ruled = [(child.intake, ruling(child) if ruling is not None else None) for child in among]
    decisions = [(one, decision) for one, decision in ruled if decision is not None]
    refusal = work.refusal(
        *zip(cases, receipts, strict=True),
        *pages,
        *((one.case, decision) for one, decision in decisions),
    )
    if refusal is not None:
        raise Refused(refusal)
    sections = {section.section: section for section in work.district.sections}
    decided: Acts = [
        (one.case, numbered(work, sections.get(one.item.section) if one.item.section else None, decision))
        for one, decision in decisions
    ]
    named = _matter(intake, number=_number(work))
    taken: Acts = [
        (case, replace(came, number=_number(work), matter=named)) for case, came in zip(cases, receipts, strict=True)
    ]
    done = work.do(*taken, *pages, *decided, uses_draft=(intake.case, DraftKind.INTAKE))
    return in_order(done.cases.values())


def accepting(work: Work) -> Ruling:
    """受理 of every item."""
    return lambda child: _acceptance(work, child.intake)


def supplementing(work: Work, points: Sequence[Point]) -> Ruling:
    """补正告知 to every item that lacks some of ``points``, whose papers are the one form's; 受理 of what is whole."""
    by_paper = {point.material: point for point in points}

    def ruling(child: Child) -> FirstDecision | None:
        standing = stands(child, by_paper, has_session=work.doer.has_session)
        if standing is Standing.TOLD:
            told = told_to(child, by_paper)
            return deciding.supplement(
                work, [replace(by_paper[paper], material=own_key) for own_key, paper in told.items()]
            )
        return _acceptance(work, child.intake) if standing is Standing.ACCEPTED else None

    return ruling


def declining(work: Work, ground: DeclineGround, why: Mapping[ItemCode, Grounds]) -> Ruling:
    """不予受理 of every item, each with its own reason and office."""

    def ruling(child: Child) -> FirstDecision:
        said = why[child.part.code]
        return deciding.declination(work, ground, said.reason, said.right_office)

    return ruling


def stands(child: Child, papers: Collection[str], *, has_session: bool) -> Standing:
    """What becomes of an item where a supplement names these papers of the one form."""
    item = child.intake.item
    if told_to(child, papers):
        return Standing.TOLD
    is_ours = item.accept_by is AcceptBy.COUNTER and (has_session or item.accepts_offline)
    return Standing.ACCEPTED if is_ours and not _lacks_pages(child.intake) else Standing.RECEIVED


def told_to(child: Child, papers: Collection[str]) -> dict[str, str]:
    """Those of the papers that the item itself asks for: its own key to that of the one form."""
    keys = {pair.own: pair.shared for pair in child.part.materials}
    asked = required(child.intake.item, child.intake.answers)
    return {material.key: keys[material.key] for material in asked if keys.get(material.key) in papers}


def _lacks_pages(intake: Intake) -> bool:
    """Whether a paper was compared with its original, and must be scanned and is not."""
    came = {one.material: one for one in intake.materials}
    for material in required(intake.item, intake.answers):
        one = came.get(material.key)
        if one is None or (one.evidence is Evidence.ORIGINAL_CHECKED and material.needs_scan and not one.pages):
            return True
    return False


def children(intake: Intake, items: Mapping[ItemCode, ItemVersion]) -> tuple[Child, ...]:
    """Every item of the matter that is among ``items``, with what it gets."""
    parts = [part for part in intake.item.items if part.code in items]
    return tuple(Child(part=part, intake=part_of(intake, part, items[part.code])) for part in parts)


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
