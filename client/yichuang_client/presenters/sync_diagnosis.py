"""诊断: what an administrator needs to know, as plain text for the clipboard.

Rules kept here: numbers, codes, ids of deeds and times only; never a citizen's datum, never a member of staff's name;
English keys, for it is read by those who run the district.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from yichuang_client.actions.work import Work
from yichuang_client.store.outbox import OutboxDeed, Sending
from yichuang_client.sync.bundles import ANSWER_TIME
from yichuang_client.sync.desk_session import DeskSession

_SHOWN = 30


def diagnosis(work: Work, session: DeskSession) -> str:
    """The text; on the store's thread. Raises StoreError."""
    parts = (*_desk(work, session.folder.root), *_line(session), *_store(work), *_heads(work), *_outbox(work))
    return "\n".join(parts) + "\n"


def _desk(work: Work, folder: Path) -> Iterator[str]:
    desk = work.store.desk
    yield f"yichuang {_version()} · {platform.system()} {platform.release()} · Python {platform.python_version()}"
    yield f"time: {work.clock().isoformat(timespec='seconds')}"
    yield f"desk: {desk.replica} · district {desk.district_code} · place {desk.place} · {desk.kind.value}"
    yield f"district at: {desk.host}:{desk.port}"
    yield f"disk free: {shutil.disk_usage(folder).free // 1_000_000} MB"


def _version() -> str:
    try:
        return version("yichuang")
    except PackageNotFoundError:
        return "unknown"


def _line(session: DeskSession) -> Iterator[str]:
    status = session.sync.status
    problem = status.problem.value if status.problem is not None else "none"
    yield f"line: {status.line.value} since {status.since.isoformat(timespec='seconds')}"
    yield f"problem: {problem} {status.detail}".rstrip()
    for name in ("exchange_time", "receipt_time", "next_try_time", "oldest_time"):
        moment = getattr(status, name)
        yield f"{name}: {moment.isoformat(timespec='seconds') if moment is not None else 'none'}"
    sessions = len(session.sync.sessions.people())
    yield f"complete: {status.is_complete} · forked: {status.is_forked} · sessions: {sessions}"


def _store(work: Work) -> Iterator[str]:
    meta, waiting = work.store.meta, work.store.waiting()
    yield f"unsent deeds: {waiting.deeds} · unsent pages: {waiting.pages}"
    yield f"pages to fetch: {len(work.store.pages.to_fetch())}"
    yield f"catalogue: {meta.text('catalogue_version')} of {meta.text('catalogue_newest')}"
    yield f"profile: {meta.text('profile_version')} · cursor: {meta.cursor.epoch} {meta.cursor.position}"
    restores = [f"{one.previous} to {one.epoch} at {one.size}" for one in work.store.epochs.followed()]
    yield f"restores followed: {', '.join(restores) or 'none'} · evidence: {work.store.epochs.evidence()} records"
    yield f"answer taken: {meta.text(ANSWER_TIME) or 'never'}"
    yield f"durable through: {meta.text('durable_through')} · skew: {meta.text('skew_ms') or 'unknown'} ms"


def _heads(work: Work) -> Iterator[str]:
    """What proves a change of the log: both heads, each with the district's signature."""
    seen = work.store.heads.seen
    yield f"log head: {seen.head.size} {seen.head.root}" if seen is not None else "log head: none"
    for before, told, at in work.store.heads.evidence:
        yield f"log contradicted at {at}; seen, then told:"
        yield from before.decode().splitlines()
        yield from told.decode().splitlines()


def _outbox(work: Work) -> Iterator[str]:
    rows = [row for row in work.store.outbox.list() if row.state is Sending.PENDING or not _is_done(row)]
    yield f"outbox, first {min(len(rows), _SHOWN)}:"
    for row in rows[:_SHOWN]:
        acts = ",".join(type(act.action).__name__ for act in row.deed.acts)
        at = row.saved_time.isoformat(timespec="seconds")
        yield f"  {row.deed.seq} {row.deed.deed[:8]} {row.state.value} {row.reason or '-'} {at} {acts}"


def _is_done(row: OutboxDeed) -> bool:
    return row.state is Sending.RECORDED or row.is_seen
