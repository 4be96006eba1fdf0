"""补正登记所示: the points with their states, who brings them, and what to do next.

Rules kept here: pure; what must be scanned and has no page is not here yet; F8 takes in what is here, also when more is
to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yichuang_client.presenters.casework import month_day, opening_head
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Chip,
    Field,
    Mark,
    Option,
    Picture,
    Sentence,
    Text,
    Tone,
    When,
    msg,
)
from yichuang_client.presenters.models.queues import BroughtRow, SupplementAct, SupplementModel
from yichuang_client.presenters.supplement_draft import MISSING, SCANNED, SEEN, Brought
from yichuang_client.presenters.supplement_seen import Point, SupplementSeen
from yichuang_client.presenters.typed_text import first_fault, sound
from yichuang_domain.identity import mask_name, mask_phone
from yichuang_domain.ids import BlobHash

_STATES = (
    Option(key=MISSING, text=msg("supplement.state_missing")),
    Option(key=SCANNED, text=msg("supplement.state_scanned")),
    Option(key=SEEN, text=msg("supplement.state_seen")),
)
_BACK = Act(id=SupplementAct.BACK, key="Esc", label=msg("common.back"), starts_group=True)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the picture depends on."""

    seen: SupplementSeen | None
    brought: Brought
    selected: str
    thumbnails: Mapping[BlobHash, Picture]
    notice: Sentence | None
    printing: Sentence | None
    can_print: bool
    """Whether a receipt was made here and may be printed again."""


def supplement_model(now: Standing) -> SupplementModel:
    """The model of the screen."""
    seen = now.seen
    if seen is None:
        return SupplementModel(
            head=opening_head(), told="", until=None, bar=Bar(sentence=now.notice or Sentence(), acts=(_BACK,))
        )
    return SupplementModel(
        head=seen.head,
        told=_told(seen),
        until=_until(seen) if seen.is_open else None,
        rows=tuple(_row(now, point) for point in seen.points),
        person=_person(seen, now.brought) if seen.is_open else (),
        banner=_banner(seen, has_taken=now.can_print),
        bar=Bar(sentence=now.printing or now.notice or _sentence(now, seen), acts=_acts(now, seen)),
    )


def here(seen: SupplementSeen, brought: Brought) -> tuple[Point, ...]:
    """What can be taken in now."""
    return tuple(point for point in seen.outstanding if brought.came(point.key, point.material))


def _told(seen: SupplementSeen) -> Text:
    if seen.is_deferral:
        return msg("supplement.deferred", n=len(seen.points))
    if seen.told_time is None:
        return ""
    return msg("supplement.told", time=When(value=seen.told_time), n=len(seen.points))


def _until(seen: SupplementSeen) -> Chip | None:
    if seen.until is None or seen.left is None:
        return None
    text = msg("supplement.until", left=seen.left.text, day=month_day(seen.until))
    return Chip(text=text, tone=seen.left.tone, mark=seen.left.mark, is_bold=seen.left.is_bold)


def _row(now: Standing, point: Point) -> BroughtRow:
    brought = now.brought
    pages = brought.pages_of(point.key)
    return BroughtRow(
        key=point.key,
        ordinal=point.ordinal,
        name=point.name,
        reason=point.why,
        state=_state(brought, point),
        states=_STATES if point.is_outstanding else (),
        chosen=brought.state_of(point.key) if point.is_outstanding else "",
        thumbnails=tuple(now.thumbnails[page.page] for page in pages if page.page in now.thumbnails),
        is_selected=point.is_outstanding and point.key == now.selected,
    )


def _state(brought: Brought, point: Point) -> Chip:
    if not point.is_outstanding:
        return Chip(text=msg("supplement.taken_in"), tone=Tone.SUCCESS, mark=Mark.OK)
    state, pages = brought.state_of(point.key), len(brought.pages_of(point.key))
    if not brought.came(point.key, point.material):
        if state == SEEN:
            return Chip(text=msg("supplement.needs_scan"), tone=Tone.WARNING, mark=Mark.WAIT)
        return Chip(text=msg("supplement.state_missing"), tone=Tone.DANGER, mark=Mark.MISSING)
    text = msg("supplement.pages", n=pages) if state == SCANNED else msg("supplement.state_seen")
    return Chip(text=text, tone=Tone.SUCCESS, mark=Mark.OK)


def _person(seen: SupplementSeen, brought: Brought) -> tuple[Field, ...]:
    name = seen.expected.name if brought.name is None else brought.name
    phone = seen.expected.phone if brought.phone is None else brought.phone
    fields = (
        Field(
            key="name",
            label=msg("supplement.name"),
            text=name,
            masked=mask_name(name) if name else None,
            is_half=True,
            max_length=50,
        ),
        Field(
            key="phone",
            label=msg("supplement.phone"),
            text=phone,
            masked=mask_phone(phone) if phone else None,
            is_half=True,
            max_length=20,
        ),
    )
    return tuple(map(sound, fields))


def unsound(seen: SupplementSeen, brought: Brought) -> Field | None:
    """What was typed and cannot stay."""
    return first_fault(_person(seen, brought))


def _banner(seen: SupplementSeen, *, has_taken: bool) -> Banner | None:
    if seen.item is None:
        return Banner(kind="ITEM_MISSING", text=msg("store.ITEM_MISSING"), mark=Mark.WAIT)
    if not seen.points and not has_taken:
        return Banner(kind="NOTHING_TOLD", text=msg("supplement.nothing_told"), tone=Tone.NEUTRAL, mark=Mark.INFO)
    return None


def _sentence(now: Standing, seen: SupplementSeen) -> Sentence:
    if not seen.is_open and not seen.points:
        done = msg("supplement.done") if now.can_print else ""
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=done)
    if not seen.is_open:
        hint = msg("supplement.all_in_here") if seen.accepts_here else msg("supplement.all_in_section")
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("supplement.all_in"), hint=hint)
    came = here(seen, now.brought)
    if len(came) == len(seen.outstanding):
        lead, hint = msg("supplement.complete", n=len(came)), msg("supplement.complete_hint")
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead, hint=hint)
    lacking = next(point for point in seen.outstanding if point not in came)
    lead = msg("supplement.lacks", n=len(seen.outstanding) - len(came))
    hint = msg("supplement.lacks_some") if came else msg("supplement.lacks_all")
    return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=lead, subject=lacking.name, hint=hint)


def _acts(now: Standing, seen: SupplementSeen) -> tuple[Act, ...]:
    if now.printing is not None:
        return (_BACK,)
    again = (Act(id=SupplementAct.PRINT, key="Ctrl+P", label=msg("supplement.print")),) if now.can_print else ()
    if not seen.is_open:
        case = Act(id=SupplementAct.CASE, key="Enter", label=msg("supplement.open_case"), kind=ActKind.PRIMARY)
        return (case, *again, _BACK)
    came, bad = here(seen, now.brought), unsound(seen, now.brought)
    is_all = len(came) == len(seen.outstanding)
    scan = Act(
        id=SupplementAct.SCAN,
        key="F5",
        label=msg("supplement.scan"),
        kind=ActKind.NORMAL if is_all else ActKind.PRIMARY,
    )
    bring = Act(
        id=SupplementAct.BRING,
        key="F8",
        label=msg("supplement.bring"),
        kind=ActKind.PRIMARY if is_all else ActKind.NORMAL,
        is_enabled=bool(came) and bad is None,
        blocked_by=bad.key if bad is not None else "state.0",
        reason="BAD_TEXT" if bad is not None else "NOTHING_BROUGHT",
    )
    return (scan, bring, *again, _BACK)
