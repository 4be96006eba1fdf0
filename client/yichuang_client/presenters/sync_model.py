"""同步医生所示: the answer first, then where it breaks, then row by row what comes next.

Rules kept here: pure; everything behind the first broken hop is unknown, never red; no codes; a row that has not
arrived always says its next step; 都存在本机 only after the store was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from yichuang_client.presenters.models.common import (
    Act,
    ActKind,
    Banner,
    Bar,
    Fact,
    Mark,
    Progress,
    Sentence,
    Span,
    Text,
    TimeStyle,
    Tone,
    When,
    joined,
    msg,
)
from yichuang_client.presenters.models.queues import Filter
from yichuang_client.presenters.models.sync import Hop, SyncAct, SyncModel
from yichuang_client.presenters.sync_carry import Asked, strip
from yichuang_client.presenters.sync_program import update_hop
from yichuang_client.presenters.sync_reading import RowState, SentRow, SyncSeen
from yichuang_client.presenters.sync_rows import reason_of, table
from yichuang_client.store.people import CLOCK_TOLERANCE
from yichuang_client.sync.errors import TransportReason
from yichuang_client.sync.mirror import MirrorState, MirrorStatus
from yichuang_client.sync.status import Line

ALL, UNSENT, MINE, SENT = "all", "unsent", "mine", "sent"
_STATES = {
    ALL: tuple(RowState),
    UNSENT: (RowState.NEEDS_YOU, RowState.WAITING, RowState.SENDING),
    MINE: (RowState.NEEDS_YOU,),
    SENT: (RowState.DELIVERED,),
}
_WHY = {
    TransportReason.OFFLINE: "sync.why_offline",
    TransportReason.FOREIGN_CERTIFICATE: "sync.why_stranger",
    TransportReason.FOREIGN_DESK: "sync.why_unknown_desk",
    TransportReason.REVOKED: "sync.why_revoked",
    TransportReason.BAD_ANSWER: "sync.why_unverified",
    TransportReason.CURSOR_AHEAD: "sync.why_restored",
    TransportReason.LOG_CHANGED: "sync.why_log_changed",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Everything that the page's picture depends on."""

    seen: SyncSeen | None = None
    filter: str = ALL
    selected: str | None = None
    is_whole: bool = False
    """Whether the bar says the whole reason of the selected row."""
    progress: Progress | None = None
    said: Text = ""
    """What came of the last act: of a try, of copying."""
    asked: Asked | None = None
    """What the strip asks."""
    fault: Text = ""
    """Why the store could not be read."""
    copied: int = 0
    clipboard: str = ""

    @property
    def row(self) -> SentRow | None:
        """The selected row."""
        rows = self.seen.rows if self.seen is not None else ()
        return next((row for row in rows if row.key == self.selected), None)

    @property
    def rows(self) -> tuple[SentRow, ...]:
        """The rows that the filter lets through."""
        return tuple(row for row in self.seen.rows if row.state in _STATES[self.filter]) if self.seen else ()


def sync_model(now: Standing) -> SyncModel:
    """The page."""
    seen = now.seen
    return SyncModel(
        headline=_headline(seen) if seen is not None else msg("sync.reading"),
        safe=_safe(seen) if seen is not None else "",
        safe_tone=Tone.DANGER if seen is not None and seen.status.is_forked else Tone.NEUTRAL,
        facts=_facts(seen) if seen is not None else (),
        hops_title=_hops_title(seen) if seen is not None else "",
        hops=_hops(seen) if seen is not None else (),
        table_title=msg("sync.outbox"),
        filters=_filters(seen) if seen is not None else (),
        filter=now.filter,
        hint=msg("sync.keys"),
        table=table(now.rows, seen, now.selected),
        progress=now.progress,
        banner=_banner(now),
        bar=Bar(sentence=_sentence(now), acts=_acts(now), confirm=strip(now.asked) if now.asked is not None else None),
        clipboard=now.clipboard,
        copied=now.copied,
    )


def _headline(seen: SyncSeen) -> Text:
    return msg("sync.unsent", n=seen.unsent) if seen.unsent else msg("sync.all_sent")


def _safe(seen: SyncSeen) -> Text:
    status = seen.status
    if status.is_forked:
        return msg("sync.safe_forked")
    if seen.unsent:
        is_twice = seen.mirror.state is MirrorState.CURRENT
        return msg("sync.safe_twice") if is_twice else msg("sync.safe_here")
    if status.pages_to_send:
        return msg("sync.safe_pages", n=status.pages_to_send)
    if status.receipt_time is None:
        return msg("sync.safe_nothing")
    return msg("sync.safe_receipt", time=When(value=status.receipt_time))


