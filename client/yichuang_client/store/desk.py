"""The desk's own identity: number, place, keys, certificate; from the enrolment until the revocation.

Rules kept here: private keys lie in the encrypted database and in memory, nowhere else; the Ed25519 key signs deeds
and is kept for ever, the P-256 key belongs to the certificate and may be renewed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from yichuang_client.store.database import Database
from yichuang_client.store.meta import Meta
from yichuang_domain.ids import PlaceId, ReplicaId, SectionId

_KEY = "desk"


class DeskKind(Enum):
    """Which work the desk does."""

    COUNTER = "COUNTER"
    """综合窗口."""
    SECTION = "SECTION"
    """审批科室."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the district gave this desk, and the keys it made itself."""

    replica: ReplicaId
    """Device number, four digits."""
    place: PlaceId
    kind: DeskKind
    section: SectionId | None
    district_code: str
    host: str
    port: int
    root_certificate: bytes
    """PEM, as pinned at enrolment."""
    certificate_chain: bytes
    """PEM: this desk's certificate and its issuers."""
    district_key: bytes
    """Ed25519, 32 bytes raw: signs times, leases, the profile."""
    tls_key: bytes = field(repr=False)
    """PEM, P-256."""
    act_key: bytes = field(repr=False)
    """Ed25519 private key, 32 bytes raw."""
    enrolment_port: int = 0
    """Where an expired certificate is renewed; 0 where the desk was enrolled before this was kept."""


class DeskStore:
    """The one desk of this database. Every method raises StoreError."""

    def __init__(self, database: Database, meta: Meta) -> None:
        self._database = database
        self._meta = meta
        self._known: Desk | None = None

    def load(self) -> Desk | None:
        """The desk, None before the enrolment."""
        if self._known is None:
            text = self._meta.text(_KEY)
            self._known = _read(json.loads(text)) if text else None
        return self._known

    def keep(self, desk: Desk) -> None:
        """Write the desk: after the enrolment, and with a renewed certificate."""
        plain = {
            name: value.hex() if isinstance(value, bytes) else value.value if isinstance(value, Enum) else value
            for name, value in vars(desk).items()
        }
        self._meta.keep(_KEY, json.dumps(plain))
        self._known = desk


def _read(plain: dict[str, Any]) -> Desk:
    texts = ("root_certificate", "certificate_chain", "district_key", "tls_key", "act_key")
    return Desk(**{**plain, **{name: bytes.fromhex(plain[name]) for name in texts}, "kind": DeskKind(plain["kind"])})
