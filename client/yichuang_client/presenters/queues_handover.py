"""打印交接单: what the list of the day says while the slips come out, and of what became of them.

Rules kept here: one slip a section; a slip that did not come out leaves its cases to the next try, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yichuang_client.actions.handover_slip import SlipPrinted, batches, print_batch
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Joined, Mark, Sentence, Tone, msg
from yichuang_domain.ids import CaseId


class HandoverPrinter:
    """Prints the slips of a list. Tk thread only."""

    def __init__(self, desk: Desk, tell: Callable[[Sentence], None]) -> None:
        self._desk = desk
        self._tell = tell
        self._is_busy = False

    def print(self, cases: Iterable[CaseId]) -> None:
        """Print what is to be handed over of these cases; a second press while it prints does nothing."""
        if self._is_busy:
            return
        desk, wanted, self._is_busy = self._desk, tuple(cases), True

        def job() -> list[SlipPrinted]:
            work, done = desk.work(), []
            for batch in batches(work, wanted):
                done.append(print_batch(work, desk.press, desk.equipment.printer(), batch))
                if not done[-1].is_confirmed:
                    break
            return done

        self._tell(Sentence(mark=Mark.WAIT, lead=msg("queue.handover_printing")))
        desk.printing.run(job, self._printed, self._not_printed)

    def _printed(self, done: list[SlipPrinted]) -> None:
        self._is_busy = False
        out = [one for one in done if one.is_confirmed]
        trouble = next((t for one in done for t in sorted(one.troubles, key=lambda t: t.name)), None)
        if len(out) < len(done):
            lead = msg(f"device.{trouble.name}") if trouble is not None else msg("device.ABORTED")
            self._tell(Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=lead))
        elif not out:
            lead, hint = msg("queue.handover_none"), msg("queue.handover_none_hint")
            self._tell(Sentence(mark=Mark.INFO, lead=lead, hint=hint))
        else:
            lead = msg("queue.handover_done", n=sum(len(one.batch.cases) for one in out))
            to = Joined(tuple(one.batch.section.name for one in out), "start.list")
            self._tell(Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=lead, hint=msg("queue.handover_to", to=to)))

    def _not_printed(self, error: Exception) -> None:
        self._is_busy = False
        self._tell(Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=sentence(error)))
