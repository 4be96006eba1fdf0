"""还缺什么: what keeps the papers from being taken in, and what keeps them from being accepted, in the form's order.

Rules kept here: each material has exactly one standing; a paper that must be scanned is not there before its page
is, one that is compared with its original not before somebody has; facts of the item come first; pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from yichuang_client.presenters.intake_draft import AGENT, APPLICANT, IntakeDraft
from yichuang_client.presenters.intake_fields import judged, specs_of
from yichuang_client.presenters.models.common import Text, msg
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.material import CardOf, Material, MaterialForm, required, unanswered


class Standing(Enum):
    """Where one material stands; exactly one holds."""

    MISSING = "MISSING"
    """未交"""
    SCANNED = "SCANNED"
    """已扫描 n 页"""
    SEEN = "SEEN"
    """原件已核"""
    CERTIFICATE = "CERTIFICATE"
    """证照库免交"""
    CARD_READ = "CARD_READ"
    """身份证已读"""
    DEFERRED = "DEFERRED"
    """容缺"""


class Need(Enum):
    """What a material still needs before the papers can be accepted."""

    NOTHING = "NOTHING"
    PAPER = "PAPER"
    """It has not come."""
    SCAN = "SCAN"
    """It was seen, its page is missing."""
    ORIGINAL = "ORIGINAL"
    """It was scanned, its original was not compared."""


@dataclass(frozen=True, kw_only=True)
class MaterialNow:
    """One material of the checklist as it stands."""

    material: Material
    ordinal: int
    standing: Standing
    need: Need
    pages: int


def to_be_told(item: ItemVersion, draft: IntakeDraft) -> tuple[MaterialNow, ...]:
    """What a supplement would have to name: everything that the applicant has not brought, also what was deferred."""
    brought = (Need.NOTHING, Need.SCAN)
    now = materials_now(item, draft)
    return tuple(one for one in now if one.need not in brought or one.standing is Standing.DEFERRED)


class LackKind(Enum):
    """What kind of thing is missing; the value is the stable reason that is traced."""

    CANCELLED = "cancelled"
    SECTION = "section"
    QUESTION = "question"
    FIELD = "field"
    PAGES = "pages"
    MATERIAL = "material"


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that is missing."""

    kind: LackKind
    subject: Text
    hint: Text
    """What to do, with its key."""
    focus: str = ""
    """Where to do it."""
    material: str = ""

    @property
    def is_bar_to_intake(self) -> bool:
        """Whether the papers cannot even be taken in."""
        return self.kind is not LackKind.MATERIAL


def materials_now(item: ItemVersion, draft: IntakeDraft) -> tuple[MaterialNow, ...]:
    """应交材料 as they stand, in the catalogue's order."""
    needed = required(item, draft.answers)
    return tuple(_now(material, n, draft) for n, material in enumerate(needed, 1))


def _now(material: Material, ordinal: int, draft: IntakeDraft) -> MaterialNow:
    pages = len(draft.pages_of(material.key))
    is_seen = material.key in draft.seen
    if material.key in draft.certificates:
        standing = Standing.CERTIFICATE
    elif pages:
        standing = Standing.SCANNED
    elif is_card_read(material, draft):
        standing = Standing.CARD_READ
    elif is_seen:
        standing = Standing.SEEN
    else:
        standing = Standing.DEFERRED if material.key in draft.deferred else Standing.MISSING
    need = Need.NOTHING
    if standing is Standing.MISSING:
        need = Need.PAPER
    elif standing is Standing.SEEN and material.needs_scan:
        need = Need.SCAN
    elif standing is Standing.SCANNED and material.form is MaterialForm.ORIGINAL_CHECKED and not is_seen:
        need = Need.ORIGINAL
    return MaterialNow(material=material, ordinal=ordinal, standing=standing, need=need, pages=pages)


def is_card_read(material: Material, draft: IntakeDraft) -> bool:
    """Whether the material is a card that was read; for an agent's, while there is one."""
    if material.card_of is None or (material.card_of is CardOf.AGENT and not draft.has_agent):
        return False
    return (AGENT if material.card_of is CardOf.AGENT else APPLICANT) in draft.cards


def lacks(item: ItemVersion, draft: IntakeDraft, today: date, cancelled_on: date | None) -> tuple[Lack, ...]:
    """Everything that is missing, in the order in which the form asks for it."""
    return (
        *item_lacks(item, today, cancelled_on),
        *(_question(question.key, question.text) for question in unanswered(item, draft.answers)),
        *_fields(item, draft, today),
        *_unfiled(draft),
        *_materials(materials_now(item, draft)),
    )


def item_lacks(item: ItemVersion, today: date, cancelled_on: date | None) -> tuple[Lack, ...]:
    """Why no papers for this item can be taken in at all: refused before the fact."""
    hint = msg("intake.only_briefing")
    if cancelled_on is not None and today >= cancelled_on:
        return (Lack(kind=LackKind.CANCELLED, subject=msg("intake.cancelled"), hint=hint, focus="search"),)
    if item.section is None:
        return (Lack(kind=LackKind.SECTION, subject=msg("intake.without_section"), hint=hint, focus="search"),)
    return ()


def _question(key: str, text: str) -> Lack:
    return Lack(kind=LackKind.QUESTION, subject=text, hint=msg("intake.hint_question"), focus=f"answer.{key}")


def _fields(item: ItemVersion, draft: IntakeDraft, today: date) -> list[Lack]:
    found = []
    for spec in specs_of(item, draft):
        said = judged(spec, draft, today)
        if said.is_open:
            hint = said.note or msg("intake.hint_field")
            found.append(Lack(kind=LackKind.FIELD, subject=spec.label, hint=hint, focus=spec.key))
    return found


def _unfiled(draft: IntakeDraft) -> list[Lack]:
    count = len(draft.pages_of(""))
    if not count:
        return []
    subject = msg("intake.unfiled", n=count)
    return [Lack(kind=LackKind.PAGES, subject=subject, hint=msg("intake.hint_unfiled"), focus="materials")]


def _materials(now: Sequence[MaterialNow]) -> list[Lack]:
    return [
        Lack(
            kind=LackKind.MATERIAL,
            subject=msg("intake.material", n=circled(one.ordinal), name=one.material.name),
            hint=_hint(one),
            focus="materials",
            material=one.material.key,
        )
        for one in now
        if one.need is not Need.NOTHING
    ]


def _hint(one: MaterialNow) -> Text:
    if one.need is Need.SCAN:
        return msg("intake.hint_scan")
    if one.material.card_of is not None:
        return msg("intake.hint_card")
    if one.need is Need.ORIGINAL or not one.material.needs_scan:
        return msg("intake.hint_original_defer" if one.material.deferrable else "intake.hint_original")
    return msg("intake.hint_scan_defer" if one.material.deferrable else "intake.hint_scan")


_FIRST_CIRCLED = 0x2460
_CIRCLED = 20


def circled(ordinal: int) -> str:
    """① to ⑳, plain figures beyond."""
    return chr(_FIRST_CIRCLED + ordinal - 1) if 1 <= ordinal <= _CIRCLED else f"{ordinal}."
