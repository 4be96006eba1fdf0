"""意见框的内容: title, templates, what the level before said, who signs.

Rules kept here: a template is text to begin with, never a decision; the level before is read only; who would sign is
always said, with a second factor or without.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.presenters.casework import month_day
from yichuang_client.presenters.models.common import Chip, Mark, Text, Tone, When, joined, msg
from yichuang_client.presenters.models.review import Opinion
from yichuang_client.presenters.review_case import CaseSeen
from yichuang_domain import actions as a
from yichuang_domain.case import State
from yichuang_domain.organisation import Role

LIMIT = 500
"""Characters of an opinion."""
_WRITTEN_IN = frozenset({State.RECEIVED, State.SUPPLEMENT_ASKED, State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED})


@dataclass(frozen=True, kw_only=True)
class Signer:
    """签署人: who is at work and how the district knows them."""

    name: str
    has_session: bool
    has_second_factor: bool
    is_away: bool
    """Whether there is no line."""


def signer_chip(signer: Signer) -> Chip:
    """已双因素登录 or 需重新验证; without a line neither can be said."""
    if signer.is_away:
        return Chip(text=msg("review.signer_away", name=signer.name), tone=Tone.NEUTRAL, mark=Mark.OFFLINE)
    if not signer.has_session:
        return Chip(text=msg("review.signer_again", name=signer.name), tone=Tone.WARNING, mark=Mark.LOCK)
    key = "review.signer_strong" if signer.has_second_factor else "review.signer"
    return Chip(text=msg(key, name=signer.name), tone=Tone.SUCCESS, mark=Mark.OK)


def is_written(seen: CaseSeen, *, is_overtaken: bool) -> bool:
    """Whether the person may write an opinion now: nobody else has the case, and theirs is not signed."""
    if seen.is_elsewhere or seen.has_signed or seen.is_pending or seen.case.state not in _WRITTEN_IN:
        return False
    return seen.is_held_here or not is_overtaken


def opinion(seen: CaseSeen, text: str, revision: int, signer: Signer, *, may_write: bool) -> Opinion:
    """The box as it is shown."""
    return Opinion(
        title=msg(f"review.opinion_{(seen.level() or Role.REVIEWER).name}"),
        text=text,
        revision=revision,
        limit=LIMIT,
        templates=tuple((key, msg(f"review.template_{key}")) for key in templates(seen)),
        previous=_previous(seen),
        signer=signer_chip(signer),
        is_read_only=not may_write,
    )


def templates(seen: CaseSeen) -> tuple[str, ...]:
    """Keys of what can be inserted at this level."""
    if seen.case.opinions:
        return ("concur", "again")
    return ("fit", "defer", "visit") if seen.case.deferrals else ("fit", "visit")


def template_text(seen: CaseSeen, key: str) -> Text:
    """What a template inserts."""
    if key == "defer":
        names = joined(*(seen.names.get(d.material, d.material) for d in seen.case.deferrals), separator="case.and")
        last = max(d.due_on for d in seen.case.deferrals)
        return msg("review.text_defer", names=names, day=month_day(last))
    return msg(f"review.text_{key}") if key in templates(seen) else ""


def _previous(seen: CaseSeen) -> Text:
    last = seen.last_opinion
    if last is None:
        return ""
    role = Role.REVIEWER if last.level == 1 else Role.VERIFIER if last.level == 2 else Role.APPROVER
    verdict = msg("review.verdict_grant" if last.verdict is a.Verdict.GRANT else "review.verdict_refuse")
    text: Text = msg("case.hidden") if last.text.value is None else last.text.value
    return msg(
        "review.previous",
        title=msg(f"review.opinion_{role.name}"),
        name=seen.people.get(last.person, last.person),
        time=When(value=last.time),
        verdict=verdict,
        text=text,
    )
