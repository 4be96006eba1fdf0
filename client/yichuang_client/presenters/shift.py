"""班次: the day at this desk, the print ledger, and the closing sheet.

Rules kept here: a print that nobody has ended is ended by a person; the sheet can be printed as often as wanted, its
number says the day; the old rows stay while new ones are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yichuang_client.actions import issuing
from yichuang_client.actions.closing import day_at_desk, print_sheet
from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Mark, Sentence, Tone, View, msg
from yichuang_client.presenters.models.queues import QueueModel, ShiftAct
from yichuang_client.presenters.shift_model import LEDGER, PEOPLE, Seen, Standing, shift_model
from yichuang_client.sync.status import CasesChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.case import Case


class ShiftPresenter:
    """The shift screen; hears it as ``QueueEvents``."""

    def __init__(self, view: View[QueueModel], desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._seen: Seen | None = None
        self._shown = PEOPLE
        self._selected: str | None = None
        self._asked = ""
        self._notice: Sentence | None = None
        self._is_busy = False

    def open(self, key: str = "") -> None:
        """The screen comes to the front; with a key: its case is opened, as ``QueueEvents.open``."""
        if key:
            self._selected = key
            self._open_case()
            return
        self._asked, self._notice = "", None
        self._read()

    def told(self, events: Sequence[SyncEvent]) -> None:
        """The sync loop told something, or the person came back."""
        if not events or any(isinstance(event, CasesChanged) for event in events):
            self._read()

    # ---- what the screen tells ----------------------------------------------------------------------------------

    def select(self, key: str) -> None:
        """As ``QueueEvents.select``."""
        self._selected, self._notice = key, None
        self._show()

    def filter(self, key: str) -> None:
        """As ``QueueEvents.filter``."""
        self._shown, self._asked, self._notice = key, "", None
        self._choose_first()
        self._show()

    def search(self, query: str) -> None:
        """As ``QueueEvents.search``: there is no query here."""

    def export(self, lines: Sequence[Sequence[str]]) -> None:
        """As ``QueueEvents.export``: the closing sheet is the list."""

    def type_in(self, key: str, text: str) -> None:
        """As ``QueueEvents.type_in``: no strip has fields here."""

    def act(self, act: str) -> None:
        """As ``QueueEvents.act``."""
        run = self._standing().run
        if self._is_busy:
            return
        if act == ShiftAct.PRINT:
            self._print()
        elif act == ShiftAct.OPEN:
            self._open_case()
        elif act == ShiftAct.CONFIRM and run is not None:
            self._do(ShiftAct.CONFIRM, lambda work: issuing.confirm_print(work, run.case, run.run))
        elif act == ShiftAct.VOID:
            self._asked = act
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
        run, self._asked = self._standing().run, ""
        if act == ShiftAct.VOID and run is not None:
            self._do(ShiftAct.VOID, lambda work: issuing.void_print(work, run.case, run.run))

    # ---- acts ---------------------------------------------------------------------------------------------------

    def _print(self) -> None:
        desk = self._desk

        def done(number: str) -> None:
            self._is_busy = False
            self._say(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("shift.printed"), hint=number))

        self._is_busy = True
        self._show()
        desk.printing.run(lambda: print_sheet(desk.work(), desk.press, desk.equipment.printer()), done, self._failed)

    def _do(self, act: ShiftAct, deed: Callable[[Work], Case]) -> None:
        work = self._desk.work

        def done(_case: Case) -> None:
            trace("ledger act done", act=act.value)
            self._notice = None
            self._read()

        self._desk.background.run(lambda: deed(work()), done, self._failed)

    def _open_case(self) -> None:
        run = self._standing().run
        if run is not None:
            self._desk.way.case(run.case)

    def _failed(self, error: Exception) -> None:
        self._is_busy = False
        self._say(Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=sentence(error)))

    # ---- reading and showing ------------------------------------------------------------------------------------

    def _read(self) -> None:
        work = self._desk.work

        def came(seen: Seen) -> None:
            self._seen = seen
            self._choose_first()
            self._show()
            trace("shift shown", people=len(seen.day.rows), runs=len(seen.ledger))

        self._desk.background.run(lambda: _seen(work()), came, self._failed)

    def _choose_first(self) -> None:
        rows = shift_model(self._standing()).table.rows
        if all(row.key != self._selected for row in rows):
            self._selected = rows[0].key if rows else None

    def _say(self, said: Sentence) -> None:
        self._notice = said
        self._show()

    def _standing(self) -> Standing:
        return Standing(
            seen=self._seen,
            shown=self._shown if self._shown == LEDGER else PEOPLE,
            selected=self._selected,
            asked=self._asked,
            notice=self._notice,
            is_busy=self._is_busy,
        )

    def _show(self) -> None:
        self._view.show(shift_model(self._standing()))


def _seen(work: Work) -> Seen:
    day, late = day_at_desk(work), work.store.prints.unfinished()
    rows = {run.case: work.store.rows.find(run.case) for run in (*day.runs, *late)}
    numbers = {case: row.number for case, row in rows.items() if row is not None}
    return Seen(day=day, open_runs=late, numbers={str(case): number for case, number in numbers.items()})
