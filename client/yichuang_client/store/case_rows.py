"""Case rows (办件列表): one line a case as lists and queues show it.

Rules kept here: a projection of the view, rewritten in the transaction that changes the view, never a source of
truth; which queue a case stands in is one condition in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from yichuang_client.store.database import Database
from yichuang_client.store.times import to_moment, to_text
from yichuang_domain.case import Case, State
from yichuang_domain.catalog import AcceptBy, ItemVersion
from yichuang_domain.clocks import promised_clock, statutory_clock
from yichuang_domain.deadline import derive
from yichuang_domain.ids import CaseId, ItemCode, MatterId, PersonId, PlaceId, ReplicaId, SectionId
from yichuang_domain.party import ApplicantKind
from yichuang_domain.workdays import Calendar


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One line of a list."""

    case_id: CaseId
    number: str
    state: State
    item_code: ItemCode
    item_version: int
    item_name: str
    """Empty while the item version is not on this desk."""
    section: SectionId | None
    place: PlaceId
    accept_by: AcceptBy | None
    applicant: str = field(repr=False)
    """Full name: a person's is masked where it is shown, a body's is not."""
    applicant_kind: ApplicantKind
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    holder: ReplicaId | None
    assignee: PersonId | None
    received_time: datetime
    received_on: date
    due_on: date | None
    """What runs now: the notice's five days, the promised (else statutory) limit, the ten days of delivery."""
    opinions: int
    is_provisional: bool
    is_returned: bool
    is_deferred: bool
    is_irregular: bool
    is_read_only: bool
    """A record of a newer release: readable, to be acted upon after an update."""
    is_here: bool
    """Whether the case belongs to this desk's slice."""
    unsent: int
    """Deeds on it that the district has not answered."""
    changed_time: datetime
    deferred_due_on: date | None
    """容缺: by when the first of what is still to come is due."""
    matter: MatterId | None = None
    """一件事: the matter that it was handed in with."""
    matter_number: str = ""
    matter_name: str = ""
    matter_ordinal: int = 0
    """Its place in the matter, from 1."""
    matter_size: int = 0


class Queue(Enum):
    """The lists of the work area."""

    TO_ACCEPT = "TO_ACCEPT"
    """待受理: received, and this desk's side may accept."""
    WAITING = "WAITING"
    """待补正: told, not all in."""
    TO_CLAIM = "TO_CLAIM"
    """待领取: accepted or between two levels, free, in the section."""
    MINE = "MINE"
    """在办: held by this desk."""
    PAUSED = "PAUSED"
    """特别程序中."""
    RETURNED = "RETURNED"
    """内部退回."""
    DEFERRED = "DEFERRED"
    """容缺待补: what is due first comes first."""
    DUE_SOON = "DUE_SOON"
    """快到期: what runs ends within a few working days, or has ended."""
    TO_ISSUE = "TO_ISSUE"
    """待出件."""
    TODAY = "TODAY"
    """今日收件 of the place."""
    IRREGULAR = "IRREGULAR"
    """要您处理: recorded, but strange."""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """For whom a queue is shown."""

    replica: ReplicaId
    place: PlaceId
    section: SectionId | None
    """None at a counter."""
    on: date
    soon: date | None = None
    """Up to when a date counts as near; None: today."""


_NAMES = tuple(f.name for f in fields(CaseRow))
_BOOLEANS = frozenset(name for name in _NAMES if name.startswith("is_"))
_OURS = (
    "((:section IS NULL AND accept_by = 'COUNTER' AND place = :place) OR section = :section AND accept_by = 'SECTION')"
)
_SIDE = "((:section IS NULL AND place = :place) OR section = :section)"
_STANDING = "('SUSPENDED', 'DECLINED', 'WITHDRAWN', 'CONCLUDED', 'ARCHIVED')"
_WHERE = {
    Queue.TO_ACCEPT: f"state = 'RECEIVED' AND (holder = :replica OR holder IS NULL AND {_OURS})",
    Queue.WAITING: f"state = 'SUPPLEMENT_ASKED' AND {_SIDE}",
    Queue.TO_CLAIM: "state IN ('ACCEPTED', 'IN_REVIEW', 'DECIDED') AND holder IS NULL AND section = :section",
    Queue.MINE: "holder = :replica AND state NOT IN ('SUSPENDED', 'RECEIVED')",
    Queue.PAUSED: f"state = 'SUSPENDED' AND {_SIDE}",
    Queue.RETURNED: f"is_returned AND {_SIDE}",
    Queue.DEFERRED: f"is_deferred AND {_SIDE}",
    Queue.DUE_SOON: f"due_on <= :soon AND state NOT IN {_STANDING} AND {_SIDE}",
    Queue.TO_ISSUE: "state = 'READY_TO_ISSUE'",
    Queue.TODAY: "received_on = :today AND place = :place",
    Queue.IRREGULAR: f"is_irregular AND state <> 'ARCHIVED' AND {_SIDE}",
}
_ORDERS = {Queue.TODAY: "received_time DESC, matter_ordinal", Queue.DEFERRED: "deferred_due_on, received_time"}


