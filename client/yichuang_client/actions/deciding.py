"""受理, 补正告知, 不予受理, 审查 and 决定: the decisions of counter and back office.

Rules kept here: nothing decides here, the state machine does; a deed that belongs together (a verifier's opinion, the
grant and the certificate) is one deed, all or none; what a person was typing is given up by the district's answer,
not by the deed.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from yichuang_client.actions import docno
from yichuang_client.actions.work import Work
from yichuang_domain import actions as a
from yichuang_domain.act_table import ACTS
from yichuang_domain.approval import levels
from yichuang_domain.case import Case, LateDecision
from yichuang_domain.catalog import ItemVersion, OutcomeKind
from yichuang_domain.certificate import make_certificate_id
from yichuang_domain.events import CameLate
from yichuang_domain.granting import made_certificate
from yichuang_domain.ids import CaseId, PersonId
from yichuang_domain.material import required
from yichuang_domain.organisation import Section
from yichuang_domain.party import Deferral, MadeCertificate, SupplementPoint
from yichuang_domain.training import is_training

DAYS_TO_BRING = 15
"""Working days within which the applicant is asked to bring a supplement: a service date, not a legal one."""

DECISIONS = frozenset(
    {
        "SupplementTold",
        "Accepted",
        "Declined",
        "Withdrawn",
        "OpinionSigned",
        "Granted",
        "PermitRefused",
        "MadeReady",
        "Suspended",
        "Resumed",
        "Extended",
        "ReturnedInternally",
    }
)
"""Steps that decide something of a case."""

FirstDecision = a.Accept | a.TellSupplement | a.Decline
"""What is decided on papers that were taken in."""
_KINDS: dict[type, str] = {a.Accept: docno.ACCEPT, a.TellSupplement: docno.SUPPLEMENT, a.Decline: docno.DECLINE}


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing to be told, as typed."""

    material: str
    reason: str = field(repr=False)
    remedy: str = field(repr=False)


def adoptable(case: Case) -> LateDecision | None:
    """迟到的决定: what somebody decided before the case went over and can still be adopted; None without one.

    Who decides on the case afterwards has let it lie, or adopted it.
    """
    late = case.late
    if late is None or case.state not in ACTS[type(late.action)].states:
        return None
    since = itertools.takewhile(lambda step: step.name != CameLate.__name__, reversed(case.steps))
    return None if any(step.name in DECISIONS for step in since) else late


def adopt(work: Work, case: CaseId, late: LateDecision) -> Case:
    """采用: decide as somebody had decided whose desk did not hold the case any more. Raises Refused, StoreError."""
    return work.do((case, late.action)).cases[case]


def claim(work: Work, case: CaseId) -> Case:
    """Take the hold of a case. Raises Refused, StoreError."""
    return work.do((case, a.Claim())).cases[case]


def take_over(work: Work, case: CaseId, reason: str) -> Case:
    """接管: a supervisor takes the hold from a desk that is silent, lost or revoked. Raises Refused, StoreError."""
    return work.do((case, a.TakeOver(reason=work.seal(reason)))).cases[case]


def acceptance(work: Work, item: ItemVersion, answers: Mapping[str, str], deferred: Sequence[str]) -> a.Accept:
    """受理 as an act without its number; ``deferred`` names the materials that may come later. Raises StoreError."""
    days = {m.key: m.deferral_workdays for m in required(item, answers)}
    calendar = work.store.people.calendar
    later = tuple(
        Deferral(material=key, due_on=calendar.add_workdays(work.today, days.get(key, 0)).on) for key in deferred
    )
    return a.Accept(docno="", deferred=later)


def accept(work: Work, case: Case, deferred: Sequence[str] = ()) -> Case:
    """受理; ``deferred`` names the materials that may come later. Raises Refused, StoreError."""
    answers = {answer.question: answer.option for answer in case.answers}
    return decide_on(work, case, acceptance(work, work.item_of(case), answers, deferred))


def supplement(work: Work, points: Sequence[Point]) -> a.TellSupplement:
    """补正告知 as an act without its number. Raises StoreError."""
    told = tuple(
        SupplementPoint(material=p.material, reason=work.seal(p.reason), remedy=work.seal(p.remedy)) for p in points
    )
    until = work.store.people.calendar.add_workdays(work.today, DAYS_TO_BRING).on
    return a.TellSupplement(docno="", points=told, until=until)


def tell_supplement(work: Work, case: Case, points: Sequence[Point]) -> Case:
    """补正告知, once, all of it. Raises Refused, StoreError."""
    return decide_on(work, case, supplement(work, points))


def declination(work: Work, ground: a.DeclineGround, reason: str, right_office: str = "") -> a.Decline:
    """不予受理 as an act without its number."""
    return a.Decline(docno="", ground=ground, reason=work.seal(reason), right_office=right_office)


def decline(work: Work, case: Case, ground: a.DeclineGround, reason: str, right_office: str = "") -> Case:
    """不予受理. Raises Refused, StoreError."""
    return decide_on(work, case, declination(work, ground, reason, right_office))


def decide_on(work: Work, case: Case, decision: FirstDecision) -> Case:
    """Decide on a received case; the number is taken here. Raises Refused, StoreError."""
    return work.do((case.case, numbered(work, work.section_of(case), decision))).cases[case.case]


def numbered(work: Work, section: Section | None, decision: FirstDecision) -> FirstDecision:
    """The decision with the next number of its kind. Raises StoreError."""
    return replace(decision, docno=docno.take_docno(work, section, _KINDS[type(decision)]))


