"""扫描工作进程: a scanner driver in a process of its own, seen from the owner's side.

Vendor code crashes, hangs and leaks; here it can only take itself down. The process is started once and
kept warm. Watchdogs: no byte and no message for `stall_seconds` → cancel → kill; a cancel that is not
confirmed within `cancel_seconds` → kill; so is a driver that has ended its batch and does not let go of the device.
Whatever ends a batch, the pages told before are good. Why it ended is said by what came first: a driver that dies
of its cancel was cancelled, or silent, and did not crash in a page.

No call here may be made from the thread of the windows: all of them wait.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.context import SpawnProcess

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_slots import PageSlots
from yichuang_client.devices.pixels import as_they_lie, to_pixels
from yichuang_client.devices.scan_process import (
    Answer,
    Cancel,
    Command,
    Describe,
    Done,
    Ending,
    Failed,
    Filled,
    Free,
    ListDevices,
    Opened,
    Scan,
    Stop,
    serve,
)
from yichuang_client.devices.scanning import (
    BatchEnded,
    Lent,
    PageScanned,
    PageStarted,
    ScanEvent,
    ScannerCapabilities,
    ScannerDevice,
    ScannerDriver,
    ScanSettings,
    TroubleMet,
)
from yichuang_client.processes import PipeEnd

_LOOK_SECONDS = 0.05
"""How often a waiting owner looks at the pulse and at its deadlines."""


class ScanWorker:
    """扫描会话: starts, watches and ends the process of one driver; one command at a time."""

    def __init__(
        self,
        driver: ScannerDriver,
        *,
        slots: int = 4,
        stall_seconds: float = 45.0,
        cancel_seconds: float = 2.0,
        forget_seconds: float = 2.0,
    ) -> None:
        """Nothing is started yet.

        Args:
            driver: travels to the process, so it must be picklable and must not have opened anything.
            slots: pages that may wait for the reader before the driver has to.
            stall_seconds: longest silence; a lamp may need half a minute to warm up.
            cancel_seconds: longest wait for a cancel to be confirmed.
            forget_seconds: how long after a batch its memory is given back; the next sheets are often there already.
        """
        self._driver = driver
        self._slots = PageSlots(slots)
        self._stall_seconds = stall_seconds
        self._cancel_seconds = cancel_seconds
        self._process: SpawnProcess | None = None
        self._pipe: PipeEnd | None = None
        self._sending = threading.Lock()
        self._running = threading.Lock()
        self._forget_seconds = forget_seconds
        self._forgetting: threading.Timer | None = None
        self._lending = threading.Lock()
        self._lent: set[int] = set()
        """Slots that somebody reads."""
        self._cancelled_at: float | None = None
        self._outcome: Done | Failed | None = None
        self._is_asked = False
        self._is_scanning = False
        self._is_stalled = False

    @property
    def process_id(self) -> int | None:
        """Process id of the driver's process, None when none is running."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def start(self) -> None:
        """Start the process now, so that the first scan need not wait for it."""
        if self.process_id is not None:
            return
        self._end()
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(
            target=serve, args=(far_end, self._driver, self._slots), name="scanner", daemon=True
        )
        self._process.start()
        far_end.close()

    def devices(self) -> tuple[ScannerDevice, ...]:
        """The devices that can be seen now; raises DeviceError."""
        value = self._ask(ListDevices())
        return value if isinstance(value, tuple) else ()

    def capabilities(self, device: str) -> ScannerCapabilities:
        """What a device offers; raises DeviceError."""
        value = self._ask(Describe(device=device))
        if not isinstance(value, ScannerCapabilities):
            raise DeviceError(Trouble.DRIVER_CRASH, "wrong answer")
        return value

    def scan_pages(self, settings: ScanSettings, *, lend: bool = False) -> Iterator[ScanEvent]:
        """Take a batch, page by page; the last event is BatchEnded or TroubleMet.

        ``lend``: pages come without a copy where they can, see `PageScanned.lent`. A reader that stops early ends the
        batch. Raises DeviceError(BUSY) when a command is running.
        """
        with self._alone():
            is_over = False
            try:
                for event in self._batch(settings, lend=lend):
                    is_over = isinstance(event, BatchEnded | TroubleMet)
                    yield event
            finally:
                if not is_over:
                    self.cancel()
                    self._drain()
                with self._lending:
                    self._is_scanning = False
                    self._forget_soon()

    def cancel(self) -> None:
        """Stop the command that is running, from any thread; without one nothing happens.

        A driver listens in a batch only: one that is asked for something else has `cancel_seconds` to answer.
        """
        with self._sending:
            if self._is_asked and self._cancelled_at is None:
                self._cancelled_at = time.monotonic()
                if self._is_scanning:
                    self._put(Cancel())

    def close(self) -> None:
        """Cancel what runs, end the process and free the pages' memory; nothing may be called afterwards."""
        self.cancel()
        if self._running.acquire(timeout=2 * self._cancel_seconds):
            self._running.release()
        self._send(Stop())
        self._end(grace_seconds=self._cancel_seconds)
        if self._forgetting is not None:
            self._forgetting.cancel()
        with self._lending:
            self._slots.close()

    def __enter__(self) -> ScanWorker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._running.acquire(blocking=False):
            raise DeviceError(Trouble.BUSY, "a command is running")
        try:
            self._cancelled_at, self._outcome, self._is_stalled = None, None, False
            self.start()
            self._is_asked = True
            yield
            if self._process is None:  # it died or was killed: the next command finds a warm one
                self.start()
        finally:
            self._is_asked = False
            self._running.release()

    def _batch(self, settings: ScanSettings, *, lend: bool) -> Iterator[ScanEvent]:
        with self._lending, self._sending:
            if self._forgetting is not None:
                self._forgetting.cancel()
            free = tuple(slot for slot in range(self._slots.count) if slot not in self._lent)
            self._put(Scan(settings=settings, free=free))
            self._is_scanning = True
        count = 0
        while True:
            answer = self._receive()
            if isinstance(answer, Opened):
                yield PageStarted(number=count + 1)
            elif isinstance(answer, Filled):
                count += 1
                yield self._page(answer, count, lend=lend)
            elif isinstance(answer, Done):
                yield BatchEnded(count=count)
                return
            else:
                yield TroubleMet(trouble=answer.trouble, detail=answer.detail, count=count)
                return

    def _page(self, filled: Filled, number: int, *, lend: bool) -> PageScanned:
        frame, lent = filled.frame, None
        rows = self._slots.slot(filled.slot)
        pixels = as_they_lie(frame, rows) if lend else None
        if pixels is not None:
            with self._lending:
                self._lent.add(filled.slot)
            memory, offset = self._slots.memory, self._slots.offset(filled.slot)
            lent = Lent(memory=memory, offset=offset, give_back=partial(self._take_back, filled.slot))
        else:
            pixels = to_pixels(frame, rows)
            rows.release()
            self._send(Free(slot=filled.slot))
        return PageScanned(
            number=number,
            width=frame.width,
            height=frame.height,
            depth=frame.depth,
            dpi=frame.dpi,
            pixels=pixels,
            lent=lent,
        )

    def _take_back(self, slot: int) -> None:
        """Nobody reads this slot any more."""
        with self._lending:
            self._lent.discard(slot)
            self._send(Free(slot=slot))
            if not self._is_scanning:
                self._forget_soon()

    def _forget_soon(self) -> None:
        """After a batch: its pages' memory is given back once nobody reads it, unless a batch begins meanwhile."""
        if not self._lent:
            self._forgetting = threading.Timer(self._forget_seconds, self._forget)
            self._forgetting.daemon = True
            self._forgetting.start()

    def _forget(self) -> None:
        with self._lending:
            if not self._is_scanning and not self._lent:
                with contextlib.suppress(OSError, ValueError):  # ValueError: closed meanwhile
                    self._slots.clear()

    def _ask(self, command: ListDevices | Describe) -> tuple[ScannerDevice, ...] | ScannerCapabilities | int:
        with self._alone():
            self._send(command)
            answer = self._receive()
            if isinstance(answer, Failed):
                raise DeviceError(answer.trouble, answer.detail)
            if not isinstance(answer, Done):
                raise DeviceError(Trouble.DRIVER_CRASH, "wrong answer")
            return answer.value

    def _drain(self) -> None:
        """Wait for the end of a cancelled batch, dropping what still comes."""
        while not isinstance(answer := self._receive(), Done | Failed):
            if isinstance(answer, Filled):
                self._send(Free(slot=answer.slot))

    def _send(self, command: Command) -> None:
        with self._sending:
            self._put(command)

    def _put(self, command: Command) -> None:
        with contextlib.suppress(OSError):  # a dead process is noticed by the next receive
            if self._pipe is not None:
                self._pipe.send(command)

    def _receive(self) -> Opened | Filled | Done | Failed:
        """The next answer; for a process that is dead or silent, what is known of it."""
        answer: Opened | Filled | Done | Failed
        try:
            told = self._next()
            if isinstance(told, Ending):
                self._outcome = told.outcome
                self._next()  # the device was let go; what came of that is no part of the batch
                told = told.outcome
            answer = told
        except (EOFError, OSError):
            code = self._end(grace_seconds=1.0)
            gone = Failed(trouble=self._reason(), detail=f"the driver's process ended with {code}")
            answer = self._outcome or gone
        if isinstance(answer, Failed) and answer.trouble is Trouble.CANCELLED and self._is_stalled:
            return Failed(trouble=Trouble.TIMEOUT, detail="cancelled after a silence")
        return answer

    def _next(self) -> Answer:
        """The next message, or a failure when a deadline has passed. Raises EOFError, OSError."""
        if self._pipe is None:
            raise EOFError
        failure = self._wait(self._pipe)
        if failure is not None:
            self._end()
            return failure
        answer: Answer = self._pipe.recv()
        return answer

    def _reason(self) -> Trouble:
        """Why a process that is gone is gone."""
        if self._is_stalled:
            return Trouble.TIMEOUT
        return Trouble.DRIVER_CRASH if self._cancelled_at is None else Trouble.CANCELLED

    def _wait(self, pipe: PipeEnd) -> Failed | None:
        """Wait until an answer can be read; return a failure when a deadline has passed instead."""
        pulse, heard_at = self._slots.pulse, time.monotonic()
        while not pipe.poll(_LOOK_SECONDS):
            now = time.monotonic()
            if self._slots.pulse != pulse:
                pulse, heard_at = self._slots.pulse, now
            if self._outcome is not None and now - heard_at > self._cancel_seconds:
                return Failed(trouble=self._reason(), detail="the device was not let go")
            if self._cancelled_at is not None and now - self._cancelled_at > self._cancel_seconds:
                return Failed(trouble=self._reason(), detail="a cancel was not confirmed")
            if self._cancelled_at is None and now - heard_at > self._stall_seconds:
                self._is_stalled = True
                if not self._is_scanning:
                    return Failed(trouble=Trouble.TIMEOUT, detail="no answer")
                self.cancel()
        return None

    def _end(self, grace_seconds: float = 0.0) -> int | None:
        """Make sure that the process is gone, after a time to go by itself; return its exit code."""
        code = None
        if self._process is not None:
            self._process.join(grace_seconds)
            self._process.kill()
            self._process.join()
            code = self._process.exitcode
            self._process.close()
        if self._pipe is not None:
            with self._sending:
                self._pipe.close()
        self._process = self._pipe = None
        return code
