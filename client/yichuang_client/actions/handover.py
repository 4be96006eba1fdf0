"""交接: paper originals going to their section in a batch, with a slip that both sides sign, and its reconciliation.

Rules kept here: a batch goes to one section; what goes is recorded in every case's log before a byte goes to the
printer, as the print of the slip with the batch's number and the line; the slip comes back signed: confirmed where it
agrees, voided with a note where it does not, so that the papers stand in the list again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yichuang_client.actions.paper_facts import shown
from yichuang_client.actions.printing import wait_for
from yichuang_client.actions.work import Work
from yichuang_client.devices.printing import PrinterDriver, PrintTicket
from yichuang_client.documents.paper_data import HandoverData, HandoverRow
from yichuang_client.documents.press import Press
from yichuang_client.documents.qr import batch_payload
from yichuang_client.store.case_rows import CaseRow
from yichuang_client.store.print_ledger import LedgerRun
from yichuang_client.trace import trace
from yichuang_domain import actions as a
from yichuang_domain.case import Case, PrintRun, PrintState
from yichuang_domain.ids import CaseId, PrintId, SectionId
from yichuang_domain.material import MaterialForm
from yichuang_domain.organisation import Section
from yichuang_domain.party import Evidence

MOST = 60
"""Cases of one batch at most: three pages of the slip."""
COPIES = 2
"""One for who gives, one for who takes."""
_PAPER = frozenset({Evidence.SCANNED, Evidence.ORIGINAL_CHECKED})


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The papers of one case that go to its section."""

    row: CaseRow
    section: SectionId
    pieces: int
    pages: int
    originals: int
    """Originals among the pieces, which go back to the applicant in the end."""
    due_on: date | None
    came_back: bool = False
    """Whether the slip before came back with a difference."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Papers on their way: the slip was printed and is not back yet."""

    papers: Papers
    batch: str
    run: PrintId


@dataclass(frozen=True, kw_only=True)
class To:
    """Who takes the batch, and in what it goes; as typed."""

    section: Section
    person: str = ""
    bag: str = ""
    container: str = ""


def waiting(work: Work) -> tuple[Papers, ...]:
    """The cases whose papers lie here, the oldest first. Raises StoreError."""
    rows = work.store.rows.with_papers(work.store.desk.place, MOST * 5)
    found = (_papers(work, row) for row in rows)
    return tuple(papers for papers in found if papers is not None and papers.pieces)


def on_their_way(work: Work) -> tuple[Sent, ...]:
    """What waits for its signed slip, batch by batch. Raises StoreError."""
    sent = []
    for run in work.store.prints.open_of(a.PaperKind.HANDOVER):
        row = work.store.rows.find(run.case)
        papers = _papers(work, row, sent=True) if row is not None else None
        if papers is not None:
            sent.append(Sent(papers=papers, batch=batch_of(run), run=run.run))
    return tuple(sent)


def coming(work: Work) -> tuple[Sent, ...]:
    """At a section's desk: what was sent to it and nobody has signed for, batch by batch. Raises StoreError."""
    section = work.store.desk.section
    found = []
    for row in work.store.rows.with_slips(section) if section is not None else ():
        papers, case = _papers(work, row, sent=True), work.store.find(row.case_id)
        slips = [run for run in case.prints if run.paper is a.PaperKind.HANDOVER] if case is not None else []
        if papers is not None and slips and slips[-1].state is PrintState.STARTED:
            found.append(Sent(papers=papers, batch=batch_of(slips[-1]), run=slips[-1].run))
    return tuple(sorted(found, key=lambda one: one.batch))


def batch_of(run: LedgerRun | PrintRun) -> str:
    """The batch of a line of a slip."""
    return run.serial.rpartition("/")[0]


