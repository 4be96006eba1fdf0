"""身份证阅读机: a reader by its maker's library with the common SDT interface (SDT_OpenPort …).

Rules kept here: the maker's library is loaded into a process of its own, which ends after each card, so that its crash
or hang costs one reading; each stage has its own watchdog; what a card says travels through a pipe and is written
nowhere: the process has no terminal and leaves no core file; without a card nothing is made up.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang_client.devices.card_reading import CardFault, CardReaderError, CardStage, Told
from yichuang_client.devices.identity_card import MESSAGE_BYTES, CardError, IdentityCard, read_card
from yichuang_client.processes import PipeEnd, stand_alone

USB_PORT = 1001
"""The first USB reader by the interface's numbers (1001 to 1016); 1 to 16 are serial ports."""
_DONE, _FOUND, _NO_CARD, _UNAUTHORISED = 0x90, 0x9F, 0x80, 0x66
_PICTURE_BYTES = 1024
_LOOK_SECONDS = 0.2
"""Between two looks for a card: the ABI has no event to wait for; in a process of its own."""
_START_SECONDS = 10.0
"""A spawned process and the opening of its reader may take this long on a slow machine."""
_LATE_SECONDS = 3.0
"""So much longer than its own limit a library may take to say that there is no card."""
_READ_SECONDS = 5.0
"""A card that lies there is read within a second."""
_STOP_SECONDS = 0.05
"""How soon a stop is noticed."""


@dataclass(frozen=True, kw_only=True)
class LibraryReader:
    """A reader by its maker's library; as ``CardReader``."""

    library: str
    """File of the library."""
    port: int = USB_PORT

    def read(self, today: date, seconds: float, told: Told, stop: threading.Event) -> IdentityCard:
        """As ``CardReader.read``. Raises CardReaderError."""
        told(CardStage.STARTING)
        spawn = multiprocessing.get_context("spawn")
        mine, its = spawn.Pipe()
        arguments = (its, self.library, self.port, seconds)
        process = spawn.Process(target=_run, args=arguments, name="yichuang-card", daemon=True)
        process.start()
        its.close()
        try:
            return read_card(_follow(mine, seconds, told, stop), today)
        except CardError as error:
            raise CardReaderError(CardFault.NOT_A_CARD, str(error)) from None
        except (EOFError, ConnectionResetError):
            raise CardReaderError(CardFault.CRASHED) from None
        finally:
            mine.close()
            process.kill()
            process.join()


def _follow(pipe: PipeEnd, seconds: float, told: Told, stop: threading.Event) -> bytes:
    """Hear the process until the message is here; raises what it tells, and what it fails to tell in time."""
    patience = {CardStage.WAITING: seconds + _LATE_SECONDS, CardStage.READING: _READ_SECONDS}
    until = time.monotonic() + _START_SECONDS
    while True:
        if stop.is_set():
            raise CardReaderError(CardFault.CANCELLED)
        if not pipe.poll(_STOP_SECONDS):
            if time.monotonic() > until:
                raise CardReaderError(CardFault.NO_ANSWER)
            continue
        answer = pipe.recv()
        if isinstance(answer, CardReaderError):
            raise answer
        if not isinstance(answer, CardStage):
            return bytes(answer)
        until = time.monotonic() + patience.get(answer, _START_SECONDS)
        told(answer)


def _run(pipe: PipeEnd, library: str, port: int, seconds: float) -> None:
    _shut_off()
    try:
        pipe.send(_read(pipe, library, port, seconds))
    except CardReaderError as error:
        pipe.send(error)


def _shut_off() -> None:
    """What a library prints may name a person: nobody hears it; nor does its crash leave a file."""
    stand_alone()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)


def _read(pipe: PipeEnd, library: str, port: int, seconds: float) -> bytes:
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
        raise CardReaderError(CardFault.NO_LIBRARY, type(error).__name__) from error
    for call in calls:
        call.restype = ctypes.c_int
    if sdt.SDT_OpenPort(port) != _DONE:
        raise CardReaderError(CardFault.NO_READER, "SDT_OpenPort")
    try:
        return _card(pipe, sdt, port, seconds)
    finally:
        sdt.SDT_ClosePort(port)


def _card(pipe: PipeEnd, sdt: Any, port: int, seconds: float) -> bytes:
    pipe.send(CardStage.WAITING)
    until = time.monotonic() + seconds
    found = ctypes.create_string_buffer(8)
    while (answer := sdt.SDT_StartFindIDCard(port, found, 0)) != _FOUND:
        if answer == _UNAUTHORISED:
            raise CardReaderError(CardFault.ACCESS, "SDT_StartFindIDCard")
        if answer != _NO_CARD:
            raise CardReaderError(CardFault.UNPLUGGED, f"SDT_StartFindIDCard {answer:#x}")
        if time.monotonic() > until:
            raise CardReaderError(CardFault.NO_CARD)
        time.sleep(_LOOK_SECONDS)
    pipe.send(CardStage.READING)
    if sdt.SDT_SelectIDCard(port, found, 0) != _DONE:
        raise CardReaderError(CardFault.MISREAD, "SDT_SelectIDCard")
    message, picture = ctypes.create_string_buffer(MESSAGE_BYTES), ctypes.create_string_buffer(_PICTURE_BYTES)
    sizes = ctypes.c_uint(MESSAGE_BYTES), ctypes.c_uint(_PICTURE_BYTES)
    answer = sdt.SDT_ReadBaseMsg(port, message, ctypes.byref(sizes[0]), picture, ctypes.byref(sizes[1]), 0)
    if answer != _DONE:
        raise CardReaderError(CardFault.MISREAD, f"SDT_ReadBaseMsg {answer:#x}")
    return message.raw[: sizes[0].value]
