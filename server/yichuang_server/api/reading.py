"""What cannot be read as a message of its kind is refused like every other bad call: MALFORMED, with its reason.

Left to itself the library answers INTERNAL without a reason, and writes a traceback for what is no fault of ours.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from yichuang_server.services.errors import DistrictError, Fault


class _Unreadable:
    """Stands for a message that is none."""


class LenientReading(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Lets handlers see unreadable messages instead of the library; ``readable`` refuses them."""

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        """As ``grpc.aio.ServerInterceptor``."""
        handler = await continuation(details)
        if handler is None or handler.request_deserializer is None:
            return handler
        return handler._replace(request_deserializer=_lenient(handler.request_deserializer))


def _lenient(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    def lenient(data: bytes) -> Any:
        try:
            return read(data)
        except DecodeError:
            return _Unreadable()

    return lenient


def readable(request: Any) -> Any:
    """The request, a message or a stream of them. Raises DistrictError (MALFORMED), a stream while it is read."""
    if isinstance(request, _Unreadable):
        raise DistrictError(Fault.MALFORMED)
    return _each(request) if hasattr(request, "__aiter__") else request


async def _each(messages: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for message in messages:
        yield readable(message)
