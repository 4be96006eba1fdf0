"""The district's side of an exchange, in memory and pure: it decides by the same domain, writes records, answers.

Rules kept here, as the district keeps them: a deed that is known gets its answer again; a deed counts with all of its
acts, or, when a decision of it is refused, with its facts alone; a desk gets the cases of its audiences, a case that
enters comes whole, one that leaves is marked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.support.cases import CALENDAR, EVERYONE, ITEM, NOON, SECTION_ITEM
from yichuang import codec
from yichuang_client.store.exchange_values import (
    CheckedAnswer,
    Cursor,
    DeedResult,
    Envelope,
    ExchangeAnswer,
    Outcome,
    SentDeed,
    SentRecord,
)
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.actions import Action, Receive
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.decide import Context, decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.events import Event
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId, DeedId, ReplicaId
from yichuang_domain.organisation import Person
from yichuang_server.feed.slices import audiences_of

ITEMS: Mapping[tuple[str, int], ItemVersion] = {(item.code, item.version): item for item in (ITEM, SECTION_ITEM)}


@dataclass
class Truth:
    """Every case of the district, and the log in its order."""

    items: Mapping[tuple[str, int], ItemVersion] = field(default_factory=lambda: ITEMS)
    cases: dict[CaseId, Case] = field(default_factory=dict)
    heads: dict[CaseId, str] = field(default_factory=dict)
    log: list[SentRecord] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    """The same, decoded."""
    audiences: list[frozenset[str]] = field(default_factory=list)
    """Who works on the case of each record after it."""
    ends: list[int] = field(default_factory=list)
    """Positions at which a deed ends: an answer is cut there."""
    answers: dict[DeedId, DeedResult] = field(default_factory=dict)
    chains: dict[ReplicaId, tuple[int, str]] = field(default_factory=dict)
    """Seq and hash of each desk's last deed."""
    sessions: frozenset[str] = frozenset(person.person for person in EVERYONE)
    lacking: frozenset[CaseId] = frozenset()
    """Cases of which a page has not come."""

    def take(self, sent: Iterable[SentDeed]) -> tuple[DeedResult, ...]:
        """Judge deeds in their order; a deed that is known gets its answer again."""
        return tuple(self.answers.get(one.deed) or self._judge(one) for one in sent)

    def _judge(self, one: SentDeed) -> DeedResult:
        deed = codec.decode(Deed, one.envelope.text, one.envelope.disclosures)
        seq, head = self.chains.get(deed.replica, (0, ""))
        assert (deed.seq, deed.previous) == (seq + 1, head), "a desk's chain has no gap"
        self.chains[deed.replica] = (deed.seq, one.envelope.hash)
        result = self.done(deed)
        self.answers[one.deed] = result
        return result

    def done(self, deed: Deed) -> DeedResult:
        """Judge and write a deed: all of it, or its facts alone."""
        before = (dict(self.cases), dict(self.heads), len(self.log))
        result = DeedResult(deed=deed.deed, outcome=Outcome.RECORDED)
        for number, act in enumerate(deed.acts):
            try:
                self.act(deed, act)
            except Refused as no:
                self.cases, self.heads = before[0], before[1]
                del self.log[before[2] :], self.records[before[2] :], self.audiences[before[2] :]
                self._facts(deed)
                result = DeedResult(deed=deed.deed, outcome=Outcome.REFUSED, reason=no.reason.value, act=number)
                break
        if len(self.log) > before[2]:
            self.ends.append(len(self.log))
        return result

    def _facts(self, deed: Deed) -> None:
        for act in deed.acts:
            if is_fact(act.action):
                with contextlib.suppress(Refused):
                    self.act(deed, act)

    def act(self, deed: Deed, act: CaseAct) -> None:
        """Judge and write one act. Raises Refused."""
        case = self.cases.get(act.case)
        context = self._context(deed, act, case)
        decision = decide(case, act.action, replace(context, missing_pages=int(act.case in self.lacking)))
        for event in decision.events:
            self.write(deed, act.case, event, decision.irregular)

    def write(self, deed: Deed, name: CaseId, event: Event, irregular: tuple[Irregularity, ...] = ()) -> Case:
        """One more event of a case, as the deed made it happen."""
        case = self.cases.get(name)
        record = Record(
            case=name,
            n=case.n + 1 if case else 1,
            previous=self.heads.get(name, ""),
            deed=deed.deed,
            replica=deed.replica,
            person=deed.person,
            place=deed.place,
            occurred_time=deed.occurred_time,
            recorded_time=deed.occurred_time + timedelta(seconds=1),
            irregular=irregular,
            event=event,
        )
        encoded = codec.encode(record)
        self.heads[name] = codec.digest(encoded.text)
        envelope = Envelope(text=encoded.text, hash=self.heads[name], disclosures=encoded.disclosures)
        self.log.append(SentRecord(index=len(self.log) + 1, case=name, envelope=envelope))
        self.records.append(record)
        self.cases[name] = apply(case, record)
        self.audiences.append(audiences_of(self.cases[name]))
        return self.cases[name]

    def _context(self, deed: Deed, act: CaseAct, case: Case | None) -> Context:
        """What an act is judged by; a district of other people has its own."""
        actor = next(person for person in EVERYONE if person.person == deed.person)
        return context_of(deed, act, case, actor, deed.person in self.sessions, self.items)

    def answer(
        self,
        cursor: Cursor,
        results: tuple[DeedResult, ...] = (),
        *,
        until: int | None = None,
        names: frozenset[str] | None = None,
        **more: object,
    ) -> CheckedAnswer:
        """What is new after a cursor, up to a position, for a desk of some audiences (of all, if none are named)."""
        end = max(cursor.position, len(self.log) if until is None else min(until, len(self.log)))
        before, after = self.slice_at(cursor.position, names), self.slice_at(end, names)
        found = tuple(
            record
            for record in self.log[:end]
            if record.case in after and (record.index > cursor.position or record.case not in before)
        )
        answer = ExchangeAnswer(
            next_cursor=Cursor(epoch="1", position=end),
            results=results,
            records=found,
            left=tuple(sorted(before - after)),
        )
        return checked(replace(answer, **more))  # type: ignore[arg-type]

    def slice_at(self, position: int, names: frozenset[str] | None) -> frozenset[CaseId]:
        """The cases in a slice as of a position."""
        last = {record.case: number for number, record in enumerate(self.records[:position])}
        return frozenset(case for case, n in last.items() if names is None or names & self.audiences[n])


