"""The loop's end: nothing swallows it, and nobody waits for an answer that cannot come any more."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Generator, Iterator
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest

from tests.client.sync.seats import now
from tests.support.desk import open_store
from yichuang_client.store.exchange_values import Cursor, Told
from yichuang_client.store.store import Store
from yichuang_client.sync import loop as loop_module, transport
from yichuang_client.sync.channels import Address
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.loop import STOP_SECONDS, SyncLoop

PATIENCE_S = 10.0


class MutedLine:
    """A district that has taken every call and answers none; gRPC's habits are its own.

    A call whose cancellation meets its answer ends with the answer's error and not with the cancellation.
    """

    swallows = 0
    """How many cancellations an exchange swallows."""

    def __init__(self, _address: Address) -> None:
        self.asked = threading.Event()
        LINES.append(self)

    async def exchange(self, _request: object) -> Any:
        """Never answered."""
        self.asked.set()
        for _ in range(self.swallows):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        if self.swallows:
            raise TransportError(TransportReason.OFFLINE)
        await asyncio.Event().wait()

    async def watch(self, _cursor: Cursor) -> AsyncIterator[Told]:
        """Says nothing."""
        await asyncio.Event().wait()
        yield Told(position=0, catalogue_version=0, profile_version=0, has_pages=False)

    async def close(self) -> None:
        """Hang up."""


LINES: list[MutedLine] = []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture(params=[0, 1, 3])
def loop(store: Store, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[SyncLoop]:
    """A loop that has asked and waits for the answer."""
    LINES.clear()
    monkeypatch.setattr(MutedLine, "swallows", request.param)
    monkeypatch.setattr(loop_module, "Transport", MutedLine)
    made = SyncLoop(store, now)
    made.start()
    end = time.monotonic() + PATIENCE_S
    while not LINES:
        assert time.monotonic() < end
    assert LINES[0].asked.wait(PATIENCE_S)
    yield made
    made.stop()


def test_a_swallowed_cancellation_does_not_keep_the_loop_alive(loop: SyncLoop) -> None:
    started = time.monotonic()
    loop.stop()
    assert time.monotonic() - started < STOP_SECONDS / 2


def test_nobody_waits_for_an_answer_after_the_end(loop: SyncLoop) -> None:
    begun = threading.Event()

    async def never(_line: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    future = loop.call(never)
    assert begun.wait(PATIENCE_S)
    loop.stop()
    late = loop.call(never)
    for asked in (future, late):
        with pytest.raises(TransportError) as caught:
            asked.result(PATIENCE_S)
        assert caught.value.reason is TransportReason.OFFLINE


def test_calls_at_every_moment_of_the_end_are_answered(loop: SyncLoop) -> None:
    futures = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            futures.append(loop.call(_fails))

    asking = threading.Thread(target=ask)
    asking.start()
    loop.stop()
    ended.set()
    asking.join()
    assert futures
    for future in futures:
        assert isinstance(future.exception(PATIENCE_S), TransportError)


async def _fails(_line: object) -> None:
    raise TransportError(TransportReason.REFUSED)


class AnsweredCall:
    """As ``UnaryUnaryCall`` where the answer meets the cancellation: the inner task ends, the status is an error."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    def __await__(self) -> Generator[Any, None, object]:
        async def invoke() -> None:
            self.begun.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

        yield from asyncio.get_running_loop().create_task(invoke())
        empty = grpc.aio.Metadata()
        raise grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, empty, empty)


class ClosedCall:
    """As a call of gRPC whose channel was closed: a cancellation that nobody has asked for."""

    def __await__(self) -> Generator[Any, None, object]:
        yield
        raise asyncio.CancelledError


async def _cancelled_while_waiting() -> asyncio.Task[object]:
    call = AnsweredCall()
    task: asyncio.Task[object] = asyncio.ensure_future(transport._call(call))
    await call.begun.wait()
    task.cancel()
    await asyncio.wait([task])
    return task


def test_a_cancelled_call_stays_cancelled_whatever_the_answer_was() -> None:
    assert asyncio.run(_cancelled_while_waiting()).cancelled()


def test_a_closed_channel_is_a_line_that_is_away() -> None:
    with pytest.raises(TransportError) as caught:
        asyncio.run(_awaited(ClosedCall()))
    assert caught.value.reason is TransportReason.OFFLINE


async def _awaited(call: Awaitable[object]) -> object:
    return await transport._call(call)
