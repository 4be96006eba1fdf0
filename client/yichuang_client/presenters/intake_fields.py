"""申请人和申请表: which fields an intake has, what each shows, and what of them keeps the papers from being taken in.

Rules kept here: one table says key, label, check, mask and meaning of every field; a value that is right is masked
while nobody edits it, one that is wrong stays readable; a field that is being typed in is not yet called wrong for
being short; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters import intake_check as check
from yichuang_client.presenters.intake_check import Judged
from yichuang_client.presenters.intake_draft import AGENT as AGENTS_CARD, APPLICANT, IntakeDraft
from yichuang_client.presenters.models.common import (
    Chip,
    Field,
    FieldInput,
    FieldMark,
    Mark,
    Option,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.intake import ApplicantForm
from yichuang_domain.catalog import FieldKind, FormField, ItemVersion
from yichuang_domain.identity import mask_credit_code, mask_id, mask_name, mask_phone, normal_code
from yichuang_domain.party import ApplicantKind

KINDS = tuple(Option(key=kind.name, text=msg(f"intake.kind_{kind.name}")) for kind in ApplicantKind)
_DAY = "2026-11-24"


@dataclass(frozen=True, kw_only=True)
class CardSeen:
    """读卡状态: how the card reader stands."""

    can_read: bool
    """Whether F3 has a reader."""
    note: Text = ""
    """What it waits for, or why no card was read."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One field."""

    key: str
    label: Text
    judge: Callable[[str, date], Judged]
    normal: Callable[[str], str] = str.strip
    """What the typed text means."""
    mask: Callable[[str], str] | None = None
    is_rewritten: bool = False
    """Whether the field shows what was meant once it is left: figures, not names."""
    is_half: bool = False
    input: FieldInput = FieldInput.TEXT
    options: tuple[Option, ...] = ()
    unit: str = ""
    placeholder: Text = ""


def applicant_specs(item: ItemVersion, kind: ApplicantKind) -> tuple[Spec, ...]:
    """The applicant's fields, then those of the item's own form."""
    people = _PERSON if kind is ApplicantKind.PERSON else _BODY
    return (*people, *(_form_spec(form_field) for form_field in item.fields))


def specs_of(item: ItemVersion, draft: IntakeDraft) -> tuple[Spec, ...]:
    """Every field that the draft needs."""
    return (*applicant_specs(item, draft.kind), *(AGENT if draft.has_agent else ()))


def spec_named(item: ItemVersion, draft: IntakeDraft, key: str) -> Spec | None:
    """The field of that key."""
    return next((spec for spec in specs_of(item, draft) if spec.key == key), None)


def judged(spec: Spec, draft: IntakeDraft, today: date) -> Judged:
    """What the live check says of a field of the draft."""
    return spec.judge(draft.text(spec.key), today)


def applicant_form(
    item: ItemVersion, draft: IntakeDraft, today: date, blanks: Mapping[str, str], focus: str, card: CardSeen
) -> ApplicantForm:
    """申请人块. ``blanks`` names the characters of a field that no font can print; ``card``: how the reader stands."""

    def fields(specs: Sequence[Spec]) -> tuple[Field, ...]:
        return tuple(_field(spec, draft, today, blanks.get(spec.key, ""), spec.key == focus) for spec in specs)

    number = judged(_ID, draft, today)
    said = msg("intake.id_checked")
    if APPLICANT in draft.cards:
        said = msg("intake.id_read", time=When(value=draft.cards[APPLICANT], style=TimeStyle.CLOCK))
    chip = Chip(text=said, tone=Tone.SUCCESS, mark=Mark.OK)
    return ApplicantForm(
        kinds=KINDS,
        kind=draft.kind.name,
        fields=fields(applicant_specs(item, draft.kind)),
        check=chip if number.mark is FieldMark.GOOD and not item.fields else None,
        has_agent=draft.has_agent,
        agent_hint="" if draft.has_agent else msg("intake.agent_hint"),
        agent_fields=fields(AGENT) if draft.has_agent else (),
        can_read_card=card.can_read,
        card_note=card.note if card.note != "" else _read_note(draft),
    )


