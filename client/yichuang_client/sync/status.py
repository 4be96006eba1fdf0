"""What the sync loop tells: its state, and what came in.

Rules kept here: plain frozen values on a queue that the user interface drains; counts and ids only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from yichuang_client.store.exchange_values import BlobName, Changed
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_domain.ids import PersonId


class Line(Enum):
    """How the line to the district is."""

    STARTING = "STARTING"
    """No try has ended yet."""
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    """等线路: nothing is lost, it is tried again."""
    BLOCKED = "BLOCKED"
    """要您处理: the district answers and says no; ``problem`` says why."""


@dataclass(frozen=True, kw_only=True)
class SyncStatus:
    """The state of the line and of what waits."""

    line: Line
    since: datetime
    """Since when the line is so."""
    problem: TransportReason | None = None
    detail: str = ""
    """For the copied diagnosis, never for the screen."""
    unsent: int = 0
    """Deeds that the district has not answered."""
    pages_to_send: int = 0
    pages_to_fetch: int = 0
    oldest_time: datetime | None = None
    """When the oldest unsent deed was done."""
    receipt_time: datetime | None = None
    """When the district last answered for a deed."""
    exchange_time: datetime | None = None
    """When an exchange last succeeded."""
    next_try_time: datetime | None = None
    """When it is tried again by itself."""
    catalogue_version: int = 0
    catalogue_newest: int = 0
    is_complete: bool = False
    """Whether the desk has everything up to the last exchange: catalogue, profile, log."""
    is_forked: bool = False


@dataclass(frozen=True, kw_only=True)
class StatusChanged:
    """The status is another one."""

    status: SyncStatus


@dataclass(frozen=True, kw_only=True)
class CasesChanged:
    """An answer changed cases, or answered deeds."""

    changed: Changed


@dataclass(frozen=True, kw_only=True)
class CatalogueArrived:
    """A new version of the catalogue is searchable."""

    version: int


@dataclass(frozen=True, kw_only=True)
class ProfileArrived:
    """Places, people or the calendar changed."""

    version: int


@dataclass(frozen=True, kw_only=True)
class PageArrived:
    """The bytes of a page are on this desk."""

    name: BlobName


@dataclass(frozen=True, kw_only=True)
class PageSent:
    """The district has a page of this desk."""

    name: BlobName


@dataclass(frozen=True, kw_only=True)
class SessionEnded:
    """The person must sign in again to decide."""

    person: PersonId


SyncEvent = StatusChanged | CasesChanged | CatalogueArrived | ProfileArrived | PageArrived | PageSent | SessionEnded


def line_of(error: TransportError) -> Line:
    """What a failed exchange says of the line."""
    return Line.OFFLINE if error.reason is TransportReason.OFFLINE else Line.BLOCKED
