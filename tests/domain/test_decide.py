"""The state machine: the act table, the law's rules, and properties over any order of acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given, settings, strategies as st

from tests.support.acts import case_in_each_state, one_of_each
from tests.support.cases import (
    CLERK,
    COUNTER,
    DESK,
    EVERYONE,
    ITEM,
    NOON,
    OTHER_COUNTER,
    OTHER_DESK,
    REVIEWER,
    SECTION_ITEM,
    STRANGER,
    VERIFIER,
    act,
    context,
    handed_in,
    receive,
    secret,
)
from yichuang_domain import actions as a
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.approval import Grade
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.decide import decide
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.ids import PrintId, ReplicaId
from yichuang_domain.material import CardOf, Material
from yichuang_domain.party import Agent, Deferral, Evidence, HandedIn, IdSource, SupplementPoint
from yichuang_domain.training import TRAINING_DISTRICT

ALL = ("form", "lease", "health")


def received(*materials: str) -> Case:
    return act(None, receive(*(materials or ALL)))


def accepted() -> Case:
    return act(received(), a.Accept(docno="南市监许受〔2026〕1号"))


def in_review() -> Case:
    return act(accepted(), a.Claim(), context(REVIEWER, DESK))


def told(case: Case | None = None) -> Case:
    point = SupplementPoint(material="lease", reason=secret("缺租赁合同"), remedy=secret("带合同原件"))
    until = date(2026, 12, 15)
    return act(case or received("form", "health"), a.TellSupplement(docno="补1", points=(point,), until=until))


def refused(case: Case | None, action: a.Action, given=None) -> Reason:
    with pytest.raises(Refused) as caught:
        act(case, action, given)
    return caught.value.reason


def test_the_table_is_total() -> None:
    assert set(ACTS) == set(get_args(a.Action))


@settings(max_examples=8, deadline=None)
@given(one_of_each(), st.sampled_from((ITEM, SECTION_ITEM)), st.booleans())
def test_every_state_answers_every_act_with_events_or_a_reason(
    actions: tuple[a.Action, ...], item: ItemVersion, has_session: bool
) -> None:
    cases = case_in_each_state()
    assert {case.state for case in cases} == set(State) - {State.DRAFT}
    assert {type(action) for action in actions} == set(ACTS)
    for case, action, actor, desk in product((None, *cases), actions, EVERYONE, (COUNTER, DESK)):
        here = context(actor, desk, item=item, has_session=has_session, epoch=case.epoch if case else 1)
        try:
            assert decide(case, action, here).events
        except Refused as no:
            assert no.reason in Reason


def test_receipt_starts_the_five_days_and_is_not_acceptance() -> None:
    case = received()
    assert (case.state, case.notice_due_on, case.acceptance) == (State.RECEIVED, date(2026, 12, 1), None)
    assert case.holder == COUNTER


def test_item_of_the_section_lies_free_after_the_receipt() -> None:
    case = act(None, receive(*ALL, item=SECTION_ITEM), context(item=SECTION_ITEM))
    assert case.holder is None
    assert refused(case, a.Accept(docno="1"), context(item=SECTION_ITEM)) is Reason.NOT_ACCEPTED_HERE


def test_cancelled_item_is_flagged_never_refused() -> None:
    case = act(None, receive(*ALL), context(item_cancelled_on=date(2026, 11, 24)))
    assert case.irregular == {Irregularity.ITEM_CANCELLED}


def test_accept_needs_every_material_or_a_deferral_that_the_item_allows() -> None:
    assert refused(received("form"), a.Accept(docno="1")) is Reason.MATERIAL_MISSING
    lease = Deferral(material="lease", due_on=date(2026, 12, 1))
    assert refused(received("form", "health"), a.Accept(docno="1", deferred=(lease,))) is Reason.NOT_DEFERRABLE
    health = Deferral(material="health", due_on=date(2026, 12, 1))
    case = act(received("form", "lease"), a.Accept(docno="1", deferred=(health,)))
    assert case.deferrals == (health,)
    assert act(case, a.BringDeferred(materials=(handed_in("health"),))).deferrals == ()


@pytest.mark.parametrize("of", CardOf)
def test_a_card_that_was_read_is_its_own_material_where_its_holders_was_read(of: CardOf) -> None:
    card = Material(key="identity", name="身份证", needs_scan=False, card_of=of)
    item = replace(ITEM, materials=(card,))
    taken = receive(item=item)
    came = HandedIn(material="identity", evidence=Evidence.CARD_READ)
    read = replace(taken.applicant, id_source=IdSource.CARD)
    agent = Agent(
        name=secret("赵六"),
        id_number=secret("11010519491231002X"),
        phone=secret("13800005521"),
        scope=secret("全部"),
        until=date(2027, 1, 1),
        id_source=IdSource.CARD,
    )
    parts = {"applicant": read} if of is CardOf.APPLICANT else {"agent": agent}
    whole = replace(taken, materials=(came,), **parts)  # type: ignore[arg-type]
    here = context(item=item)
    assert act(act(None, whole, here), a.Accept(docno="1"), here).state is State.ACCEPTED
    typed = act(None, replace(taken, materials=(came,)), here)
    assert refused(typed, a.Accept(docno="1"), here) is Reason.MATERIAL_MISSING
    paper = context(item=replace(item, materials=(replace(card, card_of=None),)))
    assert refused(act(None, whole, paper), a.Accept(docno="1"), paper) is Reason.MATERIAL_MISSING


def test_acceptance_dates_and_free_hold() -> None:
    case = accepted()
    assert case.acceptance is not None
    assert case.acceptance.promised_due_on == date(2026, 12, 1)
    assert case.acceptance.statutory_due_on == date(2026, 12, 22)
    assert case.holder is None


def test_acceptance_without_a_line_is_the_items_business() -> None:
    offline = context(has_session=False)
    assert act(received(), a.Accept(docno="1"), offline).state is State.ACCEPTED
    strict = replace(offline, item=replace(ITEM, accepts_offline=False))
    assert refused(received(), a.Accept(docno="1"), strict) is Reason.NEEDS_LINE


def test_supplement_is_told_once_and_in_time() -> None:
    case = told()
    assert case.state is State.SUPPLEMENT_ASKED
    assert case.holder is None
    brought = act(case, a.BringSupplement(materials=(handed_in("lease"),)))
    claimed = act(brought, a.Claim())
    again = a.TellSupplement(docno="2", points=case.supplement.points, until=date(2026, 12, 20))  # type: ignore[union-attr]
    assert refused(claimed, again) is Reason.SUPPLEMENT_TOLD_ALREADY
    late = context(occurred_time=NOON + timedelta(days=8))
    assert refused(received("form"), again, late) is Reason.SUPPLEMENT_TOO_LATE
    assert refused(received("form"), replace(again, points=())) is Reason.NOTHING_TO_TELL


def test_supplement_brought_elsewhere_dates_the_acceptance() -> None:
    monday = context(replica=OTHER_COUNTER, occurred_time=NOON + timedelta(days=6))
    case = act(told(), a.BringSupplement(materials=(handed_in("lease"),)), monday)
    assert case.state is State.RECEIVED
    tuesday = context(occurred_time=NOON + timedelta(days=7))
    case = act(act(case, a.Claim(), tuesday), a.Accept(docno="1"), tuesday)
    assert case.acceptance is not None
    assert case.acceptance.accepted_on == date(2026, 11, 30)


def test_half_a_supplement_keeps_waiting() -> None:
    points = tuple(
        SupplementPoint(material=key, reason=secret("缺"), remedy=secret("带来")) for key in ("lease", "health")
    )
    case = act(received("form"), a.TellSupplement(docno="1", points=points, until=date(2026, 12, 15)))
    case = act(case, a.BringSupplement(materials=(handed_in("lease"),)))
    assert case.state is State.SUPPLEMENT_ASKED
    assert case.supplement is not None
    assert case.supplement.outstanding == ("health",)
    case = act(case, a.BringSupplement(materials=(handed_in("health"),)))
    assert case.state is State.RECEIVED


def test_one_holder_at_a_time() -> None:
    case = in_review()
    assert (case.holder, case.epoch, case.assignee) == (DESK, 2, REVIEWER.person)
    assert refused(case, a.Claim(), context(VERIFIER, OTHER_DESK)) is Reason.ALREADY_HELD
    opinion = a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合"))
    assert refused(case, opinion, context(REVIEWER, OTHER_DESK)) is Reason.NOT_HOLDER
    with pytest.raises(Refused) as stale:
        decide(case, opinion, context(REVIEWER, DESK, epoch=1))
    assert stale.value.reason is Reason.STALE_EPOCH


def test_sections_see_their_own() -> None:
    assert refused(accepted(), a.Claim(), context(STRANGER, DESK)) is Reason.OTHER_SECTION
    assert refused(accepted(), a.Claim(), context(REVIEWER, DESK, missing_pages=1)) is Reason.PAGES_MISSING


def test_reviewer_is_not_verifier_by_person() -> None:
    case = act(in_review(), a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")), context(REVIEWER, DESK))
    assert case.holder is None
    same = context(REVIEWER, DESK)
    case_again = act(case, a.Claim(), same)
    verify = a.Verify(verdict=a.Verdict.GRANT, text=secret("同意"))
    assert refused(case_again, verify, same) is Reason.SAME_PERSON
    other = context(VERIFIER, OTHER_DESK)
    held = act(case, a.Claim(), other)
    assert refused(held, a.Grant(docno="1"), other) is Reason.OPINION_MISSING
    granted = act(act(held, verify, other), a.Grant(docno="1"), other)
    assert granted.state is State.DECIDED
    assert granted.decision is not None
    assert granted.decision.deliver_by == date(2026, 12, 8)


def test_bare_signature_is_no_opinion_and_disagreement_grants_nothing() -> None:
    here = context(REVIEWER, DESK)
    assert refused(in_review(), a.SignOpinion(verdict=a.Verdict.GRANT, text=secret(" ")), here) is Reason.TEXT_MISSING
    case = act(in_review(), a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")), here)
    other = context(VERIFIER, OTHER_DESK)
    case = act(act(case, a.Claim(), other), a.Verify(verdict=a.Verdict.REFUSE, text=secret("不符合")), other)
    assert refused(case, a.Grant(docno="1"), other) is Reason.OPINION_DISAGREES


def test_decisions_of_the_back_office_need_the_line() -> None:
    offline = context(REVIEWER, DESK, has_session=False)
    opinion = a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合"))
    assert refused(in_review(), opinion, offline) is Reason.NEEDS_LINE


def test_delivery_concludes_and_the_archive_closes() -> None:
    here, other = context(REVIEWER, DESK), context(VERIFIER, OTHER_DESK)
    case = act(in_review(), a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合")), here)
    case = act(act(case, a.Claim(), other), a.Verify(verdict=a.Verdict.GRANT, text=secret("同意")), other)
    case = act(act(case, a.Grant(docno="1"), other), a.MakeReady(), other)
    assert (case.state, case.holder) == (State.READY_TO_ISSUE, None)
    case = act(case, a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人")))
    assert case.state is State.CONCLUDED
    assert act(case, a.Archive()).state is State.ARCHIVED


def test_practice_on_real_stock_is_recorded_and_flagged_and_the_other_way_round() -> None:
    real = received()
    practice = replace(real, number=f"{TRAINING_DISTRICT}{real.number[6:]}")
    for case, serial, found in (
        (real, "A0001", set()),
        (real, f"{TRAINING_DISTRICT}-0001", {Irregularity.OTHER_STOCK}),
        (practice, f"{TRAINING_DISTRICT}-0001", set()),
        (practice, "A0001", {Irregularity.OTHER_STOCK}),
        (practice, "", set()),
    ):
        run = a.StartPrint(run=PrintId("a" * 32), paper=a.PaperKind.CERTIFICATE, serial=serial)
        assert act(case, run).irregular == found


def test_delivery_of_nothing_is_recorded_and_flagged() -> None:
    case = act(received(), a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人")))
    assert (case.state, case.irregular) == (State.RECEIVED, {Irregularity.NOTHING_TO_DELIVER})


def test_supervisor_takes_over_from_a_silent_desk() -> None:
    case = act(received(), a.TakeOver(reason=secret("电脑坏了")), context(CLERK, OTHER_COUNTER))
    assert (case.holder, case.epoch) == (OTHER_COUNTER, 2)


NEXT: dict[State, set[State]] = {
    State.RECEIVED: {State.SUPPLEMENT_ASKED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
    State.SUPPLEMENT_ASKED: {State.RECEIVED, State.DECLINED, State.WITHDRAWN},
    State.ACCEPTED: {State.IN_REVIEW, State.WITHDRAWN},
    State.IN_REVIEW: {State.SUSPENDED, State.DECIDED, State.WITHDRAWN},
    State.SUSPENDED: {State.IN_REVIEW, State.WITHDRAWN},
    State.DECIDED: {State.READY_TO_ISSUE},
    State.READY_TO_ISSUE: {State.CONCLUDED},
    State.CONCLUDED: {State.ARCHIVED},
    State.DECLINED: {State.ARCHIVED},
    State.WITHDRAWN: {State.ARCHIVED},
    State.ARCHIVED: set(),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_of_acts_stays_in_the_life_of_a_case(data: st.DataObject) -> None:
    """Whatever is tried by whomever: no unreachable state, no fact refused, epoch and clock never run backwards."""
    case: Case | None = received() if data.draw(st.booleans()) else None
    item = data.draw(st.sampled_from((ITEM, SECTION_ITEM)))
    moment = NOON
    for _ in range(data.draw(st.integers(1, 30))):
        moment += timedelta(hours=data.draw(st.integers(0, 30)))
        desk: ReplicaId = data.draw(st.sampled_from((COUNTER, DESK, OTHER_DESK)))
        here = context(data.draw(st.sampled_from(EVERYONE)), desk, item=item, occurred_time=moment)
        action = data.draw(st.sampled_from(data.draw(one_of_each())))
        try:
            after = act(case, action, here)
        except Refused as no:
            assert ACTS[type(action)].kind is not Kind.FACT or no.reason in {
                Reason.UNKNOWN_CASE,
                Reason.CASE_EXISTS,
                Reason.UNKNOWN_PRINT,
            }
            continue
        _check_step(case, after)
        case = after


def _check_step(before: Case | None, after: Case) -> None:
    if before is None:
        assert after.state is State.RECEIVED
        return
    assert after.state is before.state or after.state in NEXT[before.state]
    assert after.epoch >= before.epoch
    assert after.n > before.n
    if before.holder != after.holder and after.holder is not None:
        assert after.epoch > before.epoch
    if before.acceptance:
        assert after.acceptance == before.acceptance
    if before.decision:
        assert after.decision == before.decision
    times = [step.occurred_time for step in after.steps]
    assert times == sorted(times)
    for stop in after.suspensions:
        assert stop.to_on is None or stop.to_on >= stop.from_on


def test_an_instant_case_is_granted_at_the_counter_where_the_item_says_so() -> None:
    instant = replace(ITEM, instant=True, grade=Grade.SINGLE, counter_grants=True, accepts_offline=True)
    here = context(item=instant, has_session=False)
    grant, stay = a.GrantAtCounter(docno="1", text=secret("当场准予")), a.Accept(docno="1", stays=True)
    case = act(received(), stay, here)
    assert case.holder == here.replica
    ready = act(case, grant, here)
    assert (ready.state, ready.holder, len(ready.opinions)) == (State.READY_TO_ISSUE, None, 1)
    assert refused(received(), stay, context()) is Reason.NOT_GRANTED_HERE
    assert refused(case, grant, context()) is Reason.NOT_GRANTED_HERE
    assert refused(case, a.GrantAtCounter(docno="1", text=secret(" ")), here) is Reason.TEXT_MISSING
    assert refused(case, grant, context(REVIEWER, DESK, item=instant)) is Reason.NEEDS_ROLE
    later = replace(stay, deferred=(Deferral(material="health", due_on=date(2026, 12, 1)),))
    assert refused(act(received("form", "lease"), later, here), grant, here) is Reason.DEFERRED_OUTSTANDING


def test_what_the_counter_accepts_without_granting_goes_to_the_section() -> None:
    instant = replace(ITEM, instant=True, grade=Grade.SINGLE, counter_grants=True)
    case = act(received(), a.Accept(docno="1"), context(item=instant))
    assert case.holder is None
    claimed = act(case, a.Claim(), context(REVIEWER, DESK, item=instant))
    assert (claimed.state, claimed.holder) == (State.IN_REVIEW, DESK)
