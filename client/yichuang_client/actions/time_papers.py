"""期限的告知书: the letters that tell an applicant of time that is not counted (art. 45) or added (art. 42).

Rules kept here: the limit that the window promised is told, the statutory one where none was promised; a procedure that
goes on is told with the day on which it ends as planned; every day comes from the domain's clocks and the calendar.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from yichuang_client.actions.paper_facts import NothingToPrintError, letter, shown
from yichuang_client.actions.work import Work
from yichuang_client.documents.paper_data import ExtensionData, ProcedureData, SpecialProcedureData
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import Case, Suspension
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.clocks import promised_clock, statutory_clock
from yichuang_domain.deadline import Clock, derive
from yichuang_domain.deed import local_day
from yichuang_domain.events import Extended


def special_procedure(work: Work, case: Case, item: ItemVersion) -> SpecialProcedureData:
    """特别程序告知书 of the procedure that was begun last. Raises NothingToPrintError, PaperError, StoreError."""
    told, calendar = case.acceptance, work.store.people.calendar
    if told is None or not case.suspensions:
        raise NothingToPrintError(PaperKind.SPECIAL_PROCEDURE.value)
    last = case.suspensions[-1]
    clock = _planned(work, case, item)
    before = derive(replace(clock, pauses=clock.pauses[:-1]), calendar) if clock is not None else None
    after = derive(clock, calendar) if clock is not None else None
    return SpecialProcedureData(
        **letter(work, case, item),
        docno=last.docno,
        issued_on=last.from_on,
        accepted_on=told.accepted_on,
        due_before=before.on if before is not None else None,
        procedures=(
            ProcedureData(
                procedure=last.procedure,
                by=last.by,
                workdays=last.workdays,
                from_on=calendar.add_workdays(last.from_on, 1).on,
                until_on=_end(work, last),
            ),
        ),
        due_after=after.on if after is not None else None,
        is_provisional=after is not None and after.provisional,
    )


def extension(work: Work, case: Case, item: ItemVersion) -> ExtensionData:
    """延长办理期限告知书. Raises NothingToPrintError, PaperError, StoreError."""
    told, longer, calendar = case.acceptance, case.extension, work.store.people.calendar
    clock = _planned(work, case, item)
    if told is None or longer is None or clock is None:
        raise NothingToPrintError(PaperKind.EXTENSION.value)
    before, after = derive(replace(clock, extension=None), calendar), derive(clock, calendar)
    if before.on is None or after.on is None:
        raise NothingToPrintError(PaperKind.EXTENSION.value)
    return ExtensionData(
        **letter(work, case, item),
        docno=longer.docno,
        issued_on=next(local_day(s.occurred_time) for s in case.steps if s.name == Extended.__name__),
        accepted_on=told.accepted_on,
        due_before=before.on,
        reason=shown(longer.reason).strip().rstrip("。."),
        workdays=longer.workdays,
        due_after=after.on,
        basis=item.basis,
        is_provisional=after.provisional,
    )


def _planned(work: Work, case: Case, item: ItemVersion) -> Clock | None:
    """The limit that was told, as if a procedure that goes on ended on its planned day."""
    clock = promised_clock(case, item) or statutory_clock(case, item)
    if clock is None:
        return None
    ends = [stop.to_on or _end(work, stop) for stop in case.suspensions]
    return replace(clock, pauses=tuple(replace(p, to_on=end) for p, end in zip(clock.pauses, ends, strict=True)))


def _end(work: Work, stop: Suspension) -> date:
    return work.store.people.calendar.add_workdays(stop.from_on, stop.workdays).on
