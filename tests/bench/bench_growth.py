"""The district after many years: an Exchange with a million cases in the store against one with ten thousand.

All cases lie in the slice of the desk that is measured: the hardest case. It is at the head of the log and sends one
deed a call, in turn a new case and a fact about an old one; the two districts are asked in turn, so that a busy machine
is as busy for both. The stores are loaded once and kept under ``build/``; every run adds its few hundred acts.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import time
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from tests.bench import many_cases
from tests.bench.row import Row, Size, percentile
from tests.bench.workplace import BUILD, folder
from tests.server.test_wire import catalogue, taking
from tests.support.cases import secret
from tests.support.desks import DEADLINE_S, WireDesk, outcomes
from tests.support.district import RunningDistrict
from yichuang.v1 import exchange_pb2
from yichuang_domain import actions as a, tree_head
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.ids import CaseId
from yichuang_server.store.database import SCHEMA

BAR = 1.3
_AT_ONCE = 10_000
"""Cases of one transaction while a store is loaded."""


def bench_growth(size: Size) -> list[Row]:
    """``exchange_growth``: p95 with a million cases over p95 with ten thousand."""
    few, many = size.of(full=10_000, quick=100), size.of(full=1_000_000, quick=1000)
    with folder() as place, ExitStack() as closing_time:
        desks = []
        for count in (few, many):
            kept = place / f"cases-{count}" if size.is_quick else BUILD / f"cases-{count}-{SCHEMA}"
            district = _district(kept, count)
            district.start()
            closing_time.callback(district.stop)
            desks.append(closing_time.enter_context(closing(_AtTheHead(district, count))))
        times = [desk.times for desk in desks]
        for _ in range(size.of(full=400, quick=4)):
            for desk in desks:
                desk.exchange()
        p95 = [percentile(some[len(some) // 10 :], 0.95) for some in times]
    return [
        Row(name="exchange_growth", value=p95[1] / p95[0], unit="times", bar=BAR),
        Row(
            name="exchange_p95_ms",
            value=p95[1],
            unit="ms",
            reference=f"the same with {few:,} cases in the store instead of {many:,}",
            reference_value=p95[0],
        ),
    ]


class _AtTheHead:
    """A counter of the place of all cases, that has everything up to the head of the log."""

    def __init__(self, district: RunningDistrict, cases: int) -> None:
        self._desk = district.desk("fengqiao", login="wuminmin")
        self._item = _item(self._desk)
        self._next = itertools.cycle((self._new, self._old))
        self._order = random.Random(cases)
        self._cases = cases
        self._head = tree_head.read_note(self._desk.send().log_head, self._desk.district_key.public_bytes_raw()).head
        self._desk.cursor.position = self._head.size
        self.times: list[float] = []
        """Milliseconds of each exchange."""

    def close(self) -> None:
        """Hang up."""
        self._desk.close()

    def exchange(self) -> None:
        """One exchange with one deed. Raises RuntimeError where it is not recorded or does not come back."""
        desk, deed = self._desk, next(self._next)()
        request = exchange_pb2.ExchangeRequest(
            replica=desk.replica,
            cursor=desk.cursor,
            deeds=[deed],
            head_signature=desk.sign(deed),
            session_tokens=desk.tokens,
            head_size=self._head.size,
        )
        start = time.perf_counter()
        answer = desk.exchanges.Exchange(request, timeout=DEADLINE_S)
        self.times.append((time.perf_counter() - start) * 1000)
        if list(outcomes(answer)) != ["RECORDED"] or not answer.records or answer.has_more:
            raise RuntimeError(f"an exchange came to {outcomes(answer)} and {len(answer.records)} records")
        desk.cursor = answer.next_cursor
        self._head = tree_head.read_note(answer.log_head, desk.district_key.public_bytes_raw()).head

    def _new(self) -> exchange_pb2.SentDeed:
        case, received = taking(self._item)
        return self._desk.deed((case, 0, received))

    def _old(self) -> exchange_pb2.SentDeed:
        case = CaseId(many_cases.case_of(self._order.randrange(self._cases)))
        return self._desk.deed((case, 1, a.WishWithdraw(reason=secret("不办了"))))


def _item(desk: WireDesk) -> ItemVersion:
    return next(item for item in catalogue(desk)[0] if item.accept_by is AcceptBy.COUNTER)


def _district(place: Path, cases: int) -> RunningDistrict:
    """A district with so many cases, loaded where it is not kept from an earlier run."""
    whole = place / "whole"
    if whole.exists() and whole.read_text("utf-8") == str(place):  # its settings name the place
        return RunningDistrict(place, is_there=True)
    shutil.rmtree(place, ignore_errors=True)
    district = RunningDistrict(place, second_factor=False)
    district.start()
    with closing(district.desk("fengqiao", login="wuminmin")) as desk:
        item = _item(desk)
        for _ in range(2):  # the copies are of the second, whose deed names the one before it
            case, received = taking(item)
            desk.send(desk.deed((case, 0, received)))
    district.stop()
    _load(district.database, case, cases)
    whole.write_text(str(place), "utf-8")
    return district


def _load(database: Path, model: str, cases: int) -> None:
    engine = create_engine(f"sqlite:///{database}", poolclass=StaticPool)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.isolation_level = None
        for pragma in ("synchronous=OFF", "cache_size=-1000000", "busy_timeout=20000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        copied = many_cases.Model.read(connection, model)
        for first in range(0, cases, _AT_ONCE):
            connection.exec_driver_sql("BEGIN")
            many_cases.load(connection, copied, min(_AT_ONCE, cases - first), first=first)
            connection.exec_driver_sql("COMMIT")
    engine.dispose()
    descriptor = os.open(database, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)
