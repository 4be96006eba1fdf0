"""``yichuang devices doctor``: what is missing, and how to mend it."""

from __future__ import annotations

import argparse

from yichuang_client.commands.exit_codes import DONE, FAILED
from yichuang_client.commands.machines import machines, printer_named, tell_trouble
from yichuang_client.commands.output import print_json, words
from yichuang_client.devices.checkup import Finding, Places, look_round
from yichuang_client.devices.equipment import Equipment, FoundPrinter
from yichuang_client.devices.errors import DeviceError


def doctor(options: argparse.Namespace) -> int:
    """Write one row for each finding; 1 when something is to be mended. Returns the exit code."""
    is_well = True
    with machines(options) as equipment:
        try:
            printers = _printers(equipment, options.printer)
        except DeviceError as error:
            return tell_trouble(error.trouble, error.detail, is_json=options.json)
        for finding in look_round(equipment, printers, Places()):
            is_well &= finding.check.is_well
            _say(finding, options.json)
    return DONE if is_well else FAILED


def _printers(equipment: Equipment, named: str) -> tuple[FoundPrinter, ...]:
    """The printers to be asked: those of this desk, not every one that the network announces."""
    if named:
        return (printer_named(equipment, named),)
    return tuple(printer for printer in equipment.printers() if not printer.is_announced)


def _say(finding: Finding, is_json: bool) -> None:
    say, check = words(), finding.check
    mend = "" if check.is_well else say.key(f"doctor.mend_{check.name}")
    if finding.trouble is not None:
        mend = say.key(f"device.{finding.trouble.name}")
    if is_json:
        row = {"check": check.value, "is_well": check.is_well, "subject": finding.subject, "detail": finding.detail}
        trouble = finding.trouble.value if finding.trouble else None
        print_json({**row, "trouble": trouble, "mend": mend})
        return
    mark = say.key("doctor.well") if check.is_well else say.key("doctor.ill")
    head = " ".join(filter(None, (mark, say.key(f"doctor.{check.name}"), finding.subject)))
    print(f"{head} ({finding.detail})" if finding.detail else head)
    if mend:
        print(f"   → {mend}", flush=True)
