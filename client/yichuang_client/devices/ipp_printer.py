"""IPP 打印驱动: an IPP Everywhere printer, or a queue of the system's print service, as a `PrinterDriver`.

The document is sent in one Print-Job from memory. If the answer gets lost the job may be printing all the
same: `find` tells by the ticket's unique name, so that no numbered paper is printed twice in silence.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.ipp_client import IPPClient
from yichuang_client.devices.ipp_codec import Answer, Attribute, Group, Operation, Tag, Value, attribute
from yichuang_client.devices.printing import (
    JobState,
    JobStatus,
    PrinterCapabilities,
    PrintJob,
    PrintTicket,
    Sides,
    Stock,
    Supply,
)

_USER = attribute("requesting-user-name", Tag.NAME, "yichuang")
"""Whose jobs they are: the program's, so that no person's name reaches the printer's list."""
_STATES = {
    3: JobState.PENDING,
    4: JobState.PENDING,
    5: JobState.PRINTING,
    6: JobState.STOPPED,
    7: JobState.CANCELLED,
    8: JobState.ABORTED,
    9: JobState.COMPLETED,
}
"""RFC 8011 §5.3.7; held (4) is shown as pending."""
_PRINTER_STOPPED = 5
_REASONS = {
    "media-empty": Trouble.FEEDER_EMPTY,
    "media-needed": Trouble.FEEDER_EMPTY,
    "input-tray-missing": Trouble.FEEDER_EMPTY,
    "media-jam": Trouble.JAM,
    "cover-open": Trouble.COVER_OPEN,
    "door-open": Trouble.COVER_OPEN,
    "interlock-open": Trouble.COVER_OPEN,
    "toner-empty": Trouble.SUPPLY_EMPTY,
    "marker-supply-empty": Trouble.SUPPLY_EMPTY,
    "marker-waste-full": Trouble.SUPPLY_EMPTY,
    "opc-life-over": Trouble.SUPPLY_EMPTY,
    "spool-area-full": Trouble.BUSY,
    "paused": Trouble.OFFLINE,
    "shutdown": Trouble.OFFLINE,
    "connecting-to-device": Trouble.OFFLINE,
    "timed-out": Trouble.TIMEOUT,
}
"""printer-state-reasons (RFC 8011 §5.4.12) that keep a job, without their -report, -warning, -error."""
_SUPPLIES = {
    "media-low": Supply.PAPER_LOW,
    "toner-low": Supply.INK_LOW,
    "marker-supply-low": Supply.INK_LOW,
    "developer-low": Supply.INK_LOW,
    "marker-waste-almost-full": Supply.WASTE_FULL_SOON,
}
_PRINTER_WANTED = attribute(
    "requested-attributes",
    Tag.KEYWORD,
    "printer-make-and-model",
    "document-format-supported",
    "media-supported",
    "media-ready",
    "sides-supported",
    "printer-is-accepting-jobs",
    "printer-state",
    "printer-state-reasons",
)
_JOB_WANTED = attribute(
    "requested-attributes", Tag.KEYWORD, "job-state", "job-state-reasons", "job-impressions-completed"
)


