"""The desk's store, opened once: the one place that knows all of its parts.

Rules kept here: a person's act is ONE transaction (outbox row, print ledger, draft, lines of the lists) and durable
when the call returns; nothing is written when the state machine says no; an exchange's answer is one transaction too.
Any thread may call; the user interface keeps store work off its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from yichuang_client.config import DataFolder
from yichuang_client.store.case_rows import CaseRow, CaseRows, Queue, Viewer
from yichuang_client.store.case_view import CaseView
from yichuang_client.store.cases import Cases
from yichuang_client.store.catalogue import Catalogue
from yichuang_client.store.catalogue_parts import CatalogueParts
from yichuang_client.store.database import Database, Opener, encrypted
from yichuang_client.store.desk import Desk, DeskStore
from yichuang_client.store.drafts import DraftKind, Drafts
from yichuang_client.store.encrypted_files import EncryptedFiles, PageFiles
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.escrow import Escrow
from yichuang_client.store.exchange_values import Changed, CheckedAnswer, SignedOpening
from yichuang_client.store.files import make_folder
from yichuang_client.store.folder_lock import FolderLock
from yichuang_client.store.intake_of_answers import AnswerIntake
from yichuang_client.store.key_slots import Keys
from yichuang_client.store.log_epochs import LogEpochs
from yichuang_client.store.log_heads import LogHeads, SeenHead
from yichuang_client.store.meta import Meta
from yichuang_client.store.outbox import Outbox
from yichuang_client.store.pages import Pages
from yichuang_client.store.pending import perform
from yichuang_client.store.people import People
from yichuang_client.store.print_ledger import PrintLedger
from yichuang_client.store.rotation import finish
from yichuang_client.store.scan_journal import ScanJournal
from yichuang_client.store.serial import Serials
from yichuang_client.store.times import to_moment, trimmed
from yichuang_client.trace import trace
from yichuang_domain.actions import Action, Deliver, Open, Receive, TakeOver
from yichuang_domain.case import Case
from yichuang_domain.deed import CaseAct, Deed, local_day
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId, DeedId, ItemCode, MatterId, PageOwner, ReplicaId
from yichuang_domain.log_epoch import Step
from yichuang_domain.matters import check_together, check_whole
from yichuang_domain.organisation import Person
from yichuang_domain.personal import seal

KEEP_DAYS = 30
"""How long a deed stays after its answer once the district's backup has it."""
FORMER_NUMBERS = "former_numbers"
"""Under which name the numbers are kept that this machine had before, blanks between them."""
LINES = 3
"""What the lines of the lists say of a case: raised when they are to be written anew."""


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who acts, and how: the person with the rights in force, the lease, whether on line."""

    person: Person
    lease: str
    has_session: bool


@dataclass(frozen=True, kw_only=True)
class Appended:
    """A deed that is durable, and the cases as they stand now."""

    deed: Deed
    cases: dict[CaseId, Case]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What has not reached the district, for the sync screen's headline."""

    deeds: int
    pages: int
    oldest_time: datetime | None
    receipt_time: datetime | None
    """When the district last answered for a deed."""
    exchange_time: datetime | None
    """When the last exchange succeeded."""


