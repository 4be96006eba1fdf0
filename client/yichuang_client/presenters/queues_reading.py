"""办件列表的数据: which lists each screen has, and what is read for one of them off the Tk thread.

Rules kept here: which cases stand in a list is the store's word; a list is read page by page, so that its first lines
are seen at once and neither reading nor drawing holds the window.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yichuang_client.actions import receiving
from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework import explain, item_or_none
from yichuang_client.presenters.casework_chips import FEW_DAYS
from yichuang_client.presenters.models.common import Row, Text, joined
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_finding import ByNumber, ByToken, Sought, read_query
from yichuang_client.presenters.queues_rows import Today, is_overdue, rows
from yichuang_client.store.case_rows import CaseRow, Queue, Viewer
from yichuang_client.sync.desk_session import DeskSession
from yichuang_domain.actions import OpenMeans
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId

PAGE = 200
"""Lines that are read and drawn in one go: more than a screen, less than a clerk would feel."""
LIMIT = 500
"""The most that a search on this desk finds."""
QUEUES: Mapping[ScreenName, tuple[Queue, ...]] = {
    ScreenName.CASES: (
        Queue.TO_ACCEPT,
        Queue.IRREGULAR,
        Queue.RETURNED,
        Queue.MINE,
        Queue.DEFERRED,
        Queue.PAUSED,
        Queue.TODAY,
        Queue.DUE_SOON,
    ),
    ScreenName.SUPPLEMENTS: (Queue.WAITING, Queue.DEFERRED),
    ScreenName.ISSUES: (Queue.TO_ISSUE,),
    ScreenName.SEARCH: (),
}
"""The lists of each screen, in the order of their keys."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One list as it was read."""

    queue: Queue | None
    """None for what was looked for."""
    cases: Mapping[str, CaseRow]
    rows: tuple[Row, ...]
    counts: Mapping[Queue, int]
    overdue: tuple[CaseRow, ...]
    is_of_district: bool = False
    """Whether the district was asked; then the rows are masked by it."""
    is_whole: bool = False
    """Whether in the whole district, not among the cases of this place."""
    has_more: bool = False
    """Whether there are more that no further reading brings."""
    has_rest: bool = False
    """Whether further pages are to be read."""
    holder: str = ""
    """Masked name on the card that was read; empty for what was not looked for by a card."""
    away: Mapping[str, tuple[CaseId, ...]] = field(default_factory=dict)
    """Lines that the card opens although their cases are not on this desk: the case first, then those of its matter."""

    @property
    def total(self) -> int:
        """How many there are; the rows may be fewer."""
        return self.counts[self.queue] if self.queue is not None else len(self.rows)

    def before(self, old: Listed) -> Listed:
        """These lines, and those that followed them in an older reading."""
        known = max((at for at, row in enumerate(old.rows, 1) if row.key in self.cases), default=0)
        rest = old.rows[known:]
        cases = {row.key: old.cases[row.key] for row in rest}
        overdue = tuple(row for row in old.overdue if row.case_id in cases)
        return replace(
            self,
            cases={**self.cases, **cases},
            rows=self.rows + rest,
            overdue=self.overdue + overdue,
            has_rest=self.has_rest and old.has_rest,
        )


def read_queue(work: Work, screen: ScreenName, wanted: Queue | None) -> Listed:
    """The first page of a list: of the wanted one, or of the first that is not empty. Raises StoreError."""
    viewer = viewer_of(work)
    counts = work.store.queues(viewer)
    offered = QUEUES[screen]
    queue = wanted or next((q for q in offered if counts[q]), offered[0])
    found = work.store.queue(queue, viewer, PAGE)
    return replace(_listed(work, found, counts, queue), has_rest=len(found) == PAGE)