class IPPPrinter:
    """IPP 打印机: one printer by its address."""

    def __init__(self, uri: str, *, timeout_seconds: float = 20.0, look_seconds: float = 0.3) -> None:
        """Nothing is sent yet; raises DeviceError(BAD_SETTING) for an address that is none.

        Args:
            uri: ipp://host[:631]/path or http://host:port/path.
            timeout_seconds: longest wait for any answer.
            look_seconds: time between two looks at a job that is being watched.
        """
        self._client = IPPClient(uri, timeout_seconds=timeout_seconds)
        self._look_seconds = look_seconds

    @property
    def stock(self) -> Stock:
        """Sheets."""
        return Stock.SHEET

    @property
    def has_spool(self) -> bool:
        """It has."""
        return True

    def capabilities(self) -> PrinterCapabilities:
        """What the printer offers and how it stands; raises DeviceError."""
        row = self._client.ask(Operation.GET_PRINTER_ATTRIBUTES, (_USER, _PRINTER_WANTED)).group(Group.PRINTER)
        known = {sides.value: sides for sides in Sides}
        return PrinterCapabilities(
            model=next(iter(_texts(row, "printer-make-and-model")), ""),
            media_types=_texts(row, "document-format-supported"),
            media=_texts(row, "media-supported"),
            media_ready=_texts(row, "media-ready"),
            sides=tuple(known[word] for word in _texts(row, "sides-supported") if word in known),
            is_accepting=bool(row.get("printer-is-accepting-jobs", (True,))[0]),
            troubles=_printer_troubles(row),
            supplies=_supplies(row),
        )

    def validate(self, ticket: PrintTicket) -> None:
        """Ask whether the printer would take such a job; raises DeviceError(BAD_SETTING) naming what it refuses."""
        self._client.ask(Operation.VALIDATE_JOB, _operation(ticket), job_attributes=_job(ticket))

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """Print a document; raises DeviceError, BUSY when the printer takes one job at a time."""
        answer = self._client.ask(
            Operation.PRINT_JOB, _operation(ticket), job_attributes=_job(ticket), document=document
        )
        number = _number(answer.group(Group.JOB), "job-id")
        if number is None:
            raise DeviceError(Trouble.COMMUNICATION, "PRINT_JOB: no job-id")
        return PrintJob(number=number, name=ticket.name)

    def find(self, name: str) -> PrintJob | None:
        """The newest job of this name that the printer remembers, waiting, printing or done; None: it has none."""
        numbers = []
        for which in ("not-completed", "completed"):
            answer = self._client.ask(
                Operation.GET_JOBS,
                (
                    _USER,
                    attribute("which-jobs", Tag.KEYWORD, which),
                    attribute("requested-attributes", Tag.KEYWORD, "job-id", "job-name"),
                ),
            )
            for row in answer.all_of(Group.JOB):
                number = _number(row, "job-id")
                if number is not None and _texts(row, "job-name") == (name,):
                    numbers.append(number)
        return PrintJob(number=max(numbers), name=name) if numbers else None

    def status(self, job: PrintJob) -> JobStatus:
        """One look at a job; raises DeviceError."""
        row = self._ask_job(Operation.GET_JOB_ATTRIBUTES, job, _JOB_WANTED).group(Group.JOB)
        state = _STATES.get(_number(row, "job-state") or 0, JobState.PENDING)
        reasons = _texts(row, "job-state-reasons")
        if "processing-to-stop-point" in reasons and not state.is_final:
            state = JobState.STOPPING
        troubles: tuple[Trouble, ...] = ()
        if state is JobState.CANCELLED:
            troubles = (Trouble.CANCELLED,)
        elif state is JobState.ABORTED:
            troubles = (Trouble.ABORTED,)
        elif not state.is_final:
            printer = self._client.ask(Operation.GET_PRINTER_ATTRIBUTES, (_USER, _PRINTER_WANTED))
            troubles = _printer_troubles(printer.group(Group.PRINTER))
        return JobStatus(state=state, troubles=troubles, impressions=_number(row, "job-impressions-completed"))

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """Tell each change of a job until it is over; raises DeviceError when the printer cannot be asked."""
        pause, before = threading.Event(), None
        while True:
            now = self.status(job)
            if now != before:
                yield now
            if now.state.is_final:
                return
            before = now
            pause.wait(self._look_seconds)

    def cancel(self, job: PrintJob) -> None:
        """Ask the printer to stop a job; one that is over already stays as it is."""
        try:
            self._ask_job(Operation.CANCEL_JOB, job)
        except DeviceError as error:
            if error.trouble is not Trouble.CANCELLED:
                raise

    def _ask_job(self, operation: Operation, job: PrintJob, *more: Attribute) -> Answer:
        return self._client.ask(operation, (attribute("job-id", Tag.INTEGER, job.number), _USER, *more))


def _operation(ticket: PrintTicket) -> tuple[Attribute, ...]:
    return (
        _USER,
        attribute("job-name", Tag.NAME, ticket.name),
        attribute("ipp-attribute-fidelity", Tag.BOOLEAN, True),
        attribute("document-format", Tag.MIME_TYPE, ticket.media_type),
    )


def _job(ticket: PrintTicket) -> tuple[Attribute, ...]:
    rows = []
    if ticket.copies != 1:
        rows.append(attribute("copies", Tag.INTEGER, ticket.copies))
    if ticket.sides is not None:
        rows.append(attribute("sides", Tag.KEYWORD, ticket.sides.value))
    if ticket.media is not None:
        rows.append(attribute("media", Tag.KEYWORD, ticket.media))
    return tuple(rows)


def _texts(row: Mapping[str, Sequence[Value]], name: str) -> tuple[str, ...]:
    return tuple(value for value in row.get(name, ()) if isinstance(value, str))


def _number(row: Mapping[str, Sequence[Value]], name: str) -> int | None:
    value = next(iter(row.get(name, ())), None)
    return value if isinstance(value, int) else None


def _printer_troubles(row: Mapping[str, Sequence[Value]]) -> tuple[Trouble, ...]:
    """The troubles that keep a printer from printing, in the order of the enum."""
    found = {_REASONS[reason] for reason in _reasons(row) if reason in _REASONS}
    if not found and _number(row, "printer-state") == _PRINTER_STOPPED:
        found.add(Trouble.OFFLINE)
    return tuple(trouble for trouble in Trouble if trouble in found)


def _supplies(row: Mapping[str, Sequence[Value]]) -> tuple[Supply, ...]:
    found = {_SUPPLIES[reason] for reason in _reasons(row) if reason in _SUPPLIES}
    return tuple(supply for supply in Supply if supply in found)


def _reasons(row: Mapping[str, Sequence[Value]]) -> set[str]:
    """printer-state-reasons without the word of how bad each is."""
    reasons = _texts(row, "printer-state-reasons")
    return {reason.removesuffix("-error").removesuffix("-warning").removesuffix("-report") for reason in reasons}
