"""补正告知书的打印: on the desk's own printer, or at the counter that took the papers in.

Rules kept here: the supplement is told and durable before a byte is printed; a printer that is not there is no trouble
of the case.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.actions.printing import Printed, print_paper
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Mark, Sentence, Tone, msg
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.ids import CaseId


class NoticePrinter:
    """Prints a supplement notice and says how it went. Tk thread only."""

    def __init__(self, desk: Desk, tell: Callable[[Sentence], None]) -> None:
        self._desk = desk
        self._tell = tell

    def print(self, case: CaseId) -> None:
        """Print the notice of a case."""
        desk = self._desk

        def job() -> Printed:
            printer, work = desk.equipment.printer(PaperKind.SUPPLEMENT.value), desk.work()
            return print_paper(work, desk.press, printer, work.store.view(case), PaperKind.SUPPLEMENT)

        self._tell(Sentence(mark=Mark.WAIT, lead=msg("review.printing"), hint=msg("review.printing_hint")))
        desk.printing.run(job, self._printed, self._not_printed)

    def _printed(self, done: Printed) -> None:
        trace("papers done", n=1 if done.is_confirmed else 0)
        self._desk.equipment.printer_was(*done.troubles)
        if done.is_confirmed:
            hint = msg("review.printed_hint")
            self._tell(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("review.printed"), hint=hint))
            return
        trouble = next(iter(sorted(done.troubles, key=lambda t: t.name)), Trouble.ABORTED)
        self._tell(Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=msg(f"device.{trouble.name}")))

    def _not_printed(self, error: Exception) -> None:
        trace("papers done", n=0)
        if isinstance(error, DeviceError):
            self._desk.equipment.printer_was(error.trouble)
        if isinstance(error, DeviceError) and error.trouble is Trouble.OFFLINE:
            self._tell(Sentence(mark=Mark.INFO, lead=msg("review.no_printer"), hint=msg("review.no_printer_hint")))
            return
        self._tell(Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=sentence(error)))