class CaseRows:
    """Lines of this desk's cases. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, row: CaseRow) -> None:
        """Write a line; inside the caller's transaction."""
        marks = ", ".join("?" for _ in _NAMES)
        with self._database.write() as connection:
            values = [_plain(getattr(row, name)) for name in _NAMES]
            connection.execute(f"INSERT OR REPLACE INTO case_row ({', '.join(_NAMES)}) VALUES ({marks})", values)

    def delete(self, case: CaseId) -> None:
        """Remove a line."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM case_row WHERE case_id = ?", (case,))

    def all(self) -> tuple[CaseId, ...]:
        """Every case that has a line."""
        return tuple(CaseId(row[0]) for row in self._database.rows("SELECT case_id FROM case_row"))

    def find(self, case: CaseId) -> CaseRow | None:
        """One line."""
        return next(iter(self._read("case_id = :case", {"case": case})), None)

    def is_elsewhere(self, case: CaseId) -> bool:
        """Whether the case has left the slice and stays for what was not sent."""
        found = self.find(case)
        return found is not None and not found.is_here

    def queue(self, queue: Queue, viewer: Viewer, limit: int = 500, after: int = 0) -> tuple[CaseRow, ...]:
        """The cases of a queue after so many: what is due first comes first; today's list the newest first."""
        order = _ORDERS.get(queue, "due_on IS NULL, due_on, received_time, matter_ordinal")
        where = f"is_here AND {_WHERE[queue]} ORDER BY {order}, case_id LIMIT {int(limit)} OFFSET {int(after)}"
        return self._read(where, _values(viewer))

    def counts(self, viewer: Viewer) -> dict[Queue, int]:
        """How many cases stand in each queue."""
        sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in _WHERE.values())
        found = self._database.named_rows(f"SELECT {sums} FROM case_row WHERE is_here", _values(viewer))[0]
        return dict(zip(_WHERE, found, strict=True))

    def with_papers(self, place: PlaceId, limit: int) -> tuple[CaseRow, ...]:
        """Accepted cases of a place whose papers did not go to their section from this desk, the oldest first."""
        return self._read(
            "is_here AND place = :place AND section IS NOT NULL AND state IN ('ACCEPTED', 'IN_REVIEW', 'SUSPENDED') "
            "AND case_id NOT IN (SELECT case_id FROM print_run WHERE paper = 'HANDOVER' AND state <> 'VOIDED') "
            f"ORDER BY received_time LIMIT {int(limit)}",
            {"place": place},
        )

    def with_slips(self, section: SectionId) -> tuple[CaseRow, ...]:
        """Cases of a section for whose papers a slip was printed at some desk, the oldest first."""
        return self._read(
            "is_here AND section = :section AND state <> 'ARCHIVED' AND case_id IN (SELECT case_id FROM record "
            'WHERE instr(CAST(text AS TEXT), \'"paper":"HANDOVER"\')) ORDER BY received_time',
            {"section": section},
        )

    def of_person(self, id_number: str, limit: int = 20) -> tuple[CaseRow, ...]:
        """此人近期办件: cases of an identity number on this desk, the newest first."""
        return self._read(f"id_number = :number ORDER BY received_time DESC LIMIT {int(limit)}", {"number": id_number})

    def of_matter(self, matter: MatterId) -> tuple[CaseRow, ...]:
        """The cases of a matter on this desk, in its order."""
        return self._read("matter = :matter ORDER BY matter_ordinal", {"matter": matter})

    def held_by(self, replica: ReplicaId) -> tuple[CaseId, ...]:
        """The cases that a desk holds, as this one sees it."""
        rows = self._database.rows("SELECT case_id FROM case_row WHERE holder = ? ORDER BY received_time", replica)
        return tuple(CaseId(row[0]) for row in rows)

    def search(self, text: str, limit: int = 50) -> tuple[CaseRow, ...]:
        """Cases on this desk by number, name, identity number or telephone, or parts of them (numbers: 4 or more)."""
        text = text.strip()
        if not text:
            return ()
        condition = "instr(applicant, :text)"
        if len(text) >= 4:
            condition += (
                " OR instr(replace(number, '-', ''), replace(upper(:text), '-', '')) "
                "OR instr(replace(matter_number, '-', ''), replace(upper(:text), '-', '')) "
                "OR instr(id_number, upper(:text)) OR instr(phone, :text)"
            )
        return self._read(f"({condition}) ORDER BY received_time DESC LIMIT {int(limit)}", {"text": text})

    def by_token(self, digest: str) -> CaseId | None:
        """The case on this desk whose token has this SHA-256 (hex), by its receipt in the log or in the outbox."""
        mark = f'"token_digest":"{digest}"'
        row = self._database.row("SELECT case_id FROM record WHERE n = 1 AND instr(CAST(text AS TEXT), ?)", mark)
        row = row or self._database.row(
            "SELECT a.case_id FROM outbox_act a JOIN outbox o USING (seq) WHERE a.action = 'Receive' "
            "AND NOT a.is_arrived AND instr(CAST(o.text AS TEXT), ?)",
            mark,
        )
        return None if row is None else CaseId(row[0])

    def _read(self, condition: str, values: dict[str, object]) -> tuple[CaseRow, ...]:
        sql = f"SELECT {', '.join(_NAMES)} FROM case_row WHERE {condition}"
        return tuple(_row(row) for row in self._database.named_rows(sql, values))


