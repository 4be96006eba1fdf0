"""Faults on the wire: the one translation of the error catalogue to ``google.rpc.Status``.

Rules kept here: an unexpected error reaches nobody but the server's own log, and there as its type and place only; a
detail is an id or a number, never a personal datum.
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import grpc

from yichuang_server.api.observing import observed
from yichuang_server.api.reading import readable
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.store.database import is_away

DOMAIN = "yichuang"
LOG = logging.getLogger("yichuang.server")
AWAY_S = 5
"""Seconds after which a caller tries again when the database is away: a promotion takes about as long."""
T = TypeVar("T")

_CODES = {
    Fault.FOREIGN_DESK: "PERMISSION_DENIED",
    Fault.REVOKED_DESK: "PERMISSION_DENIED",
    Fault.BAD_SIGNATURE: "INVALID_ARGUMENT",
    Fault.MALFORMED: "INVALID_ARGUMENT",
    Fault.WRONG_LOGIN: "UNAUTHENTICATED",
    Fault.LOCKED: "RESOURCE_EXHAUSTED",
    Fault.SECOND_FACTOR: "UNAUTHENTICATED",
    Fault.WEAK_PASSWORD: "INVALID_ARGUMENT",
    Fault.NO_SESSION: "UNAUTHENTICATED",
    Fault.NO_RIGHT: "PERMISSION_DENIED",
    Fault.CODE_UNKNOWN: "NOT_FOUND",
    Fault.CODE_USED: "FAILED_PRECONDITION",
    Fault.CODE_EXPIRED: "FAILED_PRECONDITION",
    Fault.TOO_MANY_TRIES: "RESOURCE_EXHAUSTED",
    Fault.UNKNOWN: "NOT_FOUND",
    Fault.NOT_STORED: "FAILED_PRECONDITION",
    Fault.PAGES_AWAY: "UNAVAILABLE",
    Fault.PAGE_DAMAGED: "DATA_LOSS",
    Fault.WRONG_OFFSET: "OUT_OF_RANGE",
    Fault.WRONG_HASH: "DATA_LOSS",
    Fault.CURSOR_AHEAD: "FAILED_PRECONDITION",
    Fault.TOO_LARGE: "INVALID_ARGUMENT",
    Fault.BUSY: "RESOURCE_EXHAUSTED",
    Fault.DRAINING: "UNAVAILABLE",
    Fault.STORE_AWAY: "UNAVAILABLE",
    Fault.INTERNAL: "INTERNAL",
}


async def abort(context: Any, error: DistrictError) -> NoReturn:
    """End a call with the status of an error."""
    from google.protobuf.any_pb2 import Any as Packed
    from google.protobuf.duration_pb2 import Duration
    from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
    from google.rpc.status_pb2 import Status

    code = grpc.StatusCode[_CODES[error.fault]]
    details = [ErrorInfo(reason=error.fault.value, domain=DOMAIN, metadata=error.detail)]
    if "retry_s" in error.detail:
        details.append(RetryInfo(retry_delay=Duration(seconds=int(error.detail["retry_s"]))))
    status = Status(code=code.value[0], message=error.fault.value)
    for detail in details:
        packed = Packed()
        packed.Pack(detail)
        status.details.append(packed)
    trailing = (("grpc-status-details-bin", status.SerializeToString()),)
    await context.abort(code, error.fault.value, trailing)
    raise AssertionError("abort does not return")


def _told(error: Exception) -> DistrictError:
    """What the caller hears of an error."""
    if isinstance(error, DistrictError):
        return error
    return DistrictError(Fault.STORE_AWAY, retry_s=str(AWAY_S)) if is_away(error) else DistrictError(Fault.INTERNAL)


async def _translate(context: Any, error: Exception, told: DistrictError) -> NoReturn:
    if error is not told:
        place = traceback.extract_tb(error.__traceback__)[-1]
        fields = {"error": type(error).__name__, "at": f"{place.name}:{place.lineno}"}
        LOG.error("database away" if told.fault is Fault.STORE_AWAY else "unforeseen error", extra={"fields": fields})
    await abort(context, told)


def unary(method: Callable[[Any, Any, Any], Awaitable[T]]) -> Callable[[Any, Any, Any], Awaitable[T]]:
    """Guard a handler that answers once."""

    @functools.wraps(method)
    async def guarded(self: Any, request: Any, context: Any) -> T:
        with observed(method.__name__, is_stream=False) as seen:
            try:
                return await method(self, readable(request), context)
            except grpc.aio.AbortError:
                raise
            except Exception as error:
                told = _told(error)
                seen.code = told.fault.value
                await _translate(context, error, told)

    return guarded


def stream(method: Callable[[Any, Any, Any], AsyncIterator[T]]) -> Callable[[Any, Any, Any], AsyncIterator[T]]:
    """Guard a handler that answers with a stream."""

    @functools.wraps(method)
    async def guarded(self: Any, request: Any, context: Any) -> AsyncIterator[T]:
        with observed(method.__name__, is_stream=True) as seen:
            try:
                async for answer in method(self, readable(request), context):
                    yield answer
            except grpc.aio.AbortError:
                raise
            except Exception as error:
                told = _told(error)
                seen.code = told.fault.value
                await _translate(context, error, told)

    return guarded
