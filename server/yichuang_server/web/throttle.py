"""限流: how often one address may ask, as token buckets in memory.

Rules kept here: an address is known only as long as its bucket is not full again, at most ``MOST_ADDRESSES`` of them,
and is written nowhere; a whole IPv6 network of 64 bits, which is one household, is one address.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_ADDRESSES = 10_000
"""Buckets kept; the one that was idle longest goes first."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """限流额度: a hall's visitors share one address, so one page a second and a good reserve."""

    burst: int = 60
    """Pages that may be asked for at once."""
    per_second: float = 1.0
    """How fast the reserve fills again."""


class Throttle:
    """限流器; used from one event loop only, needs no lock."""

    def __init__(self, rate: Rate, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Take one from the bucket of ``address``: 0 when it may go on, else whole seconds until it may ask again."""
        now, key = self._now(), _network(address)
        left, since = self._buckets.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return 0 if taken else math.ceil((1 - left) / self._rate.per_second)

    def __len__(self) -> int:
        """Number of addresses remembered."""
        return len(self._buckets)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
