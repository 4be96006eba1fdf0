"""What to send next and whether to believe an answer: the sync rules, without I/O and without a clock.

Rules kept here: the chain's head is signed when it is sent; an answer is believed only with the district's signature
on its time, on every lease, item version and catalogue, and only for deeds that were sent; tries wait longer each
time, with jitter, so that 150 desks do not come at once; a line that cuts calls short gets smaller ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yichuang import codec
from yichuang_client.store.catalogue import CatalogueHead
from yichuang_client.store.exchange_values import (
    CheckedAnswer,
    Cursor,
    ExchangeAnswer,
    ExchangeRequest,
    SentDeed,
    SignedText,
)
from yichuang_client.store.people import Lease
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain.ids import ItemCode, ReplicaId

REQUEST_BYTES = 180_000
"""Deeds an exchange carries, about."""
LONGEST_WAIT_S = 60.0
SMALLEST_PORTION, LARGEST_PORTION = 16 * 1024, 1 << 20
"""Bytes that an exchange carries each way, about."""


@dataclass(frozen=True, kw_only=True)
class DistrictTime:
    """The district's signed time."""

    time: datetime


@dataclass(frozen=True, kw_only=True)
class _Cancellation:
    code: ItemCode
    on: date


@dataclass(frozen=True, kw_only=True)
class _HeadText:
    version: int
    hash: str
    cancellations: tuple[_Cancellation, ...]


@dataclass(frozen=True, kw_only=True)
class _Key:
    person: str
    key: str


@dataclass(frozen=True, kw_only=True)
class _Keys:
    keys: tuple[_Key, ...]


@dataclass(frozen=True, kw_only=True)
class _BundleKey:
    bundle_key: str
    district: str


@dataclass(frozen=True, kw_only=True)
class _RecoveryKey:
    district: str
    recovery_key: str


_Named = TypeVar("_Named", _BundleKey, _RecoveryKey)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whose exchange it is."""

    replica: ReplicaId
    act_key: bytes
    """Ed25519 private key, 32 bytes raw."""
    district_key: bytes
    """Ed25519 public key, 32 bytes raw."""


def make_request(
    sender: Sender,
    cursor: Cursor,
    deeds: tuple[SentDeed, ...],
    session_tokens: tuple[str, ...],
    catalogue_version: int,
    head_size: int = 0,
    most_bytes: int = 0,
    without_records: bool = False,
) -> ExchangeRequest:
    """The next exchange: what is not answered, in order, its head signed."""
    signature = b""
    if deeds:
        key = Ed25519PrivateKey.from_private_bytes(sender.act_key)
        signature = key.sign(bytes.fromhex(deeds[-1].envelope.hash))
    return ExchangeRequest(
        replica=sender.replica,
        cursor=cursor,
        deeds=deeds,
        head_signature=signature,
        session_tokens=session_tokens,
        catalogue_version=catalogue_version,
        head_size=head_size,
        most_bytes=most_bytes,
        without_records=without_records,
    )


def check_answer(
    sender: Sender, request: ExchangeRequest, answer: ExchangeAnswer, sent_time: datetime, answered_time: datetime
) -> CheckedAnswer:
    """The answer, if the district stands behind it. Raises TransportError (BAD_ANSWER)."""
    sent = {deed.deed for deed in request.deeds}
    if any(result.deed not in sent for result in answer.results):
        raise TransportError(TransportReason.BAD_ANSWER, detail="results")
    moment = check_texts(sender, answer)
    middle = sent_time + (answered_time - sent_time) / 2
    skew_ms = round((middle - moment) / timedelta(milliseconds=1))
    return CheckedAnswer(answer=answer, district_time=moment, skew_ms=skew_ms, answered_time=answered_time)


def check_texts(sender: Sender, answer: ExchangeAnswer) -> datetime:
    """The district's time, if it stands behind every text of the answer. Raises TransportError (BAD_ANSWER)."""
    for lease in answer.leases:
        check_lease(sender, lease)
    for item in (*answer.pinned_items, *(one.opening for one in answer.openings)):
        check_signature(sender.district_key, item)
    try:
        check_signature(sender.district_key, answer.district_time)
        return codec.decode(DistrictTime, answer.district_time.text).time
    except codec.CodecError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="time") from error


def check_lease(sender: Sender, signed: SignedText) -> Lease:
    """The lease, if the district signed it for this desk. Raises TransportError (BAD_ANSWER)."""
    check_signature(sender.district_key, signed)
    try:
        lease = codec.decode(Lease, signed.text)
    except codec.CodecError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="lease") from error
    if lease.replica != sender.replica:
        raise TransportError(TransportReason.BAD_ANSWER, detail="lease")
    return lease


