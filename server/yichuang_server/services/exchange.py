"""The exchange: deeds in, answers out; the one place where the district decides.

Rules kept here (security: sync): one transaction a batch; seen before → the stored answer, before every other check; a
gap or an act that the district does not know ends the batch and consumes no seq; another deed under a used seq, or a
broken chain, fences the desk; a refusal is data and never blocks what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from yichuang import codec
from yichuang_domain.deed import Deed
from yichuang_domain.ids import PlaceId
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.judging import Batch, Bench, CaseCache, Judgement, NotSettledError, UnknownItemError
from yichuang_server.store import deeds, desks, log, times
from yichuang_server.store.deeds import Answer
from yichuang_server.store.desks import Desk

MOST_DEEDS = 256
"""Deeds a batch may hold."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A deed as it came over the wire."""

    deed: str
    seq: int
    text: bytes
    disclosures: codec.Disclosures
    before: Judgement | None = None
    """What the district answered before it was restored, as the desk tells it."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to one deed."""

    deed: str
    outcome: str
    """RECORDED, REFUSED, SEQ_GAP, NOT_YET or REPLICA_FORKED."""
    reason: str = ""
    act: int = 0
    expected_seq: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a batch came to."""

    results: tuple[Result, ...]
    touched: frozenset[str]
    """Audiences whose slices changed."""


@dataclass(kw_only=True)
class _Chain:
    """The end of a desk's chain, as the batch moves it."""

    seq: int
    hash: str
    time: str
    forked: bool
    known: dict[str, Answer]
    """Answers to deeds of the batch that were given before."""
    given: list[tuple[Answer, bytes]] = field(default_factory=list)
    """New answers, each with its deed's text."""


class Exchange:
    """Takes in batches of deeds for one district."""

    def __init__(self) -> None:
        self._cache = CaseCache()

    def take_in(
        self, connection: Connection, desk: Desk, sent: Sequence[Sent], signature: bytes, bench: Bench
    ) -> Taken:
        """Judge a batch inside the caller's transaction.

        Raises DistrictError for a batch that is not the desk's own or not one of ours.
        """
        if not sent:
            return Taken(results=(), touched=frozenset())
        if len(sent) > MOST_DEEDS:
            raise DistrictError(Fault.TOO_LARGE)
        _check_signature(desk, sent[-1], signature)
        locked = desks.desk(connection, bench.district, desk.replica, lock=True)
        if locked is None or (locked.revoked_time and not desk.is_rescued):
            raise DistrictError(Fault.REVOKED_DESK)
        read = [_read(one) for one in sent]
        heads = log.lock(connection, bench.district, {act.case for deed in read if deed for act in deed.acts})
        chain = _Chain(
            seq=locked.last_seq,
            hash=locked.last_hash,
            time=locked.last_time,
            forked=bool(locked.forked_time),
            known=deeds.answered(connection, bench.district, [one.deed for one in sent]),
        )
        batch = Batch(connection, bench, locked, self._cache, heads, filter(None, read))
        results: list[Result] = []
        for one, deed in zip(sent, read, strict=True):
            results.append(_answer(batch, locked, chain, one, deed))
            if results[-1].outcome in {"SEQ_GAP", "NOT_YET"}:
                break
        deeds.answer(connection, bench.district, chain.given, times.text(bench.now))
        touched = batch.close()
        forked_time = locked.forked_time or (times.text(bench.now) if chain.forked else "")
        desks.change(
            connection,
            bench.district,
            desk.replica,
            last_seq=chain.seq,
            last_hash=chain.hash,
            last_time=chain.time,
            forked_time=forked_time,
        )
        return Taken(results=tuple(results), touched=touched)


def _answer(batch: Batch, desk: Desk, chain: _Chain, one: Sent, deed: Deed | None) -> Result:
    text_hash = codec.digest(one.text)
    known = chain.known.get(one.deed)
    if known is not None:
        if known.replica != desk.replica and deed is not None and deed.rescued_from is not None:
            return _rescued_before(chain, one, deed, known, text_hash)
        if known.replica != desk.replica or known.hash != text_hash:
            raise DistrictError(Fault.FOREIGN_DESK)
        return Result(deed=one.deed, outcome=known.outcome, reason=known.reason, act=known.act)
    if chain.forked or one.seq <= chain.seq:
        chain.forked = True
        return Result(deed=one.deed, outcome="REPLICA_FORKED")
    if one.seq != chain.seq + 1:
        return Result(deed=one.deed, outcome="SEQ_GAP", expected_seq=chain.seq + 1)
    if deed is None:
        return Result(deed=one.deed, outcome="NOT_YET")
    if (deed.deed, deed.seq, deed.replica) != (one.deed, one.seq, desk.replica):
        raise DistrictError(Fault.MALFORMED)
    if deed.previous != chain.hash:
        chain.forked = True
        return Result(deed=one.deed, outcome="REPLICA_FORKED")
    try:
        here = deed if deed.place == desk.place else replace(deed, place=PlaceId(desk.place))
        judged = batch.judge(here, chain.time, one.before)
    except UnknownItemError:
        return Result(deed=one.deed, outcome="NOT_YET")
    except NotSettledError:
        return Result(deed=one.deed, outcome="NOT_YET", reason="SETTLING")
    chain.seq, chain.hash = one.seq, text_hash
    chain.time = max(chain.time, times.text(deed.occurred_time))
    stored = Answer(
        deed=one.deed,
        replica=desk.replica,
        seq=one.seq,
        hash=text_hash,
        outcome=judged.outcome,
        reason=judged.reason,
        act=judged.act,
    )
    chain.known[one.deed] = stored
    chain.given.append((stored, one.text))
    return Result(deed=one.deed, outcome=judged.outcome, reason=judged.reason, act=judged.act)


def _rescued_before(chain: _Chain, one: Sent, deed: Deed, known: Answer, text_hash: str) -> Result:
    """A deed that a desk offers again under a new number, and that came under another one before: not done again."""
    if one.seq > chain.seq:
        if (one.seq, deed.previous) != (chain.seq + 1, chain.hash):
            return Result(deed=one.deed, outcome="SEQ_GAP", expected_seq=chain.seq + 1)
        chain.seq, chain.hash = one.seq, text_hash
    return Result(deed=one.deed, outcome=known.outcome, reason=known.reason, act=known.act)


def _read(one: Sent) -> Deed | None:
    """The deed, None where an act of it is not known yet. Raises DistrictError for a text that is none of ours."""
    try:
        return codec.decode(Deed, one.text, one.disclosures)
    except codec.UnknownTypeError:
        return None
    except codec.CodecError as error:
        raise DistrictError(Fault.MALFORMED) from error


def _check_signature(desk: Desk, last: Sent, signature: bytes) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(desk.act_key)
        key.verify(signature, bytes.fromhex(codec.digest(last.text)))
    except (InvalidSignature, ValueError) as error:
        raise DistrictError(Fault.BAD_SIGNATURE) from error