def _facts(seen: SyncSeen) -> tuple[Fact, ...]:
    status = seen.status
    if status.line is Line.ONLINE:
        since = When(value=status.exchange_time or status.since)
        first = (Fact(label=msg("sync.last_talk"), value=since), Fact(label=msg("sync.now"), value=_why(seen)))
    else:
        at = When(value=status.since, style=TimeStyle.CLOCK)
        value = msg("sync.since_for", since=at, time=_span(seen.now - status.since))
        first = (Fact(label=msg("sync.since"), value=value), Fact(label=msg("sync.why"), value=_why(seen)))
    effect = msg("sync.effect_none") if not seen.unsent else msg("sync.effect")
    return (
        *first,
        Fact(label=msg("sync.oldest"), value=_oldest(seen)),
        Fact(label=msg("sync.citizen"), value=effect),
    )


def _oldest(seen: SyncSeen) -> Text:
    waiting = [row for row in seen.rows if row.state in (RowState.WAITING, RowState.SENDING)]
    if not waiting:
        return msg("common.none")
    row = min(waiting, key=lambda row: row.saved_time)
    is_fresh = seen.now - row.saved_time < timedelta(hours=12)
    at = When(value=row.saved_time, style=TimeStyle.CLOCK if is_fresh else TimeStyle.SHORT)
    return joined(at, msg(f"sync.act_{row.act}"), separator="sync.space")


def _why(seen: SyncSeen) -> Text:
    status = seen.status
    if status.line is Line.ONLINE:
        return msg("sync.why_sending") if seen.unsent or status.pages_to_send else msg("sync.why_nothing")
    if status.line is Line.STARTING or status.problem is None:
        return msg("sync.why_starting")
    return msg(_WHY.get(status.problem, "sync.why_refused"))


def _hops_title(seen: SyncSeen) -> Text:
    return msg("sync.hops_through") if seen.status.line is Line.ONLINE else msg("sync.hops_broken")


def _hops(seen: SyncSeen) -> tuple[Hop, ...]:
    """本机, 线路, 区里, as far as each is known; then the clocks, once they were compared."""
    hops = [_here(seen), _line(seen), _district(seen)]
    if seen.mirror.state is not MirrorState.OFF:
        hops.append(_second(seen.mirror))
    if seen.skew is not None:
        hops.append(_clock(seen.skew))
    if seen.update is not None and (hop := update_hop(seen.update)) is not None:
        hops.append(hop)
    return tuple(hops)


def _here(seen: SyncSeen) -> Hop:
    state = msg("sync.here_n", n=seen.unsent) if seen.unsent else msg("sync.here_none")
    return Hop(name=msg("sync.hop_here"), state=state, mark=Mark.OK, tone=Tone.SUCCESS)


def _line(seen: SyncSeen) -> Hop:
    status, name = seen.status, msg("sync.hop_line")
    if status.line is Line.STARTING:
        return Hop(name=name, state=msg("sync.trying"), mark=Mark.UNKNOWN, tone=Tone.NEUTRAL)
    if status.line is Line.OFFLINE:
        at = When(value=status.since, style=TimeStyle.CLOCK)
        return Hop(name=name, state=msg("sync.broken_since", since=at), mark=Mark.MISSING, tone=Tone.DANGER)
    return Hop(name=name, state=msg("sync.through"), mark=Mark.OK, tone=Tone.SUCCESS)


def _district(seen: SyncSeen) -> Hop:
    status, name = seen.status, msg("sync.hop_district")
    if status.line in (Line.STARTING, Line.OFFLINE):
        return Hop(name=name, state=msg("sync.unknown"), mark=Mark.UNKNOWN, tone=Tone.NEUTRAL)
    if status.line is Line.BLOCKED:
        return Hop(name=name, state=_why(seen), mark=Mark.MISSING, tone=Tone.DANGER)
    at = When(value=status.exchange_time or status.since, style=TimeStyle.CLOCK)
    return Hop(name=name, state=msg("sync.answered", time=at), mark=Mark.OK, tone=Tone.SUCCESS)


