"""Finding a case of another place, or all cases of a matter, by the applicant's own means.

Rules kept here (domain: personal data): the receipt's token, or the number together with the whole identity number;
every view is a leaf of the log with its means; few wrong tries a desk; nothing tells a wrong number from a wrong
identity number.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.ids import CaseId
from yichuang_domain.numbering import NumberError, read_case_number
from yichuang_domain.organisation import Role
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.store import log, times
from yichuang_server.store.desks import Desk

MOST_TRIES = 10
WITHIN = timedelta(minutes=10)
_ROLES = frozenset({Role.CLERK, Role.SUPERVISOR})
Found = tuple[CaseId, ...]
"""One case, or every case of a matter; none for what is unknown."""


@dataclass(kw_only=True)
class WrongTries:
    """Wrong tries of each desk of late."""

    _times: dict[str, deque[datetime]] = field(default_factory=dict)

    def check(self, replica: str, now: datetime) -> None:
        """Raises DistrictError where there were too many."""
        tries = self._times.setdefault(replica, deque(maxlen=MOST_TRIES))
        while tries and now - tries[0] > WITHIN:
            tries.popleft()
        if len(tries) == MOST_TRIES:
            raise DistrictError(Fault.TOO_MANY_TRIES)

    def note(self, replica: str, now: datetime) -> None:
        """Note a wrong try."""
        self._times.setdefault(replica, deque(maxlen=MOST_TRIES)).append(now)


class Finding:
    """Finds cases for counters of one district."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tries = WrongTries()

    def find(self, desk: Desk, session_token: str, token: str, number: str, id_number: str) -> Found:
        """The cases, one or more. Raises DistrictError: no session, no right, unknown, too many tries."""
        now = self._house.now()
        self._tries.check(desk.replica, now)
        found = self._house.write(
            lambda connection: self._find(connection, desk, session_token, token, number, id_number, now)
        )
        if not found:
            self._tries.note(desk.replica, now)
            raise DistrictError(Fault.UNKNOWN)
        return found

    def _find(
        self,
        connection: Connection,
        desk: Desk,
        session_token: str,
        token: str,
        number: str,
        id_number: str,
        now: datetime,
    ) -> Found:
        district = self._house.district
        person = self._house.people.entitled(connection, session_token, desk, _ROLES, now)
        if token:
            found = log.find(connection, district, token_digest=hashlib.sha256(token.encode()).hexdigest())
        else:
            found = self._by_number(connection, number, id_number)
        means = {"means": "TOKEN" if token else "NUMBER_AND_ID", "time": times.text(now)}
        views = [{"kind": "VIEW", "case": of, "person": person, "replica": desk.replica, **means} for of in found]
        if views:
            log.notice(connection, district, [codec.canonical(view) for view in views])
        return found

    def _by_number(self, connection: Connection, number: str, id_number: str) -> Found:
        try:
            label = read_case_number(number).text
        except NumberError:
            return ()
        found = log.find(connection, self._house.district, number=label)
        case = log.load(connection, self._house.district, found[0]) if found else None
        if case is None or case.applicant.id_number.value is None:
            return ()
        same = hmac.compare_digest(case.applicant.id_number.value.encode(), id_number.strip().upper().encode())
        return found if same else ()
