"""Judging deeds: the district's side of ``decide``.

Rules kept here: rights are those in force at the deed's own time, at the place of its desk; a fact of a deed whose
decision was refused has happened all the same and is recorded; a strange clock or lease flags, never drops; an act on
an item version that the district does not have is NOT_YET.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.actions import Action, Deliver, Receive
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.decide import Context, decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.events import CameLate, Event, PageAttached
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId, PersonId, ReplicaId
from yichuang_domain.log_epoch import Opening
from yichuang_domain.matters import check_whole, is_apart
from yichuang_domain.numbering import LAST_SERIAL, NumberError, make_case_number, read_case_number
from yichuang_domain.organisation import Person
from yichuang_domain.workdays import Calendar
from yichuang_server.feed import slices
from yichuang_server.store import blobs, catalogue, desks, log, people, times
from yichuang_server.store.desks import Desk

MOST_SKEW = timedelta(minutes=2)
TOLERANCE = timedelta(seconds=10)
OFFERS_LAST = timedelta(days=30)
"""How long after a restore a desk's word counts for what was answered before: desks keep deeds that long."""
_KEPT = 512


class UnknownItemError(Exception):
    """The district does not have the item version that an act is about."""


class NotSettledError(Exception):
    """After a restore, what a deed stands on may still come from another desk."""


class CaseCache:
    """Folded cases by the hash of their last record: a log is not read again for every act on it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[CaseId, str], Case] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, of: CaseId, head: str) -> Case | None:
        """The fold whose last record has this hash, None if it is not at hand."""
        return self._kept.get((of, head))

    def keep(self, case: Case, head: str) -> None:
        """Keep a fold that was committed or is about to be; its key makes a lost one harmless."""
        with self._lock:
            self._kept[(case.case, head)] = case
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What the district judges a batch by."""

    district: str
    calendar: Calendar
    signed_in: frozenset[str]
    """People with a live session at the desk."""
    now: datetime
    restored: Opening | None = None
    """The newest opening of the log, where it was ever restored."""
    settles_time: datetime | None = None
    """Until then, deeds that desks offer again may wait for those of other desks."""

    def is_again(self, deed: Deed, before: Judgement | None) -> bool:
        """Whether the district has answered the deed before it was restored."""
        opened = self.restored.opened_time if self.restored is not None else None
        if before is None or opened is None:
            return False
        return deed.occurred_time <= opened and self.now <= opened + OFFERS_LAST


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The district's answer to a deed that it understood."""

    outcome: str
    """RECORDED or REFUSED."""
    reason: str = ""
    act: int = 0


@dataclass(kw_only=True)
class _Work:
    """Cases as they stand after the deeds judged so far, and the records to be written."""

    cases: dict[CaseId, tuple[Case | None, str]]
    written: list[log.WrittenRecord]


