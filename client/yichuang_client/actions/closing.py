"""日结: what a desk did in a day, its print ledger, and the closing sheet.

Rules kept here: counted from the deeds of this desk, by the person who did them; what the district refused is no work
done; the sheet belongs to no case, so the ledger of papers does not know it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from yichuang_client.actions.printing import wait_for
from yichuang_client.actions.work import Work
from yichuang_client.devices.printing import PrinterDriver, PrintTicket
from yichuang_client.documents.daily_data import DailyData, DailyRow
from yichuang_client.documents.paper_head import CHINA
from yichuang_client.documents.press import Press
from yichuang_client.store.print_ledger import LedgerRun
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import PrintState

_COUNTED = {
    "Receive": "received",
    "Accept": "accepted",
    "TellSupplement": "supplements",
    "Decline": "declined",
    "Withdraw": "withdrawn",
    "Deliver": "delivered",
}


@dataclass(frozen=True, kw_only=True)
class DayAtDesk:
    """A day of this desk."""

    on: date
    rows: tuple[DailyRow, ...]
    runs: tuple[LedgerRun, ...]
    """Papers that went through the printer, the newest first."""
    unsent: int
    slips_open: int

    def serials(self, *states: PrintState) -> tuple[str, ...]:
        """Numbers of the certificate stock in these states, in the order of their use."""
        stock = (run for run in reversed(self.runs) if run.paper is PaperKind.CERTIFICATE and run.serial)
        return tuple(run.serial for run in stock if run.state in states)


def day_at_desk(work: Work) -> DayAtDesk:
    """Today. Raises StoreError."""
    first, last = _bounds(work.today)
    store = work.store
    return DayAtDesk(
        on=work.today,
        rows=tuple(_rows(store.outbox.done_between(first, last))),
        runs=store.prints.between(first, last),
        unsent=store.waiting().deeds,
        slips_open=len(store.prints.open_of(PaperKind.HANDOVER)),
    )


def _bounds(on: date) -> tuple[datetime, datetime]:
    """The day's beginning and end as moments."""
    first = datetime.combine(on, time(), CHINA).astimezone(UTC)
    return first, first + timedelta(days=1)


def _rows(done: Iterable[tuple[str, str, int]]) -> Iterable[DailyRow]:
    people: dict[str, dict[str, int]] = {}
    for person, action, count in done:
        found = people.setdefault(person, dict.fromkeys(_COUNTED.values(), 0))
        if action in _COUNTED:
            found[_COUNTED[action]] += count
    return (DailyRow(person=person, **counts) for person, counts in sorted(people.items()) if any(counts.values()))


def sheet(work: Work) -> DailyData:
    """The facts of the closing sheet. Raises PaperError, StoreError."""
    desk, place, day = work.store.desk, work.place, day_at_desk(work)
    number = f"{desk.district_code}-{desk.replica}-D{day.on:%Y%m%d}"
    deeds, head = work.store.outbox.last()
    chain, seen = head or "0" * 64, work.store.heads.seen
    first, last = _bounds(day.on)
    signed = [run for run in work.store.prints.ended_between(first, last) if run.paper is PaperKind.HANDOVER]
    plain = [run for run in day.runs if run.paper is not PaperKind.HANDOVER]
    return DailyData(
        case_number=number,
        office=place.name,
        phone=place.phone or None,
        qr=f"YC1:D:{number}:{chain}",
        day=day.on,
        person=work.person.name,
        closed_time=work.clock(),
        rows=day.rows,
        stock=day.serials(PrintState.CONFIRMED),
        spoiled=day.serials(PrintState.VOIDED),
        reprints=sum(count - 1 for count in _times(plain).values()),
        open_prints=sum(run.state is PrintState.STARTED for run in plain),
        slips_signed=sum(run.state is PrintState.CONFIRMED for run in signed),
        slips_open=day.slips_open,
        unsent=day.unsent,
        deeds=deeds,
        chain=chain,
        log_size=seen.head.size if seen is not None else 0,
        log_root=seen.head.root if seen is not None else "",
    )


def _times(runs: Iterable[LedgerRun]) -> dict[tuple[str, str], int]:
    """How often each paper of each case went through; a case may have several certificates: their numbers tell."""
    found: dict[tuple[str, str], int] = {}
    for run in runs:
        if run.paper is PaperKind.CERTIFICATE:
            continue
        found[run.case, run.paper.name] = found.get((run.case, run.paper.name), 0) + 1
    return found


def print_sheet(work: Work, press: Press, printer: PrinterDriver) -> str:
    """Set and print the closing sheet and wait for the printer; returns its number.

    Never on the Tk thread. Raises PaperError, DeviceError, StoreError.
    """
    said = sheet(work)
    pdf = press.render(said.paper, said.to_data(), timestamp=work.clock())
    ticket = PrintTicket(name=f"{said.case_number} {work.clock():%H%M%S}")
    wait_for(printer, printer.submit(pdf, ticket))
    trace("day closed", deeds=said.deeds)
    return said.case_number
