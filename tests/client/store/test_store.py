"""One act is one transaction; what is shown is truth + pending; an answer is one transaction."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.client.store.truth import Truth, checked, confirmed
from tests.client.store.wiring import doer, head_of, open_store, take_in
from tests.support.cases import CLERK, COUNTER, ITEM, NOON, REVIEWER, SECTION_ITEM, page, receive, secret
from yichuang import codec
from yichuang_client.store.case_rows import Queue, Viewer
from yichuang_client.store.drafts import Draft, DraftKind
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import (
    BlobName,
    Cursor,
    DeedResult,
    Envelope,
    ExchangeAnswer,
    Outcome,
    SentRecord,
    SignedText,
)
from yichuang_client.store.outbox import OutboxDeed
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.case import PrintState, State
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import BlobHash, CaseId, PlaceId, PrintId, ReplicaId

CASE, OTHER = CaseId("c" * 32), CaseId("e" * 32)
ALL = ("form", "lease", "health")
TOWN = Viewer(replica=COUNTER, place=PlaceId("town"), section=None, on=date(2026, 11, 24))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "desk")
    yield opened
    opened.close()


def taking(store: Store, case: CaseId = CASE, *more: a.Action) -> None:
    store.append_deed([(case, receive(*ALL)), *((case, action) for action in more)], doer(), NOON)


def exchange(store: Store, truth: Truth) -> None:
    results = truth.take(store.outbox.to_send(1 << 20))
    store.apply_exchange(truth.answer(store.meta.cursor, results))


def test_a_deed_is_one_row_of_a_chain(store: Store) -> None:
    taking(store)
    taking(store, OTHER, a.Accept(docno="1"))
    first, second = store.outbox.to_send(1 << 20)
    assert (first.seq, second.seq) == (1, 2)
    assert json.loads(second.envelope.text)["previous"] == first.envelope.hash == codec.digest(first.envelope.text)
    assert [act["action"]["type"] for act in json.loads(second.envelope.text)["acts"]] == ["Receive", "Accept"]
    assert "阿依古丽" not in first.envelope.text.decode()
    assert "阿依古丽·买买提" in {value for value, _ in first.envelope.disclosures.values()}


def test_a_refusal_writes_nothing(store: Store) -> None:
    with pytest.raises(Refused) as no:
        store.append_deed([(CASE, receive("form")), (CASE, a.Accept(docno="1"))], doer(), NOON)
    assert no.value.reason is Reason.MATERIAL_MISSING
    assert (store.find(CASE), store.outbox.unsent(), store.rows.find(CASE)) == (None, 0, None)
    with pytest.raises(Refused) as unknown:
        store.append_deed([(CASE, a.Note(text=secret("备注")))], doer(), NOON)
    assert unknown.value.reason is Reason.UNKNOWN_CASE
    assert store.would_refuse([(CASE, receive("form")), (CASE, a.Accept(docno="1"))], doer(), NOON) is (
        Reason.MATERIAL_MISSING
    )
    assert store.would_refuse([(CASE, receive(*ALL))], doer(), NOON) is None
    assert store.outbox.unsent() == 0


def test_the_draft_goes_with_the_deed_that_uses_it(store: Store) -> None:
    draft = Draft(case=CASE, kind=DraftKind.INTAKE, person=CLERK.person, body={"name": "䶮"}, changed_time=NOON)
    store.drafts.save(draft)
    assert store.drafts.list(DraftKind.INTAKE) == (draft,)
    with pytest.raises(Refused):
        store.append_deed([(CASE, a.Claim())], doer(), NOON, uses_draft=(CASE, DraftKind.INTAKE))
    assert store.drafts.find(CASE, DraftKind.INTAKE) == draft
    store.append_deed([(CASE, receive(*ALL))], doer(), NOON, uses_draft=(CASE, DraftKind.INTAKE))
    assert store.drafts.find(CASE, DraftKind.INTAKE) is None


def test_pending_is_shown_and_becomes_truth(store: Store) -> None:
    truth = Truth()
    taking(store, CASE, a.Accept(docno="1"))
    shown = store.view(CASE)
    assert (shown.state, shown.steps[0].recorded_time) == (State.ACCEPTED, None)
    row = store.rows.find(CASE)
    assert row is not None
    assert (row.unsent, row.due_on, row.applicant) == (1, date(2026, 12, 1), "阿依古丽·买买提")
    exchange(store, truth)
    assert store.view(CASE) == truth.cases[CASE]
    assert confirmed(store.view(CASE)) == confirmed(shown)
    row = store.rows.find(CASE)
    assert row is not None
    assert row.unsent == 0
    assert store.outbox.list()[0].answered_time is not None


def test_an_answered_deed_stays_in_view_until_its_records_come(store: Store) -> None:
    truth = Truth()
    taking(store, CASE, a.Accept(docno="1"))
    results = truth.take(store.outbox.to_send(1 << 20))
    store.apply_exchange(truth.answer(store.meta.cursor, results, until=0))
    assert (store.outbox.unsent(), store.view(CASE).state) == (0, State.ACCEPTED)
    store.apply_exchange(truth.answer(store.meta.cursor))
    assert store.view(CASE) == truth.cases[CASE]


def test_an_answer_in_the_middle_of_a_look_loses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Truth()
    taking(store, CASE, a.Accept(docno="1"))
    waiting = store.outbox.waiting

    def waiting_late(case: CaseId) -> tuple[OutboxDeed, ...]:
        monkeypatch.undo()
        answering = threading.Thread(target=exchange, args=(store, truth))
        answering.start()
        answering.join()
        return waiting(case)

    monkeypatch.setattr(store.outbox, "waiting", waiting_late)
    assert store.view(CASE).state is State.ACCEPTED
    assert store.view(CASE) == truth.cases[CASE]


def test_a_lost_answer_changes_nothing(store: Store) -> None:
    truth = Truth()
    taking(store)
    truth.take(store.outbox.to_send(1 << 20))
    exchange(store, truth)
    exchange(store, truth)
    assert store.view(CASE).n == 1
    assert len(truth.log) == 1


def test_a_refused_deed_leaves_the_view_and_lies_in_the_tray(store: Store) -> None:
    truth = Truth(sessions=frozenset())
    taking(store)
    exchange(store, truth)
    store.append_deed([(CASE, a.TakeOver(reason=secret("坏了")))], doer(), NOON)
    taking(store, OTHER)
    assert store.view(CASE).epoch == 2
    exchange(store, truth)
    assert (store.view(CASE).epoch, store.view(OTHER).state) == (1, State.RECEIVED)
    (tray,) = store.outbox.refused()
    assert (tray.reason, tray.refused_act) == ("NEEDS_LINE", 0)
    store.outbox.put_away(tray.deed.deed)
    assert store.outbox.refused() == ()


def test_a_broken_chain_is_not_taken_in(store: Store) -> None:
    truth = Truth()
    taking(store, CASE, a.Accept(docno="1"))
    answer = truth.answer(store.meta.cursor, truth.take(store.outbox.to_send(1 << 20)))
    first, second = answer.answer.records
    for records in ((second,), (replace(first, envelope=replace(first.envelope, hash="0" * 64)), second)):
        with pytest.raises(StoreError) as no:
            store.apply_exchange(replace(answer, answer=replace(answer.answer, records=records)))
        assert no.value.reason is StoreReason.DAMAGED
    assert (store.outbox.unsent(), store.meta.cursor) == (1, Cursor())
    store.apply_exchange(answer)
    text = second.envelope.text.replace(b'"docno":"1"', b'"docno":"2"')
    other = replace(second, envelope=Envelope(text=text, hash=codec.digest(text)))
    with pytest.raises(StoreError):
        store.apply_exchange(truth.answer(Cursor(epoch="1", position=2), records=(other,)))


def test_an_unknown_record_makes_the_case_read_only(store: Store) -> None:
    truth = Truth()
    taking(store)
    exchange(store, truth)
    plain = json.loads(truth.log[0].envelope.text) | {"n": 2, "previous": truth.log[0].envelope.hash, "deed": "9"}
    plain["event"] = {"type": "Teleported"}
    text = codec.canonical(plain)
    strange = SentRecord(index=2, case=CASE, envelope=Envelope(text=text, hash=codec.digest(text)))
    store.apply_exchange(checked(ExchangeAnswer(next_cursor=Cursor(epoch="1", position=2), records=(strange,))))
    assert store.is_read_only(CASE)
    assert store.view(CASE).state is State.RECEIVED
    with pytest.raises(StoreError) as no:
        store.append_deed([(CASE, a.Note(text=secret("备注")))], doer(), NOON)
    assert no.value.reason is StoreReason.UPGRADE_NEEDED


def test_a_case_leaves_only_when_nothing_of_it_waits(store: Store) -> None:
    truth = Truth()
    taking(store)
    exchange(store, truth)
    own = store.pages.keep(CASE, b"own")
    store.pages.keep(CASE, b"theirs", is_own=False)
    store.append_deed([(CASE, a.Note(text=secret("备注")))], doer(), NOON)
    leaving = truth.answer(store.meta.cursor, left=(CASE,))
    assert store.apply_exchange(leaving).left == frozenset()
    row = store.rows.find(CASE)
    assert row is not None
    assert not row.is_here
    results = truth.take(store.outbox.to_send(1 << 20))
    answer = ExchangeAnswer(next_cursor=Cursor(epoch="1", position=2), results=results, left=(CASE,))
    assert store.apply_exchange(checked(answer)).left == {CASE}
    assert (store.find(CASE), store.rows.find(CASE)) == (None, None)
    assert [stored.name.hash for stored in store.pages.of(CASE)] == [own]
    store.apply_exchange(checked(ExchangeAnswer(next_cursor=Cursor(epoch="1", position=2), records=tuple(truth.log))))
    assert store.view(CASE) == truth.cases[CASE]


def test_a_fork_fences_the_desk(store: Store) -> None:
    taking(store)
    deed = store.outbox.to_send(1)[0].deed
    result = DeedResult(deed=deed, outcome=Outcome.REPLICA_FORKED)
    changed = store.apply_exchange(checked(ExchangeAnswer(next_cursor=Cursor(), results=(result,))))
    assert changed.is_forked
    assert store.view(CASE).state is State.RECEIVED
    with pytest.raises(StoreError) as no:
        taking(store, OTHER)
    assert no.value.reason is StoreReason.FORKED


def test_a_gap_sends_again_and_not_yet_waits(store: Store) -> None:
    truth = Truth()
    taking(store)
    taking(store, OTHER)
    exchange(store, truth)
    again = DeedResult(deed=store.outbox.list()[0].deed.deed, outcome=Outcome.SEQ_GAP, expected_seq=2)
    store.apply_exchange(checked(ExchangeAnswer(next_cursor=store.meta.cursor, results=(again,))))
    assert [sent.seq for sent in store.outbox.to_send(1 << 20)] == [2]
    later = DeedResult(deed=store.outbox.to_send(1)[0].deed, outcome=Outcome.NOT_YET)
    store.apply_exchange(checked(ExchangeAnswer(next_cursor=store.meta.cursor, results=(later,))))
    found = store.outbox.find(later.deed)
    assert found is not None
    assert (found.reason, store.outbox.unsent()) == ("NOT_YET", 1)
    exchange(store, truth)
    assert store.outbox.unsent() == 0


def test_pages_that_the_district_lacks_go_up_and_named_ones_come_down(store: Store) -> None:
    truth = Truth()
    name = BlobHash("1".rjust(64, "0"))
    taking(store, CASE, a.AttachPage(page=page()))
    assert store.pages.to_fetch() == (BlobName(owner=CASE, hash=name),)
    mine = store.pages.keep(CASE, b"bytes")
    missing = (BlobName(owner=CASE, hash=mine), BlobName(owner=CASE, hash=name))
    store.apply_exchange(truth.answer(store.meta.cursor, missing_blobs=missing))
    (wanted,) = store.pages.to_send()
    assert (wanted.name, wanted.size) == (missing[0], 5)
    store.pages.sent(wanted.name)
    assert (store.pages.to_send(), store.waiting().pages) == ((), 0)


def test_a_printed_serial_is_never_printed_again(store: Store) -> None:
    taking(store)
    start = a.StartPrint(run=PrintId("p1"), paper=a.PaperKind.CERTIFICATE, serial="A0001")
    store.append_deed([(CASE, start)], doer(), NOON)
    assert [run.run for run in store.prints.unfinished()] == ["p1"]
    store.append_deed([(CASE, a.VoidPrint(run=PrintId("p1")))], doer(), NOON)
    (run,) = store.prints.of(CASE)
    assert (run.state, store.prints.unfinished()) == (PrintState.VOIDED, ())
    with pytest.raises(StoreError) as no:
        store.append_deed([(CASE, replace(start, run=PrintId("p2")))], doer(), NOON)
    assert no.value.reason is StoreReason.SERIAL_USED
    assert len(store.view(CASE).prints) == 1


def test_queues_follow_the_case(store: Store) -> None:
    truth = Truth()
    taking(store)
    assert [row.case_id for row in store.queue(Queue.TO_ACCEPT, TOWN)] == [CASE]
    taking(store, OTHER, a.Accept(docno="1"))
    counts = store.queues(TOWN)
    assert (counts[Queue.TO_ACCEPT], counts[Queue.TODAY], counts[Queue.TO_CLAIM]) == (1, 2, 0)
    section = Viewer(replica=ReplicaId("0201"), place=PlaceId("hall"), section=ITEM.section, on=TOWN.on)
    assert [row.case_id for row in store.queue(Queue.TO_CLAIM, section)] == [OTHER]
    exchange(store, truth)
    assert store.queues(TOWN) == counts
    assert {row.case_id for row in store.rows.search("0137-20261124")} == {CASE, OTHER}
    assert len(store.rows.search("买买提")) == 2
    assert store.rows.search("013") == ()
    assert len(store.rows.of_person("11010519491231002X")) == 2


def test_the_catalogue_is_believed_only_with_its_hash_and_keeps_what_cases_use(store: Store) -> None:
    taking(store)
    newer = replace(ITEM, version=2, name="食品经营许可证核发")
    with pytest.raises(StoreError) as no:
        take_in(store, [newer])
    assert no.value.reason is StoreReason.DAMAGED
    assert store.catalogue.version == 1
    store.catalogue.take_in([codec.encode(newer).text], head_of([newer, SECTION_ITEM], 2, (("item-1", "2026-12-01"),)))
    assert store.catalogue.current(ITEM.code) == newer
    assert store.catalogue.item(ITEM.code, 1) == ITEM
    assert store.catalogue.cancelled_on(newer) == date(2026, 12, 1)
    assert store.view(CASE).state is State.RECEIVED
    with pytest.raises(StoreError) as missing:
        store.append_deed([(OTHER, replace(receive(*ALL), item_version=7))], doer(), NOON)
    assert missing.value.reason is StoreReason.ITEM_MISSING


@pytest.mark.parametrize("known", [1, 3], ids=["older", "newer"])
def test_a_case_pinned_to_another_version_can_be_acted_on_at_once(store: Store, tmp_path: Path, known: int) -> None:
    """The desk's catalogue has release 1 or 3 of the item, the case comes with release 2."""
    releases = {version: replace(ITEM, version=version, name=f"第{version}版") for version in (1, 2, 3, 4)}
    truth = Truth(items={(item.code, item.version): item for item in releases.values()})
    take_in(store, [releases[2], SECTION_ITEM], version=2)
    store.append_deed([(CASE, replace(receive(*ALL), item_version=2))], doer(), NOON)
    exchange(store, truth)
    fresh = open_store(tmp_path / "fresh", replica="0138")
    if known > 1:
        take_in(fresh, [releases[known], SECTION_ITEM], version=known)
    before = (fresh.catalogue.version, fresh.catalogue.hash(), fresh.catalogue.current(ITEM.code))
    pinned = SignedText(text=codec.encode(releases[2]).text)
    fresh.apply_exchange(truth.answer(fresh.meta.cursor, pinned_items=(pinned,)))
    assert (fresh.catalogue.version, fresh.catalogue.hash(), fresh.catalogue.current(ITEM.code)) == before
    assert fresh.catalogue.item(ITEM.code, 2) == releases[2]
    row = fresh.rows.find(CASE)
    assert row is not None
    assert row.item_name == "第2版"
    assert fresh.search.search("第2版", NOON.date()) == ()
    fresh.append_deed([(CASE, a.Note(text=secret("记")))], doer(), NOON)
    fresh.catalogue.take_in([codec.encode(releases[4]).text], head_of([releases[4], SECTION_ITEM], 4))
    assert fresh.catalogue.find(ITEM.code, 2) == releases[2]
    assert fresh.catalogue.find(ITEM.code, known) is None
    assert fresh.view(CASE).steps[-1].name == "Noted"
    fresh.close()


