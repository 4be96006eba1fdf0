"""能办什么: which acts of the review desk the state machine would refuse now, and why.

Rules kept here: nothing is guessed: every act is put to the state machine as it would be done, also as it would go
once the case was claimed; an act that would lead nowhere (the other verdict than the level before) is barred too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yichuang_client.actions import deciding
from yichuang_client.actions.work import Work
from yichuang_client.presenters.models.common import Text, msg
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.store.errors import StoreError
from yichuang_domain import actions as a
from yichuang_domain.approval import levels
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.errors import Reason
from yichuang_domain.ids import PersonId
from yichuang_domain.material import Material, required
from yichuang_domain.party import Evidence

Acts = tuple[a.Action, ...]
_PROBE = "-"
"""Stands for a text that the person has not written yet."""
_FIRST = (ReviewAct.ACCEPT, ReviewAct.TELL_SUPPLEMENT, ReviewAct.DECLINE)
_REVIEW = (ReviewAct.AGREE, ReviewAct.RETURN, ReviewAct.PROCEDURE, ReviewAct.REFUSE)
_LAST = (ReviewAct.DECLINE, ReviewAct.REFUSE)
_OFFERED: Mapping[State, tuple[ReviewAct, ...]] = {
    State.RECEIVED: _FIRST,
    State.SUPPLEMENT_ASKED: _FIRST,
    State.ACCEPTED: _REVIEW,
    State.IN_REVIEW: _REVIEW,
    State.SUSPENDED: _REVIEW,
    State.DECIDED: (ReviewAct.MAKE_READY,),
}


@dataclass(frozen=True, kw_only=True)
class Barred:
    """Why an act cannot be done now."""

    name: str
    """Stable: a member of ``Reason`` or ``StoreReason``, or UNANSWERED."""
    text: Text


UNANSWERED = Barred(name="UNANSWERED", text=msg("review.unanswered"))
"""A decision of this desk waits for the district's answer."""


def of_reason(reason: Reason) -> Barred:
    """What the state machine said."""
    return Barred(name=reason.value, text=msg(f"reason.{reason.value}"))


def offered(case: Case) -> tuple[ReviewAct, ...]:
    """The acts of this stage besides claiming, whether they may be done or not."""
    acts = _OFFERED.get(case.state, ())
    if deciding.adoptable(case) is None:
        return acts
    return (*(act for act in acts if act not in _LAST), ReviewAct.ADOPT, *(act for act in acts if act in _LAST))


def needed(case: Case, item: ItemVersion | None) -> tuple[Material, ...]:
    """The materials that the applicant's answers ask for."""
    answers = {answer.question: answer.option for answer in case.answers}
    return required(item, answers) if item is not None else ()


def missing(case: Case, item: ItemVersion | None) -> tuple[Material, ...]:
    """What is neither there nor promised as 容缺."""
    return tuple(m for m in needed(case, item) if not case.has(m.key) and m.key not in promised(case, item))


def promised(case: Case, item: ItemVersion | None) -> tuple[str, ...]:
    """What the counter took in as 容缺: to come after the acceptance."""
    return tuple(
        m.key
        for m in needed(case, item)
        if m.deferrable and (came := case.hand_in(m.key)) is not None and came.evidence is Evidence.DEFERRED
    )


def is_last_level(case: Case, item: ItemVersion | None) -> bool:
    """Whether the opinion that is due now is the last one: it decides."""
    return item is not None and len(case.opinions) + 1 == len(levels(item.grade))


def barred(work: Work, case: Case, item: ItemVersion | None) -> dict[ReviewAct, Barred]:
    """Every act of this stage that would be refused now, with the reason."""
    found: dict[ReviewAct, Barred] = {}
    is_held_here = case.holder == work.store.desk.replica
    for act in offered(case):
        why = _why(work, case, tuple(_tries(work, case, item, act)))
        if (why is None or why.name == Reason.NOT_HOLDER.value) and _contradicts(case, act):
            why = of_reason(Reason.OPINION_DISAGREES)
        if why is not None:
            found[act] = why
    if not is_held_here and offered(case):
        why = _refusal(work, case, (a.Claim(),)) or _pointless(found)
        if why is not None:
            found[ReviewAct.CLAIM] = why
    return found