def grant_at_counter(work: Work, section: Section | None, item: ItemVersion, text: str) -> a.GrantAtCounter:
    """当场准予 as an act, with its number and its certificates. Raises StoreError."""
    number = docno.take_docno(work, section, docno.GRANT)
    return a.GrantAtCounter(docno=number, text=work.seal(text), certificates=_made(work, item))


def withdraw(work: Work, case: Case, reason: str, *, ends: bool) -> Case:
    """撤回: what the applicant wishes is noted; ``ends`` decides on it in the same deed. Raises Refused, StoreError."""
    acts: list[tuple[CaseId, a.Action]] = []
    if not case.withdrawal_wished:
        acts.append((case.case, a.WishWithdraw(reason=work.seal(reason))))
    if ends:
        acts.append((case.case, a.Withdraw()))
    return work.do(*acts).cases[case.case]


def sign(work: Work, case: Case, verdict: a.Verdict, text: str) -> Case:
    """Sign the opinion of the level that is due; the last level's agreement to grant decides in the same deed.

    Raises Refused (also SAME_PERSON), StoreError.
    """
    opinion = work.seal(text)
    first = not case.opinions
    step: a.Action = a.SignOpinion(verdict=verdict, text=opinion) if first else a.Verify(verdict=verdict, text=opinion)
    acts: list[tuple[CaseId, a.Action]] = [(case.case, step)]
    item = work.item_of(case)
    is_last = len(case.opinions) + 1 == len(levels(item.grade))
    if is_last and verdict is a.Verdict.GRANT:
        refusal = work.refusal(*acts)
        if refusal is None:  # a number is taken only for a decision that will stand
            number = docno.take_docno(work, work.section_of(case), docno.GRANT)
            acts += [(case.case, a.Grant(docno=number)), (case.case, a.MakeReady(certificates=_made(work, item)))]
    return work.do(*acts).cases[case.case]


def refuse(work: Work, case: Case, text: str, facts: Sequence[str], articles: Sequence[str]) -> Case:
    """不予, as the last level: its opinion, the facts and the articles they fail. Raises Refused, StoreError."""
    opinion = work.seal(text)
    first = not case.opinions
    step: a.Action = (
        a.SignOpinion(verdict=a.Verdict.REFUSE, text=opinion)
        if first
        else a.Verify(verdict=a.Verdict.REFUSE, text=opinion)
    )
    number = docno.take_docno(work, work.section_of(case), docno.REFUSE)
    decision = a.Refuse(docno=number, facts=tuple(work.seal(f) for f in facts), articles=tuple(articles))
    acts: list[tuple[CaseId, a.Action]] = [(case.case, step), (case.case, decision), (case.case, a.MakeReady())]
    return work.do(*acts).cases[case.case]


def make_ready(work: Work, case: Case) -> Case:
    """转出件, where the decision stands and the result was not made with it. Raises Refused, StoreError."""
    granted = case.decision is not None and case.decision.granted
    made = _made(work, work.item_of(case)) if granted else ()
    return work.do((case.case, a.MakeReady(certificates=made))).cases[case.case]


def return_internally(work: Work, case: Case, reason: str) -> Case:
    """内部退回: the clock runs on, the applicant is asked for nothing. Raises Refused, StoreError."""
    return work.do((case.case, a.ReturnInternally(reason=work.seal(reason)))).cases[case.case]


def suspend(work: Work, case: Case, procedure: a.Procedure, by: str, workdays: int) -> Case:
    """特别程序 begins; ``by`` is the public name of who carries it out. Raises Refused, StoreError."""
    number = docno.take_docno(work, work.section_of(case), docno.SUSPEND)
    action = a.Suspend(docno=number, procedure=procedure, by=by, workdays=workdays)
    return work.do((case.case, action)).cases[case.case]


def resume(work: Work, case: Case) -> Case:
    """特别程序 has ended: the clock runs on. Raises Refused, StoreError."""
    return work.do((case.case, a.Resume())).cases[case.case]


def extend(work: Work, case: Case, workdays: int, reason: str, approved_by: PersonId) -> Case:
    """延长审批, once, approved by the head. Raises Refused, StoreError."""
    number = docno.take_docno(work, work.section_of(case), docno.EXTEND)
    action = a.Extend(docno=number, workdays=workdays, reason=work.seal(reason), approved_by=approved_by)
    return work.do((case.case, action)).cases[case.case]


def note(work: Work, case: CaseId, text: str) -> Case:
    """批注 to the file. Raises StoreError."""
    return work.do((case, a.Note(text=work.seal(text)))).cases[case]


def _made(work: Work, item: ItemVersion) -> tuple[MadeCertificate, ...]:
    """The certificates that the item grants; an identifier only where the catalogue has the codes for it.

    In practice none has one: it would be a mark that the real district may give, too.
    """
    made = []
    for outcome in item.results:
        if outcome.kind is not OutcomeKind.CERTIFICATE:
            continue
        identifier = ""
        if outcome.type_code and item.body_code and not is_training(work.store.desk.district_code):
            serial = f"{work.today.year}{work.store.serials.take(f'certificate {outcome.type_code}'):06d}"
            serial = f"{work.store.desk.replica}{serial}"
            identifier = make_certificate_id(outcome.type_code, item.body_code, serial)
        made.append(made_certificate(outcome, work.today, identifier))
    return tuple(made)
