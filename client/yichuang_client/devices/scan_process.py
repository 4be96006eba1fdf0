"""扫描进程: what runs inside a driver's own process, between the pipe to its owner and the driver.

The owner sends `Command`s, the process answers with `Answer`s, all small; pages lie in `PageSlots`. When the
owner dies, the pipe ends and so does the process.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.page_slots import PageSlots
from yichuang_client.devices.scanning import (
    Frame,
    ScanCancelled,
    ScannerCapabilities,
    ScannerDevice,
    ScannerDriver,
    ScanSettings,
)
from yichuang_client.processes import PipeEnd, stand_alone


@dataclass(frozen=True, kw_only=True)
class ListDevices:
    """Command: name the devices."""


@dataclass(frozen=True, kw_only=True)
class Describe:
    """Command: tell a device's capabilities."""

    device: str


@dataclass(frozen=True, kw_only=True)
class Scan:
    """Command: take a batch."""

    settings: ScanSettings
    free: tuple[int, ...]
    """Slots of which nobody reads a page of an earlier batch."""


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Command: stop the batch that is running; ignored when none is."""


@dataclass(frozen=True, kw_only=True)
class Free:
    """Command: this slot has been read."""

    slot: int


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Command: end the process."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Answer: a page has begun."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Answer: a whole page lies in a slot."""

    slot: int
    frame: Frame


@dataclass(frozen=True, kw_only=True)
class Done:
    """Answer: what was asked for, the number of pages for a batch."""

    value: tuple[ScannerDevice, ...] | ScannerCapabilities | int


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Answer: the trouble that ended the command."""

    trouble: Trouble
    detail: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Answer: a batch is over, and how; only the device is still to be let go."""

    outcome: Done | Failed


Command = ListDevices | Describe | Scan | Cancel | Free | Stop
Answer = Opened | Filled | Ending | Done | Failed


class SlotSink:
    """槽位去处: a `PageSink` that fills slots and tells the owner of each whole page."""

    def __init__(self, pipe: PipeEnd, slots: PageSlots, free: tuple[int, ...]) -> None:
        self._pipe = pipe
        self._slots = slots
        self._free = deque(free)
        self._count = 0
        self._is_cancelled = False

    def is_cancelled(self) -> bool:
        """Look, without waiting, at what the owner has said."""
        while self._pipe.poll(0):
            self._listen()
        return self._is_cancelled

    def _listen(self) -> None:
        command = self._pipe.recv()
        if isinstance(command, Cancel):
            self._is_cancelled = True
        elif isinstance(command, Free):
            self._free.append(command.slot)

    def open_page(self) -> memoryview:
        """Lend the next free slot, waiting for one."""
        while not self._free and not self._is_cancelled:
            self._listen()
        if self._is_cancelled:
            raise ScanCancelled
        self._pipe.send(Opened())
        return self._slots.open(self._free[0])

    def advanced(self, count: int) -> None:
        """Count the bytes: the owner's watchdog looks at the pulse."""
        self._slots.beat(count)

    def commit(self, frame: Frame) -> None:
        """Tell the owner of the page."""
        slot = self._free.popleft()
        self._slots.fill(slot, frame.stride * frame.height)
        self._pipe.send(Filled(slot=slot, frame=frame))
        self._count += 1

    def drop(self) -> None:
        """Keep the slot for the next page."""

    def ending(self, error: DeviceError | None) -> None:
        """Tell the owner how the batch went."""
        self._pipe.send(Ending(outcome=Done(value=self._count) if error is None else _failed(error)))


def serve(pipe: PipeEnd, driver: ScannerDriver, slots: PageSlots) -> None:
    """Answer commands until told to stop or the owner is gone; the target of the spawned process."""
    stand_alone()
    try:
        while not isinstance(command := pipe.recv(), Stop):
            if isinstance(command, ListDevices | Describe | Scan):
                pipe.send(_answer(command, pipe, driver, slots))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _answer(
    command: ListDevices | Describe | Scan, pipe: PipeEnd, driver: ScannerDriver, slots: PageSlots
) -> Done | Failed:
    try:
        if isinstance(command, ListDevices):
            return Done(value=driver.list())
        if isinstance(command, Describe):
            return Done(value=driver.capabilities(command.device))
        sink = SlotSink(pipe, slots, command.free)
        return Done(value=driver.scan(command.settings, sink, sink.is_cancelled))
    except DeviceError as error:
        return _failed(error)


def _failed(error: DeviceError) -> Failed:
    return Failed(trouble=error.trouble, detail=error.detail)
