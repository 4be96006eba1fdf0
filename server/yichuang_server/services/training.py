"""综合轮训: how a training district is begun from the file of a real one, and the words that its robot uses.

Rules kept here: the code is always 999999, names and document numbers bear the word for practice; every section gets
its own robot staff, who cannot sign in anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from yichuang_domain.ids import PersonId, PlaceId, SectionId
from yichuang_domain.organisation import District, Level, Person, Role, Section
from yichuang_domain.training import TRAINING_DISTRICT
from yichuang_server.services.founding import DistrictFile

ROBOT_ROLES = (Role.REVIEWER, Role.VERIFIER, Role.APPROVER)
"""Whom the robot plays in each section."""


@dataclass(frozen=True, kw_only=True)
class RobotWords:
    """机器人的话: what the robot writes, and how a training district's names and numbers are marked."""

    name_mark: str
    docno_mark: str
    docno: str
    """Pattern of a document number."""
    kinds: Mapping[str, str]
    """Word in a document number by kind: ACCEPT, SUPPLEMENT, GRANT, REFUSE."""
    names: Mapping[str, str]
    """Shown name by role."""
    grant: tuple[str, ...]
    """Opinions that agree."""
    refuse: tuple[str, ...]
    facts: tuple[str, ...]
    basis: str
    """The article of a refusal where the item names none."""
    supplement_reason: str
    supplement_missing: str
    supplement_remedy: str


@cache
def robot_words() -> RobotWords:
    """The words, read once."""
    found: dict[str, Any] = json.loads(
        resources.files("yichuang_server").joinpath("sample", "practice.json").read_bytes()
    )
    texts: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}
    return RobotWords(**texts)


def for_training(file: DistrictFile) -> DistrictFile:
    """The district of a file as a training district: same places, sections and people, another world."""
    words = robot_words()
    district = replace(
        file.district,
        code=TRAINING_DISTRICT,
        name=file.district.name + words.name_mark,
        sections=tuple(
            replace(section, docno_prefix=words.docno_mark + section.docno_prefix) for section in file.district.sections
        ),
    )
    return replace(file, district=district)


def robot_place(district: District) -> PlaceId:
    """Where the robot sits: the district's own hall."""
    return next((one.place for one in district.places if one.level is Level.DISTRICT), district.places[0].place)


def robot_person(section: SectionId, role: Role) -> PersonId:
    """The robot's person for a role of a section."""
    return PersonId(f"robot-{section}-{role.name.lower()}")


def robot_staff(district: District) -> tuple[Person, ...]:
    """The robot's people: one a section and role, for an opinion is verified by another person."""
    place = robot_place(district)
    return tuple(_staff(section, role, place) for section in district.sections for role in ROBOT_ROLES)


def _staff(section: Section, role: Role, place: PlaceId) -> Person:
    return Person(
        person=robot_person(section.section, role),
        name=robot_words().names[role.name],
        roles=frozenset({role}),
        place=place,
        section=section.section,
    )
