"""The IPP driver on a real `ippeveprinter`."""

from __future__ import annotations

import hashlib
import http.server
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.escl_scanner import self_signed
from tests.support.forwarder import Forwarder
from tests.support.ipp_printer import IPPPrinterProcess
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.printing import A4, JobState, JobStatus, PrintJob, PrintTicket, Sides, Stock, Supply

DOCUMENT = b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"\n%%EOF\n"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path) as running:
        yield running


@pytest.fixture
def printer(process: IPPPrinterProcess) -> IPPPrinter:
    return IPPPrinter(process.uri, timeout_seconds=5.0, look_seconds=0.02)


def until(statuses: Iterator[JobStatus], state: JobState, *troubles: Trouble) -> JobStatus:
    for status in statuses:
        if (status.state, status.troubles) == (state, troubles):
            return status
    raise AssertionError(f"never {state} {troubles}")


def test_capabilities(printer: IPPPrinter) -> None:
    offered = printer.capabilities()
    assert "application/pdf" in offered.media_types
    assert offered.media_ready == (A4,)
    assert offered.sides == tuple(Sides)
    assert offered.is_accepting
    assert offered.troubles == ()


def test_a_document_comes_out_byte_for_byte(process: IPPPrinterProcess, printer: IPPPrinter) -> None:
    job = printer.submit(DOCUMENT, PrintTicket(name="paper-0001", copies=2, sides=Sides.TWO_LONG_EDGE))
    last = list(printer.watch(job))[-1]
    assert last == JobStatus(state=JobState.COMPLETED, troubles=(), impressions=1)
    (printed,) = process.printed()
    assert hashlib.sha256(printed).digest() == hashlib.sha256(DOCUMENT).digest()


def test_an_address_may_be_plain_http(process: IPPPrinterProcess) -> None:
    other = IPPPrinter(process.uri.replace("ipp://", "http://"), look_seconds=0.02)
    assert list(other.watch(other.submit(DOCUMENT, PrintTicket(name="paper-0002"))))[-1].state is JobState.COMPLETED


def test_out_of_paper_and_refilled(process: IPPPrinterProcess, printer: IPPPrinter) -> None:
    process.load(0)
    assert printer.capabilities().troubles == (Trouble.FEEDER_EMPTY,)
    statuses = printer.watch(printer.submit(DOCUMENT, PrintTicket(name="paper-0003")))
    until(statuses, JobState.PRINTING, Trouble.FEEDER_EMPTY)
    process.load(100)
    assert list(statuses)[-1].state is JobState.COMPLETED


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [("media-jam", Trouble.JAM), ("cover-open", Trouble.COVER_OPEN), ("toner-empty", Trouble.SUPPLY_EMPTY)],
)
def test_a_fault_is_told_and_the_job_goes_on_when_it_is_cleared(
    process: IPPPrinterProcess, printer: IPPPrinter, reason: str, trouble: Trouble
) -> None:
    process.plan(f"hold:{reason}")
    statuses = printer.watch(printer.submit(DOCUMENT, PrintTicket(name="paper-0004")))
    until(statuses, JobState.PRINTING, trouble)
    process.go()
    assert list(statuses)[-1].state is JobState.COMPLETED
    assert printer.capabilities().troubles == ()


def test_a_job_that_the_printer_gives_up(process: IPPPrinterProcess, printer: IPPPrinter) -> None:
    process.plan("abort")
    last = list(printer.watch(printer.submit(DOCUMENT, PrintTicket(name="paper-0005"))))[-1]
    assert (last.state, last.troubles) == (JobState.ABORTED, (Trouble.ABORTED,))


def test_a_cancelled_job_stops_at_a_point_of_the_printers_choice(
    process: IPPPrinterProcess, printer: IPPPrinter
) -> None:
    process.plan("hold:none")
    job = printer.submit(DOCUMENT, PrintTicket(name="paper-0006"))
    statuses = printer.watch(job)
    until(statuses, JobState.PRINTING)
    printer.cancel(job)
    until(statuses, JobState.STOPPING)
    process.go()
    last = list(statuses)[-1]
    assert (last.state, last.troubles) == (JobState.CANCELLED, (Trouble.CANCELLED,))
    printer.cancel(job)


def test_a_printer_that_takes_one_job_at_a_time_is_busy(process: IPPPrinterProcess, printer: IPPPrinter) -> None:
    process.plan("hold:none")
    job = printer.submit(DOCUMENT, PrintTicket(name="paper-0007"))
    with pytest.raises(DeviceError) as caught:
        printer.submit(DOCUMENT, PrintTicket(name="paper-0008"))
    assert caught.value.trouble is Trouble.BUSY
    process.go()
    assert list(printer.watch(job))[-1].state is JobState.COMPLETED


def test_a_job_is_found_by_its_name_when_its_answer_was_lost(printer: IPPPrinter) -> None:
    job = printer.submit(DOCUMENT, PrintTicket(name="paper-0009"))
    assert printer.find("paper-0009") == job
    assert printer.find("paper-0010") is None


