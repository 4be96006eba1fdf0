"""``yichuang devices list | scan | print``.

Rules kept here: a page is a file only when it is whole and on the disk; pages that came before a trouble are kept and
numbered on, so that the same command goes on after a jam; a print job is watched to its end and cancelled when the
command is stopped; nothing names a person.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yichuang_client.commands.exit_codes import DONE, FAILED, WRONG
from yichuang_client.commands.machines import machines, printer_named, scanner_named, tell_trouble
from yichuang_client.commands.output import print_cells, print_json, words
from yichuang_client.devices.equipment import Equipment, FoundPrinter, FoundScanner
from yichuang_client.devices.errors import DeviceError
from yichuang_client.devices.looks import Looked, Way
from yichuang_client.devices.printing import A4, JobState, JobStatus, PrinterDriver, PrintJob, PrintTicket, Sides
from yichuang_client.devices.raw_printer import RAW
from yichuang_client.devices.scanning import (
    ColourMode,
    PageScanned,
    ScanSettings,
    Source,
    TroubleMet,
)

_FILE = "page-{:04}"
_FILES = re.compile(r"page-(\d{4,})\.(?:jpg|tif)")
_MEDIA = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg"}
_LIST_WIDTHS = (8, 28, 40, 0)


def list_devices(options: argparse.Namespace) -> int:
    """Write one row for each scanner and each printer. Returns the exit code."""
    say, code = words(), DONE
    with machines(options) as equipment:
        if not options.json:
            equipment.looks.on_looked = _say_looked
        scanners, printers = equipment.everything()
        if equipment.looks.is_late(Way.DRIVERS) and not isinstance(scanners, DeviceError):
            scanners = equipment.all_scanners()
        if isinstance(scanners, DeviceError):
            code = tell_trouble(scanners.trouble, scanners.detail, is_json=options.json, kind="scanner")
        else:
            for row in scanners:
                state = "announced" if row.is_announced else "seen" if row.is_seen else "not-seen"
                state = state if row.lack is None else f"lacks-{row.lack.value}"
                _list_row(options.json, kind="scanner", name=row.name, address=row.device, state=state, mend=_mend(row))
        for printer in printers:
            _list_printer(equipment, printer, options.json)
    if not options.json and code == DONE:
        print(say.key("command.more"), file=sys.stderr)
    return code


def _say_looked(looked: Looked) -> None:
    found = looked.trouble.value if looked.trouble else str(looked.count)
    print(f"{words().key(f'command.way_{looked.way.name}')}: {found} ({looked.seconds:.1f} s)", file=sys.stderr)


def _mend(found: FoundScanner | FoundPrinter) -> str:
    return "" if found.lack is None else words().key(f"devices.lack_{found.lack.name}")


def _list_printer(equipment: Equipment, printer: FoundPrinter, is_json: bool) -> None:
    mend, supplies = _mend(printer), []
    if printer.lack is not None:
        state = f"lacks-{printer.lack.value}"
    else:
        try:
            offer = equipment.ask_printer(printer)
            state = offer.troubles[0].value if offer.troubles else "ready"
            supplies = [words().key(f"devices.supply_{supply.name}") for supply in offer.supplies]
        except DeviceError as error:
            state = error.trouble.value
    mend = " ".join(filter(None, (mend, *supplies)))
    _list_row(is_json, kind="printer", name=printer.name, address=printer.key, state=state, mend=mend)


def _list_row(is_json: bool, *, kind: str, name: str, address: str, state: str, mend: str = "") -> None:
    if is_json:
        print_json({"kind": kind, "name": name, "address": address, "state": state} | ({"mend": mend} if mend else {}))
        return
    print_cells([words().key(f"command.{kind}"), name, address, state], _LIST_WIDTHS)
    if mend:
        print(f"   → {mend}")


def scan(options: argparse.Namespace) -> int:
    """Scan a batch into files, JPEG or G4. Returns the exit code."""
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError:
        print(words().key("command.no_folder"), file=sys.stderr)
        return WRONG
    with machines(options) as equipment:
        try:
            settings = _settings(equipment, options)
        except DeviceError as error:
            return tell_trouble(error.trouble, error.detail, is_json=options.json, pages=0)
        return _scan_batch(equipment, settings, options)


def _scan_batch(equipment: Equipment, settings: ScanSettings, options: argparse.Namespace) -> int:
    from yichuang_client.documents.page_encoding import suffix
    from yichuang_client.documents.page_pool import PagePipeline
    from yichuang_client.documents.pages import RawPage

    troubles: list[TroubleMet] = []

    def raws() -> Iterator[RawPage]:
        for event in equipment.scanner.scan_pages(settings):
            if isinstance(event, PageScanned):
                yield RawPage(pixels=event.pixels, dpi=event.dpi)
            elif isinstance(event, TroubleMet):
                troubles.append(event)

    count = 0
    pipeline = PagePipeline()
    try:
        for number, page in enumerate(pipeline.prepare(raws()), start=_next_number(options.out)):
            file = options.out / (_FILE.format(number) + suffix(page.data))
            _write(file, page.data)
            count += 1
            flaws, codes = [flaw.value for flaw in page.flaws], [code.text for code in page.codes]
            if options.json:
                row = {"event": "page", "page": count, "file": str(file), "width": page.width, "height": page.height}
                more = {"dpi": page.dpi, "blank": page.is_blank, "skew": page.skew_degrees}
                print_json({**row, **more, "codes": codes, "quality": flaws, "sha256": page.sha256})
            else:
                print(" ".join([str(file), *flaws, *codes]), flush=True)
    except OSError:
        print(words().key("command.no_folder"), file=sys.stderr)
        return FAILED
    finally:
        pipeline.close()
    if troubles:
        return tell_trouble(troubles[0].trouble, troubles[0].detail, is_json=options.json, pages=count)
    if options.json:
        print_json({"event": "ended", "pages": count})
    return DONE


def _settings(equipment: Equipment, options: argparse.Namespace) -> ScanSettings:
    settings = equipment.settings_of(scanner_named(equipment, options.device))
    if options.source:
        settings = replace(settings, source=Source(options.source))
    if options.mode:
        mode = ColourMode(options.mode)
        settings = replace(settings, mode=mode, depth=None if mode is ColourMode.LINEART else settings.depth)
    if options.dpi:
        settings = replace(settings, resolution=options.dpi)
    return replace(settings, pages=options.pages, options={**settings.options, **dict(options.option)})


def _next_number(folder: Path) -> int:
    numbers = [int(match[1]) for file in folder.iterdir() if (match := _FILES.fullmatch(file.name))]
    return max(numbers, default=0) + 1


def _write(file: Path, page: bytes) -> None:
    part = file.with_name(file.name + ".part")
    with part.open("wb") as out:
        out.write(page)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def print_file(options: argparse.Namespace) -> int:
    """Print a file and watch the job. Returns the exit code."""
    try:
        document = options.file.read_bytes()
    except OSError:
        print(words().key("page.UNREADABLE"), file=sys.stderr)
        return WRONG
    media_type = (
        RAW if options.raw else next((kind for start, kind in _MEDIA.items() if document.startswith(start)), "")
    )
    if not media_type:
        print(words().key("command.not_printable"), file=sys.stderr)
        return WRONG
    sides = Sides(options.sides) if options.sides else None
    name = f"yichuang-{uuid.uuid4().hex[:12]}"
    media = None if options.raw else A4
    ticket = PrintTicket(name=name, copies=options.copies, sides=sides, media=media, media_type=media_type)
    with machines(options) as equipment:
        try:
            driver = printer_named(equipment, options.printer, options.language).driver
            job = driver.submit(document, ticket)
            return _watched(driver, job, options)
        except DeviceError as error:
            return tell_trouble(error.trouble, error.detail, is_json=options.json)


def _watched(driver: PrinterDriver, job: PrintJob, options: argparse.Namespace) -> int:
    if options.no_wait and driver.has_spool:
        _say_job(job, None, options.json)
        return DONE
    last: JobStatus | None = None
    try:
        for last in driver.watch(job):
            _say_job(job, last, options.json)
    except KeyboardInterrupt:
        driver.cancel(job)
        raise
    return DONE if last is not None and last.state is JobState.COMPLETED else FAILED


def cancel_job(options: argparse.Namespace) -> int:
    """Take a job back from a printer or a queue and watch what becomes of it. Returns the exit code."""
    with machines(options) as equipment:
        try:
            driver = printer_named(equipment, options.printer).driver
            job = PrintJob(number=options.job, name="")
            driver.cancel(job)
            last = None
            for last in driver.watch(job):
                _say_job(job, last, options.json)
        except DeviceError as error:
            return tell_trouble(error.trouble, error.detail, is_json=options.json)
    return DONE if last is not None and last.state is JobState.CANCELLED else FAILED


def _say_job(job: PrintJob, status: JobStatus | None, is_json: bool) -> None:
    state = status.state.value if status else JobState.PENDING.value
    troubles = status.troubles if status else ()
    if is_json:
        row = {"event": "job", "job": job.number, "name": job.name, "state": state}
        print_json({**row, "troubles": [trouble.value for trouble in troubles]})
    else:
        sentences = [words().key(f"device.{trouble.name}") for trouble in troubles]
        print(" ".join([str(job.number), words().key(f"command.job_{state}"), *sentences]), flush=True)
