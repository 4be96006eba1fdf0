"""等办件到来: a case of another place that the district was asked to send, until it is here or was refused.

Rules kept here: the case comes with the sync loop, nobody asks twice; what the district refuses is said with its
reason; after a while the screen says that it still waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Progress, msg
from yichuang_client.store.case_rows import CaseRow
from yichuang_client.sync.status import CasesChanged, SyncEvent
from yichuang_domain.ids import CaseId

_LONG_MS = 8_000
"""After so long without the case that was asked for, the screen says that it still waits."""


class Awaited:
    """The case that a list waits for."""

    def __init__(
        self,
        desk: Desk,
        *,
        show: Callable[[], None],
        arrived: Callable[[CaseRow], None],
        refused: Callable[[str], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._desk = desk
        self._show, self._arrived, self._refused, self._failed = show, arrived, refused, failed
        self.case: CaseId | None = None
        self.progress: Progress | None = None

    def begin(self, case: CaseId) -> None:
        """The district was asked to send it: it comes with the next exchange."""
        self.case, self.progress = case, Progress(text=msg("queue.coming"))
        self._desk.later.after(_LONG_MS, lambda: self._still_waits(case))
        self._show()
        self.told(())

    def stop(self) -> None:
        """Wait no longer; what comes all the same lies in its list."""
        self.case, self.progress = None, None

    def told(self, events: Sequence[SyncEvent]) -> None:
        """Look whether it is here by now, or was refused."""
        case, work = self.case, self._desk.work
        if case is None:
            return
        refused = [deed for e in events if isinstance(e, CasesChanged) for deed in e.changed.refused]

        def look() -> tuple[CaseRow | None, str]:
            store = work().store
            rows = [row for deed in refused if (row := store.outbox.find(deed)) is not None]
            said = next((row.reason for row in rows if any(act.case == case for act in row.deed.acts)), "")
            return store.rows.find(case), said

        def looked(answer: tuple[CaseRow | None, str]) -> None:
            if self.case != case:
                return
            row, reason = answer
            if row is not None or reason:
                self.stop()
            if row is not None:
                self._arrived(row)
            elif reason:
                self._refused(reason)

        self._desk.background.run(look, looked, self._failed)

    def _still_waits(self, case: CaseId) -> None:
        if self.case == case:
            self.progress = Progress(text=msg("queue.still_coming"), detail=msg("queue.still_coming_hint"))
            self._show()
