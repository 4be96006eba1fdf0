"""打印: from the facts to paper, with the ledger before and after.

Rules kept here: the intent is durable before a byte leaves; papers go from memory, never through a file; a paper
counts as printed when the printer says completed, numbered stock when the clerk says so; a trouble leaves the run
open, visibly; a person may ask to stop, and what the printer makes of it counts.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from yichuang_client.actions.papers import facts
from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.printing import JobState, PrinterDriver, PrintJob, PrintTicket, Stock
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.documents.press import Press
from yichuang_client.trace import trace
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId, PrintId
from yichuang_domain.training import fits_stock

_ON_STOCK = {
    (Paper.RECEIPT, Stock.ROLL): Paper.RECEIPT_ROLL,
    (Paper.MATERIAL_SLIP, Stock.LABEL): Paper.MATERIAL_LABEL,
}
"""How a paper is set for a printer whose paper is no sheet; from the same facts."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """纸: what a paper goes on, and why it does."""

    serial: str = ""
    """Number of the numbered stock; empty for plain paper."""
    ordinal: int = 1
    """Which of several papers of this kind."""
    reason: a.PrintReason = a.PrintReason.FIRST


PLAIN = Sheet()
"""A first print on plain paper."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What became of a print."""

    run: PrintId
    pdf_bytes: int
    is_confirmed: bool
    """False for numbered stock until the clerk says so, and where the printer met a trouble."""
    troubles: frozenset[Trouble]


class Watch:
    """旁观: hears how a print goes, and may ask to stop it; from any thread."""

    def __init__(self, told: Callable[[frozenset[Trouble]], None]) -> None:
        """``told`` hears on the printing thread what keeps the printer from printing; nothing when it goes on."""
        self.told = told
        self._guard = threading.Lock()
        self._printing: tuple[PrinterDriver, PrintJob] | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Ask; returns at once. A paper that has not left is not sent."""
        with self._guard:
            self._is_stopped = True
            printing = self._printing
        if printing is not None:
            threading.Thread(target=_cancel, args=printing, name="print-stop", daemon=True).start()

    def check(self) -> None:
        """Raises DeviceError (CANCELLED) once somebody asked to stop."""
        if self._is_stopped:
            raise DeviceError(Trouble.CANCELLED)

    def began(self, printer: PrinterDriver, job: PrintJob) -> None:
        """The printer has taken the paper."""
        with self._guard:
            self._printing = (printer, job)
            is_stopped = self._is_stopped
        if is_stopped:
            _cancel(printer, job)


def _cancel(printer: PrinterDriver, job: PrintJob) -> None:
    with contextlib.suppress(DeviceError):  # whoever watches the job hears what became of it
        printer.cancel(job)


def print_paper(
    work: Work,
    press: Press,
    printer: PrinterDriver,
    case: Case,
    paper: a.PaperKind,
    *,
    sheet: Sheet = PLAIN,
    watch: Watch | None = None,
) -> Printed:
    """Set and print a paper of a case, and wait for the printer's word.

    Never on the Tk thread. Raises NothingToPrintError, PaperError, DeviceError, Refused, StoreError; once the intent is
    recorded the run stays visible whatever happens.
    """
    return print_facts(work, press, printer, case.case, paper, facts(work, case, paper), sheet=sheet, watch=watch)


def print_facts(
    work: Work,
    press: Press,
    printer: PrinterDriver,
    case: CaseId,
    paper: a.PaperKind,
    said: PaperHead,
    *,
    sheet: Sheet = PLAIN,
    watch: Watch | None = None,
) -> Printed:
    """The same for facts made before, as of a later hand-in.

    Raises Refused (OTHER_STOCK) too: practice never takes a sheet of real stock, and the other way round.
    """
    if sheet.serial and not fits_stock(sheet.serial, work.store.desk.district_code):
        raise Refused(Reason.OTHER_STOCK)
    watch = watch or Watch(lambda troubles: None)
    paper_form = _ON_STOCK.get((said.paper, printer.stock), said.paper)
    pdf = press.render(paper_form, said.to_data(), timestamp=work.clock())
    watch.check()
    run = PrintId(secrets.token_hex(16))
    work.do((case, a.StartPrint(run=run, paper=paper, **vars(sheet))))
    job = printer.submit(pdf, PrintTicket(name=run))
    watch.began(printer, job)
    state, troubles = _followed(printer, job, watch)
    is_confirmed = state is JobState.COMPLETED and not sheet.serial
    if is_confirmed:
        work.do((case, a.ConfirmPrint(run=run)))
    trace("paper printed", paper=paper.value, run=run, confirmed=is_confirmed)
    return Printed(run=run, pdf_bytes=len(pdf), is_confirmed=is_confirmed, troubles=troubles)


def wait_for(printer: PrinterDriver, job: PrintJob) -> None:
    """Wait for the printer's word on a paper of no single case. Raises DeviceError where it did not come out."""
    state, troubles = _followed(printer, job, Watch(lambda troubles: None))
    if state is not JobState.COMPLETED:
        raise DeviceError(next(iter(troubles), Trouble.ABORTED))


def _followed(printer: PrinterDriver, job: PrintJob, watch: Watch) -> tuple[JobState, frozenset[Trouble]]:
    state, troubles = JobState.PENDING, frozenset[Trouble]()
    for status in printer.watch(job):
        state, troubles = status.state, frozenset(status.troubles)
        watch.told(troubles)
        if state.is_final:
            break
    return state, troubles
