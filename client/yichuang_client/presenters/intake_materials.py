"""材料清单: the checklist of an intake, each material with its one state and what or who stands for it.

Rules kept here: fixed order of the catalogue; what was scanned and is no longer asked for is kept below; a green
state says who compared the original, and when; pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang_client.presenters.casework_clock import month_day
from yichuang_client.presenters.intake_draft import AGENT, APPLICANT, IntakeDraft
from yichuang_client.presenters.intake_lacks import MaterialNow, Need, Standing, materials_now
from yichuang_client.presenters.models.common import Chip, Mark, Picture, Text, TimeStyle, Tone, When, joined, msg
from yichuang_client.presenters.models.intake import MaterialRow, Materials
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.ids import BlobHash
from yichuang_domain.material import CardOf, Material, required
from yichuang_domain.party import HeldCertificate, Trust

THUMBNAILS = 3
Pictures = Mapping[BlobHash, Picture]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the checklist says besides the draft."""

    pictures: Pictures
    deferral_days: Mapping[str, date]
    """By when a deferrable material would have to come."""
    today: date
    offers: Mapping[str, HeldCertificate] = field(default_factory=dict)
    """证照库: what could stand for which material."""
    has_line: bool = True
    """Whether the certificates of the district were asked for."""


def checklist(item: ItemVersion, draft: IntakeDraft, around: Around) -> Materials:
    """材料块."""
    now = materials_now(item, draft)
    rows = tuple(_row(one, draft, around) for one in now)
    return Materials(
        summary=msg("intake.asked_for", n=len(now)),
        counts=_counts(now),
        rows=rows,
        no_longer=_no_longer(item, draft, around.pictures, len(now)),
        empty=msg("intake.no_materials" if item.lists_materials else "intake.materials_not_stated"),
    )


def no_longer_needed(item: ItemVersion, draft: IntakeDraft) -> tuple[Material, ...]:
    """不再需要: materials with pages that the answers do not ask for any more."""
    needed = {material.key for material in required(item, draft.answers)}
    return tuple(m for m in item.materials if m.key not in needed and draft.pages_of(m.key))


def requirement(material: Material) -> Text:
    """In which form, how many, and what else there is to know."""
    return joined(msg(f"intake.form_{material.form.name}", n=material.copies), material.note)


def _counts(now: tuple[MaterialNow, ...]) -> tuple[tuple[str, Chip], ...]:
    lacking = [one for one in now if one.need is not Need.NOTHING]
    deferred = [one for one in now if one.standing is Standing.DEFERRED]
    there = [one for one in now if one.need is Need.NOTHING and one.standing is not Standing.DEFERRED]
    found = (
        (lacking, "intake.count_missing", Tone.DANGER, Mark.WARN),
        (deferred, "intake.count_deferred", Tone.WARNING, Mark.WAIT),
        (there, "intake.count_there", Tone.SUCCESS, Mark.OK),
    )
    return tuple(
        (ones[0].material.key, Chip(text=msg(key, n=len(ones)), tone=tone, mark=mark, is_bold=tone is Tone.DANGER))
        for ones, key, tone, mark in found
        if ones
    )


def _row(one: MaterialNow, draft: IntakeDraft, around: Around) -> MaterialRow:
    key = one.material.key
    return MaterialRow(
        key=key,
        ordinal=one.ordinal,
        name=one.material.name,
        requirement=requirement(one.material),
        state=_state(one),
        evidence=_evidence(one, draft, around),
        thumbnails=_thumbnails(draft, key, around.pictures),
        more_pages=max(0, one.pages - THUMBNAILS),
        is_selected=key == draft.target,
        tone=Tone.DANGER if one.need is Need.PAPER and key == draft.target else None,
    )


