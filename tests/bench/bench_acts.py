"""A clerk's act: from the call of the action until it is durable.

Papers are taken in (the whole intake: checks, number, token, salts, state machine, outbox row, lists, fsync), then
accepted. The reference is one INSERT with its fsync into an empty plain SQLite file on the same disk.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.bench.row import Row, Size, percentile
from tests.bench.workplace import folder
from tests.support.desk import at_work, open_store
from tests.support.intakes import LIU, intake_of
from yichuang_client.actions import deciding, receiving
from yichuang_client.actions.work import Work
from yichuang_domain.catalog import AcceptBy, ItemVersion

BAR_MS = 30.0
T = TypeVar("T")


def bench_act_save(size: Size) -> list[Row]:
    """``act_save_p95_ms``: 95 of 100 acts are durable within it."""
    count = size.of(full=100, quick=3)
    with folder() as place:
        store = open_store(place / "desk")
        work = at_work(store)
        item = accepted_at_the_counter(work)
        times: list[float] = []
        for _ in range(count):
            intake = intake_of(item, LIU)
            case = _timed(times, lambda intake=intake: receiving.receive(work, intake))
            _timed(times, lambda case=case: deciding.accept(work, case))
        store.close()
        reference = _insert_p95_ms(place / "plain.db", count)
    return [
        Row(
            name="act_save_p95_ms",
            value=percentile(times, 0.95),
            unit="ms",
            reference="one INSERT + fsync",
            reference_value=reference,
            bar=BAR_MS,
        )
    ]


def _timed(times: list[float], act: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = act()
    times.append((time.perf_counter() - start) * 1000)
    return result


def accepted_at_the_counter(work: Work) -> ItemVersion:
    """An item of the desk's catalogue that the counter accepts itself."""
    codes = [hit.code for hit in work.store.search.search("许可", work.today, limit=50)]
    items = [work.store.catalogue.current(code) for code in codes]
    return next(i for i in items if i.accept_by is AcceptBy.COUNTER and i.section and not i.plan_cancel_on)


def _insert_p95_ms(path: Path, count: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE act (n INTEGER PRIMARY KEY, text BLOB)")
    times: list[float] = []
    for n in range(count * 2):
        _timed(times, lambda n=n: connection.execute("INSERT INTO act VALUES (?, ?)", (n, bytes(2000))))
    connection.close()
    return percentile(times, 0.95)
