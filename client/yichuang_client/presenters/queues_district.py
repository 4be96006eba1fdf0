"""查到区里: the cases that the district knows for some words, masked by it, as lines of the same list.

Rules kept here: the whole district needs two facts, the beginning of a number and something else; with one fact the
district looks among the cases of this place or section; a case that is not on this desk is not opened from a line, the
applicant's own means do that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from yichuang_client.actions.work import Work
from yichuang_client.presenters.casework import state_chip
from yichuang_client.presenters.models.common import Column, Row, Text, msg
from yichuang_client.presenters.queues_reading import Listed
from yichuang_client.store.case_rows import CaseRow
from yichuang_client.sync.case_search import CaseQuery, FoundCase
from yichuang_client.sync.desk_session import DeskSession
from yichuang_domain.case import ENDED
from yichuang_domain.errors import Reason, Refused
from yichuang_domain.ids import CaseId

DISTRICT_COLUMNS = (
    Column(key="item", title=msg("queue.item"), width=300, stretches=True),
    Column(key="who", title=msg("queue.who"), width=150),
    Column(key="place", title=msg("queue.place"), width=200, stretches=True),
    Column(key="here", title=msg("queue.here"), width=150),
    Column(key="number", title=msg("queue.number"), width=246),
)
_NUMBER = re.compile(r"[0-9][0-9A-Za-z-]{3,}")


def district_query(text: str) -> CaseQuery:
    """What is asked: the parts that look like a number, and the name."""
    parts = text.split()
    number = next((part for part in parts if _NUMBER.fullmatch(part)), "")
    name = "".join(part for part in parts if part != number)
    whole = CaseQuery(number=number, name=name, whole_district=True)
    return whole if whole.is_enough() else CaseQuery(number=number, name=name)


def search_district(work: Work, session: DeskSession, text: str) -> Listed:
    """Ask the district. Raises Refused (NEEDS_LINE) without a session, TransportError, StoreError."""
    if not work.has_session():
        raise Refused(Reason.NEEDS_LINE)
    query = district_query(text)
    answer = session.search_cases(work.person.person, query)
    places = {place.place: place.name for place in work.district.places}
    here: dict[CaseId, CaseRow] = {}
    for found in answer.rows:
        row = work.store.rows.find(found.case) if found.case is not None else None
        if row is not None:
            here[row.case_id] = row
    lines = tuple(row_of(found, here, places.get(found.place, found.place)) for found in answer.rows)
    return Listed(
        queue=None,
        cases={str(case): row for case, row in here.items()},
        rows=lines,
        counts={},
        overdue=(),
        is_of_district=True,
        is_whole=query.whole_district,
        has_more=answer.has_more,
    )


def row_of(found: FoundCase, here: Mapping[CaseId, CaseRow], place: Text) -> Row:
    """A case as a line; its key is the case where it is here, its number otherwise."""
    is_here = found.case is not None and found.case in here
    name: Text = found.item_name or msg("case.item_coming", code=found.item)
    where = msg("queue.on_this_desk") if is_here else msg("queue.not_on_this_desk")
    return Row(
        key=str(found.case) if is_here else found.number,
        chip=state_chip(found.state),
        cells=(name, found.masked_name, place, where, found.number),
        is_muted=found.state in ENDED,
    )
