"""工作台首页: how far the desk is and what comes next, from the sync loop's own word."""

from __future__ import annotations

from datetime import datetime

from yichuang_client.presenters.models.common import Chip, Mark, Progress, Span, Text, TimeStyle, Tone, When, msg
from yichuang_client.presenters.models.session import HomeModel, ScreenName, ShellModel
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


def home_model(status: SyncStatus, items: int) -> HomeModel:
    """The catalogue is on its way, or the desk is ready."""
    if not status.is_complete and items == 0:
        return HomeModel(
            title=msg("start.catalogue_coming"),
            lines=(msg("start.catalogue_why"),),
            progress=Progress(text=msg("start.catalogue_progress")),
        )
    return HomeModel(title=msg("start.ready"), lines=(msg("start.items", n=items),))
