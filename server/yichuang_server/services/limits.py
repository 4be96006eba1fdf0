"""限流: how often one desk may make an expensive call.

Rules kept here: a desk's calls cost nobody but itself; an exchange is never limited, for it carries what people did;
who asks too often is told when to ask again.
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
}
"""By call; what is not named is not limited."""


class Limits:
    """The reserves of all desks; used from one event loop only."""

    def __init__(
        self, allowances: Mapping[str, Allowance] = ALLOWANCES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowances = allowances
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, replica: str, call: str) -> None:
        """One call of a desk. Raises DistrictError (TOO_MANY_TRIES, with ``retry_s``)."""
        allowance = self._allowances.get(call)
        if allowance is None:
            return
        now = self._now()
        left, since = self._left.get((replica, call), (float(allowance.burst), now))
        left = min(allowance.burst, left + (now - since) * allowance.per_second)
        if left < 1:
            self._left[replica, call] = left, now
            raise DistrictError(Fault.TOO_MANY_TRIES, retry_s=str(math.ceil((1 - left) / allowance.per_second)))
        self._left[replica, call] = left - 1, now
