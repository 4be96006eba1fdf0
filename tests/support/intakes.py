"""Invented applicants, and what they hand in at a desk without a window."""

from __future__ import annotations

from yichuang_client.actions.receiving import Intake, Typed, new_case
from yichuang_domain.catalog import FieldKind, ItemVersion
from yichuang_domain.ids import CaseId
from yichuang_domain.material import required
from yichuang_domain.party import ApplicantKind, Evidence, HandedIn, Page

GU = Typed(
    kind=ApplicantKind.SOLE_TRADER,
    name="南湖区凤桥镇禾清面馆",
    credit_code="92330402MA2B1234XK",
    operator="顾禾清",
    id_number="330402199001010019",
    phone="13800000012",
)
LIU = Typed(kind=ApplicantKind.PERSON, name="阿依古丽·买买提", id_number="330402198502140028", phone="13800005521")


def intake_of(
    item: ItemVersion,
    applicant: Typed,
    *,
    case: CaseId | None = None,
    pages: tuple[Page, ...] = (),
    short_of: int = 0,
) -> Intake:
    """An intake with the first answer to every question and all materials but the last ``short_of``."""
    answers = {question.key: question.options[0].key for question in item.questions}
    needed = required(item, answers)
    counts = {page.material: sum(p.material == page.material for p in pages) for page in pages}
    materials = tuple(
        HandedIn(
            material=m.key,
            evidence=Evidence.SCANNED if m.key in counts else Evidence.ORIGINAL_CHECKED,
            pages=counts.get(m.key, 0),
        )
        for m in needed[: len(needed) - short_of]
    )
    form = {field.key: _value(field.kind, field.choices) for field in item.fields}
    return Intake(
        case=case or new_case(),
        item=item,
        answers=answers,
        applicant=applicant,
        materials=materials,
        pages=pages,
        form=form,
    )


def _value(kind: FieldKind, choices: tuple[str, ...]) -> str:
    if kind is FieldKind.CHOICE:
        return choices[0]
    return {FieldKind.NUMBER: "86", FieldKind.DATE: "2026-12-01"}.get(kind, "凤桥镇示例路102号")
