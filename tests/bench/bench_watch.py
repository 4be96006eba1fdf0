"""Ten thousand streams that wait for news, and a decision that reaches its desk among them.

The desks are spoken for by this process on the same two cores; only the server's memory is counted. They come in turns,
as desks do in the morning.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import grpc

from tests.bench.memory import pss_mb
from tests.bench.row import Row, Size, percentile
from tests.bench.workplace import folder
from tests.server.test_wire import catalogue, taking
from tests.support.desks import WireDesk
from tests.support.district import RunningDistrict
from yichuang.v1 import exchange_pb2, exchange_pb2_grpc
from yichuang_domain.catalog import AcceptBy

AT_ONCE = 100
"""Streams that are opened together."""
FILES = 65_536
"""Sockets that server and desks may hold open."""
LONGEST_S = 600


def bench_watch(size: Size) -> list[Row]:
    """``watch_1k_desks_mb``, ``watch_10k_mb`` over 500 connections, and ``watch_10k_p99_ms`` to a desk among them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    alone, _ = _watched(connections=size.of(full=1000, quick=10), streams=1, pushes=0)
    shared, times = _watched(
        connections=size.of(full=500, quick=5), streams=size.of(full=20, quick=2), pushes=size.of(full=100, quick=2)
    )
    return [
        Row(name="watch_1k_desks_mb", value=alone, unit="MB", bar=250.0),
        Row(name="watch_10k_mb", value=shared, unit="MB", bar=450.0),
        Row(name="watch_10k_p99_ms", value=percentile(times, 0.99), unit="ms", bar=150.0),
    ]


def _watched(*, connections: int, streams: int, pushes: int) -> tuple[float, list[float]]:
    """The server's MB with so many streams, and the milliseconds from an act to the desk that is told of it."""
    with folder() as place, ExitStack() as closing_time:
        district = RunningDistrict(place / "district", second_factor=False)
        district.start()
        closing_time.callback(district.stop)
        crowd = closing_time.enter_context(closing(district.desk("yuxin")))
        counter = closing_time.enter_context(closing(district.desk("fengqiao", login="wuminmin")))
        return asyncio.run(_crowd(district, crowd, counter, connections, streams, pushes))


async def _crowd(
    district: RunningDistrict, crowd: WireDesk, counter: WireDesk, connections: int, streams: int, pushes: int
) -> tuple[float, list[float]]:
    channels = [_channel(district, crowd) for _ in range(connections)]
    waiting: list[Any] = []
    for turn in range(0, connections, AT_ONCE):
        for _ in range(streams):
            opened = [_watch(channel) for channel in channels[turn : turn + AT_ONCE]]
            await asyncio.gather(*(stream.read() for stream in opened))
            waiting += opened
    held = pss_mb(district.pid)
    heard = _watch(_channel(district, counter))
    await heard.read()
    times = [await _push(counter, heard, case) for case in _cases(counter, pushes)]
    for stream in (*waiting, heard):
        stream.cancel()
    await asyncio.gather(*(channel.close() for channel in channels))
    return held, times


async def _push(counter: WireDesk, heard: Any, request: exchange_pb2.ExchangeRequest) -> float:
    request.cursor.CopyFrom(counter.cursor)
    start = time.perf_counter()
    answer = await asyncio.to_thread(counter.exchanges.Exchange, request, timeout=LONGEST_S)
    counter.cursor = answer.next_cursor
    while (await heard.read()).position < answer.next_cursor.position:
        continue
    return (time.perf_counter() - start) * 1000


def _cases(counter: WireDesk, count: int) -> Iterator[exchange_pb2.ExchangeRequest]:
    item = next(item for item in catalogue(counter)[0] if item.accept_by is AcceptBy.COUNTER)
    for _ in range(count):
        case, received = taking(item)
        deed = counter.deed((case, 0, received))
        yield exchange_pb2.ExchangeRequest(
            replica=counter.replica, deeds=[deed], head_signature=counter.sign(deed), session_tokens=counter.tokens
        )


def _channel(district: RunningDistrict, desk: WireDesk) -> Any:
    """A connection of its own."""
    return grpc.aio.secure_channel(
        f"127.0.0.1:{district.ports['port']}",
        desk.credentials,
        options=(("grpc.use_local_subchannel_pool", 1),),
    )


def _watch(channel: Any) -> Any:
    return exchange_pb2_grpc.ExchangeServiceStub(channel).Watch(exchange_pb2.WatchRequest(), timeout=LONGEST_S)
