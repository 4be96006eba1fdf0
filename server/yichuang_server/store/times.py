"""Times as the district stores them: UTC texts with milliseconds and a Z, which sort as they happened."""

from __future__ import annotations

from datetime import UTC, datetime


def text(moment: datetime) -> str:
    """The text of an aware time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(stored: str) -> datetime:
    """The time of a stored text."""
    return datetime.fromisoformat(stored)
