"""``yichuang devices``: the real libsane and a real IPP printer from the command line, and a check-up of a machine."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.escl_scanner import ESCLScanner
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import FEEDER_SHEETS, TEST_DEVICE, write_config
from tests.support.usb_bus import RECEIPT_PRINTER, on_bus, plug_in
from yichuang_client.__main__ import main
from yichuang_client.commands.exit_codes import exit_code
from yichuang_client.devices.checkup import Check, Places, backends, usb_findings
from yichuang_client.devices.errors import Trouble
from yichuang_client.devices.usb_files import USBFiles

FEEDER = ["--device", TEST_DEVICE, "--source", "feeder", "--mode", "gray", "--dpi", "75"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desk's folder, on a machine whose libsane has the two test backends; nobody else's devices are looked for."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "config.toml").write_text("discovery = false\n", encoding="utf-8")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(write_config(tmp_path / "sane.d").folder))
    return ["--data", str(tmp_path / "desk"), "devices"]


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[IPPPrinterProcess]:
    with IPPPrinterProcess(tmp_path / "printer") as running:
        yield running


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = main([*arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_scanners_and_printers_are_listed(
    desk: list[str],
    printer: IPPPrinterProcess,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YICHUANG_PRINTER", printer.uri)
    printer.load(0)
    code, rows = run(capsys, *desk, "list")
    assert code == 0
    assert {"kind": "scanner", "address": TEST_DEVICE, "state": "seen"}.items() <= rows[2].items()
    assert rows[-1] == {"kind": "printer", "name": printer.uri, "address": printer.uri, "state": "feeder-empty"}


def test_a_batch_becomes_files_and_the_next_one_goes_on(
    desk: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code, rows = run(capsys, *desk, "scan", "--out", str(out), *FEEDER, "--pages", "2")
    assert code == 0
    assert [row["event"] for row in rows] == ["page", "page", "ended"]
    image = Image.open(io.BytesIO(Path(rows[0]["file"]).read_bytes()))
    assert (image.format, image.info["dpi"]) == ("JPEG", (75, 75))
    run(capsys, *desk, "scan", "--out", str(out), *FEEDER)
    assert sorted(file.name for file in out.iterdir()) == [f"page-{n:04}.jpg" for n in range(1, FEEDER_SHEETS + 3)]


@pytest.mark.parametrize(
    ("status", "trouble", "code"),
    [
        ("SANE_STATUS_JAMMED", "jam", 4),
        ("SANE_STATUS_COVER_OPEN", "cover-open", 4),
        ("SANE_STATUS_IO_ERROR", "communication", 1),
        ("SANE_STATUS_DEVICE_BUSY", "busy", 1),
    ],
)
def test_a_trouble_ends_a_batch_with_its_exit_code(
    desk: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], status: str, trouble: str, code: int
) -> None:
    option = f"read-return-value={status}"
    ended, rows = run(capsys, *desk, "scan", "--out", str(tmp_path / "out"), *FEEDER, "--option", option)
    assert ended == code
    assert (rows[-1]["event"], rows[-1]["trouble"], rows[-1]["pages"]) == ("trouble", trouble, 0)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_escl_scanner_is_listed_and_scanned_by_its_address(
    desk: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ESCLScanner(fault="3:jam") as scanner:
        with (tmp_path / "desk" / "config.toml").open("a", encoding="utf-8") as config:
            config.write(f'[[scanner]]\nname = "net"\nescl = "{scanner.url}"\n')
        code, rows = run(capsys, *desk, "list")
        assert {"name": "net", "address": scanner.url, "state": "seen"}.items() <= rows[0].items()
        more = ["--out", str(tmp_path / "out"), "--dpi", "75"]
        code, rows = run(capsys, *desk, "scan", "--device", scanner.url, *more)
    assert (code, rows[-1]["trouble"], rows[-1]["pages"]) == (4, "jam", 2)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["page-0001.jpg", "page-0002.jpg"]


def test_a_scanner_that_is_not_there(desk: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = run(capsys, *desk, "scan", "--out", str(tmp_path / "out"), "--device", "test:77")
    assert (code, rows[-1]["trouble"]) == (3, "offline")


def test_a_file_is_printed_byte_for_byte(
    desk: list[str], printer: IPPPrinterProcess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    code, rows = run(capsys, *desk, "print", str(file), "--printer", printer.uri)
    assert (code, rows[-1]["state"]) == (0, "completed")
    assert printer.printed() == [file.read_bytes()]
    printer.plan("abort")
    code, rows = run(capsys, *desk, "print", str(file), "--printer", printer.uri)
    assert (code, rows[-1]["state"], rows[-1]["troubles"]) == (1, "aborted", ["aborted"])


def test_a_job_is_taken_back(
    desk: list[str], printer: IPPPrinterProcess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    printer.plan("hold:none")
    code, rows = run(capsys, *desk, "print", str(file), "--printer", printer.uri, "--no-wait")
    assert (code, len(rows)) == (0, 1)
    job = str(rows[0]["job"])
    printer.go()
    code, rows = run(capsys, *desk, "cancel", job, "--printer", printer.uri)
    assert {row["state"] for row in rows} <= {"stopping", "cancelled", "completed"}
    assert code == (0 if rows[-1]["state"] == "cancelled" else 1)


def test_what_cannot_be_printed_is_refused(desk: list[str], tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("dear", encoding="ascii")
    assert main([*desk, "print", str(text), "--printer", "ipp://localhost:9/"]) == 2
    assert main([*desk, "print", str(tmp_path / "gone.pdf")]) == 2
    text.write_bytes(b"%PDF-1.7\n")
    assert main([*desk, "print", str(text), "--printer", "ipp://localhost:9/"]) == 3
    assert main([*desk, "print", str(text), "--printer", "file:///dev/lp0"]) == 2


def test_the_doctor_is_content_with_a_machine_that_has_all(
    desk: list[str], printer: IPPPrinterProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    _, rows = run(capsys, *desk, "doctor", "--printer", printer.uri)
    found = {row["check"]: row for row in rows}
    assert {"libsane-there", "backends-there", "scanner-seen", "printer-ready"} <= found.keys()
    printer.load(0)
    code, rows = run(capsys, *desk, "doctor", "--printer", printer.uri)
    assert code == 1
    assert (rows[-1]["check"], rows[-1]["trouble"]) == ("printer-trouble", "feeder-empty")
    assert rows[-1]["mend"]


def test_a_printer_on_the_usb_bus_is_listed_with_what_it_lacks(desk: list[str], tmp_path: Path) -> None:
    (tmp_path / "desk" / "config.toml").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "yichuang_client", *desk, "list"]
    environment = {**os.environ, "YICHUANG_LANG": "en"}
    ran = subprocess.run(
        on_bus(RECEIPT_PRINTER, tmp_path, command), capture_output=True, text=True, check=True, env=environment
    )
    row, mend = ran.stdout.splitlines()[-2:]
    assert "EPSON TM-T88V" in row and "usb://04b8:0202/J0001" in row and row.endswith("lacks-driver")
    assert mend.strip().startswith("→ Name it in config.toml")
    assert "USB: 1 (" in ran.stderr and "network: " in ran.stderr


def bus_files(places: Places) -> USBFiles:
    return USBFiles(usb=places.usb, udev_data=places.udev_data, nodes=places.nodes)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A machine with an empty bus, no rules, no backends."""
    folders = {name: tmp_path / name for name in ("usb", "udev", "nodes", "rules", "sane", "bin")}
    for folder in folders.values():
        folder.mkdir()
    return Places(
        usb=folders["usb"],
        udev_data=folders["udev"],
        nodes=folders["nodes"],
        rules=(folders["rules"],),
        backends=(folders["sane"],),
        programs=(folders["bin"],),
    )


