"""The exchange: deeds in, answers out; the one place where the district decides.

Rules kept here (security: sync): one transaction a batch, a savepoint a deed, all of its acts or none; seen before → the
stored answer; a gap or a fork ends the batch; a refusal is data and never blocks what follows; positions are given
once, at the end. Rights are judged as of the deed's own time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.actions import AttachPage
from yichuang_domain.case import Case
from yichuang_domain.decide import Context, decide
from yichuang_domain.deed import CaseAct, Deed, Record
from yichuang_domain.errors import Irregularity, Reason, Refused
from yichuang_domain.folding import apply
from yichuang_domain.ids import CaseId
from yichuang_domain.organisation import Person
from yichuang_domain.workdays import Calendar
from yichuang_server.feed import slices
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.store import catalogue, deeds, log
from yichuang_server.store.blobs import Blobs
from yichuang_server.store.deeds import Answer, Desk


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A deed as it came over the wire."""

    deed: str
    seq: int
    text: bytes
    disclosures: codec.Disclosures


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to one deed."""

    deed: str
    outcome: str
    reason: str = ""
    act: int = 0
    expected_seq: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the district judges by, read once a batch."""

    calendar: Calendar
    person: Callable[[Connection, str], Person | None]
    """The person with the rights in force, None for an unknown one."""
    now: datetime


class Exchange:
    """Takes in batches of deeds for one district."""

    def __init__(self, district: str, blobs: Blobs) -> None:
        self._district = district
        self._blobs = blobs

    def take_in(
        self,
        connection: Connection,
        desk: Desk,
        sent: Sequence[Sent],
        signature: bytes,
        signed_in: frozenset[str],
        rules: Rules,
    ) -> list[Result]:
        """Judge a batch inside the caller's transaction.

        Raises DistrictError for a batch that is not the desk's own.
        """
        if sent:
            _check_signature(desk, sent[-1], signature)
        locked = deeds.desk(connection, self._district, desk.replica, lock=True)
        if locked is None:
            raise DistrictError(Fault.FOREIGN_DESK)
        batch = _Batch(connection, self._district, self._blobs, rules, signed_in)
        results: list[Result] = []
        end = (locked.last_seq, locked.last_hash)
        for one in sent:
            result, end = self._answer(batch, locked, one, end)
            results.append(result)
            if result.outcome not in {"RECORDED", "REFUSED"}:
                break
        batch.close()
        return results

    def _answer(self, batch: _Batch, desk: Desk, one: Sent, end: tuple[int, str]) -> tuple[Result, tuple[int, str]]:
        known = deeds.answered(batch.connection, self._district, one.deed)
        text_hash = codec.digest(one.text)
        if known is not None:
            if known.replica != desk.replica or known.hash != text_hash:
                raise DistrictError(Fault.FOREIGN_DESK)
            return Result(deed=one.deed, outcome=known.outcome, reason=known.reason, act=known.act), end
        if one.seq <= end[0]:
            return Result(deed=one.deed, outcome="REPLICA_FORKED"), end
        if one.seq != end[0] + 1:
            return Result(deed=one.deed, outcome="SEQ_GAP", expected_seq=end[0] + 1), end
        try:
            deed = codec.decode(Deed, one.text, one.disclosures)
        except codec.UnknownTypeError:
            return Result(deed=one.deed, outcome="NOT_YET"), end
        except codec.CodecError as error:
            raise DistrictError(Fault.MALFORMED) from error
        _check_envelope(deed, desk, one, end[1])
        result = batch.judge(deed)
        stored = Answer(
            deed=one.deed,
            replica=desk.replica,
            seq=one.seq,
            hash=text_hash,
            outcome=result.outcome,
            reason=result.reason,
            act=result.act,
        )
        deeds.answer(batch.connection, self._district, stored, one.text, batch.rules.now.isoformat())
        return result, (one.seq, text_hash)


def _check_signature(desk: Desk, last: Sent, signature: bytes) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(desk.act_key)
        key.verify(signature, bytes.fromhex(codec.digest(last.text)))
    except (InvalidSignature, ValueError) as error:
        raise DistrictError(Fault.BAD_SIGNATURE) from error


