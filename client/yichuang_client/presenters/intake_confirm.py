"""受理确认条: what will happen, to whom, which papers print, before something that cannot be taken back.

Rules kept here: the applicant is masked; a supplement names every missing material with reason and remedy; a
non-acceptance names its ground, its reason and, for a wrong office, the right one; pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yichuang_client.actions.deciding import Point
from yichuang_client.presenters.casework_chips import masked
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_filing import Promise
from yichuang_client.presenters.intake_lacks import MaterialNow, Need, Standing, circled, materials_now, to_be_told
from yichuang_client.presenters.models.common import (
    ActKind,
    Confirm,
    Field,
    FieldInput,
    Option,
    Text,
    TimeStyle,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_domain.actions import DeclineGround
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.party import ApplicantKind

_GROUNDS = (DeclineGround.NOT_REQUIRED, DeclineGround.WRONG_OFFICE)


def grants_at_once(item: ItemVersion, draft: IntakeDraft) -> bool:
    """当场办结: the counter grants what it accepts, unless papers come later."""
    return item.counter_grants and all(o.standing is not Standing.DEFERRED for o in materials_now(item, draft))


def accepting(
    item: ItemVersion, draft: IntakeDraft, promise: Promise, deferral_days: Mapping[str, date], texts: Mapping[str, str]
) -> Confirm:
    """F9 受理; an instant case that the counter may grant is granted with it, by an opinion."""
    until = promise.due_on
    told: Text = msg("intake.accept_no_day", who=who(draft))
    if until is not None:
        key = "intake.accept_day_provisional" if promise.is_provisional else "intake.accept_day"
        told = msg(key, who=who(draft), day=When(value=until, style=TimeStyle.DAY_WEEKDAY))
    lines = [told, msg("intake.accept_papers")]
    later = [one for one in materials_now(item, draft) if one.standing is Standing.DEFERRED]
    if later:
        days = [deferral_days[one.material.key] for one in later if one.material.key in deferral_days]
        last = When(value=max(days), style=TimeStyle.DAY) if days else ""
        lines.insert(1, msg("intake.accept_deferred", n=len(later), day=last))
    if grants_at_once(item, draft):
        opinion = Field(
            key="opinion",
            label=msg("intake.opinion"),
            text=texts.get("opinion", ""),
            suggested=msg("intake.opinion_granted"),
        )
        return Confirm(
            act=IntakeAct.ACCEPT,
            title=msg("intake.grant_title", item=item.name),
            lines=(msg("intake.grant_told", who=who(draft)), msg("intake.grant_papers")),
            fields=(opinion,),
            confirm_label=msg("intake.grant_confirm"),
            can_confirm=bool(texts.get("opinion", "").strip()),
            blocked_text=msg("intake.grant_blocked"),
        )
    return Confirm(
        act=IntakeAct.ACCEPT,
        title=msg("intake.accept_title", item=item.name),
        lines=tuple(lines),
        confirm_label=msg("intake.accept_confirm"),
    )


def supplementing(item: ItemVersion, draft: IntakeDraft, texts: Mapping[str, str]) -> Confirm:
    """F10 补正告知: once, all of it."""
    told = to_be_told(item, draft)
    fields = [field for one in told for field in _point(one, texts)]
    names = joined(
        *(msg("intake.material", n=circled(one.ordinal), name=one.material.name) for one in told),
        separator="common.space",
    )
    is_whole = all(texts.get(field.key, "").strip() for field in fields)
    return Confirm(
        act=IntakeAct.TELL_SUPPLEMENT,
        title=msg("intake.supplement_title", n=len(told)),
        lines=(names, msg("intake.supplement_papers", who=who(draft))),
        fields=tuple(fields),
        confirm_label=msg("intake.supplement_confirm"),
        can_confirm=is_whole,
        blocked_text=msg("intake.supplement_blocked"),
    )


def _point(one: MaterialNow, texts: Mapping[str, str]) -> tuple[Field, Field]:
    why, how = f"reason.{one.material.key}", f"remedy.{one.material.key}"
    reason = Field(
        key=why,
        label=msg("intake.point_reason", n=circled(one.ordinal)),
        text=texts.get(why, ""),
        suggested=msg("intake.reason_original" if one.need is Need.ORIGINAL else "intake.reason_missing"),
        is_half=True,
    )
    remedy = Field(
        key=how,
        label=msg("intake.point_remedy"),
        text=texts.get(how, ""),
        suggested=msg(f"intake.remedy_{one.material.form.name}", n=one.material.copies),
        is_half=True,
    )
    return reason, remedy


def points(told: tuple[MaterialNow, ...], texts: Mapping[str, str]) -> tuple[Point, ...]:
    """The points of the notice."""
    return tuple(
        Point(
            material=one.material.key,
            reason=texts.get(f"reason.{one.material.key}", ""),
            remedy=texts.get(f"remedy.{one.material.key}", ""),
        )
        for one in told
    )


def declining(item: ItemVersion, draft: IntakeDraft, texts: Mapping[str, str]) -> Confirm:
    """F12 不予受理."""
    ground = texts.get("ground", "")
    is_elsewhere = ground == DeclineGround.WRONG_OFFICE.name
    choice = Field(
        key="ground",
        label=msg("intake.ground"),
        text=ground,
        input=FieldInput.CHOICE,
        options=tuple(Option(key=one.name, text=msg(f"intake.ground_{one.name}")) for one in _GROUNDS),
    )
    office = Field(
        key="office",
        label=msg("intake.right_office"),
        text=texts.get("office", ""),
        placeholder=msg("intake.right_office_hint"),
    )
    reason = Field(
        key="reason", label=msg("intake.reason"), text=texts.get("reason", ""), placeholder=msg("intake.reason_hint")
    )
    wanted = [ground, texts.get("reason", ""), *([texts.get("office", "")] if is_elsewhere else [])]
    return Confirm(
        act=IntakeAct.DECLINE,
        title=msg("intake.decline_title", item=item.name),
        lines=(msg("intake.decline_papers", who=who(draft)),),
        fields=(choice, *((office,) if is_elsewhere else ()), reason),
        confirm_label=msg("intake.decline_confirm"),
        kind=ActKind.DANGER,
        can_confirm=all(text.strip() for text in wanted),
        blocked_text=msg("intake.decline_blocked"),
    )


def discarding(item: ItemVersion, draft: IntakeDraft) -> Confirm:
    """Ctrl+W: throw the draft away."""
    return Confirm(
        act=IntakeAct.WITHDRAW,
        title=msg("intake.discard_title", item=item.name),
        lines=(msg("intake.discard_lines", n=len(draft.pages)),),
        confirm_label=msg("intake.discard_confirm"),
        kind=ActKind.DANGER,
    )


def who(draft: IntakeDraft) -> str:
    """The applicant as a strip names them."""
    name = draft.text("name").strip()
    return masked(name) if draft.kind is ApplicantKind.PERSON else name[:24]