def test_what_a_machine_lacks_is_found(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    printer_node, scanner_node = (
        plug_in(bus_files(places), 3),
        plug_in(bus_files(places), 4, kind="ff", is_matched=True),
    )
    plug_in(bus_files(places), 5, kind="09")
    monkeypatch.setattr("os.access", lambda node, mode: node != printer_node)
    checks = [(finding.check, finding.subject) for finding in usb_findings(places)]
    assert checks == [
        (Check.RULES_MISSING, ""),
        (Check.USB_FORBIDDEN, "Device 3"),
        (Check.IPP_USB_MISSING, "Device 3"),
        (Check.USB_OPEN, "Device 4"),
    ]
    assert scanner_node.exists()
    assert backends(places).check is Check.BACKENDS_MISSING
    (places.backends[0] / "libsane-fujitsu.so.1").touch()
    (places.rules[0] / "70-yichuang-devices.rules").touch()
    (places.programs[0] / "ipp-usb").touch()
    assert backends(places).check is Check.BACKENDS_THERE
    assert [finding.check for finding in usb_findings(places)] == [
        Check.RULES_THERE,
        Check.USB_FORBIDDEN,
        Check.USB_OPEN,
    ]


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_an_exit_code(trouble: Trouble) -> None:
    assert exit_code(trouble) in range(1, 5)


@pytest.mark.parametrize(
    "arguments", [["scan"], ["scan", "--out", "x", "--pages", "0"], ["print"], ["scan", "--option"]]
)
def test_wrong_arguments_end_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["devices", *arguments])
    assert ended.value.code == 2
