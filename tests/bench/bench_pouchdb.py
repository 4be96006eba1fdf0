"""The sync of a desk against PouchDB's: the same deeds and the same pages, from one store to the other, on one machine.

Ours is the whole of it: a desk's encrypted store and its sync loop, mTLS, signature and chain, ``decide``, log and
tree, fsync on both sides, until the desk has the answers and the district's records. The reference is a local PouchDB
that replicates to express-pouchdb as they come from npm: plain HTTP, no encryption, no fsync, no rules.
"""

from __future__ import annotations

import queue
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import pouchdb_reference
from tests.bench.bench_acts import accepted_at_the_counter
from tests.bench.row import Row, Size
from tests.bench.workplace import folder
from tests.support.desk_at_work import DeskAtWork, now
from tests.support.district import RunningDistrict
from tests.support.intakes import LIU, intake_of
from yichuang_client.actions import receiving
from yichuang_client.store.exchange_values import SentDeed
from yichuang_client.sync.loop import SyncLoop
from yichuang_client.sync.status import Line
from yichuang_domain.catalog import ItemVersion

PAGE_BYTES = 135_000
"""A page as scanned, prepared and kept."""
PAGES_OF_A_CASE = 8
LONGEST_S = 300.0
NOT_RUN = "not run: PouchDB is not installed (make bench does)"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a desk has to send."""

    deeds: tuple[bytes, ...]
    pages: tuple[bytes, ...]

    @property
    def megabytes(self) -> float:
        """Of the pages."""
        return sum(map(len, self.pages)) / 1e6


def bench_pouchdb(size: Size) -> list[Row]:
    """``sync_vs_pouchdb_docs``, ``sync_vs_pouchdb_mb``: a deed is a document, a page an attachment."""
    deeds, cases = size.of(full=1000, quick=5), size.of(full=50, quick=1)
    if not size.is_quick and not pouchdb_reference.is_there():
        pouchdb_reference.install()
    with folder() as place:
        work, (deeds_s, pages_s) = _ours(place, deeds, cases)
        is_there = pouchdb_reference.is_there()
        theirs = pouchdb_reference.replicated(place / "pouchdb", work.deeds, work.pages) if is_there else None
    ours = len(work.deeds) / deeds_s, work.megabytes / pages_s
    if theirs is None:
        reference, of_theirs = NOT_RUN, (0.0, 0.0)
    else:
        reference, of_theirs = "PouchDB to express-pouchdb", (len(work.deeds) / theirs[0], work.megabytes / theirs[1])
    ratios = [mine / other if other else 0.0 for mine, other in zip(ours, of_theirs, strict=True)]
    return [
        Row(name="sync_vs_pouchdb_docs", value=ratios[0], unit="times", least=1.0, reference=reference),
        Row(name="sync_vs_pouchdb_mb", value=ratios[1], unit="times", least=3.5, reference=reference),
        Row(name="desk_sync_acts_s", value=ours[0], unit="acts/s", reference=reference, reference_value=of_theirs[0]),
        Row(name="desk_sync_mb_s", value=ours[1], unit="MB/s", reference=reference, reference_value=of_theirs[1]),
    ]


def _ours(place: Path, deeds: int, cases: int) -> tuple[Work, tuple[float, float]]:
    """What was sent, and the seconds of the deeds and of the pages with their deeds."""
    district = RunningDistrict(place / "district", second_factor=False)
    district.start()
    desk = DeskAtWork(place / "desk")
    try:
        desk.enrol(district, "fengqiao")
        desk.first_sign_in(district, "wuminmin")
        desk.session.sync.stop()  # a day without a line
        item = accepted_at_the_counter(desk.work)
        for _ in range(deeds):
            receiving.receive(desk.work, intake_of(item, LIU))
        texts = [sent.envelope.text for sent in _outbox(desk)]
        deeds_s = _drained(desk)
        pages = [page for _ in range(cases) for page in _case_with_pages(desk, item)]
        return Work(deeds=tuple(texts), pages=tuple(pages)), (deeds_s, _drained(desk))
    finally:
        desk.close()
        district.stop()


def _outbox(desk: DeskAtWork) -> Sequence[SentDeed]:
    found: list[SentDeed] = []
    while some := desk.store.outbox.to_send(1 << 30, found[-1].seq if found else 0):
        found += some
    return found


def _case_with_pages(desk: DeskAtWork, item: ItemVersion) -> list[bytes]:
    """Take in a case with scanned pages. Returns the pages."""
    case, datas, pages = receiving.new_case(), [secrets.token_bytes(PAGE_BYTES) for _ in range(PAGES_OF_A_CASE)], []
    for ordinal, data in enumerate(datas, 1):
        kept = receiving.keep_page(
            desk.work, case, data, material=item.materials[0].key, ordinal=ordinal, size=(1654, 2339), is_blank=False
        )
        pages.append(kept)
    receiving.receive(desk.work, intake_of(item, LIU, case=case, pages=tuple(pages)))
    return datas


def _drained(desk: DeskAtWork) -> float:
    """Seconds of a sync loop from its start until the district has everything. Raises TimeoutError."""
    before = desk.session.sync.sessions
    loop = SyncLoop(desk.store, now)
    for person in before.people():
        loop.sessions.open(person, before.token(person) or "")
    start = time.perf_counter()
    loop.start()
    try:
        while not _is_drained(desk, loop):
            left = start + LONGEST_S - time.perf_counter()
            try:
                loop.events.get(timeout=max(left, 0.0))
            except queue.Empty:
                raise TimeoutError(f"not everything was sent: {loop.status}") from None
        return time.perf_counter() - start
    finally:
        loop.stop()


def _is_drained(desk: DeskAtWork, loop: SyncLoop) -> bool:
    waiting = desk.store.waiting()
    return loop.status.line is Line.ONLINE and waiting.deeds == 0 and waiting.pages == 0
