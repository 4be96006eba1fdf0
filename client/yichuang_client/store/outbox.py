"""The outbox (待送动作): what people did at this desk, in the order in which it travels.

Rules kept here: ``seq`` is dense; every row names the hash of the row before it; a row and its effect are one
transaction; a refusal consumes its seq, blocks nothing and stays visible until a person has seen it, and the facts
beside it are awaited; a row is kept after its answer until the district's backup has passed it. Seqs of 0 and below
are answered rows of a number that this machine had before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from yichuang import codec
from yichuang_client.store.database import Database
from yichuang_client.store.exchange_values import DeedResult, Envelope, Outcome, SentDeed
from yichuang_client.store.times import to_moment, to_text
from yichuang_domain.act_table import ACTS, Kind
from yichuang_domain.deed import Deed
from yichuang_domain.ids import CaseId, DeedId, ReplicaId
from yichuang_domain.organisation import Person


class Sending(Enum):
    """How far a deed has come."""

    PENDING = "PENDING"
    """未送达: durable here, not answered."""
    RECORDED = "RECORDED"
    """已送达: the district has it."""
    REFUSED = "REFUSED"
    """The district said no; a person must look at it."""


@dataclass(frozen=True, kw_only=True)
class OutboxDeed:
    """One row of the outbox, read back."""

    deed: Deed
    actor: Person = field(repr=False)
    had_session: bool
    state: Sending
    reason: str
    """Member of ``Reason`` when refused; NOT_YET while the district does not know the act."""
    refused_act: int
    saved_time: datetime
    answered_time: datetime | None
    is_seen: bool
    waiting: frozenset[int] = frozenset()
    """Numbers of the acts whose records have not arrived."""


_COLUMNS = (
    "o.text, o.disclosures, o.actor, o.had_session, o.state, o.reason, o.act, o.saved_time, o.answered_time, "
    "o.is_seen, (SELECT group_concat(a.act) FROM outbox_act a WHERE a.seq = o.seq AND NOT a.is_arrived)"
)
_FACTS = tuple(action.__name__ for action, act in ACTS.items() if act.kind is Kind.FACT)


class Outbox:
    """Rows of deeds. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> tuple[int, str]:
        """Seq and hash of the newest deed under this desk's number, (0, "") before the first."""
        found = self._database.row("SELECT seq, hash FROM outbox WHERE seq > 0 ORDER BY seq DESC LIMIT 1")
        return (0, "") if found is None else (found[0], found[1])

    def add(self, deed: Deed, actor: Person, *, had_session: bool) -> None:
        """Append a deed whose seq and previous hash follow ``last``; inside the caller's transaction."""
        encoded = codec.encode(deed)
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO outbox (seq, deed_id, hash, text, disclosures, actor, had_session, saved_time, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'PENDING')",
                (
                    deed.seq,
                    deed.deed,
                    codec.digest(encoded.text),
                    encoded.text,
                    write_disclosures(encoded.disclosures),
                    codec.encode(actor).text,
                    had_session,
                    to_text(deed.occurred_time),
                ),
            )
            connection.executemany(
                "INSERT INTO outbox_act (seq, act, case_id, action) VALUES (?, ?, ?, ?)",
                [(deed.seq, number, act.case, type(act.action).__name__) for number, act in enumerate(deed.acts)],
            )

    def done_between(self, first: datetime, last: datetime) -> tuple[tuple[str, str, int], ...]:
        """What was done from the one moment until before the other: person's name, action, cases; nothing refused."""
        rows = self._database.rows(
            "SELECT o.actor, a.action, count(DISTINCT a.case_id) FROM outbox_act a JOIN outbox o USING (seq) "
            "WHERE o.saved_time >= ? AND o.saved_time < ? AND o.state <> 'REFUSED' GROUP BY o.actor, a.action",
            to_text(first),
            to_text(last),
        )
        return tuple((codec.decode(Person, actor).name, action, count) for actor, action, count in rows)

    def to_send(self, limit_bytes: int, after: int = 0) -> tuple[SentDeed, ...]:
        """The next deeds without an answer after a seq, in order, at least one, within about that many bytes."""
        cursor = self._database.rows(
            "SELECT deed_id, seq, text, hash, disclosures, before_state, before_reason, before_act FROM outbox "
            "WHERE state = 'PENDING' AND seq > ? ORDER BY seq LIMIT 200",
            after,
        )
        found: list[SentDeed] = []
        size = 0
        for deed, seq, text, text_hash, disclosures, *before in cursor:
            size += len(text) + len(disclosures) + 200
            if found and size > limit_bytes:
                break
            envelope = Envelope(text=text, hash=text_hash, disclosures=read_disclosures(disclosures))
            found.append(SentDeed(deed=deed, seq=seq, envelope=envelope, before=_before(deed, *before)))
        return tuple(found)

    def unsent(self) -> int:
        """How many deeds have no answer."""
        found = self._database.row("SELECT count(*) FROM outbox WHERE state = 'PENDING'")
        return 0 if found is None else int(found[0])

    def waiting_seqs(self) -> tuple[int, ...]:
        """The seqs of the deeds that have no answer."""
        return tuple(row[0] for row in self._database.rows("SELECT seq FROM outbox WHERE state = 'PENDING'"))

    def oldest_unsent_time(self) -> datetime | None:
        """When the oldest deed without an answer was done."""
        found = self._database.row("SELECT saved_time FROM outbox WHERE state = 'PENDING' ORDER BY seq LIMIT 1")
        return None if found is None else to_moment(found[0])

    def answer(self, result: DeedResult, moment: datetime) -> None:
        """Note the district's answer to a deed; inside the caller's transaction."""
        with self._database.write() as connection:
            if result.outcome is Outcome.SEQ_GAP:
                connection.execute(
                    "UPDATE outbox SET state = 'PENDING', reason = '', answered_time = NULL WHERE seq >= ?",
                    (result.expected_seq,),
                )
            elif result.outcome is Outcome.NOT_YET:
                reason = result.reason or Outcome.NOT_YET.value
                connection.execute("UPDATE outbox SET reason = ? WHERE deed_id = ?", (reason, result.deed))
            elif result.outcome in (Outcome.RECORDED, Outcome.REFUSED):
                connection.execute(
                    "UPDATE outbox SET state = ?, reason = ?, act = ?, answered_time = ? WHERE deed_id = ?",
                    (result.outcome.value, result.reason, result.act, to_text(moment), result.deed),
                )
            if result.outcome is Outcome.REFUSED:
                # Its facts have happened: their records come all the same.
                connection.execute(
                    f"UPDATE outbox_act SET is_arrived = 1 WHERE action NOT IN ({', '.join('?' for _ in _FACTS)}) "
                    "AND seq = (SELECT seq FROM outbox WHERE deed_id = ?)",
                    (*_FACTS, result.deed),
                )

    def arrived(self, deed: str, case: CaseId, index: int) -> None:
        """Note that records of a deed of ours are in the confirmed log."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox_act SET is_arrived = 1 WHERE case_id = ? AND NOT is_arrived "
                "AND seq = (SELECT seq FROM outbox WHERE deed_id = ?)",
                (case, deed),
            )
            connection.execute(
                "UPDATE outbox SET log_index = max(coalesce(log_index, 0), ?) WHERE deed_id = ?", (index, deed)
            )

    def left(self, case: CaseId) -> None:
        """The case left the slice: records of answered deeds will not come any more."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox_act SET is_arrived = 1 WHERE case_id = ? "
                "AND seq IN (SELECT seq FROM outbox WHERE state <> 'PENDING')",
                (case,),
            )

    def cases_of(self, deed: str) -> tuple[CaseId, ...]:
        """The cases that a deed touches."""
        rows = self._database.rows(
            "SELECT DISTINCT a.case_id FROM outbox_act a JOIN outbox o USING (seq) WHERE o.deed_id = ?", deed
        )
        return tuple(row[0] for row in rows)

    def waiting(self, case: CaseId) -> tuple[OutboxDeed, ...]:
        """Deeds whose effect on the case is not in the confirmed log yet, in order."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM outbox o WHERE o.seq IN "
            "(SELECT seq FROM outbox_act WHERE case_id = ? AND NOT is_arrived) ORDER BY o.seq",
            case,
        )
        return tuple(_read(row) for row in rows)

    def cases_waiting(self) -> frozenset[CaseId]:
        """Every case with a deed whose effect is not in the confirmed log yet."""
        rows = self._database.rows("SELECT DISTINCT case_id FROM outbox_act WHERE NOT is_arrived")
        return frozenset(CaseId(row[0]) for row in rows)

    def unsent_of(self, case: CaseId) -> int:
        """How many deeds on the case have no answer."""
        found = self._database.row(
            "SELECT count(DISTINCT o.seq) FROM outbox_act a JOIN outbox o USING (seq) "
            "WHERE a.case_id = ? AND o.state = 'PENDING'",
            case,
        )
        return 0 if found is None else int(found[0])

    def list(self, limit: int = 200) -> tuple[OutboxDeed, ...]:
        """For the sync screen: refused and unseen first, then unsent in order, then the newest delivered."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM outbox o ORDER BY CASE WHEN o.state = 'REFUSED' AND NOT o.is_seen THEN 0 "
            "WHEN o.state = 'PENDING' THEN 1 ELSE 2 END, "
            "CASE WHEN o.state = 'PENDING' THEN o.seq ELSE -o.seq END LIMIT ?",
            limit,
        )
        return tuple(_read(row) for row in rows)

    def refused(self) -> tuple[OutboxDeed, ...]:
        """The tray: refused deeds that nobody has put away."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM outbox o WHERE o.state = 'REFUSED' AND NOT o.is_seen ORDER BY o.seq"
        )
        return tuple(_read(row) for row in rows)

    def find(self, deed: DeedId) -> OutboxDeed | None:
        """One deed, None for an unknown one."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM outbox o WHERE o.deed_id = ?", deed)
        return None if row is None else _read(row)

    def put_away(self, deed: DeedId) -> None:
        """A person has seen the refusal."""
        with self._database.write() as connection:
            connection.execute("UPDATE outbox SET is_seen = 1 WHERE deed_id = ?", (deed,))

    def offer_again(self, size: int) -> None:
        """The district was restored to a log of that size: what lies above is sent again, with the same ids.

        Inside the caller's transaction, while the rows of the lists are as they were.
        """
        above = "seq > max(0, (SELECT coalesce(max(seq), 0) FROM outbox WHERE log_index <= ?))"
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox_act SET is_arrived = 0 WHERE case_id IN (SELECT case_id FROM case_row) "
                f"AND seq IN (SELECT seq FROM outbox WHERE {above} AND state = 'RECORDED')",
                (size,),
            )
            connection.execute(
                f"UPDATE outbox_act SET is_arrived = 0 WHERE action IN ({', '.join('?' for _ in _FACTS)}) "
                "AND case_id IN (SELECT case_id FROM case_row) "
                f"AND seq IN (SELECT seq FROM outbox WHERE {above} AND state = 'REFUSED')",
                (*_FACTS, size),
            )
            connection.execute(
                "UPDATE outbox SET before_state = state, before_reason = reason, before_act = act, state = 'PENDING', "
                f"reason = '', act = 0, answered_time = NULL, log_index = NULL WHERE {above} AND state <> 'PENDING'",
                (size,),
            )

    def carry_over(self, former: ReplicaId, replica: ReplicaId) -> int:
        """The desk has a new number: what waits is offered again as the start of its chain, with its ids and people.

        What was answered stays, below the chain. Returns how many deeds wait. Inside the caller's transaction.
        """
        waiting = [one for seq in self.waiting_seqs() if (one := self._by_seq(seq)) is not None]
        with self._database.write() as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            connection.execute("DELETE FROM outbox WHERE state = 'PENDING'")
            last = self.last()[0]
            for table in ("outbox_act", "outbox"):
                connection.execute(f"UPDATE {table} SET seq = seq - ?", (last,))
            for row in waiting:
                seq, previous = self.last()
                first = row.deed.rescued_from or former
                deed = replace(row.deed, replica=replica, seq=seq + 1, previous=previous, rescued_from=first)
                self.add(deed, row.actor, had_session=row.had_session)
        return len(waiting)

    def _by_seq(self, seq: int) -> OutboxDeed | None:
        row = self._database.row(f"SELECT {_COLUMNS} FROM outbox o WHERE o.seq = ?", seq)
        return None if row is None else _read(row)

    def prune(self, durable_through: int, before: datetime) -> int:
        """Drop answered deeds that lie in the district's backup and are older than ``before``; the last one stays.

        What came before a deed of the backup is in the backup too; a refusal stays until a person has seen it.
        """
        with self._database.write() as connection:
            done = connection.execute(
                "DELETE FROM outbox WHERE (state = 'RECORDED' OR state = 'REFUSED' AND is_seen) "
                "AND seq <= (SELECT max(seq) FROM outbox WHERE log_index <= ?) AND answered_time < ? "
                "AND seq < (SELECT max(seq) FROM outbox) "
                "AND NOT EXISTS (SELECT 1 FROM outbox_act a WHERE a.seq = outbox.seq AND NOT a.is_arrived)",
                (durable_through, to_text(before)),
            )
            return int(done.rowcount)


def write_disclosures(disclosures: codec.Disclosures) -> str:
    """Disclosures as a column's text."""
    return json.dumps(disclosures, ensure_ascii=False, separators=(",", ":"))


def read_disclosures(text: str) -> codec.Disclosures:
    """Disclosures from a column's text."""
    return {commitment: (value, salt) for commitment, (value, salt) in json.loads(text).items()}


def _before(deed: str, state: str, reason: str, act: int) -> DeedResult | None:
    return DeedResult(deed=DeedId(deed), outcome=Outcome(state), reason=reason, act=act) if state else None


def _read(row: tuple[Any, ...]) -> OutboxDeed:
    text, disclosures, actor, had_session, state, reason, act, saved, answered, is_seen, waiting = row
    return OutboxDeed(
        deed=codec.decode(Deed, text, read_disclosures(disclosures)),
        actor=codec.decode(Person, actor),
        had_session=bool(had_session),
        state=Sending(state),
        reason=reason,
        refused_act=act,
        saved_time=to_moment(saved),
        answered_time=to_moment(answered) if answered else None,
        is_seen=bool(is_seen),
        waiting=frozenset(int(number) for number in waiting.split(",")) if waiting else frozenset(),
    )