def _state(one: MaterialNow) -> Chip:
    if one.standing is Standing.MISSING:
        return Chip(text=msg("intake.state_missing"), tone=Tone.DANGER, mark=Mark.MISSING, is_bold=True)
    if one.standing is Standing.DEFERRED:
        return Chip(text=msg("intake.state_deferred"), tone=Tone.WARNING, mark=Mark.WAIT)
    if one.standing is Standing.CARD_READ:
        return Chip(text=msg("intake.state_card"), tone=Tone.SUCCESS, mark=Mark.OK)
    if one.standing is Standing.CERTIFICATE:
        return Chip(text=msg("intake.state_exempt"), tone=Tone.SUCCESS, mark=Mark.OK)
    text = msg("intake.state_scanned", n=one.pages) if one.pages else msg("intake.state_seen")
    if one.need is not Need.NOTHING:
        return Chip(text=text, tone=Tone.WARNING, mark=Mark.WAIT)
    return Chip(text=text, tone=Tone.SUCCESS, mark=Mark.OK)


def _evidence(one: MaterialNow, draft: IntakeDraft, around: Around) -> Text:
    key = one.material.key
    if one.standing is Standing.CERTIFICATE:
        return _certificate(draft.certificates[key])
    if one.standing is Standing.CARD_READ:
        read = draft.cards[AGENT if one.material.card_of is CardOf.AGENT else APPLICANT]
        return msg("intake.card_read_at", time=When(value=read, style=TimeStyle.CLOCK))
    if key in around.offers:
        return msg(f"intake.offered_{around.offers[key].trust.name}", name=around.offers[key].name)
    if one.need is Need.SCAN:
        return msg("intake.still_scan")
    if one.need is Need.ORIGINAL:
        return msg("intake.still_original")
    if one.standing is Standing.MISSING:
        if one.material.certificate_type is not None and one.material.needs_scan and not around.has_line:
            return msg("intake.certificates_need_line")
        if one.material.card_of is not None:
            return msg("intake.bring_card")
        if not one.material.needs_scan:
            return msg("intake.bring_original")
        return msg("intake.bring_or_defer" if one.material.deferrable else "intake.bring_scan")
    until = around.deferral_days.get(key)
    if one.standing is Standing.DEFERRED:
        return msg("intake.until_day", day=When(value=until, style=TimeStyle.DAY)) if until else ""
    seen = draft.seen.get(one.material.key)
    if seen is None:
        return msg("intake.kept_here")
    style = TimeStyle.CLOCK if local_day(seen.time) == around.today else TimeStyle.SHORT
    return msg("intake.seen_by", name=seen.by, time=When(value=seen.time, style=style))


def _certificate(held: HeldCertificate) -> Text:
    """Who says that the paper is right, and how long."""
    if held.trust is Trust.CHECKED:
        return msg("intake.certificate_CHECKED", day=month_day(held.on))
    if held.valid_until is None:
        return msg("intake.certificate_lasting", name=held.name)
    return msg("intake.certificate_ISSUED", name=held.name, day=held.valid_until.isoformat())


def _no_longer(item: ItemVersion, draft: IntakeDraft, pictures: Pictures, count: int) -> tuple[MaterialRow, ...]:
    kept: list[tuple[str, Text, Text, Chip]] = []
    if draft.pages_of(""):
        chip = Chip(text=msg("intake.state_unfiled"), tone=Tone.DANGER, mark=Mark.WARN)
        kept.append(("", msg("intake.unfiled_row"), msg("intake.hint_unfiled"), chip))
    chip = Chip(text=msg("intake.state_no_longer"), tone=Tone.NEUTRAL)
    kept += [(m.key, m.name, msg("intake.not_asked"), chip) for m in no_longer_needed(item, draft)]
    return tuple(
        MaterialRow(
            key=key,
            ordinal=count + n,
            name=name,
            requirement=why,
            state=state,
            evidence=msg("intake.pages_kept", n=len(draft.pages_of(key))),
            thumbnails=_thumbnails(draft, key, pictures),
            more_pages=max(0, len(draft.pages_of(key)) - THUMBNAILS),
            is_selected=bool(key) and key == draft.target,
        )
        for n, (key, name, why, state) in enumerate(kept, 1)
    )


def _thumbnails(draft: IntakeDraft, material: str, pictures: Pictures) -> tuple[Picture, ...]:
    first = draft.pages_of(material)[:THUMBNAILS]
    return tuple(pictures[page.page] for page in first if page.page in pictures)
