"""One act of each kind, and a case in each state, for properties over all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.support.cases import (
    DESK,
    OTHER_DESK,
    REVIEWER,
    VERIFIER,
    act,
    context,
    handed_in,
    page,
    receive,
    secret,
)
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import PersonId, PrintId
from yichuang_domain.party import Deferral, SupplementPoint

MATERIALS = ("form", "lease", "health")
"""What the item of the tests asks for."""


@st.composite
def one_of_each(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[a.Action, ...]:
    """One act of each kind."""
    text = secret("说明")
    materials = tuple(handed_in(k) for k in draw(st.lists(st.sampled_from(MATERIALS), unique=True)))
    point = SupplementPoint(material="lease", reason=text, remedy=text)
    return (
        receive(*MATERIALS),
        a.AttachPage(page=page(ordinal=draw(st.integers(1, 3)))),
        a.TellSupplement(docno="1", points=(point,), until=date(2026, 12, 15)),
        a.BringSupplement(materials=materials),
        a.BringDeferred(materials=materials),
        a.Correct(phone=text),
        a.WishWithdraw(reason=text),
        a.Withdraw(),
        a.Note(text=text),
        a.Accept(
            docno="1", deferred=draw(st.sampled_from(((), (Deferral(material="health", due_on=date(2026, 12, 1)),))))
        ),
        a.Decline(docno="1", ground=draw(st.sampled_from(a.DeclineGround)), reason=text),
        a.Claim(),
        a.HandOver(to=OTHER_DESK),
        a.TakeOver(reason=text),
        a.Open(means=a.OpenMeans.TOKEN),
        a.SignOpinion(verdict=draw(st.sampled_from(a.Verdict)), text=text),
        a.Verify(verdict=draw(st.sampled_from(a.Verdict)), text=text),
        a.Grant(docno="1"),
        a.GrantAtCounter(docno="1", text=text),
        a.Refuse(docno="1", facts=(text,), articles=("33",)),
        a.MakeReady(),
        a.Suspend(docno="1", procedure=a.Procedure.TESTING, by="检测所", workdays=5),
        a.Resume(),
        a.Extend(docno="1", workdays=draw(st.integers(0, 12)), reason=text, approved_by=PersonId("head")),
        a.ReturnInternally(reason=text),
        a.Enquire(question=text),
        a.StartPrint(run=PrintId("p"), paper=a.PaperKind.RECEIPT),
        a.ConfirmPrint(run=PrintId("p")),
        a.VoidPrint(run=PrintId("p")),
        a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=text),
        a.Archive(),
        a.Rate(score=a.Satisfaction.FAIR),
    )


def case_in_each_state() -> tuple[Case, ...]:
    """A case in each state that a case can have; some states also after what another act asks for."""
    desk, other, text = context(REVIEWER, DESK), context(VERIFIER, OTHER_DESK), secret("说明")
    point = SupplementPoint(material="lease", reason=text, remedy=text)
    received = act(None, receive(*MATERIALS))
    told = act(act(None, receive("form")), a.TellSupplement(docno="1", points=(point,), until=date(2026, 12, 15)))
    declined = act(received, a.Decline(docno="1", ground=a.DeclineGround.NOT_REQUIRED, reason=text))
    wished = act(received, a.WishWithdraw(reason=text))
    printing = act(received, a.StartPrint(run=PrintId("p"), paper=a.PaperKind.RECEIPT))
    accepted = act(received, a.Accept(docno="1"))
    reviewed = act(accepted, a.Claim(), desk)
    suspended = act(reviewed, a.Suspend(docno="1", procedure=a.Procedure.TESTING, by="检测所", workdays=5), desk)
    signed = act(reviewed, a.SignOpinion(verdict=a.Verdict.GRANT, text=text), desk)
    verified = act(act(signed, a.Claim(), other), a.Verify(verdict=a.Verdict.GRANT, text=text), other)
    doubted = act(reviewed, a.SignOpinion(verdict=a.Verdict.REFUSE, text=text), desk)
    doubted = act(act(doubted, a.Claim(), other), a.Verify(verdict=a.Verdict.REFUSE, text=text), other)
    decided = act(verified, a.Grant(docno="1"), other)
    ready = act(decided, a.MakeReady(), other)
    concluded = act(ready, a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=text))
    under_way = (received, wished, printing, told, accepted, reviewed, suspended, verified, doubted, decided, ready)
    return (*under_way, act(wished, a.Withdraw()), declined, concluded, act(concluded, a.Archive()))
