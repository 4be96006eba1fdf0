"""A real case, act by act, as the public sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.support.cases import (
    CALENDAR,
    COUNTER,
    DESK,
    ITEM,
    NOON,
    OTHER_COUNTER,
    OTHER_DESK,
    REVIEWER,
    SECTION_ITEM,
    VERIFIER,
    act,
    context,
    handed_in,
    receive,
    secret,
)
from yichuang import codec
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import SectionId
from yichuang_domain.organisation import Section
from yichuang_domain.party import Deferral, SupplementPoint
from yichuang_server.web import CaseTracking, Followed, TrackingView, as_of, follow, pages as web_pages
from yichuang_server.web.public import DueDate, DueKind, Situation, StageKey, StageState
from yichuang_server.web.texts import Language, texts

ALL = ("form", "lease", "health")
TODAY = date(2026, 11, 24)
NEXT_DAY = NOON + timedelta(days=1)


def seen(case: Case, today: date = TODAY, item: ItemVersion = ITEM) -> TrackingView:
    view = follow(case, item=item, item_name=item.name, section_alias="区市场监管局", calendar=CALENDAR)
    return as_of(view, today)


def states(view: TrackingView) -> str:
    """One letter a stage: Done, Current, Future, Stopped."""
    return "".join(stage.state[0] for stage in view.stages)


def told() -> Case:
    point = SupplementPoint(material="lease", reason=secret("缺租赁合同"), remedy=secret("带合同原件"))
    action = a.TellSupplement(docno="补1", points=(point,), until=date(2026, 12, 15))
    return act(act(None, receive("form", "health")), action)


def granted() -> Case:
    case = act(act(None, receive(*ALL)), a.Accept(docno="受1"))
    case = act(case, a.Claim(), context(REVIEWER, DESK))
    case = act(case, a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("同意")), context(REVIEWER, DESK))
    case = act(case, a.Claim(), context(VERIFIER, OTHER_DESK))
    case = act(case, a.Verify(verdict=a.Verdict.GRANT, text=secret("核准")), context(VERIFIER, OTHER_DESK))
    return act(case, a.Grant(docno="准1"), context(VERIFIER, OTHER_DESK))


def test_received_case_waits_for_acceptance() -> None:
    view = seen(act(None, receive(*ALL)))
    assert (view.situation, states(view)) == (Situation.AWAITING_ACCEPTANCE, "DCFFF")
    assert view.dues == (DueDate(kind=DueKind.NOTICE, on=date(2026, 12, 1)),)
    assert view.stages[0].time == NOON
    assert view.number_tail == "001X"


def test_notice_that_never_came_is_said_after_the_fifth_day() -> None:
    case = act(None, receive(*ALL))
    assert seen(case, date(2026, 12, 1)).situation is Situation.AWAITING_ACCEPTANCE
    assert seen(case, date(2026, 12, 2)).situation is Situation.NOTICE_OVERDUE


def test_supplement_is_the_citizens_turn_until_all_is_in() -> None:
    view = seen(told())
    assert (view.situation, states(view)) == (Situation.SUPPLEMENT_ASKED, "DCFFF")
    assert view.dues == (DueDate(kind=DueKind.SUPPLEMENT, on=date(2026, 12, 15)),)
    brought = act(told(), a.BringSupplement(materials=(handed_in("lease"),)), context(replica=OTHER_COUNTER))
    assert seen(brought).situation is Situation.SUPPLEMENT_BROUGHT
    assert seen(brought).dues == ()


def test_acceptance_dates_back_to_the_last_hand_in() -> None:
    brought = act(told(), a.BringSupplement(materials=(handed_in("lease"),)), context(replica=OTHER_COUNTER))
    claimed = act(brought, a.Claim())
    accepted = act(claimed, a.Accept(docno="受2"), context(occurred_time=NEXT_DAY, epoch=claimed.epoch))
    stage = seen(accepted).stages[1]
    assert (stage.time, stage.on) == (NEXT_DAY, TODAY)
    page = web_pages.track(seen(accepted), texts(Language.CHINESE))
    assert page.stages[1].time == "2026年11月24日 周二"


def test_accepted_case_shows_the_promised_date_and_deferred_material() -> None:
    action = a.Accept(docno="受1", deferred=(Deferral(material="health", due_on=date(2026, 11, 30)),))
    view = seen(act(act(None, receive("form", "lease")), action))
    assert (view.situation, states(view)) == (Situation.UNDER_REVIEW, "DDCFF")
    assert [(due.kind, due.on) for due in view.dues] == [
        (DueKind.DEFERRED, date(2026, 11, 30)),
        (DueKind.DECISION, date(2026, 12, 1)),
    ]


def test_declined_case_stops_and_stays_stopped_in_the_archive() -> None:
    action = a.Decline(docno="不1", ground=a.DeclineGround.WRONG_OFFICE, reason=secret("不属本区"), right_office="市局")
    case = act(act(None, receive(*ALL)), action)
    for shown in (seen(case), seen(act(case, a.Archive()))):
        assert (shown.situation, states(shown)) == (Situation.DECLINED, "DS")
        assert shown.dues == ()


def test_suspension_stops_the_clock_and_moves_the_date() -> None:
    case = act(act(act(None, receive(*ALL)), a.Accept(docno="受1")), a.Claim(), context(REVIEWER, DESK))
    stop = a.Suspend(procedure=a.Procedure.EXPERT_REVIEW, by="专家组", docno="特1", workdays=10)
    case = act(case, stop, context(REVIEWER, DESK))
    assert (seen(case).situation, seen(case).dues) == (Situation.SUSPENDED, ())
    later = context(REVIEWER, DESK, epoch=case.epoch, occurred_time=NOON + timedelta(days=7))
    view = seen(act(case, a.Resume(), later))
    assert view.situation is Situation.UNDER_REVIEW
    assert [due.on for due in view.dues] == [date(2026, 12, 8)]


def test_decision_is_shown_but_not_which() -> None:
    case = granted()
    view = seen(case)
    assert (view.situation, states(view)) == (Situation.DECIDED, "DDDDC")
    assert view.dues[0].kind is DueKind.DELIVERY
    assert case.decision is not None
    refused = replace(case, decision=replace(case.decision, granted=False))
    assert seen(refused) == view


def test_ready_and_concluded() -> None:
    case = act(granted(), a.MakeReady(certificates=()), context(VERIFIER, OTHER_DESK))
    view = seen(case)
    assert (view.situation, states(view)) == (Situation.READY_TO_ISSUE, "DDDDC")
    handed = a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("阿依古丽·买买提"))
    case = act(case, handed, context(replica=COUNTER))
    view = seen(case)
    assert (view.situation, states(view), view.dues) == (Situation.CONCLUDED, "DDDDD", ())
    assert view.stages[4].time == NOON and view.current.key is StageKey.ISSUE


def test_item_of_the_section_waits_like_any_other() -> None:
    view = seen(act(None, receive(*ALL, item=SECTION_ITEM), context(item=SECTION_ITEM)), item=SECTION_ITEM)
    assert view.situation is Situation.AWAITING_ACCEPTANCE
    assert view.stages[1].state is StageState.CURRENT


def test_nothing_personal_reaches_the_page() -> None:
    """Every personal or telling text that the case holds, searched in everything that the page says."""
    cases = [told(), granted(), act(act(None, receive(*ALL)), a.Accept(docno="受1"))]
    secrets = ("阿依古丽", "买买提", "11010519491231002X", "13800005521", "缺租赁合同", "同意", "租赁", "健康证明")
    for case in cases:
        for language in Language:
            view = follow(case, item=ITEM, item_name=None, section_alias=None, calendar=CALENDAR)
            for page in (web_pages.track(view, texts(language)), web_pages.verify(view, texts(language))):
                said = repr(page)
                assert not [word for word in (*secrets, "R" * 22, case.number, "准1", "reviewer") if word in said]


SECTION = Section(
    section=SectionId("market"), name="餐饮许可科", public_alias="区市场监管局", department="区市场监管局"
)
HIDDEN = replace(SECTION, name="社会救助科", public_alias="区里")


def lookup(case: Case, item: ItemVersion | None, section: Section | None) -> TrackingView | None:
    found = {case.token_digest: [Followed(case=case, item=item, section=section)]}
    tracking = CaseTracking(
        lambda digest: found.get(digest, []), calendar=lambda: CALENDAR, today=lambda: date(2026, 12, 2)
    )
    assert tracking.lookup("f" * 64) is None
    view = tracking.lookup(case.token_digest)
    assert isinstance(view, TrackingView)
    return view


def test_permits_are_named_and_nothing_else_is() -> None:
    case = act(None, receive(*ALL))
    view = lookup(case, ITEM, SECTION)
    assert view is not None
    assert (view.item, view.section_alias, view.situation) == (
        "食品经营许可（新办）",
        "区市场监管局",
        Situation.NOTICE_OVERDUE,
    )
    for item, section, alias in (
        (replace(ITEM, type_code="05", name="最低生活保障"), SECTION, "区市场监管局"),
        (ITEM, HIDDEN, None),
        (ITEM, None, None),
        (None, SECTION, "区市场监管局"),
    ):
        view = lookup(case, item, section)
        assert view is not None and (view.item, view.section_alias) == (None, alias)


def test_a_kept_view_reads_the_same_again() -> None:
    for case in (told(), granted()):
        view = seen(case)
        assert codec.decode(TrackingView, codec.encode(view).text) == view
