"""TWAIN 会话: the states of the specification, from the manager (2, 3) over the source (4, 5) to its pages (6, 7).

Rules kept here: every step is taken from the state it belongs to, and on the way out every state is left in its order,
whatever happened; the source's own windows stay shut; what the source has to tell comes by a callback or by the
window's messages, and both are heard.
"""

from __future__ import annotations

import enum
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from ctypes import c_void_p

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.twain_capabilities import Capabilities
from yichuang_client.devices.twain_library import (
    CONTROL,
    Callback,
    CallbackType,
    Data,
    Event,
    Identity,
    Manager,
    Message,
    PendingTransfers,
    Return,
    UserInterface,
)
from yichuang_client.devices.window_messages import Messages

_LOOK_SECONDS = 0.02
READY_SECONDS = 40.0
"""Longest wait for a page to be ready; a lamp may need half a minute to warm up."""


class State(enum.IntEnum):
    """状态: as the specification counts them."""

    LOADED = 2
    MANAGER_OPEN = 3
    SOURCE_OPEN = 4
    ENABLED = 5
    READY = 6
    TRANSFERRING = 7


class Session:
    """One way through the states; used by one thread."""

    def __init__(self, manager: Manager, messages: Messages, *, ready_seconds: float = READY_SECONDS) -> None:
        """Open the manager; raises DeviceError."""
        self.manager, self._messages, self._ready_seconds = manager, messages, ready_seconds
        self.state = State.LOADED
        self.source: Identity | None = None
        self._told: deque[int] = deque()
        self._callback = CallbackType(self._hear)
        self._parent = c_void_p(messages.window)
        manager.check(None, CONTROL, Data.PARENT, Message.OPEN_MANAGER, self._parent)
        self.state = State.MANAGER_OPEN
        try:
            self._memory = manager.memory()
        except DeviceError:
            self.close()
            raise

    def sources(self) -> Iterator[Identity]:
        """The sources that are installed. Raises DeviceError."""
        message = Message.GET_FIRST
        while True:
            found = Identity()
            code = self.manager.call(None, CONTROL, Data.IDENTITY, message, found)
            if code == Return.END_OF_LIST:
                return
            if code != Return.SUCCESS:
                error = self.manager.error(None, "IDENTITY")
                if error.trouble is Trouble.OFFLINE:  # none is installed
                    return
                raise error
            yield found
            message = Message.GET_NEXT

    def open_source(self, product: str) -> Capabilities:
        """Open a source by the name of its product. Raises DeviceError."""
        self._expect(State.MANAGER_OPEN)
        found = next((row for row in self.sources() if row.text("product") == product), None)
        if found is None:
            raise DeviceError(Trouble.OFFLINE, "no such source")
        self.manager.check(None, CONTROL, Data.IDENTITY, Message.OPEN_SOURCE, found)
        self.source, self.state = found, State.SOURCE_OPEN
        asked = Callback(function=self._callback)
        self.manager.call(found, CONTROL, Data.CALLBACK, Message.REGISTER_CALLBACK, asked)
        return Capabilities(self.manager, found, self._memory)

    def enable(self) -> None:
        """Start the batch without a window of the source's. Raises DeviceError."""
        self._expect(State.SOURCE_OPEN)
        self._told.clear()
        asked = UserInterface(shows=0, parent=self._messages.window)
        code = self.manager.check(self.source, CONTROL, Data.USER_INTERFACE, Message.ENABLE, asked)
        if code == Return.CANCEL:
            raise DeviceError(Trouble.CANCELLED, "the source did not begin")
        self.state = State.ENABLED

    def wait_ready(self, cancel: Callable[[], bool]) -> bool:
        """Wait until a page is ready; False when the source wants to end instead.

        Raises DeviceError (CANCELLED, TIMEOUT).
        """
        self._expect(State.ENABLED)
        until = time.monotonic() + self._ready_seconds
        while True:
            self._messages.look(self._is_of_source)
            while self._told:
                told = self._told.popleft()
                if told == Message.TRANSFER_READY:
                    self.state = State.READY
                    return True
                if told == Message.CLOSE_REQUEST:
                    return False
            if cancel():
                raise DeviceError(Trouble.CANCELLED, "before a page")
            if time.monotonic() > until:
                raise DeviceError(Trouble.TIMEOUT, "no page is ready")
            self._messages.wait(_LOOK_SECONDS)

    def begin_transfer(self) -> None:
        """The first piece of a page came."""
        self.state = State.TRANSFERRING

    def end_transfer(self) -> bool:
        """Leave a page, whole or not; whether another one waits. Raises DeviceError."""
        pending = PendingTransfers()
        self.manager.check(self.source, CONTROL, Data.PENDING_TRANSFERS, Message.END_TRANSFER, pending)
        self.state = State.READY if pending.count else State.ENABLED
        self._messages.look(self._is_of_source)
        return bool(pending.count)

    def close(self) -> None:
        """Leave every state that was reached, in order; a step that fails is passed over."""
        with suppress(DeviceError):
            if self.state is State.TRANSFERRING:
                self.end_transfer()
        if self.state in (State.READY, State.TRANSFERRING):
            self.manager.call(self.source, CONTROL, Data.PENDING_TRANSFERS, Message.RESET, PendingTransfers())
            self.state = State.ENABLED
        if self.state is State.ENABLED:
            asked = UserInterface(parent=self._messages.window)
            self.manager.call(self.source, CONTROL, Data.USER_INTERFACE, Message.DISABLE, asked)
            self.state = State.SOURCE_OPEN
        if self.state is State.SOURCE_OPEN:
            self.manager.call(None, CONTROL, Data.IDENTITY, Message.CLOSE_SOURCE, self.source)
            self.state, self.source = State.MANAGER_OPEN, None
        if self.state is State.MANAGER_OPEN:
            self.manager.call(None, CONTROL, Data.PARENT, Message.CLOSE_MANAGER, self._parent)
            self.state = State.LOADED

    def _expect(self, state: State) -> None:
        if self.state is not state:
            raise DeviceError(Trouble.COMMUNICATION, f"state {int(self.state)} instead of {int(state)}")

    def _hear(self, _source: int, _program: int, _group: int, _data: int, message: int, _value: int) -> int:
        self._told.append(message)
        return Return.SUCCESS

    def _is_of_source(self, address: int) -> bool:
        if self.source is None or self.state < State.ENABLED:
            return False
        event = Event(event=address)
        code = self.manager.call(self.source, CONTROL, Data.EVENT, Message.PROCESS_EVENT, event)
        if event.message:
            self._told.append(event.message)
        return code == Return.SOURCE_EVENT
