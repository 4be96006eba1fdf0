"""物料流转交接单: the paper originals of a counter's cases go to each section in a batch, with a slip.

Rules kept here: a case stands on a slip once, unless that print was voided; the cases' logs say on which they stand;
the intent is durable before a byte leaves, the end when the printer says completed; a slip goes from memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from yichuang_client.actions.paper_facts import shown
from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import JobState, PrinterDriver, PrintTicket
from yichuang_client.documents.paper_data import HandoverData, HandoverRow
from yichuang_client.documents.press import Press
from yichuang_client.documents.qr import batch_payload
from yichuang_client.trace import trace
from yichuang_domain.actions import ConfirmPrint, PaperKind, StartPrint
from yichuang_domain.case import Case, PrintState, State
from yichuang_domain.catalog import MaterialForm
from yichuang_domain.ids import CaseId, PrintId
from yichuang_domain.organisation import Section
from yichuang_domain.party import Evidence, HandedIn

_KEPT = frozenset({State.DECLINED, State.WITHDRAWN})
"""Their papers go back to the applicant."""
_WITHOUT_PAPER = frozenset({Evidence.CERTIFICATE, Evidence.DEFERRED})


@dataclass(frozen=True, kw_only=True)
class Batch:
    """一批: what goes to one section."""

    section: Section
    cases: tuple[Case, ...]
    """In the order of their numbers."""


@dataclass(frozen=True, kw_only=True)
class SlipPrinted:
    """What became of a batch's slip."""

    batch: Batch
    is_confirmed: bool
    troubles: frozenset[Trouble]


def batches(work: Work, cases: Iterable[CaseId]) -> tuple[Batch, ...]:
    """What is to be handed over of these cases, a batch a section. Raises StoreError."""
    here = (case for name in cases if (case := work.store.find(name)) is not None)
    found = sorted(here, key=lambda case: case.number)
    waiting = [case for case in found if case.state not in _KEPT and not _stands_on_a_slip(case)]
    made = (
        Batch(section=section, cases=tuple(case for case in waiting if case.section == section.section))
        for section in work.district.sections
    )
    return tuple(batch for batch in made if batch.cases)


def print_batch(work: Work, press: Press, printer: PrinterDriver, batch: Batch) -> SlipPrinted:
    """Set and print the slip of a batch and wait for the printer's word; never on the Tk thread.

    Raises PaperError, DeviceError, StoreError, Refused.
    """
    said = slip(work, batch)
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    runs = [(case.case, PrintId(secrets.token_hex(16))) for case in batch.cases]
    work.do(*((case, StartPrint(run=run, paper=PaperKind.HANDOVER)) for case, run in runs))
    job = printer.submit(pdf, PrintTicket(name=runs[0][1]))
    state, troubles = JobState.PENDING, frozenset[Trouble]()
    for status in printer.watch(job):
        state, troubles = status.state, frozenset(status.troubles)
        if state.is_final:
            break
    is_confirmed = state is JobState.COMPLETED
    if is_confirmed:
        work.do(*((case, ConfirmPrint(run=run)) for case, run in runs))
    trace("handover printed", cases=len(batch.cases), confirmed=is_confirmed)
    return SlipPrinted(batch=batch, is_confirmed=is_confirmed, troubles=troubles)


def slip(work: Work, batch: Batch) -> HandoverData:
    """The facts of a slip; its number is the first case's with a B. Raises StoreError."""
    place, desk = work.place, work.store.desk.replica
    number = f"B{batch.cases[0].number}"
    return HandoverData(
        case_number=number,
        office=place.name,
        phone=place.phone or None,
        qr=batch_payload(number),
        from_party=f"{place.name}　{desk}　{work.person.name}",
        to_party=batch.section.name,
        handed_time=work.clock(),
        rows=tuple(_row(work, case) for case in batch.cases),
    )


def _row(work: Work, case: Case) -> HandoverRow:
    item = work.item_of(case)
    originals = {m.key for m in item.materials if m.form is MaterialForm.ORIGINAL}
    papers = [one for one in case.materials if one.evidence not in _WITHOUT_PAPER]
    return HandoverRow(
        case_number=case.number,
        applicant=shown(case.applicant.name),
        item=item.name,
        pieces=len(papers),
        pages=sum(map(_sheets, papers)),
        originals=sum(one.copies for one in papers if one.material in originals),
        due_on=case.acceptance.promised_due_on if case.acceptance else None,
    )


def _sheets(one: HandedIn) -> int:
    """Pages as scanned; of what was not scanned, at least one a copy."""
    return one.pages or one.copies


def _stands_on_a_slip(case: Case) -> bool:
    return any(run.paper is PaperKind.HANDOVER and run.state is PrintState.CONFIRMED for run in case.prints)
