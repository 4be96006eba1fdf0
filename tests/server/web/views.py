"""A tracking that keeps its views in a dictionary, and one view of each kind."""

from __future__ import annotations

from datetime import UTC, date, datetime

from yichuang_server.web.public import (
    DueDate,
    DueKind,
    MatterView,
    Situation,
    Stage,
    StageKey,
    StageState,
    TrackingUnavailableError,
    TrackingView,
    digest,
)

KNOWN = "Rk3vZ_bQ7mJ0tYxWc9Lp2A"
IN_REVIEW = TrackingView(
    situation=Situation.UNDER_REVIEW,
    stages=(
        Stage(key=StageKey.RECEIVE, state=StageState.DONE, time=datetime(2026, 11, 24, 2, 26, tzinfo=UTC)),
        Stage(key=StageKey.ACCEPT, state=StageState.DONE, time=datetime(2026, 11, 24, 2, 31, tzinfo=UTC)),
        Stage(key=StageKey.REVIEW, state=StageState.CURRENT, time=datetime(2026, 11, 30, 1, 5, tzinfo=UTC)),
        Stage(key=StageKey.DECIDE, state=StageState.FUTURE),
        Stage(key=StageKey.ISSUE, state=StageState.FUTURE),
    ),
    dues=(DueDate(kind=DueKind.DECISION, on=date(2027, 1, 6), is_provisional=True),),
    section_alias="区市场监管局",
    item="食品经营许可（新办）",
    number_tail="017K",
)


class Views:
    """The tracking of a test; ``fails`` makes it unable to read."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.asked: list[str] = []
        self._views: dict[str, TrackingView | MatterView] = {digest(KNOWN): IN_REVIEW}

    def put(self, token: str, view: TrackingView | MatterView) -> None:
        """Make a token known."""
        self._views[digest(token)] = view

    def lookup(self, token_digest: str) -> TrackingView | MatterView | None:
        """As ``Tracking.lookup``."""
        self.asked.append(token_digest)
        if self.fails is not None:
            raise self.fails
        return self._views.get(token_digest)


AWAY = TrackingUnavailableError()
