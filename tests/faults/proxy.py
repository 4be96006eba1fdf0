"""A bad line: a TCP proxy that delays, resets, goes black and leaves connections half open, all drawn from a seed.

Rules kept here: bytes are never changed (TLS would notice); a black hole swallows them and answers nothing; every
connection has a fate of its own, and ``mend`` ends all mischief.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass

_CHUNK = 16 * 1024
FATES = ("clean", "reset", "black", "half")


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What happens to one connection."""

    kind: str
    after_bytes: int
    """Bytes in both directions before it happens."""
    delay_s: float


class BadLine:
    """Listens on a port of its own in front of another."""

    def __init__(
        self,
        target: int,
        seed: int,
        *,
        lasts_bytes: tuple[int, int] = (3_000, 60_000),
        fates: tuple[str, ...] = FATES,
    ) -> None:
        self._target = target
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._lasts_bytes = lasts_bytes
        self._fates = fates
        self._is_mended = False
        self.carried = 0
        """Bytes that came in at either end, also those that were swallowed."""
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.fates: Counter[str] = Counter()
        opening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def mend(self) -> None:
        """From here on the line is good; what hangs is cut."""
        self._is_mended = True
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    def close(self) -> None:
        """End it."""
        self.mend()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _pass(self, seconds: float) -> None:
        passed = self._loop.create_future()
        self._loop.call_later(seconds, passed.set_result, None)
        await passed

    def _fate(self) -> Fate:
        kind = "clean" if self._is_mended else self._chance.choice(self._fates)
        self.fates[kind] += 1
        delay = 0.0 if self._is_mended else self._chance.uniform(0, 0.03)
        return Fate(kind=kind, after_bytes=self._chance.randrange(*self._lasts_bytes), delay_s=delay)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate, carried = self._fate(), [0]
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        self._writers |= set(pair)
        ways = (self._carry(reader, far_writer, fate, carried, pair, up=True),)
        ways += (self._carry(far_reader, writer, fate, carried, pair, up=False),)
        await asyncio.gather(*ways, return_exceptions=True)
        self._writers -= set(pair)
        for one in pair:
            one.transport.abort()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        fate: Fate,
        carried: list[int],
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        up: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                carried[0] += len(data)
                self.carried += len(data)
                if fate.kind != "clean" and carried[0] > fate.after_bytes and not self._is_mended:
                    if fate.kind == "reset":
                        _reset(pair)
                        return
                    if fate.kind == "black" or not up:
                        continue  # swallowed; half open: what goes up arrives, what comes down does not
                await self._pass(fate.delay_s)
                writer.write(data)
                await writer.drain()
            writer.write_eof()


def _reset(pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
    for writer in pair:
        found = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
