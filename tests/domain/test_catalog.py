"""Item versions: situations, checks, differences, grades."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yichuang_domain.approval import Grade, following_level, levels
from yichuang_domain.catalog import (
    AcceptBy,
    Condition,
    FieldKind,
    FormField,
    ItemVersion,
    Limit,
    LimitUnit,
    Material,
    Option,
    Question,
)
from yichuang_domain.catalog_check import Problem, ProblemKind, Severity, is_publishable, problems
from yichuang_domain.catalog_difference import ChangeKind, FactChange, PartChange, difference, move_draft
from yichuang_domain.ids import ItemCode, SectionId
from yichuang_domain.material import CardOf, possible, required, unanswered
from yichuang_domain.organisation import Role

YES_NO = (Option(key="yes", text="有"), Option(key="no", text="没有"))
ITEM = ItemVersion(
    code=ItemCode("示范-01"),
    version=1,
    name="食品经营许可（新办）",
    department="区市场监督管理局",
    section=SectionId("market"),
    type_code="01",
    accept_by=AcceptBy.COUNTER,
    questions=(
        Question(key="raw", text="冷食生食", options=YES_NO),
        Question(key="staff", text="雇人", options=YES_NO),
    ),
    materials=(
        Material(key="application", name="申请书"),
        Material(key="cold_room", name="专间说明", required_when=(Condition(question="raw", options=("yes",)),)),
        Material(
            key="both",
            name="生食人员证明",
            required_when=(Condition(question="raw", options=("yes",)), Condition(question="staff", options=("yes",))),
        ),
    ),
    fields=(FormField(key="area", label="面积", kind=FieldKind.NUMBER),),
    effective_on=date(2026, 1, 1),
    source="test",
)


def _keys(materials: tuple[Material, ...]) -> list[str]:
    return [material.key for material in materials]


def test_materials_follow_the_answers() -> None:
    """Every condition must be met; the list never asks for too much before a question is answered."""
    assert _keys(required(ITEM, {})) == ["application"]
    assert _keys(required(ITEM, {"raw": "yes"})) == ["application", "cold_room"]
    assert _keys(required(ITEM, {"raw": "yes", "staff": "yes"})) == ["application", "cold_room", "both"]
    assert _keys(possible(ITEM, {})) == ["application", "cold_room", "both"]
    assert _keys(possible(ITEM, {"raw": "no"})) == ["application"]
    assert [q.key for q in unanswered(ITEM, {"raw": "yes", "staff": "perhaps"})] == ["staff"]


def test_levels_of_approval() -> None:
    """Who signs, in order; an item without a grade takes two."""
    assert levels(Grade.SINGLE) == (Role.REVIEWER,)
    assert levels(Grade.REVIEW_AND_VERIFY) == levels(None) == (Role.REVIEWER, Role.VERIFIER)
    assert levels(Grade.ESCALATED) == (Role.REVIEWER, Role.VERIFIER, Role.APPROVER)
    assert following_level(Grade.REVIEW_AND_VERIFY, 1) is Role.VERIFIER
    assert following_level(Grade.SINGLE, 1) is None


def test_trap_12_cancelled_from_its_day_on() -> None:
    """An item cannot be taken in from the planned day on."""
    item = replace(ITEM, plan_cancel_on=date(2026, 7, 1))
    assert not item.is_cancelled(date(2026, 6, 30))
    assert item.is_cancelled(date(2026, 7, 1))
    assert not ITEM.is_cancelled(date(2099, 1, 1))


def test_a_good_version_has_no_problems() -> None:
    """Nothing to report."""
    assert problems(ITEM) == ()


_MATERIAL = Material(key="m", name="材料")
_FIELD = FormField(key="f", label="项")


@pytest.mark.parametrize(
    ("change", "kind", "where"),
    [
        ({"name": " "}, ProblemKind.TEXT_EMPTY, "name"),
        ({"version": 0}, ProblemKind.VERSION, "version"),
        ({"type_code": "21"}, ProblemKind.TYPE_UNKNOWN, "type_code"),
        ({"body_code": "13440000515356094L"}, ProblemKind.BODY_CODE, "body_code"),
        ({"section": None}, ProblemKind.SECTION_MISSING, "section"),
        ({"accept_by": AcceptBy.SECTION, "accepts_offline": True}, ProblemKind.OFFLINE_BY_SECTION, "accepts_offline"),
        ({"plan_cancel_on": date(2026, 1, 1)}, ProblemKind.CANCELLED_BEFORE_EFFECT, "plan_cancel_on"),
        ({"lists_materials": False}, ProblemKind.MATERIALS_CONTRADICT, "lists_materials"),
        ({"statutory_limit": Limit(amount=-1)}, ProblemKind.LIMIT_NEGATIVE, "statutory_limit"),
        (
            {"statutory_limit": Limit(amount=5), "promised_limit": Limit(amount=6)},
            ProblemKind.PROMISE_LONGER,
            "promised_limit",
        ),
        ({"materials": (_MATERIAL, _MATERIAL)}, ProblemKind.KEY_TWICE, "materials.m"),
        ({"materials": (replace(_MATERIAL, key="材料"),)}, ProblemKind.KEY_SHAPE, "materials.材料"),
        ({"materials": (replace(_MATERIAL, name=""),)}, ProblemKind.TEXT_EMPTY, "materials.m.name"),
        ({"materials": (replace(_MATERIAL, copies=0),)}, ProblemKind.COPIES, "materials.m.copies"),
        ({"materials": (replace(_MATERIAL, card_of=CardOf.AGENT),)}, ProblemKind.CARD, "materials.m.card_of"),
        ({"materials": (replace(_MATERIAL, deferrable=True),)}, ProblemKind.DEFERRAL, "materials.m.deferral_workdays"),
        (
            {"materials": (replace(_MATERIAL, required_when=(Condition(question="x", options=("yes",)),)),)},
            ProblemKind.QUESTION_UNKNOWN,
            "materials.m.required_when.x",
        ),
        (
            {"materials": (replace(_MATERIAL, required_when=(Condition(question="raw", options=("x",)),)),)},
            ProblemKind.OPTION_UNKNOWN,
            "materials.m.required_when.raw",
        ),
        (
            {"materials": (replace(_MATERIAL, required_when=(Condition(question="raw", options=()),)),)},
            ProblemKind.CONDITION_EMPTY,
            "materials.m.required_when.raw",
        ),
        ({"fields": (replace(_FIELD, kind=FieldKind.CHOICE),)}, ProblemKind.CHOICES, "fields.f.choices"),
        ({"fields": (replace(_FIELD, choices=("x",)),)}, ProblemKind.CHOICES, "fields.f.choices"),
        ({"fields": (replace(_FIELD, max_length=0),)}, ProblemKind.FIELD_LENGTH, "fields.f.max_length"),
        ({"fields": (replace(_FIELD, label=""),)}, ProblemKind.TEXT_EMPTY, "fields.f.label"),
    ],
)
def test_problems_are_named(change: dict[str, object], kind: ProblemKind, where: str) -> None:
    """One fault gives one problem, at its place; warnings do not keep a version from being published."""
    item = replace(ITEM, **change)  # type: ignore[arg-type]
    found = problems(item)
    assert found == (Problem(kind=kind, where=where),)
    assert is_publishable(item) == (found[0].severity is Severity.WARNING)


def test_problems_of_questions() -> None:
    """A question needs a text and at least two options, each with a text."""
    lonely = Question(key="raw", text="", options=(Option(key="yes", text=""),))
    found = problems(replace(ITEM, questions=(lonely, ITEM.questions[1])))
    assert {problem.where for problem in found} == {
        "questions.raw.text",
        "questions.raw.options",
        "questions.raw.options.yes.text",
    }


def test_a_promise_in_another_unit_is_not_compared() -> None:
    """Natural and working days are not weighed against each other."""
    promised = Limit(amount=30, unit=LimitUnit.CALENDAR_DAYS)
    assert problems(replace(ITEM, statutory_limit=Limit(amount=20), promised_limit=promised)) == ()


def test_difference_of_two_versions() -> None:
    """Facts by attribute, parts by key; the number and the first day of a version are no change."""
    new = replace(
        ITEM,
        version=2,
        effective_on=date(2026, 6, 1),
        promised_limit=Limit(amount=2),
        materials=(replace(ITEM.materials[0], copies=2), ITEM.materials[2], Material(key="layout", name="平面图")),
    )
    found = difference(ITEM, new)
    assert found.facts == (FactChange(attribute="promised_limit", before=None, after=Limit(amount=2)),)
    assert found.parts == (
        PartChange(part="materials", key="cold_room", kind=ChangeKind.REMOVED),
        PartChange(part="materials", key="application", kind=ChangeKind.CHANGED, attributes=("copies",)),
        PartChange(part="materials", key="layout", kind=ChangeKind.ADDED),
    )
    assert difference(ITEM, replace(ITEM, version=2, effective_on=date(2026, 6, 1))).is_empty


def test_a_draft_moves_with_a_shown_difference() -> None:
    """Answers that the new version does not know are dropped; materials are needed, changed or not needed any more."""
    new = replace(
        ITEM,
        version=2,
        questions=(Question(key="raw", text="冷食生食", options=(Option(key="some", text="少量"), YES_NO[1])),),
        materials=(replace(ITEM.materials[0], copies=2), Material(key="layout", name="平面图")),
    )
    move = move_draft(ITEM, new, {"raw": "yes", "staff": "no"})
    assert move.answers == {}
    assert move.dropped_answers == ("raw", "staff")
    assert [q.key for q in move.to_answer] == ["raw"]
    assert _keys(move.needed) == ["layout"]
    assert _keys(move.not_needed) == ["cold_room"]
    assert _keys(move.changed) == ["application"]
