"""一件事: several items handed in once, each of which becomes a case of its own.

Rules kept here: the cases of a matter share one tracking token and own their pages together; all are received in one
deed or none is; what is ready is handed out together, and before the rest only by the applicant's wish; a visit counts
once for the matter, whichever of its cases it was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yichuang_domain.actions import Deliver, DeliveryMethod, Receive
from yichuang_domain.case import ENDED, Case, State
from yichuang_domain.deed import CaseAct, local_day
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import MatterId, PlaceId
from yichuang_domain.matter import MatterPart


def check_whole(acts: Sequence[CaseAct]) -> None:
    """All or none is received: a deed brings every case of a matter, or none of it.

    Raises Refused (MATTER_INCOMPLETE).
    """
    brought: dict[MatterId, list[Receive]] = {}
    for act in acts:
        if isinstance(act.action, Receive) and act.action.matter is not None:
            brought.setdefault(act.action.matter.matter, []).append(act.action)
    for receipts in brought.values():
        first = receipts[0]
        assert first.matter is not None
        items = [receipt.item for receipt in receipts]
        is_whole = sorted(items) == sorted(first.matter.items) and len(set(items)) == len(items) > 1
        is_one = all((r.matter, r.token_digest) == (first.matter, first.token_digest) for r in receipts)
        if not (is_whole and is_one):
            raise Refused(Reason.MATTER_INCOMPLETE)


def is_apart(acts: Sequence[CaseAct], matter: MatterPart, cases: Iterable[Case]) -> bool:
    """Whether a deed hands results of a matter out without what belongs to them.

    ``cases``: those of the matter as far as they are known, as they stand. What is ready goes in one deed; before the
    rest is done it goes only where the applicant wishes it (``ahead``): a result is owed within ten days (art. 44).
    """
    given = {act.case: act.action for act in acts if isinstance(act.action, Deliver)}
    known = tuple(cases)
    others = [case for case in known if case.case not in given and case.state not in ENDED]
    if any(case.state is State.READY_TO_ISSUE for case in others):
        return True
    is_wished = all(given[case.case].ahead for case in known if case.case in given)
    return bool(others or len(known) < matter.size) and not is_wished


def check_together(acts: Sequence[CaseAct], cases: Iterable[Case]) -> None:
    """Results of a matter are handed out together. Raises Refused (MATTER_APART)."""
    of: dict[MatterId, list[Case]] = {}
    for case in cases:
        if case.matter is not None:
            of.setdefault(case.matter.matter, []).append(case)
    for known in of.values():
        if known[0].matter is not None and is_apart(acts, known[0].matter, known):
            raise Refused(Reason.MATTER_APART)


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases of one matter in its order."""
    return tuple(sorted(cases, key=lambda case: case.matter.ordinal(case.item) if case.matter else 0))


def unfinished(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Those that keep the matter from being handed out: neither ready nor ended."""
    return tuple(case for case in cases if case.state is not State.READY_TO_ISSUE and case.state not in ENDED)


_AT_THE_COUNTER = frozenset(
    {"Received", "Corrected", "SupplementBrought", "DeferredBrought", "WithdrawalWished", "Delivered"}
)
"""What an applicant comes to a counter for."""


def trips(cases: Iterable[Case]) -> int:
    """跑动次数: visits of the applicant, once a day and place whatever cases they were about.

    A result that went by post, locker or wire is no visit.
    """
    visits: set[tuple[date, PlaceId]] = set()
    for case in cases:
        fetched = any(delivery.method is DeliveryMethod.COUNTER for delivery in case.deliveries)
        for step in case.steps:
            if step.name in _AT_THE_COUNTER and (step.name != "Delivered" or fetched):
                visits.add((local_day(step.occurred_time), step.place))
    return len(visits)
