"""The print ledger (打印台账): the intent before, the outcome after, every serial once.

Rules kept here: rows follow the deeds (StartPrint, ConfirmPrint, VoidPrint) in their own transaction; a run that was
started and has no outcome is shown after a crash, never printed again in silence; a serial of numbered stock that was
used, spoiled or not, is never used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang_client.store.database import Database
from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.times import to_moment, to_text
from yichuang_domain.actions import Action, ConfirmPrint, PaperKind, StartPrint, VoidPrint
from yichuang_domain.case import Case, PrintState
from yichuang_domain.ids import CaseId, PrintId

_COLUMNS = "run, case_id, paper, serial, state, started_time, ended_time"


@dataclass(frozen=True, kw_only=True)
class LedgerRun:
    """One run of a paper through a printer of this desk."""

    run: PrintId
    case: CaseId
    paper: PaperKind
    serial: str
    state: PrintState
    started_time: datetime
    ended_time: datetime | None


class PrintLedger:
    """Print runs of this desk. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, case: CaseId, action: Action, moment: datetime) -> None:
        """Follow a deed's action; others than prints are ignored. Raises StoreError (SERIAL_USED)."""
        if isinstance(action, StartPrint):
            self._start(case, action, moment)
        elif isinstance(action, ConfirmPrint | VoidPrint):
            state = PrintState.CONFIRMED if isinstance(action, ConfirmPrint) else PrintState.VOIDED
            with self._database.write() as connection:
                connection.execute(
                    "UPDATE print_run SET state = ?, ended_time = ? WHERE run = ?",
                    (state.value, to_text(moment), action.run),
                )

    def follow(self, case: Case) -> None:
        """A run that ended at another desk, as a slip that its section signed for; inside the caller's transaction."""
        ended = [run for run in case.prints if run.paper is PaperKind.HANDOVER and run.state is not PrintState.STARTED]
        for run in ended:
            with self._database.write() as connection:
                connection.execute(
                    "UPDATE print_run SET state = ?, ended_time = ? WHERE run = ? AND state = 'STARTED'",
                    (run.state.value, to_text(case.steps[-1].occurred_time), run.run),
                )

    def _start(self, case: CaseId, action: StartPrint, moment: datetime) -> None:
        if action.serial and self.is_used(action.paper, action.serial):
            raise StoreError(StoreReason.SERIAL_USED)
        with self._database.write() as connection:
            connection.execute(
                f"INSERT INTO print_run ({_COLUMNS}) VALUES (?, ?, ?, ?, 'STARTED', ?, NULL)",
                (action.run, case, action.paper.value, action.serial, to_text(moment)),
            )

    def is_used(self, paper: PaperKind, serial: str) -> bool:
        """Whether a serial went through a printer here."""
        query = "SELECT 1 FROM print_run WHERE paper = ? AND serial = ?"
        return self._database.row(query, paper.value, serial) is not None

    def last_serial(self, paper: PaperKind) -> str:
        """The serial of the numbered stock that went through last, empty before the first; spoiled ones count."""
        row = self._database.row(
            "SELECT serial FROM print_run WHERE paper = ? AND serial <> '' "
            "ORDER BY started_time DESC, rowid DESC LIMIT 1",
            paper.value,
        )
        return "" if row is None else str(row[0])

    def unfinished(self) -> tuple[LedgerRun, ...]:
        """Runs without an outcome: after a crash a person says what came out."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM print_run WHERE state = 'STARTED' ORDER BY started_time")
        return tuple(_read(row) for row in rows)

    def open_of(self, paper: PaperKind) -> tuple[LedgerRun, ...]:
        """Runs of a kind without an outcome, in the order in which they began."""
        query = f"SELECT {_COLUMNS} FROM print_run WHERE paper = ? AND state = 'STARTED' ORDER BY started_time, rowid"
        return tuple(_read(row) for row in self._database.rows(query, paper.value))

    def between(self, first: datetime, last: datetime) -> tuple[LedgerRun, ...]:
        """Runs that began from the one moment until before the other, the newest first."""
        query = f"SELECT {_COLUMNS} FROM print_run WHERE started_time >= ? AND started_time < ?"
        rows = self._database.rows(f"{query} ORDER BY started_time DESC, rowid DESC", to_text(first), to_text(last))
        return tuple(_read(row) for row in rows)

    def ended_between(self, first: datetime, last: datetime) -> tuple[LedgerRun, ...]:
        """Runs whose outcome came from the one moment until before the other."""
        query = f"SELECT {_COLUMNS} FROM print_run WHERE ended_time >= ? AND ended_time < ?"
        return tuple(_read(row) for row in self._database.rows(query, to_text(first), to_text(last)))

    def of(self, case: CaseId) -> tuple[LedgerRun, ...]:
        """Runs of a case in their order."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM print_run WHERE case_id = ? ORDER BY started_time", case)
        return tuple(_read(row) for row in rows)


def _read(row: tuple[Any, ...]) -> LedgerRun:
    run, case, paper, serial, state, started, ended = row
    return LedgerRun(
        run=run,
        case=case,
        paper=PaperKind(paper),
        serial=serial,
        state=PrintState(state),
        started_time=to_moment(started),
        ended_time=to_moment(ended) if ended else None,
    )
