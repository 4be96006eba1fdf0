"""What an exchange carries, in the store's own words: plain values that know no wire format.

Rules kept here: texts are the bytes that were hashed; nothing here is decoded personal data beyond the disclosures
that travel beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from yichuang_domain.ids import BlobHash, CaseId, DeedId, ReplicaId


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """A position in the district's one log."""

    epoch: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A canonical text, its hash, and the personal values that were left out of it."""

    text: bytes
    hash: str
    disclosures: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)


class Outcome(Enum):
    """The district's answer to a deed."""

    RECORDED = "RECORDED"
    REFUSED = "REFUSED"
    SEQ_GAP = "SEQ_GAP"
    NOT_YET = "NOT_YET"
    REPLICA_FORKED = "REPLICA_FORKED"


@dataclass(frozen=True, kw_only=True)
class DeedResult:
    """The district's answer to one deed."""

    deed: DeedId
    outcome: Outcome
    reason: str = ""
    """Member of the domain's ``Reason``, when refused; SETTLING with NOT_YET, after a restore."""
    act: int = 0
    """Which act was refused, from 0."""
    expected_seq: int = 0
    """Where to go on from, after a gap."""


@dataclass(frozen=True, kw_only=True)
class SentDeed:
    """A deed on its way to the district."""

    deed: DeedId
    seq: int
    envelope: Envelope
    before: DeedResult | None = None
    """What the district answered before it was restored."""


@dataclass(frozen=True, kw_only=True)
class SentRecord:
    """A record of the district's log, on its way to the desk."""

    index: int
    case: CaseId
    envelope: Envelope


@dataclass(frozen=True, kw_only=True)
class BlobName:
    """A page: its owner and the hash of its plain bytes."""

    owner: str
    hash: BlobHash


@dataclass(frozen=True, kw_only=True)
class SignedText:
    """A canonical text of the district with its Ed25519 signature."""

    text: bytes
    signature: bytes = b""


@dataclass(frozen=True, kw_only=True)
class SignedOpening:
    """An opening of the district's log, with the signatures of administrators."""

    opening: SignedText
    signatures: tuple[tuple[str, bytes], ...]
    """(person, signature) each."""


@dataclass(frozen=True, kw_only=True)
class ExchangeRequest:
    """What the desk sends."""

    replica: ReplicaId
    cursor: Cursor
    deeds: tuple[SentDeed, ...] = ()
    head_signature: bytes = b""
    session_tokens: tuple[str, ...] = field(default=(), repr=False)
    catalogue_version: int = 0
    head_size: int = 0
    """Leaves of the newest head of the district's log that this desk has seen."""
    most_bytes: int = 0
    """Texts that the answer shall bring, about; 0 for the district's own measure."""
    without_records: bool = False
    """The desk lacks what it needs to work, and fetches that before the log."""


@dataclass(frozen=True, kw_only=True)
class ExchangeAnswer:
    """What the district answers."""

    next_cursor: Cursor
    results: tuple[DeedResult, ...] = ()
    records: tuple[SentRecord, ...] = ()
    left: tuple[CaseId, ...] = ()
    missing_blobs: tuple[BlobName, ...] = ()
    has_more: bool = False
    come_again_s: int = 0
    """When what there is more shall be asked for, for others need the line more; 0 for at once."""
    durable_through: int = 0
    district_time: SignedText = SignedText(text=b"")
    catalogue_version: int = 0
    profile_version: int = 0
    leases: tuple[SignedText, ...] = ()
    pinned_items: tuple[SignedText, ...] = ()
    """Item versions to which cases that enter are pinned and which are not current in this desk's catalogue."""
    openings: tuple[SignedOpening, ...] = ()
    """When the cursor is of another log epoch: how the log has gone on; nothing was taken in."""
    log_head: bytes = b""
    """The signed head of the district's log, a note."""
    log_head_proof: tuple[str, ...] = ()
    """Hex: that it only appends to the head that the request named."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What Watch says: up to where there is something for this desk."""

    position: int
    catalogue_version: int
    profile_version: int
    has_pages: bool
    """Whether pages of cases here may have arrived."""


@dataclass(frozen=True, kw_only=True)
class CheckedAnswer:
    """An answer whose signatures were verified, with what the desk measured."""

    answer: ExchangeAnswer
    district_time: datetime | None
    """The signed time, None where the answer had none."""
    skew_ms: int
    """This desk's clock minus the district's."""
    answered_time: datetime
    """By this desk's clock."""
    is_carried: bool = False
    """Whether it came on a medium: it says nothing of the line and of the clocks."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a transaction of the store changed, for the views to refresh from."""

    cases: frozenset[CaseId] = frozenset()
    left: frozenset[CaseId] = frozenset()
    recorded: tuple[DeedId, ...] = ()
    refused: tuple[DeedId, ...] = ()
    is_forked: bool = False
