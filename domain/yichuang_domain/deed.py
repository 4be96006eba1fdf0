"""The two texts that travel: a desk's deed and the district's record.

Rules kept here: a deed is one outbox row, all of its acts or none; deeds form a chain a desk (``previous`` is
the hash of the deed before); records form a chain a case. The bytes that were hashed are the bytes that travel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from yichuang_domain.actions import Action
from yichuang_domain.errors import Irregularity
from yichuang_domain.events import Event
from yichuang_domain.ids import CaseId, DeedId, PersonId, PlaceId, ReplicaId

CHINA = timezone(timedelta(hours=8))
"""One time zone and no summer time: the law's day is a day of Beijing."""


def local_day(moment: datetime) -> date:
    """The day on which ``moment`` (aware) falls for the law's clock."""
    return moment.astimezone(CHINA).date()


@dataclass(frozen=True, kw_only=True)
class CaseAct:
    """One action on one case, under the epoch of the hold that the desk knew."""

    case: CaseId
    epoch: int
    action: Action


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a person did in one go at a desk: signed through the chain, taken in whole or not at all."""

    deed: DeedId
    replica: ReplicaId
    seq: int
    """1, 2, 3, … without gaps, a desk."""
    previous: str
    """Hash of the deed before it; empty for the first."""
    person: PersonId
    lease: str
    """Id of the signed lease under which the person was signed in."""
    place: PlaceId
    occurred_time: datetime
    seen_time: datetime | None
    """Newest signed district time that the desk had seen."""
    skew_ms: int
    """Measured difference of the desk's clock to the district's, desk minus district."""
    acts: tuple[CaseAct, ...]
    rescued_from: ReplicaId | None = None
    """The fenced device number under which it was done first, where this desk was restored from an old image."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One event of one case, as the district wrote it."""

    case: CaseId
    n: int
    """1, 2, 3, … in the case."""
    previous: str
    """Hash of the case's record before it; empty for the first."""
    deed: DeedId
    replica: ReplicaId
    person: PersonId
    place: PlaceId
    occurred_time: datetime
    recorded_time: datetime
    irregular: tuple[Irregularity, ...]
    event: Event
