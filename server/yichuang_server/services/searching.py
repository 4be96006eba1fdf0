"""Searching cases: masked rows of the desk's own place or section, or of the whole district.

Rules kept here (domain: personal data): the district is searched by two facts, one of them the number, by people of a
counter; own cases by one fact, by whoever works on cases; rows are masked, and a case that the desk does not have
comes without its id, so that nobody opens it but by the applicant's means; every search that showed somebody is a leaf
of the log, with ids and without names; few searches of the district in vain a desk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection

from yichuang import codec
from yichuang_domain.case import State
from yichuang_domain.deed import Record
from yichuang_domain.events import Received
from yichuang_domain.identity import mask_name, match_key
from yichuang_domain.numbering import NumberError, read_case_number
from yichuang_domain.organisation import Role
from yichuang_domain.party import Applicant, ApplicantKind
from yichuang_server.feed.slices import audiences_for
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.finding import WrongTries
from yichuang_server.services.house import House
from yichuang_server.store import case_search, catalogue, log, times
from yichuang_server.store.case_search import Found
from yichuang_server.store.desks import Desk

MOST_ROWS = 50
SHORTEST_NUMBER = 10
"""Characters of a number that are a fact in the whole district: area and device."""
_DISTRICT = frozenset({Role.CLERK, Role.SUPERVISOR})
_OWN = _DISTRICT | {Role.REVIEWER, Role.VERIFIER, Role.APPROVER}
_MOST_CANDIDATES = 400
"""Cases whose names are looked at: a value that begins as asked may be another person's of the case."""
_WIDTHS = (str.maketrans("()", "\uff08\uff09"), str.maketrans("\uff08\uff09", "()"))
"""Brackets of company names are typed in both widths."""
_PARTS = (6, 10, 18)
"""Where the dashes of a case number stand."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for; empty texts are no facts."""

    number: str = ""
    """How the number begins, with or without dashes."""
    name: str = ""
    """How the applicant's name begins."""
    item: str = ""
    place: str = ""
    state: str = ""
    whole_district: bool = False

    def facts(self) -> tuple[str, ...]:
        """Names of the facts that are given."""
        given = {"NUMBER": printed(self.number), "NAME": self.name, "ITEM": self.item, "PLACE": self.place}
        return tuple(name for name, value in given.items() if value)

    def columns(self) -> dict[str, str]:
        """What is looked for as it stands in the projection."""
        return {"item": self.item, "place": self.place, "state": self.state}

    def is_enough(self) -> bool:
        """Whether the facts are enough for where it is looked."""
        facts = self.facts()
        if not self.whole_district:
            return bool(facts)
        return len(facts) > 1 and len(printed(self.number).replace("-", "")) >= SHORTEST_NUMBER


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case, masked."""

    case: str
    """Empty where the desk does not have it, unless it was asked for with a card."""
    number: str
    item: str
    item_name: str
    state: str
    place: str
    masked_name: str
    matter: str = ""
    """The matter that it belongs to; empty without one, and where the case is."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What was found."""

    rows: tuple[Row, ...]
    has_more: bool


class Searching:
    """Searches of one district."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tries = WrongTries()

    def search(self, desk: Desk, session_token: str, query: Query) -> Rows:
        """Masked rows. Raises DistrictError: no session, no right, too few facts, too many tries."""
        now = self._house.now()
        if not query.is_enough() or query.state not in {"", *State.__members__}:
            raise DistrictError(Fault.MALFORMED)
        if query.whole_district:
            self._tries.check(desk.replica, now)
        found = self._house.write(lambda connection: self._search(connection, desk, session_token, query, now))
        if query.whole_district and not found.rows:
            self._tries.note(desk.replica, now)
        return found

    def _search(self, connection: Connection, desk: Desk, session_token: str, query: Query, now: datetime) -> Rows:
        house = self._house
        roles = _DISTRICT if query.whole_district else _OWN
        person = house.people.entitled(connection, session_token, desk, roles, now)
        found = self._found(connection, desk, query)
        here = case_search.here(connection, house.district, audiences_for(desk), [row.case for row in found])
        if found:
            shown = [row.case for row in found[:MOST_ROWS]]
            view = {"kind": "SEARCH", "person": person, "replica": desk.replica, "facts": list(query.facts())}
            view |= {"scope": "DISTRICT" if query.whole_district else "OWN", "cases": shown, "time": times.text(now)}
            log.notice(connection, house.district, [codec.canonical(view)])
        rows = [row if row.case in here else replace(row, case="", matter="") for row in found[:MOST_ROWS]]
        return Rows(rows=tuple(rows), has_more=len(found) > MOST_ROWS)

    def _found(self, connection: Connection, desk: Desk, query: Query) -> list[Row]:
        """One row more than are shown, where there are more."""
        district = self._house.district
        wanted, found = match_key(query.name), list[Row]()
        for one in case_search.candidates(connection, district, _conditions(desk, query), _MOST_CANDIDATES):
            applicant = _applicant(connection, district, one.case)
            name = (applicant.name.value or "") if applicant is not None else ""
            if not match_key(name).startswith(wanted):
                continue
            found.append(masked(connection, district, one, applicant))
            if len(found) > MOST_ROWS:
                break
        return found


def masked(connection: Connection, district: str, one: Found, applicant: Applicant | None) -> Row:
    """A row of the projection as it is shown."""
    item = catalogue.item_version(connection, district, one.item, one.item_version)
    name = (applicant.name.value or "") if applicant is not None else ""
    return Row(
        case=one.case,
        number=one.number,
        item=one.item,
        item_name=item.name if item else "",
        state=one.state,
        place=one.place,
        masked_name=mask_name(name) if name and _is_person(applicant) else name,
        matter=one.matter,
    )


def _conditions(desk: Desk, query: Query) -> list[ColumnElement[bool]]:
    conditions = [case_search.equals(name, value) for name, value in query.columns().items() if value]
    if not query.whole_district:
        conditions.append(case_search.lies_with(audiences_for(desk)))
    if query.number:
        conditions.append(case_search.number_begins(printed(query.number)))
    if query.name:
        conditions.append(case_search.discloses({query.name, *(query.name.translate(table) for table in _WIDTHS)}))
    return conditions


def _is_person(applicant: Applicant | None) -> bool:
    """A body and a trader are shown by the name under which they trade."""
    return applicant is None or applicant.kind is ApplicantKind.PERSON


def _applicant(connection: Connection, district: str, of: str) -> Applicant | None:
    """Who applied; the name has no value where it was erased."""
    first = log.records(connection, district, of)[0]
    record = codec.decode(Record, first.text, log.disclosures(connection, district, of))
    return record.event.applicant if isinstance(record.event, Received) else None


def printed(number: str) -> str:
    """The beginning of a case number as it is printed, with dashes."""
    try:
        return read_case_number(number).text
    except NumberError:
        plain = "".join(character for character in number.upper() if character.isalnum())
        ends = (*_PARTS, len(plain))
        return "-".join(plain[start:end] for start, end in zip((0, *_PARTS), ends, strict=True) if plain[start:end])
