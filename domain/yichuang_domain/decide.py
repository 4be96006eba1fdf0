"""The one state machine: what an action makes happen, or why it may not.

Rules kept here (行政许可法 32, 42, 44; design: facts and decisions): run by the desk, so that a no is said at
once, and again by the district, whose answer counts. A fact is never refused for a broken rule. Both judge by the
day on which the act was done. No I/O, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yichuang_domain import actions as a
from yichuang_domain.act_table import ACTS, Act, Kind, Line
from yichuang_domain.actions import Action
from yichuang_domain.approval import levels
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.events import Event
from yichuang_domain.ids import PlaceId, ReplicaId
from yichuang_domain.organisation import Person, Role
from yichuang_domain.training import TRAINING_DISTRICT, fits_stock
from yichuang_domain.workdays import Calendar


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything that a decision depends on besides the case and the action."""

    item: ItemVersion
    """The version to which the case is pinned."""
    item_cancelled_on: date | None
    """From which day the item could not be taken in any more, as known now."""
    calendar: Calendar
    actor: Person
    """The person with the rights in force at ``occurred_time``."""
    replica: ReplicaId
    place: PlaceId
    epoch: int
    """The epoch of the hold that the desk knew."""
    occurred_time: datetime
    has_session: bool
    """Whether the person is signed in at the district, now."""
    missing_pages: int = 0
    """Pages of the case that the district does not have yet; 0 at the desk."""
    former: ReplicaId | None = None
    """A fenced number of the same machine: what it held, this desk holds."""

    @property
    def today(self) -> date:
        """The day of the act."""
        return local_day(self.occurred_time)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What an action made happen."""

    events: tuple[Event, ...]
    irregular: tuple[Irregularity, ...] = ()


def decide(case: Case | None, action: Action, context: Context) -> Decision:
    """Judge ``action`` on ``case`` (None before it was received).

    Raises Refused with the reason.
    """
    from yichuang_domain.rulings import rule  # the rulings import Context from here

    act = ACTS[type(action)]
    if isinstance(action, a.Receive):
        if case is not None:
            raise Refused(Reason.CASE_EXISTS)
        return Decision(events=rule(case, action, context), irregular=_strange_receipt(act, context))
    if case is None:
        raise Refused(Reason.UNKNOWN_CASE)
    if act.kind is Kind.FACT:
        return Decision(events=rule(case, action, context), irregular=_strange(case, action, act, context))
    _check_rights(case, action, act, context)
    _check_hold(case, act, context)
    if case.state not in act.states:
        raise Refused(Reason.WRONG_STATE)
    return Decision(events=rule(case, action, context))


def _strange_receipt(act: Act, context: Context) -> tuple[Irregularity, ...]:
    found = [] if act.roles & context.actor.roles else [Irregularity.NO_RIGHT]
    if context.item_cancelled_on is not None and context.today >= context.item_cancelled_on:
        found.append(Irregularity.ITEM_CANCELLED)
    return tuple(found)


def _strange(case: Case, action: Action, act: Act, context: Context) -> tuple[Irregularity, ...]:
    found = [] if act.roles & context.actor.roles else [Irregularity.NO_RIGHT]
    if case.state not in act.states:
        found.append(Irregularity.NOTHING_TO_DELIVER if isinstance(action, a.Deliver) else Irregularity.WRONG_STATE)
    known = {m.key for m in context.item.materials}
    if isinstance(action, a.AttachPage) and action.page.material not in known:
        found.append(Irregularity.UNKNOWN_MATERIAL)
    if isinstance(action, a.StartPrint) and action.serial:
        district = case.number[: len(TRAINING_DISTRICT)]
        found += [] if fits_stock(action.serial, district) else [Irregularity.OTHER_STOCK]
    return tuple(found)


def _check_rights(case: Case, action: Action, act: Act, context: Context) -> None:
    if isinstance(action, a.TakeOver) and case.holder is not None and case.holder == context.former:
        return  # the machine itself, under its new number
    if not act.roles & context.actor.roles:
        raise Refused(Reason.NEEDS_ROLE)
    offline = act.line is Line.WORKS or (act.line is Line.ITEM_SAYS and context.item.accepts_offline)
    if not offline and not context.has_session:
        raise Refused(Reason.NEEDS_LINE)
    of_section = context.actor.section is not None and context.actor.section == case.section
    if act.in_section and not of_section:
        raise Refused(Reason.OTHER_SECTION)
    if isinstance(action, a.TellSupplement | a.Accept | a.Decline):
        _check_who_accepts(context, of_section)
    grants_here = isinstance(action, a.GrantAtCounter) or (isinstance(action, a.Accept) and action.stays)
    if grants_here and not context.item.counter_grants:
        raise Refused(Reason.NOT_GRANTED_HERE)
    if isinstance(action, a.Claim):
        _check_claim(case, context, of_section)
    if isinstance(action, a.TakeOver) and context.place != case.place:
        raise Refused(Reason.OTHER_PLACE)


def _check_who_accepts(context: Context, of_section: bool) -> None:
    if context.item.accept_by is AcceptBy.SECTION:
        if not of_section:
            raise Refused(Reason.NOT_ACCEPTED_HERE)
    elif Role.CLERK not in context.actor.roles:
        raise Refused(Reason.NEEDS_ROLE)


def _check_claim(case: Case, context: Context, of_section: bool) -> None:
    if case.holder is not None and case.holder != context.replica:
        raise Refused(Reason.ALREADY_HELD)
    if case.state is State.READY_TO_ISSUE or case.state is State.SUPPLEMENT_ASKED:
        if Role.CLERK in context.actor.roles or of_section:
            return
        raise Refused(Reason.NEEDS_ROLE)
    if case.state is State.RECEIVED and context.item.accept_by is AcceptBy.COUNTER:
        if Role.CLERK not in context.actor.roles:
            raise Refused(Reason.NEEDS_ROLE)
        return
    if not of_section:
        raise Refused(Reason.OTHER_SECTION)
    if context.missing_pages:
        raise Refused(Reason.PAGES_MISSING)
    if case.state is State.IN_REVIEW and case.opinions:
        chain = levels(context.item.grade)
        if len(case.opinions) < len(chain) and chain[len(case.opinions)] not in context.actor.roles:
            raise Refused(Reason.NEEDS_ROLE)


def _check_hold(case: Case, act: Act, context: Context) -> None:
    if not act.needs_hold:
        return
    if case.holder is None or case.holder not in (context.replica, context.former):
        raise Refused(Reason.NOT_HOLDER)
    if case.epoch != context.epoch:
        raise Refused(Reason.STALE_EPOCH)