def read_on(work: Work, listed: Listed) -> Listed:
    """The list with its next page. Raises StoreError."""
    if listed.queue is None:
        raise ValueError("what was looked for has no pages")
    found = work.store.queue(listed.queue, viewer_of(work), PAGE, len(listed.cases))
    fresh = tuple(row for row in found if row.case_id not in listed.cases)  # the list may have moved meanwhile
    page = _listed(work, fresh, listed.counts, listed.queue)
    return replace(
        page,
        cases={**listed.cases, **page.cases},
        rows=listed.rows + page.rows,
        overdue=listed.overdue + page.overdue,
        has_rest=len(found) == PAGE,
    )


def viewer_of(work: Work) -> Viewer:
    """For whom lists are read here now. Raises StoreError."""
    desk = work.store.desk
    soon = work.store.people.calendar.add_workdays(work.today, FEW_DAYS).on
    return Viewer(replica=desk.replica, place=desk.place, section=desk.section, on=work.today, soon=soon)


def why_due(work: Work, name: CaseId) -> Text:
    """The reason of a case's date: start, count, what was passed over. Raises StoreError."""
    case = work.store.find(name)
    if case is None:
        return ""
    now = explain(case, item_or_none(work, case), work.store.people.calendar, work.today)
    return joined(now.due, now.clock)


def search_here(work: Work, text: str) -> Listed:
    """Cases on this desk. Raises StoreError."""
    found = work.store.rows.search(text, LIMIT)
    return replace(_listed(work, found, {}, None), has_more=len(found) == LIMIT)


def _listed(work: Work, found: tuple[CaseRow, ...], counts: Mapping[Queue, int], queue: Queue | None) -> Listed:
    sections = {section.section: section.name for section in work.district.sections}
    is_deferred = queue is Queue.DEFERRED
    today = Today(on=work.today, calendar=work.store.people.calendar, sections=sections, is_about_deferred=is_deferred)
    return Listed(
        queue=queue,
        cases={row.case_id: row for row in found},
        rows=rows(found, today),
        counts=counts,
        overdue=tuple(row for row in found if is_overdue(row, today)),
    )


# ---- a case by the applicant's own means ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Found:
    """What came of a search."""

    sought: Sought
    listed: Listed | None = None
    """The cases on this desk that the words meet."""
    case: CaseId | None = None
    """The one case that receipt or number and identity name."""
    is_here: bool = True
    """Whether it is on this desk; otherwise the district was asked to send it."""


def find(work: Work, session: DeskSession, text: str) -> Found:
    """Look on this desk, then at the district where the applicant's means allow it.

    Raises TransportError, StoreError, Refused (NEEDS_LINE) where only the district could find it.
    """
    sought = read_query(text, work.today)
    if isinstance(sought, ByToken):
        here = work.store.rows.by_token(hashlib.sha256(sought.token.encode()).hexdigest())
        cases = (here,) if here is not None else _asked(work, session, sought)
        return _opened(work, sought, cases, OpenMeans.TOKEN)
    if isinstance(sought, ByNumber):
        local = [row for row in work.store.rows.search(sought.number) if row.id_number == sought.id_number]
        is_one = len({row.matter or row.case_id for row in local}) == 1
        cases = (local[0].case_id,) if is_one else _asked(work, session, sought)
        return _opened(work, sought, cases, OpenMeans.NUMBER_AND_ID)
    return Found(sought=sought, listed=search_here(work, sought.text))


def _asked(work: Work, session: DeskSession, sought: ByToken | ByNumber) -> tuple[CaseId, ...]:
    if not work.has_session():
        raise Refused(Reason.NEEDS_LINE)
    person = work.person.person
    if isinstance(sought, ByToken):
        return session.find_cases(person, token=sought.token)
    return session.find_cases(person, number=sought.number, id_number=sought.id_number)


def _opened(work: Work, sought: Sought, cases: tuple[CaseId, ...], means: OpenMeans) -> Found:
    """Where a case is not here, its opening is asked for, with its means, and logged by the district.

    A matter is opened as a whole.
    """
    away = [case for case in cases if work.store.find(case) is None]
    if away:
        receiving.open_elsewhere(work, away, means)
    return Found(sought=sought, case=cases[0], is_here=cases[0] not in away)
