"""居民身份证: what the chip of a resident's card says, from the 256 bytes of its base message.

Rules kept here: the message is UTF-16LE in fields of fixed width (GA 450); blanks and zeros at a field's end are
filling; a number with a wrong check character is refused, never handed on; whoever reads a card by another way brings
the same fields here and meets the same checks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang_domain.identity import CodeFault, read_citizen_id

MESSAGE_BYTES = 256
_WIDTHS = (
    ("name", 15),
    ("sex", 1),
    ("nation", 2),
    ("born", 8),
    ("address", 35),
    ("number", 18),
    ("issuer", 15),
    ("valid_from", 8),
    ("valid_until", 8),
)
"""Characters of the fields in their order; what follows (a later address) is not asked for."""
_KIND_AT = 124
"""Where the cards of other people than residents name their kind."""
_OTHER_KINDS = frozenset("IY")
"""Permanent residence cards of foreigners, whose fields lie elsewhere."""
_LONGEST = 100
_SEXES = frozenset("0129")


class CardError(ValueError):
    """身份证读错: the chip's words are not those of a card; names no person."""


@dataclass(frozen=True, kw_only=True)
class IdentityCard:
    """一张身份证."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    number: str = field(repr=False)
    """公民身份号码, its check character right."""
    sex: str = field(default="", repr=False)
    """By GB/T 2261.1: 1 male, 2 female."""
    born_on: date | None = field(default=None, repr=False)
    issuer: str = field(default="", repr=False)
    valid_until: date | None = field(default=None, repr=False)
    """Last day; None: without an end, or not told."""


def read_card(message: bytes, today: date) -> IdentityCard:
    """Read a base message; ``today`` judges the birth date. Raises CardError."""
    if len(message) != MESSAGE_BYTES:
        raise CardError("length")
    try:
        text = message.decode("utf-16-le")
    except UnicodeDecodeError:
        raise CardError("characters") from None
    if text[_KIND_AT : _KIND_AT + 1] in _OTHER_KINDS:
        raise CardError("kind")
    rows, at = {}, 0
    for key, width in _WIDTHS:
        rows[key], at = text[at : at + width], at + width
    return checked_card(rows, today)


def checked_card(rows: Mapping[str, str], today: date) -> IdentityCard:
    """A card from its fields as texts: days are 8 digits, another word for the last day is one without an end.

    Raises CardError.
    """
    fields = {key: rows.get(key, "").strip(" \0\u3000") for key, _width in _WIDTHS}
    for text in fields.values():
        if len(text) > _LONGEST or any(unicodedata.category(character)[0] == "C" for character in text):
            raise CardError("characters")
    number = read_citizen_id(fields["number"], today)
    if isinstance(number, CodeFault):
        raise CardError(number.kind.value)
    if not fields["name"]:
        raise CardError("name")
    return IdentityCard(
        name=fields["name"],
        address=fields["address"],
        number=number.number,
        sex=fields["sex"] if fields["sex"] in _SEXES else "",
        born_on=_day(fields["born"]),
        issuer=fields["issuer"],
        valid_until=_day(fields["valid_until"]),
    )


def _day(text: str) -> date | None:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise CardError("day") from None
