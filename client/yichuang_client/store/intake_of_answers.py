"""Taking an exchange's answer in: one local transaction.

Rules kept here: results, records, moves of the slice, wanted pages, leases and the cursor become durable together or
not at all; the item version of a case comes before its records, so that the case can be acted on at once; a case
leaves this desk only when nothing of it waits to be sent; pages made here stay until they were sent.
"""

from __future__ import annotations

from yichuang_client.store.case_rows import CaseRows
from yichuang_client.store.case_view import CaseView
from yichuang_client.store.cases import Cases
from yichuang_client.store.catalogue import Catalogue
from yichuang_client.store.exchange_values import (
    Changed,
    CheckedAnswer,
    Cursor,
    DeedResult,
    Outcome,
    SentRecord,
)
from yichuang_client.store.meta import Meta
from yichuang_client.store.outbox import Outbox
from yichuang_client.store.pages import Pages
from yichuang_client.store.people import People
from yichuang_client.store.times import to_text
from yichuang_domain.ids import CaseId, DeedId, ReplicaId
from yichuang_domain.log_epoch import Step

MOST_MISSING = 500
"""An answer that names so many pages may lack more."""


class AnswerIntake:
    """Works inside the caller's transaction. Every method raises StoreError."""

    def __init__(
        self,
        meta: Meta,
        outbox: Outbox,
        cases: Cases,
        view: CaseView,
        rows: CaseRows,
        pages: Pages,
        people: People,
        catalogue: Catalogue,
    ) -> None:
        self._meta = meta
        self._outbox = outbox
        self._cases = cases
        self._view = view
        self._rows = rows
        self._pages = pages
        self._people = people
        self._catalogue = catalogue

    def take_in(self, checked: CheckedAnswer, replica: ReplicaId) -> Changed:
        """Apply an answer; returns what changed."""
        answer = checked.answer
        touched: set[CaseId] = set()
        for result in answer.results:
            touched.update(self._result(result, checked))
        self._catalogue.keep_pinned(item.text for item in answer.pinned_items)
        touched.update(self._records(answer.records, replica))
        came = {sent.case for sent in answer.records}
        # A deed of several cases counts as a whole: what one case brings can change the view of another.
        touched.update(
            act.case
            for case in touched | set(answer.left)
            for row in self._outbox.waiting(case)
            for act in row.deed.acts
        )
        self._cases.heard(came)
        gone = self._cases.unheard() if not answer.has_more else frozenset[CaseId]()
        going = (set(answer.left) | gone | {case for case in touched if self._rows.is_elsewhere(case)}) - came
        left = {case for case in going if self._leave(case)}
        for case in touched - going:
            self._view.refresh(case, self._view.find(case), is_here=True)
        self._pages.want(answer.missing_blobs)
        if not answer.has_more:
            if len(answer.missing_blobs) < MOST_MISSING:
                self._pages.came_otherwise()
            self._pages.head_seen(answer.next_cursor.position)
        for lease in answer.leases:
            self._people.keep_lease(lease)
        self._facts(checked)
        return Changed(
            cases=frozenset(touched) - left,
            left=frozenset(left),
            recorded=_deeds(answer.results, Outcome.RECORDED),
            refused=_deeds(answer.results, Outcome.REFUSED),
            is_forked=self._meta.text("forked") == "1",
        )

    def rewind(self, step: Step, seen: Cursor) -> Changed:
        """Go back to the head of a restored log and on in its new epoch, from the start; returns what changed."""
        self._outbox.offer_again(step.size)
        touched = self._cases.rewind(seen.epoch, step.size)
        self._pages.unplace(step.size)
        self._meta.keep_cursor(Cursor(epoch=step.epoch))
        self._meta.keep("durable_through", "0")
        self._catalogue.begin_anew()
        touched |= self._outbox.cases_waiting()
        for case in touched:
            self._view.refresh(case, self._view.find(case))
        return Changed(cases=touched)

    def _result(self, result: DeedResult, checked: CheckedAnswer) -> tuple[CaseId, ...]:
        if result.outcome is Outcome.REPLICA_FORKED:
            self._meta.keep("forked", "1")
            return ()
        self._outbox.answer(result, checked.answered_time)
        if result.outcome in (Outcome.RECORDED, Outcome.REFUSED):
            self._meta.keep("receipt_time", to_text(checked.answered_time))
        return self._outbox.cases_of(result.deed)

    def _records(self, records: tuple[SentRecord, ...], replica: ReplicaId) -> set[CaseId]:
        ours = {replica, *self._meta.text("former_numbers").split()}
        for sent in records:
            head = self._cases.take_in(sent)
            if head.replica in ours:
                self._outbox.arrived(head.deed, head.case, sent.index)
        return {sent.case for sent in records}

    def _leave(self, case: CaseId) -> bool:
        if self._outbox.unsent_of(case):
            self._view.refresh(case, self._view.find(case), is_here=False)
            return False
        row = self._rows.find(case)
        self._outbox.left(case)
        self._cases.forget(case)
        self._rows.delete(case)
        if row is None or row.matter is None:
            self._pages.forget(case)
        elif not self._rows.of_matter(row.matter):
            self._pages.forget(row.matter)
        return True

    def _facts(self, checked: CheckedAnswer) -> None:
        answer = checked.answer
        self._meta.keep_cursor(answer.next_cursor)
        if checked.district_time is not None:
            self._meta.keep_seen_time(checked.district_time)
        if not checked.is_carried:
            self._meta.keep("skew_ms", str(checked.skew_ms))
            self._meta.keep("exchange_time", to_text(checked.answered_time))
        self._meta.keep("durable_through", str(answer.durable_through))
        self._meta.keep("catalogue_newest", str(answer.catalogue_version))
        self._meta.keep("profile_newest", str(answer.profile_version))


def _deeds(results: tuple[DeedResult, ...], outcome: Outcome) -> tuple[DeedId, ...]:
    return tuple(result.deed for result in results if result.outcome is outcome)
