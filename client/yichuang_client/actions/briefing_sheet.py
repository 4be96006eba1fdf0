"""一口清告知单: the sheet that the applicant takes home, from the published guide alone.

Rules kept here: it names no person and belongs to no case, so the ledger of papers does not know it; what the
catalogue does not state stays None (目录未载); the materials are those of the situation, or all that may be asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from yichuang_client.actions.work import Work
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.printing import JobState, PrinterDriver, PrintTicket
from yichuang_client.documents.paper_data import BriefingData, BriefingMaterial, BriefingPlace, BriefingStep, Form
from yichuang_client.documents.press import Press
from yichuang_client.trace import trace
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.material import possible


@dataclass(frozen=True, kw_only=True)
class SheetPrinted:
    """What became of a sheet."""

    is_confirmed: bool
    troubles: frozenset[Trouble]


def sheet(work: Work, item: ItemVersion, answers: Mapping[str, str]) -> BriefingData:
    """The facts of the sheet. Raises PaperError, StoreError."""
    place = work.place
    said = [option.text for q in item.questions for option in q.options if option.key == answers.get(q.key)]
    return BriefingData(
        case_number=item.code,
        office=place.name,
        phone=place.phone or None,
        item=item.name,
        situation="、".join(said) or None,
        materials=_materials(item, answers),
        places=(BriefingPlace(name=place.name, address=place.address or None, hours=place.hours or None),),
        promised=item.promised_limit,
        statutory=item.statutory_limit,
        is_instant=item.instant,
        steps=tuple(BriefingStep(title=step) for step in item.steps) or None,
        is_charged=item.fee.charged if item.fee else None,
        fee=item.fee.text or None if item.fee else None,
        mistakes=item.mistakes or None,
        after=item.after or None,
        basis=item.basis,
        version=str(item.version),
        effective_on=item.effective_on,
        printed_time=work.clock(),
    )


def print_sheet(
    work: Work, press: Press, printer: PrinterDriver, item: ItemVersion, answers: Mapping[str, str]
) -> SheetPrinted:
    """Set and print the sheet and wait for the printer's word; never on the Tk thread.

    Raises PaperError, DeviceError, StoreError.
    """
    said = sheet(work, item, answers)
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    job = printer.submit(pdf, PrintTicket(name=secrets.token_hex(16)))
    state, troubles = JobState.PENDING, frozenset[Trouble]()
    for status in printer.watch(job):
        state, troubles = status.state, frozenset(status.troubles)
        if state.is_final:
            break
    trace("sheet printed", confirmed=state is JobState.COMPLETED)
    return SheetPrinted(is_confirmed=state is JobState.COMPLETED, troubles=troubles)


def _materials(item: ItemVersion, answers: Mapping[str, str]) -> tuple[BriefingMaterial, ...] | None:
    if not item.materials and not item.lists_materials:
        return None
    return tuple(
        BriefingMaterial(name=m.name, form=Form(m.form.value), copies=m.copies, note=m.note)
        for m in possible(item, answers)
    )
