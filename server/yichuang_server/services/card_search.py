"""凭证查件: the cases of who laid an identity card on a reader at a counter, of the whole district, masked.

Rules kept here (domain: personal data; ADR 12): the card's two facts, number and name, must both be those of one
person of a case: who applied, who speaks for the body, or the agent while the mandate runs; asked by people of a
counter; every look is a leaf of the log with its means and the cases that it showed, without a name or a number of a
person; few looks in vain a desk, and nothing tells a wrong number from a wrong name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.case import Case
from yichuang_domain.deed import local_day
from yichuang_domain.identity import CitizenId, match_key, normal_code, read_citizen_id
from yichuang_domain.organisation import Role
from yichuang_domain.party import ApplicantKind
from yichuang_domain.personal import Personal
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.finding import WrongTries
from yichuang_server.services.house import House
from yichuang_server.services.searching import MOST_ROWS, Row, Rows, masked
from yichuang_server.store import case_search, log, times
from yichuang_server.store.desks import Desk

_ROLES = frozenset({Role.CLERK, Role.SUPERVISOR})
_MOST_CASES = 200


@dataclass(frozen=True, kw_only=True)
class CardRead:
    """What the chip of a card says."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)


class CardSearch:
    """Looks for the cases of who holds a card."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tries = WrongTries()

    def find(self, desk: Desk, session_token: str, card: CardRead) -> Rows:
        """Masked rows, each with its case's id. Raises DistrictError: no session, no right, no card, too many tries."""
        now = self._house.now()
        number = read_citizen_id(normal_code(card.id_number), local_day(now))
        if not isinstance(number, CitizenId) or not card.name.strip():
            raise DistrictError(Fault.MALFORMED)
        self._tries.check(desk.replica, now)
        name = match_key(card.name)
        found = self._house.write(lambda c: self._find(c, desk, session_token, number.number, name, now))
        if not found.rows:
            self._tries.note(desk.replica, now)
        return found

    def _find(
        self, connection: Connection, desk: Desk, session_token: str, number: str, name: str, now: datetime
    ) -> Rows:
        district = self._house.district
        person = self._house.people.entitled(connection, session_token, desk, _ROLES, now)
        conditions, rows = [case_search.discloses({number})], list[Row]()
        for candidate in case_search.candidates(connection, district, conditions, _MOST_CASES):
            case = log.load(connection, district, candidate.case)
            if case is not None and _is_of(case, number, name, local_day(now)):
                rows.append(masked(connection, district, candidate, case.applicant))
        shown = rows[:MOST_ROWS]
        view = {"kind": "SEARCH", "person": person, "replica": desk.replica, "facts": ["CARD"], "scope": "DISTRICT"}
        view |= {"cases": [row.case for row in shown], "time": times.text(now)}
        log.notice(connection, district, [codec.canonical(view)])
        return Rows(rows=tuple(shown), has_more=len(rows) > MOST_ROWS)


def _is_of(case: Case, number: str, name: str, today: date) -> bool:
    """Whether number and name are those of one person of the case."""
    applicant, agent = case.applicant, case.agent
    own = applicant.name if applicant.kind is ApplicantKind.PERSON else applicant.operator
    people: list[tuple[Personal, Personal | None]] = [(applicant.id_number, own)]
    if agent is not None and agent.until >= today:
        people.append((agent.id_number, agent.name))
    return any(
        (of.value or "") == number and said is not None and match_key(said.value or "") == name for of, said in people
    )