def test_a_pinned_version_with_another_text_is_not_believed(store: Store) -> None:
    truth = Truth()
    taking(store)
    exchange(store, truth)
    other = SignedText(text=codec.encode(replace(ITEM, name="别的")).text)
    with pytest.raises(StoreError) as no:
        store.apply_exchange(truth.answer(store.meta.cursor, pinned_items=(other,)))
    assert no.value.reason is StoreReason.DAMAGED
    assert store.catalogue.item(ITEM.code, 1) == ITEM


def test_numbers_rise_and_a_restored_database_gives_none(tmp_path: Path) -> None:
    on = date(2026, 11, 24)
    store = open_store(tmp_path / "desk")
    assert store.serials.next_case_number("330402", "0137", on) == "330402-0137-20261124-0001-F"
    assert store.serials.next_case_number("330402", "0137", on)[21:25] == "0002"
    assert store.serials.next_case_number("330402", "0137", on + timedelta(days=1))[21:25] == "0001"
    assert [store.serials.take("docno") for _ in range(3)] == [1, 2, 3]
    store.close()
    (tmp_path / "desk" / "desk.db").unlink()
    store = open_store(tmp_path / "desk")
    with pytest.raises(StoreError) as no:
        store.serials.next_case_number("330402", "0137", on)
    assert no.value.reason is StoreReason.SERIAL_BEHIND
    exchange(store, Truth())
    assert store.serials.next_case_number("330402", "0137", on)[21:25] == "0003"
    store.close()


