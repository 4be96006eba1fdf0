"""One form for several items and back again, all or none, together out, one trip."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.support.cases import ITEM, NOON, OTHER_COUNTER, SECTION_ITEM, act, context, receive, secret
from tests.support.matters import ITEMS, PART, TEMPLATE, receipt, receipts
from yichuang import codec
from yichuang_domain import actions as a
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, Condition, ItemVersion, Limit, MaterialForm, Option, Question
from yichuang_domain.catalog_check import problems
from yichuang_domain.deed import CaseAct
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId, ItemCode, MatterId
from yichuang_domain.material import required
from yichuang_domain.matter_form import MatterError, MatterTemplate, OwnKey, Part, Shared, compose, own
from yichuang_domain.matters import check_together, check_whole, is_apart, trips, unfinished

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SAMPLE_ITEMS = {
    item.code: item
    for item in (
        codec.decode(ItemVersion, codec.canonical(row)) for row in json.loads((SAMPLE / "items.json").read_bytes())
    )
}
SAMPLE_MATTERS = [
    codec.decode(MatterTemplate, codec.canonical(row)) for row in json.loads((SAMPLE / "matters.json").read_bytes())
]


def composed(template: MatterTemplate) -> tuple[ItemVersion, list[ItemVersion]]:
    items = [SAMPLE_ITEMS[code] for code in template.items]
    return compose(template, items), items


@pytest.mark.parametrize("template", SAMPLE_MATTERS, ids=lambda template: template.code)
def test_a_sample_matter_is_in_order_and_asks_once(template: MatterTemplate) -> None:
    matter, items = composed(template)
    assert problems(matter) == () and matter.sample and matter.is_matter and matter.visits == 1
    assert codec.decode(ItemVersion, codec.encode(matter).text) == matter
    shared = sum(len(one.of) - 1 for one in template.shared)
    parts = [len(i.questions) + len(i.materials) + len(i.fields) for i in items]
    assert shared > 0
    assert len(matter.questions) + len(matter.materials) + len(matter.fields) == sum(parts) - shared


@given(data=st.data())
@pytest.mark.parametrize("template", SAMPLE_MATTERS, ids=lambda template: template.code)
def test_what_the_one_form_asks_for_is_what_its_items_ask_for(template: MatterTemplate, data: st.DataObject) -> None:
    """For every situation: a paper is asked for exactly when one of the items asks for it, under its own answers."""
    matter, items = composed(template)
    answers = {q.key: data.draw(st.sampled_from([o.key for o in q.options]), label=q.key) for q in matter.questions}
    asked = set()
    for item, part in zip(items, matter.items, strict=True):
        keys = {pair.own: pair.shared for pair in part.materials}
        answered = own(part.questions, answers)
        assert set(answered) == {q.key for q in item.questions}
        asked |= {keys[m.key] for m in required(item, answered)}
    assert asked == {m.key for m in required(matter, answers)}


def test_the_strictest_form_of_a_shared_paper_holds_and_only_what_all_allow_is_allowed() -> None:
    lease = next(m for m in ITEM.materials if m.key == "lease")
    strict = replace(lease, form=MaterialForm.ORIGINAL_CHECKED, copies=2, needs_scan=False)
    other = replace(SECTION_ITEM, materials=(strict,), promised_limit=Limit(amount=9))
    matter = compose(TEMPLATE, (ITEM, other))
    found = next(m for m in matter.materials if m.key == "p1_lease")
    assert (found.form, found.copies, found.needs_scan) == (MaterialForm.ORIGINAL_CHECKED, 2, True)
    assert (matter.accept_by, matter.accepts_offline, matter.counter_grants) == (AcceptBy.SECTION, False, False)
    assert matter.promised_limit == Limit(amount=9)


def test_a_shared_paper_is_asked_for_when_either_item_asks_for_it() -> None:
    question = Question(key="place", text="?", options=(Option(key="x", text="X"), Option(key="y", text="Y")))
    one, two = (
        replace(
            item,
            questions=(question,),
            materials=(replace(item.materials[1], required_when=(Condition(question="place", options=(option,)),)),),
        )
        for item, option in zip(ITEMS, ("x", "y"), strict=True)
    )
    both = Shared(part=Part.QUESTION, of=tuple(OwnKey(item=item.code, key="place") for item in ITEMS))
    matter = compose(replace(TEMPLATE, shared=(*TEMPLATE.shared, both)), (one, two))
    assert matter.materials[0].required_when == (Condition(question="p1_place", options=("x", "y")),)
    with pytest.raises(MatterError, match="conditions"):
        compose(TEMPLATE, (one, two))


def test_a_template_that_does_not_fit_is_refused() -> None:
    wrong = (
        replace(TEMPLATE, items=(ITEM.code,)),
        replace(TEMPLATE, items=(ITEM.code, ITEM.code)),
        replace(TEMPLATE, shared=(Shared(part=Part.FIELD, of=(OwnKey(item=ITEM.code, key="lease"),)),)),
        replace(TEMPLATE, shared=(Shared(part=Part.MATERIAL, of=(OwnKey(item=ItemCode("?"), key="lease"),) * 2),)),
    )
    for template in wrong:
        with pytest.raises(MatterError):
            compose(template, ITEMS)


def acts(*actions: a.Action) -> list[CaseAct]:
    return [CaseAct(case=CaseId(f"{n:032x}"), epoch=1, action=action) for n, action in enumerate(actions)]


def test_all_cases_of_a_matter_come_in_one_deed_or_none() -> None:
    whole = receipts()
    check_whole(acts(*whole, a.Note(text=secret("x")), receive("form")))
    other = replace(PART, matter=MatterId("b" * 32))
    broken = (
        whole[:1],
        (whole[0], whole[0]),
        (whole[0], receipt(SECTION_ITEM, other)),
        (whole[0], receipt(SECTION_ITEM, replace(PART, number="another"))),
        (whole[0], receipt(SECTION_ITEM, digest="e" * 64)),
        (*whole, receipt(ITEM)),
    )
    for some in broken:
        with pytest.raises(Refused) as caught:
            check_whole(acts(*some))
        assert caught.value.reason is Reason.MATTER_INCOMPLETE


def test_a_matter_itself_is_no_item_that_could_be_received() -> None:
    matter = replace(compose(TEMPLATE, ITEMS), version=1)
    with pytest.raises(Refused) as caught:
        act(None, receive(item=matter), context(item=matter))
    assert caught.value.reason is Reason.MATTER_INCOMPLETE


def case_of(item: ItemVersion) -> Case:
    return act(None, receipt(item), context(item=item))


def test_a_record_of_a_part_reads_the_same_again() -> None:
    case = case_of(ITEM)
    assert case.matter == PART and case.page_owner == PART.matter
    assert act(None, receive("form")).page_owner == "c" * 32
    assert codec.decode(a.Receive, codec.encode(receipt(ITEM)).text).matter == PART
    assert "matter" not in json.loads(codec.encode(receive("form")).text)


@given(states=st.lists(st.sampled_from([s for s in State if s is not State.DRAFT]), min_size=2, max_size=4))
def test_a_matter_goes_out_when_nothing_of_it_is_being_worked_on(states: list[State]) -> None:
    cases = [replace(case_of(ITEM), state=state) for state in states]
    over = {State.READY_TO_ISSUE, State.DECLINED, State.WITHDRAWN, State.CONCLUDED, State.ARCHIVED}
    assert [case.state for case in unfinished(cases)] == [state for state in states if state not in over]


def test_what_is_ready_goes_out_together_and_ahead_of_the_rest_only_by_wish() -> None:
    one, two = (replace(case_of(item), case=CaseId(f"{n:032x}")) for n, item in enumerate(ITEMS))
    ready, other = replace(one, state=State.READY_TO_ISSUE), replace(two, state=State.READY_TO_ISSUE)
    plain, ahead = (
        a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("x"), ahead=is_ahead) for is_ahead in (False, True)
    )
    done = replace(two, state=State.DECLINED)
    for known, deed, fits in (
        ([ready, other], [plain, plain], True),
        ([ready, other], [plain], False),
        ([ready, other], [ahead], False),  # what is ready too is never left behind
        ([ready, done], [plain], True),
        ([ready, two], [plain], False),
        ([ready, two], [ahead], True),
        ([ready], [plain], False),  # the other is not known here
        ([ready], [ahead], True),
    ):
        acts = [CaseAct(case=case.case, epoch=1, action=act) for case, act in zip(known, deed, strict=False)]
        assert is_apart(acts, PART, known) is not fits
        if fits:
            check_together(acts, known)
        else:
            with pytest.raises(Refused) as caught:
                check_together(acts, known)
            assert caught.value.reason is Reason.MATTER_APART


def test_a_visit_counts_once_for_the_matter() -> None:
    one, two = (case_of(item) for item in ITEMS)
    assert trips([one]) == trips([one, two]) == 1
    bring = a.BringSupplement(materials=())
    later = {"occurred_time": NOON + timedelta(days=2)}
    brought = [act(c, bring, context(item=i, **later)) for c, i in zip((one, two), ITEMS, strict=True)]
    assert trips(brought) == 2
    here, there = (
        a.Deliver(method=method, recipient=secret("x")) for method in (a.DeliveryMethod.COUNTER, a.DeliveryMethod.POST)
    )
    out = {"occurred_time": NOON + timedelta(days=9)}
    for deed, count in ((here, 3), (there, 2)):
        done = [act(c, deed, context(item=i, **out)) for c, i in zip(brought, ITEMS, strict=True)]
        assert trips(done) == count
    assert trips([one, act(two, bring, context(replica=OTHER_COUNTER, item=SECTION_ITEM))]) == 1
