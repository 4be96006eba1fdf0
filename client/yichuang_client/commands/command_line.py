"""The commands and their options; what they need is loaded when one runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

_EXIT_CODES = (
    "exit code: 0 done, 1 failed (doctor: something is to be mended), 2 wrong arguments, 3 not there or not reachable, "
    "4 somebody must go to the device, 130 stopped"
)
_SOURCES = ("feeder", "feeder-duplex", "flatbed")
_MODES = ("gray", "colour", "lineart")
_SIDES = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
_LANGUAGES = ("escpos", "tspl", "zpl")
_ADDRESS = "address (ipp://…, usb://VENDOR:PRODUCT/SERIAL, tcp://HOST:9100) or name; the desk's own by default"
_Commands = argparse._SubParsersAction


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands beside the window; without one the window opens."""
    commands = parser.add_subparsers(dest="command", metavar="pages|devices|bundle|keys")
    pages = commands.add_parser("pages", help="judge pages").add_subparsers(dest="act", required=True)
    inspect = pages.add_parser(
        "inspect",
        help="one row a page: blank, skew, orientation, codes, quality, size",
        description="One row a page; a bad file is a row with its reason, and the exit code is 0 all the same. "
        "Angles are degrees with the clock: skew and orientation as the page lies, turn as it is to be turned.",
    )
    inspect.add_argument("files", type=Path, nargs="+", metavar="FILE", help="image, TIFF or PDF")
    _add_json(inspect)
    archive = pages.add_parser("pdf", help="all pages of the files as one PDF/A-2b", epilog=_EXIT_CODES)
    archive.add_argument("files", type=Path, nargs="+", metavar="FILE", help="image, TIFF or PDF")
    archive.add_argument("--out", type=Path, required=True, metavar="FILE", help="the PDF; replaced when it is there")
    archive.add_argument("--text", action="store_true", help="with a layer of text to search in (needs yichuang[ocr])")
    archive.add_argument("--title", default="", help="its name by default")
    _add_json(archive)
    _add_devices(commands.add_parser("devices", help="scanners and printers").add_subparsers(dest="act", required=True))
    _add_bundle(
        commands.add_parser("bundle", help="without a line: by a stick").add_subparsers(dest="act", required=True)
    )
    _add_keys(commands.add_parser("keys", help="of this desk").add_subparsers(dest="act", required=True))


def _add_bundle(acts: _Commands[argparse.ArgumentParser]) -> None:
    helps = {
        "export": "write what waits here to a folder, for the district",
        "take": "take the district's answer in, the newest one in the folder",
    }
    for name, text in helps.items():
        act = acts.add_parser(name, help=text, description=f"{text}. Close the window first.", epilog=_EXIT_CODES)
        act.add_argument("place", type=Path, help="folder of the stick" + (", or the answer" if name == "take" else ""))
        act.add_argument("--login", required=True, help="of a clerk who works at this desk")
        act.add_argument("--password-file", type=Path, default=None, help="its first line; asked for by default")


def _add_keys(acts: _Commands[argparse.ArgumentParser]) -> None:
    listing = acts.add_parser("list", help="which keys this desk has, since when, until when", epilog=_EXIT_CODES)
    asking = acts.add_parser("ask", help="no slot opens any more: ask two administrators", epilog=_EXIT_CODES)
    asking.add_argument("file", type=Path, help="where to write the request; it holds no secret")
    asking.add_argument("--district", required=True, help="six digits")
    asking.add_argument("--desk", required=True, help="device number, four digits")
    recover = acts.add_parser("recover", help="open this desk by their answer, for one clerk", epilog=_EXIT_CODES)
    rescue = acts.add_parser(
        "rescue", help="write what a shut-out desk had not sent, for the district", epilog=_EXIT_CODES
    )
    rotate = acts.add_parser("rotate", help="a new data key: everything here is encrypted anew", epilog=_EXIT_CODES)
    for act in (recover, rescue):
        act.add_argument("file", type=Path, help="the answer")
    rescue.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the bundles")
    for act in (listing, recover, rotate):
        act.add_argument("--login", required=True, help="of a clerk who works at this desk")
        act.add_argument("--password-file", type=Path, default=None, help="its first line; asked for by default")