def test_old_answered_deeds_go_once_the_backup_has_them(store: Store) -> None:
    truth = Truth()
    taking(store)
    taking(store, OTHER)
    exchange(store, truth)
    assert store.prune(NOON + timedelta(days=99)) == 0
    store.apply_exchange(truth.answer(store.meta.cursor, durable_through=2))
    assert store.prune(NOON + timedelta(days=1)) == 0
    assert store.prune(NOON + timedelta(days=99)) == 1
    taking(store, CaseId("f" * 32))
    assert [sent.seq for sent in store.outbox.to_send(1 << 20)] == [3]


def test_the_section_reads_and_decides_what_the_counter_sent(store: Store, tmp_path: Path) -> None:
    truth = Truth()
    taking(store, CASE, a.Accept(docno="1"))
    exchange(store, truth)
    desk = open_store(tmp_path / "other", replica="0201", section="market")
    exchange(desk, truth)
    desk.append_deed([(CASE, a.Claim())], doer(REVIEWER), NOON)
    opinion = a.SignOpinion(verdict=a.Verdict.GRANT, text=secret("符合"))
    desk.append_deed([(CASE, opinion)], doer(REVIEWER), NOON)
    exchange(desk, truth)
    exchange(store, truth)
    assert desk.view(CASE) == store.view(CASE) == truth.cases[CASE]
    assert store.view(CASE).opinions[0].text.value == "符合"
    desk.close()
