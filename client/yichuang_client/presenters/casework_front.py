"""一件在前: the case that a screen shows now, read and acted upon off the Tk thread.

Rules kept here: what comes back for a case that is no longer in front is dropped; one act at a time, a second press
while the first is on its way does nothing; after an act and after a refusal the case is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.faults import sentence
from yichuang_client.presenters.models.common import Text
from yichuang_client.sync.status import CasesChanged, CatalogueArrived, ProfileArrived, StatusChanged, SyncEvent
from yichuang_client.trace import trace
from yichuang_domain.errors import Refused
from yichuang_domain.ids import CaseId

S = TypeVar("S")
R = TypeVar("R")


class OneCase(Generic[S]):
    """The case in front of one screen; Tk thread only."""

    def __init__(
        self,
        desk: Desk,
        read: Callable[[Work, CaseId], S],
        arrived: Callable[[S], None],
        stumbled: Callable[[Text], None],
    ) -> None:
        """``read`` runs off the Tk thread; ``arrived`` and ``stumbled`` (with a sentence) on it."""
        self._desk = desk
        self._read = read
        self._arrived = arrived
        self._stumbled = stumbled
        self._turn = 0
        self._reading = self._again = False
        self.case = CaseId("")
        self.is_busy = False
        """Whether an act is on its way."""

    def open(self, case: CaseId) -> None:
        """Another case, or the same one anew."""
        self._turn += 1
        self.case = case
        self.is_busy = self._reading = False
        self.again()

    def again(self) -> None:
        """Read the case; what is asked for during a reading is one more reading after it."""
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        case, turn, read, work = self.case, self._turn, self._read, self._desk.work
        self._desk.background.run(
            lambda: read(work(), case),
            lambda seen: self._came(turn, seen),
            lambda error: self._failed(turn, error),
        )

    def do(self, act: str, work: Callable[[Work], R], then: Callable[[R], None]) -> bool:
        """Do an act off the Tk thread, read anew, then go on; False where another is on its way."""
        if self.is_busy:
            return False
        self.is_busy = True
        turn, at_work = self._turn, self._desk.work

        def done(result: R) -> None:
            if turn == self._turn:
                self.is_busy = False
                self.again()
                then(result)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self.is_busy = False
                if isinstance(error, Refused):
                    trace("act blocked", act=act, reason=error.reason.value)
                self._stumbled(sentence(error))
                self.again()

        self._desk.background.run(lambda: work(at_work()), done, failed)
        return True

    def told(self, events: Sequence[SyncEvent]) -> None:
        """Read anew when something came that changes what may be said or done; no event at all: come back to."""
        if self.case and (not events or any(_concerns(event, self.case) for event in events)):
            self.again()

    def _came(self, turn: int, seen: S) -> None:
        if turn == self._turn:
            self._reading = False
            self._arrived(seen)
            if self._again:
                self.again()

    def _failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self._reading = False
            self._stumbled(sentence(error))


def _concerns(event: SyncEvent, case: CaseId) -> bool:
    if isinstance(event, CasesChanged):
        changed = event.changed
        return case in changed.cases or case in changed.left or bool(changed.recorded or changed.refused)
    return isinstance(event, StatusChanged | CatalogueArrived | ProfileArrived)
