"""What passes between a simulated desk and its district: the questions of a transport, asked by being awaited.

Rules kept here: the desk's own coroutines run as they are; whoever drives them sees each question, and answers it or
throws what a broken line throws.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from yichuang_client.store.exchange_values import BlobName, ExchangeAnswer, ExchangeRequest
from yichuang_client.sync.wire import read_answer, wire_request
from yichuang_domain.ids import PersonId


@dataclass(frozen=True)
class Question:
    """One call on its way, as the bytes and values that travel."""

    method: str
    values: tuple[Any, ...]

    def __await__(self) -> Generator[Question, Any, Any]:
        """Give the question to whoever drives the coroutine; the answer is what is sent in."""
        return (yield self)


class QuestionLine:
    """A transport whose calls are questions; what is exchanged passes through the wire's own translation."""

    async def exchange(self, request: ExchangeRequest) -> ExchangeAnswer:
        """Deeds up, records down."""
        return read_answer(await Question("exchange", (wire_request(request).SerializeToString(),)))

    async def sit_down(self, person: PersonId) -> tuple[str, bytes]:
        """A session's token and the text of a lease."""
        found: tuple[str, bytes] = await Question("sit_down", (person,))
        return found

    async def open_upload(self, name: BlobName, size: int) -> int:
        """From which byte on the district lacks the page."""
        return int(await Question("open_upload", (name.owner, name.hash, size)))

    async def upload(self, name: BlobName, offset: int, data: bytes, piece: int) -> int:
        """One segment; the committed offset."""
        return int(await Question("upload", (name.owner, name.hash, offset, data)))

    async def download(self, name: BlobName, held: bytearray) -> None:
        """All bytes of a page."""
        held += bytes(await Question("download", (name.owner, name.hash)))
