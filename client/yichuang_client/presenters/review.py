"""审批工作台: the presenter of the back office's desk.

Rules kept here: the store is never touched on the Tk thread; the selection and what is being typed stay through every
refresh; a decision is shown as waiting until the district has answered, a refused one comes back with its reason; the
acts that are offered are those that the state machine lets through now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from yichuang_client.presenters.casework import CasePages
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Mark, Progress, Sentence, Text, Tone, View, msg
from yichuang_client.presenters.models.review import ReviewAct, ReviewModel
from yichuang_client.presenters.models.scan import Fit
from yichuang_client.presenters.review_banner import overtaken_by
from yichuang_client.presenters.review_bar import said_why, why_not
from yichuang_client.presenters.review_case import CaseSeen, give_up, put_away
from yichuang_client.presenters.review_deeds import carry_out
from yichuang_client.presenters.review_look import Look, read_look
from yichuang_client.presenters.review_model import Front, Pages, model_of, question
from yichuang_client.presenters.review_notice import NoticePrinter
from yichuang_client.presenters.review_opinion import template_text
from yichuang_client.presenters.review_queue import queue_rows
from yichuang_client.presenters.review_writing import Writing
from yichuang_client.store.errors import StoreError
from yichuang_client.sync.status import PageArrived, PageSent, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId

_AT_ONCE = frozenset({ReviewAct.CLAIM, ReviewAct.MAKE_READY, ReviewAct.ADOPT})
"""Done without a question: what a citizen would read comes of none of them, or was told already."""
_SILENT = frozenset({ReviewAct.QUEUE, ReviewAct.REFRESH})
"""No acts on the case."""


class ReviewPresenter:
    """The review desk; hears ``ReviewEvents``. Tk thread only."""

    def __init__(self, view: View[ReviewModel], desk: Desk) -> None:
        self._view, self._desk = view, desk
        self._pages = CasePages(desk, self._draw)
        self._writing = Writing(desk, self._failed)
        self._printer = NoticePrinter(desk, self._tell)
        self._look: Look | None = None
        self._seen: CaseSeen | None = None
        """The case on the desk; stays when it leaves the store, so that what was written can be copied."""
        self._selected: CaseId | None = None
        self._front = Front()
        self._known_steps = 0
        self._awaited: dict[CaseId, ReviewAct] = {}
        self._is_saving = False
        self._is_reading = False
        self._reads_again = False
        self._traced: dict[str, object] = {}

    # ---- life -------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the desk anew; selection and texts stay."""
        self._traced.clear()
        self._show(progress=Progress(text=msg("review.reading")))
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the screen is in front again (no event)."""
        self._pages.told(events)
        if not events or any(not isinstance(event, PageArrived | PageSent) for event in events):
            self._read()

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._writing.flush()

    # ---- reading ----------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Look at the store; one look at a time, once more if something changed meanwhile."""
        if self._is_reading:
            self._reads_again = True
            return
        self._is_reading = True
        desk, asked, awaited = self._desk, self._selected, tuple(self._awaited)
        desk.background.run(lambda: read_look(desk, asked, awaited), self._looked, self._not_read)

    def _looked(self, look: Look) -> None:
        self._is_reading = False
        if look.asked == self._selected:
            self._take(look)
        self._read_on()

    def _not_read(self, error: Exception) -> None:
        self._is_reading = False
        self._failed(error)
        self._read_on()

    def _read_on(self) -> None:
        if self._reads_again:
            self._reads_again = False
            self._read()

    def _take(self, look: Look) -> None:
        self._look, self._selected = look, look.selected
        seen, before = look.case, self._seen
        if seen is None and look.selected is None:
            self._seen = None
        if seen is not None:
            self._seen = seen
            if before is None or before.case.case != seen.case.case:
                self._begin(seen)
            self._pages.open(seen.case.page_owner, seen.pages, seen.names)
            self._close_strip_in_vain(seen)
        answered = self._answers(look)
        overtaken = overtaken_by(seen, self._known_steps, look.replica) if seen is not None else None
        self._show(
            rows=queue_rows(look.queue, look.selected),
            progress=None,
            overtaken=overtaken or self._front.overtaken,
        )
        self._trace_seen(look)
        for case, was_refused in answered:
            trace("decision answered", case=case, refused=was_refused)

    def _begin(self, seen: CaseSeen) -> None:
        self._writing.begin(seen.case.case, seen.typed)
        self._known_steps = len(seen.case.steps)
        self._front = replace(self._front, overtaken=None, asking=None)

    def _close_strip_in_vain(self, seen: CaseSeen) -> None:
        """A question that has become pointless meanwhile is closed, with the reason."""
        asking = self._front.asking
        why = why_not(seen, asking, self._writing.typed.text) if asking is not None else None
        if why is not None:
            self._front = replace(self._front, asking=None, notice=said_why(why))

    def _answers(self, look: Look) -> list[tuple[CaseId, bool]]:
        """What the district has answered since: texts of recorded decisions are given up."""
        answered = []
        for case in sorted(look.answered & self._awaited.keys()):
            act = self._awaited.pop(case)
            here = look.case if look.case is not None and look.case.case.case == case else None
            was_refused = here is not None and here.returned is not None
            answered.append((case, was_refused))
            if here is None:
                self._in_background(lambda case=case, act=act: give_up(self._desk.work(), case, act))
            elif not was_refused:
                self._writing.give_up(act)
        return answered

    def _in_background(self, work: Any) -> None:
        self._desk.background.run(work, lambda _: None, self._failed)

    def _trace_seen(self, look: Look) -> None:
        self._trace_once("review queue shown", rows=len(self._front.rows))
        if look.case is not None:
            case = look.case.case
            self._trace_once("case shown", case=case.case, pages=len(case.pages), state=case.state.value, n=case.n)

    def _trace_once(self, event: str, **ids: str | int) -> None:
        if self._traced.get(event) != ids:
            self._traced[event] = ids
            trace(event, **ids)

    # ---- drawing ----------------------------------------------------------------------------------------------

    def _show(self, **changes: Any) -> None:
        """Change what the screen shows, and draw it."""
        self._front = replace(self._front, **changes)
        self._draw()

    def _draw(self) -> None:
        pages = Pages(view=self._pages.view, selected=self._pages.selected, thumbnails=dict(self._pages.thumbnails))
        self._front = self._with_typing()
        model = model_of(self._look, self._seen, pages, self._front)
        self._view.show(model)
        picture = pages.view.picture
        if picture is not None and model.case is not None:
            self._trace_once("page drawn", case=model.case.key, page=picture.key.partition("@")[0])

    def _with_typing(self) -> Front:
        is_turning = self._seen is not None and self._seen.case.case != self._selected
        return replace(
            self._front,
            is_resting=is_turning or self._is_saving,
            typed=self._writing.typed,
            revision=self._writing.revision,
        )

    def _tell(self, notice: Sentence) -> None:
        self._show(notice=notice)
        self._read()

    def _failed(self, error: Exception) -> None:
        notice = Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=sentence(error))
        self._show(progress=None, notice=notice)

    # ---- queue and pages --------------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """As ``ReviewEvents.select``."""
        if key == self._selected:
            return
        self._writing.flush()
        self._selected = CaseId(key)
        rows = queue_rows(self._look.queue, self._selected) if self._look is not None else ()
        self._show(rows=rows, notice=None, asking=None)
        self._read()

    def select_page(self, page: str) -> None:
        """As ``ReviewEvents.select_page``."""
        self._pages.select(page)

    def move(self, step: int) -> None:
        """As ``ReviewEvents.move``."""
        self._pages.move(step)

    def move_material(self, step: int) -> None:
        """As ``ReviewEvents.move_material``."""
        self._pages.move_material(step)

    def fit(self, fit: str) -> None:
        """As ``ReviewEvents.fit``."""
        self._pages.fit(Fit(fit))

    def page_area(self, width: int, height: int) -> None:
        """As ``ReviewEvents.page_area``."""
        self._pages.area(width, height)

    def tab(self, tab: str) -> None:
        """As ``ReviewEvents.tab``."""
        self._show(tab=tab)

    # ---- writing ----------------------------------------------------------------------------------------------

    def write_opinion(self, text: str) -> None:
        """As ``ReviewEvents.write_opinion``."""
        self._writing.write(text)
        self._draw()

    def insert_template(self, key: str) -> Text:
        """As ``ReviewEvents.insert_template``."""
        return template_text(self._seen, key) if self._seen is not None else ""

    # ---- acts -------------------------------------------------------------------------------------------------

    def act(self, act: str) -> None:
        """As ``ActEvents.act``."""
        name = ReviewAct(act)
        if name is ReviewAct.QUEUE:
            self._view.focus("queue")
        elif name is ReviewAct.REFRESH:
            self._refresh()
        elif name in _AT_ONCE and self._may(name):
            self._carry_out(name)
        elif name not in _AT_ONCE and self._may(name):
            self._show(notice=None, asking=name)

    def _may(self, act: ReviewAct) -> bool:
        seen = self._seen
        if seen is None or self._look is None or self._look.case is None or self._front.is_resting:
            return False
        return act not in _SILENT and why_not(seen, act, self._writing.typed.text) is None

    def _refresh(self) -> None:
        try:
            self._desk.session.sync.wake()
        except StoreError as error:
            self._failed(error)
            return
        self._front = replace(self._front, notice=None)
        self.open()

    def type_in(self, key: str, text: str) -> None:
        """As ``ActEvents.type_in``."""
        if self._front.asking is not None:
            self._writing.fill(self._front.asking, key, text)
            self._draw()

    def cancel(self) -> None:
        """As ``ActEvents.cancel``: the question, else the word about a refused decision, is closed."""
        if self._front.asking is not None:
            self._show(asking=None)
        elif self._seen is not None and self._seen.returned is not None:
            work, case = self._desk.work, self._seen.case.case
            self._desk.background.run(lambda: put_away(work(), case), lambda _: self._read(), self._failed)

    def confirm(self, act: str) -> None:
        """As ``ActEvents.confirm``."""
        name, look, seen = ReviewAct(act), self._look, self._seen
        if look is None or seen is None or name is not self._front.asking or not self._may(name):
            return
        asked = question(look, seen, self._with_typing())
        if asked is not None and asked.can_confirm:
            self._carry_out(name)

    def _carry_out(self, act: ReviewAct) -> None:
        seen, work, typed = self._seen, self._desk.work, self._writing.typed
        if seen is None:
            return
        self._writing.flush()
        self._is_saving = True
        self._show(notice=None, asking=None)
        self._desk.background.run(
            lambda: carry_out(work(), seen, act, typed), lambda case: self._done(act, case), self._not_done
        )

    def _done(self, act: ReviewAct, case: Case) -> None:
        self._is_saving = False
        if act is ReviewAct.NOTE:
            self._writing.give_up(act)
        else:
            self._awaited[case.case] = act
        if self._seen is not None and self._seen.case.case == case.case:
            self._known_steps = len(case.steps)
            self._front = replace(self._front, overtaken=None)
        if act is ReviewAct.TELL_SUPPLEMENT:
            self._printer.print(case.case)
        self._read()

    def _not_done(self, error: Exception) -> None:
        self._is_saving = False
        self._failed(error)
        self._read()
