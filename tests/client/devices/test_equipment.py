"""The desk's devices: what is offered, chosen and kept over a restart; on the real libsane and a real printer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.escl_scanner import SHEETS, ESCLScanner
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import TEST_DEVICE, SaneFolder, write_desk_config
from yichuang_client.config import DataFolder, read_config
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.print_service import print_queues
from yichuang_client.devices.printing import Stock
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.devices.scanner_drivers import ScannerDrivers
from yichuang_client.devices.scanning import BatchEnded, ColourMode, PageScanned, Source
from yichuang_client.devices.settings import DeviceSettings, ScanChoice

NOWHERE = "ipp://localhost:1"


@pytest.fixture
def folder(tmp_path: Path, sane_folder: SaneFolder) -> DataFolder:
    """A data folder whose config.toml names one scanner for each picture."""
    write_desk_config(tmp_path, sane_folder)
    return DataFolder(root=tmp_path)


def equipment(worker: ScanWorker, folder: DataFolder, *printers: str) -> Equipment:
    """The devices as after a start."""
    return Equipment(worker, settings=DeviceSettings(folder, printers), print_service=NOWHERE)


def test_named_scanners_stand_before_those_that_are_seen(worker: ScanWorker, folder: DataFolder) -> None:
    found = equipment(worker, folder).scanners()
    assert [row.name for row in found[:2]] == ["page001", "page002"]
    assert all(row.is_seen for row in found)
    assert TEST_DEVICE in [row.device for row in found[2:]]
    assert "pnm:0" not in [row.device for row in found[2:]]


def test_each_named_picture_is_scanned_as_its_own(worker: ScanWorker, folder: DataFolder) -> None:
    desk = equipment(worker, folder)
    shapes = []
    for scanner in desk.scanners()[:2]:
        desk.settings.choose_scanner(scanner.key, scanner.name)
        first, *_, last = [
            e for e in worker.scan_pages(desk.scan_settings()) if isinstance(e, PageScanned | BatchEnded)
        ]
        assert isinstance(first, PageScanned) and isinstance(last, BatchEnded)
        shapes.append(first.pixels.ndim)
        assert first.dpi == 300
    assert shapes == [2, 3]


def test_a_feeder_is_used_as_most_papers_want_it(worker: ScanWorker, folder: DataFolder) -> None:
    desk = equipment(worker, folder)
    feeder = next(row for row in desk.scanners() if row.device == TEST_DEVICE)
    desk.settings.choose_scanner(feeder.key, feeder.name)
    settings = desk.scan_settings()
    assert (settings.source, settings.mode, settings.resolution) == (Source.FEEDER, ColourMode.GRAY, 300)
    assert settings.area is not None and settings.depth == 8


def test_what_was_chosen_survives_a_restart(worker: ScanWorker, folder: DataFolder) -> None:
    before = equipment(worker, folder, "ipp://localhost:2/a", "ipp://localhost:2/b")
    feeder = next(row for row in before.scanners() if row.device == TEST_DEVICE)
    before.settings.choose_scanner(feeder.key, feeder.name)
    before.settings.choose_printer("ipp://localhost:2/b")
    choice = ScanChoice(source=Source.FLATBED, mode=ColourMode.COLOUR, resolution=150)
    before.settings.keep_scan_choice(feeder.key, choice)
    after = equipment(worker, folder, "ipp://localhost:2/a", "ipp://localhost:2/b")
    assert after.chosen_scanner().name == feeder.name
    assert after.choice(after.chosen_scanner()) == choice
    assert after.chosen_printer().key == "ipp://localhost:2/b"


def test_a_device_is_never_asked_for_what_it_does_not_offer(worker: ScanWorker, folder: DataFolder) -> None:
    desk = equipment(worker, folder)
    scanner = desk.scanners()[0]
    desk.settings.choose_scanner(scanner.key, scanner.name)
    wish = ScanChoice(source=Source.FEEDER_DUPLEX, mode=ColourMode.LINEART, resolution=5000)
    desk.settings.keep_scan_choice(scanner.key, wish)
    settings = desk.scan_settings()
    assert (settings.source, settings.mode, settings.depth, settings.resolution) == (None, None, None, 300)


def test_a_chosen_device_that_is_gone_is_not_replaced(worker: ScanWorker, folder: DataFolder) -> None:
    desk = equipment(worker, folder, "ipp://localhost:2/a")
    desk.settings.choose_scanner("test:9", "the old one")
    desk.settings.choose_printer("ipp://localhost:2/gone")
    assert desk.chosen_scanner().name == "the old one"
    for ask in (desk.scan_settings, desk.printer):
        with pytest.raises(DeviceError) as caught:
            ask()
        assert caught.value.trouble is Trouble.OFFLINE


def test_without_a_printer_the_trouble_says_so(worker: ScanWorker, tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        equipment(worker, DataFolder(root=tmp_path)).printer()
    assert caught.value.trouble is Trouble.OFFLINE


def test_a_printer_of_the_environment_answers(worker: ScanWorker, tmp_path: Path) -> None:
    with IPPPrinterProcess(tmp_path / "printer", name="Counter printer") as printer:
        config = read_config({"YICHUANG_PRINTER": f"{printer.uri} ipp://localhost:2/b"}, tmp_path)
        desk = Equipment(worker, settings=DeviceSettings(config.data, config.printers), print_service=NOWHERE)
        assert len(desk.printers()) == 2
        assert "application/pdf" in desk.printer().capabilities().media_types


def test_what_cannot_be_understood_is_left_out_and_said(tmp_path: Path) -> None:
    folder = DataFolder(root=tmp_path)
    good = '[[printer]]\nname = "a"\nuri = "ipp://localhost:2/a"\n'
    bads = (
        "language = 'pcl'",
        "papers = ['NOTE']",
        "language = 'zpl'\nwidth_dots = 3",
        "language = 'zpl'\nchinese = 'big5'",
    )
    rows = [f"[[printer]]\nuri = 'tcp://127.0.0.1'\n{bad}\n" for bad in bads]
    for bad in (*rows, '[[printer]]\nuri = "lpt1"\n', "[[printer]]\n", '[[scanner]]\nname = "x"\n', "[paper]\n"):
        folder.config.write_text(good + bad, encoding="utf-8")
        settings = DeviceSettings(folder)
        assert not settings.is_readable
        assert [row.name for row in settings.printers] == ["a"]
    folder.config.write_text("[[printer", encoding="utf-8")
    assert not DeviceSettings(folder).is_readable
    folder.config.write_text(good, encoding="utf-8")
    assert DeviceSettings(folder).is_readable


def test_a_torn_choice_is_no_choice(tmp_path: Path) -> None:
    folder = DataFolder(root=tmp_path)
    for torn in (b"", b"[]", b'{"scan": 3}', b"\xff", b'{"scan": {"x": {"resolution": "many", "mode": 1}}}'):
        folder.devices.write_bytes(torn)
        settings = DeviceSettings(folder)
        assert (settings.scanner, settings.printer, settings.scan_choice("x")) == ("", "", ScanChoice())


class _PrintService(BaseHTTPRequestHandler):
    """Answers CUPS-Get-Printers with two queues, in the bytes of RFC 8010."""

    def do_POST(self) -> None:
        """Answer."""
        request = self.rfile.read(int(self.headers["Content-Length"]))
        assert request[2:4] == b"\x40\x02"

        def field(tag: int, name: bytes, value: bytes) -> bytes:
            return bytes([tag, 0, len(name)]) + name + bytes([0, len(value)]) + value

        queues = [(b"front", "前台打印机".encode()), (b"back office", b"")]
        body = b"\x02\x00\x00\x00" + request[4:8] + b"\x01" + field(0x47, b"attributes-charset", b"utf-8")
        for name, title in queues:
            body += b"\x04" + field(0x42, b"printer-name", name) + field(0x41, b"printer-info", title)
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.end_headers()
        self.wfile.write(body + b"\x03")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a print service with two queues."""
    server = HTTPServer(("127.0.0.1", 0), _PrintService)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"ipp://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_queues_of_the_system_are_offered_after_the_named_printers(
    worker: ScanWorker, tmp_path: Path, service: str
) -> None:
    settings = DeviceSettings(DataFolder(root=tmp_path), ("ipp://localhost:2/a",))
    found = Equipment(worker, settings=settings, print_service=service).printers()
    assert [row.name for row in found] == ["ipp://localhost:2/a", "前台打印机", "back office"]
    assert found[2].key == f"{service}/printers/back%20office"


