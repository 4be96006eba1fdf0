"""打印机驱动的选择: which driver an address and a language need.

Rules kept here: without a language a printer speaks IPP and gets PDF; with one it gets the bytes of that language, on
USB (usb://vendor:product[/serial]), on its raw port (tcp://host[:9100]) or through a queue (ipp://…, on Windows
winspool:NAME) as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escpos import ESCPOS
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.label_languages import TSPL, ZPL
from yichuang_client.devices.languages import WIDTHS, Form, Language
from yichuang_client.devices.print_worker import PrintWorker
from yichuang_client.devices.printing import (
    JobStatus,
    PrinterCapabilities,
    PrinterDriver,
    PrintJob,
    PrintTicket,
    Stock,
)
from yichuang_client.devices.raw_printer import PDF, RAW, RawPrinter
from yichuang_client.devices.spooler_printer import SpoolerPrinter, is_spooler_address
from yichuang_client.devices.tcp_wire import TCPWire, read_tcp_address
from yichuang_client.devices.usb_wire import USBWire, is_usb_address
from yichuang_client.devices.wire import Wire


@dataclass(frozen=True, kw_only=True)
class QueuedRaw:
    """经队列直通: a printer of a language behind a print queue, which passes the bytes on as they are."""

    queue: IPPPrinter
    language: Language

    @property
    def stock(self) -> Stock:
        """As its language says."""
        return self.language.stock

    @property
    def has_spool(self) -> bool:
        """The queue is one."""
        return True

    def capabilities(self) -> PrinterCapabilities:
        """As `PrinterDriver.capabilities`."""
        return replace(self.queue.capabilities(), media_types=(PDF, RAW), media_ready=())

    def submit(self, document: bytes, ticket: PrintTicket) -> PrintJob:
        """As `PrinterDriver.submit`."""
        if ticket.media_type == PDF:
            document = b"".join(self.language.pieces(document, ticket.copies))
        elif ticket.media_type != RAW:
            raise DeviceError(Trouble.BAD_SETTING, ticket.media_type)
        return self.queue.submit(document, PrintTicket(name=ticket.name, media=None, media_type=RAW))

    def watch(self, job: PrintJob) -> Iterator[JobStatus]:
        """As `PrinterDriver.watch`."""
        return self.queue.watch(job)

    def cancel(self, job: PrintJob) -> None:
        """As `PrinterDriver.cancel`."""
        self.queue.cancel(job)


def language_of(name: str, form: Form | None = None) -> Language:
    """The language of a name; raises DeviceError(BAD_SETTING) for none of ours."""
    known: dict[str, Callable[[Form], Language]] = {"escpos": ESCPOS, "tspl": TSPL, "zpl": ZPL}
    if name not in known:
        raise DeviceError(Trouble.BAD_SETTING, "language")
    return known[name](form or Form(width=WIDTHS[name]))


@dataclass(frozen=True, kw_only=True)
class Line:
    """直连线路: makes the driver of a printer without a spool, in the process that is to hold its line."""

    uri: str
    language: str
    form: Form | None

    def __call__(self, alive: Callable[[], None] = lambda: None) -> RawPrinter:
        """The driver; nothing is opened yet. Raises DeviceError(BAD_SETTING) for what cannot be driven."""
        connect: Callable[[], Wire]
        if self.uri.startswith("usb:"):
            if not is_usb_address(self.uri):
                raise DeviceError(Trouble.BAD_SETTING, "printer address")
            connect = partial(USBWire, self.uri)
        else:
            read_tcp_address(self.uri)
            connect = partial(TCPWire, self.uri)
        return RawPrinter(connect, language_of(self.language, self.form), name=self.uri, alive=alive)


@dataclass(frozen=True, kw_only=True)
class Spooled:
    """Windows 队列: makes the driver of a printer of the Windows spooler, in its process."""

    uri: str
    language: str
    form: Form | None

    def __call__(self, alive: Callable[[], None] = lambda: None) -> SpoolerPrinter:
        """The driver; nothing is loaded yet. Raises DeviceError(BAD_SETTING)."""
        if not is_spooler_address(self.uri):
            raise DeviceError(Trouble.BAD_SETTING, "printer address")
        language = language_of(self.language, self.form) if self.language else None
        return SpoolerPrinter(self.uri, language, alive=alive)


def printer_driver(uri: str, language: str = "", form: Form | None = None) -> PrinterDriver:
    """The driver of a printer; nothing is sent. Raises DeviceError(BAD_SETTING) for what cannot be driven.

    What holds a line to hardware runs in a process of its own.
    """
    if uri.startswith(("tcp:", "socket:", "usb:")):
        line = Line(uri=uri, language=language or "escpos", form=form)
        return PrintWorker(line, stock=line().stock, has_spool=False)
    if uri.startswith("winspool:"):
        spooled = Spooled(uri=uri, language=language, form=form)
        return PrintWorker(spooled, stock=spooled().stock, has_spool=True)
    queue = IPPPrinter(uri)
    return QueuedRaw(queue=queue, language=language_of(language, form)) if language else queue
