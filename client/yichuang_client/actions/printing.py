"""打印: from the facts to paper, with the ledger before and after.

Rules kept here: the intent is durable before a byte leaves; papers go from memory, never through a file; a paper
counts as printed when the printer says completed, numbered stock when the clerk says so; a trouble leaves the run
open, visibly.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from yichuang_client.actions.papers import facts
from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import JobState, PrinterDriver, PrintTicket
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.documents.press import Press
from yichuang_client.trace import trace
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId, PrintId


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What became of a print."""

    run: PrintId
    pdf_bytes: int
    is_confirmed: bool
    """False for numbered stock until the clerk says so, and where the printer met a trouble."""
    troubles: frozenset[Trouble]


def print_paper(
    work: Work, press: Press, printer: PrinterDriver, case: Case, paper: a.PaperKind, *, serial: str = ""
) -> Printed:
    """Set and print a paper of a case, and wait for the printer's word.

    Never on the Tk thread. Raises NothingToPrintError, PaperError, DeviceError, Refused, StoreError; once the intent is
    recorded the run stays visible whatever happens.
    """
    return print_facts(work, press, printer, case.case, paper, facts(work, case, paper), serial=serial)


def print_facts(
    work: Work,
    press: Press,
    printer: PrinterDriver,
    case: CaseId,
    paper: a.PaperKind,
    said: PaperHead,
    *,
    serial: str = "",
) -> Printed:
    """The same for facts made before, as of a later hand-in."""
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    run = PrintId(secrets.token_hex(16))
    work.do((case, a.StartPrint(run=run, paper=paper, serial=serial)))
    job = printer.submit(pdf, PrintTicket(name=run))
    state, troubles = JobState.PENDING, frozenset[Trouble]()
    for status in printer.watch(job):
        state, troubles = status.state, frozenset(status.troubles)
        if state.is_final:
            break
    is_confirmed = state is JobState.COMPLETED and not serial
    if is_confirmed:
        work.do((case, a.ConfirmPrint(run=run)))
    trace("paper printed", paper=paper.value, run=run, confirmed=is_confirmed)
    return Printed(run=run, pdf_bytes=len(pdf), is_confirmed=is_confirmed, troubles=troubles)