@pytest.mark.parametrize(
    ("ticket", "named"),
    [
        (PrintTicket(name="p", media="iso_a0_841x1189mm"), "media"),
        (PrintTicket(name="p", copies=100_000), "copies"),
        (PrintTicket(name="p", media_type="application/x-unknown"), "document-format"),
    ],
)
def test_what_the_printer_does_not_offer_is_refused_before_it_prints(
    process: IPPPrinterProcess, printer: IPPPrinter, ticket: PrintTicket, named: str
) -> None:
    for refuse in (lambda: printer.validate(ticket), lambda: printer.submit(DOCUMENT, ticket)):
        with pytest.raises(DeviceError) as caught:
            refuse()
        assert caught.value.trouble is Trouble.BAD_SETTING
        assert named in caught.value.detail
    assert process.printed() == []


def test_a_job_nobody_knows(printer: IPPPrinter) -> None:
    with pytest.raises(DeviceError) as caught:
        printer.status(PrintJob(number=77, name="paper-0011"))
    assert caught.value.trouble is Trouble.BAD_SETTING


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "printer",
        "ipps://x/#sha256=12",
        "ipp://x/#sha256=" + "0" * 64,
        "file:///dev/lp0",
        "ipp://",
        "ipp://a:port/",
        "ipp://u:p@h/",
    ],
)
def test_an_address_that_is_none(uri: str) -> None:
    with pytest.raises(DeviceError) as caught:
        IPPPrinter(uri)
    assert caught.value.trouble is Trouble.BAD_SETTING


def test_a_secret_line_leads_only_to_the_printer_whose_certificate_is_known(
    process: IPPPrinterProcess, tmp_path: Path
) -> None:
    """The printer is the real one, what speaks TLS before it is ours."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with Forwarder(process.uri, context) as line:
        with pytest.raises(DeviceError) as caught:
            IPPPrinter(line.uri, timeout_seconds=5.0).capabilities()
        assert caught.value.trouble is Trouble.ACCESS
        (shown,) = re.findall("sha256=[0-9a-f]{64}", caught.value.detail)
        printer = IPPPrinter(f"{line.uri}#{shown}", timeout_seconds=5.0, look_seconds=0.02)
        job = printer.submit(DOCUMENT, PrintTicket(name="paper-0014"))
        assert list(printer.watch(job))[-1].state is JobState.COMPLETED
        assert process.printed() == [DOCUMENT]
        line.first = None
        with pytest.raises(DeviceError) as caught:
            IPPPrinter(f"{line.uri}#sha256={'0' * 64}").submit(DOCUMENT, PrintTicket(name="paper-0015"))
        assert (caught.value.trouble, line.first) == (Trouble.ACCESS, None)


def test_a_printer_that_is_switched_off_is_offline(process: IPPPrinterProcess, printer: IPPPrinter) -> None:
    process.__exit__()
    with pytest.raises(DeviceError) as caught:
        printer.submit(DOCUMENT, PrintTicket(name="paper-0012"))
    assert caught.value.trouble is Trouble.OFFLINE


def test_a_printer_that_takes_the_call_and_says_nothing_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = IPPPrinter(f"ipp://127.0.0.1:{mute.getsockname()[1]}/ipp/print", timeout_seconds=0.2)
        with pytest.raises(DeviceError) as caught:
            silent.capabilities()
    assert caught.value.trouble is Trouble.TIMEOUT


@pytest.mark.parametrize(("reason", "supply"), [("toner-low", Supply.INK_LOW), ("media-low", Supply.PAPER_LOW)])
def test_what_runs_low_is_told_and_stops_nothing(
    process: IPPPrinterProcess, printer: IPPPrinter, reason: str, supply: Supply
) -> None:
    process.plan(f"hold:{reason}")
    job = printer.submit(DOCUMENT, PrintTicket(name="paper-0013"))
    statuses = printer.watch(job)
    until(statuses, JobState.PRINTING)
    for _ in range(200):
        if (offer := printer.capabilities()).supplies:
            break
    assert (offer.supplies, offer.troubles) == ((supply,), ())
    process.go()
    assert list(statuses)[-1].state is JobState.COMPLETED


def test_bytes_of_a_language_pass_through_a_queue(tmp_path: Path) -> None:
    with IPPPrinterProcess(tmp_path, formats="application/pdf,application/octet-stream") as process:
        driver = printer_driver(process.uri, "escpos")
        assert driver.has_spool and driver.stock is Stock.ROLL
        data = b"%PDF-\x1b@hello\x1dV\x42\x03"  # this printer looks at the first bytes before it takes any
        ticket = PrintTicket(name="paper-0014", media_type="application/octet-stream")
        assert list(driver.watch(driver.submit(data, ticket)))[-1].state is JobState.COMPLETED
        assert process.printed() == [data]


class Closed(http.server.BaseHTTPRequestHandler):
    """A server of ours that lets nobody in: by HTTP at /http, by IPP everywhere else."""

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403 if self.path == "/http" else 200)
        self.end_headers()
        self.wfile.write(b"\x02\x00\x04\x03" + request[4:8] + b"\x03")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("path", ["http", "ipp"])
def test_a_printer_that_lets_nobody_in(path: str) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Closed) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(DeviceError) as caught:
            IPPPrinter(f"ipp://127.0.0.1:{server.server_port}/{path}", timeout_seconds=5).capabilities()
    assert caught.value.trouble is Trouble.ACCESS
