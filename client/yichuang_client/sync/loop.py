"""The one sync loop (同步): exchange, watch and pages, in one thread of its own.

Rules kept here: one data path: Watch only says that there is something newer, and then an exchange brings it; nothing
here is ever called by the user interface's thread and waited for; a failure waits longer each time, with jitter, and
F5 tries at once; what changed goes to one queue; the end is asked for until it is reached, and no caller waits for an
answer that cannot come any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import random
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from yichuang_client.store.errors import StoreError
from yichuang_client.store.exchange_values import Told
from yichuang_client.store.store import Store
from yichuang_client.sync.blob_flow import BlobFlow
from yichuang_client.sync.core import LONGEST_WAIT_S, come_again, wait_seconds
from yichuang_client.sync.enrol import address_of
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.rounds import Rounds
from yichuang_client.sync.sessions import Sessions
from yichuang_client.sync.status import Line, SessionEnded, StatusChanged, SyncEvent, SyncStatus, line_of
from yichuang_client.sync.transport import CALL_SECONDS, Transport
from yichuang_client.trace import trace

T = TypeVar("T")
SESSION_IDLE = timedelta(minutes=15)
"""A session that the district did not hear of for so long has ended there."""
STOP_SECONDS = 15.0
"""How long ``stop`` waits for the thread; it holds nothing up after that."""
_ASK_AGAIN_SECONDS = 0.25
"""Before what has not ended is cancelled once more."""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often things happen by themselves."""

    poll_seconds: float = 60.0
    """An exchange without a reason: the second line behind Watch."""
    page_seconds: float = 30.0
    """Before asking again for a page that its desk has not sent yet: Watch tells when it has come."""
    watch_pause_seconds: float = 2.0
    """At most, before a broken watch is opened again."""


