"""Between the store's values and the messages of the wire, whether they travel by the line or on a stick.

Rules kept here: nothing is believed here, only read; an outcome or a state that this release does not know is a bad
answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import DecodeError

from yichuang.v1 import bundle_pb2, catalogue_pb2, envelope_pb2, exchange_pb2
from yichuang_client.store.exchange_values import (
    BlobName,
    Cursor,
    DeedResult,
    Envelope,
    ExchangeAnswer,
    ExchangeRequest,
    Outcome,
    SentDeed,
    SentRecord,
    SignedOpening,
    SignedText,
)
from yichuang_client.store.people import DeskKey, Profile
from yichuang_client.sync.case_search import FoundCase
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain.case import State
from yichuang_domain.ids import BlobHash, CaseId, DeedId, ItemCode, MatterId, PlaceId


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a desk tells of itself in a bundle."""

    cursor: Cursor
    catalogue_version: int
    profile_version: int
    answer_key: bytes
    """X25519, 32 bytes raw."""
    leases: tuple[str, ...]
    lacking: tuple[BlobName, ...]


@dataclass(frozen=True, kw_only=True)
class CarriedAnswer:
    """What the district tells in a bundle beside its answers."""

    made: SignedText
    stored: tuple[BlobName, ...]
    profile: Profile | None
    items: tuple[bytes, ...]
    catalogue_head: SignedText | None


def wire_cursor(cursor: Cursor) -> envelope_pb2.Cursor:
    """A cursor on the wire."""
    return envelope_pb2.Cursor(epoch=cursor.epoch, position=cursor.position)


def wire_blob(name: BlobName) -> exchange_pb2.BlobName:
    """A page's name on the wire."""
    return exchange_pb2.BlobName(owner=name.owner, hash=name.hash)


def message_of(request: ExchangeRequest) -> bytes:
    """What a desk sends, as it lies in a bundle."""
    return wire_request(replace(request, session_tokens=())).SerializeToString()


def context_of(carried: Carried) -> bytes:
    """What a desk tells of itself, as it lies in a bundle."""
    return bundle_pb2.CarriedRequest(
        cursor=wire_cursor(carried.cursor),
        catalogue_version=carried.catalogue_version,
        profile_version=carried.profile_version,
        answer_key=carried.answer_key,
        leases=carried.leases,
        lacking=[wire_blob(name) for name in carried.lacking],
    ).SerializeToString()


def answer_of(message: bytes) -> ExchangeAnswer:
    """What the district answers, as it lies in a bundle. Raises TransportError (BAD_ANSWER)."""
    try:
        return read_answer(exchange_pb2.ExchangeResponse.FromString(message))
    except DecodeError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="message") from error


def told_of(message: bytes) -> CarriedAnswer:
    """What the district tells beside its answers, as it lies in a bundle. Raises TransportError (BAD_ANSWER)."""
    try:
        told = bundle_pb2.CarriedAnswer.FromString(message)
    except DecodeError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="message") from error
    heads = [signed_text(part.head) for part in told.catalogue if part.HasField("head")]
    return CarriedAnswer(
        made=signed_text(told.made),
        stored=tuple(BlobName(owner=name.owner, hash=BlobHash(name.hash)) for name in told.stored),
        profile=read_profile(told.profile) if told.HasField("profile") else None,
        items=tuple(bytes(text) for part in told.catalogue for text in part.items),
        catalogue_head=heads[-1] if heads else None,
    )


def read_packed(text: bytes) -> tuple[list[bytes], SignedText]:
    """A catalogue's change as it was packed. Raises TransportError (BAD_ANSWER)."""
    try:
        message = catalogue_pb2.GetCatalogueResponse.FromString(text)
    except DecodeError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="catalogue") from error
    return list(message.items), signed_text(message.head)


def signed_text(signed: Any) -> SignedText:
    """A signed text as it came."""
    return SignedText(text=signed.text, signature=signed.signature)


def _opening(opened: Any) -> SignedOpening:
    signatures = tuple((one.person_id, bytes(one.signature)) for one in opened.signatures)
    return SignedOpening(opening=signed_text(opened.opening), signatures=signatures)


