"""Who knocks at the enrolment door without a certificate: guessed codes lock the address out, and are told.

Rules kept here: only what is wrong counts, by address and in all; every wrong entry is a number for Prometheus and a
line of the log, with the fault and never the code; a right code opens also when others guess, unless its own address
has guessed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from yichuang_server import metrics
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.limits import Limits

LOG = logging.getLogger("yichuang.server.entrance")
_WRONG = frozenset({Fault.CODE_UNKNOWN, Fault.CODE_USED, Fault.CODE_EXPIRED, Fault.FOREIGN_DESK})


@contextmanager
def entering(limits: Limits, context: Any) -> Iterator[None]:
    """Around a call of the enrolment door. Raises DistrictError (TOO_MANY_TRIES) at a locked address."""
    address = _address(context)
    try:
        limits.look(address, "WrongEntry")
        yield
    except DistrictError as error:
        if error.fault in _WRONG:
            limits.take(address, "WrongEntry")
        if error.fault in _WRONG or error.fault is Fault.TOO_MANY_TRIES:
            _tell(limits, error.fault)
        raise


def _tell(limits: Limits, fault: Fault) -> None:
    metrics.WRONG_ENTRIES.labels(fault.value).inc()
    try:
        limits.take("", "WrongEntries")
        LOG.warning("wrong entry", extra={"fields": {"fault": fault.value}})
    except DistrictError:
        LOG.error("codes are being guessed", extra={"fields": {"fault": fault.value}})


def _address(context: Any) -> str:
    """Of the caller, without its port; of IPv6 the network alone, for a machine has many in it."""
    kind, _, rest = str(context.peer()).partition(":")
    host = rest.rpartition(":")[0].strip("[]").replace("%5B", "").replace("%5D", "")
    return ":".join(host.split(":")[:4]) if kind == "ipv6" else host
