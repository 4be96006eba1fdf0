"""What Prometheus is told: counts and times, never whose.

Rules kept here: labels are names of calls, codes and outcomes, of which there are few; the numbers of the log are read
when they are asked for; it is told on the machine's own address alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()
CALLS = Counter("yichuang_calls", "Calls that ended, by their code.", ("call", "code"), registry=REGISTRY)
CALL_SECONDS = Histogram("yichuang_call_seconds", "Calls that answer once.", ("call",), registry=REGISTRY)
DEEDS = Counter("yichuang_deeds", "Deeds that were answered, by outcome.", ("outcome",), registry=REGISTRY)
STREAMS = Gauge("yichuang_watch_streams", "Desks that are watching.", registry=REGISTRY)
WRONG_ENTRIES = Counter("yichuang_wrong_entries", "Refused at the enrolment door.", ("fault",), registry=REGISTRY)
PAGE_BYTES = Counter("yichuang_page_bytes", "Bytes of pages that were made durable.", registry=REGISTRY)


@dataclass(frozen=True, kw_only=True)
class LogNumbers:
    """How far the log and its backup are."""

    size: int
    durable_through: int
    missing_pages: int
    """Announced pages that have not come."""


class _Log(Collector):
    def __init__(self, read: Callable[[], LogNumbers]) -> None:
        self._read = read

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """What it will tell; read nothing for it."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers of now."""
        found = self._read()
        yield GaugeMetricFamily("yichuang_log_size", "Leaves of the district's log.", found.size)
        yield GaugeMetricFamily("yichuang_durable_through", "Position that a backup has.", found.durable_through)
        yield GaugeMetricFamily("yichuang_missing_pages", "Pages that have not come.", found.missing_pages)


class MetricsDoor:
    """``http://127.0.0.1:port/metrics``, open until ``close``."""

    def __init__(self, port: int, read: Callable[[], LogNumbers]) -> None:
        """Take the port, 0 for any. Raises OSError when it is taken."""
        self._log = _Log(read)
        self._server, self._thread = start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
        self.port = int(self._server.server_port)
        REGISTRY.register(self._log)

    def close(self) -> None:
        """Stop."""
        REGISTRY.unregister(self._log)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
