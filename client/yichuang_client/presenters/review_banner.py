"""横幅: what must be read before going on: a refused decision, somebody else's act, no line.

Rules kept here: one at a time, the gravest first; what was written stays in the box and can be copied.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.actions import deciding
from yichuang_client.presenters.models.common import Banner, Mark, Text, TimeStyle, Tone, When, msg
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_case import CaseSeen
from yichuang_client.presenters.review_look import Look
from yichuang_domain.case import Step
from yichuang_domain.errors import Reason
from yichuang_domain.ids import ReplicaId

_DECISIONS = deciding.DECISIONS | {"Claimed", "HandedOver", "TakenOver"}
"""Steps after which the form on the desk is out of date."""


@dataclass(frozen=True, kw_only=True)
class Overtaken:
    """别人已办: what somebody else did while the case lay on this desk."""

    step: Step


def overtaken_by(seen: CaseSeen, known_steps: int, replica: ReplicaId) -> Overtaken | None:
    """The newest decision that somebody else made since; None while there is none."""
    for step in reversed(seen.case.steps[known_steps:]):
        is_own = step.person == seen.me and step.replica == replica
        if step.name in _DECISIONS and not is_own:
            return Overtaken(step=step)
    return None


def banner(look: Look, seen: CaseSeen | None, overtaken: Overtaken | None) -> Banner | None:
    """The gravest thing that there is to say."""
    if seen is not None and look.case is None:
        return Banner(kind="GONE", text=msg("review.gone"), hint=msg("review.copy_hint"))
    if seen is not None and seen.returned is not None:
        what = msg(f"review.act_{seen.returned.act.name}")
        text, known = msg("review.refused", what=what), msg("review.put_away")
        return Banner(kind="DECISION_REFUSED", text=text, tone=Tone.DANGER, hint=_why(seen), at=known)
    if seen is not None and overtaken is not None:
        return Banner(kind="OVERTAKEN", text=_overtaken(seen, overtaken.step), hint=msg("review.copy_hint"))
    late = deciding.adoptable(seen.case) if seen is not None else None
    if seen is not None and late is not None:
        what = msg(f"sync.act_{type(late.action).__name__}")
        text = msg("case.came_late", person=seen.people.get(late.person, late.person), what=what)
        return Banner(kind="CAME_LATE", text=text, hint=_what_to_do(seen))
    if look.signer.is_away and look.exchange_time is not None:
        text = msg("review.cached", time=When(value=look.exchange_time, style=TimeStyle.CLOCK))
        return Banner(kind="CACHED", text=text, mark=Mark.OFFLINE, hint=msg("review.cached_hint"))
    return None


def _what_to_do(seen: CaseSeen) -> Text:
    """With a late decision: adopt it, or what stands against that."""
    why = seen.barred.get(ReviewAct.ADOPT)
    if why is None:
        return msg("case.came_late_hint")
    return msg("review.came_late_claim") if why.name == Reason.NOT_HOLDER.value else why.text


def _why(seen: CaseSeen) -> Text:
    reason = seen.returned.reason if seen.returned is not None else ""
    return msg(f"reason.{reason}") if reason in Reason.__members__ else msg("review.refused_hint")


def _overtaken(seen: CaseSeen, step: Step) -> Text:
    name = seen.people.get(step.person, step.person)
    what = msg("step.opinion_review") if step.name == "OpinionSigned" else msg(f"step.{step.name}")
    return msg("review.overtaken", time=When(value=step.occurred_time), name=name, what=what)
