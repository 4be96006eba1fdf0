"""Printing: from the key to the first byte at a real IPP printer, and the speed of a receipt printer on USB."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.row import Row, Size
from tests.client.actions.test_actions import intake
from tests.support.desk import at_work, open_store
from tests.support.forwarder import Forwarder
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.usb_printer import ADDRESS, USBPrinter
from yichuang_client.actions import printing, receiving
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_domain.actions import PaperKind

BAR_MS = 300.0
LEAST_RATIO = 0.9
_BYTES = 1 << 22
_SPEEDS = """
import json, sys, time
import libusb_package, usb.core, usb.util
from yichuang_client.devices.usb_wire import USBWire
address, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = bytes(size)
def ours():
    with USBWire(address) as wire:
        left, since = memoryview(data), time.perf_counter()
        while left:
            left = left[wire.write(left):]
        return time.perf_counter() - since
def alone():
    device = usb.core.find(idVendor=0x04B8, backend=libusb_package.get_libusb1_backend())
    usb.util.claim_interface(device, 0)
    since = time.perf_counter()
    device.write(1, data, 60000)
    seconds = time.perf_counter() - since
    usb.util.dispose_resources(device)
    return seconds
both = [(ours(), alone()) for _ in range(count)]
print(json.dumps([min(row[0] for row in both), min(row[1] for row in both)]))
"""


def bench_first_byte(size: Size) -> list[Row]:
    """``print_first_byte_ms``: the median receipt, its record on the disk and its setting included."""
    times = []
    with tempfile.TemporaryDirectory() as name, Press() as press:
        store = open_store(Path(name) / "desk")
        work = at_work(store)
        case = receiving.receive(work, intake())
        with IPPPrinterProcess(Path(name) / "printer") as printer, Forwarder(printer.uri) as line:
            driver = IPPPrinter(line.uri, look_seconds=0.02)
            for _ in range(2 + size.of(full=12, quick=1)):
                line.first = None
                since = time.perf_counter()
                printing.print_paper(work, press, driver, case, PaperKind.RECEIPT)
                assert line.first is not None
                times.append((line.first - since) * 1000)
        store.close()
    return [Row(name="print_first_byte_ms", value=statistics.median(times[2:]), unit="ms", bar=BAR_MS)]


def bench_usb_receipt(size: Size) -> list[Row]:
    """``usb_receipt_mb_s``: this program's way to the emulated printer against one write of pyusb, in one process."""
    with tempfile.TemporaryDirectory() as name, USBPrinter(Path(name)) as printer:
        process = printer.start("-c", _SPEEDS, ADDRESS, str(size.of(full=5, quick=1)), str(_BYTES))
        out, error = process.communicate(timeout=300)
    if process.returncode:
        raise RuntimeError(error)
    ours, alone = (_BYTES / 1e6 / seconds for seconds in json.loads(out))
    return [
        Row(
            name="usb_receipt_mb_s",
            value=ours,
            unit="MB/s",
            reference="pyusb alone, one write",
            reference_value=alone,
            least=LEAST_RATIO * alone,
        )
    ]
