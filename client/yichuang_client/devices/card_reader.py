"""身份证阅读机: a reader by its maker's library with the common SDT interface (SDT_OpenPort …).

Rules kept here: the maker's library is loaded into a process of its own, which ends after each card, so that its crash
or hang costs one reading; what a card says is in memory only; without a card within the time nothing is made up.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.identity_card import MESSAGE_BYTES

USB_PORT = 1001
"""The first USB reader by the interface's numbers (1001 to 1016); 1 to 16 are serial ports."""
_DONE, _FOUND = 0x90, 0x9F
_PICTURE_BYTES = 1024
_LOOK_SECONDS = 0.2
"""Between two looks for a card: the ABI has no event to wait for; in a process of its own."""
_START_SECONDS = 10.0
"""A spawned process may take this long to start on a slow machine, beside the wait for the card."""


def read_message(library: str, *, port: int = USB_PORT, seconds: float = 10.0) -> bytes:
    """The base message of the card that is laid on within so many seconds.

    Raises DeviceError: OFFLINE (no library, no reader), TIMEOUT (no card, or no answer), COMMUNICATION (taken away too
    soon), DRIVER_CRASH.
    """
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=_run, args=(its, library, port, seconds), name="yichuang-card", daemon=True)
    process.start()
    its.close()
    try:
        if not mine.poll(seconds + _START_SECONDS):
            raise DeviceError(Trouble.TIMEOUT, "card reader")
        answer = mine.recv()
    except EOFError:
        raise DeviceError(Trouble.DRIVER_CRASH, "card reader") from None
    finally:
        mine.close()
        process.kill()
        process.join()
    if isinstance(answer, DeviceError):
        raise answer
    return bytes(answer)


def _run(pipe: Connection, library: str, port: int, seconds: float) -> None:
    try:
        pipe.send(_read(library, port, seconds))
    except DeviceError as error:
        pipe.send(error)


def _read(library: str, port: int, seconds: float) -> bytes:
    try:
        sdt: Any = getattr(ctypes, "WinDLL", ctypes.CDLL)(library)  # Windows has a calling convention of its own
        calls = [
            sdt.SDT_OpenPort,
            sdt.SDT_ClosePort,
            sdt.SDT_StartFindIDCard,
            sdt.SDT_SelectIDCard,
            sdt.SDT_ReadBaseMsg,
        ]
    except (OSError, AttributeError) as error:
        raise DeviceError(Trouble.OFFLINE, f"card library: {type(error).__name__}") from error
    for call in calls:
        call.restype = ctypes.c_int
    if sdt.SDT_OpenPort(port) != _DONE:
        raise DeviceError(Trouble.OFFLINE, "SDT_OpenPort")
    try:
        return _card(sdt, port, seconds)
    finally:
        sdt.SDT_ClosePort(port)


def _card(sdt: Any, port: int, seconds: float) -> bytes:
    until = time.monotonic() + seconds
    found = ctypes.create_string_buffer(8)
    while sdt.SDT_StartFindIDCard(port, found, 0) != _FOUND:
        if time.monotonic() > until:
            raise DeviceError(Trouble.TIMEOUT, "no card")
        time.sleep(_LOOK_SECONDS)
    if sdt.SDT_SelectIDCard(port, found, 0) != _DONE:
        raise DeviceError(Trouble.COMMUNICATION, "SDT_SelectIDCard")
    message, picture = ctypes.create_string_buffer(MESSAGE_BYTES), ctypes.create_string_buffer(_PICTURE_BYTES)
    sizes = ctypes.c_uint(MESSAGE_BYTES), ctypes.c_uint(_PICTURE_BYTES)
    answer = sdt.SDT_ReadBaseMsg(port, message, ctypes.byref(sizes[0]), picture, ctypes.byref(sizes[1]), 0)
    if answer != _DONE:
        raise DeviceError(Trouble.COMMUNICATION, f"SDT_ReadBaseMsg {answer:#x}")
    return message.raw[: sizes[0].value]
