"""The ruling on each action, once rights, hold and state were found in order.

Rules kept here: one function an action type, total over the actions (行政许可法 32, 42, 44, 45); the dates that a
citizen is told are worked out here, on the calendar, once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from yichuang_domain import actions as a, events as e
from yichuang_domain.approval import levels
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, Limit, LimitUnit
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.material import CardOf, Material, required
from yichuang_domain.party import Evidence, IdSource
from yichuang_domain.personal import Personal

if TYPE_CHECKING:
    from yichuang_domain.decide import Context

NOTICE_WORKDAYS = 5
"""行政许可法 32(1)(4): to tell, once, all that is missing."""
DELIVERY_WORKDAYS = 10
"""行政许可法 44: to issue and deliver."""
EXTENSION_WORKDAYS = 10
"""行政许可法 42: at most, once."""

Events = tuple[e.Event, ...]


def rule(case: Case | None, action: a.Action, context: Context) -> Events:
    """The events of ``action``. Raises Refused where the ruling itself says no."""
    return _RULINGS[type(action)](case, action, context)


def _receive(case: Case | None, action: a.Receive, context: Context) -> Events:
    if context.item.is_matter:  # its items are received, each as a case of its own
        raise Refused(Reason.MATTER_INCOMPLETE)
    due = context.calendar.add_workdays(context.today, NOTICE_WORKDAYS)
    counter_accepts = context.item.accept_by is AcceptBy.COUNTER
    return (
        e.Received(
            number=action.number,
            token=action.token,
            token_digest=action.token_digest,
            item=action.item,
            item_version=action.item_version,
            answers=action.answers,
            applicant=action.applicant,
            agent=action.agent,
            corrects=action.corrects,
            matter=action.matter,
            fields=action.fields,
            materials=action.materials,
            received_on=context.today,
            notice_due_on=due.on,
            is_provisional=due.provisional,
            section=context.item.section,
            holder=context.replica if counter_accepts else None,
        ),
    )


def _tell_supplement(case: Case, action: a.TellSupplement, context: Context) -> Events:
    if case.supplement is not None:
        raise Refused(Reason.SUPPLEMENT_TOLD_ALREADY)
    if context.today > case.notice_due_on:
        raise Refused(Reason.SUPPLEMENT_TOO_LATE)
    if not action.points:
        raise Refused(Reason.NOTHING_TO_TELL)
    for point in action.points:
        _need_text(point.reason)
        _need_text(point.remedy)
    return (e.SupplementTold(docno=action.docno, points=action.points, until=action.until),)


def _bring_supplement(case: Case, action: a.BringSupplement, context: Context) -> Events:
    came = {m.material for m in action.materials}
    outstanding = case.supplement.outstanding if case.supplement else ()
    complete = bool(outstanding) and all(key in came for key in outstanding)
    return (e.SupplementBrought(materials=action.materials, all_in_on=context.today if complete else None),)


def _is_there(case: Case, material: Material) -> bool:
    """A card that was read stands for itself alone, and only where the case says that its holder's was."""
    came = case.hand_in(material.key)
    if came is None or came.evidence is not Evidence.CARD_READ:
        return case.has(material.key)
    if material.card_of is CardOf.AGENT:
        return case.agent is not None and case.agent.id_source is IdSource.CARD
    return material.card_of is CardOf.APPLICANT and case.applicant.id_source is IdSource.CARD


def _accept(case: Case, action: a.Accept, context: Context) -> Events:
    told = case.supplement
    if told is not None and told.all_in_on is None:
        raise Refused(Reason.SUPPLEMENT_INCOMPLETE)
    promised = {d.material for d in action.deferred}
    answers = {answer.question: answer.option for answer in case.answers}
    for material in required(context.item, answers):
        if _is_there(case, material):
            continue
        if material.key not in promised:
            raise Refused(Reason.MATERIAL_MISSING)
        if not material.deferrable:
            raise Refused(Reason.NOT_DEFERRABLE)
    accepted_on = told.all_in_on if told is not None and told.all_in_on is not None else context.today
    statutory, early = _due(accepted_on, context.item.statutory_limit, context)
    promise, uncertain = _due(accepted_on, context.item.promised_limit, context)
    return (
        e.Accepted(
            docno=action.docno,
            accepted_on=accepted_on,
            deferred=action.deferred,
            statutory_due_on=statutory,
            promised_due_on=promise,
            is_provisional=early or uncertain,
            stays=action.stays,
        ),
    )


