"""系统打印服务: the queues that CUPS on this machine offers, on Windows the printers of the spooler.

Rules kept here: a machine without CUPS is no error, it has no queues; no wait is longer than a moment, because the
service is on this machine or not there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.ipp_client import IPPClient
from yichuang_client.devices.ipp_codec import Group, Operation, Tag, attribute
from yichuang_client.devices.spooler_library import SpoolerLibrary
from yichuang_client.devices.spooler_printer import spooler_address

CUPS = "ipp://localhost:631"
"""Where CUPS listens unless somebody moved it."""
_WANTED = attribute("requested-attributes", Tag.KEYWORD, "printer-name", "printer-info")


@dataclass(frozen=True, kw_only=True)
class PrintQueue:
    """打印队列: one queue of the service."""

    name: str
    """What people call it."""
    uri: str
    """Its address for `IPPPrinter`."""


def print_queues(service: str = CUPS, *, timeout_seconds: float = 1.0) -> tuple[PrintQueue, ...]:
    """The queues of the service, none when it is not there or does not answer in time."""
    if sys.platform == "win32":
        return spooler_queues(SpoolerLibrary)
    try:
        client = IPPClient(f"{service}/", timeout_seconds=timeout_seconds)
        answer = client.ask(Operation.CUPS_GET_PRINTERS, (_WANTED,))
    except DeviceError:
        return ()
    found = []
    for row in answer.all_of(Group.PRINTER):
        names = [value for value in row.get("printer-name", ()) if isinstance(value, str)]
        titles = [value for value in row.get("printer-info", ()) if isinstance(value, str) and value]
        if names:
            # the address that CUPS itself tells names the machine, which need not be known by that name here
            uri = f"{service}/printers/{quote(names[0])}"
            found.append(PrintQueue(name=titles[0] if titles else names[0], uri=uri))
    return tuple(found)


def spooler_queues(library: Callable[[], SpoolerLibrary]) -> tuple[PrintQueue, ...]:
    """The printers of the Windows spooler, none when it does not answer."""
    try:
        return tuple(PrintQueue(name=name, uri=spooler_address(name)) for name in library().names())
    except DeviceError:
        return ()
