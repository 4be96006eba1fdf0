"""打印的过程: papers of a case one after the other through the desk's printer, with what a person is told meanwhile.

Rules kept here: spooled is not printed: a paper counts when the printer says so, numbered stock when the clerk does;
one paper that fails ends the row and names the trouble; the log has each run whatever happens to the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yichuang_client.actions import printing
from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.documents.paper_data import PaperHead
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Mark, Progress, Sentence, Text, Tone, msg
from yichuang_client.trace import trace
from yichuang_domain.actions import PaperKind
from yichuang_domain.ids import CaseId


@dataclass(frozen=True, kw_only=True)
class Order:
    """One paper to print."""

    paper: PaperKind
    sheet: printing.Sheet = printing.PLAIN
    """What it goes on."""
    said: PaperHead | None = field(default=None, repr=False)
    """Facts made before, as of a later hand-in; None: from the case as it stands."""
    case: CaseId | None = None
    """Another case of the same matter; None: the one that is being printed for."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a row of papers."""

    printed: tuple[PaperKind, ...]
    """Through the printer; numbered stock is not confirmed by that."""
    missing: PaperKind | None = None
    """The first that did not come out."""
    trouble: Text = ""

    @property
    def sentence(self) -> Sentence:
        """What the action bar says of it."""
        if self.missing is not None:
            lead: Text = msg("case.not_printed", paper=paper_name(self.missing))
            return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=lead, hint=self.trouble)
        lead = msg("case.printed", paper=paper_name(self.printed[-1])) if self.printed else ""
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead)


def paper_name(paper: PaperKind) -> Text:
    """A paper by its name."""
    return msg(f"case.paper_{paper.name}")


class Prints:
    """The papers on their way; Tk thread only."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        """``changed`` is called whenever ``progress`` is another."""
        self._desk = desk
        self._changed = changed
        self._watch: printing.Watch | None = None
        self.progress: Progress | None = None

    def start(self, case: CaseId, orders: Sequence[Order], ended: Callable[[Outcome], None]) -> bool:
        """Print these; False while others are on their way."""
        if self.progress is not None or not orders:
            return False
        self._next(case, tuple(orders), (), ended)
        return True

    def stop(self) -> None:
        """Ask the printer to stop; what came of it is told as the outcome."""
        if self._watch is not None:
            self._watch.stop()

    @property
    def sentence(self) -> Sentence | None:
        """What the action bar says while a paper is on its way."""
        if self.progress is None:
            return None
        return Sentence(mark=Mark.WAIT, lead=self.progress.text, hint=self.progress.detail)

    def _next(
        self,
        case: CaseId,
        orders: tuple[Order, ...],
        printed: tuple[PaperKind, ...],
        ended: Callable[[Outcome], None],
    ) -> None:
        order, later, desk = orders[0], orders[1:], self._desk
        watch = printing.Watch(lambda troubles: desk.later.post(lambda: self._troubled(watch, troubles)))
        self._watch = watch
        self._say(order, "")

        def done(result: printing.Printed) -> None:
            desk.equipment.printer_was(*result.troubles)
            if result.is_confirmed or (order.sheet.serial and not result.troubles):
                after = (*printed, order.paper)
                if later:
                    self._next(case, later, after, ended)
                else:
                    self._end(Outcome(printed=after), ended)
            else:
                trouble = next(iter(result.troubles), Trouble.ABORTED)
                self._end(Outcome(printed=printed, missing=order.paper, trouble=_words(trouble)), ended)

        def failed(error: Exception) -> None:
            if isinstance(error, DeviceError):
                desk.equipment.printer_was(error.trouble)
            said = _words(error.trouble) if isinstance(error, DeviceError) else sentence(error)
            self._end(Outcome(printed=printed, missing=order.paper, trouble=said), ended)

        desk.printing.run(lambda: _print(desk, order.case or case, order, watch), done, failed)

    def _say(self, order: Order, detail: Text) -> None:
        self._order = order
        text = msg("case.printing", paper=paper_name(order.paper))
        self.progress = Progress(text=text, detail=detail, can_cancel=True)
        self._changed()

    def _troubled(self, watch: printing.Watch, troubles: frozenset[Trouble]) -> None:
        if watch is self._watch and self.progress is not None:
            self._desk.equipment.printer_was(*troubles)
            self._say(self._order, _words(min(troubles, key=list(Trouble).index)) if troubles else "")

    def _end(self, outcome: Outcome, ended: Callable[[Outcome], None]) -> None:
        self._watch, self.progress = None, None
        trace("papers done", n=len(outcome.printed), troubles=int(outcome.missing is not None))
        self._changed()
        ended(outcome)


def _print(desk: Desk, case: CaseId, order: Order, watch: printing.Watch) -> printing.Printed:
    work, printer = desk.work(), desk.equipment.printer(order.paper.value)
    if order.said is not None:
        return printing.print_facts(
            work, desk.press, printer, case, order.paper, order.said, sheet=order.sheet, watch=watch
        )
    seen = work.store.view(case)
    return printing.print_paper(work, desk.press, printer, seen, order.paper, sheet=order.sheet, watch=watch)


def _words(trouble: Trouble) -> Text:
    """What a printer's trouble means for a paper."""
    return msg(f"case.printer_{trouble.name}")
