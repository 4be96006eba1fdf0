"""随手记: what is typed into a screen and not handed in yet, kept as it is typed.

Rules kept here: after every pause it is durable, and at once when the window closes, is covered or changes hands; what
was typed for one case is never kept under another; nothing typed leaves nothing behind. Secrets are not jotted down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from yichuang_client.actions.work import Work
from yichuang_client.presenters.desk import Desk
from yichuang_client.store.drafts import Draft, DraftKind
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId

SAVE_MS = 400
"""A pause in typing after which it is kept."""


@runtime_checkable
class Keeping(Protocol):
    """A presenter into whose screen something can be typed that is not handed in at once."""

    def keep(self) -> None:
        """The window closes, is covered or changes hands: what is being typed is kept now."""


class Jotting:
    """What is typed into one screen, for one case at a time. Tk thread only."""

    def __init__(self, desk: Desk, kind: DraftKind) -> None:
        self._desk = desk
        self._kind = kind
        self._cancel: Callable[[], None] = _nothing
        self._waiting: tuple[CaseId, dict[str, Any]] | None = None

    def write(self, case: CaseId, body: Mapping[str, Any]) -> None:
        """It has changed; ``body`` is plain data and without anything empty where nothing is typed."""
        if self._waiting is not None and self._waiting[0] != case:
            self.keep()
        self._waiting = (case, dict(body))
        self._cancel()
        self._cancel = self._desk.later.after(SAVE_MS, self.keep)

    def keep(self) -> None:
        """Keep it now."""
        self._cancel()
        self._cancel = _nothing
        if self._waiting is None:
            return
        (case, body), self._waiting = self._waiting, None
        work, kind = self._desk.work, self._kind
        self._desk.background.run(
            lambda: _keep(work(), case, kind, body),
            lambda _: trace("draft saved", case=case),
            lambda error: trace("draft not kept", kind=type(error).__name__),
        )

    def drop(self) -> None:
        """What is not kept yet is not wanted any more: the deed that uses the draft up is on its way."""
        self._cancel()
        self._cancel, self._waiting = _nothing, None


def jotted(work: Work, case: CaseId, kind: DraftKind) -> Mapping[str, Any]:
    """What was typed before; empty where nothing was. Raises StoreError."""
    draft = work.store.drafts.find(case, kind)
    return draft.body if draft is not None else {}


def _keep(work: Work, case: CaseId, kind: DraftKind, body: Mapping[str, Any]) -> None:
    if not body:
        work.store.drafts.delete(case, kind)
        return
    person, now = work.person.person, work.clock()
    work.store.drafts.save(Draft(case=case, kind=kind, person=person, body=body, changed_time=now))


def _nothing() -> None:
    """Nothing is planned."""
