"""居民身份证: what the chip of a resident's card says, from the 256 bytes of its base message.

Rules kept here: the message is UTF-16LE in fields of fixed width (GA 450); blanks and zeros at a field's end are
filling; a number with a wrong check character is refused, never handed on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from yichuang_domain.identity import CodeFault, read_citizen_id

MESSAGE_BYTES = 256
_WIDTHS = (("name", 15), ("sex", 1), ("nation", 2), ("born", 8), ("address", 35), ("number", 18))
"""Characters of the fields in their order; what follows (issuer, dates, a later address) is not asked for."""


class CardError(ValueError):
    """身份证读错: the chip's words are not those of a card; names no person."""


@dataclass(frozen=True, kw_only=True)
class IdentityCard:
    """一张身份证."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    number: str = field(repr=False)
    """公民身份号码, its check character right."""


def read_card(message: bytes, today: date) -> IdentityCard:
    """Read a base message; ``today`` judges the birth date. Raises CardError."""
    if len(message) != MESSAGE_BYTES:
        raise CardError("length")
    try:
        text = message.decode("utf-16-le")
    except UnicodeDecodeError:
        raise CardError("characters") from None
    rows, at = {}, 0
    for key, width in _WIDTHS:
        rows[key], at = text[at : at + width].strip(" \0\u3000"), at + width
    number = read_citizen_id(rows["number"], today)
    if isinstance(number, CodeFault):
        raise CardError(number.kind.value)
    if not rows["name"]:
        raise CardError("name")
    return IdentityCard(name=rows["name"], address=rows["address"], number=number.number)
