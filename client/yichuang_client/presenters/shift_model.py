"""班次所示: what was done at this desk today, its print ledger, and the acts on a print that nobody has ended.

Rules kept here: pure; a spoiled sheet is voided with its number, never forgotten; people of the staff are named, no
citizen is.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_client.actions.closing import DayAtDesk
from yichuang_client.presenters.casework_prints import paper_name
from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Bar,
    Chip,
    Column,
    Confirm,
    Mark,
    Progress,
    Row,
    Sentence,
    Table,
    Text,
    TimeStyle,
    Tone,
    When,
    msg,
)
from yichuang_client.presenters.models.queues import Filter, QueueModel, ShiftAct
from yichuang_client.store.print_ledger import LedgerRun
from yichuang_domain.actions import PaperKind
from yichuang_domain.case import PrintState

PEOPLE, LEDGER = "PEOPLE", "LEDGER"
_COUNTS = ("received", "accepted", "supplements", "declined", "withdrawn", "delivered")
_PEOPLE_COLUMNS = (
    Column(key="person", title=msg("shift.person"), width=200, stretches=True),
    *(Column(key=name, title=msg(f"shift.{name}"), width=130) for name in _COUNTS),
)
_LEDGER_COLUMNS = (
    Column(key="paper", title=msg("shift.paper"), width=220, stretches=True),
    Column(key="serial", title=msg("shift.serial"), width=230),
    Column(key="started", title=msg("shift.started"), width=110),
    Column(key="ended", title=msg("shift.ended"), width=110),
    Column(key="number", title=msg("queue.number"), width=246),
)
_STATES = {
    PrintState.STARTED: Chip(text=msg("shift.run_STARTED"), tone=Tone.WARNING, mark=Mark.WAIT),
    PrintState.CONFIRMED: Chip(text=msg("shift.run_CONFIRMED"), tone=Tone.SUCCESS, mark=Mark.OK),
    PrintState.VOIDED: Chip(text=msg("shift.run_VOIDED"), tone=Tone.NEUTRAL, mark=Mark.STOP),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was read."""

    day: DayAtDesk
    open_runs: tuple[LedgerRun, ...]
    """Of any day, without an outcome."""
    numbers: dict[str, str]
    """Case to its number, as far as it is on this desk."""

    @property
    def ledger(self) -> tuple[LedgerRun, ...]:
        """What nobody has ended first, then the day's runs."""
        late = [run for run in self.open_runs if all(run.run != other.run for other in self.day.runs)]
        return (*late, *self.day.runs)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the picture depends on."""

    seen: Seen | None
    shown: str
    """PEOPLE or LEDGER."""
    selected: str | None
    asked: str
    notice: Sentence | None
    is_busy: bool

    @property
    def run(self) -> LedgerRun | None:
        """The selected print."""
        ledger = self.seen.ledger if self.seen is not None and self.shown == LEDGER else ()
        return next((run for run in ledger if run.run == self.selected), None)


def shift_model(now: Standing) -> QueueModel:
    """The model of the screen."""
    seen = now.seen
    runs = len(seen.ledger) if seen is not None else 0
    filters = (
        Filter(key=PEOPLE, text=msg("shift.filter_PEOPLE")),
        Filter(key=LEDGER, text=msg("shift.filter_LEDGER", n=runs)),
    )
    return QueueModel(
        title=msg("shift.title"),
        hint=msg("queue.keys_plain") if now.shown == LEDGER else "",
        filters=filters,
        filter=now.shown,
        table=_table(now),
        progress=Progress(text=msg("shift.printing")) if now.is_busy else None,
        bar=Bar(sentence=now.notice or _sentence(now), acts=_acts(now), confirm=_strip(now)),
    )


def _table(now: Standing) -> Table:
    seen, is_ledger = now.seen, now.shown == LEDGER
    empty: Text = "" if seen is None else msg("shift.empty_LEDGER") if is_ledger else msg("shift.empty_PEOPLE")
    rows: tuple[Row, ...] = ()
    if seen is not None and is_ledger:
        rows = tuple(_run(seen, run) for run in seen.ledger)
    elif seen is not None:
        rows = tuple(
            Row(key=row.person, cells=(row.person, *(str(getattr(row, name)) for name in _COUNTS)))
            for row in seen.day.rows
        )
    return Table(
        chip_title=msg("shift.state") if is_ledger else "",
        chip_width=120 if is_ledger else 0,
        columns=_LEDGER_COLUMNS if is_ledger else _PEOPLE_COLUMNS,
        rows=rows,
        selected=now.selected,
        empty=empty,
    )


def _run(seen: Seen, run: LedgerRun) -> Row:
    none: Text = msg("common.none")
    started = When(value=run.started_time, style=TimeStyle.SHORT)
    ended: Text = When(value=run.ended_time, style=TimeStyle.SHORT) if run.ended_time is not None else none
    cells = (paper_name(run.paper), run.serial or none, started, ended, seen.numbers.get(run.case) or none)
    return Row(key=run.run, chip=_STATES[run.state], cells=cells, is_muted=run.state is PrintState.VOIDED)


def _sentence(now: Standing) -> Sentence:
    seen = now.seen
    if seen is None:
        return Sentence()
    left = [run for run in seen.open_runs if run.paper is not PaperKind.HANDOVER]
    if left:
        lead, hint = msg("shift.say_open", n=len(left)), msg("shift.say_open_hint")
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=lead, hint=hint)
    used, spoiled = seen.day.serials(PrintState.CONFIRMED), seen.day.serials(PrintState.VOIDED)
    if used or spoiled:
        return Sentence(lead=msg("shift.say_stock", used=len(used), spoiled=len(spoiled)), hint=msg("shift.say_close"))
    return Sentence(lead=msg("shift.say_close"))


def _acts(now: Standing) -> tuple[Act, ...]:
    if now.seen is None or now.is_busy:
        return ()
    acts = [Act(id=ShiftAct.PRINT, key="Ctrl+P", label=msg("shift.act_print"), kind=ActKind.PRIMARY)]
    run = now.run
    if run is not None:
        acts.append(Act(id=ShiftAct.OPEN, key="Enter", label=msg("handover.act_open")))
    if run is not None and run.paper is not PaperKind.HANDOVER and run.state is PrintState.STARTED:
        acts.append(Act(id=ShiftAct.CONFIRM, key="F9", label=msg("shift.act_confirm")))
    if run is not None and run.paper is not PaperKind.HANDOVER and run.state is not PrintState.VOIDED:
        acts.append(Act(id=ShiftAct.VOID, key="F10", label=msg("shift.act_void"), kind=ActKind.DANGER))
    return tuple(acts)


def _strip(now: Standing) -> Confirm | None:
    run = now.run
    if now.asked != ShiftAct.VOID or run is None:
        return None
    name = paper_name(run.paper)
    title = msg("issue.ask_void", paper=name)
    if run.serial:
        title = msg("issue.ask_void_serial", serial=run.serial, paper=name)
    return Confirm(
        act=ShiftAct.VOID,
        title=title,
        lines=(msg("issue.void_serial_ends") if run.serial else msg("issue.void_ends"),),
        confirm_label=msg("issue.do_void"),
        kind=ActKind.DANGER,
    )