def _pointless(found: Mapping[ReviewAct, Barred]) -> Barred | None:
    """Why a claim would help nobody: this person may not sign, or nothing is to be done yet."""
    mine = found.get(ReviewAct.AGREE) or found.get(ReviewAct.DECLINE)
    names = {Reason.SAME_PERSON.value, Reason.NEEDS_ROLE.value, Reason.WRONG_STATE.value}
    return mine if mine is not None and mine.name in names else None


def _contradicts(case: Case, act: ReviewAct) -> bool:
    verdict = {ReviewAct.AGREE: a.Verdict.GRANT, ReviewAct.REFUSE: a.Verdict.REFUSE}.get(act)
    return verdict is not None and any(opinion.verdict is not verdict for opinion in case.opinions)


def grounds(case: Case) -> tuple[a.DeclineGround, ...]:
    """The grounds on which the case may be declined at this stage."""
    late = a.DeclineGround.NOT_SUPPLEMENTED
    return (late,) if case.state is State.SUPPLEMENT_ASKED else tuple(g for g in a.DeclineGround if g is not late)


def _why(work: Work, case: Case, tries: tuple[Acts, ...]) -> Barred | None:
    """Why none of the ways to do an act would go; None if one would. What a claim would mend says so first."""
    found: list[Barred] = []
    for acts in tries:
        why = _refusal(work, case, acts)
        if why is not None and why.name == Reason.NOT_HOLDER.value and case.holder is None:
            why = _refusal(work, case, (a.Claim(), *acts)) or why
        if why is None:
            return None
        found.append(why)
    found.sort(key=lambda why: (why.name != Reason.NOT_HOLDER.value, why.name == Reason.WRONG_STATE.value))
    return found[0] if found else of_reason(Reason.WRONG_STATE)


def _refusal(work: Work, case: Case, acts: Acts) -> Barred | None:
    try:
        reason = work.refusal(*((case.case, act) for act in acts))
    except StoreError as error:
        return Barred(name=error.reason.value, text=msg(f"store.{error.reason.value}"))
    return of_reason(reason) if reason is not None else None


def _tries(work: Work, case: Case, item: ItemVersion | None, act: ReviewAct) -> Iterator[Acts]:
    """The ways in which an act could be done now."""
    text = work.seal(_PROBE)
    if act is ReviewAct.ACCEPT and item is not None:
        answers = {answer.question: answer.option for answer in case.answers}
        yield (deciding.acceptance(work, item, answers, promised(case, item)),)
    elif act is ReviewAct.TELL_SUPPLEMENT:
        told = [deciding.Point(material=m.key, reason=_PROBE, remedy=_PROBE) for m in needed(case, item)]
        yield (deciding.supplement(work, told),)
    elif act is ReviewAct.DECLINE:
        for ground in grounds(case):
            yield (a.Decline(docno="", ground=ground, reason=text),)
    elif act is ReviewAct.RETURN:
        yield (a.ReturnInternally(reason=text),)
    elif act is ReviewAct.PROCEDURE:
        yield (a.Resume(),)
        yield (a.Suspend(docno="", procedure=a.Procedure.HEARING, by=_PROBE, workdays=1),)
        yield (a.Extend(docno="", workdays=1, reason=text, approved_by=PersonId(_PROBE)),)
    elif act is ReviewAct.MAKE_READY:
        yield (a.MakeReady(),)
    elif act is ReviewAct.ADOPT and case.late is not None:
        yield (case.late.action,)
    elif act in (ReviewAct.AGREE, ReviewAct.REFUSE):
        yield _signing(work, case, item, a.Verdict.GRANT if act is ReviewAct.AGREE else a.Verdict.REFUSE)


def _signing(work: Work, case: Case, item: ItemVersion | None, verdict: a.Verdict) -> Acts:
    text = work.seal(_PROBE)
    step: a.Action = (
        a.Verify(verdict=verdict, text=text) if case.opinions else a.SignOpinion(verdict=verdict, text=text)
    )
    if not is_last_level(case, item):
        return (step,)
    if verdict is a.Verdict.GRANT:
        return (step, a.Grant(docno=""))
    return (step, a.Refuse(docno="", facts=(text,), articles=(_PROBE,)))
