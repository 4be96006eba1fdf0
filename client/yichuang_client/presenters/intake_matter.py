"""一件事的补正与不予受理: what is told or declined at the intake of a matter, item by item, and how it is asked for.

Rules kept here: a paper that several items ask for is named once, with one reason and one remedy, and told to each of
them; what lacks nothing is said to be accepted with it; the first item's reason and office hold for those where none
is typed; pure but for ``ruling``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from yichuang_client.actions import matters
from yichuang_client.actions.matters import Grounds, Standing
from yichuang_client.actions.work import Work
from yichuang_client.presenters import intake_confirm as strips, intake_filing as filing
from yichuang_client.presenters.intake_draft import IntakeDraft
from yichuang_client.presenters.intake_hand import Hand
from yichuang_client.presenters.intake_lacks import circled, to_be_told
from yichuang_client.presenters.models.common import Confirm, Field, Text, joined, msg
from yichuang_client.presenters.models.intake import IntakeAct
from yichuang_domain.actions import DeclineGround
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import ItemCode

_SAID = {Standing.TOLD: "matter_told", Standing.ACCEPTED: "matter_accepted", Standing.RECEIVED: "matter_received"}


def told_lines(hand: Hand) -> tuple[Text, ...]:
    """What becomes of each item when the supplement is told: of those here, one line a kind."""
    if hand.readiness().bars:
        return ()
    papers = {one.material.key for one in to_be_told(hand.item, hand.draft)}
    names: dict[Standing, list[str]] = {}
    for child in matters.children(filing.to_intake(hand.item, hand.draft), hand.opened.parts):
        standing = matters.stands(child, papers, has_session=hand.has_session)
        names.setdefault(standing, []).append(child.part.name)
    return tuple(
        msg(f"intake.{_SAID[standing]}", names=joined(*names[standing], separator="common.space"))
        for standing in Standing
        if standing in names
    )


def declining(item: ItemVersion, draft: IntakeDraft, texts: Mapping[str, str]) -> Confirm:
    """F12 不予受理 of the whole matter: one ground, and the reason and the right office of each item."""
    asked = strips.declining(item, draft, texts)
    is_elsewhere = texts.get("ground") == DeclineGround.WRONG_OFFICE.name
    names = [msg("intake.material", n=circled(n), name=part.name) for n, part in enumerate(item.items, 1)]
    fields = [asked.fields[0]]
    for n in range(1, len(item.items) + 1):
        fields.append(_said(texts, "reason", n, is_half=is_elsewhere))
        if is_elsewhere:
            fields.append(_said(texts, "office", n, is_half=True))
    wanted = [texts.get("ground", ""), texts.get("reason.1", ""), *([texts.get("office.1", "")] * is_elsewhere)]
    return replace(
        asked,
        lines=(joined(*names, separator="common.space"), *asked.lines),
        fields=tuple(fields),
        can_confirm=all(text.strip() for text in wanted),
    )


def _said(texts: Mapping[str, str], what: str, n: int, *, is_half: bool) -> Field:
    key = f"{what}.{n}"
    label = "intake.right_office" if what == "office" else "intake.part_reason"
    hint = "intake.right_office_hint" if what == "office" else "intake.reason_hint"
    return Field(
        key=key,
        label=msg(label, n=circled(n)),
        text=texts.get(key, ""),
        placeholder=msg(hint) if n == 1 else msg("intake.part_same"),
        is_half=is_half,
    )


def ruling(
    work: Work, act: IntakeAct, item: ItemVersion, draft: IntakeDraft, texts: Mapping[str, str]
) -> matters.Ruling | None:
    """What is decided of each item in the deed that takes it in."""
    if act is IntakeAct.ACCEPT:
        return matters.accepting(work)
    if act is IntakeAct.TELL_SUPPLEMENT:
        return matters.supplementing(work, strips.points(to_be_told(item, draft), texts))
    if act is IntakeAct.DECLINE:
        return matters.declining(work, DeclineGround[texts["ground"]], _grounds(item, texts))
    return None


def _grounds(item: ItemVersion, texts: Mapping[str, str]) -> dict[ItemCode, Grounds]:
    is_elsewhere = texts["ground"] == DeclineGround.WRONG_OFFICE.name

    def said(what: str, n: int) -> str:
        return texts.get(f"{what}.{n}", "").strip() or texts.get(f"{what}.1", "").strip()

    return {
        part.code: Grounds(reason=said("reason", n), right_office=said("office", n) if is_elsewhere else "")
        for n, part in enumerate(item.items, 1)
    }