def _second(mirror: MirrorStatus) -> Hop:
    name = msg("sync.hop_second")
    if mirror.state is MirrorState.CURRENT:
        return Hop(name=name, state=msg("sync.second_current"), mark=Mark.OK, tone=Tone.SUCCESS)
    if mirror.state is MirrorState.BEHIND:
        state = msg("sync.second_behind", n=mirror.behind)
        return Hop(name=name, state=state, mark=Mark.WAIT, tone=Tone.WARNING)
    return Hop(name=name, state=msg("sync.second_gone"), mark=Mark.MISSING, tone=Tone.DANGER)


def _clock(skew: timedelta) -> Hop:
    seconds = round(abs(skew).total_seconds())
    is_off = abs(skew) > CLOCK_TOLERANCE
    if seconds < 1:
        state: Text = msg("sync.clock_right")
    else:
        away = Span(minutes=seconds // 60) if seconds >= 120 else msg("sync.seconds", n=seconds)
        state = msg("sync.clock_fast" if skew > timedelta(0) else "sync.clock_slow", time=away)
    tone, mark = (Tone.WARNING, Mark.WARN) if is_off else (Tone.SUCCESS, Mark.OK)
    return Hop(name=msg("sync.hop_clock"), state=state, mark=mark, tone=tone)


def _span(age: timedelta) -> Span:
    return Span(minutes=max(0, int(age.total_seconds() // 60)))


def _filters(seen: SyncSeen) -> tuple[Filter, ...]:
    counts = {ALL: len(seen.rows), UNSENT: seen.count(*_STATES[UNSENT]), MINE: seen.count(*_STATES[MINE])}
    counts[SENT] = seen.count(*_STATES[SENT])
    return tuple(Filter(key=key, text=msg(f"sync.filter_{key}", n=n)) for key, n in counts.items())


def _banner(now: Standing) -> Banner | None:
    if now.fault == "":
        return None
    return Banner(kind="store", text=now.fault, tone=Tone.DANGER, mark=Mark.STOP, hint=msg("sync.copy_hint"))


def _sentence(now: Standing) -> Sentence:
    if now.said != "":
        return Sentence(lead=now.said)
    if now.seen is None:
        return Sentence()
    row = now.row
    if row is not None and (now.is_whole or row.state is RowState.NEEDS_YOU):
        tone = Tone.DANGER if row.state is RowState.NEEDS_YOU else Tone.PRIMARY
        mark = Mark.WARN if row.state is RowState.NEEDS_YOU else Mark.INFO
        lead = joined(msg(f"sync.act_{row.act}"), row.subject, separator="sync.space")
        return Sentence(mark=mark, tone=tone, lead=lead, hint=reason_of(row, now.seen))
    waiting = now.seen.count(RowState.WAITING, RowState.SENDING)
    mine = now.seen.count(RowState.NEEDS_YOU)
    if mine:
        hint = msg("sync.others_wait", n=waiting) if waiting else ""
        return Sentence(mark=Mark.WARN, tone=Tone.DANGER, lead=msg("sync.to_do", n=mine), hint=hint)
    if waiting:
        return Sentence(mark=Mark.WAIT, tone=Tone.WARNING, lead=msg("sync.by_itself"))
    return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg("sync.nothing_waits"))


def _acts(now: Standing) -> tuple[Act, ...]:
    row = now.row
    needs_you = row is not None and row.state is RowState.NEEDS_YOU
    kind = ActKind.PRIMARY if needs_you else ActKind.NORMAL
    is_here = row is not None and row.is_here
    acts = [Act(id=SyncAct.DO, key="Enter", label=msg("sync.open_case"), kind=kind, is_enabled=is_here)]
    if needs_you:
        acts.append(Act(id=SyncAct.PUT_AWAY, key="Del", label=msg("sync.put_away")))
    if now.seen is not None and now.seen.status.is_forked:
        label, free = msg("sync.renew"), now.progress is None
        acts.append(Act(id=SyncAct.RENEW, key="F9", label=label, kind=ActKind.PRIMARY, is_enabled=free))
    acts.append(Act(id=SyncAct.RETRY, key="F5", label=msg("sync.retry"), is_enabled=now.progress is None))
    is_free = now.progress is None
    acts.append(Act(id=SyncAct.CARRY, key="F6", label=msg("sync.carry"), is_enabled=is_free, starts_group=True))
    acts.append(Act(id=SyncAct.TAKE, key="F8", label=msg("sync.take"), is_enabled=is_free))
    acts.append(Act(id=SyncAct.MIRROR, key="F7", label=msg("sync.mirror"), is_enabled=is_free))
    acts.append(Act(id=SyncAct.COPY_DIAGNOSIS, key="Ctrl+D", label=msg("sync.copy")))
    return tuple(acts)
