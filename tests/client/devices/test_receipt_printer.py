"""Receipt printers: the real libusb on an emulated printer, a raw port, and what the bytes show when they are read."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import papers
from tests.support.papers import STAMP
from tests.support.raw_port import RawPort
from tests.support.thermal import Receipt, codes_in, read_escpos
from tests.support.usb_printer import ADDRESS, USBPrinter
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.languages import Form
from yichuang_client.devices.printer_drivers import printer_driver
from yichuang_client.devices.printing import JobState, JobStatus, PrinterDriver, PrintTicket, Stock
from yichuang_client.documents.paper import Paper
from yichuang_client.documents.press import Press

RECEIPT = papers.receipt()


@pytest.fixture(scope="module")
def roll() -> bytes:
    with Press() as press:
        return press.render(Paper.RECEIPT_ROLL, RECEIPT.to_data(), timestamp=STAMP)


@pytest.fixture(scope="module")
def file(roll: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("roll") / "receipt.pdf"
    made.write_bytes(roll)
    return made


def printing(printer: USBPrinter, file: Path) -> subprocess.Popen[str]:
    command = ("-m", "yichuang_client", "devices", "print", str(file), "--printer", ADDRESS, "--json")
    return printer.start(*command)


def told(line: str) -> tuple[object, object]:
    row = json.loads(line)
    return row.get("state"), row.get("troubles", row.get("trouble"))


def read(text: str) -> list[tuple[object, object]]:
    return [told(line) for line in text.splitlines()]


def children(process: int) -> list[int]:
    """The printers' processes of a process; it has one more, which keeps the books of its shared memory."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    lines = {int(number): Path(f"/proc/{number}/cmdline").read_bytes() for number in found}
    return [number for number, line in lines.items() if b"spawn_main" in line]


def has_libusb(process: int) -> bool:
    return "libusb" in Path(f"/proc/{process}/maps").read_text(encoding="utf-8")


def assert_is_the_receipt(receipt: Receipt) -> None:
    assert codes_in(receipt.picture) == [RECEIPT.qr]
    assert receipt.picture.shape[1] == 576
    assert receipt.cuts == 1


def test_usb_gives_the_device_back_to_the_kernel_and_never_resets_it(tmp_path: Path, file: Path) -> None:
    with USBPrinter(tmp_path, "usblp") as printer:
        process = printing(printer, file)
        out, _ = process.communicate(timeout=60)
        assert (process.returncode, read(out)) == (0, [("printing", []), ("completed", [])])
        assert_is_the_receipt(read_escpos(printer.printed()))
        assert printer.calls() == ["detach", "claim", "release", "attach"]


def test_usb_waits_for_paper_and_goes_on(tmp_path: Path, file: Path) -> None:
    with USBPrinter(tmp_path, "paper_out") as printer:
        process = printing(printer, file)
        assert process.stdout is not None
        assert told(process.stdout.readline()) == ("stopped", ["feeder-empty"])
        assert b"\x1dv0" not in printer.printed()
        assert [has_libusb(number) for number in (process.pid, *children(process.pid))] == [False, True]
        printer.fail("")
        out, _ = process.communicate(timeout=60)
        assert read(out) == [("printing", []), ("completed", [])]
        assert_is_the_receipt(read_escpos(printer.printed()))


@pytest.mark.parametrize(
    ("fault", "code", "trouble"),
    [("stall", 1, "communication"), ("disconnect_after=30000", 3, "offline")],
)
def test_usb_that_breaks_is_told(tmp_path: Path, file: Path, fault: str, code: int, trouble: str) -> None:
    with USBPrinter(tmp_path, fault) as printer:
        process = printing(printer, file)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == code
        assert read(out)[-1] == (None, trouble)


def test_usb_that_is_not_there() -> None:
    driver = printer_driver("usb://04b8:0202/J0001")
    with pytest.raises(DeviceError) as error:
        driver.capabilities()
    assert error.value.trouble is Trouble.OFFLINE


# ---- the raw port -------------------------------------------------------------------------------------------------


@pytest.fixture
def port() -> Iterator[RawPort]:
    with RawPort() as running:
        yield running