def check_head(district_key: bytes, signed: SignedText, known_version: int) -> CatalogueHead:
    """The catalogue's head, if the district signed it and it is none of before. Raises TransportError (BAD_ANSWER)."""
    check_signature(district_key, signed)
    try:
        head = codec.decode(_HeadText, signed.text)
    except codec.CodecError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="catalogue") from error
    if head.version < known_version:
        raise TransportError(TransportReason.BAD_ANSWER, detail="catalogue")
    cancellations = tuple((gone.code, gone.on.isoformat()) for gone in head.cancellations)
    return CatalogueHead(version=head.version, hash=head.hash, cancellations=cancellations)


def check_keys(district_key: bytes, signed: SignedText) -> list[tuple[str, str]]:
    """(person, key) of every administrator, if the district signed them. Raises TransportError (BAD_ANSWER)."""
    if not signed.text:
        return []  # a district of before
    check_signature(district_key, signed)
    try:
        return [(one.person, one.key) for one in codec.decode(_Keys, signed.text).keys]
    except codec.CodecError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="keys") from error


def check_bundle_key(district_key: bytes, signed: SignedText, district: str) -> bytes:
    """The district's key for what is carried, empty from a district of before. Raises TransportError (BAD_ANSWER)."""
    return _sealing_key(district_key, signed, district, _BundleKey, lambda found: found.bundle_key)


def check_recovery_key(district_key: bytes, signed: SignedText, district: str) -> bytes:
    """The district's key for data keys, empty where there is none. Raises TransportError (BAD_ANSWER)."""
    return _sealing_key(district_key, signed, district, _RecoveryKey, lambda found: found.recovery_key)


def _sealing_key(
    district_key: bytes, signed: SignedText, district: str, kind: type[_Named], of: Callable[[_Named], str]
) -> bytes:
    if not signed.text:
        return b""
    check_signature(district_key, signed)
    try:
        found = codec.decode(kind, signed.text)
        key = bytes.fromhex(of(found))
    except ValueError as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="key") from error
    if found.district != district or len(key) != 32:
        raise TransportError(TransportReason.BAD_ANSWER, detail="key")
    return key


def check_signature(district_key: bytes, signed: SignedText) -> None:
    """Whether the district signed a text. Raises TransportError (BAD_ANSWER)."""
    try:
        Ed25519PublicKey.from_public_bytes(district_key).verify(signed.signature, signed.text)
    except (InvalidSignature, ValueError) as error:
        raise TransportError(TransportReason.BAD_ANSWER, detail="signature") from error


class Step(Enum):
    """What an exchange leaves to do at once."""

    AGAIN = "AGAIN"
    """More deeds or more records than one exchange carries."""
    PROFILE = "PROFILE"
    CATALOGUE = "CATALOGUE"
    REST = "REST"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What decides the next step."""

    has_more: bool
    unsent: int
    answered: int
    """Deeds that the last exchange brought an answer for."""
    profile_version: int
    profile_newest: int
    catalogue_version: int
    catalogue_newest: int
    is_forked: bool
    come_again_s: int = 0
    """When the rest of the log shall be asked for; 0 for at once."""
    must_wait: bool = False
    """Whether the district has too many who fetch profile and catalogue, and named a time."""


def next_step(standing: Standing) -> Step:
    """The profile first (its calendar dates every act), then the log, then the catalogue.

    A new desk takes the catalogue before the log: it can work then, and answers need not carry the item version of
    every case. What the desk has done goes up whatever it must wait for.
    """
    if standing.profile_version < standing.profile_newest:
        return Step.PROFILE
    is_new = standing.catalogue_version == 0 < standing.catalogue_newest
    if is_new and not standing.must_wait:
        return Step.CATALOGUE
    can_send = standing.unsent > 0 and standing.answered > 0 and not standing.is_forked
    if can_send or (standing.has_more and not standing.come_again_s and not is_new):
        return Step.AGAIN
    if standing.catalogue_version < standing.catalogue_newest and not standing.must_wait:
        return Step.CATALOGUE
    return Step.REST


def portion(before: int, *, came: bool) -> int:
    """How many bytes the next exchange carries each way, about: a line that cuts calls short gets smaller ones."""
    return min(LARGEST_PORTION, before * 2) if came else max(SMALLEST_PORTION, before // 4)


def come_again(seconds: int, chance: float) -> float:
    """After how many seconds to come again who was asked to; ``chance`` in [0, 1) spreads the desks."""
    return min(max(seconds, 1), 2 * LONGEST_WAIT_S) * (0.5 + chance)


def wait_seconds(failures: int, chance: float) -> float:
    """How long to wait after that many failures in a row; ``chance`` in [0, 1) spreads the desks."""
    longest = min(float(2 ** min(failures, 10)), LONGEST_WAIT_S)
    return longest * (0.5 + chance / 2)
