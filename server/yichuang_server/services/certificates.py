"""证照库: the certificates in force that this district has issued to who stands at a counter.

Rules kept here: asked by people of a counter with the holder's whole identity number, and only for types that an item
asks for; every look is a leaf of the log with its means and the cases that it showed, without a name or a number of a
person; nobody learns by it whether a person is known here otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.case import State
from yichuang_domain.deed import local_day
from yichuang_domain.holding import best, is_same_holder, issued
from yichuang_domain.identity import CitizenId, normal_code, read_citizen_id
from yichuang_domain.organisation import Role
from yichuang_domain.party import HeldCertificate
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.store import case_search, log, times
from yichuang_server.store.desks import Desk

MOST_TYPES = 40
_ROLES = frozenset({Role.CLERK, Role.SUPERVISOR})
_OUT = (State.READY_TO_ISSUE, State.CONCLUDED, State.ARCHIVED)
_MOST_CASES = 200


class Certificates:
    """Looks for certificates of one district."""

    def __init__(self, house: House) -> None:
        self._house = house

    def find(
        self, desk: Desk, session_token: str, id_number: str, credit_code: str, types: Collection[str]
    ) -> tuple[HeldCertificate, ...]:
        """One certificate a type. Raises DistrictError: no session, no right, malformed."""
        now, number = self._house.now(), normal_code(id_number)
        is_person = isinstance(read_citizen_id(number, local_day(now)), CitizenId)
        if not is_person or not 0 < len(types) <= MOST_TYPES:
            raise DistrictError(Fault.MALFORMED)
        code = normal_code(credit_code)
        return self._house.write(
            lambda connection: self._find(connection, desk, session_token, number, code, types, now)
        )

    def _find(
        self,
        connection: Connection,
        desk: Desk,
        session_token: str,
        number: str,
        code: str,
        types: Collection[str],
        now: datetime,
    ) -> tuple[HeldCertificate, ...]:
        district = self._house.district
        person = self._house.people.entitled(connection, session_token, desk, _ROLES, now)
        conditions = [case_search.is_in(_OUT), case_search.discloses({number})]
        held: list[HeldCertificate] = []
        for row in case_search.candidates(connection, district, conditions, _MOST_CASES):
            case = log.load(connection, district, row.case)
            if case is not None and is_same_holder(case.applicant, number, code):
                held += issued(case, local_day(now))
        found = tuple(one for kind, one in sorted(best(held).items()) if kind in types)
        view: dict[str, object] = {
            "kind": "CERTIFICATES",
            "person": person,
            "replica": desk.replica,
            "means": "ID_NUMBER",
        }
        view |= {"types": sorted(types), "cases": sorted({one.source for one in found})}
        view |= {"time": times.text(now)}
        log.notice(connection, district, [codec.canonical(view)])
        return found