def wire_request(request: ExchangeRequest) -> exchange_pb2.ExchangeRequest:
    """What a desk sends, on the wire."""
    return exchange_pb2.ExchangeRequest(
        replica=request.replica,
        cursor=wire_cursor(request.cursor),
        deeds=[_deed(sent) for sent in request.deeds],
        head_signature=request.head_signature,
        session_tokens=request.session_tokens,
        catalogue_version=request.catalogue_version,
        head_size=request.head_size,
        most_bytes=request.most_bytes,
        without_records=request.without_records,
    )


def _deed(sent: SentDeed) -> exchange_pb2.SentDeed:
    disclosures = [
        envelope_pb2.Disclosure(commitment=commitment, value=value, salt=salt)
        for commitment, (value, salt) in sent.envelope.disclosures.items()
    ]
    envelope = envelope_pb2.Envelope(text=sent.envelope.text, hash=sent.envelope.hash, disclosures=disclosures)
    deed = exchange_pb2.SentDeed(deed_id=sent.deed, seq=sent.seq, envelope=envelope)
    if sent.before is not None:
        outcome = f"OUTCOME_{sent.before.outcome.value}"
        before = exchange_pb2.DeedResult(outcome=outcome, reason=sent.before.reason, act=sent.before.act)
        deed.answered.CopyFrom(before)
    return deed


def read_answer(answer: Any) -> ExchangeAnswer:
    """What the district answers. Raises TransportError (BAD_ANSWER)."""
    return ExchangeAnswer(
        next_cursor=Cursor(epoch=answer.next_cursor.epoch, position=answer.next_cursor.position),
        results=tuple(_result(result) for result in answer.results),
        records=tuple(_record(record) for record in answer.records),
        left=tuple(CaseId(case) for case in answer.left_case_ids),
        missing_blobs=tuple(BlobName(owner=name.owner, hash=BlobHash(name.hash)) for name in answer.missing_blobs),
        has_more=answer.has_more,
        come_again_s=answer.come_again_s,
        durable_through=answer.durable_through,
        district_time=SignedText(text=answer.district_time_text, signature=answer.district_time_signature),
        catalogue_version=answer.catalogue_version,
        profile_version=answer.profile_version,
        leases=tuple(signed_text(lease) for lease in answer.leases),
        pinned_items=tuple(signed_text(item) for item in answer.pinned_items),
        openings=tuple(_opening(opened) for opened in answer.epoch_openings),
        log_head=answer.log_head,
        log_head_proof=tuple(step.hex() for step in answer.log_head_proof),
    )


def found_case(found: Any) -> FoundCase:
    """A row of a search. Raises TransportError (BAD_ANSWER)."""
    if found.state not in State.__members__:
        raise TransportError(TransportReason.BAD_ANSWER, detail="state")
    return FoundCase(
        case=CaseId(found.case_id) if found.case_id else None,
        number=found.number,
        item=ItemCode(found.item_code),
        item_name=found.item_name,
        state=State[found.state],
        place=PlaceId(found.place_id),
        masked_name=found.masked_name,
        matter=MatterId(found.matter_id) if found.matter_id else None,
    )


def _result(result: Any) -> DeedResult:
    name = exchange_pb2.DeedResult.Outcome.Name(result.outcome).removeprefix("OUTCOME_")
    if name not in Outcome.__members__:
        raise TransportError(TransportReason.BAD_ANSWER, detail=name)
    return DeedResult(
        deed=DeedId(result.deed_id),
        outcome=Outcome[name],
        reason=result.reason,
        act=result.act,
        expected_seq=result.expected_seq,
    )


def _record(record: Any) -> SentRecord:
    disclosures = {d.commitment: (d.value, d.salt) for d in record.envelope.disclosures}
    envelope = Envelope(text=record.envelope.text, hash=record.envelope.hash, disclosures=disclosures)
    return SentRecord(index=record.index, case=CaseId(record.case_id), envelope=envelope)


def read_profile(answer: Any) -> Profile:
    """What a desk knows of its district, as it came."""
    return Profile(
        version=answer.version,
        district=signed_text(answer.district),
        people=tuple(answer.people),
        calendar_notices=tuple(answer.calendar_notices),
        desk_keys=tuple(
            DeskKey(
                device_number=key.device_number,
                act_key=key.act_key,
                from_time=key.from_time,
                until_time=key.until_time,
            )
            for key in answer.desk_keys
        ),
        administrator_keys=signed_text(answer.administrator_keys),
        bundle_key=signed_text(answer.bundle_key),
        recovery_key=signed_text(answer.recovery_key),
    )
