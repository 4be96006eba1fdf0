"""外框: what the top bar, the rail and the banner above every screen say, and the page of who has nothing to do here.

Rules kept here: read on the store's thread, put into words without it; a count is read once and repeated; the number
of what is unsent is the sync loop's own; no citizen is named; what stops the work is said before what warns of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yichuang_client.actions.work import Work
from yichuang_client.presenters.models.common import (
    Banner,
    Chip,
    Mark,
    Progress,
    Span,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.session import DeviceLine, HomeModel, NavItem, ScreenName, ShellModel
from yichuang_client.presenters.review_queue import QUEUES
from yichuang_client.presenters.sign_in import LEASE_NOTICE
from yichuang_client.store.case_rows import Queue, Viewer
from yichuang_client.store.desk import DeskKind
from yichuang_client.store.people import CLOCK_TOLERANCE, LeaseState
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.door import office_of
from yichuang_client.sync.status import Line, SyncStatus
from yichuang_domain.organisation import Person, Role

COUNTER_ROLES = frozenset({Role.CLERK, Role.SUPERVISOR})
SECTION_ROLES = frozenset({Role.REVIEWER, Role.VERIFIER, Role.APPROVER})
_KEYS = {
    ScreenName.INTAKE: "F2",
    ScreenName.REVIEW: "F2",
    ScreenName.CASES: "2",
    ScreenName.SUPPLEMENTS: "3",
    ScreenName.HANDOVER: "3",
    ScreenName.ISSUES: "4",
    ScreenName.SEARCH: "5",
    ScreenName.SHIFT: "6",
    ScreenName.SYNC: "7",
    ScreenName.DEVICES: "8",
}
"""Key of each place of the rail; the digits stay the same for every role."""
_COUNTER = (
    ScreenName.INTAKE,
    ScreenName.CASES,
    ScreenName.SUPPLEMENTS,
    ScreenName.ISSUES,
    ScreenName.SEARCH,
    ScreenName.SHIFT,
)
_SECTION = (ScreenName.REVIEW, ScreenName.HANDOVER, ScreenName.SEARCH)
_EVERYBODY = (ScreenName.SYNC, ScreenName.DEVICES)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was read for the frame."""

    office: tuple[str, ...]
    person: Person
    kind: DeskKind
    status: SyncStatus
    counts: Mapping[ScreenName, int]
    """Cases behind the places of the rail that have a number."""
    refused: int
    """要您处理: deeds that the district did not record and nobody has put away."""
    items: int
    """Items of the catalogue."""
    has_session: bool
    lease_ends: datetime | None
    lease_state: LeaseState
    skew: timedelta
    """How far this desk's clock stands before (+) the district's, as last measured."""

    @property
    def places(self) -> tuple[ScreenName, ...]:
        """The places of the rail for this person at this desk; the first one is where the work begins."""
        if self.kind is DeskKind.SECTION:
            return (*_SECTION, *_EVERYBODY) if self.person.roles & SECTION_ROLES else _EVERYBODY
        return (*_COUNTER, *_EVERYBODY) if self.person.roles & COUNTER_ROLES else _EVERYBODY

    @property
    def first_place(self) -> ScreenName:
        """Where a person begins: the page that says so where the role has nothing to do at this desk."""
        return self.places[0] if len(self.places) > len(_EVERYBODY) else ScreenName.HOME


def gather(work: Work, session: DeskSession) -> Seen:
    """Read what the frame shows; on the store's thread. Raises StoreError."""
    store, now = work.store, work.clock()
    desk = store.desk
    lease = store.people.lease(work.person.person)
    status = session.sync.status
    seen = Seen(
        office=office_of(store),
        person=work.person,
        kind=desk.kind,
        status=status,
        counts={},
        refused=len(store.outbox.refused()),
        items=store.catalogue.count(),
        has_session=work.has_session(),
        lease_ends=lease.not_after if lease is not None else None,
        lease_state=store.people.lease_state(work.person.person, now),
        skew=timedelta(milliseconds=store.meta.number("skew_ms")),
    )
    return Seen(**{**vars(seen), "counts": _counts(work, seen)})


def _counts(work: Work, seen: Seen) -> dict[ScreenName, int]:
    desk = work.store.desk
    viewer = Viewer(replica=desk.replica, place=desk.place, section=desk.section, on=work.today)
    found = work.store.queues(viewer)
    counts = {ScreenName.SYNC: seen.status.unsent}
    if ScreenName.REVIEW in seen.places:
        cases = {row.case_id for queue in QUEUES for row in work.store.queue(queue, viewer)}
        return {**counts, ScreenName.REVIEW: len(cases)}
    if ScreenName.CASES in seen.places:
        counts[ScreenName.CASES] = found[Queue.TO_ACCEPT] + found[Queue.MINE]
        counts[ScreenName.SUPPLEMENTS] = found[Queue.WAITING]
        counts[ScreenName.ISSUES] = found[Queue.TO_ISSUE]
    return counts


