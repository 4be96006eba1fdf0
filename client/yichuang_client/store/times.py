"""Moments as texts of the database: UTC with milliseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """The moment as the canonical texts write it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_moment(text: str) -> datetime:
    """The moment that ``to_text`` wrote."""
    return datetime.fromisoformat(text)


def trimmed(moment: datetime) -> datetime:
    """The moment without what a canonical text would lose."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
