"""What this desk shows of a case: the confirmed log with the pending deeds folded over it, and the line in the lists.

Rules kept here: truth + pending, by the same state machine; deeds of several cases count with all of their acts; a
case whose item version or record is unknown is shown as far as it can be and may not be acted upon.
"""

from __future__ import annotations

from yichuang_client.store.case_rows import CaseRows, RowFacts, row_of
from yichuang_client.store.cases import Cases
from yichuang_client.store.catalogue import Catalogue
from yichuang_client.store.outbox import Outbox, OutboxDeed
from yichuang_client.store.pages import Pages
from yichuang_client.store.pending import overlay
from yichuang_client.store.people import People
from yichuang_client.store.print_ledger import PrintLedger
from yichuang_domain.actions import Receive
from yichuang_domain.case import Case
from yichuang_domain.decide import Context
from yichuang_domain.deed import CaseAct, Deed
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Person


class CaseView:
    """Views of cases. Every method raises StoreError."""

    def __init__(
        self,
        cases: Cases,
        outbox: Outbox,
        catalogue: Catalogue,
        people: People,
        rows: CaseRows,
        pages: Pages,
        prints: PrintLedger,
    ) -> None:
        self._cases = cases
        self._outbox = outbox
        self._catalogue = catalogue
        self._people = people
        self._rows = rows
        self._pages = pages
        self._prints = prints

    def find(self, case: CaseId) -> Case | None:
        """The case as this desk sees it, None for one that it does not have."""
        reached: dict[CaseId, Case | None] = {}
        deeds: dict[int, OutboxDeed] = {}
        todo = [case]
        while todo:
            name = todo.pop()
            if name in reached:
                continue
            reached[name] = self._cases.confirmed(name).case
            for row in self._outbox.waiting(name):
                deeds[row.deed.seq] = row
                todo += [row.deed.acts[number].case for number in row.waiting]
        return overlay(reached, [deeds[seq] for seq in sorted(deeds)], self._context_of)[case]

    def is_read_only(self, case: CaseId) -> bool:
        """Whether the case has a record that this release does not know."""
        return self._cases.confirmed(case).is_read_only

    def context(
        self, deed: Deed, act: CaseAct, case: Case | None, actor: Person, *, has_session: bool
    ) -> Context | None:
        """What the act is judged by; None while its item version is not here."""
        if case is not None:
            code, version = case.item, case.item_version
        elif isinstance(act.action, Receive):
            code, version = act.action.item, act.action.item_version
        else:
            return None
        item = self._catalogue.find(code, version)
        if item is None:
            return None
        return Context(
            item=item,
            item_cancelled_on=self._catalogue.cancelled_on(item),
            calendar=self._people.calendar,
            actor=actor,
            replica=deed.replica,
            place=deed.place,
            epoch=act.epoch,
            occurred_time=deed.occurred_time,
            has_session=has_session,
            former=deed.rescued_from,
        )

    def refresh(self, name: CaseId, case: Case | None, *, is_here: bool | None = None) -> None:
        """Rewrite the line of a case and note the pages that are to come; inside the caller's transaction."""
        known = self._rows.find(name)
        if case is None:
            self._rows.delete(name)
            return
        here = is_here if is_here is not None else known is None or known.is_here
        facts = RowFacts(is_read_only=self.is_read_only(name), is_here=here)
        item = self._catalogue.find(case.item, case.item_version)
        unsent = self._outbox.unsent_of(name)
        self._rows.keep(row_of(case, item, self._people.calendar, unsent=unsent, facts=facts))
        self._prints.follow(case)
        if here:
            self._pages.note_lacking(case.page_owner, tuple(page.page for page in case.pages))

    def _context_of(self, row: OutboxDeed, act: CaseAct, case: Case | None) -> Context | None:
        return self.context(row.deed, act, case, row.actor, has_session=row.had_session)
