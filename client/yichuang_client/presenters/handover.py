"""交接: the papers of accepted cases go to their sections, and the signed slips come back.

Rules kept here: what goes is durable before the slip prints; a slip that did not come out is told, and the papers stand
under what is on its way, from where they can be taken back; the old rows stay while new ones are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yichuang_client.actions import handover
from yichuang_client.actions.handover import Papers, Sent, To
from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.handover_model import (
    BAG,
    COMING,
    CONTAINER,
    HERE,
    PERSON,
    TEXT,
    Seen,
    Standing,
    difference_key,
    handover_model,
)
from yichuang_client.presenters.jotting import Jotting, jotted
from yichuang_client.presenters.models.common import Mark, Sentence, Tone, View, msg
from yichuang_client.presenters.models.queues import HandoverAct, QueueModel
from yichuang_client.store.drafts import DraftKind
from yichuang_client.sync.status import CasesChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Section

_DRAFT = CaseId("handover")
"""Where it is kept what is typed: it is of no case."""


class HandoverPresenter:
    """The hand-over screen; hears it as ``QueueEvents``."""

    def __init__(self, view: View[QueueModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._seen: Seen | None = None
        self._shown = HERE
        self._selected: str | None = None
        self._asked = ""
        self._typed: dict[str, str] = {}
        self._jotting = Jotting(desk, DraftKind.HANDOVER)
        self._notice: Sentence | None = None
        self._is_busy = False

    def open(self, key: str = "") -> None:
        """The screen comes to the front; with a key: its case is opened, as ``QueueEvents.open``."""
        if key:
            self._desk.way.case(CaseId(key))
            return
        self._asked, self._notice = "", None
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        if not events or any(isinstance(event, CasesChanged) for event in events):
            self._read()

    def keep(self) -> None:
        """As ``Keeping.keep``."""
        self._jotting.keep()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """As ``QueueEvents.select``."""
        self._selected, self._notice = key, None
        self._show()

    def filter(self, key: str) -> None:
        """As ``QueueEvents.filter``."""
        self._shown = key
        self._asked, self._notice = "", None
        self._choose_first()
        self._show()

    def search(self, query: str) -> None:
        """As ``QueueEvents.search``: there is no query here."""

    def export(self, lines: Sequence[Sequence[str]]) -> None:
        """As ``QueueEvents.export``: the slip is the list."""

    def type_in(self, key: str, text: str) -> None:
        """As ``QueueEvents.type_in``."""
        self._type({**self._typed, difference_key(self._selected) if key == TEXT else key: text})
        self._show()

    def act(self, act: str) -> None:
        """As ``QueueEvents.act``."""
        if act == HandoverAct.BACK:
            self._desk.way.back()
        elif act == HandoverAct.OPEN and self._selected is not None:
            self._desk.way.case(CaseId(self._selected))
        elif act == HandoverAct.PRINT and not self._is_busy:
            self._print_again(self._standing().same_batch)
        elif not self._is_busy:
            self._asked, self._notice = act, None
            self._show()

    def cancel(self) -> None:
        """As ``QueueEvents.cancel``."""
        if not self._asked:
            self._desk.way.back()
            return
        self._asked = ""
        self._show()

    def confirm(self, act: str) -> None:
        """As ``QueueEvents.confirm``."""
        now = self._standing()
        strip = handover_model(now).bar.confirm
        if strip is None or strip.act != act or not strip.can_confirm or self._is_busy:
            return
        self._asked = ""
        chosen = now.chosen_sent
        if act == HandoverAct.SEND:
            self._send(now)
        elif act == HandoverAct.TAKE and chosen is not None:
            self._do(HandoverAct.TAKE, lambda work: handover.agree(work, [chosen]))
        elif act == HandoverAct.AGREE:
            batch = now.same_batch
            self._do(HandoverAct.AGREE, lambda work: handover.agree(work, batch))
        elif chosen is not None:
            self._differ(chosen)

    # ---- acts ---------------------------------------------------------------------------------------------------

    def _send(self, now: Standing) -> None:
        desk, batch, typed = self._desk, now.batch, dict(self._typed)

        def work() -> str:
            here = desk.work()
            to = To(
                section=_section(here, batch[0]),
                person=typed.get(PERSON, ""),
                bag=typed.get(BAG, ""),
                container=typed.get(CONTAINER, ""),
            )
            return handover.hand_over(here, desk.press, desk.equipment.printer(), to, batch)

        self._print(work)

    def _print_again(self, batch: Sequence[Sent]) -> None:
        desk = self._desk

        def work() -> str:
            here = desk.work()
            section = _section(here, batch[0].papers)
            handover.print_again(here, desk.press, desk.equipment.printer(), section, batch)
            return batch[0].batch

        if batch:
            self._print(work)

    def _print(self, work: Callable[[], str]) -> None:
        """Print off the Tk thread; ``work`` returns the batch's number."""

        def done(number: str) -> None:
            self._is_busy = False
            self._type({key: text for key, text in self._typed.items() if key not in (PERSON, BAG, CONTAINER)})
            self._say(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("handover.done_send"), hint=number))
            self._read()

        self._is_busy = True
        self._show()
        self._desk.printing.run(work, done, self._failed)

    def _differ(self, chosen: Sent) -> None:
        key = difference_key(self._selected)
        text = self._typed.get(key, "")
        self._type({name: typed for name, typed in self._typed.items() if name != key})
        self._do(HandoverAct.DIFFER, lambda work: handover.differ(work, chosen, text))

    def _do(self, act: HandoverAct, deed: Callable[[Work], None]) -> None:
        work = self._desk.work

        def done(_none: None) -> None:
            trace("handover act done", act=act.value)
            self._say(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg(f"handover.done_{act.value}")))
            self._read()

        self._desk.background.run(lambda: deed(work()), done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._is_busy = False
        self._say(Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=sentence(error)))
        self._read()

    # ---- reading and showing ------------------------------------------------------------------------------------

    def _read(self) -> None:
        work = self._desk.work

        def came(seen: Seen) -> None:
            if self._seen is None:
                self._typed = {**seen.typed, **self._typed}
            self._seen = seen
            self._shown = COMING if seen.is_section else self._shown
            self._choose_first()
            self._show()
            trace("handover shown", here=len(seen.here), sent=len(seen.sent))

        def failed(error: Exception) -> None:
            self._say(Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=sentence(error)))

        self._desk.background.run(lambda: _seen(work()), came, failed)

    def _choose_first(self) -> None:
        rows = handover_model(self._standing()).table.rows
        if all(row.key != self._selected for row in rows):
            self._selected = rows[0].key if rows else None

    def _type(self, typed: dict[str, str]) -> None:
        self._typed = typed
        self._jotting.write(_DRAFT, {key: text for key, text in typed.items() if text})

    def _say(self, said: Sentence) -> None:
        self._notice = said
        self._show()

    def _standing(self) -> Standing:
        return Standing(
            seen=self._seen,
            shown=self._shown,
            selected=self._selected,
            asked=self._asked,
            typed=dict(self._typed),
            notice=self._notice,
            is_busy=self._is_busy,
        )

    def _show(self) -> None:
        self._view.show(handover_model(self._standing()))


def _section(work: Work, papers: Papers) -> Section:
    return next(section for section in work.district.sections if section.section == papers.section)


def _seen(work: Work) -> Seen:
    is_section = work.store.desk.section is not None
    return Seen(
        here=() if is_section else handover.waiting(work),
        sent=handover.coming(work) if is_section else handover.on_their_way(work),
        is_section=is_section,
        sections={section.section: section.name for section in work.district.sections},
        today=work.today,
        calendar=work.store.people.calendar,
        typed=jotted(work, _DRAFT, DraftKind.HANDOVER),
    )
