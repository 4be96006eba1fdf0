"""一眼: everything that the review desk shows, read from the store in one go.

Rules kept here: off the Tk thread; what is shown together is of one moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yichuang_client.actions.deciding import DAYS_TO_BRING
from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.review_case import CaseSeen, is_answered, read_case
from yichuang_client.presenters.review_opinion import Signer
from yichuang_client.presenters.review_queue import QueueSeen, first_case, read_queue
from yichuang_client.presenters.review_strip_parts import Dates
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.status import Line
from yichuang_domain.case import Case
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deadline import DELIVERY_LIMIT, Clock, derive
from yichuang_domain.ids import CaseId, ReplicaId


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at the store."""

    asked: CaseId | None
    """The case that was asked for."""
    replica: ReplicaId
    queue: QueueSeen
    selected: CaseId | None
    case: CaseSeen | None
    """None without a selection, and when the case has left this desk."""
    dates: Dates
    signer: Signer
    answered: frozenset[CaseId]
    """Of the cases whose decision was awaited, those that the district has answered."""
    exchange_time: datetime | None
    """When the last exchange succeeded."""


def read_look(desk: Desk, asked: CaseId | None, awaited: Iterable[CaseId]) -> Look:
    """Read everything. Raises StoreError."""
    work = desk.work()
    # First what was answered: the case read after it is then never older than the answer.
    answered = frozenset(name for name in awaited if is_answered(work, name))
    queue = read_queue(work)
    selected = asked if asked is not None else first_case(queue)
    case = read_case(work, selected) if selected is not None else None
    return Look(
        asked=asked,
        replica=work.store.desk.replica,
        queue=queue,
        selected=selected,
        case=case,
        dates=_dates(work, case.case if case else None, case.item if case else None),
        signer=_signer(desk, work),
        answered=answered,
        exchange_time=work.store.waiting().exchange_time,
    )


def _signer(desk: Desk, work: Work) -> Signer:
    person, is_strong, is_away = work.person, False, not work.has_session()
    try:
        sync = desk.session.sync
    except StoreError:
        pass  # no loop runs: there is no line
    else:
        is_strong = sync.sessions.has_second_factor(person.person)
        is_away = sync.status.line is Line.OFFLINE
    return Signer(name=person.name, has_session=work.has_session(), has_second_factor=is_strong, is_away=is_away)


def _dates(work: Work, case: Case | None, item: ItemVersion | None) -> Dates:
    calendar, today = work.store.people.calendar, work.today
    return Dates(
        until=calendar.add_workdays(today, DAYS_TO_BRING).on,
        due_on=_due_if_accepted(work, case, item),
        deliver_by=calendar.add_workdays(today, DELIVERY_LIMIT.amount).on,
    )


def _due_if_accepted(work: Work, case: Case | None, item: ItemVersion | None) -> date | None:
    limit = (item.promised_limit or item.statutory_limit) if item is not None else None
    if case is None or limit is None:
        return None
    told = case.supplement
    start = told.all_in_on if told is not None and told.all_in_on is not None else work.today
    return derive(Clock(start=start, budget=limit), work.store.people.calendar).on
