"""正在写的: the opinion and the strips' fields of the case on the desk, kept as they are typed.

Rules kept here: after every pause what was typed is durable, so that a crash costs a moment's typing at most; a text is
never replaced while it is being typed; what is typed for one case is never kept under another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.review import ReviewAct
from yichuang_client.presenters.review_case import Typed, keep_typed, without
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId

SAVE_MS = 400
"""A pause in typing after which it is kept."""


class Writing:
    """What is typed for one case at a time. Tk thread only."""

    def __init__(self, desk: Desk, failed: Callable[[Exception], None]) -> None:
        self._desk = desk
        self._failed = failed
        self._cancel: Callable[[], None] = _nothing
        self._is_kept = True
        self.case: CaseId | None = None
        self.typed = Typed()
        self.revision = 0
        """Changes when the box must take the text over."""

    def begin(self, case: CaseId, typed: Typed) -> None:
        """Go on with what was typed for a case."""
        self.flush()
        self.case, self.typed = case, typed
        self.revision += 1

    def write(self, text: str) -> None:
        """The opinion was typed."""
        if text != self.typed.text:
            self._change(replace(self.typed, text=text))

    def fill(self, act: ReviewAct, key: str, text: str) -> None:
        """A field of a strip was typed."""
        fields = {**self.strip(act), key: text}
        self._change(replace(self.typed, strips={**self.typed.strips, act: fields}))

    def strip(self, act: ReviewAct) -> Mapping[str, str]:
        """What was typed into a strip."""
        return self.typed.strips.get(act, {})

    def give_up(self, act: ReviewAct) -> None:
        """The act is done for good: what was typed for it is not needed any more."""
        left = without(self.typed, act)
        if left != self.typed:
            self._change(left)
            self.revision += 1
            self.flush()

    def flush(self) -> None:
        """Keep it now."""
        self._cancel()
        self._cancel = _nothing
        if self._is_kept or self.case is None:
            return
        self._is_kept = True
        case, typed, work = self.case, self.typed, self._desk.work
        self._desk.background.run(
            lambda: keep_typed(work(), case, typed),
            lambda _: trace("opinion saved", case=case, n=len(typed.text)),
            self._lost,
        )

    def _change(self, typed: Typed) -> None:
        self.typed = typed
        self._is_kept = False
        self._cancel()
        self._cancel = self._desk.later.after(SAVE_MS, self.flush)

    def _lost(self, error: Exception) -> None:
        self._is_kept = False
        self._failed(error)


def _nothing() -> None:
    """Nothing is planned."""