def _due(start: date, limit: Limit | None, context: Context) -> tuple[date | None, bool]:
    if limit is None:
        return None, False
    if limit.unit is LimitUnit.WORKDAYS:
        due = context.calendar.add_workdays(start, limit.amount)
        return due.on, due.provisional
    days = limit.amount if limit.unit is LimitUnit.CALENDAR_DAYS else -(-limit.amount // 24)
    return start + timedelta(days=days), False


def _decline(case: Case, action: a.Decline, context: Context) -> Events:
    _need_text(action.reason)
    if action.ground is a.DeclineGround.NOT_SUPPLEMENTED:
        if case.supplement is None or case.supplement.all_in_on is not None:
            raise Refused(Reason.WRONG_STATE)
        if context.today <= case.supplement.until:
            raise Refused(Reason.WRONG_STATE)
    return (
        e.Declined(docno=action.docno, ground=action.ground, reason=action.reason, right_office=action.right_office),
    )


def _withdraw(case: Case, action: a.Withdraw, context: Context) -> Events:
    if not case.withdrawal_wished:
        raise Refused(Reason.WITHDRAWAL_NOT_WISHED)
    return (e.Withdrawn(),)


def _sign_opinion(case: Case, action: a.SignOpinion, context: Context) -> Events:
    _need_text(action.text)
    if case.opinions:
        raise Refused(Reason.WRONG_STATE)
    return (_opinion(case, action, context),)


def _verify(case: Case, action: a.Verify, context: Context) -> Events:
    _need_text(action.text)
    chain = levels(context.item.grade)
    level = len(case.opinions)
    if level == 0:
        raise Refused(Reason.OPINION_MISSING)
    if level >= len(chain):
        raise Refused(Reason.WRONG_STATE)
    if any(opinion.person == context.actor.person for opinion in case.opinions):
        raise Refused(Reason.SAME_PERSON)
    if chain[level] not in context.actor.roles:
        raise Refused(Reason.NEEDS_ROLE)
    return (_opinion(case, action, context),)


def _opinion(case: Case, action: a.SignOpinion | a.Verify, context: Context) -> e.OpinionSigned:
    level = len(case.opinions) + 1
    return e.OpinionSigned(
        level=level,
        verdict=action.verdict,
        text=action.text,
        releases=level < len(levels(context.item.grade)),
    )


def _need_all_levels(case: Case, context: Context, verdict: a.Verdict) -> None:
    """Every level has signed, the last of them is the decider, and none says otherwise."""
    if len(case.opinions) < len(levels(context.item.grade)):
        raise Refused(Reason.OPINION_MISSING)
    if any(opinion.verdict is not verdict for opinion in case.opinions):
        raise Refused(Reason.OPINION_DISAGREES)
    if case.opinions[-1].person != context.actor.person:
        raise Refused(Reason.NEEDS_ROLE)


def _grant(case: Case, action: a.Grant, context: Context) -> Events:
    _need_all_levels(case, context, a.Verdict.GRANT)
    if case.deferrals:
        raise Refused(Reason.DEFERRED_OUTSTANDING)
    out = context.calendar.add_workdays(context.today, DELIVERY_WORKDAYS)
    return (e.Granted(docno=action.docno, decided_on=context.today, deliver_by=out.on),)


def _grant_at_counter(case: Case, action: a.GrantAtCounter, context: Context) -> Events:
    _need_text(action.text)
    if case.deferrals:
        raise Refused(Reason.DEFERRED_OUTSTANDING)
    out = context.calendar.add_workdays(context.today, DELIVERY_WORKDAYS)
    return (
        e.OpinionSigned(level=1, verdict=a.Verdict.GRANT, text=action.text, releases=False),
        e.Granted(docno=action.docno, decided_on=context.today, deliver_by=out.on),
        e.MadeReady(certificates=action.certificates),
    )


def _refuse(case: Case, action: a.Refuse, context: Context) -> Events:
    _need_all_levels(case, context, a.Verdict.REFUSE)
    if not action.facts or not action.articles:
        raise Refused(Reason.TEXT_MISSING)
    out = context.calendar.add_workdays(context.today, DELIVERY_WORKDAYS)
    return (
        e.PermitRefused(
            docno=action.docno,
            decided_on=context.today,
            deliver_by=out.on,
            facts=action.facts,
            articles=action.articles,
        ),
    )


def _suspend(case: Case, action: a.Suspend, context: Context) -> Events:
    return (
        e.Suspended(
            docno=action.docno,
            procedure=action.procedure,
            by=action.by,
            workdays=action.workdays,
            from_on=context.today,
        ),
    )


def _extend(case: Case, action: a.Extend, context: Context) -> Events:
    _need_text(action.reason)
    if case.extension is not None:
        raise Refused(Reason.EXTENDED_ALREADY)
    if not 1 <= action.workdays <= EXTENSION_WORKDAYS:
        raise Refused(Reason.EXTENSION_TOO_LONG)
    return (
        e.Extended(
            docno=action.docno,
            workdays=action.workdays,
            reason=action.reason,
            approved_by=action.approved_by,
        ),
    )


def _return(case: Case, action: a.ReturnInternally, context: Context) -> Events:
    _need_text(action.reason)
    return (e.ReturnedInternally(reason=action.reason),)


def _end_print(event: type[e.PrintConfirmed] | type[e.PrintVoided]) -> Callable[[Any, Any, Any], Events]:
    def ruling(case: Case, action: a.ConfirmPrint | a.VoidPrint, context: Context) -> Events:
        if all(run.run != action.run for run in case.prints):
            raise Refused(Reason.UNKNOWN_PRINT)
        return (event(run=action.run),)

    return ruling


def _deliver(case: Case, action: a.Deliver, context: Context) -> Events:
    out = e.Delivered(method=action.method, recipient=action.recipient, on=context.today, ahead=action.ahead)
    return (out, e.Concluded()) if case.state is State.READY_TO_ISSUE else (out,)


def _need_text(text: Personal) -> None:
    if text.value is not None and not text.value.strip():
        raise Refused(Reason.TEXT_MISSING)


_RULINGS: dict[type, Callable[[Any, Any, Any], Events]] = {
    a.Receive: _receive,
    a.AttachPage: lambda case, action, context: (e.PageAttached(page=action.page),),
    a.Correct: lambda case, action, context: (e.Corrected(fields=action.fields, phone=action.phone),),
    a.TellSupplement: _tell_supplement,
    a.BringSupplement: _bring_supplement,
    a.BringDeferred: lambda case, action, context: (e.DeferredBrought(materials=action.materials),),
    a.WishWithdraw: lambda case, action, context: (e.WithdrawalWished(reason=action.reason),),
    a.Withdraw: _withdraw,
    a.Note: lambda case, action, context: (e.Noted(text=action.text),),
    a.Accept: _accept,
    a.Decline: _decline,
    a.Claim: lambda case, action, context: (e.Claimed(),),
    a.HandOver: lambda case, action, context: (e.HandedOver(to=action.to),),
    a.TakeOver: lambda case, action, context: (e.TakenOver(reason=action.reason),),
    a.Open: lambda case, action, context: (e.Opened(means=action.means, place=context.place),),
    a.SignOpinion: _sign_opinion,
    a.Verify: _verify,
    a.Grant: _grant,
    a.GrantAtCounter: _grant_at_counter,
    a.Refuse: _refuse,
    a.MakeReady: lambda case, action, context: (e.MadeReady(certificates=action.certificates),),
    a.Suspend: _suspend,
    a.Resume: lambda case, action, context: (e.Resumed(on=context.today),),
    a.Extend: _extend,
    a.ReturnInternally: _return,
    a.Enquire: lambda case, action, context: (e.Enquired(question=action.question),),
    a.StartPrint: lambda case, action, context: (
        e.PrintStarted(
            run=action.run,
            paper=action.paper,
            serial=action.serial,
            ordinal=action.ordinal,
            reason=action.reason,
        ),
    ),
    a.ConfirmPrint: _end_print(e.PrintConfirmed),
    a.VoidPrint: _end_print(e.PrintVoided),
    a.Deliver: _deliver,
    a.Archive: lambda case, action, context: (e.Archived(),),
    a.Rate: lambda case, action, context: (e.Rated(score=action.score, text=action.text),),
}
