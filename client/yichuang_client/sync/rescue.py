"""A desk that was restored from an old image goes on (重新登记): a new number, what the fence held back sent once.

Rules kept here: the new code goes to the district to which the desk belongs and to no other, and must be for its
place; deeds keep their ids, people and times, facts are recorded, decisions judged as things stand; everybody signs
in again, for leases were given to the old number.
"""

from __future__ import annotations

import hashlib
import ssl
from datetime import datetime

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.store import Doer
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.sync.enrol import Slip, become_desk
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import CasesChanged
from yichuang_domain.training import is_training


def begin_anew(session: DeskSession, code: str, doer: Doer, now: datetime) -> int:
    """Give the machine a new number by a one-time code; how many deeds go out under it. Blocking.

    Raises StoreError (NOT_FORKED where nothing is to be rescued), TransportError (OFFLINE, CODE_…).
    """
    store, old = session.store, session.store.desk
    if not store.is_forked:
        raise StoreError(StoreReason.NOT_FORKED)
    root = ssl.PEM_cert_to_DER_cert(old.root_certificate.decode())
    slip = Slip(
        host=old.host, port=old.enrolment_port, root_fingerprint=hashlib.sha256(root).hexdigest(), code=code.strip()
    )
    new = become_desk(slip, is_practice=is_training(old.district_code))
    if new.district_key != old.district_key:
        raise TransportError(TransportReason.BAD_ANSWER, detail="district")
    if (new.place, new.kind, new.section) != (old.place, old.kind, old.section):
        raise TransportError(TransportReason.CODE_ELSEWHERE)
    changed = store.begin_anew(new, doer, now)
    session.sync.end_sessions()
    session.sync.events.put(CasesChanged(changed=changed))
    session.sync.reconnect()
    return store.outbox.unsent()
