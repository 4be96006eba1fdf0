"""外框 before the places are known: office, person, line, what is unsent."""

from __future__ import annotations

from datetime import datetime

from yichuang_client.presenters.models.common import Chip, Mark, Span, Text, TimeStyle, Tone, When, msg
from yichuang_client.presenters.models.session import ScreenName, ShellModel
from yichuang_client.sync.status import Line, SyncStatus


def shell_model(office: Text, person: Text, status: SyncStatus, now: datetime) -> ShellModel:
    """The frame: office, person, line, what is unsent; the number equals the sync loop's."""
    away = Chip(
        text=msg("start.away", time=Span(minutes=int((now - status.since).total_seconds() // 60))),
        tone=Tone.DANGER,
        mark=Mark.OFFLINE,
        is_bold=True,
    )
    blocked = Chip(text=msg("start.blocked"), tone=Tone.DANGER, mark=Mark.WARN, is_bold=True)
    here = Chip(text=msg("start.online"), tone=Tone.SUCCESS, mark=Mark.OK)
    unsent = Chip(text=msg("start.unsent", n=status.unsent), tone=Tone.WARNING, mark=Mark.UNSENT)
    return ShellModel(
        office=office,
        person=person,
        clock=When(value=now, style=TimeStyle.FULL),
        online={Line.ONLINE: here, Line.BLOCKED: blocked}.get(status.line, away),
        unsent=unsent if status.unsent else None,
        active=ScreenName.HOME,
    )