class Batch:
    """One transaction's judging for one desk."""

    def __init__(
        self,
        connection: Connection,
        bench: Bench,
        desk: Desk,
        cache: CaseCache,
        heads: Mapping[str, str],
        deeds: Iterable[Deed],
    ) -> None:
        self._connection = connection
        self._bench = bench
        self._desk = desk
        self._cache = cache
        self._heads = heads
        """Of the cases of the batch that are known, the hash of the last record."""
        received = {act.action.number for deed in deeds for act in deed.acts if isinstance(act.action, Receive)}
        self._numbers = {number: set[CaseId]() for number in received}
        self._numbers |= log.numbered(connection, bench.district, received)
        """Whose numbers are, in the log and in what the batch has brought so far."""
        self._work = _Work(cases={}, written=[])
        self._notices: list[bytes] = []
        self._items: dict[tuple[str, int], tuple[ItemVersion, date | None]] = {}
        """Item versions of the batch, each with the day from which it cannot be taken in."""
        self._rights: dict[PersonId, people.Rights] = {}
        self._lease_ends: dict[tuple[str, str, str], str | None] = {}
        self._formers: dict[ReplicaId, bool] = {}
        self._is_again = False
        """Whether the deed at hand was answered before the district was restored: sessions, leases and pages of then
        are lost, and count."""

    def judge(self, deed: Deed, last_time: str, before: Judgement | None = None) -> Judgement:
        """Judge all acts of a deed: all of them, or its facts alone when a decision among them is refused.

        ``before`` is what the district answered before it was restored: a refusal stays one, and what was recorded
        waits for the deeds of other desks on which it stands. Raises UnknownItemError, NotSettledError.
        """
        self._is_again = self._bench.is_again(deed, before)
        strange = self._strange(deed, last_time)
        kept = _Work(cases=dict(self._work.cases), written=list(self._work.written))
        if (
            self._is_again
            and before is not None
            and before.reason in Reason.__members__
            and before.act < len(deed.acts)
        ):
            self._facts(deed, strange)
            self._note_refusal(deed, before.act, Refused(Reason[before.reason]))
            return replace(before, outcome="REFUSED")
        try:
            self._check_matters(deed)
        except Refused as refused:
            self._note_refusal(deed, 0, refused)
            return Judgement(outcome="REFUSED", reason=refused.reason.value)
        for number, act in enumerate(deed.acts):
            try:
                self._act(deed, act, strange)
            except Refused as refused:
                self._work = kept
                settles = self._bench.settles_time
                if self._is_again and settles is not None and self._bench.now < settles:
                    raise NotSettledError from refused
                self._facts(deed, strange)
                self._note_late(deed, act, refused)
                self._note_refusal(deed, number, refused)
                return Judgement(outcome="REFUSED", reason=refused.reason.value, act=number)
            except UnknownItemError:
                self._work = kept
                raise
        return Judgement(outcome="RECORDED")

    def _check_matters(self, deed: Deed) -> None:
        """Raises Refused for a deed that brings a part of a matter, or one that is there already."""
        check_whole(deed.acts)
        for act in deed.acts:
            matter = act.action.matter if isinstance(act.action, Receive) else None
            if matter is None:
                continue
            known = log.cases_of_matter(self._connection, self._bench.district, matter.matter)
            if known or self._case(act.case)[0] is not None:
                raise Refused(Reason.CASE_EXISTS)

    def _facts(self, deed: Deed, strange: tuple[Irregularity, ...]) -> None:
        for act in deed.acts:
            if ACTS[type(act.action)].kind is Kind.FACT:
                try:
                    self._act(deed, act, strange)
                except Refused:
                    continue  # of a case that never came to be

    def _note_late(self, deed: Deed, act: CaseAct, refused: Refused) -> None:
        """Show a decision that came after the hold had gone to who holds the case now."""
        case, _ = self._case(act.case)
        if refused.reason is Reason.NOT_HOLDER and case is not None and act.epoch < case.epoch:
            self._write(deed, act, (CameLate(action=act.action),), ())

    def _note_refusal(self, deed: Deed, number: int, refused: Refused) -> None:
        act = deed.acts[number]
        entry = {
            "kind": "REFUSAL",
            "deed": deed.deed,
            "case": act.case,
            "action": type(act.action).__name__,
            "reason": refused.reason.value,
            "person": deed.person,
            "replica": deed.replica,
        }
        self._notices.append(codec.canonical(entry))

    def _act(self, deed: Deed, act: CaseAct, strange: tuple[Irregularity, ...]) -> None:
        case, _ = self._case(act.case)
        action, twice = self._numbered(act)
        decision = decide(case, action, self._context(deed, act, case))
        if isinstance(action, Receive):
            self._numbers.setdefault(action.number, set()).add(act.case)
        irregular = (*decision.irregular, *strange, *twice, *self._apart(deed, act, case))
        self._write(deed, act, decision.events, irregular)

    def _write(self, deed: Deed, act: CaseAct, events: tuple[Event, ...], irregular: tuple[Irregularity, ...]) -> None:
        case, head = self._case(act.case)
        for event in events:
            record = Record(
                case=act.case,
                n=case.n + 1 if case else 1,
                previous=head,
                deed=deed.deed,
                replica=deed.replica,
                person=deed.person,
                place=deed.place,
                occurred_time=deed.occurred_time,
                recorded_time=self._bench.now,
                irregular=tuple(dict.fromkeys(irregular)),
                event=event,
            )
            encoded = codec.encode(record)
            case, head = apply(case, record), codec.digest(encoded.text)
            self._work.written.append(log.WrittenRecord(record=record, encoded=encoded, hash=head))
        self._work.cases[act.case] = (case, head)

    def _case(self, of: CaseId) -> tuple[Case | None, str]:
        if of not in self._work.cases:
            head = self._heads.get(of, "")
            case = self._cache.get(of, head) if head else None
            if case is None and head:
                case = log.load(self._connection, self._bench.district, of)
            self._work.cases[of] = (case, head)
        return self._work.cases[of]

    def _numbered(self, act: CaseAct) -> tuple[Action, tuple[Irregularity, ...]]:
        """The action; of a receipt whose number is another case's already, with a new number, and flagged."""
        action = act.action
        if not isinstance(action, Receive) or not self._is_given(action.number, act.case):
            return action, ()
        try:
            old = read_case_number(action.number)
            tries = (make_case_number(old.area, old.device, old.on, serial) for serial in range(LAST_SERIAL, 0, -1))
            action = replace(action, number=next(number for number in tries if not self._is_given(number, act.case)))
        except NumberError:
            pass  # a number of no shape of ours stays, and is flagged
        return action, (Irregularity.DUPLICATE_NUMBER,)

    def _is_given(self, number: str, to_other_than: CaseId) -> bool:
        if number not in self._numbers:
            self._numbers[number] = log.numbered(self._connection, self._bench.district, [number]).get(number, set())
        return bool(self._numbers[number] - {to_other_than})

    def _apart(self, deed: Deed, act: CaseAct, case: Case | None) -> tuple[Irregularity, ...]:
        """A result of a matter that went out without what belongs to it: it has happened, and a person looks."""
        if not isinstance(act.action, Deliver) or case is None or case.matter is None:
            return ()
        of = log.cases_of_matter(self._connection, self._bench.district, case.matter.matter)
        district, here = self._bench.district, self._work.cases
        known = (here[one][0] if one in here else log.load(self._connection, district, one) for one in of)
        apart = is_apart(deed.acts, case.matter, [one for one in known if one is not None])
        return (Irregularity.MATTER_APART,) if apart else ()

    def _context(self, deed: Deed, act: CaseAct, case: Case | None) -> Context:
        item, cancelled_on = self._item(act, case)
        return Context(
            item=item,
            item_cancelled_on=cancelled_on,
            calendar=self._bench.calendar,
            actor=self._actor(deed),
            replica=deed.replica,
            place=deed.place,
            epoch=act.epoch,
            occurred_time=deed.occurred_time,
            has_session=self._is_again or deed.person in self._bench.signed_in,
            missing_pages=0 if self._is_again else self._missing_pages(case),
            former=self._former(deed),
        )

    def _former(self, deed: Deed) -> ReplicaId | None:
        """The number under which a rescued deed was done: believed of a fenced desk of the same place alone."""
        name = deed.rescued_from
        if name is not None and name not in self._formers:
            desk = desks.desk(self._connection, self._bench.district, name)
            self._formers[name] = desk is not None and bool(desk.forked_time) and desk.place == self._desk.place
        return name if name is not None and self._formers[name] else None

    def _missing_pages(self, case: Case | None) -> int:
        if case is None:
            return 0
        lacking = blobs.missing(self._connection, self._bench.district, case.page_owner)
        return len(lacking & {page.page for page in case.pages})

    def _item(self, act: CaseAct, case: Case | None) -> tuple[ItemVersion, date | None]:
        if case is not None:
            code, version = case.item, case.item_version
        elif isinstance(act.action, Receive):
            code, version = act.action.item, act.action.item_version
        else:
            raise Refused(Reason.UNKNOWN_CASE)
        if (code, version) not in self._items:
            item = catalogue.item_version(self._connection, self._bench.district, code, version)
            if item is None:
                raise UnknownItemError(f"{code} {version}")
            cancelled_on = catalogue.cancelled_on(self._connection, self._bench.district, code) or item.plan_cancel_on
            self._items[code, version] = item, cancelled_on
        return self._items[code, version]

    def _actor(self, deed: Deed) -> Person:
        if deed.person not in self._rights:
            self._rights[deed.person] = people.rights(self._connection, self._bench.district, deed.person)
        known = people.in_force(self._rights[deed.person], times.text(deed.occurred_time))
        if known is None:
            return Person(person=deed.person, name="", roles=frozenset(), place=deed.place)
        return known if known.place == deed.place else replace(known, roles=frozenset())

    def _strange(self, deed: Deed, last_time: str) -> tuple[Irregularity, ...]:
        found: list[Irregularity] = []
        occurred = deed.occurred_time
        too_early = deed.seen_time is not None and occurred < deed.seen_time - TOLERANCE
        before_last = bool(last_time) and times.text(occurred) < last_time
        too_late = occurred > self._bench.now + TOLERANCE
        if too_early or before_last or too_late or abs(deed.skew_ms) > MOST_SKEW.total_seconds() * 1000:
            found.append(Irregularity.CLOCK)
        of = (deed.lease, deed.person, self._former(deed) or self._desk.replica)
        if of not in self._lease_ends:
            self._lease_ends[of] = people.lease_end(self._connection, self._bench.district, *of)
        end = self._lease_ends[of]
        if (end is None and not self._is_again) or (end is not None and times.text(occurred) > end):
            found.append(Irregularity.NO_RIGHT)
        return tuple(found)

    def close(self) -> frozenset[str]:
        """Give positions and write: the last lock of the transaction. Returns whose slices changed."""
        district, connection = self._bench.district, self._connection
        touched: frozenset[str] = frozenset()
        for new in self._work.written:
            if isinstance(new.record.event, PageAttached):
                page, (case, _) = new.record.event.page, self._work.cases[new.record.case]
                owner = case.page_owner if case is not None else new.record.case
                blobs.announce(connection, district, owner, page.page, page.size, self._desk.replica)
        if self._notices:
            log.notice(connection, district, self._notices)
        if self._work.written:
            first = log.append(connection, district, self._work.written)
            last = {new.record.case: first + offset for offset, new in enumerate(self._work.written)}
            folded = [(case, head) for of in last for case, head in (self._work.cases[of],) if case is not None]
            log.project(connection, district, folded, self._heads)
            touched = slices.enlist(connection, district, [(case, last[case.case]) for case, _ in folded])
            for case, head in folded:
                self._cache.keep(case, head)
        return touched
