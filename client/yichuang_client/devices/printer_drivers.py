"""打印机驱动的选择: which driver an address and a language need.

Rules kept here: without a language a printer speaks IPP and gets PDF; with one it gets the bytes of that language, on
USB (usb://vendor:product[/serial]), on its raw port (tcp://host[:9100]) or through a queue (ipp://…) as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escpos import ESCPOS
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.label_languages import TSPL, ZPL
from yichuang_client.devices.languages import WIDTHS, Form, Language
from yichuang_client.devices.printing import (
    JobStatus,
    PrinterCapabilities,
    PrinterDriver,
    PrintJob,
    PrintTicket,
    Stock,
)
from yichuang_client.devices.raw_printer import PDF, RAW, RawPrinter
from yichuang_client.devices.tcp_wire import TCPWire, read_tcp_address
from yichuang_client.devices.usb_wire import USBWire, is_usb_address


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


def printer_driver(uri: str, language: str = "", form: Form | None = None) -> PrinterDriver:
    """The driver of a printer; nothing is sent. Raises DeviceError(BAD_SETTING) for what cannot be driven."""
    if uri.startswith(("tcp:", "socket:")):
        read_tcp_address(uri)
        return RawPrinter(lambda: TCPWire(uri), language_of(language or "escpos", form), name=uri)
    if uri.startswith("usb:"):
        if not is_usb_address(uri):
            raise DeviceError(Trouble.BAD_SETTING, "printer address")
        return RawPrinter(lambda: USBWire(uri), language_of(language or "escpos", form), name=uri)
    queue = IPPPrinter(uri)
    return QueuedRaw(queue=queue, language=language_of(language, form)) if language else queue