def test_a_machine_without_a_print_service_has_no_queues() -> None:
    assert print_queues(NOWHERE) == ()


def test_an_escl_scanner_is_named_by_its_address(tmp_path: Path, sane_folder: SaneFolder) -> None:
    with ESCLScanner() as scanner, ScanWorker(ScannerDrivers(sane=sane_folder.driver())) as worker:
        rows = f"[[scanner]]\nname = 'net'\nescl = '{scanner.url}/'\n[[scanner]]\nescl = 'localhost:1'\n"
        (tmp_path / "config.toml").write_text(rows + "[[scanner]]\nescl = 'ftp://x'\n", encoding="utf-8")
        desk = equipment(worker, DataFolder(root=tmp_path))
        assert not desk.settings.is_readable
        found = desk.scanners()[:2]
        assert [(row.name, row.is_seen) for row in found] == [("net", True), ("http://localhost:1/eSCL", False)]
        desk.settings.choose_scanner(found[0].key, "net")
        settings = desk.scan_settings()
        assert (settings.source, settings.mode, settings.resolution) == (Source.FEEDER, ColourMode.GRAY, 300)
        events = list(worker.scan_pages(settings))
        assert [(e.width, e.height) for e in events if isinstance(e, PageScanned)] == [(2480, 3508)] * SHEETS


def test_a_paper_goes_to_the_printer_that_is_named_for_it(worker: ScanWorker, tmp_path: Path) -> None:
    folder = DataFolder(root=tmp_path)
    folder.config.write_text(
        "[[printer]]\nname = 'receipts'\nuri = 'usb://04b8:0202/J0001'\nlanguage = 'escpos'\npapers = ['receipt']\n"
        "[[printer]]\nname = 'labels'\nuri = 'tcp://127.0.0.1:1'\nlanguage = 'tspl'\npapers = ['material_slip']\n"
        "[[printer]]\nname = 'sheets'\nuri = 'ipp://localhost:2/a'\n",
        encoding="utf-8",
    )
    desk = Equipment(worker, settings=DeviceSettings(folder), print_service=NOWHERE)
    assert desk.settings.is_readable
    assert desk.printer("RECEIPT").stock is Stock.ROLL
    assert desk.printer("MATERIAL_SLIP").stock is Stock.LABEL
    assert (desk.printer("GRANT").stock, desk.chosen_printer().name) == (Stock.SHEET, "sheets")
