"""The district's side of an exchange, in memory and pure: it decides by the same domain, writes records, answers."""

from __future__ import annotations

from collections.abc import Iterable
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
from yichuang_domain.actions import Receive
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.decide import Context, decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Refused
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId, DeedId
from yichuang_domain.organisation import Person


@dataclass
class Truth:
    """Every case of the district, and the log in its order."""

    items: dict[tuple[str, int], ItemVersion] = field(
        default_factory=lambda: {(item.code, item.version): item for item in (ITEM, SECTION_ITEM)}
    )
    cases: dict[CaseId, Case] = field(default_factory=dict)
    heads: dict[CaseId, str] = field(default_factory=dict)
    log: list[SentRecord] = field(default_factory=list)
    answers: dict[DeedId, DeedResult] = field(default_factory=dict)
    sessions: frozenset[str] = frozenset(person.person for person in EVERYONE)

    def take(self, sent: Iterable[SentDeed]) -> tuple[DeedResult, ...]:
        """Judge deeds in their order; a deed that is known gets its answer again."""
        return tuple(self.answers.get(one.deed) or self._judge(one) for one in sent)

    def _judge(self, one: SentDeed) -> DeedResult:
        deed = codec.decode(Deed, one.envelope.text, one.envelope.disclosures)
        before = (dict(self.cases), dict(self.heads), len(self.log))
        result = DeedResult(deed=one.deed, outcome=Outcome.RECORDED)
        for number, act in enumerate(deed.acts):
            try:
                self.act(deed, act)
            except Refused as no:
                self.cases, self.heads = before[0], before[1]
                del self.log[before[2] :]
                result = DeedResult(deed=one.deed, outcome=Outcome.REFUSED, reason=no.reason.value, act=number)
                break
        self.answers[one.deed] = result
        return result

    def act(self, deed: Deed, act: CaseAct) -> None:
        """Judge and write one act. Raises Refused."""
        case = self.cases.get(act.case)
        decision = decide(case, act.action, self._context(deed, act, case))
        for event in decision.events:
            record = Record(
                case=act.case,
                n=case.n + 1 if case else 1,
                previous=self.heads.get(act.case, ""),
                deed=deed.deed,
                replica=deed.replica,
                person=deed.person,
                place=deed.place,
                occurred_time=deed.occurred_time,
                recorded_time=deed.occurred_time + timedelta(seconds=1),
                irregular=decision.irregular,
                event=event,
            )
            encoded = codec.encode(record)
            self.heads[act.case] = codec.digest(encoded.text)
            envelope = Envelope(text=encoded.text, hash=self.heads[act.case], disclosures=encoded.disclosures)
            self.log.append(SentRecord(index=len(self.log) + 1, case=act.case, envelope=envelope))
            case = apply(case, record)
        if case is not None:
            self.cases[act.case] = case

    def _context(self, deed: Deed, act: CaseAct, case: Case | None) -> Context:
        key = (case.item, case.item_version) if case else _pinned(act)
        actor: Person = next(person for person in EVERYONE if person.person == deed.person)
        return Context(
            item=self.items[key],
            item_cancelled_on=None,
            calendar=CALENDAR,
            actor=actor,
            replica=deed.replica,
            place=deed.place,
            epoch=act.epoch,
            occurred_time=deed.occurred_time,
            has_session=deed.person in self.sessions,
        )

    def answer(
        self, cursor: Cursor, results: tuple[DeedResult, ...] = (), *, until: int | None = None, **more: object
    ) -> CheckedAnswer:
        """What is new after a cursor, up to a position."""
        end = len(self.log) if until is None else min(until, len(self.log))
        found = tuple(record for record in self.log if cursor.position < record.index <= end)
        answer = ExchangeAnswer(
            next_cursor=Cursor(epoch="1", position=max(cursor.position, end)), results=results, records=found
        )
        return checked(replace(answer, **more))  # type: ignore[arg-type]


def _pinned(act: CaseAct) -> tuple[str, int]:
    assert isinstance(act.action, Receive)
    return act.action.item, act.action.item_version


def checked(answer: ExchangeAnswer, moment: datetime = NOON) -> CheckedAnswer:
    """An answer as the sync core hands it over."""
    return CheckedAnswer(answer=answer, district_time=None, skew_ms=0, answered_time=moment)


def confirmed(case: Case) -> Case:
    """The case without what tells pending from recorded."""
    return replace(case, steps=tuple(replace(step, recorded_time=None) for step in case.steps))
