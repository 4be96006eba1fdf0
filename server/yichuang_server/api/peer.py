"""Who calls: the desk behind the certificate of the connection.

Rules kept here: the serial of the certificate is looked up at every call, for a desk may have been revoked; what the
request says of itself counts for nothing.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any

from cryptography import x509

from yichuang_server.api.observing import called_by
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.store.desks import Desk


@functools.lru_cache(maxsize=4096)
def _serial(pem: bytes) -> str:
    return f"{x509.load_pem_x509_certificate(pem).serial_number:x}"


def certificate_serial(context: Any) -> str:
    """Serial of the caller's certificate, hex. Raises DistrictError for a call without one."""
    shown = context.auth_context().get("x509_pem_cert")
    if not shown:
        raise DistrictError(Fault.FOREIGN_DESK)
    return _serial(shown[0])


async def desk(house: House, context: Any, call: str = "") -> Desk:
    """The calling desk. Raises DistrictError for one that is not ours, was revoked or makes a call too often."""
    serial = certificate_serial(context)
    try:
        found = await asyncio.to_thread(house.read, lambda connection: house.enrolment.by_serial(connection, serial))
    except DistrictError as error:
        if error.fault is not Fault.FOREIGN_DESK:
            raise
        pem: bytes = context.auth_context()["x509_pem_cert"][0]
        found = await asyncio.to_thread(house.write, lambda connection: house.enrolment.readopt(connection, pem))
    called_by(found.replica)
    house.limits.take(found.replica, call)
    return found