def _read_note(draft: IntakeDraft) -> Text:
    """Whose card was read, and when."""
    read = [(whose, draft.cards[whose]) for whose in (APPLICANT, AGENTS_CARD) if whose in draft.cards]
    notes = [msg(f"card.read_{whose}", time=When(value=time, style=TimeStyle.CLOCK)) for whose, time in read]
    return joined(*notes) if notes else ""


def _field(spec: Spec, draft: IntakeDraft, today: date, blanks: str, has_focus: bool) -> Field:
    text = draft.text(spec.key)
    found = spec.judge(text, today)
    if has_focus and found.is_short:
        found = replace(found, mark=FieldMark.NONE)
    note = found.note or (msg("intake.blank", characters=blanks) if blanks else "")
    return Field(
        key=spec.key,
        label=spec.label,
        text=text,
        masked=spec.mask(spec.normal(text)) if spec.mask is not None and found.mark is FieldMark.GOOD else None,
        input=spec.input,
        options=spec.options,
        mark=found.mark if spec.input is FieldInput.TEXT else FieldMark.NONE,
        note=note,
        placeholder=spec.placeholder,
        is_half=spec.is_half,
        unit=spec.unit,
    )


_NAME = Spec(key="name", label=msg("intake.name"), judge=check.judge_name, mask=mask_name)
_ID = Spec(
    key="id_number",
    label=msg("intake.id_number"),
    judge=check.judge_id,
    normal=normal_code,
    mask=mask_id,
    is_rewritten=True,
    is_half=True,
)
_PHONE = Spec(
    key="phone",
    label=msg("intake.phone"),
    judge=check.judge_phone,
    normal=check.normal_phone,
    mask=mask_phone,
    is_rewritten=True,
    is_half=True,
)
_CREDIT = Spec(
    key="credit_code",
    label=msg("intake.credit_code"),
    judge=check.judge_credit_code,
    normal=normal_code,
    mask=mask_credit_code,
    is_rewritten=True,
    is_half=True,
)
_PERSON = (_NAME, _ID, _PHONE)
_BODY = (
    Spec(key="name", label=msg("intake.body_name"), judge=check.judge_body_name),
    _CREDIT,
    replace(_NAME, key="operator", label=msg("intake.operator"), is_half=True),
    _ID,
    _PHONE,
)
AGENT = (
    replace(_NAME, key="agent.name", label=msg("intake.agent_name"), is_half=True),
    replace(_PHONE, key="agent.phone"),
    replace(_ID, key="agent.id_number", is_half=False),
    Spec(key="agent.scope", label=msg("intake.scope"), judge=check.judge_scope, is_half=True),
    Spec(
        key="agent.until",
        label=msg("intake.until"),
        judge=check.judge_until,
        normal=check.normal_day,
        is_rewritten=True,
        is_half=True,
        placeholder=_DAY,
    ),
)
"""代办人, with the mandate's scope and end."""


def _form_spec(form_field: FormField) -> Spec:
    is_choice = form_field.kind is FieldKind.CHOICE
    is_figure = form_field.kind in (FieldKind.NUMBER, FieldKind.DATE)
    return Spec(
        key=f"form.{form_field.key}",
        label=form_field.label,
        judge=lambda text, _today: check.judge_form(form_field, text),
        normal=lambda text: check.normal_form(form_field, text),
        is_rewritten=is_figure,
        is_half=is_figure,
        input=FieldInput.CHOICE if is_choice else FieldInput.TEXT,
        options=tuple(Option(key=choice, text=choice) for choice in form_field.choices) if is_choice else (),
        unit=form_field.unit,
        placeholder=_DAY if form_field.kind is FieldKind.DATE else "",
    )


def card_texts(item: ItemVersion, card: IdentityCard) -> dict[str, str]:
    """What an item's own form asks of a card: fields whose keys the administrator's handbook names. Pure."""
    told = {
        "card_address": card.address,
        "card_issuer": card.issuer,
        "card_born_on": card.born_on.isoformat() if card.born_on else "",
        "card_valid_until": card.valid_until.isoformat() if card.valid_until else "",
    }
    texts = {}
    for one in item.fields:
        text = told.get(one.key, "")
        if one.key == "card_sex" and one.kind is FieldKind.CHOICE and card.sex in ("1", "2") and len(one.choices) > 1:
            text = one.choices[int(card.sex) - 1]
        if text:
            texts[f"form.{one.key}"] = text
    return texts
