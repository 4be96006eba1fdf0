"""The district and who works in it: places, sections, people and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from yichuang_domain.ids import PersonId, PlaceId, SectionId


class Level(Enum):
    """Where in the district a place stands."""

    DISTRICT = "DISTRICT"
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"


class Role(Enum):
    """What a person may do at a place."""

    CLERK = "CLERK"
    """窗口人员: takes in, accepts, issues."""
    SUPERVISOR = "SUPERVISOR"
    """Takes over the cases of a silent desk of the place."""
    REVIEWER = "REVIEWER"
    """审批人: first level of a section."""
    VERIFIER = "VERIFIER"
    """核准人: second level."""
    APPROVER = "APPROVER"
    """Third level of an escalated item (报批审核)."""
    KEEPER = "KEEPER"
    """Keeps the catalogue."""
    SYSTEM_ADMINISTRATOR = "SYSTEM_ADMINISTRATOR"
    SECURITY_ADMINISTRATOR = "SECURITY_ADMINISTRATOR"
    AUDIT_ADMINISTRATOR = "AUDIT_ADMINISTRATOR"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place that serves citizens: its public name, phone, address and hours."""

    place: PlaceId
    name: str
    level: Level
    parent: PlaceId | None = None
    phone: str = ""
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """审批科室; ``public_alias`` is what the tracking page may say, for a name can reveal too (social aid)."""

    section: SectionId
    name: str
    public_alias: str
    department: str
    docno_prefix: str = ""
    """Head of the document numbers of the authority, e.g. the part before 〔2026〕."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of staff and the rights in force."""

    person: PersonId
    name: str
    roles: frozenset[Role]
    place: PlaceId
    section: SectionId | None = None


@dataclass(frozen=True, kw_only=True)
class District:
    """One district: the first part of every key."""

    code: str
    """Six digits of GB/T 2260."""
    name: str
    places: tuple[Place, ...]
    sections: tuple[Section, ...]
    public_url: str
    """Where citizens follow a case, e.g. ``https://host``; the token follows as ``/q/<token>``."""
