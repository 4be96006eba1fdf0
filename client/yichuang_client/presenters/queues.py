"""办件列表: 我的办件, 待补正, 待出件 and 查询, one presenter for four screens.

Rules kept here: the old rows stay while new ones are read; the selection follows the case; a search of this desk works
without a line, a case of another place needs the line and the applicant's own means, and is opened when it has come.
"""

from __future__ import annotations

from collections.abc import Sequence

from yichuang_client.actions import deciding
from yichuang_client.devices.identity_card import IdentityCard
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Banner, Progress, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.queues import QueueAct, QueueModel
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.queues_awaited import Awaited
from yichuang_client.presenters.queues_card import ByCard, QueueCard, by_card, open_by_card
from yichuang_client.presenters.queues_district import search_district
from yichuang_client.presenters.queues_file import write_list
from yichuang_client.presenters.queues_finding import ByWords
from yichuang_client.presenters.queues_model import (
    BY_CARD,
    DISTRICT,
    HERE,
    LONGEST_QUERY,
    Standing,
    elsewhere,
    queue_model,
)
from yichuang_client.presenters.queues_reading import Found, Listed, find, read_on, read_queue, search_here, why_due
from yichuang_client.presenters.typed_text import fault_of, narrow
from yichuang_client.store.case_rows import CaseRow, Queue
from yichuang_client.sync.errors import TransportError
from yichuang_client.sync.status import CasesChanged, Line, StatusChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.case import State
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId


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
        self._awaited = Awaited(
            desk,
            show=self._show,
            arrived=lambda row: self._arrive(row.case_id, row),
            refused=self._not_opened,
            failed=lambda error: self._failed(self._turn, error),
        )
        self._card = QueueCard(desk, self._show)
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
        self._card.forget()
        if self._listed is not None and self._listed.holder:
            self._listed = None
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        if self._awaited.case is not None:
            self._awaited.told(events)
            return
        if not events and self._listed is not None and self._listed.holder:
            self._listed = None  # the person is back from a case: the next citizen lays a card of their own
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
            self._queue, self._is_reading = Queue[key], False
            self._read()

    def search(self, query: str) -> None:
        """As ``QueueEvents.search``: what is typed, and once more at Enter."""
        query = narrow(query).strip()
        if query == self._text and self._is_of_district:
            return  # Enter after the district was asked: its answer stays
        self._text, self._notice = query, None
        self._awaited.stop()
        self._card.forget()
        self._turn += 1
        fault = fault_of(self._text, LONGEST_QUERY)
        self._banner = Banner(kind="QUERY", text=fault) if fault != "" else None
        self._is_reading, self._is_finding = False, bool(self._text) and fault == ""
        if not self._is_finding:
            self._text, self._listed, self._progress = "", None, None
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
        elif act == QueueAct.READ_CARD and self._screen in BY_CARD:
            self._notice = None
            self._card.read(self._card_came, self._show)
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
        if not self._card.stop():
            self._desk.way.back()

    def type_in(self, key: str, text: str) -> None:
        """As ``QueueEvents.type_in``: no strip has fields here."""

    def export(self, lines: Sequence[Sequence[str]]) -> None:
        """As ``QueueEvents.export``."""
        write_list(self._desk, lines, self._screen.value, self._noted)

    def _noted(self, notice: Sentence) -> None:
        self._notice = notice
        self._show()

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
        """A page came: show it, and what an older reading has of the rest; then read on."""
        if turn != self._turn:
            return
        old = self._listed if self._listed is not None and self._listed.queue is listed.queue else None
        self._listed = listed.before(old) if listed.has_rest and old is not None else listed
        self._queue, before = listed.queue, self._selected
        if all(row.key != self._selected for row in self._listed.rows):
            self._selected = listed.rows[0].key if listed.rows else None
        if before != self._selected or not listed.has_rest:
            self._explain()
        self._is_reading = listed.has_rest
        self._show()
        trace("queue shown", screen=self._screen.value, rows=len(listed.rows), total=listed.total)
        if listed.has_rest:
            work = self._desk.work
            self._desk.background.run(
                lambda: read_on(work(), listed),
                lambda longer: self._came(turn, longer),
                lambda error: self._failed(turn, error),
            )
        elif self._is_dirty and not self._is_of_district:
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
        if self._listed is not None and self._listed.holder:
            self._listed = None
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
            self._banner = elsewhere() if is_elsewhere else None
            self._came(turn, found.listed)
        elif found.case is not None:
            trace("case found", case=found.case, here=found.is_here)
            if found.is_here:
                self._arrive(found.case)
            else:
                self._awaited.begin(found.case)

    def _not_found(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        self._is_finding, self._progress = False, None
        needs_line = isinstance(error, Refused) and error.reason is Reason.NEEDS_LINE
        text = msg("queue.needs_line") if needs_line else sentence(error)
        self._banner = Banner(kind="NOT_FOUND", text=text)
        self._show()
        self._view.focus("query")

    def _not_opened(self, reason: str) -> None:
        known = reason in Reason.__members__
        text: Text = msg(f"reason.{reason}") if known else msg("queue.not_opened")
        self._banner = Banner(kind=reason, text=text, tone=Tone.DANGER)
        self._show()

    def _arrive(self, case: CaseId, row: CaseRow | None = None) -> None:
        self._progress, self._text, self._listed = None, "", None
        self._cleared += 1
        self._show()
        self._lead_to(case, row)

    # ---- acts ---------------------------------------------------------------------------------------------------

    def _go(self, case: CaseId) -> None:
        listed = self._listed
        if listed is not None and case in listed.away:
            self._open_by_card(listed.away[case])
        elif listed is not None and self._is_of_district and case not in listed.cases:
            self._banner = elsewhere()
            self._show()
        else:
            self._lead_to(case, listed.cases.get(case) if listed is not None else None)

    def _lead_to(self, case: CaseId, row: CaseRow | None = None) -> None:
        way = self._desk.way
        if self._screen is ScreenName.SUPPLEMENTS:
            way.supplement(case)
        elif self._screen is ScreenName.ISSUES and (row is None or row.state is State.READY_TO_ISSUE):
            way.issue(case)
        else:
            way.case(case)

    # ---- by the applicant's card --------------------------------------------------------------------------------

    def _card_came(self, card: IdentityCard) -> None:
        """Look for the cases of who holds the card."""
        self._turn += 1
        self._is_reading, self._is_finding, self._banner, self._text = False, True, None, ""
        self._cleared += 1
        turn, work, session = self._turn, self._desk.work, self._desk.session
        self._progress = Progress(text=msg("queue.searching_card"))

        def came(found: ByCard) -> None:
            if turn == self._turn:
                self._is_finding, self._progress = False, None
                trace("card cases", rows=len(found.listed.rows), away=len(found.listed.away))
                self._came(turn, found.listed)
                if found.only:
                    self._selected = found.only
                    self._go(CaseId(found.only))

        self._desk.background.run(
            lambda: by_card(work(), session, card), came, lambda error: self._not_found(turn, error)
        )

    def _open_by_card(self, cases: tuple[CaseId, ...]) -> None:
        desk = self._desk
        desk.background.run(lambda: open_by_card(desk.work(), cases), self._awaited.begin, self._barred)

    def _claim(self, case: CaseId) -> None:
        desk = self._desk
        desk.background.run(lambda: deciding.claim(desk.work(), case), lambda _: desk.way.case(case), self._barred)

    def _barred(self, error: Exception) -> None:
        trace("act blocked", act="open", reason=type(error).__name__)
        self._banner = Banner(kind=type(error).__name__, text=sentence(error))
        self._show()

    def _show(self) -> None:
        self._view.show(
            queue_model(
                Standing(
                    screen=self._screen,
                    queue=self._queue,
                    listed=self._listed,
                    selected=self._selected,
                    progress=self._awaited.progress or self._progress or self._card.progress,
                    banner=self._banner or self._card.banner,
                    cleared=self._cleared,
                    is_reading=self._is_reading,
                    is_away=self._desk.session.sync.status.line is not Line.ONLINE,
                    reason=self._reason,
                    exports=self._exports,
                    notice=self._notice,
                    can_read_card=self._card.can_read,
                )
            )
        )
