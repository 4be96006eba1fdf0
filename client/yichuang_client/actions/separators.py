"""材料分隔页: one sheet a material, laid before its pages in the feeder.

Rules kept here: they print from memory and are of no log, for nothing of a case hangs on them; without a number yet a
sheet is named after its draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yichuang_client.actions.printing import wait_for
from yichuang_client.actions.work import Work
from yichuang_client.devices.printing import PrinterDriver, PrintTicket
from yichuang_client.documents.paper_data import SeparatorData
from yichuang_client.documents.press import Press
from yichuang_client.documents.qr import separator_payload
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId

_SERIALS = 10_000


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What the sheets of one case say."""

    case: CaseId
    number: str = ""
    """Of the case; empty before it is received."""
    applicant: str = field(repr=False)
    item: str
    materials: Sequence[str]
    """Names, in the order of the checklist."""


def separators(work: Work, checklist: Checklist, ordinals: Sequence[int]) -> tuple[SeparatorData, ...]:
    """The facts of these sheets, counted from 1. Raises PaperError, StoreError."""
    desk, total = work.store.desk, len(checklist.materials)
    number = checklist.number or f"{desk.replica}-{checklist.case[:8].upper()}"
    digits = f"{desk.replica}{work.today:%Y%m%d}{int(checklist.case[:8], 16) % _SERIALS:04}"
    return tuple(
        SeparatorData(
            case_number=number,
            office=work.place.name,
            phone=work.place.phone or None,
            qr=separator_payload(number, ordinal, total),
            applicant=checklist.applicant.strip() or "—",
            item=checklist.item,
            material=checklist.materials[ordinal - 1],
            ordinal=ordinal,
            total=total,
            pages=None,
            bar_digits=f"{digits}{ordinal % 100:02}",
        )
        for ordinal in ordinals
    )


def print_separators(
    work: Work, press: Press, printer: PrinterDriver, checklist: Checklist, ordinals: Sequence[int]
) -> int:
    """Print these sheets and wait for the printer; returns how many.

    Never on the Tk thread. Raises PaperError, DeviceError, StoreError.
    """
    sheets = separators(work, checklist, ordinals)
    for said in sheets:
        pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
        wait_for(printer, printer.submit(pdf, PrintTicket(name=f"{said.case_number} S{said.ordinal:02}")))
    trace("separators printed", n=len(sheets))
    return len(sheets)
