"""限流: how often one desk may make an expensive call.

Rules kept here: a desk's calls cost nobody but itself; an exchange is never limited, for it carries what people did;
who asks too often is told when to ask again; at the enrolment door only wrong codes and foreign certificates count, by
address and in all, so that a whole hall enrols at once; what is remembered of addresses has an end.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yichuang_server.services.errors import DistrictError, Fault


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How often."""

    burst: int
    """Calls at once."""
    per_second: float
    """How fast the reserve fills again."""


ALLOWANCES: Mapping[str, Allowance] = {
    "SearchCases": Allowance(burst=120, per_second=2),
    "FindCertificates": Allowance(burst=60, per_second=1),
    "FindCase": Allowance(burst=60, per_second=1),
    "SignIn": Allowance(burst=60, per_second=0.5),
    "ChangePassword": Allowance(burst=30, per_second=0.2),
    "GetCatalogue": Allowance(burst=60, per_second=0.2),
    "GetProfile": Allowance(burst=60, per_second=1),
    "Renew": Allowance(burst=20, per_second=0.02),
    "KeepEscrow": Allowance(burst=20, per_second=0.02),
    "WrongEntry": Allowance(burst=10, per_second=1 / 60),
    "WrongEntries": Allowance(burst=300, per_second=1 / 6),
}
"""By call; what is not named is not limited. ``WrongEntry``: of an address; ``WrongEntries``: of all of them."""
MOST_KNOWN = 10_000
"""Reserves that are remembered."""


class Limits:
    """The reserves of all desks; used from one event loop only."""

    def __init__(
        self, allowances: Mapping[str, Allowance] = ALLOWANCES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowances = allowances
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    @property
    def known(self) -> int:
        """Reserves that are remembered."""
        return len(self._left)

    def take(self, replica: str, call: str) -> None:
        """One call of a desk. Raises DistrictError (TOO_MANY_TRIES, with ``retry_s``)."""
        allowance = self._allowances.get(call)
        if allowance is None:
            return
        self.look(replica, call)
        self._left[replica, call] = self._reserve(replica, call, allowance) - 1, self._now()

    def look(self, replica: str, call: str) -> None:
        """Whether a call would be taken; it is not counted. Raises DistrictError as ``take``."""
        allowance = self._allowances.get(call)
        if allowance is None:
            return
        left = self._reserve(replica, call, allowance)
        if left < 1:
            raise DistrictError(Fault.TOO_MANY_TRIES, retry_s=str(math.ceil((1 - left) / allowance.per_second)))

    def _reserve(self, replica: str, call: str, allowance: Allowance) -> float:
        if len(self._left) > MOST_KNOWN:
            self._left = {key: kept for key, kept in self._left.items() if not self._is_full(key[1], *kept)}
        now = self._now()
        left, since = self._left.get((replica, call), (float(allowance.burst), now))
        return min(allowance.burst, left + (now - since) * allowance.per_second)

    def _is_full(self, call: str, left: float, since: float) -> bool:
        allowance = self._allowances[call]
        return left + (self._now() - since) * allowance.per_second >= allowance.burst
