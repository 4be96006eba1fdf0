"""办件列表: 我的办件, 待补正, 待出件 and 查询, one presenter for four screens.

Rules kept here: the old rows stay while new ones are read; the selection follows the case; a search of this desk works
without a line, a case of another place needs the line and the applicant's own means, and is opened when it has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yichuang_client.actions import deciding
from yichuang_client.actions.list_export import export_list
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Banner, Mark, Progress, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.queues import QueueAct, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_district import search_district
from yichuang_client.presenters.queues_finding import ByWords
from yichuang_client.presenters.queues_model import DISTRICT, HERE, Standing, queue_model
from yichuang_client.presenters.queues_reading import Found, Listed, find, read_queue, search_here, why_due
from yichuang_client.store.case_rows import Queue
from yichuang_client.sync.errors import TransportError
from yichuang_client.sync.status import CasesChanged, Line, StatusChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId

_LONG_MS = 8_000
"""After so long without the case that was asked for, the screen says that it still waits."""


class QueuePresenter:
    """One of the four lists."""

    def __init__(self, view: View[QueueModel], desk: Desk, screen: ScreenName) -> None:
        self._view = view
        self._desk = desk
        self._screen = screen
        self._queue: Queue | None = None
        self._listed: Listed | None = None
        self._selected: str | None = None
        self._turn = 0
        self._is_reading = self._is_dirty = self._is_finding = False
        self._awaited: CaseId | None = None
        self._text = ""
        self._progress: Progress | None = None
        self._banner: Banner | None = None
        self._cleared = 0
        self._exports = 0
        self._reason: Text = ""
        self._notice: Sentence | None = None

    def open(self, key: str = "") -> None:
        """The screen comes to the front; with a key: its case is opened, as ``QueueEvents.open``."""
        if key:
            self._go(CaseId(key))
            return
        self._banner = None
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        if self._awaited is not None:
            self._look_for_awaited(events)
            return
        if self._is_finding or self._is_of_district:
            self._is_dirty = True  # what was asked for is never replaced by what merely came
            return
        if not events and self._screen is ScreenName.SEARCH and not self._text:
            self._view.focus("query")
        if not events or any(isinstance(event, CasesChanged | StatusChanged) for event in events):
            self._read()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """As ``QueueEvents.select``."""
        self._selected, self._notice = key, None
        self._explain()
        self._show()

    def filter(self, key: str) -> None:
        """As ``QueueEvents.filter``."""
        self._notice = None
        if key == DISTRICT:
            self._ask_district()
        elif key == HERE:
            self._read()
        else:
            self._queue = Queue[key]
            self._read()

    def search(self, query: str) -> None:
        """As ``QueueEvents.search``: what is typed, and once more at Enter."""
        if query.strip() == self._text and self._is_of_district:
            return  # Enter after the district was asked: its answer stays
        self._text, self._banner, self._awaited = query.strip(), None, None
        self._notice = None
        self._turn += 1
        self._is_reading, self._is_finding = False, bool(self._text)
        if not self._text:
            self._listed, self._progress = None, None
            self._show()
            return
        turn, text, work, session = self._turn, self._text, self._desk.work, self._desk.session
        self._progress = Progress(text=msg("queue.searching"))
        self._show()
        self._desk.background.run(
            lambda: find(work(), session, text),
            lambda found: self._found(turn, found),
            lambda error: self._not_found(turn, error),
        )

    def act(self, act: str) -> None:
        """As ``QueueEvents.act``."""
        if act == QueueAct.OPEN and self._selected is not None:
            self._go(CaseId(self._selected))
        elif act == QueueAct.REFRESH:
            self._refresh()
        elif act == QueueAct.HAND_OVER:
            self._desk.way.handover()
        elif act == QueueAct.EXPORT and self._listed is not None:
            self._exports += 1
            self._show()
        elif act == QueueAct.CLAIM and self._selected is not None:
            self._claim(CaseId(self._selected))

    def confirm(self, act: str) -> None:
        """As ``QueueEvents.confirm``: nothing is asked here."""

    def cancel(self) -> None:
        """As ``QueueEvents.cancel``."""
        self._desk.way.back()

    def type_in(self, key: str, text: str) -> None:
        """As ``QueueEvents.type_in``: no strip has fields here."""

    def export(self, lines: Sequence[Sequence[str]]) -> None:
        """As ``QueueEvents.export``."""
        work, name = self._desk.work, self._screen.value

        def done(path: Path) -> None:
            lead = msg("queue.exported", n=len(lines) - 1)
            self._notice = Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead, hint=path.name)
            trace("list exported", screen=name, rows=len(lines) - 1)
            self._show()

        def failed(error: Exception) -> None:
            self._notice = Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=sentence(error))
            self._show()

        self._desk.background.run(lambda: export_list(lines, name, work().clock()), done, failed)

    # ---- reading ------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._screen is ScreenName.SEARCH and not self._text:
            self._show()
            return
        if self._is_reading:
            self._is_dirty = True
            return
        if self._is_finding:
            self._is_finding, self._progress = False, None
        self._turn += 1
        self._is_reading, self._is_dirty = True, False
        turn, screen, queue, text, work = self._turn, self._screen, self._queue, self._text, self._desk.work
        self._show()
        self._desk.background.run(
            lambda: search_here(work(), text) if screen is ScreenName.SEARCH else read_queue(work(), screen, queue),
            lambda listed: self._came(turn, listed),
            lambda error: self._failed(turn, error),
        )

    def _came(self, turn: int, listed: Listed) -> None:
        if turn != self._turn:
            return
        self._is_reading, self._listed, self._queue = False, listed, listed.queue
        if all(row.key != self._selected for row in listed.rows):
            self._selected = listed.rows[0].key if listed.rows else None
        self._explain()
        self._show()
        trace("queue shown", screen=self._screen.value, rows=len(listed.rows), total=listed.total)
        if self._is_dirty and not self._is_of_district:
            self._read()

    @property
    def _is_of_district(self) -> bool:
        return self._listed is not None and self._listed.is_of_district

    def _failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self._is_reading = False
            self._banner = Banner(kind=type(error).__name__, text=sentence(error), tone=Tone.DANGER)
            self._show()

    def _explain(self) -> None:
        """Say why the selected case is due when it is."""
        self._reason, listed, key, work = "", self._listed, self._selected, self._desk.work
        if listed is None or key is None or key not in listed.cases:
            return

        def done(reason: Text) -> None:
            if key == self._selected:
                self._reason = reason
                self._show()

        self._desk.background.run(lambda: why_due(work(), CaseId(key)), done, lambda error: None)

    def _ask_district(self) -> None:
        """Search at the district, on the chosen words; without a line on this desk, and say so."""
        if not self._text:
            self._view.focus("query")
            return
        self._turn += 1
        self._is_reading, self._is_finding, self._banner = False, True, None
        turn, text, work, session = self._turn, self._text, self._desk.work, self._desk.session
        self._progress = Progress(text=msg("queue.searching_district"))
        self._show()

        def came(listed: Listed) -> None:
            if turn == self._turn:
                self._is_finding, self._progress = False, None
                self._came(turn, listed)

        self._desk.background.run(
            lambda: search_district(work(), session, text), came, lambda error: self._not_asked(turn, error)
        )

    def _not_asked(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        self._not_found(turn, error)
        if isinstance(error, Refused | TransportError):
            self._read()

    def _refresh(self) -> None:
        """Ask the district for what is new, and read what is here."""
        session = self._desk.session
        if session.is_running:
            session.sync.wake()
        self._banner = None
        if self._is_of_district:
            self._ask_district()
        else:
            self._read()

    # ---- finding ------------------------------------------------------------------------------------------------

    def _found(self, turn: int, found: Found) -> None:
        if turn != self._turn:
            return
        self._is_finding, self._progress = False, None
        if found.listed is not None:
            is_elsewhere = isinstance(found.sought, ByWords) and found.sought.is_number and not found.listed.rows
            self._banner = _elsewhere() if is_elsewhere else None
            self._came(turn, found.listed)
        elif found.case is not None:
            trace("case found", case=found.case, here=found.is_here)
            if found.is_here:
                self._arrive(found.case)
            else:
                self._await(found.case)

    def _not_found(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        self._is_finding, self._progress = False, None
        text = sentence(error)
        if isinstance(error, Refused) and error.reason is Reason.NEEDS_LINE:
            text = msg("queue.needs_line")
        self._banner = Banner(kind="NOT_FOUND", text=text)
        self._show()
        self._view.focus("query")

    def _await(self, case: CaseId) -> None:
        """The district was asked to send it: it comes with the next exchange."""
        self._awaited = case
        self._progress = Progress(text=msg("queue.coming"))
        self._desk.later.after(_LONG_MS, lambda: self._still_waits(case))
        self._show()
        self._look_for_awaited(())

    def _still_waits(self, case: CaseId) -> None:
        if self._awaited == case:
            self._progress = Progress(text=msg("queue.still_coming"), detail=msg("queue.still_coming_hint"))
            self._show()

    def _look_for_awaited(self, events: Sequence[SyncEvent]) -> None:
        case, work = self._awaited, self._desk.work
        if case is None:
            return
        refused = [deed for e in events if isinstance(e, CasesChanged) for deed in e.changed.refused]

        def look() -> tuple[bool, str]:
            store = work().store
            rows = [row for deed in refused if (row := store.outbox.find(deed)) is not None]
            said = next((row.reason for row in rows if any(act.case == case for act in row.deed.acts)), "")
            return store.find(case) is not None, said

        def looked(answer: tuple[bool, str]) -> None:
            if self._awaited == case:
                is_here, reason = answer
                if is_here:
                    self._arrive(case)
                elif reason:
                    self._not_opened(reason)

        self._desk.background.run(look, looked, lambda error: self._failed(self._turn, error))

    def _not_opened(self, reason: str) -> None:
        self._awaited, self._progress = None, None
        known = reason in Reason.__members__
        text: Text = msg(f"reason.{reason}") if known else msg("queue.not_opened")
        self._banner = Banner(kind=reason, text=text, tone=Tone.DANGER)
        self._show()

    def _arrive(self, case: CaseId) -> None:
        self._awaited, self._progress, self._text, self._listed = None, None, "", None
        self._cleared += 1
        self._show()
        self._desk.way.case(case)

    # ---- acts ---------------------------------------------------------------------------------------------------

    def _go(self, case: CaseId) -> None:
        way = self._desk.way
        if self._listed is not None and self._is_of_district and case not in self._listed.cases:
            self._banner = _elsewhere()
            self._show()
            return
        if self._screen is ScreenName.SUPPLEMENTS:
            way.supplement(case)
        elif self._screen is ScreenName.ISSUES:
            way.issue(case)
        else:
            way.case(case)

    def _claim(self, case: CaseId) -> None:
        work = self._desk.work

        def refused(error: Exception) -> None:
            if isinstance(error, Refused):
                trace("act blocked", act=QueueAct.CLAIM.value, reason=error.reason.value)
            self._banner = Banner(kind=type(error).__name__, text=sentence(error))
            self._show()

        self._desk.background.run(lambda: deciding.claim(work(), case), lambda _: self._desk.way.case(case), refused)

    def _show(self) -> None:
        self._view.show(
            queue_model(
                Standing(
                    screen=self._screen,
                    queue=self._queue,
                    listed=self._listed,
                    selected=self._selected,
                    progress=self._progress,
                    banner=self._banner,
                    cleared=self._cleared,
                    is_reading=self._is_reading,
                    is_away=self._desk.session.sync.status.line is not Line.ONLINE,
                    reason=self._reason,
                    exports=self._exports,
                    notice=self._notice,
                )
            )
        )


def _elsewhere() -> Banner:
    """The number is right, but the case is not here: what else is needed."""
    text, hint = msg("queue.elsewhere"), msg("queue.elsewhere_hint")
    return Banner(kind="ELSEWHERE", text=text, tone=Tone.NEUTRAL, mark=Mark.INFO, hint=hint)
