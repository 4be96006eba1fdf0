"""The exchange: every deed once, in its order, judged by the district; on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.server.houses import OTHER_CLERK, TestDesk, TestHouse, new_case
from tests.support.cases import CLERK, ITEM, NOON, REVIEWER, SECTION_ITEM, VERIFIER, page, receive, secret
from yichuang import codec
from yichuang_domain import actions as a
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.errors import Irregularity
from yichuang_domain.folding import fold
from yichuang_domain.ids import ReplicaId
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.exchange import Sent
from yichuang_server.store import log

ALL = ("form", "lease", "health")


def taking(item: ItemVersion = ITEM, *, number: str = "330402-0137-20261124-0001-X") -> a.Receive:
    """A receipt of an item's only release."""
    return replace(receive(*ALL, item=item), item_version=1, number=number)


def received(desk: TestDesk, item: ItemVersion = ITEM) -> str:
    case = new_case()
    assert desk.act(case, 1, taking(item)) == "RECORDED"
    return case


def test_a_deed_is_recorded_once_and_answered_the_same_for_ever(house: TestHouse) -> None:
    desk = house.desk("town")
    case = new_case()
    deed = desk.deed((case, 1, taking()))
    first = desk.send(deed)
    again = desk.send(deed)
    assert [r.outcome for r in (*first.results, *again.results)] == ["RECORDED", "RECORDED"]
    assert desk.events(case) == ["Received"]


def test_a_gap_ends_the_batch_and_names_what_is_missing(house: TestHouse) -> None:
    desk = house.desk("town")
    first, second, third = (desk.deed((new_case(), 1, taking())) for _ in range(3))
    reply = desk.send(first, third)
    assert [(r.outcome, r.expected_seq) for r in reply.results] == [("RECORDED", 0), ("SEQ_GAP", 2)]
    assert [r.outcome for r in desk.send(second, third).results] == ["RECORDED", "RECORDED"]


def test_another_deed_under_a_used_seq_fences_the_desk(house: TestHouse) -> None:
    desk = house.desk("town")
    known = desk.deed((new_case(), 1, taking()))
    desk.send(known)
    restored = replace(desk, seq=0, previous="")
    forked = restored.deed((new_case(), 1, taking()))
    assert [r.outcome for r in restored.send(forked).results] == ["REPLICA_FORKED"]
    later = desk.deed((new_case(), 1, taking()))
    assert [r.outcome for r in desk.send(later).results] == ["REPLICA_FORKED"]
    assert [r.outcome for r in desk.send(known).results] == ["RECORDED"]


def test_a_broken_chain_is_a_fork(house: TestHouse) -> None:
    desk = house.desk("town")
    received(desk)
    deed = desk.deed((new_case(), 1, taking()), previous="0" * 64)
    assert [r.outcome for r in desk.send(deed).results] == ["REPLICA_FORKED"]


def test_a_batch_that_the_desk_did_not_sign_is_refused_as_a_whole(house: TestHouse) -> None:
    desk, other = house.desk("town"), house.desk("town")
    deed = desk.deed((new_case(), 1, taking()))
    with pytest.raises(DistrictError) as caught:
        desk.send(deed, signature=other.key.sign(bytes(32)))
    assert caught.value.fault is Fault.BAD_SIGNATURE


def test_a_deed_of_another_desk_is_refused(house: TestHouse) -> None:
    desk, other = house.desk("town"), house.desk("town")
    deed = desk.deed((new_case(), 1, taking()))
    desk.send(deed)
    with pytest.raises(DistrictError) as caught:
        other.send(deed)
    assert caught.value.fault is Fault.FOREIGN_DESK


def test_a_refused_decision_is_data_and_blocks_nothing(house: TestHouse) -> None:
    desk = house.desk("town")
    case = new_case()
    no = desk.deed((case, 1, a.Accept(docno="1")))
    yes = desk.deed((case, 1, taking()))
    results = desk.send(no, yes).results
    assert [(r.outcome, r.reason) for r in results] == [("REFUSED", "UNKNOWN_CASE"), ("RECORDED", "")]
    assert desk.send(no).results[0].reason == "UNKNOWN_CASE"


