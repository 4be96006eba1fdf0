"""A counter's program without a line, in a process of its own, to be killed: takes a case in and prints its receipt.

Says one JSON line when the receipt is printed, then waits for the end that the story gives it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.desk_at_work import DeskAtWork
from tests.support.intakes import LIU, intake_of
from yichuang_client.actions import printing, receiving
from yichuang_client.devices.ipp_printer import IPPPrinter
from yichuang_client.documents.press import Press
from yichuang_domain.actions import PaperKind
from yichuang_domain.ids import ItemCode


def main(folder: str, login: str, item: str, printer: str) -> None:
    """Sign in off line, receive, print, say so, wait."""
    desk = DeskAtWork(Path(folder))
    signed_in = desk.sign_in(login)
    found = desk.store.catalogue.current(ItemCode(item))
    case = receiving.receive(desk.work, intake_of(found, LIU, short_of=1))
    with Press() as press:
        done = printing.print_paper(desk.work, press, IPPPrinter(printer), case, PaperKind.RECEIPT)
    line = {"case": case.case, "number": case.number, "online": signed_in.is_online, "printed": done.is_confirmed}
    print(json.dumps(line), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
