"""查找的词: what a person types, scans or pastes to find a case, and what it is.

Rules kept here: a receipt's code is taken whole or as the address that holds it, as a keyboard-wedge reader types it; a
case of another place takes its receipt, or its number and the applicant's whole identity number; pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from yichuang_domain.identity import CitizenId, normal_code, read_citizen_id
from yichuang_domain.numbering import NumberError, read_case_number

_TOKEN = re.compile(r"(?:.*/[qv]/)?([A-Za-z0-9_-]{22})(?:[#?].*)?")


@dataclass(frozen=True, kw_only=True)
class ByToken:
    """A receipt's code: whoever holds the receipt may have the case opened."""

    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ByNumber:
    """A case number with the applicant's whole identity number."""

    number: str
    id_number: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ByWords:
    """A part of a number or a name: for the cases on this desk."""

    text: str = field(repr=False)
    is_number: bool = False
    """Whether it is a whole case number."""


Sought = ByToken | ByNumber | ByWords


def read_query(text: str, today: date) -> Sought:
    """What the text is."""
    text = text.strip()
    token = _TOKEN.fullmatch(text)
    if token is not None:
        return ByToken(token=token[1])
    parts = text.split()
    numbers = [number for part in parts if (number := _case_number(part))]
    people = [normal_code(part) for part in parts if isinstance(read_citizen_id(part, today), CitizenId)]
    if len(parts) == 2 and numbers and people:
        return ByNumber(number=numbers[0], id_number=people[0])
    return ByWords(text=text, is_number=bool(numbers) and len(parts) == 1)


def _case_number(text: str) -> str:
    """The number as it is written on papers, empty for a text that is none."""
    try:
        return read_case_number(text).text
    except NumberError:
        return ""
