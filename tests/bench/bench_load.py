"""The district under load: acts a second over mTLS, on SQLite and on PostgreSQL.

Everything of an act is in the figure: signature, chain, ``decide``, log, tree, fsync. The desks are spoken for by this
process on the same two cores; only the server's memory is counted. The reference of PostgreSQL is its own benchmark,
one client's transactions a second in the same cluster.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, closing

from tests.bench.memory import pss_mb
from tests.bench.row import Row, Size
from tests.bench.workplace import folder
from tests.server.test_wire import catalogue, taking
from tests.support import postgres
from tests.support.desks import WireDesk, outcomes
from tests.support.district import RunningDistrict
from yichuang.v1 import exchange_pb2
from yichuang_domain.catalog import AcceptBy, ItemVersion

BATCH = 100
"""Deeds that a desk sends in one exchange."""
DESKS = 4
LONGEST_S = 120
PGBENCH_S = 20


def bench_acts(size: Size) -> list[Row]:
    """``sync_acts_s`` by four desks at once, and ``server_load_mb`` at that load."""
    with folder() as place:
        district = RunningDistrict(place / "district", second_factor=False)
        acts_s, held = _acts_s(district, size.of(full=10, quick=1))
    return [
        Row(name="sync_acts_s", value=acts_s, unit="acts/s", least=1000.0),
        Row(name="server_load_mb", value=held, unit="MB", bar=160.0),
    ]


def bench_postgres(size: Size) -> list[Row]:
    """``postgres_vs_pgbench``: acts a second over the transactions a second of ``pgbench -N -s 10 -c 1 -j 1``."""
    with folder() as place, postgres.running(is_durable=True) as socket:
        district = RunningDistrict(place / "district", second_factor=False, database=postgres.new_database(socket))
        acts_s, _ = _acts_s(district, size.of(full=10, quick=1))
        reference = postgres.pgbench_tps(socket, size.of(full=PGBENCH_S, quick=1))
    return [
        Row(name="postgres_vs_pgbench", value=acts_s / reference, unit="times", least=0.7),
        Row(
            name="postgres_acts_s",
            value=acts_s,
            unit="1/s",
            reference="transactions of pgbench -N -s 10 -c 1 -j 1",
            reference_value=reference,
        ),
    ]


def _acts_s(district: RunningDistrict, batches: int) -> tuple[float, float]:
    """Acts a second and the server's MB. Raises RuntimeError where not everything was recorded."""
    with ExitStack() as closing_time:
        district.start()
        closing_time.callback(district.stop)
        desks = [closing_time.enter_context(closing(_counter(district))) for _ in range(DESKS)]
        item = next(item for item in catalogue(desks[0])[0] if item.accept_by is AcceptBy.COUNTER)
        requests = [[request_of(desk, item) for _ in range(batches)] for desk in desks]
        start = time.perf_counter()
        recorded = asyncio.run(_all_at_once(desks, requests))
        seconds = time.perf_counter() - start
        held = pss_mb(district.pid)
    acts = DESKS * batches * BATCH
    if recorded != acts:
        raise RuntimeError(f"{recorded} of {acts} acts were recorded")
    return acts / seconds, held


def _counter(district: RunningDistrict) -> WireDesk:
    return district.desk("fengqiao", login="wuminmin")


def request_of(desk: WireDesk, item: ItemVersion) -> exchange_pb2.ExchangeRequest:
    """The next batch of the desk's chain: papers taken in, each a case."""
    deeds = []
    for _ in range(BATCH):
        case, received = taking(item)
        deeds.append(desk.deed((case, 0, received)))
    return exchange_pb2.ExchangeRequest(
        replica=desk.replica, deeds=deeds, head_signature=desk.sign(deeds[-1]), session_tokens=desk.tokens
    )


async def _all_at_once(desks: list[WireDesk], requests: list[list[exchange_pb2.ExchangeRequest]]) -> int:
    """How many deeds were recorded."""

    async def send(desk: WireDesk, batches: list[exchange_pb2.ExchangeRequest]) -> int:
        cursor, recorded = desk.cursor, 0
        for batch in batches:
            batch.cursor.CopyFrom(cursor)
            answer = await asyncio.to_thread(desk.exchanges.Exchange, batch, timeout=LONGEST_S)
            cursor, recorded = answer.next_cursor, recorded + outcomes(answer).count("RECORDED")
        return recorded

    return sum(await asyncio.gather(*(send(desk, batches) for desk, batches in zip(desks, requests, strict=True))))