def _check_envelope(deed: Deed, desk: Desk, one: Sent, previous: str) -> None:
    if (deed.deed, deed.seq, deed.replica, deed.place) != (one.deed, one.seq, desk.replica, desk.place):
        raise DistrictError(Fault.MALFORMED)
    if deed.previous != previous:
        raise DistrictError(Fault.BAD_CHAIN)


class _Batch:
    """One transaction's work: cases as they stand after the deeds judged so far, and the records to be written."""

    def __init__(
        self, connection: Connection, district: str, blobs: Blobs, rules: Rules, signed_in: frozenset[str]
    ) -> None:
        self.connection = connection
        self.rules = rules
        self._district = district
        self._blobs = blobs
        self._signed_in = signed_in
        self._cases: dict[CaseId, tuple[Case | None, str]] = {}
        self._written: list[log.WrittenRecord] = []

    def judge(self, deed: Deed) -> Result:
        """Judge all acts of a deed; on a refusal nothing of it remains."""
        before = (dict(self._cases), len(self._written))
        pages: list[tuple[CaseId, AttachPage]] = []
        for number, act in enumerate(deed.acts):
            try:
                self._act(deed, act)
            except Refused as refused:
                self._cases, written = before
                del self._written[written:]
                return Result(deed=deed.deed, outcome="REFUSED", reason=refused.reason.value, act=number)
            if isinstance(act.action, AttachPage):
                pages.append((act.case, act.action))
        for of, attach in pages:
            self._blobs.announce(self.connection, of, attach.page.page, attach.page.size)
        return Result(deed=deed.deed, outcome="RECORDED")

    def _act(self, deed: Deed, act: CaseAct) -> None:
        if act.case not in self._cases:
            folded = log.load(self.connection, self._district, act.case)
            self._cases[act.case] = (folded, log.head(self.connection, self._district, act.case))
        case, head = self._cases[act.case]
        decision = decide(case, act.action, self._context(deed, act, case))
        strange = (*decision.irregular, *_clock(deed, self.rules.now))
        for event in decision.events:
            record = Record(
                case=act.case,
                n=case.n + 1 if case else 1,
                previous=head,
                deed=deed.deed,
                replica=deed.replica,
                person=deed.person,
                place=deed.place,
                occurred_time=deed.occurred_time,
                recorded_time=self.rules.now,
                irregular=strange,
                event=event,
            )
            encoded = codec.encode(record)
            head = codec.digest(encoded.text)
            self._written.append(log.WrittenRecord(record=record, encoded=encoded, hash=head))
            case = apply(case, record)
        self._cases[act.case] = (case, head)

    def _context(self, deed: Deed, act: CaseAct, case: Case | None) -> Context:
        code, version = (
            (case.item, case.item_version)
            if case
            else (getattr(act.action, "item", ""), getattr(act.action, "item_version", 0))
        )
        item = catalogue.item_version(self.connection, self._district, code, version)
        if item is None:
            raise Refused(Reason.UNKNOWN_CASE)
        actor = self.rules.person(self.connection, deed.person)
        if actor is None:
            raise DistrictError(Fault.MALFORMED)
        return Context(
            item=item,
            item_cancelled_on=catalogue.cancelled_on(self.connection, self._district, code) or item.plan_cancel_on,
            calendar=self.rules.calendar,
            actor=actor,
            replica=deed.replica,
            place=deed.place,
            epoch=act.epoch,
            occurred_time=deed.occurred_time,
            has_session=deed.person in self._signed_in,
            missing_pages=len(self._blobs.missing(self.connection, act.case)),
        )

    def close(self) -> None:
        """Give positions and write: the last lock of the transaction."""
        if not self._written:
            return
        first = log.append(self.connection, self._district, self._written)
        last = {new.record.case: first + offset for offset, new in enumerate(self._written)}
        for name, position in last.items():
            case, head = self._cases[name]
            if case is not None:
                log.project(self.connection, self._district, case, head)
                slices.enlist(self.connection, self._district, case, position)


def _clock(deed: Deed, now: datetime) -> tuple[Irregularity, ...]:
    """A deed from the future, or from before the district time its desk had seen, is for a person to look at."""
    early = deed.seen_time is not None and deed.occurred_time < deed.seen_time
    return (Irregularity.CLOCK,) if early or (deed.occurred_time - now).total_seconds() > 300 else ()