def frame_model(seen: Seen, now: datetime, active: str, devices: tuple[DeviceLine, ...] = ()) -> ShellModel:
    """The frame; ``active`` is the place of the rail that is lit."""
    unsent = Chip(text=msg("start.unsent", n=seen.status.unsent), tone=Tone.WARNING, mark=Mark.UNSENT)
    return ShellModel(
        office=joined(*seen.office),
        person=_person(seen.person),
        clock=When(value=now, style=TimeStyle.FULL),
        online=line_chip(seen.status, now, has_session=seen.has_session),
        unsent=unsent if seen.status.unsent else None,
        nav=tuple(_place(seen, place) for place in seen.places),
        active=active,
        devices=devices,
        is_slim=seen.kind is DeskKind.SECTION,
        banner=_banner(seen, now, active),
    )


def line_chip(status: SyncStatus, now: datetime, *, has_session: bool = True) -> Chip:
    """How the line is, in the top bar's words."""
    if status.line is Line.ONLINE:
        if has_session:
            return Chip(text=msg("start.online"), tone=Tone.SUCCESS, mark=Mark.OK)
        return Chip(text=msg("start.online_without_session"), tone=Tone.WARNING, mark=Mark.LOCK)
    if status.line is Line.BLOCKED:
        return Chip(text=msg("start.blocked"), tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)
    if status.line is Line.STARTING:
        return Chip(text=msg("start.connecting"), mark=Mark.WAIT)
    minutes = max(0, int((now - status.since).total_seconds() // 60))
    text = msg("start.away", time=Span(minutes=minutes))
    return Chip(text=text, tone=Tone.DANGER, mark=Mark.OFFLINE, is_bold=True)


def _person(person: Person) -> Text:
    role = next((role for role in Role if role in person.roles), None)
    return person.name if role is None else msg("shell.person", name=person.name, role=msg(f"shell.role_{role.name}"))


def _place(seen: Seen, place: ScreenName) -> NavItem:
    return NavItem(
        screen=place,
        label=msg(f"shell.place_{place.name}"),
        icon=place.value,
        key=_KEYS[place],
        count=seen.counts.get(place, 0),
    )


def _banner(seen: Seen, now: datetime, active: str) -> Banner | None:
    """The one thing that is to be read first."""
    status = seen.status
    if status.is_forked:
        return _stopped("forked", msg("store.FORKED"))
    if seen.lease_state is LeaseState.CLOCK_BEHIND:
        return _stopped("clock", msg("start.CLOCK_BEHIND"))
    if not seen.has_session and seen.lease_state is LeaseState.EXPIRED:
        return _stopped("lease", msg("start.LEASE_EXPIRED"))
    if status.line is Line.BLOCKED and status.problem is not None:
        return Banner(kind="blocked", text=msg(f"transport.{status.problem.value}"), tone=Tone.DANGER)
    if abs(seen.skew) > CLOCK_TOLERANCE:
        key = "shell.clock_fast" if seen.skew > timedelta(0) else "shell.clock_slow"
        minutes = int(abs(seen.skew).total_seconds() // 60)
        return Banner(kind="clock", text=msg(key, time=Span(minutes=minutes)), hint=msg("shell.clock_hint"))
    if seen.refused and active != ScreenName.SYNC:
        return Banner(kind="refused", text=msg("shell.refused", n=seen.refused), hint=msg("shell.refused_hint"))
    if seen.lease_ends is not None and status.line is not Line.ONLINE and seen.lease_ends - now <= LEASE_NOTICE:
        return Banner(kind="lease", text=msg("start.lease_ends", time=When(value=seen.lease_ends)), mark=Mark.CLOCK)
    return None


def _stopped(kind: str, text: Text) -> Banner:
    return Banner(kind=kind, text=text, tone=Tone.DANGER, mark=Mark.STOP, is_solid=True)


def home_model(seen: Seen) -> HomeModel:
    """The catalogue is on its way, or this person has nothing to do at this desk, or the desk is ready."""
    if not seen.status.is_complete and seen.items == 0 and seen.status.line is not Line.ONLINE:
        return HomeModel(title=msg("start.catalogue_waits"), lines=(msg("start.catalogue_waits_why"),))
    if not seen.status.is_complete and seen.items == 0:
        return HomeModel(
            title=msg("start.catalogue_coming"),
            lines=(msg("start.catalogue_why"),),
            progress=Progress(text=msg("start.catalogue_progress")),
        )
    if seen.first_place is ScreenName.HOME:
        return HomeModel(title=msg("start.no_work_here"), lines=(msg("start.no_work_why"),))
    return HomeModel(title=msg("start.ready"), lines=(msg("start.items", n=seen.items),))