def row_of(case: Case, item: ItemVersion | None, calendar: Calendar, *, unsent: int, facts: RowFacts) -> CaseRow:
    """The line of a case as it is viewed."""
    return CaseRow(
        case_id=case.case,
        number=case.number,
        state=case.state,
        item_code=case.item,
        item_version=case.item_version,
        item_name=item.name if item else "",
        section=case.section,
        place=case.place,
        accept_by=item.accept_by if item else None,
        applicant=case.applicant.name.value or "",
        applicant_kind=case.applicant.kind,
        id_number=case.applicant.id_number.value or "",
        phone=case.applicant.phone.value or "",
        holder=case.holder,
        assignee=case.assignee,
        received_time=case.received_time,
        received_on=case.received_on,
        due_on=_due(case, item, calendar),
        opinions=len(case.opinions),
        is_provisional=case.is_provisional or bool(case.acceptance and case.acceptance.is_provisional),
        is_returned=case.returned is not None,
        is_deferred=bool(case.deferrals),
        is_irregular=bool(case.irregular),
        is_read_only=facts.is_read_only,
        is_here=facts.is_here,
        unsent=unsent,
        changed_time=case.steps[-1].occurred_time if case.steps else case.received_time,
        deferred_due_on=min((d.due_on for d in case.deferrals), default=None),
        matter=case.matter.matter if case.matter else None,
        matter_number=case.matter.number if case.matter else "",
        matter_name=case.matter.name if case.matter else "",
        matter_ordinal=case.matter.ordinal(case.item) if case.matter else 0,
        matter_size=case.matter.size if case.matter else 0,
    )


@dataclass(frozen=True, kw_only=True)
class RowFacts:
    """What a line says besides the case itself."""

    is_read_only: bool = False
    is_here: bool = True


def _due(case: Case, item: ItemVersion | None, calendar: Calendar) -> date | None:
    if case.state is State.RECEIVED:
        return case.notice_due_on
    if case.state is State.SUPPLEMENT_ASKED and case.supplement is not None:
        return case.supplement.until
    if case.state in (State.DECIDED, State.READY_TO_ISSUE) and case.decision is not None:
        return case.decision.deliver_by
    if case.state in (State.ACCEPTED, State.IN_REVIEW, State.SUSPENDED) and item is not None:
        clock = promised_clock(case, item) or statutory_clock(case, item)
        return derive(clock, calendar).on if clock is not None else None
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _row(values: tuple[Any, ...]) -> CaseRow:
    plain = dict(zip(_NAMES, values, strict=True))
    plain.update({name: bool(plain[name]) for name in _BOOLEANS})
    plain["state"] = State(plain["state"])
    plain["accept_by"] = AcceptBy(plain["accept_by"]) if plain["accept_by"] else None
    plain["received_time"], plain["changed_time"] = to_moment(plain["received_time"]), to_moment(plain["changed_time"])
    plain["received_on"] = date.fromisoformat(plain["received_on"])
    plain["applicant_kind"] = ApplicantKind(plain["applicant_kind"])
    for name in ("due_on", "deferred_due_on"):
        plain[name] = date.fromisoformat(plain[name]) if plain[name] else None
    return CaseRow(**plain)


def _values(viewer: Viewer) -> dict[str, object]:
    return {
        "replica": viewer.replica,
        "place": viewer.place,
        "section": viewer.section,
        "today": viewer.on.isoformat(),
        "soon": (viewer.soon or viewer.on).isoformat(),
    }
