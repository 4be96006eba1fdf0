"""The district under load: acts a second over mTLS.

Everything of an act is in the figure: signature, chain, ``decide``, log, tree, fsync. The desks are spoken for by this
process on the same two cores; only the server's memory is counted.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, closing

from tests.bench.memory import pss_mb
from tests.bench.row import Row, Size
from tests.bench.workplace import folder
from tests.server.test_wire import catalogue, taking
from tests.support.desks import WireDesk
from tests.support.district import RunningDistrict
from yichuang.v1 import exchange_pb2
from yichuang_domain.catalog import AcceptBy, ItemVersion

BATCH = 100
"""Deeds that a desk sends in one exchange."""
DESKS = 4
LONGEST_S = 120


def bench_acts(size: Size) -> list[Row]:
    """``sync_acts_s`` by four desks at once, and ``server_load_mb`` at that load."""
    batches = size.of(full=10, quick=1)
    with folder() as place, ExitStack() as closing_time:
        district = RunningDistrict(place / "district", second_factor=False)
        district.start()
        closing_time.callback(district.stop)
        desks = [closing_time.enter_context(closing(_counter(district))) for _ in range(DESKS)]
        item = next(item for item in catalogue(desks[0])[0] if item.accept_by is AcceptBy.COUNTER)
        requests = [[request_of(desk, item) for _ in range(batches)] for desk in desks]
        start = time.perf_counter()
        asyncio.run(_all_at_once(desks, requests))
        seconds = time.perf_counter() - start
        held = pss_mb(district.pid)
        outcomes = district.outcomes()
    acts = DESKS * batches * BATCH
    if outcomes != {"RECORDED": acts}:
        raise RuntimeError(f"not everything was recorded: {outcomes}")
    return [
        Row(name="sync_acts_s", value=acts / seconds, unit="acts/s", least=1000.0),
        Row(name="server_load_mb", value=held, unit="MB", bar=160.0),
    ]


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


async def _all_at_once(desks: list[WireDesk], requests: list[list[exchange_pb2.ExchangeRequest]]) -> None:
    async def send(desk: WireDesk, batches: list[exchange_pb2.ExchangeRequest]) -> None:
        cursor = desk.cursor
        for batch in batches:
            batch.cursor.CopyFrom(cursor)
            answer = await asyncio.to_thread(desk.exchanges.Exchange, batch, timeout=LONGEST_S)
            cursor = answer.next_cursor

    await asyncio.gather(*(send(desk, batches) for desk, batches in zip(desks, requests, strict=True)))