def is_fact(action: Action) -> bool:
    """Whether the act has happened, whatever is judged."""
    return ACTS[type(action)].kind is Kind.FACT


def context_of(
    deed: Deed,
    act: CaseAct,
    case: Case | None,
    actor: Person,
    has_session: bool,
    items: Mapping[tuple[str, int], ItemVersion] = ITEMS,
) -> Context:
    """What an act of a deed is judged by. Raises Refused for a case that nobody has."""
    if case is not None:
        item = items[case.item, case.item_version]
    elif isinstance(act.action, Receive):
        item = items[act.action.item, act.action.item_version]
    else:
        raise Refused(Reason.UNKNOWN_CASE)
    return Context(
        item=item,
        item_cancelled_on=None,
        calendar=CALENDAR,
        actor=actor,
        replica=deed.replica,
        place=deed.place,
        epoch=act.epoch,
        occurred_time=deed.occurred_time,
        has_session=has_session,
    )


def checked(answer: ExchangeAnswer, moment: datetime = NOON) -> CheckedAnswer:
    """An answer as the sync core hands it over."""
    return CheckedAnswer(answer=answer, district_time=None, skew_ms=0, answered_time=moment)


def confirmed(case: Case) -> Case:
    """The case without what tells pending from recorded."""
    return replace(case, steps=tuple(replace(step, recorded_time=None) for step in case.steps))