def _add_devices(acts: _Commands[argparse.ArgumentParser]) -> None:
    _add_json(acts.add_parser("list", help="scanners and printers that are there", epilog=_EXIT_CODES))
    scan = acts.add_parser("scan", help="scan a batch into files (JPEG, or TIFF in G4)", epilog=_EXIT_CODES)
    scan.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder; its numbers go on")
    scan.add_argument("--device", default="", help="name or address; the desk's own by default")
    scan.add_argument("--source", choices=_SOURCES, default="")
    scan.add_argument("--mode", choices=_MODES, default="")
    scan.add_argument("--dpi", type=_positive, default=None)
    scan.add_argument("--pages", type=_positive, default=None, help="most pages; all that are in the feeder by default")
    scan.add_argument("--option", type=_option, action="append", default=[], metavar="NAME=VALUE", help="of the driver")
    _add_json(scan)
    printing = acts.add_parser("print", help="print a PDF or JPEG file and watch the job", epilog=_EXIT_CODES)
    printing.add_argument("file", type=Path)
    printing.add_argument("--printer", default="", help=_ADDRESS)
    printing.add_argument("--language", choices=_LANGUAGES, default="", help="what a receipt or label printer is told")
    printing.add_argument("--raw", action="store_true", help="send the file as it is")
    printing.add_argument("--copies", type=_positive, default=1)
    printing.add_argument("--sides", choices=_SIDES, default="")
    printing.add_argument("--no-wait", action="store_true", help="end when the printer has taken the job")
    _add_json(printing)
    cancel = acts.add_parser("cancel", help="take a print job back", epilog=_EXIT_CODES)
    cancel.add_argument("job", type=_positive, help="its number, as print told it")
    cancel.add_argument("--printer", default="", help=_ADDRESS)
    _add_json(cancel)
    card = acts.add_parser("card", help="read one identity card, shown masked", epilog=_EXIT_CODES)
    way = card.add_mutually_exclusive_group()
    way.add_argument("--library", default="", metavar="FILE", help="the reader maker's library (SDT interface)")
    way.add_argument("--bridge", default="", metavar="URL", help="a local bridge; the desk's own reader by default")
    card.add_argument("--port", type=_positive, default=1001, help="of the library: 1001… USB, 1… serial")
    card.add_argument("--token-file", type=Path, default=Path(), metavar="FILE", help="holds the bridge's token")
    card.add_argument("--seconds", type=_positive, default=10, help="longest wait for a card")
    _add_json(card)
    doctor = acts.add_parser("doctor", help="what is missing and how to mend it", epilog=_EXIT_CODES)
    doctor.add_argument("--printer", default="", help="ask this one only")
    _add_json(doctor)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a row, one row a line")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _option(text: str) -> tuple[str, bool | int | float | str]:
    name, is_there, value = text.partition("=")
    if not is_there or not name:
        raise argparse.ArgumentTypeError("NAME=VALUE is needed")
    if value in ("true", "false"):
        return name, value == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def run(options: argparse.Namespace) -> int:
    """Run the chosen command. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # the reader went away (| head): nothing more can be said
        sys.stdout = None
        return 0


def _run(options: argparse.Namespace) -> int:
    if options.command == "pages" and options.act == "pdf":
        from yichuang_client.commands.archive import write_pdf

        return write_pdf(options)
    if options.command == "pages":
        from yichuang_client.commands.pages import inspect

        return inspect(options.files, is_json=options.json)
    if options.command == "bundle":
        from yichuang_client.commands.carry import carry

        return carry(options)
    if options.command == "keys":
        from yichuang_client.commands.keys import run as run_keys

        return run_keys(options)
    if options.act == "doctor":
        from yichuang_client.commands.doctor import doctor

        return doctor(options)
    if options.act == "card":
        from yichuang_client.commands.card import read

        return read(options)
    from yichuang_client.commands import devices

    return {
        "list": devices.list_devices,
        "scan": devices.scan,
        "print": devices.print_file,
        "cancel": devices.cancel_job,
    }[options.act](options)