def _papers(work: Work, row: CaseRow, *, sent: bool = False) -> Papers | None:
    case = work.store.find(row.case_id)
    if case is None or case.section is None or (not sent and _went(case)):
        return None
    item = work.store.catalogue.find(case.item, case.item_version)
    forms = {m.key: m.form for m in item.materials} if item is not None else {}
    came = [m for m in case.materials if m.evidence in _PAPER]
    kept = [m for m in came if forms.get(m.material) is MaterialForm.ORIGINAL]
    return Papers(
        row=row,
        section=case.section,
        pieces=sum(m.copies for m in came),
        pages=sum(m.pages for m in came),
        originals=sum(m.copies for m in kept),
        due_on=row.due_on,
        came_back=any(run.paper is a.PaperKind.HANDOVER for run in case.prints) and not _went(case),
    )


def _went(case: Case) -> bool:
    """Whether the papers went already, at whatever desk."""
    gone = [run for run in case.prints if run.paper is a.PaperKind.HANDOVER]
    return bool(gone) and gone[-1].state is not PrintState.VOIDED


def slip(work: Work, batch: str, to: To, papers: Sequence[Papers]) -> HandoverData:
    """The facts of the slip. Raises PaperError, StoreError."""
    place = work.place
    return HandoverData(
        case_number=batch,
        office=place.name,
        phone=place.phone or None,
        qr=batch_payload(batch),
        from_party="　".join((place.name, work.store.desk.replica, work.person.name)),
        to_party="　".join(part for part in (to.section.name, to.person.strip()) if part),
        handed_time=work.clock(),
        bag=to.bag.strip() or None,
        container=to.container.strip() or None,
        rows=tuple(_line(work, one) for one in papers),
    )


def _line(work: Work, papers: Papers) -> HandoverRow:
    case = work.store.view(papers.row.case_id)
    return HandoverRow(
        case_number=case.number,
        applicant=shown(case.applicant.name),
        item=papers.row.item_name or case.item,
        pieces=papers.pieces,
        pages=papers.pages,
        originals=papers.originals,
        due_on=papers.due_on,
    )


def hand_over(work: Work, press: Press, printer: PrinterDriver, to: To, papers: Sequence[Papers]) -> str:
    """Record that these papers go, print the slip twice and wait for the printer; returns the batch's number.

    Never on the Tk thread. Raises PaperError, DeviceError, Refused, StoreError; what was recorded stays visible.
    """
    desk, today = work.store.desk, work.today
    serial = work.store.serials.take(f"handover {today.isoformat()}")
    batch = f"{desk.district_code}-{desk.replica}-B{today:%Y%m%d}-{serial:02}"
    pdf = _set(work, press, batch, to, papers)
    starts = [
        (one.row.case_id, a.StartPrint(run=_run(), paper=a.PaperKind.HANDOVER, serial=f"{batch}/{line}"))
        for line, one in enumerate(papers, 1)
    ]
    work.do(*starts)
    wait_for(printer, printer.submit(pdf, PrintTicket(name=batch, copies=COPIES)))
    trace("handed over", cases=len(papers))
    return batch


def print_again(work: Work, press: Press, printer: PrinterDriver, section: Section, sent: Sequence[Sent]) -> None:
    """The slip of a batch once more, as when the printer had no paper. Raises as ``hand_over``."""
    batch = sent[0].batch
    pdf = _set(work, press, batch, To(section=section), [one.papers for one in sent])
    wait_for(printer, printer.submit(pdf, PrintTicket(name=f"{batch} {_run()}", copies=COPIES)))


def _set(work: Work, press: Press, batch: str, to: To, papers: Sequence[Papers]) -> bytes:
    said = slip(work, batch, to, papers)
    return press.render(said.paper, said.to_data(), timestamp=work.clock())


def _run() -> PrintId:
    return PrintId(secrets.token_hex(16))


def agree(work: Work, sent: Sequence[Sent]) -> None:
    """Both sides signed and everything is there. Raises Refused, StoreError."""
    work.do(*((one.papers.row.case_id, a.ConfirmPrint(run=one.run)) for one in sent))


def differ(work: Work, sent: Sent, text: str) -> None:
    """The papers of a case were not all there: they stand in the list again. Raises Refused, StoreError."""
    case: CaseId = sent.papers.row.case_id
    work.do((case, a.VoidPrint(run=sent.run)), (case, a.Note(text=work.seal(text.strip()))))
