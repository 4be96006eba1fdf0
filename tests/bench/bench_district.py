"""The district: what its server holds when idle, and how long a decision takes to the counter that waits for it.

Two desks as persons have them (encrypted stores, sync loops, mTLS) on one machine; the counter hears by Watch only.
The reference of the push is the same road without a district: the decision's own deed, durable at the reviewer's desk.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

from tests.bench.memory import pss_mb
from tests.bench.row import Row, Size, percentile
from tests.bench.workplace import folder
from tests.support.desk_at_work import DeskAtWork
from tests.support.district import RunningDistrict
from tests.support.intakes import GU, intake_of
from yichuang_client.actions import deciding, receiving
from yichuang_domain.actions import Verdict
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.ids import CaseId, ItemCode

PUSH_BAR_MS = 100.0
IDLE_BAR_MB = 150.0
LONGEST_S = 20.0
SECTION = "market"


def bench_district(size: Size) -> list[Row]:
    """``server_idle_mb`` after the whole catalogue was published, and ``decision_push_p95_ms``."""
    with folder() as place:
        district = RunningDistrict(place / "district", second_factor=False, items=False)
        district.run("catalog", "import")
        district.start()
        idle = pss_mb(district.pid)
        counter, review = DeskAtWork(place / "counter"), DeskAtWork(place / "review")
        try:
            counter.enrol(district, "fengqiao")
            counter.first_sign_in(district, "wuminmin")
            review.enrol(district, "hall", SECTION)
            review.first_sign_in(district, "xuwen")
            counter.settle()
            review.settle()
            pushed, saved = _decisions(counter, review, size.of(full=30, quick=2))
        finally:
            counter.close()
            review.close()
            district.stop()
    return [
        Row(name="server_idle_mb", value=idle, unit="MB", bar=IDLE_BAR_MB),
        Row(
            name="decision_push_p95_ms",
            value=percentile(pushed, 0.95),
            unit="ms",
            reference="the decision durable at its own desk",
            reference_value=percentile(saved, 0.95),
            bar=PUSH_BAR_MS,
        ),
    ]


def _decisions(counter: DeskAtWork, review: DeskAtWork, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from a signed opinion to the counter's database, and to the reviewer's own."""
    item = _item(counter)
    pushed, saved = [], []
    for _ in range(count):
        case = receiving.receive(counter.work, intake_of(item, GU)).case
        deciding.accept(counter.work, counter.store.view(case))
        counter.settle()
        review.wait(lambda case=case: _is_free(review, case), "the accepted case at the section")
        deciding.claim(review.work, case)
        review.settle()
        counter.settle()
        start = time.perf_counter()
        deciding.sign(review.work, review.store.view(case), Verdict.GRANT, "材料齐全，符合法定形式。")
        saved.append((time.perf_counter() - start) * 1000)
        _hear(counter, lambda case=case: bool(counter.store.view(case).opinions))
        pushed.append((time.perf_counter() - start) * 1000)
        review.settle()
    return pushed, saved


def _is_free(desk: DeskAtWork, case: CaseId) -> bool:
    found = desk.store.find(case)
    return found is not None and found.acceptance is not None and found.holder is None


def _hear(desk: DeskAtWork, is_so: Callable[[], bool]) -> None:
    """Follow the loop's events until something is so; the loop is not woken. Raises TimeoutError."""
    end = time.monotonic() + LONGEST_S
    while not is_so():
        try:
            desk.session.sync.events.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            raise TimeoutError("the decision did not come by push") from None


def _item(desk: DeskAtWork) -> ItemVersion:
    """A sample item that the counter accepts and the section decides."""
    hits = desk.store.search.search("食品经营许可", desk.work.today, limit=50)
    items = [desk.store.catalogue.current(ItemCode(hit.code)) for hit in hits]
    return next(i for i in items if i.sample and i.accept_by is AcceptBy.COUNTER and i.section == SECTION)
