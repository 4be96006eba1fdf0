"""What a desk must show, worked out beside its store: from the records that came and the deeds that were done alone.

Rules kept here: a deed counts until its records have come, in the order in which it was done, with all of its acts or,
where a decision of it is refused, with its facts alone; each act is judged by the epoch, the person and the line that
it was done under; what was done on a case that has left counts no more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.client.store.truth import Truth, context_of, is_fact
from yichuang_client.store.exchange_values import CheckedAnswer, Outcome
from yichuang_domain.actions import Open
from yichuang_domain.case import Case
from yichuang_domain.decide import decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Refused
from yichuang_domain.folding import apply, fold
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Person

Shown = dict[CaseId, Case | None]


@dataclass
class Done:
    """A deed of the desk, and how far it has come."""

    deed: Deed
    person: Person
    on_line: bool
    awaited: set[int]
    """Numbers of the acts whose records have not come and may come."""
    outcome: Outcome | None = None


@dataclass
class Shadow:
    """One desk of the district."""

    truth: Truth
    names: frozenset[str]
    """Its audiences."""
    position: int = 0
    came: dict[CaseId, dict[int, Record]] = field(default_factory=dict)
    """Records by their number in the case."""
    leaving: set[CaseId] = field(default_factory=set)
    deeds: list[Done] = field(default_factory=list)
    known: Shown | None = None
    """What was worked out last, while nothing has changed."""

    def unsent(self) -> list[Done]:
        """Deeds without an answer."""
        return [done for done in self.deeds if done.outcome is None]

    def do(self, done: Done) -> None:
        """A deed is done at the desk."""
        self.deeds.append(done)
        self.known = None

    def shown(self, cases: Iterable[CaseId]) -> Shown:
        """The cases as the desk must show them."""
        if self.known is None:
            self.known = self._work_out()
        return {case: self.known.get(case) for case in cases}

    def _work_out(self) -> Shown:
        found: Shown = {case: fold(record for _, record in sorted(came.items())) for case, came in self.came.items()}
        for done in self.deeds:
            acts = [done.deed.acts[number] for number in sorted(done.awaited)]
            try:
                found = self.after(found, done.deed, acts, done.person, done.on_line)
            except Refused:
                for act in acts:
                    if is_fact(act.action):
                        with contextlib.suppress(Refused):
                            found = self.after(found, done.deed, [act], done.person, done.on_line)
        return found

    @staticmethod
    def after(cases: Shown, deed: Deed, acts: Iterable[CaseAct], person: Person, on_line: bool) -> Shown:
        """The cases with some acts of a deed done. Raises Refused."""
        now = dict(cases)
        for act in acts:
            case = now.get(act.case)
            if case is None and isinstance(act.action, Open):
                continue  # it comes with the answer
            context = context_of(deed, act, case, person, on_line)
            decision = decide(case, act.action, context)
            for event in decision.events:
                record = Record(
                    case=act.case,
                    n=case.n + 1 if case else 1,
                    previous="",
                    deed=deed.deed,
                    replica=deed.replica,
                    person=deed.person,
                    place=deed.place,
                    occurred_time=deed.occurred_time,
                    recorded_time=deed.occurred_time,
                    irregular=decision.irregular,
                    event=event,
                )
                case = fold_one(case, record)
            now[act.case] = case
        return now

    def take_in(self, checked: CheckedAnswer) -> None:
        """What an answer changes."""
        self.known = None
        answer = checked.answer
        by_name = {done.deed.deed: done for done in self.deeds}
        for result in answer.results:
            done = by_name[result.deed]
            done.outcome = result.outcome
            if result.outcome is Outcome.REFUSED:
                done.awaited = {n for n in done.awaited if is_fact(done.deed.acts[n].action)}
        for sent in answer.records:
            record = self.truth.records[sent.index - 1]
            self.came.setdefault(record.case, {})[record.n] = record
            self.leaving.discard(record.case)
            if record.deed in by_name:
                by_name[record.deed].awaited -= self._numbers(by_name[record.deed], record.case)
        self.leaving |= set(answer.left)
        self.position = answer.next_cursor.position
        for case in [case for case in self.leaving if not self.unsent_of(case)]:
            self.leaving.discard(case)
            self.came.pop(case, None)
            for done in self.deeds:
                done.awaited -= self._numbers(done, case)

    def unsent_of(self, case: CaseId) -> int:
        """Deeds on the case without an answer."""
        return sum(bool(self._numbers(done, case)) for done in self.unsent())

    def _numbers(self, done: Done, case: CaseId) -> set[int]:
        return {number for number, act in enumerate(done.deed.acts) if act.case == case}


def fold_one(case: Case | None, record: Record) -> Case:
    """The case with a record that the district has not written."""
    case = apply(case, record)
    return replace(case, steps=(*case.steps[:-1], replace(case.steps[-1], recorded_time=None)))