class Store:
    """All that a desk keeps."""

    def __init__(self, database: Database, files: PageFiles, serial: Path, lock: FolderLock) -> None:
        """Parts that are open already; ``open`` is the ordinary way."""
        from yichuang_client.store.item_search import ItemSearch  # its arrays: not before the sign-in is drawn

        self._database = database
        self._lock = lock
        self.on_appended: Callable[[], None] = _nothing
        """Called after each deed that became durable: the sync loop wakes."""
        self.escrow: Escrow | None = None
        """Seals this desk's data key; None for a store without one."""
        self.meta = Meta(database)
        self.desk_store = DeskStore(database, self.meta)
        self.people = People(database, self.meta)
        self.search = ItemSearch(database)
        self.catalogue = Catalogue(database, self.meta, self.search)
        self.catalogue_parts = CatalogueParts(database)
        self.outbox = Outbox(database)
        self.pages = Pages(database, files)
        self.scan_journal = ScanJournal(database)
        self.drafts = Drafts(database)
        self.prints = PrintLedger(database)
        self.serials = Serials(database, serial)
        self.rows = CaseRows(database)
        self.epochs = LogEpochs(database)
        self.heads = LogHeads(database)
        cases = Cases(database)
        self._view = CaseView(cases, self.outbox, self.catalogue, self.people, self.rows, self.pages, self.prints)
        self._intake = AnswerIntake(
            self.meta, self.outbox, cases, self._view, self.rows, self.pages, self.people, self.catalogue
        )

    @classmethod
    def open(cls, folder: DataFolder, keys: Keys) -> Store:
        """Open the store under its keys. Raises StoreError (IN_USE, NEWER_DATABASE, DAMAGED, disk errors)."""
        if keys.former and folder.database.exists():
            finish(folder, keys)
        store = cls.assemble(folder, encrypted(keys.database), EncryptedFiles(folder.pages, keys.files))
        store.escrow = Escrow(keys=keys)
        return store

    @classmethod
    def assemble(cls, folder: DataFolder, open_file: Opener, files: PageFiles) -> Store:
        """Open a store from its parts. Raises StoreError as ``open``."""
        lock = FolderLock(folder.lock)
        lock.take()
        database = Database(folder.database, open_file)
        try:
            make_folder(folder.root)
            database.prepare()
            store = cls(database, files, folder.serial, lock)
            store.pages.sweep()
            store._write_lines_anew()
        except BaseException:
            database.close()
            lock.release()
            raise
        trace("store opened", unsent=store.outbox.unsent())
        return store

    def _write_lines_anew(self) -> None:
        """After a program that writes other lines came: every line of the lists, from its case."""
        if self.meta.number("lines") == LINES:
            return
        with self._database.write():
            for case in self.rows.all():
                self._view.refresh(case, self._view.find(case))
            self.meta.keep("lines", str(LINES))

    def close(self) -> None:
        """Close; the keys leave the memory with the connections."""
        self._database.close()
        self._lock.release()

    @property
    def desk(self) -> Desk:
        """This desk. Raises StoreError (NOT_SET_UP before the enrolment)."""
        found = self.desk_store.load()
        if found is None:
            raise StoreError(StoreReason.NOT_SET_UP)
        return found

    @property
    def is_forked(self) -> bool:
        """Whether the district fenced this desk: it was restored from an old image."""
        return self.meta.text("forked") == "1"

    def find(self, case: CaseId) -> Case | None:
        """The case as this desk sees it, None for one that it does not have. Raises StoreError."""
        with self._database.read():  # log and outbox of one moment: an answer moves a deed from one to the other
            return self._view.find(case)

    def view(self, case: CaseId) -> Case:
        """The case as this desk sees it: confirmed log + pending deeds. Raises StoreError (CASE_MISSING)."""
        found = self.find(case)
        if found is None:
            raise StoreError(StoreReason.CASE_MISSING)
        return found

    def cases_with_pages_of(self, owner: PageOwner) -> tuple[Case, ...]:
        """The case that owns pages, or the cases of the matter that does; those here. Raises StoreError."""
        names = [CaseId(owner), *(row.case_id for row in self.rows.of_matter(MatterId(owner)))]
        return tuple(case for name in names if (case := self.find(name)) is not None)

    def is_read_only(self, case: CaseId) -> bool:
        """升级后可继续: whether the case has a record that this release does not know. Raises StoreError."""
        return self._view.is_read_only(case)

    def queue(self, queue: Queue, viewer: Viewer, limit: int = 500, after: int = 0) -> tuple[CaseRow, ...]:
        """The cases of one queue after so many. Raises StoreError."""
        return self.rows.queue(queue, viewer, limit, after)

    def queues(self, viewer: Viewer) -> dict[Queue, int]:
        """How many cases stand in each queue. Raises StoreError."""
        return self.rows.counts(viewer)

    def append_deed(
        self,
        acts: Sequence[tuple[CaseId, Action]],
        doer: Doer,
        occurred_time: datetime,
        *,
        uses_draft: tuple[CaseId, DraftKind] | None = None,
    ) -> Appended:
        """Do what a person did, all acts or none; durable when this returns.

        Raises Refused where the state machine says no, StoreError (ITEM_MISSING, UPGRADE_NEEDED, SERIAL_USED, FORKED,
        disk errors); nothing is written then.
        """
        with self._database.write():
            appended = self._judge(acts, doer, occurred_time)
            self.outbox.add(appended.deed, doer.person, had_session=doer.has_session)
            for act in appended.deed.acts:
                self.prints.note(act.case, act.action, appended.deed.occurred_time)
            for item in _asked_for(appended.deed):
                self.search.note_use(item, local_day(appended.deed.occurred_time))
            if uses_draft is not None:
                self.drafts.delete(*uses_draft)
            for name, case in appended.cases.items():
                self._view.refresh(name, case)
        trace("deed saved", deed=appended.deed.deed, seq=appended.deed.seq, acts=len(appended.deed.acts))
        self.on_appended()
        return appended

    def would_refuse(self, acts: Sequence[tuple[CaseId, Action]], doer: Doer, occurred_time: datetime) -> Reason | None:
        """Why the deed would be refused now, None if it would not; writes nothing. Raises StoreError."""
        try:
            with self._database.read():
                self._judge(acts, doer, occurred_time)
        except Refused as refused:
            return refused.reason
        return None

    def begin_anew(self, desk: Desk, doer: Doer, occurred_time: datetime) -> Changed:
        """The machine has a new number: what the fence held back is offered again under it, once, as one transaction.

        What the old number held is taken over by ``doer``, after that; the old number's leases end. Raises StoreError.
        """
        former = self.desk.replica
        with self._database.write():
            rescued = self.outbox.carry_over(former, desk.replica)
            self.meta.keep("forked", "")
            self.meta.keep(FORMER_NUMBERS, f"{self.meta.text(FORMER_NUMBERS)} {former}".strip())
            self.people.end_leases()
            self.desk_store.keep(desk)
            self._refresh(self.outbox.cases_waiting())
            held = self.rows.held_by(former)
            for case in held:
                self._follow(case, former, doer, occurred_time)
            self._refresh(held)
            touched = self.outbox.cases_waiting()
        trace("desk begun anew", former=former, replica=desk.replica, deeds=rescued, cases=len(held))
        return Changed(cases=touched)

    def _refresh(self, cases: Iterable[CaseId]) -> None:
        for case in cases:
            self._view.refresh(case, self._view.find(case))

    def _follow(self, case: CaseId, former: ReplicaId, doer: Doer, occurred_time: datetime) -> None:
        reason = seal(f"{former} → {self.desk.replica}", secrets.token_bytes(16))
        try:
            taken = self._judge([(case, TakeOver(reason=reason))], doer, occurred_time, rescued_from=former)
        except (Refused, StoreError):
            return  # a case that is over, or that needs a newer program: nothing can be decided on it here
        self.outbox.add(taken.deed, doer.person, had_session=doer.has_session)

    def _check_together(self, done: Sequence[CaseAct], cases: Mapping[CaseId, Case | None]) -> None:
        """A fact is refused only before it happens: here. Raises Refused (MATTER_APART)."""
        given = [cases[act.case] for act in done if isinstance(act.action, Deliver)]
        matters = {case.matter.matter for case in given if case is not None and case.matter is not None}
        rows = [row for matter in matters for row in self.rows.of_matter(matter)]
        found = (cases.get(row.case_id) or self._view.find(row.case_id) for row in rows)
        check_together(done, [case for case in found if case is not None])

    def _judge(
        self,
        acts: Sequence[tuple[CaseId, Action]],
        doer: Doer,
        occurred_time: datetime,
        *,
        rescued_from: ReplicaId | None = None,
    ) -> Appended:
        if self.is_forked:
            raise StoreError(StoreReason.FORKED)
        deed = replace(self._empty_deed(doer, occurred_time), rescued_from=rescued_from)
        check_whole([CaseAct(case=name, epoch=1, action=action) for name, action in acts])
        cases = {name: self._view.find(name) for name, _ in acts}
        done: list[CaseAct] = []
        for name, action in acts:
            case = cases[name]
            if case is not None and self._view.is_read_only(name):
                raise StoreError(StoreReason.UPGRADE_NEEDED)
            act = CaseAct(case=name, epoch=case.epoch if case else 1, action=action)
            if case is None and isinstance(action, Open):
                # A case of another place is not here yet: the district alone can judge, the answer brings the case.
                if not doer.has_session:
                    raise Refused(Reason.NEEDS_LINE)
                done.append(act)
                continue
            if case is None and not isinstance(action, Receive):
                raise Refused(Reason.UNKNOWN_CASE)
            context = self._view.context(deed, act, case, doer.person, has_session=doer.has_session)
            if context is None:
                raise StoreError(StoreReason.ITEM_MISSING)
            cases[name] = perform(case, act, deed, context)
            done.append(act)
        self._check_together(done, cases)
        now = {name: case for name, case in cases.items() if case is not None}
        return Appended(deed=replace(deed, acts=tuple(done)), cases=now)

    def _empty_deed(self, doer: Doer, occurred_time: datetime) -> Deed:
        seq, previous = self.outbox.last()
        desk = self.desk
        return Deed(
            deed=DeedId(secrets.token_hex(16)),
            replica=desk.replica,
            seq=seq + 1,
            previous=previous,
            person=doer.person.person,
            lease=doer.lease,
            place=desk.place,
            occurred_time=trimmed(occurred_time),
            seen_time=self.meta.seen_time,
            skew_ms=self.meta.number("skew_ms"),
            acts=(),
        )

    def apply_exchange(self, checked: CheckedAnswer, head: SeenHead | None = None) -> Changed:
        """Take an answer in, with the head of the log that was found consistent, as one transaction.

        Raises StoreError (DAMAGED for a broken chain, disk errors).
        """
        with self._database.write():
            changed = self._intake.take_in(checked, self.desk.replica)
            if head is not None:
                self.heads.keep(head)
        self.pages.remove_forgotten()
        if not changed.is_forked and self.serials.is_behind:
            self.serials.catch_up()
        for case in sorted(changed.cases):
            trace("case changed", case=case)
        return changed

    def follow_restore(self, told: Sequence[SignedOpening], step: Step) -> Changed:
        """Follow the district through a restore, as one transaction; returns what changed. Raises StoreError."""
        with self._database.write():
            seen = self.meta.cursor
            self.epochs.keep(told, seen)
            self.heads.rewind(step, self.epochs.followed())
            changed = self._intake.rewind(step, seen)
        trace("log epoch followed", size=step.size, seen=seen.position, unsent=self.outbox.unsent())
        return changed

    def waiting(self) -> Waiting:
        """What has not reached the district. Raises StoreError."""
        receipt, exchange = self.meta.text("receipt_time"), self.meta.text("exchange_time")
        return Waiting(
            deeds=self.outbox.unsent(),
            pages=self.pages.unsent(),
            oldest_time=self.outbox.oldest_unsent_time(),
            receipt_time=to_moment(receipt) if receipt else None,
            exchange_time=to_moment(exchange) if exchange else None,
        )

    def prune(self, now: datetime) -> int:
        """Drop what the district's backup has: answered deeds that are old, pages made here whose cases have left.

        Returns how many. Raises StoreError.
        """
        before, passed = now - timedelta(days=KEEP_DAYS), self.meta.number("durable_through")
        with self._database.write():
            dropped = self.outbox.prune(passed, before) + self.pages.prune(passed)
        self.pages.remove_forgotten()
        return dropped


def _asked_for(deed: Deed) -> frozenset[ItemCode]:
    """What was taken in: an item, or the matter that was chosen in the search."""
    receipts = [act.action for act in deed.acts if isinstance(act.action, Receive)]
    return frozenset(one.matter.code if one.matter is not None else one.item for one in receipts)


def _nothing() -> None:
    """Nobody listens."""
