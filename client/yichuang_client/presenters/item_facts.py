"""事项要点: name, chips and the eight facts of an item, for the intake and for the briefing.

Rules kept here: a fact that the catalogue does not state says 目录未载, never nothing and never a guess; pure.
"""

from __future__ import annotations

from datetime import date

from yichuang_client.presenters.casework_clock import limit_text
from yichuang_client.presenters.models.common import Chip, Fact, Text, TimeStyle, Tone, When, joined, msg
from yichuang_client.presenters.models.intake import ItemFacts
from yichuang_domain.catalog import Fee, ItemVersion, Limit

_NOT_STATED = msg("common.not_stated")


def item_facts(item: ItemVersion, cancelled_on: date | None = None) -> ItemFacts:
    """事项要点. The order is that of what is asked for first."""
    return ItemFacts(
        name=item.name,
        chips=_chips(item, cancelled_on),
        facts=(
            Fact(label=msg("intake.promised"), value=promised_text(item), is_strong=True),
            Fact(label=msg("intake.statutory"), value=_limit(item.statutory_limit)),
            Fact(label=msg("intake.grade"), value=grade_text(item), is_strong=True),
            Fact(label=msg("intake.fee"), value=fee_text(item.fee)),
            Fact(label=msg("intake.visits"), value=_visits(item.visits)),
            Fact(label=msg("intake.pickup"), value=pickup_text(item)),
            Fact(label=msg("intake.department"), value=item.department),
            Fact(label=msg("intake.version"), value=version_text(item)),
        ),
    )


def _chips(item: ItemVersion, cancelled_on: date | None) -> tuple[Chip, ...]:
    chips = []
    if item.is_matter:
        chips.append(Chip(text=msg("intake.matter_of", n=len(item.items)), tone=Tone.PRIMARY))
    if item.instant is not None:
        chips.append(Chip(text=msg("intake.instant" if item.instant else "intake.committed"), tone=Tone.PRIMARY))
    if cancelled_on is not None:
        day = When(value=cancelled_on, style=TimeStyle.DAY)
        chips.append(Chip(text=msg("intake.cancelled_from", day=day), tone=Tone.DANGER))
    if item.sample:
        chips.append(Chip(text=msg("intake.sample")))
    return tuple(chips)


def promised_text(item: ItemVersion) -> Text:
    """承诺时限."""
    return _limit(item.promised_limit)


def _limit(limit: Limit | None) -> Text:
    return limit_text(limit) if limit is not None else _NOT_STATED


def grade_text(item: ItemVersion) -> Text:
    """审批级别."""
    return msg(f"case.grade_{item.grade.name}") if item.grade is not None else _NOT_STATED


def fee_text(fee: Fee | None) -> Text:
    """收费."""
    if fee is None:
        return _NOT_STATED
    return msg("intake.charged") if fee.charged else msg("intake.free")


def _visits(visits: int | None) -> Text:
    return msg("intake.visits_n", n=visits) if visits is not None else _NOT_STATED


def pickup_text(item: ItemVersion) -> Text:
    """取件."""
    if not item.pickups:
        return _NOT_STATED
    return joined(*(msg(f"intake.pickup_{pickup.name}") for pickup in item.pickups), separator="common.slash")


def version_text(item: ItemVersion) -> Text:
    """目录版本: first day and number."""
    return msg("intake.version_n", day=When(value=item.effective_on, style=TimeStyle.DAY), n=item.version)