def test_facts_of_a_refused_deed_have_happened_all_the_same(house: TestHouse) -> None:
    desk = house.desk("town")
    case = new_case()
    short = replace(taking(), materials=())
    result = desk.send(desk.deed((case, 1, short), (case, 1, a.Accept(docno="1")))).results[0]
    assert (result.outcome, result.reason, result.act) == ("REFUSED", "MATERIAL_MISSING", 1)
    assert desk.events(case) == ["Received"]


def test_an_act_of_a_later_release_waits_without_a_seq(house: TestHouse) -> None:
    desk = house.desk("town")
    deed = desk.deed((new_case(), 1, taking()))
    future = deed.text.replace(b'"type":"Receive"', b'"type":"ReceiveByDrone"')
    assert [r.outcome for r in desk.send(replace_text(deed, future)).results] == ["NOT_YET"]
    assert [r.outcome for r in desk.send(deed).results] == ["RECORDED"]
    unknown = desk.deed((new_case(), 1, replace(taking(), item_version=9)))
    assert [r.outcome for r in desk.send(unknown).results] == ["NOT_YET"]


def replace_text(sent: Sent, text: bytes) -> Sent:
    return replace(sent, text=text)


def test_a_cancelled_item_is_flagged_never_refused(house: TestHouse) -> None:
    desk = house.desk("town")
    house.cancel(ITEM.code, date(2026, 11, 24))
    case = new_case()
    assert desk.act(case, 1, taking(), signed_in=False) == "RECORDED"
    assert desk.log(case)[0].irregular == (Irregularity.ITEM_CANCELLED,)


def test_rights_are_those_of_the_deeds_own_time(house: TestHouse) -> None:
    desk = house.desk("town")
    before = desk.deed((new_case(), 1, taking()))
    house.clock.forward(hours=1)
    house.disable(CLERK)
    house.clock.forward(minutes=1)
    case = new_case()
    after = desk.deed((case, 1, taking(number="330402-0137-20261124-0002-X")))
    accept = desk.deed((case, 1, a.Accept(docno="1")))
    results = desk.send(before, after, accept).results
    assert [(r.outcome, r.reason) for r in results] == [("RECORDED", ""), ("RECORDED", ""), ("REFUSED", "NEEDS_ROLE")]
    flags = [
        record.irregular for case_id in {row.case for row in desk.records.values()} for record in desk.log(case_id)
    ]
    assert sorted(flags) == [(), (Irregularity.NO_RIGHT,)]


def test_a_strange_clock_flags_and_drops_nothing(house: TestHouse) -> None:
    desk = house.desk("town")
    for changes in (
        {"occurred_time": NOON + timedelta(hours=1)},
        {"seen_time": NOON + timedelta(hours=1)},
        {"skew_ms": 3_600_000},
    ):
        case = new_case()
        number = f"330402-0137-20261124-{len(desk.records):04d}-X"
        desk.send(desk.deed((case, 1, taking(number=number)), **changes))
        assert Irregularity.CLOCK in desk.log(case)[0].irregular, changes


def test_two_cases_with_one_number_both_live(house: TestHouse) -> None:
    desk = house.desk("town")
    first, second = received(desk), received(desk)
    assert desk.log(first)[0].irregular == ()
    assert desk.log(second)[0].irregular == (Irregularity.DUPLICATE_NUMBER,)


def test_claiming_needs_the_line_and_every_page(house: TestHouse) -> None:
    desk, section = house.desk("town"), house.desk("hall", "market", REVIEWER)
    case = received(desk, SECTION_ITEM)
    desk.act(case, 1, a.AttachPage(page=page()))
    section.pull()
    assert section.act(case, 1, a.Claim(), signed_in=False) == "NEEDS_LINE"
    assert section.act(case, 1, a.Claim()) == "PAGES_MISSING"
    assert desk.send().missing == ((case, page().page),)


