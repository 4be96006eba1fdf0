"""打印分隔页 from the scan screen: for the materials without pages, else for all.

Rules kept here: the printer is waited for off the Tk thread; scanning goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from yichuang_client.actions.separators import Checklist, print_separators
from yichuang_client.devices.errors import DeviceError
from yichuang_client.documents.paper import Paper
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Text, msg
from yichuang_client.presenters.scan_state import ScanState


def wanted(state: ScanState) -> tuple[int, ...]:
    """The materials for which sheets are printed, from 1."""
    counts = state.stack.counts()
    every = tuple(range(1, len(state.tray.materials) + 1))
    return tuple(n for n in every if not counts[state.tray.materials[n - 1][0]]) or every


def print_for(desk: Desk, state: ScanState, told: Callable[[ScanState, Text], None]) -> None:
    """Print them; ``told`` hears on the Tk thread what became of it."""
    tray, ordinals = state.tray, wanted(state)
    if not ordinals:
        return
    checklist = Checklist(
        case=tray.case,
        number=tray.number,
        applicant=tray.applicant,
        item=tray.item,
        materials=[name for _, name in tray.materials],
    )

    def done(count: int) -> None:
        desk.equipment.printer_was()
        told(state, msg("scan.separators_printed", n=count))

    def failed(error: Exception) -> None:
        if isinstance(error, DeviceError):
            desk.equipment.printer_was(error.trouble)
        told(state, sentence(error))

    told(state, msg("scan.separators_printing", n=len(ordinals)))
    desk.printing.run(
        lambda: print_separators(
            desk.work(), desk.press, desk.equipment.printer(Paper.SEPARATOR.value), checklist, ordinals
        ),
        done,
        failed,
    )
