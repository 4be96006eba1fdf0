"""打印 and 出件: papers through the printer, the result into the citizen's hands.

Rules kept here: the intent is durable before a byte goes to the printer, the outcome after; a run without an outcome is
visible; what the citizen signed for concludes the case.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from yichuang_client.actions.work import Work
from yichuang_domain import actions as a
from yichuang_domain.case import Case
from yichuang_domain.ids import CaseId, PrintId


def start_print(work: Work, case: CaseId, paper: a.PaperKind, serial: str = "") -> PrintId:
    """Record the intent to print. Raises Refused, StoreError (SERIAL_USED)."""
    run = PrintId(secrets.token_hex(16))
    work.do((case, a.StartPrint(run=run, paper=paper, serial=serial)))
    return run


def confirm_print(work: Work, case: CaseId, run: PrintId) -> Case:
    """The paper came out well. Raises Refused, StoreError."""
    return work.do((case, a.ConfirmPrint(run=run))).cases[case]


def void_print(work: Work, case: CaseId, run: PrintId) -> Case:
    """The paper was spoiled; its serial is void. Raises Refused, StoreError."""
    return work.do((case, a.VoidPrint(run=run))).cases[case]


def deliver(
    work: Work, cases: Sequence[CaseId], method: a.DeliveryMethod, recipient: str, *, ahead: bool = False
) -> None:
    """The results were handed out and signed for: the case, or the cases of a matter, conclude in one deed.

    ``ahead``: the applicant wishes what is ready before the rest of the matter is done.

    Raises Refused, StoreError.
    """
    work.do(*((case, a.Deliver(method=method, recipient=work.seal(recipient), ahead=ahead)) for case in cases))


def archive(work: Work, case: CaseId) -> Case:
    """归档. Raises Refused, StoreError."""
    return work.do((case, a.Archive())).cases[case]
