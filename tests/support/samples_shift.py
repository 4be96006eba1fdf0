"""The day at an invented desk: what was done, and its print ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from yichuang_client.actions.closing import DayAtDesk
from yichuang_client.documents.daily_data import DailyRow
from yichuang_client.presenters.shift_model import LEDGER, PEOPLE, Seen, Standing, shift_model
from yichuang_client.store.print_ledger import LedgerRun
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import PrintState
from yichuang_domain.ids import CaseId, PrintId

_NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def _run(n: int, paper: PaperKind, state: PrintState, serial: str = "") -> LedgerRun:
    started = _NOON - timedelta(minutes=7 * n)
    ended = None if state is PrintState.STARTED else started + timedelta(minutes=1)
    return LedgerRun(
        run=PrintId(f"run{n}"),
        case=CaseId(f"case{n}"),
        paper=paper,
        serial=serial,
        state=state,
        started_time=started,
        ended_time=ended,
    )


_RUNS = (
    _run(1, PaperKind.CERTIFICATE, PrintState.STARTED, "A0000103"),
    _run(2, PaperKind.CERTIFICATE, PrintState.VOIDED, "A0000102"),
    _run(3, PaperKind.CERTIFICATE, PrintState.CONFIRMED, "A0000101"),
    _run(4, PaperKind.ACCEPTANCE, PrintState.CONFIRMED),
    _run(5, PaperKind.RECEIPT, PrintState.CONFIRMED),
)
_SEEN = Seen(
    day=DayAtDesk(
        on=date(2026, 11, 24),
        rows=(
            DailyRow(person="李敏", received=19, accepted=12, supplements=2, declined=1, withdrawn=0, delivered=11),
            DailyRow(person="许青禾", received=13, accepted=8, supplements=2, declined=0, withdrawn=1, delivered=8),
        ),
        runs=_RUNS,
        unsent=2,
        slips_open=3,
    ),
    open_runs=_RUNS[:1],
    numbers={run.case: f"330402-0137-20261124-{n:04}-X" for n, run in enumerate(_RUNS)},
)


def _standing(shown: str, selected: str) -> Standing:
    return Standing(seen=_SEEN, shown=shown, selected=selected, asked="", notice=None, is_busy=False)


PEOPLE_MODEL = shift_model(_standing(PEOPLE, "李敏"))
LEDGER_MODEL = shift_model(_standing(LEDGER, "run1"))