class SyncLoop:
    """The loop of one open store. Start it once; every method may be called from any thread."""

    def __init__(self, store: Store, now: Callable[[], datetime], rhythm: Rhythm | None = None) -> None:
        self.events: queue.SimpleQueue[SyncEvent] = queue.SimpleQueue()
        self.sessions = Sessions()
        self._store = store
        self._now = now
        self._rhythm = rhythm or Rhythm()
        self._status = SyncStatus(line=Line.STARTING, since=now())
        self._rounds = Rounds(store, self.sessions, now, self.events.put)
        self._flow = BlobFlow(store, self.events.put)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._wake = asyncio.Event()
        self._online = asyncio.Event()
        self._pages = asyncio.Event()
        self._stopping = asyncio.Event()
        self._guard = threading.Lock()
        self._is_ended = False
        """Guarded: no call is taken any more."""
        self._transport: Transport | None = None
        self._closing: asyncio.Task[None] | None = None
        """Of the channels before these."""
        self._told: Told | None = None
        """What Watch said while an exchange ran, whose answer may have brought just that."""
        self._is_exchanging = False

    @property
    def status(self) -> SyncStatus:
        """The state as last told."""
        return self._status

    def start(self) -> None:
        """Begin; returns at once."""
        self._main = self._loop.create_task(self._everything())
        self._store.on_appended = self.wake
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread: a call on the way is given up, which harms nothing."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it has just ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(STOP_SECONDS)
            trace("sync ended", in_time=not self._thread.is_alive())

    def wake(self) -> None:
        """Something was saved, or a person asks (F5): exchange now."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)

    def reconnect(self) -> None:
        """The desk has another certificate: speak to the district with that one, now."""

        async def anew() -> None:
            await self._disconnect()
            self._wake.set()

        with contextlib.suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(anew(), self._loop)

    def call(self, work: Callable[[Transport], Awaitable[T]]) -> Future[T]:
        """Run a call to the district on the loop; the future raises TransportError, also when the loop ends."""

        async def run() -> T:
            try:
                return await work(self._connected())
            except asyncio.CancelledError:
                if self._stopping.is_set():
                    raise _ended() from None
                raise

        with self._guard:
            if not self._is_ended:
                return asyncio.run_coroutine_threadsafe(run(), self._loop)
        refused: Future[T] = Future()
        refused.set_exception(_ended())
        return refused

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main)
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()

    async def _everything(self) -> None:
        self._loop.create_task(self._working())
        await self._stopping.wait()
        with self._guard:
            self._is_ended = True
        for _ in range(3):  # turns of the loop: what was asked before is a task now, and has begun
            await asyncio.sleep(0)
        # gRPC swallows a cancellation that meets its call's answer, so that one request does not always end a task.
        while others := asyncio.all_tasks() - {self._main}:
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=_ASK_AGAIN_SECONDS)
        await self._disconnect()

    async def _working(self) -> None:
        while not self._stopping.is_set():
            try:
                async with asyncio.TaskGroup() as group:
                    for part in (self._exchanging(), self._watching(), self._moving_pages()):
                        group.create_task(part)
            except Exception as error:
                # A fault of ours must not end the sync of a desk for good: tell it, try again.
                trace("sync failed", kind=type(error).__name__)
                self._status = replace(self._status, line=Line.BLOCKED, problem=TransportReason.BAD_ANSWER)
                self.events.put(StatusChanged(status=self._status))
                await asyncio.sleep(LONGEST_WAIT_S)

    def _connected(self) -> Transport:
        if self._stopping.is_set():
            raise _ended()
        if self._transport is None:
            self._transport = Transport(address_of(self._store.desk))
        return self._transport

    def _change_channels(self) -> None:
        """The certificate was renewed: new calls use it, those on their way (a sign-in, a page) end as they began."""
        transport, self._transport = self._transport, None
        if transport is not None:
            self._closing = self._loop.create_task(transport.close(CALL_SECONDS))

    async def _disconnect(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    async def _exchanging(self) -> None:
        failures = 0
        if self._store.catalogue.version:
            await asyncio.to_thread(self._store.search.warm, self._store.catalogue.version)
        while True:
            self._wake.clear()
            pause = self._rhythm.poll_seconds
            try:
                if await self._exchange():
                    self._change_channels()
                failures = 0
                self._hear(self._told)
                asked = self._rounds.pause_seconds
                pause = asked or pause
                self._tell(Line.ONLINE, pause=asked or None)
                self._online.set()
                self._pages.set()
            except TransportError as error:
                failures += 1
                pause = await self._failed(error, failures)
            except StoreError as error:
                failures += 1
                pause = wait_seconds(failures, random.random())
                trace("sync stopped", reason=error.reason.value)
                self._tell(Line.BLOCKED, problem=TransportReason.BAD_ANSWER, detail=str(error), pause=pause)
            await _wait(self._wake, pause)

    async def _exchange(self) -> bool:
        self._is_exchanging = True
        try:
            return await self._rounds.run(self._connected())
        finally:
            self._is_exchanging = False

    def _hear(self, told: Told | None) -> None:
        self._told = told if self._is_exchanging else None
        if told is not None and not self._is_exchanging and self._rounds.is_behind(told):
            self._wake.set()

    async def _failed(self, error: TransportError, failures: int) -> float:
        self._online.clear()
        pause = max(
            come_again(error.seconds, random.random()) if error.seconds else 0.0,
            wait_seconds(failures, random.random()),
        )
        self._tell(line_of(error), problem=error.reason, detail=error.detail, pause=pause)
        if failures > 3:
            # A channel that has seen a changed network, or an old certificate, is made anew.
            await self._disconnect()
        return pause

    async def _watching(self) -> None:
        while True:
            await self._online.wait()
            try:
                async for told in self._connected().watch(self._store.meta.cursor):
                    self._hear(told)
                    if told.has_pages:
                        self._pages.set()
            except TransportError:
                self._wake.set()
            await asyncio.sleep(random.random() * self._rhythm.watch_pause_seconds)

    async def _moving_pages(self) -> None:
        failures = 0
        while True:
            await self._online.wait()
            self._pages.clear()
            pause = self._rhythm.poll_seconds
            try:
                if await self._flow.run_once(self._connected()):
                    self._tell(self._status.line)
                    self._wake.set()
                failures = 0
                if self._store.pages.to_fetch():
                    pause = self._rhythm.page_seconds
            except TransportError as error:
                failures += error.reason is not TransportReason.BUSY
                asked = come_again(error.seconds, random.random()) if error.seconds else 0.0
                pause = max(asked, wait_seconds(failures, random.random()))
            except StoreError:
                failures += 1
                pause = wait_seconds(failures, random.random())
            await _wait(self._pages, pause)

    def _tell(
        self, line: Line, *, problem: TransportReason | None = None, detail: str = "", pause: float | None = None
    ) -> None:
        now, before = self._now(), self._status
        waiting, meta = self._store.waiting(), self._store.meta
        same = before.line is line and before.problem is problem
        status = SyncStatus(
            line=line,
            since=before.since if same else now,
            problem=problem,
            detail=detail,
            unsent=waiting.deeds,
            pages_to_send=waiting.pages,
            pages_to_fetch=len(self._store.pages.to_fetch()),
            oldest_time=waiting.oldest_time,
            receipt_time=waiting.receipt_time,
            exchange_time=waiting.exchange_time,
            next_try_time=now + timedelta(seconds=pause) if pause is not None else None,
            catalogue_version=meta.number("catalogue_version"),
            catalogue_newest=meta.number("catalogue_newest"),
            is_complete=self._rounds.is_complete,
            is_forked=self._store.is_forked,
        )
        self._status = status
        if before.line is Line.OFFLINE and line is Line.ONLINE and now - before.since > SESSION_IDLE:
            self.end_sessions()
        if status != replace(before, since=status.since, exchange_time=status.exchange_time):
            trace("line", state=line.value, unsent=status.unsent, pages=status.pages_to_send)
            self.events.put(StatusChanged(status=status))

    def end_sessions(self) -> None:
        """Nobody is signed in at the district any more: whoever works here is told."""
        for person in self.sessions.people():
            self.sessions.close(person)
            self.events.put(SessionEnded(person=person))


def _ended() -> TransportError:
    return TransportError(TransportReason.OFFLINE, detail="sync ended")


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow a cancellation
            await event.wait()
