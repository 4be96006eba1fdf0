"""What is written of a call, in the log and for Prometheus: its name, its desk, its code, its time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from yichuang_server import metrics

LOG = logging.getLogger("yichuang.server.calls")
_DESK: ContextVar[str] = ContextVar("desk", default="")


@dataclass(kw_only=True)
class Seen:
    """A call on its way."""

    code: str = "OK"


def called_by(replica: str) -> None:
    """The desk of the call is known."""
    _DESK.set(replica)


@contextmanager
def observed(call: str, *, is_stream: bool) -> Iterator[Seen]:
    """Count a call and write its line when it ends."""
    seen, began = Seen(), time.monotonic()
    _DESK.set("")
    try:
        yield seen
    except BaseException:
        seen.code = "CANCELLED" if seen.code == "OK" else seen.code
        raise
    finally:
        seconds = time.monotonic() - began
        metrics.CALLS.labels(call, seen.code).inc()
        if not is_stream:
            metrics.CALL_SECONDS.labels(call).observe(seconds)
        fields = {"call": call, "desk": _DESK.get(), "code": seen.code, "ms": round(seconds * 1000)}
        LOG.info("call", extra={"fields": fields})
