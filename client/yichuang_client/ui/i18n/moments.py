"""时间的写法: moments and durations as the screens write them, in China's time."""

from __future__ import annotations

from datetime import date, datetime

from yichuang_client.presenters.models.common import Span, TimeStyle, When
from yichuang_domain.deed import CHINA


def when_text(when: When, weekdays: list[str]) -> str:
    """Write a moment; a day without a time has only the styles without one. ``weekdays`` start with Monday."""
    value = when.value
    if isinstance(value, datetime):
        value = value.astimezone(CHINA)
        clock = value.strftime("%H:%M")
        seconds = value.strftime("%H:%M:%S")
    else:
        clock = seconds = ""
    day, month_day, weekday = _day(value), value.strftime("%m-%d"), weekdays[value.weekday()]
    return {
        TimeStyle.FULL: f"{day} {weekday} {clock}",
        TimeStyle.SHORT: f"{month_day} {clock}",
        TimeStyle.CLOCK: clock,
        TimeStyle.SECONDS: seconds,
        TimeStyle.DAY: day,
        TimeStyle.MONTH_DAY: month_day,
        TimeStyle.DAY_WEEKDAY: f"{day} {weekday}",
    }[when.style].strip()


def _day(value: date) -> str:
    return value.strftime("%Y-%m-%d")


def span_text(span: Span, minutes: str, hours_minutes: str) -> str:
    """Write a duration with the two patterns of the catalogue."""
    hours, rest = divmod(span.minutes, 60)
    return hours_minutes.format(h=hours, m=rest) if hours else minutes.format(m=rest)
