"""A case that is lent to a desk: it comes and leaves with its hold, and what was done is neither lost nor doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.store.desk_acts import COUNTER, OTHER, A, C
from tests.client.store.truth import Truth
from tests.client.store.wiring import doer, open_store
from tests.support.cases import CLERK, NOON, receive, secret
from yichuang_client.store.store import Store
from yichuang_domain import actions as a
from yichuang_domain.deed import CaseAct, Deed
from yichuang_domain.ids import CaseId, DeedId, PlaceId, ReplicaId

NAMES = frozenset({"place:other", f"desk:{OTHER}"})
NOTE = a.Note(text=secret("备注"))
LEND = a.HandOver(to=ReplicaId(OTHER))
TAKE = a.TakeOver(reason=secret("停机"))
HAND_BACK = a.HandOver(to=ReplicaId(COUNTER))


class Borrower:
    """The desk that borrows, and the district; the counter that lends has no store here."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.truth = Truth()
        self.at_the_counter(receive("form", "lease", "health"), LEND)
        store.append_deed([(C, receive("form"))], doer(), NOON)
        self.exchange()

    def at_the_counter(self, *actions: a.Action) -> None:
        """Act on the case at the counter that lends."""
        for action in actions:
            known = self.truth.cases.get(A)
            deed = Deed(
                deed=DeedId(f"{len(self.truth.log):032x}"),
                replica=ReplicaId(COUNTER),
                seq=0,
                previous="",
                person=CLERK.person,
                lease="lease",
                place=PlaceId("town"),
                occurred_time=NOON,
                seen_time=None,
                skew_ms=0,
                acts=(CaseAct(case=A, epoch=known.epoch if known else 1, action=action),),
            )
            self.truth.done(deed)

    def act(self, *acts: tuple[CaseId, a.Action]) -> None:
        """A deed at the desk that borrows."""
        self.store.append_deed(acts, doer(), NOON)

    def exchange(self, sent: int = 99) -> None:
        """Send some deeds, take in all that is new."""
        results = self.truth.take(self.store.outbox.to_send(1 << 20)[:sent])
        self.store.apply_exchange(self.truth.answer(self.store.meta.cursor, results, names=NAMES))

    def is_here(self, case: CaseId) -> bool:
        """Whether lists and queues count the case as this desk's."""
        row = self.store.rows.find(case)
        return row is not None and row.is_here

    def notes(self, case: CaseId) -> int:
        """How many notes are shown."""
        return sum(step.name == "Noted" for step in self.store.view(case).steps)


@pytest.fixture
def borrower(tmp_path: Path) -> Iterator[Borrower]:
    store = open_store(tmp_path / "desk", replica=OTHER, place="other")
    yield Borrower(store)
    store.close()


def test_it_stays_until_all_is_sent_and_belongs_to_nobody_meanwhile(borrower: Borrower) -> None:
    borrower.act((A, NOTE))
    borrower.act((A, NOTE), (C, NOTE))
    borrower.at_the_counter(TAKE)
    borrower.exchange(sent=0)
    assert (borrower.is_here(A), borrower.notes(A)) == (False, 2)
    borrower.exchange(sent=1)
    assert (borrower.is_here(A), borrower.notes(A), borrower.is_here(C)) == (False, 2, True)
    borrower.exchange()
    assert (borrower.store.find(A), borrower.store.rows.find(A), borrower.notes(C)) == (None, None, 1)


def test_it_comes_back_with_what_was_done_on_it_once(borrower: Borrower) -> None:
    borrower.act((A, NOTE), (C, NOTE))
    borrower.at_the_counter(TAKE)
    borrower.exchange(sent=0)
    borrower.exchange()
    assert borrower.store.find(A) is None
    borrower.at_the_counter(LEND)
    borrower.exchange()
    assert borrower.is_here(A)
    assert (borrower.store.view(A), borrower.notes(A)) == (borrower.truth.cases[A], 1)


def test_it_comes_back_before_all_was_sent(borrower: Borrower) -> None:
    borrower.act((A, NOTE))
    borrower.at_the_counter(TAKE)
    borrower.exchange(sent=0)
    borrower.at_the_counter(LEND)
    borrower.exchange(sent=0)
    assert (borrower.is_here(A), borrower.notes(A)) == (True, 1)
    borrower.exchange()
    assert borrower.store.view(A) == borrower.truth.cases[A]


def test_what_gave_it_away_counts_while_it_stays(borrower: Borrower) -> None:
    borrower.act((A, HAND_BACK), (C, NOTE))
    borrower.act((A, NOTE))
    borrower.exchange(sent=1)
    shown = borrower.store.view(A)
    assert (borrower.is_here(A), shown.holder, borrower.notes(A)) == (False, COUNTER, 1)
    borrower.exchange()
    assert borrower.store.find(A) is None


def test_the_facts_of_a_refused_deed_come_back_with_it(borrower: Borrower) -> None:
    borrower.act((A, a.Accept(docno="1")), (A, NOTE), (C, NOTE))
    borrower.at_the_counter(TAKE, LEND)
    borrower.exchange(sent=0)
    assert (borrower.store.view(A).acceptance, borrower.notes(A), borrower.notes(C)) == (None, 1, 1)
    borrower.exchange()
    assert [row.reason for row in borrower.store.outbox.refused()] == ["STALE_EPOCH"]
    assert borrower.store.view(A) == borrower.truth.cases[A]
    assert (borrower.notes(A), borrower.notes(C)) == (1, 1)