def printed(driver: PrinterDriver, pdf: bytes) -> list[JobStatus]:
    return list(driver.watch(driver.submit(pdf, PrintTicket(name="r-1"))))


def test_a_printer_that_answers_nothing_is_believed(port: RawPort, roll: bytes) -> None:
    driver = printer_driver(port.address)
    assert (driver.stock, driver.has_spool) == (Stock.ROLL, False)
    assert printed(driver, roll)[-1].state is JobState.COMPLETED
    assert_is_the_receipt(read_escpos(bytes(port.got)))


def test_chinese_by_the_printers_own_letters(port: RawPort, roll: bytes) -> None:
    driver = printer_driver(port.address, "escpos", Form(width=576, is_text=True))
    assert printed(driver, roll)[-1].state is JobState.COMPLETED
    receipt = read_escpos(bytes(port.got))
    assert receipt.codes == [RECEIPT.qr]
    assert (receipt.cuts, receipt.dots) == (1, [])
    lines = [line.split() for line in receipt.text.splitlines()]
    assert ["接收回执"] in lines
    assert ["申请人", RECEIPT.applicant] in lines
    assert [RECEIPT.case_number] in lines
    assert [row[-1] for row in lines if row and row[0] == "6."] == ["复印件×1"]
    assert max(len(line.encode("gb18030")) for line in receipt.text.splitlines()) <= 48


def test_cover_open_is_told_and_a_cancel_ends_the_waiting(roll: bytes) -> None:
    states = {1: b"\x1a", 2: b"\x16", 4: b"\x12"}
    with RawPort(lambda data: states.get(data[2], b"") if data[:2] == b"\x10\x04" else b"") as port:
        driver = printer_driver(port.address)
        assert driver.capabilities().troubles == (Trouble.COVER_OPEN,)
        job = driver.submit(roll, PrintTicket(name="r-2"))
        watched = driver.watch(job)
        assert next(watched).troubles == (Trouble.COVER_OPEN,)
        driver.cancel(job)
        assert [status.state for status in watched] == [JobState.CANCELLED]
        assert b"\x1dv0" not in port.got


def test_a_cancel_in_the_middle_cuts_between_two_bands(port: RawPort, roll: bytes) -> None:
    driver = printer_driver(port.address)
    job = driver.submit(roll, PrintTicket(name="r-3"))
    watched = driver.watch(job)
    assert next(watched).state is JobState.PRINTING
    driver.cancel(job)
    assert [status.troubles for status in watched] == [(Trouble.CANCELLED,)]
    assert read_escpos(bytes(port.got)).cuts <= 1


def test_a_line_that_breaks_in_the_middle(roll: bytes) -> None:
    with RawPort(hang_up_after=20_000) as port, pytest.raises(DeviceError) as error:
        printed(printer_driver(port.address), roll)
    assert error.value.trouble is Trouble.COMMUNICATION


def test_nobody_listens(port: RawPort, roll: bytes) -> None:
    driver = printer_driver("tcp://127.0.0.1:1")
    with pytest.raises(DeviceError) as error:
        printed(driver, roll)
    assert error.value.trouble is Trouble.OFFLINE


@pytest.mark.parametrize("address", ["tcp://", "usb://nothing", "tcp://h:9100/path", "file:///dev/usb/lp0"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(DeviceError) as error:
        printer_driver(address)
    assert error.value.trouble is Trouble.BAD_SETTING


def test_only_papers_and_ready_bytes_are_taken(port: RawPort) -> None:
    driver = printer_driver(port.address)
    for document, kind in ((b"%PDF-1.7 broken", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg")):
        with pytest.raises(DeviceError) as error:
            driver.submit(document, PrintTicket(name="r-4", media_type=kind))
        assert error.value.trouble is Trouble.BAD_SETTING
    job = driver.submit(b"\x1b@ready", PrintTicket(name="r-5", media_type="application/octet-stream"))
    assert list(driver.watch(job))[-1].state is JobState.COMPLETED
    assert bytes(port.got).count(b"\x1b@ready") == 1
