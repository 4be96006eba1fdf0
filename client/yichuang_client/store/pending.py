"""The view (所见 = 区里的账 + 本机待送): pending deeds folded over the confirmed case by the same state machine.

Rules kept here: pure; the same ``decide`` and ``apply`` as the district; a deed counts with all of its acts or, where
the district would refuse a decision of it now, with its facts alone, for they have happened; nothing is rolled back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from yichuang_client.store.outbox import OutboxDeed
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.actions import Open
from yichuang_domain.case import Case
from yichuang_domain.decide import Context, decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Refused
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId

ContextOf = Callable[[OutboxDeed, CaseAct, Case | None], Context | None]
"""The context of an act; None when it cannot be judged here (its item version is not on this desk)."""
Cases = Mapping[CaseId, Case | None]


def overlay(confirmed: Cases, deeds: Iterable[OutboxDeed], context_of: ContextOf) -> dict[CaseId, Case | None]:
    """The cases as they stand with the pending deeds done, in the order in which they were done."""
    cases = dict(confirmed)
    for row in deeds:
        acts = [act for number, act in enumerate(row.deed.acts) if number in row.waiting and act.case in cases]
        try:
            cases = _with(cases, row, acts, context_of)
        except Refused:
            for act in acts:
                if ACTS[type(act.action)].kind is Kind.FACT:
                    with contextlib.suppress(Refused):
                        cases = _with(cases, row, [act], context_of)
    return cases


def _with(
    cases: dict[CaseId, Case | None], row: OutboxDeed, acts: Iterable[CaseAct], context_of: ContextOf
) -> dict[CaseId, Case | None]:
    """The cases with some acts of a deed done, as they were if one cannot be judged here. Raises Refused."""
    tried = dict(cases)
    for act in acts:
        if tried[act.case] is None and isinstance(act.action, Open):
            continue  # the case comes with the answer
        context = context_of(row, act, tried[act.case])
        if context is None:
            return cases
        tried[act.case] = perform(tried[act.case], act, row.deed, context)
    return tried


def perform(case: Case | None, act: CaseAct, deed: Deed, context: Context) -> Case:
    """The case after one act of a deed that the district has not recorded. Raises Refused."""
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
        case = apply(case, record)
        case = replace(case, steps=(*case.steps[:-1], replace(case.steps[-1], recorded_time=None)))
    if case is None:
        raise ValueError("an act without an event")
    return case