def test_of_two_desks_that_claim_at_once_one_wins(house: TestHouse) -> None:
    desk = house.desk("town")
    case = received(desk, SECTION_ITEM)
    rivals = [house.desk("hall", "market", REVIEWER), house.desk("hall", "market", VERIFIER)]
    start = threading.Barrier(2)
    answers: list[str] = []

    def claim(rival: TestDesk) -> None:
        start.wait()
        answers.append(rival.act(case, 1, a.Claim()))

    threads = [threading.Thread(target=claim, args=(rival,)) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["ALREADY_HELD", "RECORDED"]


def test_every_batch_takes_its_own_positions_under_load(house: TestHouse) -> None:
    lanes = [house.desk("town") for _ in range(4)]

    def work(desk: TestDesk) -> None:
        for _ in range(8):
            received(desk)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watcher = house.desk("town")
    watcher.pull()
    assert sorted(watcher.records) == list(range(1, 33))


def test_the_records_of_a_case_form_a_chain_and_the_log_a_tree(house: TestHouse) -> None:
    desk = house.desk("town")
    case = received(desk)
    desk.act(case, 1, a.Note(text=secret("一")), a.Note(text=secret("二")))
    desk.act(case, 1, a.Grant(docno="1"))
    previous = ""
    for _, row in sorted(desk.records.items()):
        assert codec.decode(log.Record, row.text).previous == previous
        previous = row.hash
    assert house.house.read(lambda c: log.size(c, "330402")) == 4


def test_a_case_travels_from_counter_to_section_and_back(house: TestHouse) -> None:
    counter = house.desk("town")
    case = received(counter)
    assert counter.act(case, 1, a.Accept(docno="受1")) == "RECORDED"
    reviewer = house.desk("hall", "market", REVIEWER)
    reviewer.pull()
    assert reviewer.events(case) == ["Received", "Accepted"]
    assert reviewer.act(case, 1, a.Claim()) == "RECORDED"
    opinion = a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合"))
    assert reviewer.act(case, 2, opinion) == "RECORDED"
    again = reviewer.deed((case, 2, a.Claim()), (case, 3, a.Verify(verdict=a.Verdict.GRANT, text=secret("同意"))))
    assert reviewer.send(again).results[0].reason == "SAME_PERSON"
    verifier = house.desk("hall", "market", VERIFIER)
    verifier.pull()
    epoch = 1 + verifier.events(case).count("Claimed")
    assert verifier.act(case, epoch, a.Claim()) == "RECORDED"
    verify = a.Verify(verdict=a.Verdict.GRANT, text=secret("同意"))
    assert epoch == 2
    assert verifier.act(case, epoch + 1, verify, a.Grant(docno="准1"), a.MakeReady()) == "RECORDED"
    counter.pull()
    deliver = a.Deliver(method=a.DeliveryMethod.COUNTER, recipient=secret("本人"))
    assert counter.act(case, epoch + 1, deliver, a.Archive()) == "RECORDED"
    assert counter.events(case)[-5:] == ["Granted", "MadeReady", "Delivered", "Concluded", "Archived"]


def test_a_counter_of_another_place_works_after_opening(house: TestHouse) -> None:
    desk = house.desk("town")
    case = received(desk, SECTION_ITEM)
    elsewhere = house.desk("other", who=OTHER_CLERK)
    elsewhere.pull()
    assert elsewhere.events(case) == []
    assert elsewhere.act(case, 1, a.Open(means=a.OpenMeans.TOKEN)) == "RECORDED"
    assert elsewhere.events(case) == ["Received", "Opened"]


def test_a_decision_that_came_after_the_hold_had_gone_is_adopted_by_the_new_holder(house: TestHouse) -> None:
    silent, other = house.desk("town"), house.desk("town")
    case = received(silent)
    assert silent.act(case, 1, a.HandOver(to=ReplicaId(other.value.replica))) == "RECORDED"
    assert silent.act(case, 1, a.Accept(docno="1")) == "NOT_HOLDER"
    other.pull()
    assert other.events(case) == ["Received", "HandedOver", "CameLate"]
    folded = fold(other.log(case))
    assert folded is not None and folded.late is not None and folded.acceptance is None
    assert (folded.late.action, folded.late.replica) == (a.Accept(docno="1"), silent.value.replica)
    assert other.act(case, 2, folded.late.action) == "RECORDED"
    assert silent.act(case, 2, a.Accept(docno="1")) == "NOT_HOLDER"  # it knew: nothing is shown
    other.pull()
    assert other.events(case)[-1] == "Accepted"


def test_a_stale_epoch_is_refused(house: TestHouse) -> None:
    desk = house.desk("town")
    case = received(desk)
    other = house.desk("town")
    assert desk.act(case, 1, a.HandOver(to=ReplicaId(other.value.replica))) == "RECORDED"
    assert other.act(case, 1, a.Accept(docno="1")) == "STALE_EPOCH"
    assert other.act(case, 2, a.Accept(docno="1")) == "RECORDED"
